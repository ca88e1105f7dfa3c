//! What every function answers about itself: its health, its rules, its audit log.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    audit::{self, Entry, Filter},
    auth::{Credential, Role, StaffVerifier},
    extract::Query,
    input::{instant, integer, text},
    paging::page,
    problem::ApiResult,
    rules::Citation,
    store::Db,
};

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

/// The page of the audit log that an auditor asks for: `actor`, `subject`, `from`, `to`, `limit`, `cursor`.
///
/// # Errors
/// 401 or 403 for everybody else, 422 for a faulty query; the store fails.
pub async fn audit_page(
    db: &Db,
    (credential, verifier): (&Credential, &StaffVerifier),
    query: &Query,
) -> ApiResult<AuditEntries> {
    credential.staff(verifier)?.require(&[Role::Auditor])?;
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

/// Whether the hash chain of the audit log holds, for an auditor.
///
/// # Errors
/// 401 or 403 for everybody else; the store fails.
pub async fn verify_audit(
    db: &Db,
    (credential, verifier): (&Credential, &StaffVerifier),
) -> ApiResult<audit::Verification> {
    credential.staff(verifier)?.require(&[Role::Auditor])?;
    audit::verify(db).await
}
