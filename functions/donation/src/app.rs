//! What every request of an instance shares: the open stores, the keys, the rules and the copies that it has read.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    MAP, PLUMBING,
    auth::StaffVerifier,
    calendar,
    copies::Copies,
    meta::Function,
    privacy::Keys,
    problem::{ApiError, ApiResult},
    rules::Citation,
    settings,
    store::{Db, Migration},
};
use spin_sdk::key_value::Store;

use crate::{
    domain::{Block, Rules},
    store,
    wire::Moment,
};

/// How many bytes of points an instance keeps: a hundred thousand points, and less than half of its memory.
const KEPT_BYTES: usize = 56 << 20;

/// The migrations of this function, in order.
pub const MIGRATIONS: &[Migration] = &[
    PLUMBING,
    MAP,
    Migration { name: "donation/0001_points", sql: include_str!("../migrations/0001_points.sql") },
    Migration { name: "donation/0002_pledges", sql: include_str!("../migrations/0002_pledges.sql") },
    Migration { name: "donation/0003_restored", sql: include_str!("../migrations/0003_restored.sql") },
    Migration {
        name: "donation/0004_report_callers",
        sql: include_str!("../migrations/0004_report_callers.sql"),
    },
    Migration { name: "donation/0005_pledge_card", sql: include_str!("../migrations/0005_pledge_card.sql") },
];

/// The state of one instance.
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) copies: Copies<Block>,
    pub(crate) keys: Keys,
    pub(crate) staff: StaffVerifier,
    pub(crate) rules: Rules,
    /// The header that tells where a request came from.
    pub(crate) caller_header: String,
}

impl App {
    #[cfg_attr(
        not(target_arch = "wasm32"),
        expect(dead_code, reason = "only the component opens its stores")
    )]
    pub(crate) async fn open() -> ApiResult<Arc<Self>> {
        Ok(Arc::new(Self {
            db: Db::open("donation", MIGRATIONS).await?,
            copies: Copies::new(Store::open("donation").await.map_err(ApiError::internal)?, KEPT_BYTES),
            keys: settings::keys().await?,
            staff: settings::staff_verifier().await?,
            rules: Rules::embedded().map_err(ApiError::internal)?,
            caller_header: settings::variable("caller_header").await?,
        }))
    }

    /// What answers need to know of a moment.
    pub(crate) fn moment(&self, now: DateTime<Utc>) -> ApiResult<Moment> {
        let days =
            self.rules.number("point_stale_days", calendar::day_of(now)).map_err(ApiError::internal)?;
        Ok(Moment { now, stale_after_s: i64::from(days) * 86_400 })
    }
}

impl Function for App {
    const OPENAPI: &'static [u8] = include_bytes!("../../../tests/openapi/donation.json");

    fn db(&self) -> &Db {
        &self.db
    }

    fn staff(&self) -> &StaffVerifier {
        &self.staff
    }

    fn rules_in_force(&self, on: NaiveDate) -> Vec<Citation> {
        self.rules.in_force(on).map(|applied| applied.cite()).collect()
    }

    async fn touch(&self) -> ApiResult<()> {
        store::points::touch(&self.db).await?;
        self.copies.touch().await
    }
}
