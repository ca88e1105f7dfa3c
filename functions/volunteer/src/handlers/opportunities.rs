use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use shared::{
    auth::{Credential, Staff},
    extract::{Json, Path, json},
    i18n::Text,
    idempotency,
    input::Rejection,
    names::reference,
    problem::{ApiError, ApiResult},
};

use super::access;
use crate::{
    app::App,
    domain::{NewShift, OpportunityStatus},
    store::{self, opportunities::Stored},
    wire::{
        Opportunity, OpportunityInput, OpportunityNow, ShiftInput, ShiftView, read_changed_opportunity,
        read_opportunity, read_shift,
    },
};

/// 新建志愿服务项目 · Drafts an opportunity, with its first shifts where they are given. Nobody but its organisation sees it until
/// it is published.
#[utoipa::path(post, path = "/opportunities", tag = "staff", security(("staff" = [])),
    params(("Idempotency-Key" = Option<String>, Header)), request_body = OpportunityInput,
    responses((status = 201, body = Opportunity)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    credential: Credential,
    headers: HeaderMap,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    let (duties, limits) = (app.duties(now)?, app.shift_limits(now)?);
    let (wanted, shifts) = body.read(|o| read_opportunity(o, duties, &limits))?;
    let organisation = store::organisations::read(&app.db, &wanted.organisation).await?;
    let organisation = organisation.ok_or_else(|| unknown_organisation().at("/organisation_id"))?;
    access::require_organisation(&staff, &organisation.id, &organisation.division_code)?;
    let what = [staff.subject.as_bytes(), b"\n", body.bytes()].concat();
    idempotency::once(&app.db, &app.keys, (&headers, "volunteer/opportunities", &what), now, async |seed| {
        let id = reference('J', &seed.derive(&app.keys, "opportunity"));
        let base = seed.derive(&app.keys, "shift");
        let name =
            |n: u64| reference('H', &app.keys.derive("shift", &[&base[..], &n.to_be_bytes()].concat()));
        let named: Vec<_> = (0..).zip(&shifts).map(|(n, shift)| (name(n), *shift)).collect();
        let division = organisation.division_code;
        if !store::opportunities::draft(&app.db, (&id, &wanted), &division, now, &staff.subject).await?
            && store::opportunities::read(&app.db, &id).await?.is_none()
        {
            return Err(ApiError::changed_meanwhile());
        }
        if !named.is_empty() {
            add(&app, &id, &named, now, &staff).await?;
        }
        json(StatusCode::CREATED, &current(&app, &id, now).await?)
    })
    .await
}

fn unknown_organisation() -> Rejection {
    Rejection::new("unknown_organisation", "没有这个志愿服务组织。", "There is no such organisation.")
}

/// The opportunity as it is now.
async fn current(app: &App, id: &str, now: DateTime<Utc>) -> ApiResult<Opportunity> {
    let stored = store::opportunities::read(&app.db, id).await?.ok_or_else(ApiError::not_found)?;
    Ok(Opportunity {
        now: OpportunityNow::of(stored.shifts.iter(), None, None, now.timestamp()),
        status: stored.status,
        head: stored.head,
    })
}

/// 更改草稿 · Changes a draft; its shifts stay. What is published doesn't change any more: people signed up for it as it is.
#[utoipa::path(put, path = "/opportunities/{id}", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), request_body = OpportunityInput, responses((status = 200, body = Opportunity)))]
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    let stored = access::opportunity(&app, &staff, &id).await?;
    let duties = app.duties(now)?;
    let wanted = body.read(|o| read_changed_opportunity(o, duties))?;
    if wanted.organisation != stored.head.organisation_id {
        let reason = "项目不能转给其他组织。";
        let refusal = Rejection::new("organisation_fixed", reason, "Another organisation makes its own.");
        return Err(refusal.at("/organisation_id"));
    }
    if !store::opportunities::change(&app.db, (&id, &wanted), now, &staff.subject).await? {
        return Err(wrong_status());
    }
    json(StatusCode::OK, &current(&app, &id, now).await?)
}

fn wrong_status() -> ApiError {
    ApiError::conflict(
        "wrong_status",
        Text::new("项目目前的状态不允许此操作。", "The opportunity's status does not allow this."),
    )
}

/// 发布 · Publishes a draft that has a shift to come and, where it may endanger people, an insurance for all its shifts.
#[utoipa::path(post, path = "/opportunities/{id}/publish", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), responses((status = 200, body = Opportunity)))]
pub(crate) async fn publish(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    let stored = access::opportunity(&app, &staff, &id).await?;
    let must_be_insured = app.duties(now)?.insures;
    // A repeated request finds what it did before.
    if stored.status != OpportunityStatus::Published
        && !store::opportunities::publish(&app.db, &id, must_be_insured, now, &staff.subject).await?
    {
        return Err(why_not_published(&app, &id, now).await?);
    }
    json(StatusCode::OK, &current(&app, &id, now).await?)
}

