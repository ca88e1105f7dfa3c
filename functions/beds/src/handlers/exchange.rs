//! Institutions as files: import and export.

use std::sync::Arc;

use axum::{body::Body, extract::State, response::Response};
use chrono::Utc;
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

use super::{access::district_manager, alerts, upkeep::room_in_use_fault};
use crate::{
    app::App,
    domain::{HOME_COLUMNS, Home, RoomPlan, home_cells, read_homes},
    store::{self, institutions::Stored},
};

/// 批量导入 · Adds or changes up to 20,000 institutions from a CSV file, one row each: all of them or none.
///
/// `id` 是稳定键，重复导入即更新;已有房型的床位数不变 · The column `id` is the stable key: importing a file again changes
/// nothing. The counts of rooms that are known stay as they are. UTF-8 or GB 18030; columns by header, in Chinese or English.
/// With `dry_run` every fault is listed and nothing written.
#[utoipa::path(post, path = "/institutions/import", tag = "staff", security(("staff" = [])),
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
    let staff = district_manager(&app, &credential)?;
    let dry_run = query.read(|q| q.optional("dry_run", boolean))?.unwrap_or(false);
    let upload = Upload::receive(request).await?;
    if dry_run {
        let (table, counts) = judge(&app, &staff, &upload).await?;
        return json(StatusCode::OK, &Imported::dry(&table, counts, context.lang));
    }
    let scope = (&upload.headers, "beds/institutions/import", upload.bytes.as_ref());
    idempotency::once(&app.db, &app.keys, scope, now, async |seed| {
        let (Table { rows, faults, count, .. }, _) = judge(&app, &staff, &upload).await?;
        if !faults.is_empty() {
            return Err(ApiError::invalid(faults.into_iter().map(Fault::from).collect()));
        }
        let id = reference('I', &seed.derive(&app.keys, "import"));
        let counts = store::institutions::INTAKE.take_in(&app.db, (&id, &staff), rows, staged, now).await?;
        alerts::tell_or_warn(&app, now).await;
        json(StatusCode::OK, &Imported::done(count, counts))
    })
    .await
}

/// Reads and judges a file; also what becomes of its good rows.
async fn judge(app: &App, staff: &Staff, upload: &Upload) -> ApiResult<(Table<Home>, Counts)> {
    let mut table = read_homes(&upload.text()?);
    table.judge(|home| {
        let place = check_place(&home.division_code, home.location).err();
        let outside = (!staff.area.contains(&home.division_code)).then(outside_area);
        let place = place.map(|fault| ("lat", fault));
        place.into_iter().chain(outside.map(|fault| ("division_code", fault)))
    });
    let kept = |home: &Home| home.rooms.iter().map(|room| room.room_type.word()).collect::<Vec<_>>();
    let rows: Vec<_> = table.rows.iter().map(|(_, home)| (home.id.as_str(), kept(home))).collect();
    let known = store::institutions::compare(&app.db, json!(rows).to_string(), &staff.area).await?;
    table.judge(|home| {
        let outside = known.outside.contains(&home.id).then(|| ("id", outside_area()));
        let in_use = known.in_use.contains(&home.id).then(|| ("id", room_in_use_fault()));
        outside.into_iter().chain(in_use)
    });
    let good = i64::try_from(table.rows.len()).map_err(ApiError::internal)?;
    let counts = Counts { created: good - known.known, updated: known.known, restored: known.removed };
    Ok((table, counts))
}

/// A row as the statement takes it apart.
fn staged(home: &Home) -> serde_json::Result<String> {
    serde_json::to_string(&json!([
        home.id,
        home.name,
        home.operator,
        home.division_code,
        home.address,
        home.location.lat,
        home.location.lon,
        home.phone,
        home.ownership,
        serde_json::to_string(&home.features)?,
        serde_json::to_string(&home.rooms)?,
        u8::from(home.sample),
        cell_of(home.location),
    ]))
}

/// 导出 · The institutions of the own area as a CSV file that can be imported again, up to 20,000 at a time.
///
/// 更多时 `Link` 指向下一份 · Where there are more, `Link` (RFC 8288) leads to the next file.
#[utoipa::path(get, path = "/institutions/export", tag = "staff", security(("staff" = [])),
    params(("division_code" = Option<String>, Query, description = "GB/T 2260 · e.g. 310104"),
           ("cursor" = Option<String>, Query)),
    responses((status = 200, body = String, content_type = "text/csv")))]
pub(crate) async fn export(
    State(app): State<Arc<App>>,
    credential: Credential,
    query: Query,
) -> ApiResult<Response> {
    let staff = district_manager(&app, &credential)?;
    let (division, after) = query.read(|q| {
        let division = q.optional("division_code", division_code);
        let after = q.optional("cursor", slug);
        Some((division?, after?.unwrap_or_default()))
    })?;
    alerts::settle(&app, Utc::now()).await?;
    let (db, area) = (&app.db, (&staff.area, division.as_ref()));
    let read = |after: String, limit| async move {
        Ok(store::institutions::export(db, (&after, limit), area).await?)
    };
    let cells = |stored| {
        let home = exported(stored);
        (home.id.clone(), home_cells(home))
    };
    let (file, next) = table::export(HOME_COLUMNS, after, read, cells).await?;
    let division = division.map_or_else(String::new, |code| format!("division_code={code}&"));
    let next = next.map(|next| format!("/api/v1/beds/institutions/export?{division}cursor={next}"));
    table::answer(file, "institutions.csv", next.as_deref())
}

fn exported(Stored { head, rooms, .. }: Stored) -> Home {
    Home {
        id: head.id,
        name: head.name,
        operator: head.operator,
        division_code: head.division_code,
        address: head.address,
        location: head.location,
        phone: head.phone,
        ownership: head.ownership,
        features: head.features,
        rooms: rooms
            .iter()
            .map(|room| RoomPlan {
                room_type: room.room_type,
                care_levels: room.care_levels,
                monthly_fen: room.monthly_fen,
                maximum: room.counts.maximum,
                occupied: room.counts.occupied,
            })
            .collect(),
        sample: head.sample,
    }
}
