//! Points as files: import and export.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use serde_json::json;
use shared::{
    auth::{Credential, Staff},
    door::{Context, read_body},
    extract::{Query, json},
    i18n::Text,
    idempotency,
    input::{boolean, division_code, slug},
    map::check_place,
    names::reference,
    problem::{ApiError, ApiResult, Fault},
};

use super::{manager, page, upkeep::words};
use crate::{
    app::App,
    domain::{MAX_ROWS, PointRow, RowFault, Table, decode_table, read_table, write_table},
    store,
    wire::{ImportFault, Imported},
};

/// The largest file, 8 MiB.
const FILE_LIMIT: usize = 8 * 1024 * 1024;
/// How many rows are brought to the store at once.
const STAGED_AT_ONCE: usize = 500;

/// Whether an instance is at a file: a second one beside it might not fit into its memory.
static IS_BUSY: AtomicBool = AtomicBool::new(false);

/// The right to be at a file.
struct Turn;

impl Turn {
    fn take() -> ApiResult<Self> {
        if IS_BUSY.swap(true, Ordering::AcqRel) {
            return Err(ApiError::unavailable("another import is running in this instance"));
        }
        Ok(Self)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        IS_BUSY.store(false, Ordering::Release);
    }
}

/// 批量导入 · Adds or changes up to 20,000 points from a CSV file: all of them or none.
///
/// `id` 是稳定键，重复导入即更新 · The column `id` is the stable key: importing a file again changes nothing but the day of
/// confirmation. UTF-8 or GB 18030; columns by header, in Chinese or English. With `dry_run` every fault is listed and
/// nothing written.
#[utoipa::path(post, path = "/points/import", tag = "staff", security(("staff" = [])),
    params(("dry_run" = Option<bool>, Query), ("Idempotency-Key" = Option<String>, Header)),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = Imported)))]
pub(crate) async fn import(
    State(app): State<Arc<App>>,
    context: Context,
    credential: Credential,
    query: Query,
    request: Request<Body>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = manager(&app, &credential)?;
    let dry_run = query.read(|q| q.optional("dry_run", boolean))?.unwrap_or(false);
    let headers = request.headers().clone();
    let charset = charset(&headers)?;
    let _turn = Turn::take()?;
    let bytes = read_body(request.into_body(), FILE_LIMIT).await?;
    if dry_run {
        let (table, known) = judge(&app, &staff, &bytes, charset.as_deref(), now).await?;
        let good = i64::try_from(table.rows.len()).unwrap_or(i64::MAX);
        let faults = table.faults.iter().map(|fault| ImportFault::new(fault, context.lang)).collect();
        let (rows, created) = (table.count, good - known);
        return json(StatusCode::OK, &Imported { dry_run, rows, created, updated: known, faults });
    }
    let scope = (&headers, "donation/points/import", bytes.as_ref());
    idempotency::once(&app.db, &app.keys, scope, now, async |seed| {
        let (table, _) = judge(&app, &staff, &bytes, charset.as_deref(), now).await?;
        if !table.faults.is_empty() {
            return Err(ApiError::invalid(table.faults.into_iter().map(fault).collect()));
        }
        let count = table.count;
        let id = reference('I', &seed.derive(&app.keys, "import"));
        stage(&app, &id, table.rows, now).await?;
        let written =
            store::points::import(&app.db, (&id, count), (&staff.area, &staff.subject), now).await?;
        let (created, updated) = written.ok_or_else(ApiError::changed_meanwhile)?;
        json(StatusCode::OK, &Imported { dry_run, rows: count, created, updated, faults: Vec::new() })
    })
    .await
}

fn fault(RowFault { line, column, code, message }: RowFault) -> Fault {
    Fault { pointer: format!("/{line}/{}", column.replace('~', "~0").replace('/', "~1")), code, message }
}

/// The charset parameter of `text/csv`.
fn charset(headers: &HeaderMap) -> ApiResult<Option<String>> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = kind.split(';');
    if !parts.next().unwrap_or_default().trim().eq_ignore_ascii_case("text/csv") {
        return Err(ApiError::unsupported_media_type("text/csv"));
    }
    let parameters = parts.filter_map(|part| part.trim().split_once('='));
    Ok(parameters
        .filter(|(name, _)| name.eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.to_owned())
        .next())
}

