use std::sync::{Arc, atomic::Ordering};

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, header};
use shared::{
    auth::Credential,
    calendar,
    extract::{Path, Query, cacheable, cacheable_json},
    map::Rank,
    problem::{ApiError, ApiResult},
};

use super::{
    PUBLIC,
    access::{manager, require_organisation, whoever},
    views,
};
use crate::{
    app::App,
    domain::{Eye, Field, Hit, OpportunityStatus, Profile, Search, Skill},
    store,
    wire::{Opportunities, Opportunity, OpportunityNow, Page, SortBy, read_search},
};

/// What is worked out for one volunteer.
const PRIVATE: &str = "private, no-store";
/// How often readers look for opportunities that are over, in seconds.
const LOOK_EVERY_S: i64 = 60;

/// 查找志愿服务项目 · Opportunities with a shift to come, and those of their shifts that were asked about.
///
/// 各条件同时满足;带志愿者凭证时给出匹配理由 · Filters AND together. With a volunteer's token each says how well it fits, and why.
#[utoipa::path(get, path = "/opportunities", tag = "opportunities",
    params(("near" = Option<String>, Query, description = "`lat,lon`, WGS 84"),
           ("radius_m" = Option<u32>, Query, description = "1 to 150000, with `near`", minimum = 1, maximum = 150_000),
           ("bbox" = Option<String>, Query, description = "`west,south,east,north`, WGS 84"),
           ("division_code" = Option<String>, Query, description = "GB/T 2260 · e.g. 310104"),
           ("field" = Option<Field>, Query), ("skill" = Option<Skill>, Query, description = "Of use, or needed"),
           ("from" = Option<String>, Query, description = "A day or an instant: a shift begins from it on; now where it isn't given"),
           ("to" = Option<String>, Query, description = "A day, which is included, or an instant"),
           ("for_minors" = Option<bool>, Query, description = "适合未成年人 · Suited to minors"),
           ("available" = Option<bool>, Query, description = "`true`: only shifts with a free place"),
           ("q" = Option<String>, Query, description = "名称、组织、内容或地址中的文字 · Text in title, organisation, description or \
            address", max_length = 100),
           ("sort" = Option<SortBy>, Query, description = "`distance` where `near` is given, else `date`; `match` needs a token"),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    security((), ("capability" = [])),
    responses((status = 200, body = Opportunities), (status = 304, description = "Unchanged")))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    credential: Credential,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now();
    let volunteer = whoever(&app, &credential).await?;
    let search = query.read(|q| read_search(q, now.timestamp(), volunteer.is_some()))?;
    let profile = volunteer.map(|stored| views::profile(&app, &stored)).transpose()?;
    let eye = eye(&app, profile.as_ref(), now)?;
    let (hits, next) = find(&app, &search, eye, now).await?;
    let page = Page { search: &search, next: next.as_ref(), now: now.timestamp(), eye };
    cacheable(&headers, if eye.is_some() { PRIVATE } else { PUBLIC }, page.opportunities(&hits)?)
        .map(|response| varied(response, eye.is_some()))
}

/// A cache in between keeps what everybody may see apart from what is worked out for one.
fn varied(mut response: Response, is_private: bool) -> Response {
    if !is_private {
        let vary = HeaderValue::from_static("accept-language, authorization");
        response.headers_mut().insert(header::VARY, vary);
    }
    response
}

/// Whoever looks, with what the dated rules say of them.
fn eye<'a>(app: &App, profile: Option<&'a Profile>, now: DateTime<Utc>) -> ApiResult<Option<Eye<'a>>> {
    let Some(profile) = profile else { return Ok(None) };
    let parts = app.rules.parts(calendar::day_of(now)).map_err(ApiError::internal)?;
    Ok(Some(Eye { profile, parts, grown: app.grown(now)? }))
}

async fn find(
    app: &App,
    search: &Search,
    eye: Option<Eye<'_>>,
    now: DateTime<Utc>,
) -> ApiResult<(Vec<Hit>, Option<Rank>)> {
    settle(app, now).await?;
    let youngest = app.number("minimum_age", now)?;
    let groups = app.copies.groups(&app.db).await?;
    let mut hits = search.walk.hits();
    for (least, group) in search.walk.area.order(&groups) {
        if hits.are_complete(least) {
            break;
        }
        let read = async || store::opportunities::group(&app.db, group, youngest).await;
        search.judge(&app.copies.block(group, read).await?, (now.timestamp(), eye), &mut hits);
    }
    Ok(search.walk.page(hits))
}

/// Closes opportunities whose last shift is long over, so that searches don't walk over them for ever.
async fn settle(app: &App, now: DateTime<Utc>) -> ApiResult<()> {
    let seen = app.looked_at.load(Ordering::Relaxed);
    if now.timestamp() < seen + LOOK_EVERY_S {
        return Ok(());
    }
    app.looked_at.store(now.timestamp(), Ordering::Relaxed);
    let days = i64::from(app.number("close_after_days", now)?);
    Ok(store::opportunities::close_past(&app.db, now.timestamp() - days * 86_400, now).await?)
}

/// 一个志愿服务项目 · One opportunity with all its shifts; drafts only for the staff of their organisation.
#[utoipa::path(get, path = "/opportunities/{id}", tag = "opportunities", params(("id" = String, Path)),
    security((), ("capability" = []), ("staff" = [])),
    responses((status = 200, body = Opportunity), (status = 304, description = "Unchanged")))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    credential: Credential,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let volunteer = whoever(&app, &credential).await?;
    let stored = store::opportunities::read(&app.db, &id).await?.ok_or_else(ApiError::not_found)?;
    if stored.status == OpportunityStatus::Draft {
        let Credential::Jwt(_) = &credential else { return Err(ApiError::not_found()) };
        let staff = manager(&app, &credential)?;
        require_organisation(&staff, &stored.head.organisation_id, &stored.organisation_division)?;
    }
    let profile = volunteer.map(|stored| views::profile(&app, &stored)).transpose()?;
    let seconds = now.timestamp();
    let to_come = stored.shifts.iter().filter(|shift| shift.starts_at > seconds && !shift.is_cancelled);
    let to_come: Vec<_> = to_come.copied().collect();
    let facts = stored.facts(app.number("minimum_age", now)?);
    let eye = eye(&app, profile.as_ref(), now)?;
    let matched = eye.map(|eye| eye.profile.compare(&facts, &to_come, eye.parts, eye.grown));
    let is_private = matched.is_some() || stored.status == OpportunityStatus::Draft;
    let answer = Opportunity {
        now: OpportunityNow::of(stored.shifts.iter(), None, matched, seconds),
        status: stored.status,
        head: stored.head,
    };
    cacheable_json(&headers, if is_private { PRIVATE } else { PUBLIC }, &answer)
        .map(|response| varied(response, is_private))
}
