use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::Utc;
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;
use shared::{
    auth::Credential,
    extract::{Json, Path, json},
    i18n::Text,
    input::{Rejection, slug},
    problem::{ApiError, ApiResult},
};

use super::{
    ATTEMPTS,
    access::{district_manager, managed, manager, require_district, require_institution},
    alerts,
    institutions::{counts_view, current, of_path},
};
use crate::{
    app::App,
    domain::RoomFilter,
    store::{self, institutions::StoredCounts},
    wire::{CountsInput, CountsView, Institution, InstitutionInput, read_counts, read_home},
};

/// 设立或更改养老机构 · Adds or changes an institution.
///
/// 已有房型的床位数不变，另行更新 · The counts of rooms that are known stay as they are: they have a route of their own.
#[utoipa::path(put, path = "/institutions/{id}", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), request_body = InstitutionInput, responses((status = 200, body = Institution)))]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = manager(&app, &credential)?;
    let id = slug(&Value::String(id)).map_err(|_| ApiError::not_found())?;
    let home = body.read(|o| read_home(&id, o))?;
    require_institution(&staff, &id, &home.division_code)?;
    let before = store::institutions::read(&app.db, &id).await?;
    if let Some(before) = &before {
        require_institution(&staff, &id, &before.head.division_code)?;
    }
    if before.as_ref().is_none_or(|before| before.is_removed) {
        // A home neither sets itself up nor comes back by itself.
        require_district(&staff)?;
    }
    let division = before.map_or(home.division_code, |before| before.head.division_code);
    let allowed = (&division, staff.institution.is_none());
    if !store::institutions::put(&app.db, &home, allowed, now, &staff.subject).await? {
        let read = store::institutions::read(&app.db, &id).await?;
        let moved = read.is_none_or(|stored| stored.is_removed || stored.head.division_code != division);
        return Err(if moved { ApiError::changed_meanwhile() } else { room_in_use() });
    }
    alerts::tell_or_warn(&app, now).await;
    json(StatusCode::OK, &current(&app, &id, (RoomFilter::default(), None), now).await?)
}

/// Rooms that are in use are to go.
pub(super) fn room_in_use_fault() -> Rejection {
    Rejection::new(
        "room_in_use",
        "有床位已入住、已保留或有人轮候，不能撤销该房型。",
        "Beds there are occupied or kept, or somebody waits for them: the rooms can't go.",
    )
}

fn room_in_use() -> ApiError {
    let Rejection { code, message } = room_in_use_fault();
    ApiError::conflict(code, message)
}

/// 撤销养老机构 · Removes an institution that nobody lies in or waits for.
#[utoipa::path(delete, path = "/institutions/{id}", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), responses((status = 204)))]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = district_manager(&app, &credential)?;
    let stored = managed(&app, &staff, &id).await?;
    let division = stored.head.division_code;
    if !store::institutions::remove(&app.db, (&id, &division), now, &staff.subject).await? {
        let read = store::institutions::read(&app.db, &id).await?.filter(|stored| !stored.is_removed);
        let stored = read.ok_or_else(ApiError::not_found)?;
        let moved = stored.head.division_code != division;
        return Err(if moved { ApiError::changed_meanwhile() } else { room_in_use() });
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// 更新床位数 · Sets the beds of one room type, which also confirms them; the same numbers again only confirm.
#[utoipa::path(put, path = "/institutions/{id}/rooms/{room_type}/counts", tag = "staff",
    params(("id" = String, Path), ("room_type" = crate::domain::RoomType, Path),
           ("If-Match" = String, Header, description = "The `ETag` of the counts that were read")),
    security(("staff" = [])), request_body = CountsInput, responses((status = 200, body = CountsView)))]
pub(crate) async fn set_counts(
    State(app): State<Arc<App>>,
    credential: Credential,
    headers: HeaderMap,
    Path((id, room_type)): Path<(String, String)>,
    body: Json,
) -> ApiResult<Response> {
    let now = Utc::now();
    let staff = manager(&app, &credential)?;
    let room_type = of_path(&room_type)?;
    // Offers that ran out are no reason to refuse.
    alerts::settle_now(&app, now).await?;
    let read = async || {
        let stored = store::institutions::counts(&app.db, &id, room_type).await?;
        stored.ok_or_else(ApiError::not_found)
    };
    let mut stored = read().await?;
    require_institution(&staff, &id, &stored.division)?;
    let versions = if_match(&headers)?;
    let (maximum, occupied) = body.read(read_counts)?;
    for _ in 0..ATTEMPTS {
        let StoredCounts { counts, placed, .. } = stored;
        if !versions.contains(&counts.version) {
            return Err(ApiError::precondition_failed());
        }
        if occupied + counts.reserved > maximum || occupied < placed {
            return Err(inconsistent(counts.reserved, placed));
        }
        let room = (id.as_str(), room_type, counts.version);
        let beds = (maximum, occupied);
        if let Some(set) = store::institutions::set_counts(&app.db, room, beds, now, &staff.subject).await? {
            alerts::tell_or_warn(&app, now).await;
            return counts_view(&app, (&id, room_type), &set, now);
        }
        stored = read().await?;
    }
    Err(ApiError::unavailable("the counts of a room kept changing"))
}

fn inconsistent(reserved: i64, placed: i64) -> ApiError {
    ApiError::conflict(
        "counts_inconsistent",
        Text::of(
            format!("另有 {reserved} 张床位已保留，且至少 {placed} 张床位由经本系统入住的老人使用。"),
            format!(
                "{reserved} beds are kept for offers, and at least {placed} are taken by people placed here."
            ),
        ),
    )
}

/// The versions that `If-Match` names.
fn if_match(headers: &HeaderMap) -> ApiResult<Vec<i64>> {
    let values = headers.get_all(header::IF_MATCH).iter().filter_map(|value| value.to_str().ok());
    let tags: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    // `*` names no version: whoever sends it hasn't looked.
    if tags.iter().all(|tag| tag.is_empty() || *tag == "*") {
        return Err(ApiError::precondition_required());
    }
    let version = |tag: &str| tag.strip_prefix('"')?.strip_suffix('"')?.parse().ok();
    Ok(tags.into_iter().filter_map(version).collect())
}
