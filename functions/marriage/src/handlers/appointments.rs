use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use shared::{
    auth::{Credential, Visitor},
    calendar,
    door::Context,
    extract::{Json, Path, json},
    i18n::{Lang, Text},
    idempotency,
    names::Names,
    privacy::hash_secret,
    problem::{ApiError, ApiResult},
};

use super::{access, booking};
use crate::{
    app::App,
    domain::calendar_file,
    store::{self, appointments::Stored, seats::Asking},
    wire::{
        AppointmentInput, AppointmentStatus, AppointmentView, NewAppointment, PartyView, RescheduleInput,
        Seat,
    },
};

/// 预约 · Books an appointment.
///
/// 返回的 `token` 只给出一次 · The `token` of the answer is given once.
#[utoipa::path(post, path = "/appointments", tag = "appointments", request_body = AppointmentInput,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = AppointmentView)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    context: Context,
    headers: HeaderMap,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let today = calendar::day_of(now);
    let wanted = body.read(|o| NewAppointment::read(o, today))?;
    app.keep_slots_ahead(today).await?;
    let request = (&headers, "marriage/appointments", body.bytes());
    idempotency::once(&app.db, &app.keys, request, now, async |seed| {
        let names = Names::new(&app.keys, &seed, 'M');
        let hold_id = wanted.hold.as_deref().map(hash_secret);
        let view = booking::book(&app, &names, &wanted, hold_id.as_deref(), now, context.lang).await?;
        json(StatusCode::CREATED, &view)
    })
    .await
}

/// 查看预约 · An appointment, for whoever holds its token and for registrars of its area.
#[utoipa::path(get, path = "/appointments/{reference}", tag = "appointments",
    params(("reference" = String, Path)), security(("capability" = []), ("staff" = [])),
    responses((status = 200, body = AppointmentView)))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    context: Context,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    let (visitor, stored) = access::open(&app, &credential, &reference).await?;
    show(&app, &visitor, &stored, context.lang).await
}

/// The appointment as the visitor may see it.
pub(super) async fn show(app: &App, visitor: &Visitor, stored: &Stored, lang: Lang) -> ApiResult<Response> {
    let parties = booking::open_parties(app, stored)?;
    let view = match visitor {
        Visitor::Owner => booking::view(app, stored, &parties, lang, PartyView::masked)?,
        Visitor::Staff(staff) => {
            access::audit_look(app, staff, &stored.reference, Utc::now()).await?;
            booking::view(app, stored, &parties, lang, PartyView::unmasked)?
        }
    };
    json(StatusCode::OK, &view)
}

/// 改期 · Moves an appointment: the old seat is freed only if the new one is taken.
#[utoipa::path(patch, path = "/appointments/{reference}", tag = "appointments",
    params(("reference" = String, Path)), security(("capability" = []), ("staff" = [])),
    request_body = RescheduleInput, responses((status = 200, body = AppointmentView)))]
pub(crate) async fn reschedule(
    State(app): State<Arc<App>>,
    context: Context,
    credential: Credential,
    Path(reference): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let (visitor, stored) = access::open(&app, &credential, &reference).await?;
    let (office, start) = body.read(RescheduleInput::read)?;
    let seat = Seat {
        office_id: office.unwrap_or_else(|| stored.office.id.clone()),
        service: stored.service,
        start,
    };
    if (&seat.office_id, seat.start) != (&stored.office.id, stored.start) {
        require_changeable(&app, &visitor, &stored, now)?;
        app.keep_slots_ahead(calendar::day_of(now)).await?;
        if seat.start > now.timestamp() {
            let parties = booking::open_parties(&app, &stored)?;
            booking::check(&app, &seat, &parties, &booking::persons(&app, &parties)).await?;
        }
        move_to(&app, &visitor, &stored, &seat, now).await?;
    }
    let stored = store::appointments::read(&app.db, &reference).await?.ok_or_else(ApiError::not_found)?;
    show(&app, &visitor, &stored, context.lang).await
}

