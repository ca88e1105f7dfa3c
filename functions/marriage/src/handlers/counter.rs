//! The registrar's desk: who comes today, who came, who did not.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::Utc;
use http::StatusCode;
use shared::{
    auth::{Credential, Role},
    calendar,
    door::Context,
    extract::{Path, Query, json},
    i18n::Text,
    input::{day, integer},
    problem::{ApiError, ApiResult},
};

use super::{
    access,
    appointments::{show, wrong_status},
    booking, day_of, stretch,
};
use crate::{
    app::App,
    domain::Service,
    store::{self, appointments::Stored},
    wire::{AppointmentStatus, AppointmentView, Appointments, OfficeStats, PartyView, Stats, cursor},
};

/// 当日预约 · The appointments of a day, unmasked; every call is in the audit log.
#[utoipa::path(get, path = "/offices/{id}/appointments", tag = "staff", security(("staff" = [])),
    params(("id" = String, Path), ("date" = Option<chrono::NaiveDate>, Query), ("limit" = Option<u32>, Query),
           ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Appointments)))]
pub(crate) async fn list_day(
    State(app): State<Arc<App>>,
    context: Context,
    credential: Credential,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now();
    let (staff, office) = access::registrar_of(&app, &credential, &id).await?;
    let (date, limit, after) = query.read(|q| {
        let date = q.optional("date", day);
        let limit = q.optional("limit", integer(1..=100));
        let after = q.optional("cursor", cursor);
        let limit = u32::try_from(limit?.unwrap_or(20)).ok()?;
        Some((date?.unwrap_or(calendar::day_of(now)), limit, after?.unwrap_or_default()))
    })?;
    let after = (after.0, after.1.as_str());
    let found = store::appointments::list_day(&app.db, &office.id, stretch(date, date), after, limit).await?;
    access::audit_look(&app, &staff, &format!("{}/{date}", office.id), now).await?;
    let full = u32::try_from(found.len()).is_ok_and(|count| count == limit);
    let next_cursor = found.last().filter(|_| full).map(|last| format!("{}.{}", last.start, last.reference));
    let items: ApiResult<Vec<AppointmentView>> = found
        .iter()
        .map(|stored| {
            let parties = booking::open_parties(&app, stored)?;
            booking::view(&app, stored, &parties, context.lang, PartyView::unmasked)
        })
        .collect();
    json(StatusCode::OK, &Appointments { items: items?, next_cursor })
}

/// 到场 · The parties have come.
#[utoipa::path(post, path = "/appointments/{reference}/check-in", tag = "staff", security(("staff" = [])),
    params(("reference" = String, Path)), responses((status = 200, body = AppointmentView)))]
pub(crate) async fn check_in(
    State(app): State<Arc<App>>,
    context: Context,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    step(&app, &context, &credential, &reference, &CHECK_IN).await
}

/// 办结 · The registration is done.
#[utoipa::path(post, path = "/appointments/{reference}/complete", tag = "staff", security(("staff" = [])),
    params(("reference" = String, Path)), responses((status = 200, body = AppointmentView)))]
pub(crate) async fn complete(
    State(app): State<Arc<App>>,
    context: Context,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    step(&app, &context, &credential, &reference, &COMPLETE).await
}

/// 爽约 · The parties did not come.
#[utoipa::path(post, path = "/appointments/{reference}/no-show", tag = "staff", security(("staff" = [])),
    params(("reference" = String, Path)), responses((status = 200, body = AppointmentView)))]
pub(crate) async fn no_show(
    State(app): State<Arc<App>>,
    context: Context,
    credential: Credential,
    Path(reference): Path<String>,
) -> ApiResult<Response> {
    step(&app, &context, &credential, &reference, &NO_SHOW).await
}

/// One step of an appointment's life at the desk.
struct Step {
    from: (AppointmentStatus, &'static str),
    to: (AppointmentStatus, &'static str),
    /// Whether an appointment that starts at the first instant may take the step at the second; Unix seconds.
    is_time: fn(i64, i64) -> bool,
}

const CHECK_IN: Step = Step {
    from: (AppointmentStatus::Confirmed, "confirmed"),
    to: (AppointmentStatus::CheckedIn, "checked_in"),
    is_time: |start, now| day_of(start) == day_of(now),
};
const COMPLETE: Step = Step {
    from: (AppointmentStatus::CheckedIn, "checked_in"),
    to: (AppointmentStatus::Completed, "completed"),
    is_time: |_, _| true,
};
const NO_SHOW: Step = Step {
    from: (AppointmentStatus::Confirmed, "confirmed"),
    to: (AppointmentStatus::NoShow, "no_show"),
    is_time: |start, now| now >= start,
};

async fn step(
    app: &App,
    context: &Context,
    credential: &Credential,
    reference: &str,
    step: &Step,
) -> ApiResult<Response> {
    credential.staff(&app.staff)?.require(&[Role::Registrar, Role::Admin])?;
    let now = Utc::now();
    let (visitor, mut stored): (_, Stored) = access::open(app, credential, reference).await?;
    if stored.status != step.to.0 {
        if stored.status != step.from.0 {
            return Err(wrong_status());
        }
        if !(step.is_time)(stored.start, now.timestamp()) {
            return Err(ApiError::conflict(
                "wrong_time",
                Text::new("现在还不能进行此操作。", "This can't be done at this time."),
            ));
        }
        let words = (step.from.1, step.to.1);
        if !store::appointments::set_status(&app.db, &stored, words, visitor.actor(), now).await? {
            return Err(ApiError::changed_meanwhile());
        }
        stored.status = step.to.0;
    }
    show(app, &visitor, &stored, context.lang).await
}

/// 统计 · Seats and appointments by office and service, inside the caller's area.
#[utoipa::path(get, path = "/stats", tag = "staff", security(("staff" = [])),
    params(("from" = chrono::NaiveDate, Query), ("to" = chrono::NaiveDate, Query)),
    responses((status = 200, body = Stats)))]
pub(crate) async fn stats(
    State(app): State<Arc<App>>,
    credential: Credential,
    query: Query,
) -> ApiResult<Response> {
    let staff = credential.staff(&app.staff)?;
    staff.require(&[Role::Registrar, Role::Admin])?;
    let (from, to) = query.read(|q| {
        let (from, to) = (q.required("from", day), q.required("to", day));
        Some((from?, to?))
    })?;
    let area = Some(staff.area.as_str()).filter(|area| *area != "310000");
    let rows = store::availability::stats(&app.db, stretch(from, to), area).await?;
    let items = rows
        .into_iter()
        .filter_map(|stat| {
            Some(OfficeStats {
                service: Service::of(&stat.service)?,
                office_id: stat.office_id,
                office_name: stat.office_name,
                division_code: stat.division_code,
                capacity: stat.capacity,
                booked: stat.booked,
                by_status: stat.by_status,
            })
        })
        .collect();
    json(StatusCode::OK, &Stats { items })
}
