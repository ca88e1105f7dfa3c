use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::Utc;
use http::StatusCode;
use serde_json::Value;
use shared::{
    auth::Credential,
    divisions::{self, DivisionCode},
    extract::{Json, Path, json},
    input::slug,
    problem::{ApiError, ApiResult},
};

use super::{manager, manager_of, points::current};
use crate::{
    app::App,
    domain::{PointRow, index_text},
    store,
    wire::{ItemsInput, Point, PointInput, read_items, read_point},
};

/// 设立或更改捐赠接收点 · Adds or changes a point, which also confirms it.
#[utoipa::path(put, path = "/points/{id}", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), request_body = PointInput, responses((status = 200, body = Point)))]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = manager(&app, &credential)?;
    let id = slug(&Value::String(id)).map_err(|_| ApiError::not_found())?;
    let point = body.read(|o| read_point(&id, o, now.timestamp()))?;
    staff.require_area(&point.division_code)?;
    let before = store::points::read(&app.db, &id).await?.map(|before| before.head.division_code);
    if let Some(before) = &before {
        staff.require_area(before)?;
    }
    let division = before.unwrap_or(point.division_code);
    if !store::points::put(&app.db, &point, (words(&point), &division), now, &staff.subject).await? {
        return Err(ApiError::changed_meanwhile());
    }
    json(StatusCode::OK, &current(&app, &id, app.moment(now)?).await?)
}

/// What free text finds a point by.
pub(super) fn words(point: &PointRow) -> String {
    let division = division_names(&point.division_code);
    index_text(&[&point.name, &point.operator, &point.address, &division])
}

/// The names of the division and of those it lies in, without the city's.
fn division_names(division: &DivisionCode) -> String {
    let name = divisions::full_name(division).unwrap_or_default();
    name.strip_prefix("上海市").unwrap_or(&name).to_owned()
}

/// 撤销捐赠接收点 · Removes a point; pledges made to it keep their way.
#[utoipa::path(delete, path = "/points/{id}", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), responses((status = 204)))]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let (staff, point) = manager_of(&app, &credential, &id).await?;
    let which = (id.as_str(), &point.head.division_code);
    if !store::points::remove(&app.db, which, Utc::now(), &staff.subject).await? {
        return Err(why_not(&app, &id).await?);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// 确认信息无误 · Confirms that a point is as it says.
#[utoipa::path(post, path = "/points/{id}/confirm", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), responses((status = 200, body = Point)))]
pub(crate) async fn confirm(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let (staff, point) = manager_of(&app, &credential, &id).await?;
    let which = (id.as_str(), &point.head.division_code);
    if !store::points::confirm(&app.db, which, now, &staff.subject).await? {
        return Err(why_not(&app, &id).await?);
    }
    json(StatusCode::OK, &current(&app, &id, app.moment(now)?).await?)
}

/// 更新物品状态 · Changes what a point says of some items, which also confirms it.
#[utoipa::path(patch, path = "/points/{id}/items", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), request_body = ItemsInput, responses((status = 200, body = Point)))]
pub(crate) async fn set_items(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let (staff, point) = manager_of(&app, &credential, &id).await?;
    let items = body.read(|o| read_items(o, now.timestamp()))?;
    let which = (id.as_str(), &point.head.division_code);
    if !store::points::set_items(&app.db, which, &items, now, &staff.subject).await? {
        return Err(why_not(&app, &id).await?);
    }
    json(StatusCode::OK, &current(&app, &id, app.moment(now)?).await?)
}

/// Why a point was not changed: it is gone, or not where it was when its area was looked at.
async fn why_not(app: &App, id: &str) -> ApiResult<ApiError> {
    let is_there = store::points::read(&app.db, id).await?.is_some_and(|point| !point.is_removed);
    Ok(if is_there { ApiError::changed_meanwhile() } else { ApiError::not_found() })
}
