use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Days, NaiveDate, Utc};
use http::StatusCode;
use shared::{
    auth::Credential,
    calendar,
    extract::{Path, json},
    problem::ApiResult,
};

use super::{access, booking, day_of, stretch};
use crate::{
    app::App,
    domain::GENERATED_DAYS,
    store::{self, appointments::Affected},
    wire::{Moved, NotMoved, Rebooked, Seat, shanghai},
};

/// How many appointments one call moves: few enough for the time that a request has.
const AT_ONCE: u32 = 200;
/// How many free slots are tried for one appointment before it is given up.
const CANDIDATES: u32 = 40;

/// 批量改期 · Moves everyone who lost a seat on a day to the nearest free slots of the office after it.
///
/// 后约者先移 · Of a slot with too few seats, those who booked last are moved. A call moves 200 at most.
#[utoipa::path(post, path = "/offices/{id}/exceptions/{date}/rebook", tag = "staff", security(("staff" = [])),
    params(("id" = String, Path), ("date" = NaiveDate, Path)),
    responses((status = 200, body = Rebooked)))]
pub(crate) async fn rebook(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path((id, date)): Path<(String, NaiveDate)>,
) -> ApiResult<Response> {
    let (staff, office) = access::registrar_of(&app, &credential, &id).await?;
    let now = Utc::now();
    app.keep_slots_ahead(calendar::day_of(now)).await?;
    let affected =
        store::appointments::list_affected(&app.db, &office.id, stretch(date, date), AT_ONCE).await?;
    let mut report = Rebooked::default();
    for appointment in affected {
        match move_one(&app, &office.id, &appointment, &staff.subject, now).await? {
            Ok(to) => report.moved.push(Moved {
                reference: appointment.reference,
                from: shanghai(appointment.start),
                to: shanghai(to),
            }),
            Err(code) => report.not_moved.push(NotMoved {
                reference: appointment.reference,
                start: shanghai(appointment.start),
                code: code.to_owned(),
            }),
        }
    }
    json(StatusCode::OK, &report)
}

/// The new start, or why there is none.
async fn move_one(
    app: &App,
    office: &str,
    appointment: &Affected,
    actor: &str,
    now: DateTime<Utc>,
) -> ApiResult<Result<i64, &'static str>> {
    let from = day_of(appointment.start.max(now.timestamp()));
    let to = calendar::day_of(now).checked_add_days(Days::new(GENERATED_DAYS)).unwrap_or(from);
    let (start, end) = stretch(from, to);
    let free = store::availability::find(
        &app.db,
        appointment.service,
        (start.max(now.timestamp() + 1), end),
        (None, Some(office)),
        (0, ""),
        CANDIDATES,
        now,
    )
    .await?;
    let mut reason = "no_free_seat";
    for slot in free {
        let seat = Seat { office_id: office.to_owned(), service: appointment.service, start: slot.start };
        if booking::check_cooling_off(app, &seat, &appointment.persons).await.is_err() {
            reason = "cooling_off";
            continue;
        }
        let moving = (appointment.reference.as_str(), &seat);
        let before = (office, appointment.start);
        if store::appointments::reschedule(&app.db, moving, before, actor, now).await? {
            return Ok(Ok(slot.start));
        }
    }
    Ok(Err(reason))
}
