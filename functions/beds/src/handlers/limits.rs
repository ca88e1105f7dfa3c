//! What one caller may do only so often.

use chrono::{DateTime, Utc};
use http::HeaderMap;
use shared::{
    caller::caller,
    problem::{ApiError, ApiResult},
};

use crate::{app::App, store};

/// Who calls, for what they may do only so often.
pub(super) struct Limited {
    kind: &'static str,
    caller: String,
    most: u32,
    window_s: i64,
}

impl Limited {
    /// What a caller may do as often as the parameter says within `probe_window_minutes`.
    pub(super) fn new(
        app: &App,
        headers: &HeaderMap,
        (kind, parameter): (&'static str, &str),
        now: DateTime<Utc>,
    ) -> ApiResult<Self> {
        Ok(Self {
            kind,
            caller: caller(&app.keys, headers, &app.caller_header),
            most: app.number(parameter, now)?,
            window_s: i64::from(app.number("probe_window_minutes", now)?) * 60,
        })
    }

    /// Refuses who has done it as often as they may.
    pub(super) async fn check(&self, app: &App, now: DateTime<Utc>) -> ApiResult<()> {
        let since = now.timestamp() - self.window_s;
        let (probes, oldest) = store::alerts::probes(&app.db, (self.kind, &self.caller), since).await?;
        if probes < i64::from(self.most) {
            return Ok(());
        }
        let wait = (oldest.unwrap_or_default() - since).max(1);
        Err(ApiError::too_many_requests(u32::try_from(wait).unwrap_or(u32::MAX)))
    }

    /// Notes that they did it.
    pub(super) async fn note(&self, app: &App, now: DateTime<Utc>) -> ApiResult<()> {
        Ok(store::alerts::note_probe(&app.db, (self.kind, &self.caller), now).await?)
    }
}
