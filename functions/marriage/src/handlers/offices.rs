use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::Utc;
use http::{HeaderMap, StatusCode};
use shared::{
    auth::{Credential, Role},
    extract::{Json, Path, Query, cacheable_json, json},
    input::slug,
    problem::{ApiError, ApiResult},
    read_model,
};

use crate::{
    app::App,
    store,
    wire::{Office, OfficeInput, Offices, OfficesQuery},
};

/// 婚姻登记处 · Marriage registration offices, nearest first where `near` is given.
#[utoipa::path(get, path = "/offices", tag = "offices",
    params(("district_code" = Option<String>, Query, description = "GB/T 2260 · e.g. 310104"),
           ("division_code" = Option<String>, Query, description = "as district_code"),
           ("near" = Option<String>, Query, description = "`lat,lon`, WGS 84"),
           ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Offices)))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let asked = query.read(OfficesQuery::read)?;
    let mut offices: Vec<Office> = all(&app).await?;
    offices.retain(|office| asked.division.is_none_or(|division| division.contains(&office.division_code)));
    if let Some(near) = asked.near {
        for office in &mut offices {
            office.distance_m = Some(near.distance_m(&office.location));
        }
        offices.sort_by_key(|office| office.distance_m);
    }
    let end = asked.cursor.saturating_add(asked.limit);
    let next_cursor = (end < offices.len()).then(|| end.to_string());
    let items = offices.into_iter().skip(asked.cursor).take(asked.limit).collect();
    cacheable_json(&headers, "public, max-age=60", &Offices { items, next_cursor })
}

/// 一个婚姻登记处 · One office.
#[utoipa::path(get, path = "/offices/{id}", tag = "offices", params(("id" = String, Path)),
    responses((status = 200, body = Office)))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let office = all(&app).await?.into_iter().find(|office| office.id == id);
    cacheable_json(&headers, "public, max-age=60", &office.ok_or_else(ApiError::not_found)?)
}

/// 设立或更改婚姻登记处 · Adds or changes an office.
#[utoipa::path(put, path = "/offices/{id}", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), request_body = OfficeInput, responses((status = 200, body = Office)))]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let staff = credential.staff(&app.staff)?;
    staff.require(&[Role::Admin])?;
    let id = slug(&serde_json::Value::String(id)).map_err(|_| ApiError::not_found())?;
    let office = body.read(|o| Office::read(&id, o))?;
    staff.require_area(&office.division_code)?;
    if let Some(before) = store::offices::read(&app.db, &id).await? {
        staff.require_area(&before.division_code)?;
    }
    store::offices::put(&app.db, &office, Utc::now(), &staff.subject).await?;
    json(StatusCode::OK, &office)
}

async fn all(app: &App) -> ApiResult<Vec<Office>> {
    read_model::read(&app.db, &app.copies, "offices", async || {
        store::offices::list(&app.db).await.map_err(ApiError::from)
    })
    .await
}