/// Reads and judges a file; also how many of its good rows are known points.
async fn judge(
    app: &App,
    staff: &Staff,
    bytes: &Bytes,
    charset: Option<&str>,
    now: DateTime<Utc>,
) -> ApiResult<(Table, i64)> {
    let mut table = {
        let text = decode_table(bytes, charset).map_err(|rejection| rejection.at(""))?;
        read_table(&text, now.timestamp())
    };
    let area = staff.area;
    let mut faults = std::mem::take(&mut table.faults);
    table.rows.retain(|(line, row)| {
        let place = check_place(&row.division_code, row.location).err();
        let place = place.map(|rejection| RowFault {
            line: *line,
            column: "lat".to_owned(),
            code: rejection.code,
            message: rejection.message,
        });
        let outside = (!area.contains(&row.division_code)).then(|| outside_area(*line, "division_code"));
        let fine = place.is_none() && outside.is_none();
        faults.extend(place.into_iter().chain(outside));
        fine
    });
    let (known, elsewhere) = store::points::compare(&app.db, &ids(&table), &area).await?;
    if !elsewhere.is_empty() {
        let lines: HashMap<&str, u64> =
            table.rows.iter().map(|(line, row)| (row.id.as_str(), *line)).collect();
        faults.extend(elsewhere.iter().filter_map(|id| Some(outside_area(*lines.get(id.as_str())?, "id"))));
    }
    faults.sort_by_key(|fault| fault.line);
    table.faults = faults;
    Ok((table, known))
}

fn outside_area(line: u64, column: &str) -> RowFault {
    let message = Text::new("不在您的管辖区域内。", "This is outside your area.");
    RowFault { line, column: column.to_owned(), code: "outside_area", message }
}

/// The ids of a file's good rows, as a JSON array.
fn ids(table: &Table) -> String {
    let ids: Vec<&str> = table.rows.iter().map(|(_, row)| row.id.as_str()).collect();
    json!(ids).to_string()
}

/// Brings the rows near, some at a time, and lets them go: a large file is in memory often enough.
async fn stage(app: &App, import: &str, rows: Vec<(u64, PointRow)>, now: DateTime<Utc>) -> ApiResult<()> {
    let mut rows = rows.into_iter().map(|(_, row)| row).peekable();
    for no in 0.. {
        if rows.peek().is_none() {
            break;
        }
        let mut part = String::from("[");
        for row in rows.by_ref().take(STAGED_AT_ONCE) {
            if part.len() > 1 {
                part.push(',');
            }
            part.push_str(&staged(&row).map_err(ApiError::internal)?);
        }
        part.push(']');
        store::points::stage(&app.db, import, (no, part), now).await?;
    }
    Ok(())
}

/// A row as the statement takes it apart.
fn staged(row: &PointRow) -> serde_json::Result<String> {
    serde_json::to_string(&json!([
        row.id,
        row.name,
        row.operator,
        row.division_code,
        row.address,
        row.location.lat,
        row.location.lon,
        row.phone,
        serde_json::to_string(row.hours.as_ref())?,
        row.items.as_ref().map(serde_json::to_string).transpose()?,
        u8::from(row.sample),
        shared::map::cell_of(row.location),
        words(row),
    ]))
}

/// 导出 · The points of the own area as a CSV file that can be imported again, up to 20,000 at a time.
///
/// 更多时 `Link` 指向下一份 · Where there are more, `Link` (RFC 8288) leads to the next file.
#[utoipa::path(get, path = "/points/export", tag = "staff", security(("staff" = [])),
    params(("division_code" = Option<String>, Query, description = "GB/T 2260 · e.g. 310104"),
           ("cursor" = Option<String>, Query)),
    responses((status = 200, body = String, content_type = "text/csv")))]
pub(crate) async fn export(
    State(app): State<Arc<App>>,
    credential: Credential,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now().timestamp();
    let staff = manager(&app, &credential)?;
    let (division, after) = query.read(|q| {
        let division = q.optional("division_code", division_code);
        let after = q.optional("cursor", slug);
        Some((division?, after?.unwrap_or_default()))
    })?;
    let most = i64::try_from(MAX_ROWS).unwrap_or(i64::MAX - 1);
    let points = store::points::export(&app.db, (&after, most + 1), (&staff.area, division.as_ref())).await?;
    let (points, next) = page(points, most, |last| last.head.id.clone());
    let rows = points.into_iter().map(|point| PointRow {
        id: point.head.id,
        name: point.head.name,
        operator: point.head.operator,
        division_code: point.head.division_code,
        address: point.head.address,
        location: point.head.location,
        phone: point.head.phone,
        hours: Arc::new(point.head.hours),
        items: Some(point.items.into_iter().map(|status| status.at(now)).collect()),
        sample: point.head.sample,
    });
    let rows: Vec<PointRow> = rows.collect();
    let file = write_table(&rows).map_err(ApiError::internal)?;
    let mut response = (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
            (
                header::CONTENT_DISPOSITION,
                HeaderValue::from_static("attachment; filename=\"donation-points.csv\""),
            ),
        ],
        file,
    )
        .into_response();
    if let Some(next) = next {
        let division = division.map_or_else(String::new, |code| format!("division_code={code}&"));
        let next = format!("</api/v1/donation/points/export?{division}cursor={next}>; rel=\"next\"");
        let next = HeaderValue::from_str(&next).map_err(ApiError::internal)?;
        response.headers_mut().insert(header::LINK, next);
    }
    Ok(response)
}
