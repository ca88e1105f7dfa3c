//! What every request of an instance shares: the open stores, the keys, the rules and the copies that it has read.

use std::sync::{Arc, atomic::AtomicI64};

use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    LIMITS, MAP, PLUMBING,
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
    domain::{Block, Grown, Rules},
    signer::Signer,
    store,
    wire::{Ages, Duties, ShiftLimits},
};

/// The migrations of this function, in order.
pub const MIGRATIONS: &[Migration] = &[
    PLUMBING,
    MAP,
    LIMITS,
    Migration {
        name: "volunteer/0001_opportunities",
        sql: include_str!("../migrations/0001_opportunities.sql"),
    },
    Migration { name: "volunteer/0002_volunteers", sql: include_str!("../migrations/0002_volunteers.sql") },
    Migration { name: "volunteer/0003_record", sql: include_str!("../migrations/0003_record.sql") },
    Migration {
        name: "volunteer/0004_certificates",
        sql: include_str!("../migrations/0004_certificates.sql"),
    },
];

/// How many bytes of opportunities an instance keeps: ten thousand of them, with fifty thousand shifts, fit.
const KEPT_BYTES: usize = 48 << 20;

/// The state of one instance.
pub(crate) struct App {
    pub(crate) db: Db,
    pub(crate) copies: Copies<Block>,
    pub(crate) keys: Keys,
    pub(crate) signer: Signer,
    pub(crate) staff: StaffVerifier,
    pub(crate) rules: Rules,
    /// The header that tells where a request came from.
    pub(crate) caller_header: String,
    /// When a reader last looked for opportunities that are over, in Unix seconds.
    pub(crate) looked_at: AtomicI64,
}

impl App {
    #[cfg_attr(
        not(target_arch = "wasm32"),
        expect(dead_code, reason = "only the component opens its stores")
    )]
    pub(crate) async fn open() -> ApiResult<Arc<Self>> {
        let certificate_keys = settings::variable("certificate_keys").await?;
        Ok(Arc::new(Self {
            db: Db::open("volunteer", MIGRATIONS).await?,
            copies: Copies::new(Store::open("volunteer").await.map_err(ApiError::internal)?, KEPT_BYTES),
            keys: settings::keys().await?,
            signer: Signer::parse(&certificate_keys).map_err(ApiError::internal)?,
            staff: settings::staff_verifier().await?,
            rules: Rules::embedded().map_err(ApiError::internal)?,
            caller_header: settings::variable("caller_header").await?,
            looked_at: AtomicI64::new(0),
        }))
    }

    /// A number of the rules, today.
    pub(crate) fn number(&self, name: &str, now: DateTime<Utc>) -> ApiResult<u32> {
        self.rules.number(name, calendar::day_of(now)).map_err(ApiError::internal)
    }

    /// What is asked of who recruits today.
    pub(crate) fn duties(&self, now: DateTime<Utc>) -> ApiResult<Duties> {
        let applies = |name| self.rules.applies(name, calendar::day_of(now)).map_err(ApiError::internal);
        Ok(Duties {
            tells_risks: applies("risks_must_be_disclosed")?,
            insures: applies("insurance_when_dangerous")?,
            grown_at: self.number("guardian_below_age", now)?,
        })
    }

    /// Who may register, and who needs a guardian.
    pub(crate) fn ages(&self, now: DateTime<Utc>) -> ApiResult<Ages> {
        Ok(Ages {
            youngest: self.number("minimum_age", now)?,
            guardian_below: self.number("guardian_below_age", now)?,
        })
    }

    /// Who is a minor.
    pub(crate) fn grown(&self, now: DateTime<Utc>) -> ApiResult<Grown> {
        Ok(Grown { guardian_below: self.number("guardian_below_age", now)? })
    }

    /// How long and how far ahead shifts may be.
    pub(crate) fn shift_limits(&self, now: DateTime<Utc>) -> ApiResult<ShiftLimits> {
        Ok(ShiftLimits {
            now: now.timestamp(),
            hours_most: self.number("shift_hours_most", now)?,
            days_ahead: self.number("shift_ahead_days_most", now)?,
        })
    }
}

impl Function for App {
    const OPENAPI: &'static [u8] = include_bytes!("../../../tests/openapi/volunteer.json");

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
        store::organisations::touch(&self.db).await?;
        self.copies.touch().await
    }
}
