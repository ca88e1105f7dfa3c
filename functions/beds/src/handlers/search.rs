use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use http::HeaderMap;
use shared::{
    calendar,
    extract::{Query, cacheable, cacheable_geojson},
    map::Rank,
    problem::{ApiError, ApiResult},
};

use super::{PUBLIC, alerts};
use crate::{
    app::App,
    domain::{Hit, RoomFilter, Search, SubsidyRule},
    store,
    wire::{FeatureCollection, Institutions, InstitutionsQuery, Moment, Page},
};

/// 查找养老床位 · Institutions with their rooms and vacancies.
///
/// 各条件同时满足，且须有一种房型同时满足房间条件 · Filters AND together; of `care_level`, `room_type`, `max_monthly_fen` and
/// `min_available` one room type has to fulfil all. Rooms whose counts are stale have no vacancy.
#[utoipa::path(get, path = "/institutions", tag = "institutions",
    params(("near" = Option<String>, Query, description = "`lat,lon`, WGS 84"),
           ("radius_m" = Option<u32>, Query, description = "1 to 150000, with `near`", minimum = 1, maximum = 150_000),
           ("bbox" = Option<String>, Query, description = "`west,south,east,north`, WGS 84"),
           ("division_code" = Option<String>, Query, description = "GB/T 2260 · e.g. 310104"),
           ("care_level" = Option<u8>, Query, description = "照护等级 · 0 to 6", minimum = 0, maximum = 6),
           ("room_type" = Option<crate::domain::RoomType>, Query),
           ("max_monthly_fen" = Option<i64>, Query, description = "最高月费 · fen a month"),
           ("min_available" = Option<u32>, Query, description = "至少空余床位 · vacant beds in one room type"),
           ("feature" = Option<String>, Query, description = "All of these, with commas between them: dementia_care, \
            long_term_care_insurance, medical_care, short_stay, day_care, meals"),
           ("ownership" = Option<crate::domain::Ownership>, Query),
           ("q" = Option<String>, Query, description = "名称、运营单位或地址中的文字 · Text in name, operator or address",
            max_length = 100),
           ("household_division_code" = Option<String>, Query,
            description = "户籍所在区划，与 care_level 一起给出时计算补贴 · With `care_level`: the subsidy is worked out"),
           ("sort" = Option<crate::wire::SortBy>, Query, description = "`distance` where `near` is given"),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Institutions), (status = 304, description = "Unchanged")))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now();
    let asked = query.read(|q| InstitutionsQuery::read(q, (20, 100)))?;
    let moment = app.moment(now)?;
    let (hits, next) = find(&app, &asked.search, moment, now).await?;
    count(&app, &asked, &hits, moment, now);
    let subsidy = subsidy(&app, &asked, now)?;
    let page = Page { search: &asked.search, subsidy: subsidy.as_ref(), next: next.as_ref(), moment };
    cacheable(&headers, PUBLIC, page.institutions(&hits)?)
}

/// 地图数据 · Institutions as GeoJSON (RFC 7946), with the filters of the search.
#[utoipa::path(get, path = "/institutions.geojson", tag = "institutions",
    params(("near" = Option<String>, Query, description = "`lat,lon`, WGS 84"),
           ("radius_m" = Option<u32>, Query, description = "1 to 150000, with `near`", minimum = 1, maximum = 150_000),
           ("bbox" = Option<String>, Query, description = "`west,south,east,north`, WGS 84"),
           ("division_code" = Option<String>, Query, description = "GB/T 2260 · e.g. 310104"),
           ("care_level" = Option<u8>, Query, minimum = 0, maximum = 6),
           ("room_type" = Option<crate::domain::RoomType>, Query),
           ("max_monthly_fen" = Option<i64>, Query), ("min_available" = Option<u32>, Query),
           ("feature" = Option<String>, Query), ("ownership" = Option<crate::domain::Ownership>, Query),
           ("q" = Option<String>, Query, max_length = 100),
           ("household_division_code" = Option<String>, Query),
           ("sort" = Option<crate::wire::SortBy>, Query),
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
    let now = Utc::now();
    let asked = query.read(|q| InstitutionsQuery::read(q, (1_000, 5_000)))?;
    let moment = app.moment(now)?;
    let (hits, next) = find(&app, &asked.search, moment, now).await?;
    let subsidy = subsidy(&app, &asked, now)?;
    let page = Page { search: &asked.search, subsidy: subsidy.as_ref(), next: next.as_ref(), moment };
    cacheable_geojson(&headers, PUBLIC, page.features(&hits)?)
}

async fn find(
    app: &App,
    search: &Search,
    moment: Moment,
    now: DateTime<Utc>,
) -> ApiResult<(Vec<Hit>, Option<Rank>)> {
    alerts::settle(app, now).await?;
    let groups = app.copies.groups(&app.db).await?;
    let mut hits = search.walk.hits();
    for (least, group) in search.walk.area.order(&groups) {
        if hits.are_complete(least) {
            break;
        }
        let read = async || store::institutions::group(&app.db, group).await;
        search.judge(&app.copies.block(group, read).await?, moment, &mut hits);
    }
    Ok(search.walk.page(hits))
}

fn subsidy<'a>(
    app: &'a App,
    asked: &InstitutionsQuery,
    now: DateTime<Utc>,
) -> ApiResult<Option<SubsidyRule<'a>>> {
    let today = calendar::day_of(now);
    let rule = asked.household.map(|household| SubsidyRule::new(&app.rules, household, today));
    rule.transpose().map_err(ApiError::internal)
}

/// Counts a search for a bed, without anything of who searches: its care level, the district, and whether the first page
/// shows a vacancy.
fn count(app: &App, asked: &InstitutionsQuery, hits: &[Hit], (ages, seconds): Moment, now: DateTime<Utc>) {
    let (search, area) = (&asked.search, &asked.search.walk.area);
    let Some(level) = search.rooms.care_level.filter(|_| search.walk.after.is_none()) else { return };
    let rooms =
        RoomFilter { min_available: Some(search.rooms.min_available.unwrap_or(1).max(1)), ..search.rooms };
    let mut homes = hits.iter().filter_map(Hit::item);
    let nearest = homes.clone().next().map(|home| home.facts().division);
    let has_vacancy = homes.any(|home| home.parts().iter().any(|room| rooms.fits(room, ages, seconds)));
    let district = area.division().copied().or(nearest.filter(|_| area.near().is_some()));
    app.demand.count((level, district, has_vacancy), now);
}
