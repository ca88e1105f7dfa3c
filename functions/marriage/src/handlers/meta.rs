use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::Utc;
use http::{HeaderMap, StatusCode};
use shared::{
    audit,
    auth::{Credential, Role},
    calendar,
    extract::{Query, cacheable, cacheable_json, json},
    input::{day, instant, integer, text},
    problem::{ApiError, ApiResult},
};

use crate::{
    app::App,
    store,
    wire::{AuditEntries, Health, RulesInForce},
};

/// 健康检查 · Whether the function and its stores answer.
#[utoipa::path(get, path = "/health", tag = "meta", responses((status = 200, body = Health)))]
pub(crate) async fn health(State(app): State<Arc<App>>) -> ApiResult<Response> {
    store::offices::touch(&app.db).await?;
    app.copies.exists("offices").await.map_err(ApiError::unavailable)?;
    json(StatusCode::OK, &Health { status: "ok" })
}

/// 适用规则 · The dated parameters in force on a day, with their sources.
///
/// `as_of` 默认为今天 · `as_of` defaults to today.
#[utoipa::path(get, path = "/rules", tag = "meta",
    params(("as_of" = Option<chrono::NaiveDate>, Query)),
    responses((status = 200, body = RulesInForce)))]
pub(crate) async fn rules(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let as_of = query.read(|q| q.optional("as_of", day))?.unwrap_or(calendar::day_of(Utc::now()));
    let items = app.rules.in_force(as_of).map(|applied| applied.cite()).collect();
    cacheable_json(&headers, "public, max-age=300", &RulesInForce { as_of, items })
}

/// 审计日志 · The audit log, for auditors.
#[utoipa::path(get, path = "/audit", tag = "audit", security(("staff" = [])),
    params(("actor" = Option<String>, Query), ("subject" = Option<String>, Query),
           ("from" = Option<chrono::DateTime<chrono::FixedOffset>>, Query),
           ("to" = Option<chrono::DateTime<chrono::FixedOffset>>, Query),
           ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = AuditEntries)))]
pub(crate) async fn audit_log(
    State(app): State<Arc<App>>,
    credential: Credential,
    query: Query,
) -> ApiResult<Response> {
    credential.staff(&app.staff)?.require(&[Role::Auditor])?;
    let filter = query.read(|q| {
        let actor = q.optional("actor", text(1..=100));
        let subject = q.optional("subject", text(1..=100));
        let from = q.optional("from", instant);
        let to = q.optional("to", instant);
        let limit = q.optional("limit", integer(1..=100));
        let after = q.optional("cursor", integer(0..=i64::MAX));
        Some(audit::Filter {
            actor: actor?,
            subject: subject?,
            from: from?.map(|at| at.to_utc()),
            to: to?.map(|at| at.to_utc()),
            after: after?.unwrap_or(0),
            limit: u32::try_from(limit?.unwrap_or(20)).ok()?,
        })
    })?;
    let items = audit::read(&app.db, &filter).await?;
    let full = u32::try_from(items.len()).is_ok_and(|count| count == filter.limit);
    let next_cursor = items.last().filter(|_| full).map(|entry| entry.seq.to_string());
    json(StatusCode::OK, &AuditEntries { items, next_cursor })
}

/// 校验审计日志 · Whether the hash chain of the audit log holds.
#[utoipa::path(get, path = "/audit/verify", tag = "audit", security(("staff" = [])),
    responses((status = 200, body = audit::Verification)))]
pub(crate) async fn verify_audit(State(app): State<Arc<App>>, credential: Credential) -> ApiResult<Response> {
    credential.staff(&app.staff)?.require(&[Role::Auditor])?;
    json(StatusCode::OK, &audit::verify(&app.db).await?)
}

/// The OpenAPI document.
pub(crate) async fn openapi(headers: HeaderMap) -> ApiResult<Response> {
    cacheable(
        &headers,
        "public, max-age=300",
        include_bytes!("../../../../tests/openapi/marriage.json").into(),
    )
}
