//! What one caller may do only so often.
//!
//! # Design
//! Checking and noting are two: what counts may only be known afterwards, such as an attempt that was refused for a
//! certain reason. So callers who try at the same moment may all pass the check; a limit that has to hold exactly belongs
//! in the statement that makes the change.

use chrono::{DateTime, Utc};

use crate::{
    problem::{ApiError, ApiResult},
    sql,
    store::{Db, Statement, StoreError, Value},
};

const NOTE_PROBE: Statement = sql!("note_probe");
const COUNT_PROBES: Statement = sql!("count_probes");

/// Who calls, for what they may do only so often. The function's migrations include [`LIMITS`](crate::LIMITS).
pub struct Limited<'a> {
    db: &'a Db,
    kind: &'static str,
    caller: String,
    most: u32,
    window_s: i64,
}

impl<'a> Limited<'a> {
    /// What a `caller`, as [`caller`](crate::caller::caller) hashes them, may do at most `most` times within `window_s`
    /// seconds, a day at most; `kind` is the function's word for it.
    #[must_use]
    pub fn new(db: &'a Db, (kind, caller): (&'static str, String), most: u32, window_s: i64) -> Self {
        Self { db, kind, caller, most, window_s }
    }

    /// Refuses who has done it as often as they may.
    ///
    /// # Errors
    /// 429, which says when they may again; SQL fails.
    pub async fn check(&self, now: DateTime<Utc>) -> ApiResult<()> {
        let since = now.timestamp() - self.window_s;
        let (probes, oldest) = self.probes(since).await?;
        if probes < i64::from(self.most) {
            return Ok(());
        }
        let wait = (oldest.unwrap_or_default() - since).max(1);
        Err(ApiError::too_many_requests(u32::try_from(wait).unwrap_or(u32::MAX)))
    }

    /// Notes that they did it.
    ///
    /// # Errors
    /// SQL fails.
    pub async fn note(&self, now: DateTime<Utc>) -> ApiResult<()> {
        let [kind, caller] = self.key();
        self.db.rows(&NOTE_PROBE, [kind, caller, Value::Integer(now.timestamp())]).await?;
        Ok(())
    }

    /// How often they did it since an instant, and when first.
    async fn probes(&self, since: i64) -> Result<(i64, Option<i64>), StoreError> {
        let [kind, caller] = self.key();
        let row = self.db.row(&COUNT_PROBES, [kind, caller, Value::Integer(since)]).await?;
        row.map_or(Ok((0, None)), |row| Ok((row.get("probes")?, row.get("oldest")?)))
    }

    fn key(&self) -> [Value; 2] {
        [Value::from(self.kind), Value::from(self.caller.as_str())]
    }
}