async fn move_to(
    app: &App,
    visitor: &Visitor,
    stored: &Stored,
    seat: &Seat,
    now: DateTime<Utc>,
) -> ApiResult<()> {
    let before = (stored.office.id.as_str(), stored.start);
    let moving = (stored.reference.as_str(), seat);
    if store::appointments::reschedule(&app.db, moving, before, visitor.actor(), now).await? {
        return Ok(());
    }
    let no_shows = booking::no_show_rule(app, calendar::day_of(now))?;
    let asking = Asking { persons: "[]", except: &stored.reference, hold_id: None, no_shows };
    let current = store::appointments::read(&app.db, &stored.reference).await?;
    if current.is_none_or(|current| {
        (current.office.id.as_str(), current.start) != before || current.status != stored.status
    }) {
        return Err(ApiError::changed_meanwhile());
    }
    Err(booking::why_not(app, seat, &asking, now).await?.unwrap_or_else(booking::slot_full))
}

/// Refuses changes of what is over, and citizens' changes that come too late.
fn require_changeable(app: &App, visitor: &Visitor, stored: &Stored, now: DateTime<Utc>) -> ApiResult<()> {
    if stored.status != AppointmentStatus::Confirmed {
        return Err(wrong_status());
    }
    let limit = match visitor {
        Visitor::Owner => booking::cancel_before(app, stored.start)?,
        Visitor::Staff(_) => stored.start,
    };
    if now.timestamp() < limit {
        return Ok(());
    }
    Err(ApiError::conflict(
        "too_late_to_cancel",
        Text::new("已过取消和改期的截止时间。", "It is too late to cancel or move this appointment."),
    ))
}

/// The refusal of a step that the appointment's status doesn't allow.
pub(super) fn wrong_status() -> ApiError {
    ApiError::conflict(
        "wrong_status",
        Text::new("该预约当前状态不允许此操作。", "The appointment's status does not allow this."),
    )
}

/// 取消预约 · Cancels an appointment; cancelling twice changes nothing.
#[utoipa::path(post, path = "/appointments/{reference}/cancel", tag = "appointments",
    params(("reference" = String, Path)), security(("capability" = []), ("staff" = [])),
    responses((status = 200, body = AppointmentView)))]
pub(crate) async fn cancel(
    State(app): State<Arc<App>>,
    context: Context,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let (visitor, mut stored) = access::open(&app, &credential, &reference).await?;
    if stored.status != AppointmentStatus::Cancelled {
        require_changeable(&app, &visitor, &stored, now)?;
        let step = ("confirmed", "cancelled");
        if !store::appointments::set_status(&app.db, &stored, step, visitor.actor(), now).await? {
            return Err(ApiError::changed_meanwhile());
        }
        stored.status = AppointmentStatus::Cancelled;
    }
    show(&app, &visitor, &stored, context.lang).await
}

/// 日历文件 · The appointment for a calendar (RFC 5545).
#[utoipa::path(get, path = "/appointments/{reference}/calendar.ics", tag = "appointments",
    params(("reference" = String, Path)), security(("capability" = []), ("staff" = [])),
    responses((status = 200, content_type = "text/calendar", body = String)))]
pub(crate) async fn calendar(
    State(app): State<Arc<App>>,
    context: Context,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    let (_, stored) = access::open(&app, &credential, &reference).await?;
    let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    let name = match context.lang {
        Lang::Zh => stored.service.name_zh().to_owned(),
        Lang::En => stored.service.word().replace('_', " "),
    };
    let file = calendar_file(
        &stored.reference,
        (&format!("{name} · {}", stored.office.name), &stored.office.address),
        (at(stored.start), at(stored.end)),
        (at(stored.created_at), stored.status == AppointmentStatus::Cancelled),
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"appointment.ics\"")),
    ];
    Ok((headers, file).into_response())
}
