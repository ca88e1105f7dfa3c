use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::Utc;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use shared::{
    auth::Credential,
    extract::{Json, Path, Query, cacheable_json, json},
    input::slug,
    paging::page,
    problem::{ApiError, ApiResult},
};

use super::{
    PUBLIC,
    access::{self, manager, require_district, require_organisation},
};
use crate::{
    app::App,
    domain::OpportunityStatus,
    store,
    wire::{
        Opportunity, OpportunityNow, Organisation, OrganisationInput, Organisations, OrganisationsQuery,
        OwnOpportunities, read_organisation, read_own_opportunities,
    },
};

/// 志愿服务组织 · Organisations that volunteers serve with.
#[utoipa::path(get, path = "/organisations", tag = "opportunities",
    params(("division_code" = Option<String>, Query, description = "GB/T 2260 · e.g. 310104"),
           ("q" = Option<String>, Query, description = "名称中的文字 · Text in the name", max_length = 100),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Organisations), (status = 304, description = "Unchanged")))]
pub(crate) async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let asked = query.read(OrganisationsQuery::read)?;
    let wanted = (asked.cursor.as_str(), asked.limit + 1);
    let found = store::organisations::list(&app.db, wanted, (asked.division.as_ref(), &asked.text)).await?;
    let (items, next_cursor) = page(found, asked.limit, |last| last.id.clone());
    cacheable_json(&headers, PUBLIC, &Organisations { items, next_cursor })
}

/// 一个志愿服务组织 · One organisation.
#[utoipa::path(get, path = "/organisations/{id}", tag = "opportunities", params(("id" = String, Path)),
    responses((status = 200, body = Organisation), (status = 304, description = "Unchanged")))]
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let found = store::organisations::read(&app.db, &id).await?.ok_or_else(ApiError::not_found)?;
    cacheable_json(&headers, PUBLIC, &found)
}

/// 设立或更改志愿服务组织 · Adds or changes an organisation.
#[utoipa::path(put, path = "/organisations/{id}", tag = "staff", params(("id" = String, Path)),
    security(("staff" = [])), request_body = OrganisationInput, responses((status = 200, body = Organisation)))]
pub(crate) async fn put(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    body: Json,
) -> ApiResult<Response> {
    let staff = manager(&app, &credential)?;
    let id = slug(&Value::String(id)).map_err(|_| ApiError::not_found())?;
    let wanted = body.read(|o| read_organisation(&id, o))?;
    require_organisation(&staff, &id, &wanted.division_code)?;
    let before = store::organisations::read(&app.db, &id).await?;
    let division = match &before {
        Some(before) => {
            require_organisation(&staff, &id, &before.division_code)?;
            before.division_code
        }
        None => {
            // An organisation doesn't set itself up.
            require_district(&staff)?;
            wanted.division_code
        }
    };
    if !store::organisations::put(&app.db, &wanted, &division, Utc::now(), &staff.subject).await? {
        return Err(ApiError::changed_meanwhile());
    }
    json(StatusCode::OK, &wanted)
}

/// 本组织项目 · What an organisation offers or offered, drafts included.
#[utoipa::path(get, path = "/organisations/{id}/opportunities", tag = "staff", security(("staff" = [])),
    params(("id" = String, Path), ("status" = Option<OpportunityStatus>, Query),
           ("limit" = Option<u32>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = OwnOpportunities)))]
pub(crate) async fn opportunities(
    State(app): State<Arc<App>>,
    credential: Credential,
    Path(id): Path<String>,
    query: Query,
) -> ApiResult<Response> {
    let now = Utc::now().timestamp();
    let staff = manager(&app, &credential)?;
    access::organisation(&app, &staff, &id).await?;
    let (status, after, limit) = query.read(read_own_opportunities)?;
    let found = store::opportunities::list(&app.db, (&id, status), (after, limit + 1)).await?;
    let (found, next_cursor) = page(found, limit, |last| last.no.to_string());
    let items = found.into_iter().map(|stored| Opportunity {
        now: OpportunityNow::of(stored.shifts.iter(), None, None, now),
        status: stored.status,
        head: stored.head,
    });
    json(StatusCode::OK, &OwnOpportunities { items: items.collect(), next_cursor })
}
