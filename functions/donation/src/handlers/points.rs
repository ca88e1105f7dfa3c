use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::Utc;
use http::HeaderMap;
use shared::{
    extract::{Path, Query, cacheable_json},
    input::{choice, division_code, integer, slug},
    instant::Instant,
    problem::{ApiError, ApiResult},
};

use super::{PUBLIC, page};
use crate::{
    app::App,
    domain::{Item, ItemState},
    store::{self, points::Stored},
    wire::{Doors, Moment, Need, Needs, Point, PointNow},
};

/// 一个捐赠接收点 · One point.
#[utoipa::path(get, path = "/points/{id}", tag = "points", params(("id" = String, Path)),
    responses((status = 200, body = Point), (status = 304, description = "Unchanged")))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let moment = app.moment(Utc::now())?;
    cacheable_json(&headers, PUBLIC, &current(&app, &id, moment).await?)
}

/// A point that is still there, as it is at a moment.
pub(super) async fn current(app: &App, id: &str, moment: Moment) -> ApiResult<Point> {
    let stored = store::points::read(&app.db, id).await?.filter(|stored| !stored.is_removed);
    Ok(view(stored.ok_or_else(ApiError::not_found)?, moment))
}

fn view(stored: Stored, moment: Moment) -> Point {
    let doors = Doors::at(moment, &stored.head.hours);
    let now = PointNow::of((stored.items.into_iter(), doors, stored.confirmed_at), None, moment);
    Point { head: stored.head, now }
}

/// 急需物品 · What is urgently needed, and where.
#[utoipa::path(get, path = "/needs", tag = "points",
    params(("division_code" = Option<String>, Query, description = "GB/T 2260 · e.g. 310104"),
           ("item" = Option<Item>, Query),
           ("limit" = Option<u32>, Query, description = "Points, not needs", minimum = 1, maximum = 100),
           ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Needs), (status = 304, description = "Unchanged")))]
pub(crate) async fn needs(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let moment = app.moment(Utc::now())?;
    let (division, item, limit, after) = query.read(|q| {
        let division = q.optional("division_code", division_code);
        let item = q.optional("item", choice(Item::WORDS));
        let limit = q.optional("limit", integer(1..=100));
        let after = q.optional("cursor", slug);
        Some((division?, item?, limit?.unwrap_or(20), after?.unwrap_or_default()))
    })?;
    let now = moment.now.timestamp();
    let found = store::points::needs(&app.db, (&after, limit + 1), (division.as_ref(), item), now).await?;
    let (found, next_cursor) = page(found, limit, |last| last.head.id.clone());
    let points = found.into_iter().map(|stored| view(stored, moment));
    let needs = points.flat_map(|point| {
        let urgent = point.now.items.iter().filter(|status| status.state == ItemState::Urgent);
        let urgent = urgent.filter(|status| item.is_none_or(|item| item == status.item));
        let urgent: Vec<(Item, Option<Instant>)> = urgent.map(|status| (status.item, status.until)).collect();
        urgent.into_iter().map(move |(item, until)| Need { item, until, point: point.clone() })
    });
    cacheable_json(&headers, PUBLIC, &Needs { items: needs.collect(), next_cursor })
}
