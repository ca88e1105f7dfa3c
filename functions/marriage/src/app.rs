//! What every request of an instance shares: the open stores, the keys and the rules.

use std::sync::{
    Arc,
    atomic::{AtomicI32, Ordering},
};

use chrono::{Datelike as _, NaiveDate};
use shared::{
    PLUMBING,
    auth::StaffVerifier,
    meta::Function,
    privacy::Keys,
    problem::{ApiError, ApiResult},
    rules::Citation,
    settings,
    store::{Db, Migration},
};
use spin_sdk::key_value::Store;

use crate::{domain::Rules, handlers::timetables, store};

/// The migrations of this function, in order.
pub const MIGRATIONS: &[Migration] = &[
    PLUMBING,
    Migration { name: "marriage/0001_offices", sql: include_str!("../migrations/0001_offices.sql") },
    Migration {
        name: "marriage/0002_appointments",
        sql: include_str!("../migrations/0002_appointments.sql"),
    },
];

/// The state of one instance.
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) copies: Store,
    pub(crate) keys: Keys,
    pub(crate) staff: StaffVerifier,
    pub(crate) rules: Rules,
    /// The day, counted from the Common Era, for which slots were last seen to reach far enough.
    slots_checked_on: AtomicI32,
}

impl App {
    #[cfg_attr(
        not(target_arch = "wasm32"),
        expect(dead_code, reason = "only the component opens its stores")
    )]
    pub(crate) async fn open() -> ApiResult<Arc<Self>> {
        Ok(Arc::new(Self {
            db: Db::open("marriage", MIGRATIONS).await?,
            copies: Store::open("marriage").await.map_err(ApiError::internal)?,
            keys: settings::keys().await?,
            staff: settings::staff_verifier().await?,
            rules: Rules::embedded().map_err(ApiError::internal)?,
            slots_checked_on: AtomicI32::new(0),
        }))
    }

    /// Makes the slots that the days have brought within reach, once a day and instance.
    pub(crate) async fn keep_slots_ahead(&self, today: NaiveDate) -> ApiResult<()> {
        let day = today.num_days_from_ce();
        if self.slots_checked_on.load(Ordering::Relaxed) != day {
            timetables::extend_all(self, today).await?;
            self.slots_checked_on.store(day, Ordering::Relaxed);
        }
        Ok(())
    }
}

impl Function for App {
    const OPENAPI: &'static [u8] = include_bytes!("../../../tests/openapi/marriage.json");

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
        store::offices::touch(&self.db).await?;
        self.copies.exists("offices").await.map(drop).map_err(ApiError::unavailable)
    }
}
