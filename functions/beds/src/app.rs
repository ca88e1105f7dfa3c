//! What every request of an instance shares: the open stores, the keys, the rules and the copies that it has read.

use std::sync::{Arc, atomic::AtomicI64};

use chrono::{DateTime, NaiveDate, Utc};
use http::HeaderMap;
use shared::{
    MAP, PLUMBING,
    auth::StaffVerifier,
    calendar,
    caller::caller,
    copies::Copies,
    limits::Limited,
    meta::Function,
    privacy::Keys,
    problem::{ApiError, ApiResult},
    rules::Citation,
    settings,
    store::{Db, Migration},
};
use spin_sdk::key_value::Store;

use crate::{
    demand::Demand,
    domain::{Block, Rules},
    store,
    wire::Moment,
};

/// The migrations of this function, in order.
pub const MIGRATIONS: &[Migration] = &[
    PLUMBING,
    MAP,
    Migration { name: "beds/0001_institutions", sql: include_str!("../migrations/0001_institutions.sql") },
    Migration { name: "beds/0002_applications", sql: include_str!("../migrations/0002_applications.sql") },
    Migration { name: "beds/0003_alerts", sql: include_str!("../migrations/0003_alerts.sql") },
];

/// How many bytes of institutions an instance keeps: twenty thousand of them fit.
const KEPT_BYTES: usize = 40 << 20;

/// The state of one instance.
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) copies: Copies<Block>,
    pub(crate) keys: Keys,
    pub(crate) staff: StaffVerifier,
    pub(crate) rules: Rules,
    /// Searches that were not counted in the store yet.
    pub(crate) demand: Demand,
    /// The header that tells where a request came from.
    pub(crate) caller_header: String,
    /// When a reader last looked for what was left undone, in Unix seconds.
    pub(crate) looked_at: AtomicI64,
}

impl App {
    #[cfg_attr(
        not(target_arch = "wasm32"),
        expect(dead_code, reason = "only the component opens its stores")
    )]
    pub(crate) async fn open() -> ApiResult<Arc<Self>> {
        Ok(Arc::new(Self {
            db: Db::open("beds", MIGRATIONS).await?,
            copies: Copies::new(Store::open("beds").await.map_err(ApiError::internal)?, KEPT_BYTES),
            keys: settings::keys().await?,
            staff: settings::staff_verifier().await?,
            rules: Rules::embedded().map_err(ApiError::internal)?,
            demand: Demand::default(),
            caller_header: settings::variable("caller_header").await?,
            looked_at: AtomicI64::new(0),
        }))
    }

    /// What answers need to know of a moment.
    pub(crate) fn moment(&self, now: DateTime<Utc>) -> ApiResult<Moment> {
        let ages = self.rules.ages(calendar::day_of(now)).map_err(ApiError::internal)?;
        Ok((ages, now.timestamp()))
    }

    /// A number of the rules, today.
    pub(crate) fn number(&self, name: &str, now: DateTime<Utc>) -> ApiResult<u32> {
        self.rules.number(name, calendar::day_of(now)).map_err(ApiError::internal)
    }

    /// What a caller may do as often as the parameter says within `probe_window_minutes`.
    pub(crate) fn limited(
        &self,
        headers: &HeaderMap,
        (kind, parameter): (&'static str, &str),
        now: DateTime<Utc>,
    ) -> ApiResult<Limited<'_>> {
        let caller = caller(&self.keys, headers, &self.caller_header);
        let window_s = i64::from(self.number("probe_window_minutes", now)?) * 60;
        Ok(Limited::new(&self.db, (kind, caller), self.number(parameter, now)?, window_s))
    }
}

impl Function for App {
    const OPENAPI: &'static [u8] = include_bytes!("../../../tests/openapi/beds.json");

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
        store::institutions::touch(&self.db).await?;
        self.copies.touch().await
    }
}
