use std::{collections::BTreeMap, sync::Arc};

use axum::{extract::State, response::Response};
use chrono::{DateTime, Days, NaiveDate, Utc};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use shared::{
    auth::Credential,
    calendar::{self, WorkingCalendar},
    extract::{Json, Path, json},
    problem::{ApiError, ApiResult},
};

use super::{access, midnight, stretch};
use crate::{
    app::App,
    domain::{Exception, GENERATED_DAYS, Slot, Timetable, slots},
    store::{
        self,
        schedules::{Change, Kind, Schedule},
    },
    wire::{ExceptionView, ScheduleChanged, TimetableView},
};

/// How often a change is made anew from a fresh reading when another change came in between.
const ATTEMPTS: usize = 5;

/// Later than any day of a schedule; four digits of year, because the store compares days as text.
const LAST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// The last day for which slots are made.
fn horizon(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(GENERATED_DAYS)).unwrap_or(today)
}

/// The schedule from today on.
async fn schedule(app: &App, office: &str, today: NaiveDate) -> ApiResult<Schedule> {
    let found = store::schedules::read(&app.db, office, (today, LAST_DAY)).await?;
    found.ok_or_else(ApiError::not_found)
}

/// 日程 · An office's timetable and the days that differ from it.
#[utoipa::path(get, path = "/offices/{id}/timetable", tag = "staff", security(("staff" = [])),
    params(("id" = String, Path)), responses((status = 200, body = TimetableView)))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let (_, office) = access::registrar_of(&app, &credential, &id).await?;
    let found = schedule(&app, &office.id, calendar::day_of(Utc::now())).await?;
    let exceptions =
        found.exceptions.into_iter().map(|(date, exception)| ExceptionView { date, exception }).collect();
    let view =
        TimetableView { office_id: id, version: found.version, timetable: found.timetable, exceptions };
    let mut response = json(StatusCode::OK, &view)?;
    response.headers_mut().insert(header::ETAG, etag(view.version)?);
    Ok(response)
}

fn etag(version: i64) -> ApiResult<HeaderValue> {
    HeaderValue::from_str(&format!("\"{version}\"")).map_err(ApiError::internal)
}

/// 设定每周日程 · Sets the weekly template; slots of the coming days follow at once.
///
/// `If-Match` 可选 · `If-Match` is optional: with it, a change made in between is not overwritten.
#[utoipa::path(put, path = "/offices/{id}/timetable", tag = "staff", security(("staff" = [])),
    params(("id" = String, Path), ("If-Match" = Option<String>, Header)), request_body = Timetable,
    responses((status = 200, body = ScheduleChanged)))]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Json,
) -> ApiResult<Response> {
    let (staff, _) = access::registrar_of(&app, &credential, &id).await?;
    let timetable = body.read(Timetable::read)?;
    let now = Utc::now();
    let last = horizon(calendar::day_of(now));
    change(&app, &id, &staff.subject, if_match(&headers), now, |schedule, today| Plan {
        kind: Kind::Timetable(&timetable),
        replaces: (now.timestamp(), i64::MAX),
        slots_until: Some(last),
        slots: slots((today, last), &timetable, &schedule.exceptions, WorkingCalendar::embedded()),
    })
    .await
}

/// 设定特殊日期 · Closes a day, or gives it other hours or seats.
#[utoipa::path(put, path = "/offices/{id}/exceptions/{date}", tag = "staff", security(("staff" = [])),
    params(("id" = String, Path), ("date" = NaiveDate, Path), ("If-Match" = Option<String>, Header)),
    request_body = Exception, responses((status = 200, body = ScheduleChanged)))]
pub(crate) async fn put_exception(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path((id, date)): Path<(String, NaiveDate)>,
    headers: HeaderMap,
    body: Json,
) -> ApiResult<Response> {
    let (staff, _) = access::registrar_of(&app, &credential, &id).await?;
    let exception = body.read(Exception::read)?;
    let now = Utc::now();
    change(&app, &id, &staff.subject, if_match(&headers), now, |schedule, _| {
        day_plan(schedule, date, Some(&exception), Kind::Exception(date, &exception))
    })
    .await
}

/// 取消特殊日期 · Gives a day back to the timetable.
#[utoipa::path(delete, path = "/offices/{id}/exceptions/{date}", tag = "staff", security(("staff" = [])),
    params(("id" = String, Path), ("date" = NaiveDate, Path), ("If-Match" = Option<String>, Header)),
    responses((status = 200, body = ScheduleChanged)))]
