//! What every function answers about itself: its health, its rules, its audit log, its document.

use std::sync::Arc;

use axum::{Router, extract::State, response::Response, routing::get};
use chrono::{NaiveDate, Utc};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    audit::{self, Entry, Filter},
    auth::{Credential, Role, StaffVerifier},
    calendar,
    extract::{Query, cacheable, cacheable_json, json},
    input::{day, instant, integer, text},
    paging::page,
    problem::ApiResult,
    rules::Citation,
    store::Db,
};

/// How long readers may keep the rules and the document.
const PUBLIC: &str = "public, max-age=300";

/// The state of a function, as the routes that all functions have need it.
pub trait Function: Send + Sync + 'static {
    /// Its OpenAPI document.
    const OPENAPI: &'static [u8];

    /// Its database.
    fn db(&self) -> &Db;

    /// Who checks staff tokens.
    fn staff(&self) -> &StaffVerifier;

    /// The parameters in force on a day.
    fn rules_in_force(&self, on: NaiveDate) -> Vec<Citation>;

    /// Fails where one of its stores doesn't answer.
    fn touch(&self) -> impl Future<Output = ApiResult<()>> + Send;
}

/// The routes that all functions have. The comments of their handlers are the OpenAPI text.
pub fn routes<F: Function>() -> Router<Arc<F>> {
    Router::new()
        .route("/rules", get(rules::<F>))
        .route("/audit", get(audit_log::<F>))
        .route("/audit/verify", get(verify_audit::<F>))
        .route("/health", get(health::<F>))
        .route("/openapi.json", get(openapi::<F>))
}

/// 健康检查 · Whether the function and its stores answer.
#[utoipa::path(get, path = "/health", tag = "meta", responses((status = 200, body = Health)))]
pub async fn health<F: Function>(State(app): State<Arc<F>>) -> ApiResult<Response> {
    app.touch().await?;
    json(StatusCode::OK, &Health { status: "ok" })
}

/// 适用规则 · The dated parameters in force on a day, with their sources.
///
/// `as_of` 默认为今天 · `as_of` defaults to today.
#[utoipa::path(get, path = "/rules", tag = "meta",
    params(("as_of" = Option<chrono::NaiveDate>, Query)),
    responses((status = 200, body = RulesInForce)))]
pub async fn rules<F: Function>(
    State(app): State<Arc<F>>,
    headers: HeaderMap,
    query: Query,
) -> ApiResult<Response> {
    let as_of = query.read(|q| q.optional("as_of", day))?.unwrap_or(calendar::day_of(Utc::now()));
    cacheable_json(&headers, PUBLIC, &RulesInForce { as_of, items: app.rules_in_force(as_of) })
}

/// 审计日志 · The audit log, for auditors.
#[utoipa::path(get, path = "/audit", tag = "audit", security(("staff" = [])),
    params(("actor" = Option<String>, Query), ("subject" = Option<String>, Query),
           ("from" = Option<chrono::DateTime<chrono::FixedOffset>>, Query),
           ("to" = Option<chrono::DateTime<chrono::FixedOffset>>, Query),
           ("limit" = Option<u32>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = AuditEntries)))]
pub async fn audit_log<F: Function>(
    State(app): State<Arc<F>>,
    credential: Credential,
    query: Query,
) -> ApiResult<Response> {
    json(StatusCode::OK, &audit_page(app.db(), (&credential, app.staff()), &query).await?)
}

/// 校验审计日志 · Whether the hash chain of the audit log holds.
#[utoipa::path(get, path = "/audit/verify", tag = "audit", security(("staff" = [])),
    responses((status = 200, body = audit::Verification)))]
pub async fn verify_audit<F: Function>(
    State(app): State<Arc<F>>,
    credential: Credential,
) -> ApiResult<Response> {
    credential.staff_with(app.staff(), &[Role::Auditor])?;
    json(StatusCode::OK, &audit::verify(app.db()).await?)
}

/// The OpenAPI document.
async fn openapi<F: Function>(headers: HeaderMap) -> ApiResult<Response> {
    cacheable(&headers, PUBLIC, F::OPENAPI.into())
}

/// 状态 · The function and its stores answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    pub status: &'static str,
}

/// 适用规则 · The dated parameters in force on a day, with their sources.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulesInForce {
    /// The day.
    pub as_of: NaiveDate,
    /// The parameters.
    pub items: Vec<Citation>,
}

/// 审计记录 · Entries of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntries {
    /// In order.
    pub items: Vec<Entry>,
    /// Where the next page begins; `null` on the last.
    pub next_cursor: Option<String>,
}

async fn audit_page(
    db: &Db,
    (credential, verifier): (&Credential, &StaffVerifier),
    query: &Query,
) -> ApiResult<AuditEntries> {
    credential.staff_with(verifier, &[Role::Auditor])?;
    let filter = query.read(|q| {
        let actor = q.optional("actor", text(1..=100));
        let subject = q.optional("subject", text(1..=100));
        let from = q.optional("from", instant);
        let to = q.optional("to", instant);
        let limit = q.optional("limit", integer(1..=100));
        let after = q.optional("cursor", integer(0..=i64::MAX));
        Some(Filter {
            actor: actor?,
            subject: subject?,
            from: from?.map(|at| at.to_utc()),
            to: to?.map(|at| at.to_utc()),
            after: after?.unwrap_or(0),
            limit: limit?.unwrap_or(20),
        })
    })?;
    let more = Filter { limit: filter.limit + 1, ..filter };
    let (items, next_cursor) =
        page(audit::read(db, &more).await?, filter.limit, |entry| entry.seq.to_string());
    Ok(AuditEntries { items, next_cursor })
}
