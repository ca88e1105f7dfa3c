//! Points as files: import and export.

use std::sync::Arc;

use axum::{body::Body, extract::State, response::Response};
use chrono::{DateTime, Utc};
use http::{Request, StatusCode};
use serde_json::json;
use shared::{
    auth::{Credential, Staff, outside_area},
    door::Context,
    extract::{Query, json},
    idempotency,
    input::{boolean, division_code, slug},
    map::{cell_of, check_place},
    names::reference,
    problem::{ApiError, ApiResult, Fault},
    table::{self, Counts, Imported, Table, Upload},
};

use super::{manager, upkeep::words};
use crate::{
    app::App,
    domain::{POINT_COLUMNS, PointRow, point_cells, read_table},
    store::{self, points::Stored},
};

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
    let upload = Upload::receive(request).await?;
    if dry_run {
        let (table, counts) = judge(&app, &staff, &upload, now).await?;
        return json(StatusCode::OK, &Imported::dry(&table, counts, context.lang));
    }
    let scope = (&upload.headers, "donation/points/import", upload.bytes.as_ref());
    idempotency::once(&app.db, &app.keys, scope, now, async |seed| {
        let (Table { rows, faults, count, .. }, _) = judge(&app, &staff, &upload, now).await?;
        if !faults.is_empty() {
            return Err(ApiError::invalid(faults.into_iter().map(Fault::from).collect()));
        }
        let id = reference('I', &seed.derive(&app.keys, "import"));
        let counts = store::points::INTAKE.take_in(&app.db, (&id, &staff), rows, staged, now).await?;
        json(StatusCode::OK, &Imported::done(count, counts))
    })
    .await
}

/// Reads and judges a file; also what becomes of its good rows.
async fn judge(
    app: &App,
    staff: &Staff,
    upload: &Upload,
    now: DateTime<Utc>,
) -> ApiResult<(Table<PointRow>, Counts)> {
    let mut table = read_table(&upload.text()?, now.timestamp());
    table.judge(|row| {
        let place = check_place(&row.division_code, row.location).err();
        let outside = (!staff.area.contains(&row.division_code)).then(outside_area);
        let place = place.map(|fault| ("lat", fault));
        place.into_iter().chain(outside.map(|fault| ("division_code", fault)))
    });
    let ids: Vec<&str> = table.rows.iter().map(|(_, row)| row.id.as_str()).collect();
    let known = store::points::compare(&app.db, &json!(ids).to_string(), &staff.area).await?;
    table.judge(|row| known.outside.contains(&row.id).then(|| ("id", outside_area())));
    let good = i64::try_from(table.rows.len()).map_err(ApiError::internal)?;
    let (updated, restored) = (known.updated, known.restored);
    Ok((table, Counts { created: good - updated, updated, restored }))
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
        cell_of(row.location),
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
    let (db, area) = (&app.db, (&staff.area, division.as_ref()));
    let read =
        |after: String, limit| async move { Ok(store::points::export(db, (&after, limit), area).await?) };
    let cells = |stored| {
        let row = exported(stored, now);
        (row.id.clone(), point_cells(row))
    };
    let (file, next) = table::export(POINT_COLUMNS, after, read, cells).await?;
    let division = division.map_or_else(String::new, |code| format!("division_code={code}&"));
    let next = next.map(|next| format!("/api/v1/donation/points/export?{division}cursor={next}"));
    table::answer(file, "donation-points.csv", next.as_deref())
}

/// A point as it is written now.
fn exported(Stored { head, items, .. }: Stored, now: i64) -> PointRow {
    PointRow {
        id: head.id,
        name: head.name,
        operator: head.operator,
        division_code: head.division_code,
        address: head.address,
        location: head.location,
        phone: head.phone,
        hours: Arc::new(head.hours),
        items: Some(items.into_iter().map(|status| status.at(now)).collect()),
        sample: head.sample,
    }
}