pub(crate) async fn delete_exception(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path((id, date)): Path<(String, NaiveDate)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let (staff, office) = access::registrar_of(&app, &credential, &id).await?;
    let now = Utc::now();
    if !schedule(&app, &office.id, date).await?.exceptions.contains_key(&date) {
        return Err(ApiError::not_found());
    }
    change(&app, &id, &staff.subject, if_match(&headers), now, |schedule, _| {
        day_plan(schedule, date, None, Kind::ExceptionRemoved(date))
    })
    .await
}

/// What one day becomes. Days beyond the last slots are made later, from the exception as it will stand then.
fn day_plan<'a>(
    schedule: &Schedule,
    date: NaiveDate,
    exception: Option<&Exception>,
    kind: Kind<'a>,
) -> Plan<'a> {
    let exceptions: BTreeMap<_, _> =
        exception.map(|exception| (date, exception.clone())).into_iter().collect();
    let made = schedule.slots_until.is_some_and(|last| date <= last);
    let slots = match &schedule.timetable {
        Some(timetable) if made => slots((date, date), timetable, &exceptions, WorkingCalendar::embedded()),
        _ => Vec::new(),
    };
    Plan { kind, replaces: stretch(date, date), slots_until: None, slots }
}

struct Plan<'a> {
    kind: Kind<'a>,
    replaces: (i64, i64),
    slots_until: Option<NaiveDate>,
    slots: Vec<Slot>,
}

fn if_match(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::IF_MATCH)?.to_str().unwrap_or_default();
    (value.trim() != "*").then(|| value.trim().trim_matches('"').to_owned())
}

/// Makes a change from a fresh reading of the schedule; again, where another change came in between.
async fn change<'a>(
    app: &App,
    office: &str,
    actor: &str,
    expected: Option<String>,
    now: DateTime<Utc>,
    plan: impl Fn(&Schedule, NaiveDate) -> Plan<'a>,
) -> ApiResult<Response> {
    let today = calendar::day_of(now);
    for _ in 0..ATTEMPTS {
        let schedule = schedule(app, office, today).await?;
        if expected.as_ref().is_some_and(|expected| *expected != schedule.version.to_string()) {
            return Err(ApiError::precondition_failed());
        }
        let plan = plan(&schedule, today);
        let mut slots = plan.slots;
        slots.retain(|slot| slot.start > now.timestamp() && schedule.services.contains(&slot.service));
        let replaces = (plan.replaces.0.max(now.timestamp()), plan.replaces.1);
        let change = Change {
            office,
            version: schedule.version,
            kind: plan.kind,
            replaces,
            slots_until: plan.slots_until,
            slots: &slots,
            actor,
        };
        if let Some(version) = store::schedules::change(&app.db, &change, now).await? {
            let affected = store::schedules::count_affected(&app.db, office, replaces).await?;
            let changed = ScheduleChanged { office_id: office.to_owned(), version, affected };
            let mut response = json(StatusCode::OK, &changed)?;
            response.headers_mut().insert(header::ETAG, etag(version)?);
            return Ok(response);
        }
    }
    Err(ApiError::changed_meanwhile())
}

/// Makes the slots that are missing at the end of each office's release horizon.
pub(crate) async fn extend_all(app: &App, today: NaiveDate) -> ApiResult<()> {
    for office in store::schedules::short_of_slots(&app.db, today).await? {
        let Some(schedule) = store::schedules::read(&app.db, &office, (today, LAST_DAY)).await? else {
            continue;
        };
        let (Some(timetable), Some(last)) = (&schedule.timetable, schedule.slots_until) else { continue };
        let first = last.succ_opt().unwrap_or(today).max(today);
        let until = horizon(today);
        let mut made = slots((first, until), timetable, &schedule.exceptions, WorkingCalendar::embedded());
        made.retain(|slot| schedule.services.contains(&slot.service));
        let change = Change {
            office: &office,
            version: schedule.version,
            kind: Kind::Extension,
            replaces: (midnight(today), midnight(today)),
            slots_until: Some(until),
            slots: &made,
            actor: "system",
        };
        // Another instance may have been first: its slots are the same.
        store::schedules::change(&app.db, &change, Utc::now()).await?;
    }
    Ok(())
}
