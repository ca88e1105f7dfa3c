use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use http::{StatusCode, header};
use shared::{
    auth::Credential,
    extract::{Json, Path, json},
    i18n::Text,
    instant::Instant,
    names::reference,
    privacy::random,
    problem::{ApiError, ApiResult},
};

use super::{ATTEMPTS, access, record};
use crate::{
    app::App,
    domain::{RecordStanding, RecordStep, SHOWN_S, SignupStatus, code_at, is_code_at, served_minutes},
    store::{
        self,
        record::{Beginning, Stored as Entry, Taking},
        signups::Stored as Own,
    },
    wire::{CheckInput, RecordEntry, SiteCode, read_check},
};

/// 现场签到码 · The code to show on site now: another one every half-minute.
#[utoipa::path(get, path = "/shifts/{id}/code", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), responses((status = 200, body = SiteCode)))]
pub(crate) async fn code(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now().timestamp();
    let staff = access::manager(&app, &credential)?;
    access::opportunity_of_shift(&app, &staff, &id).await?;
    let begin = now.div_euclid(SHOWN_S) * SHOWN_S;
    let code = code_at(&app.keys, &id, now);
    let valid = (Instant::at(begin), Instant::at(begin + SHOWN_S));
    let shown = SiteCode { shift_id: id, code, valid_from: valid.0, valid_to: valid.1 };
    let mut response = json(StatusCode::OK, &shown)?;
    response.headers_mut().insert(header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    Ok(response)
}

/// 签到 · Checks in with the code that is shown on site. A telephone that was offline sends the code and when it was scanned
/// later; sent again, it changes nothing.
#[utoipa::path(post, path = "/shifts/{id}/check-in", tag = "signups", params(("id" = String, Path)),
    security(("capability" = [])), request_body = CheckInput, responses((status = 200, body = RecordEntry)))]
pub(crate) async fn check_in(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let volunteer = access::myself(&app, &credential).await?;
    let (code, scanned_at) = body.read(read_check)?;
    let own = place(&app, &id, volunteer.no).await?;
    let at = scanned(&app, &own, (&code, scanned_at), now)?;
    if at > own.ends_at {
        return Err(outside_shift());
    }
    let beginning = Beginning {
        id: &reference('E', &random()),
        shift: &id,
        volunteer: volunteer.no,
        standing: RecordStanding::BEGUN,
        checked_in_at: Some(at),
        checked_out_at: None,
        reason: None,
        by: "citizen",
    };
    store::record::begin(&app.db, beginning, now).await?;
    let entry = store::record::of_shift(&app.db, &id, volunteer.no).await?.ok_or_else(no_place)?;
    json(StatusCode::OK, &record::masked(&app, &entry, now)?)
}

/// 签退 · Checks out with the code that is shown on site; minutes outside of the shift don't count.
#[utoipa::path(post, path = "/shifts/{id}/check-out", tag = "signups", params(("id" = String, Path)),
    security(("capability" = [])), request_body = CheckInput, responses((status = 200, body = RecordEntry)))]
pub(crate) async fn check_out(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let volunteer = access::myself(&app, &credential).await?;
    let (code, scanned_at) = body.read(read_check)?;
    let own = place(&app, &id, volunteer.no).await?;
    let at = scanned(&app, &own, (&code, scanned_at), now)?;
    for _ in 0..ATTEMPTS {
        let entry = store::record::of_shift(&app.db, &id, volunteer.no).await?;
        let entry = entry.ok_or_else(not_checked_in)?;
        // A repeated request finds what it did before; whoever came back leaves again.
        let is_news = entry.checked_out_at.is_none_or(|left| at > left);
        if !is_news || leave(&app, &entry, at, now).await? {
            let entry = store::record::read(&app.db, &entry.id).await?.ok_or_else(ApiError::not_found)?;
            return json(StatusCode::OK, &record::masked(&app, &entry, now)?);
        }
    }
    Err(ApiError::unavailable("an entry kept changing"))
}

/// Notes when somebody left; `false` where something else happened to the entry in between.
async fn leave(app: &App, entry: &Entry, at: i64, now: DateTime<Utc>) -> ApiResult<bool> {
    let came = entry.checked_in_at.unwrap_or(entry.starts_at);
    if at < entry.starts_at {
        return Err(outside_shift());
    }
    if at < came {
        let detail = Text::new("签退时间早于签到时间。", "It was scanned before the check-in.");
        return Err(ApiError::conflict("check_out_before_check_in", detail));
    }
    let minutes = served_minutes((entry.starts_at, entry.ends_at), came, at);
    let step = RecordStep::CheckOut { minutes };
    let (kind, standing) = entry.standing.take(step).ok_or_else(record::wrong_status)?;
    let taking = Taking {
        record: &entry.id,
        after: entry.step,
        kind,
        standing,
        by: "citizen",
        checked_out_at: Some(at),
        reason: None,
        claimed: None,
        note: None,
    };
    Ok(store::record::take_step(&app.db, taking, now).await?)
}

/// The volunteer's place in the shift.
async fn place(app: &App, shift: &str, volunteer: i64) -> ApiResult<Own> {
    match store::signups::own(&app.db, shift, volunteer).await? {
        Some(own) if own.status == SignupStatus::Confirmed => Ok(own),
        Some(_) => Err(no_place()),
        None if store::opportunities::of_shift(&app.db, shift).await?.is_some() => Err(no_place()),
        None => Err(ApiError::not_found()),
    }
}

/// When a code was scanned, if it was shown then, within the time of the shift, and not too long ago.
fn scanned(
    app: &App,
    own: &Own,
    (code, scanned_at): (&str, Option<i64>),
    now: DateTime<Utc>,
) -> ApiResult<i64> {
    let minutes = |name| app.number(name, now).map(|minutes| i64::from(minutes) * 60);
    let tolerance = app.number("code_tolerance_half_minutes", now)?;
    let slack_s = i64::from(tolerance) * SHOWN_S;
    let at = scanned_at.unwrap_or(now.timestamp());
    let oldest = now.timestamp() - i64::from(app.number("offline_code_hours", now)?) * 3_600;
    if at > now.timestamp() + slack_s || at < oldest {
        let detail = Text::new(
            "扫码时间在将来，或已超过补传时限。",
            "It was scanned too long ago, or lies ahead: ask the organisation to enter it.",
        );
        return Err(ApiError::conflict("scanned_too_long_ago", detail));
    }
    if !is_code_at(&app.keys, &own.shift, (code, at), tolerance) {
        let detail = Text::new("签到码不正确或已过期。", "The code is wrong, or was shown at another time.");
        return Err(ApiError::conflict("check_in_code_wrong", detail));
    }
    let from = own.starts_at - minutes("check_in_early_minutes")?;
    let to = own.ends_at + minutes("check_out_late_minutes")?;
    // A clock that runs a little ahead is not a time to come.
    let at = at.min(now.timestamp());
    if (from..=to).contains(&at) { Ok(at) } else { Err(outside_shift()) }
}

fn outside_shift() -> ApiError {
    ApiError::conflict(
        "outside_shift",
        Text::new("不在可签到、签退的时间内。", "This is not the time to check in or out."),
    )
}

fn no_place() -> ApiError {
    ApiError::conflict("not_signed_up", Text::new("您在该班次没有名额。", "You have no place in this shift."))
}

fn not_checked_in() -> ApiError {
    ApiError::conflict("not_checked_in", Text::new("尚未签到。", "You haven't checked in."))
}
