use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, header};
use shared::{
    calendar, divisions,
    extract::{Path, Query, cacheable_json},
    input::choice,
    instant::Instant,
    problem::{ApiError, ApiResult},
};

use super::{PUBLIC, alerts};
use crate::{
    app::App,
    domain::{Household, RoomFilter, RoomType, SubsidyRule},
    store::{self, institutions::Stored},
    wire::{CountsView, DistrictSupply, Institution, Now, Summary, Supply, etag, read_question},
};

/// 一家养老机构 · One institution.
#[utoipa::path(get, path = "/institutions/{id}", tag = "institutions",
    params(("id" = String, Path), ("care_level" = Option<u8>, Query, minimum = 0, maximum = 6),
           ("household_division_code" = Option<String>, Query,
            description = "With `care_level`: the subsidy is worked out")),
    responses((status = 200, body = Institution), (status = 304, description = "Unchanged")))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now();
    let question = query.read(read_question)?;
    alerts::settle(&app, now).await?;
    cacheable_json(&headers, PUBLIC, &current(&app, &id, question, now).await?)
}

/// An institution that is still there, as it is at a moment.
pub(super) async fn current(
    app: &App,
    id: &str,
    (filter, household): (RoomFilter, Option<Household>),
    now: DateTime<Utc>,
) -> ApiResult<Institution> {
    let stored = store::institutions::read(&app.db, id).await?.filter(|stored| !stored.is_removed);
    let Stored { head, rooms, .. } = stored.ok_or_else(ApiError::not_found)?;
    let today = calendar::day_of(now);
    let rule = household.map(|household| SubsidyRule::new(&app.rules, household, today));
    let rule = rule.transpose().map_err(ApiError::internal)?;
    let subsidy = rule.map(|rule| rule.of(&head.division_code));
    let now = Now::of(&rooms, (&filter, subsidy), None, app.moment(now)?);
    Ok(Institution { head, now })
}

/// 床位数 · The beds of one room type; `ETag` is what `If-Match` takes where they are changed.
#[utoipa::path(get, path = "/institutions/{id}/rooms/{room_type}/counts", tag = "institutions",
    params(("id" = String, Path), ("room_type" = RoomType, Path)),
    responses((status = 200, body = CountsView)))]
pub(crate) async fn counts(
    State(app): State<Arc<App>>,
    Path((id, room_type)): Path<(String, String)>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let room_type = of_path(&room_type)?;
    alerts::settle(&app, now).await?;
    let stored =
        store::institutions::counts(&app.db, &id, room_type).await?.ok_or_else(ApiError::not_found)?;
    counts_view(&app, (&id, room_type), &stored.counts, now)
}

/// The room type in a path; any other is a thing that doesn't exist.
pub(super) fn of_path(word: &str) -> ApiResult<RoomType> {
    choice(RoomType::WORDS)(&word.into()).map_err(|_| ApiError::not_found())
}

/// Counts with their `ETag`; nobody keeps them.
pub(super) fn counts_view(
    app: &App,
    (id, room_type): (&str, RoomType),
    counts: &crate::domain::Counts,
    now: DateTime<Utc>,
) -> ApiResult<Response> {
    let view = CountsView::of(id, room_type, counts, app.moment(now)?);
    let mut response = shared::extract::json(http::StatusCode::OK, &view)?;
    let tag = HeaderValue::from_str(&etag(counts.version)).map_err(ApiError::internal)?;
    response.headers_mut().insert(header::ETAG, tag);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// 各区床位汇总 · Beds by district.
#[utoipa::path(get, path = "/summary", tag = "institutions",
    params(("by" = Option<String>, Query, description = "`district`, the only one")),
    responses((status = 200, body = Summary), (status = 304, description = "Unchanged")))]
pub(crate) async fn summary(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now();
    query.read(|q| q.optional("by", choice(&[("district", ())])))?;
    alerts::settle(&app, now).await?;
    let (ages, seconds) = app.moment(now)?;
    let found = store::institutions::supply(&app.db, ages.stale_before(seconds), None).await?;
    let mut total = Supply::default();
    let mut oldest: Option<i64> = None;
    let items = found.into_iter().map(|row| {
        total.institutions += row.institutions;
        total.maximum += row.maximum;
        total.occupied += row.occupied;
        total.reserved += row.reserved;
        total.available += row.available;
        total.stale_institutions += row.stale;
        oldest = [oldest, row.confirmed_at].into_iter().flatten().min();
        DistrictSupply {
            division_code: row.district.to_string(),
            name: divisions::find(&row.district).map_or("", |division| division.name).to_owned(),
            supply: Supply {
                institutions: row.institutions,
                maximum: row.maximum,
                occupied: row.occupied,
                reserved: row.reserved,
                available: row.available,
                stale_institutions: row.stale,
                confirmed_at: row.confirmed_at.map(Instant::at),
            },
        }
    });
    let items = items.collect();
    total.confirmed_at = oldest.map(Instant::at);
    cacheable_json(&headers, PUBLIC, &Summary { by: "district", items, total })
}