async fn why_not_published(app: &App, id: &str, now: DateTime<Utc>) -> ApiResult<ApiError> {
    let stored = store::opportunities::read(&app.db, id).await?.ok_or_else(ApiError::not_found)?;
    if stored.status != OpportunityStatus::Draft {
        return Ok(wrong_status());
    }
    let mut shifts = stored.shifts.iter();
    if !shifts.any(|shift| shift.starts_at > now.timestamp() && !shift.is_cancelled) {
        let reason = Text::new("没有尚未开始的班次。", "There is no shift that is still to come.");
        return Ok(ApiError::conflict("no_shift", reason));
    }
    Ok(not_insured())
}

fn not_insured() -> ApiError {
    ApiError::conflict(
        "insurance_required",
        Text::new(
            "保险的保障期未覆盖全部班次。",
            "The insurance does not cover every shift: it has to last as long.",
        ),
    )
}

/// 结束招募 · Closes what is published: no search finds it, and nobody signs up any more. Shifts that people have a place in still take place;
/// cancel those that don't.
#[utoipa::path(post, path = "/opportunities/{id}/close", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), responses((status = 200, body = Opportunity)))]
pub(crate) async fn close(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    let stored = access::opportunity(&app, &staff, &id).await?;
    // A repeated request finds what it did before. A draft that is closed would be seen by everybody.
    if stored.status != OpportunityStatus::Closed
        && !store::opportunities::close(&app.db, &id, now, &staff.subject).await?
    {
        return Err(wrong_status());
    }
    json(StatusCode::OK, &current(&app, &id, now).await?)
}

/// 增加班次 · Adds a shift to a draft, or to what is published.
#[utoipa::path(post, path = "/opportunities/{id}/shifts", tag = "staff", security(("staff" = [])),
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = ShiftInput,
    responses((status = 201, body = ShiftView)))]
pub(crate) async fn add_shift(
    State(app): State<Arc<App>>,
    credential: Credential,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    access::opportunity(&app, &staff, &id).await?;
    let limits = app.shift_limits(now)?;
    let wanted = body.read(|o| read_shift(o, &limits))?;
    let what = [id.as_bytes(), b"\n", body.bytes()].concat();
    idempotency::once(&app.db, &app.keys, (&headers, "volunteer/shifts", &what), now, async |seed| {
        let shift = reference('H', &seed.derive(&app.keys, "shift"));
        let stored = add(&app, &id, &[(shift.clone(), wanted)], now, &staff).await?;
        json(StatusCode::CREATED, &view(&stored, &shift, now)?)
    })
    .await
}

/// Adds shifts, or says why not; a repeated request finds those that it added before.
async fn add(
    app: &App,
    id: &str,
    shifts: &[(String, NewShift)],
    now: DateTime<Utc>,
    staff: &Staff,
) -> ApiResult<Stored> {
    let must_be_insured = app.duties(now)?.insures;
    let added =
        store::opportunities::add_shifts(&app.db, id, (shifts, must_be_insured), now, &staff.subject).await?;
    let stored = store::opportunities::read(&app.db, id).await?.ok_or_else(ApiError::not_found)?;
    if added || shifts.iter().all(|(name, _)| stored.shift(name).is_some()) {
        return Ok(stored);
    }
    Err(if stored.status == OpportunityStatus::Closed { wrong_status() } else { not_insured() })
}

fn view(stored: &Stored, shift: &str, now: DateTime<Utc>) -> ApiResult<ShiftView> {
    stored.shift(shift).map(|shift| ShiftView::of(shift, now.timestamp())).ok_or_else(ApiError::not_found)
}

/// 取消班次 · Cancels a shift that is still to come: whoever has a place or waits for one is told.
#[utoipa::path(post, path = "/shifts/{id}/cancel", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), responses((status = 200, body = ShiftView)))]
pub(crate) async fn cancel_shift(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = access::manager(&app, &credential)?;
    let before = access::opportunity_of_shift(&app, &staff, &id).await?;
    let cancelled = store::opportunities::cancel_shift(&app.db, &id, now, &staff.subject).await?;
    let stored = store::opportunities::read(&app.db, &before.head.id).await?;
    let stored = stored.ok_or_else(ApiError::not_found)?;
    if !cancelled && !stored.shift(&id).is_some_and(|shift| shift.is_cancelled) {
        return Err(shift_started());
    }
    json(StatusCode::OK, &view(&stored, &id, now)?)
}

pub(super) fn shift_started() -> ApiError {
    ApiError::conflict("shift_started", Text::new("班次已经开始。", "The shift has begun."))
}
