use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::Utc;
use http::HeaderMap;
use shared::{
    extract::{Query, cacheable, cacheable_geojson},
    problem::ApiResult,
};

use super::PUBLIC;
use crate::{
    app::App,
    domain::{Hit, Rank},
    store,
    wire::{FeatureCollection, Moment, Points, PointsQuery, feature_page, points_page},
};

/// 查找捐赠接收点 · Donation points, nearest first where `near` is given.
///
/// 各条件同时满足 · Filters AND together. `item`: points that accept or urgently need it. `q`: names, operators, addresses
/// and divisions, in Chinese, Latin letters or pinyin.
#[utoipa::path(get, path = "/points", tag = "points",
    params(("near" = Option<String>, Query, description = "`lat,lon`, WGS 84"),
           ("radius_m" = Option<u32>, Query, description = "1 to 150000, with `near`", minimum = 1, maximum = 150_000),
           ("bbox" = Option<String>, Query, description = "`west,south,east,north`, WGS 84"),
           ("division_code" = Option<String>, Query, description = "GB/T 2260 · e.g. 310104"),
           ("item" = Option<crate::domain::Item>, Query),
           ("open_at" = Option<String>, Query, description = "`now` or an instant with offset"),
           ("q" = Option<String>, Query, description = "1 to 100 characters", max_length = 100),
           ("stale" = Option<bool>, Query, description = "Points that nobody has confirmed for long, or only others"),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Points), (status = 304, description = "Unchanged")))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let moment = app.moment(Utc::now())?;
    let asked = query.read(|q| PointsQuery::read(q, (20, 100), moment))?;
    let (hits, next) = find(&app, &asked, moment).await?;
    cacheable(&headers, PUBLIC, points_page(&hits, next.as_ref(), moment)?)
}

/// 地图数据 · Points as GeoJSON (RFC 7946).
#[utoipa::path(get, path = "/points.geojson", tag = "points",
    params(("bbox" = Option<String>, Query, description = "`west,south,east,north`, WGS 84"),
           ("division_code" = Option<String>, Query, description = "GB/T 2260 · e.g. 310104"),
           ("near" = Option<String>, Query, description = "`lat,lon`, WGS 84"),
           ("radius_m" = Option<u32>, Query, description = "1 to 150000, with `near`", minimum = 1, maximum = 150_000),
           ("item" = Option<crate::domain::Item>, Query),
           ("open_at" = Option<String>, Query, description = "`now` or an instant with offset"),
           ("q" = Option<String>, Query, description = "1 to 100 characters", max_length = 100),
           ("stale" = Option<bool>, Query, description = "Points that nobody has confirmed for long, or only others"),
           ("limit" = Option<u32>, Query, description = "1 to 5000, 1000 where it isn't given", minimum = 1,
            maximum = 5000),
           ("cursor" = Option<String>, Query)),
    responses((status = 200, body = FeatureCollection, content_type = "application/geo+json"),
              (status = 304, description = "Unchanged")))]
pub(crate) async fn geojson(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let moment = app.moment(Utc::now())?;
    let asked = query.read(|q| PointsQuery::read(q, (1_000, 5_000), moment))?;
    let (hits, next) = find(&app, &asked, moment).await?;
    cacheable_geojson(&headers, PUBLIC, feature_page(&hits, next.as_ref(), moment)?)
}

async fn find(app: &App, asked: &PointsQuery, moment: Moment) -> ApiResult<(Vec<Hit>, Option<Rank>)> {
    let search = &asked.search;
    let groups = app.copies.groups(&app.db).await?;
    let matches = match &asked.text {
        Some(expression) => {
            let within = (search.area.division(), search.area.bounds());
            Some(store::cells::matches(&app.db, expression, within).await?)
        }
        None => None,
    };
    let mut hits = search.hits();
    for (least, group) in search.area.order(&groups) {
        if hits.are_complete(least) {
            break;
        }
        if matches.as_ref().is_some_and(|matches| !group.has_one_of(&matches.cells)) {
            continue;
        }
        let block = app.copies.block(group, async || store::cells::read(&app.db, group).await).await?;
        let allowed = matches.as_ref().map(|matches| &matches.ids);
        search.judge((&block, allowed), moment.now.timestamp(), &mut hits);
    }
    Ok(search.page(hits))
}
