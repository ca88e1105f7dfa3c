use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use shared::{
    audit,
    auth::{Credential, Staff},
    calendar,
    caller::caller,
    divisions::DivisionCode,
    extract::{Json, Path, Query, json},
    i18n::Text,
    idempotency,
    instant::Instant,
    names::reference,
    privacy::Place,
    problem::{ApiError, ApiResult},
};

use super::{ATTEMPTS, manager, page};
use crate::{
    app::App,
    store::{
        self,
        reports::{Making, Stored},
    },
    wire::{
        Report, ReportInput, ReportKind, ReportStatus, ReportedPoint, Reports, ReportsQuery, SettleInput,
        read_report, read_settlement,
    },
};

/// 纠错 · Reports that a point has closed or moved, or that something about it is wrong.
///
/// 同一来源有次数限制 · Limited per caller (the parameters `reports_per_caller` and `report_window_minutes`).
#[utoipa::path(post, path = "/points/{id}/reports", tag = "points",
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)), request_body = ReportInput,
    responses((status = 201, body = Report)))]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(point): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let (kind, note) = body.read(read_report)?;
    let caller = caller(&app.keys, &headers, &app.caller_header);
    let what = [point.as_bytes(), body.bytes()].concat();
    idempotency::once(&app.db, &app.keys, (&headers, "donation/reports", &what), now, async |seed| {
        let id = reference('C', &seed.derive(&app.keys, "report"));
        let report = make(&app, (&id, &point, &caller), (kind, note.as_deref()), now).await?;
        json(StatusCode::CREATED, &report)
    })
    .await
}

async fn make(
    app: &App,
    (id, point, caller): (&str, &str, &str),
    (kind, note): (ReportKind, Option<&str>),
    now: DateTime<Utc>,
) -> ApiResult<Report> {
    let number = |name| app.rules.number(name, calendar::day_of(now)).map_err(ApiError::internal);
    let window_s = i64::from(number("report_window_minutes")?) * 60;
    let sealed = note.map(|note| app.keys.seal(place(id), note.as_bytes())).transpose();
    let making = Making {
        id,
        point,
        kind,
        note: sealed.map_err(ApiError::internal)?,
        caller,
        since: now.timestamp() - window_s,
        most: number("reports_per_caller")?,
    };
    for _ in 0..ATTEMPTS {
        if store::reports::make(&app.db, &making, now).await? {
            return view(app, &one(app, None, id).await?, false);
        }
        let found = store::reports::explain(&app.db, &making).await?;
        // A repeated request finds the report that it made before.
        if found.was_made {
            return view(app, &one(app, None, id).await?, false);
        }
        if !found.point_is_there {
            return Err(ApiError::not_found());
        }
        if let Some(oldest) = found.oldest {
            let wait = (oldest + window_s - now.timestamp()).max(1);
            return Err(ApiError::too_many_requests(u32::try_from(wait).unwrap_or(u32::MAX)));
        }
    }
    Err(ApiError::unavailable("a report was refused without a reason that lasts"))
}

fn place(id: &str) -> Place<'_> {
    Place { table: "report", column: "note", row: id }
}

async fn one(app: &App, area: Option<&DivisionCode>, id: &str) -> ApiResult<Stored> {
    let query = ReportsQuery { limit: 1, ..ReportsQuery::default() };
    let found = store::reports::list(&app.db, (area, Some(id)), &query).await?;
    found.into_iter().next().ok_or_else(ApiError::not_found)
}

/// 纠错一览 · Citizens' reports on points of the own area, oldest first.
#[utoipa::path(get, path = "/reports", tag = "staff", security(("staff" = [])),
    params(("status" = Option<ReportStatus>, Query),
           ("division_code" = Option<String>, Query, description = "GB/T 2260 · e.g. 310104"),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Reports)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    credential: Credential,
    query: Query,
) -> ApiResult<Response> {
    let staff = manager(&app, &credential)?;
    let mut asked = query.read(ReportsQuery::read)?;
    let limit = asked.limit;
    asked.limit += 1;
    let found = store::reports::list(&app.db, (Some(&staff.area), None), &asked).await?;
    let (found, next_cursor) = page(found, limit, |last| last.no.to_string());
    for stored in &found {
        // Notes are the citizen's own words: whoever reads them is noted.
        note_look(&app, &staff, stored).await?;
    }
    let items = found.iter().map(|stored| view(&app, stored, true)).collect::<ApiResult<_>>()?;
    json(StatusCode::OK, &Reports { items, next_cursor })
}

/// 处理纠错 · Settles a report; `unfounded` also confirms the point.
#[utoipa::path(post, path = "/reports/{id}/settle", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), request_body = SettleInput, responses((status = 200, body = Report)))]
pub(crate) async fn settle(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let staff = manager(&app, &credential)?;
    let settlement = body.read(read_settlement)?;
    // A report of another area is as good as none.
    one(&app, Some(&staff.area), &id).await?;
    if !store::reports::settle(&app.db, &id, settlement, Utc::now(), &staff.subject).await? {
        return Err(ApiError::conflict(
            "wrong_status",
            Text::new("该纠错已处理。", "The report was settled already."),
        ));
    }
    let stored = one(&app, Some(&staff.area), &id).await?;
    note_look(&app, &staff, &stored).await?;
    json(StatusCode::OK, &view(&app, &stored, true)?)
}

async fn note_look(app: &App, staff: &Staff, stored: &Stored) -> ApiResult<()> {
    if stored.note.is_none() {
        return Ok(());
    }
    let entry = (staff.subject.as_str(), "report.note_read", stored.id.as_str());
    Ok(audit::append(&app.db, Utc::now(), entry, &serde_json::json!({"point": stored.point_id})).await?)
}

fn view(app: &App, stored: &Stored, for_staff: bool) -> ApiResult<Report> {
    let note = stored.note.as_ref().filter(|_| for_staff);
    let note = note.map(|sealed| app.keys.open(place(&stored.id), sealed)).transpose();
    Ok(Report {
        id: stored.id.clone(),
        point: ReportedPoint {
            id: stored.point_id.clone(),
            name: stored.point_name.clone(),
            division_code: stored.division,
        },
        kind: stored.kind,
        note: note.map_err(ApiError::internal)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        status: if stored.outcome.is_some() { ReportStatus::Settled } else { ReportStatus::Open },
        created_at: Instant::at(stored.created_at),
        settled_at: stored.settled_at.map(Instant::at),
        settled_by: stored.settled_by.clone().filter(|_| for_staff),
        outcome: stored.outcome,
        answer: stored.answer.clone(),
    })
}
