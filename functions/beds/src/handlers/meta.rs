use std::sync::Arc;

use axum::{extract::State, response::Response};
use chrono::Utc;
use http::{HeaderMap, StatusCode};
use shared::{
    audit,
    auth::Credential,
    calendar,
    extract::{Query, cacheable, cacheable_json, json},
    input::day,
    meta::{self, AuditEntries, Health, RulesInForce},
    problem::ApiResult,
};

use crate::{app::App, store};

/// 健康检查 · Whether the function and its stores answer.
#[utoipa::path(get, path = "/health", tag = "meta", responses((status = 200, body = Health)))]
pub(crate) async fn health(State(app): State<Arc<App>>) -> ApiResult<Response> {
    store::institutions::touch(&app.db).await?;
    app.copies.touch().await?;
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
    json(StatusCode::OK, &meta::audit_page(&app.db, (&credential, &app.staff), &query).await?)
}

/// 校验审计日志 · Whether the hash chain of the audit log holds.
#[utoipa::path(get, path = "/audit/verify", tag = "audit", security(("staff" = [])),
    responses((status = 200, body = audit::Verification)))]
pub(crate) async fn verify_audit(State(app): State<Arc<App>>, credential: Credential) -> ApiResult<Response> {
    json(StatusCode::OK, &meta::verify_audit(&app.db, (&credential, &app.staff)).await?)
}

/// The OpenAPI document.
pub(crate) async fn openapi(headers: HeaderMap) -> ApiResult<Response> {
    cacheable(&headers, "public, max-age=300", include_bytes!("../../../../tests/openapi/beds.json").into())
}
