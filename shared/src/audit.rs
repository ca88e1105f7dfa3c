//! The audit log: who did what to whom when, in a hash chain.
//!
//! # Design
//! Triggers append a row in the statement that makes the change. SQL can't hash, so rows are sealed afterwards, in
//! order: each gets the SHA-256 of the hash before it and its own content. A compare on the last sealed number lets
//! one of two sealers win, so that the chain can't fork. Reading and verifying seal what is open first.

use chrono::{DateTime, FixedOffset, Utc};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::{
    calendar,
    privacy::hex,
    problem::{ApiError, ApiResult},
    sql,
    store::{Db, Row, Statement, StoreError, Value},
};

const READ: Statement = sql!("read_audit");
const READ_OPEN: Statement = sql!("read_open_audit");
const SEAL: Statement = sql!("seal_audit");
const READ_CHAIN: Statement = sql!("read_audit_chain");
const APPEND: Statement = sql!("append_audit");

/// One entry of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct Entry {
    /// Its number: 1, 2, 3 … without a gap.
    pub seq: i64,
    /// When it happened.
    pub at: DateTime<FixedOffset>,
    /// Who did it: a staff member's subject, `citizen`, or `system`.
    pub actor: String,
    /// What was done: `<thing>.<what happened>`.
    pub action: String,
    /// To what: a reference or id. Never a name or an identity number.
    pub subject: String,
    /// What else belongs to it.
    pub detail: serde_json::Value,
    /// The hash that seals it and everything before it.
    pub hash: Option<String>,
}

/// What the log is asked for.
#[derive(Debug, Default)]
pub struct Filter {
    /// Only this actor.
    pub actor: Option<String>,
    /// Only this subject.
    pub subject: Option<String>,
    /// Not before.
    pub from: Option<DateTime<Utc>>,
    /// Before.
    pub to: Option<DateTime<Utc>>,
    /// Only entries after this number.
    pub after: i64,
    /// At most so many.
    pub limit: i64,
}

/// Whether the chain holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verification {
    /// `true` where every sealed entry is what it was when it was sealed.
    pub intact: bool,
    /// How many entries were verified.
    pub entries: i64,
    /// The number of the first entry that breaks the chain.
    pub first_broken: Option<i64>,
    /// The hash of the last entry that holds; kept elsewhere, it proves later that nothing was cut off.
    pub head: String,
}

/// Records a look at unmasked data, before it is answered.
///
/// # Errors
/// The store fails: then nothing may be shown.
pub async fn append(
    db: &Db,
    now: DateTime<Utc>,
    (actor, action, subject): (&str, &'static str, &str),
    detail: &serde_json::Value,
) -> Result<(), StoreError> {
    let parameters = [
        Value::Integer(now.timestamp()),
        Value::from(actor),
        Value::from(action),
        Value::from(subject),
        Value::Text(detail.to_string()),
    ];
    db.rows(&APPEND, parameters).await.map(drop)
}

/// Entries in order, sealed.
///
/// # Errors
/// The store fails.
pub async fn read(db: &Db, filter: &Filter) -> ApiResult<Vec<Entry>> {
    seal(db).await?;
    let instant = |at: Option<DateTime<Utc>>| Value::from(at.map(|at| at.timestamp()));
    let parameters = [
        Value::Integer(filter.after),
        Value::from(filter.actor.clone()),
        Value::from(filter.subject.clone()),
        instant(filter.from),
        instant(filter.to),
        Value::from(filter.limit),
    ];
    let rows = db.rows(&READ, parameters).await?;
    rows.iter().map(entry).collect::<Result<_, _>>().map_err(ApiError::from)
}

/// Checks the whole chain.
///
/// # Errors
/// The store fails.
pub async fn verify(db: &Db) -> ApiResult<Verification> {
    seal(db).await?;
    let mut hash = String::new();
    let mut last = 0;
    loop {
        let rows = db.rows(&READ_CHAIN, [Value::Integer(last)]).await?;
        if rows.is_empty() {
            return Ok(Verification { intact: true, entries: last, first_broken: None, head: hash });
        }
        for row in &rows {
            let (seq, next) = link(&hash, row)?;
            if seq != last + 1 || next.as_ref() != row.get::<Option<String>>("hash")?.as_ref() {
                return Ok(Verification {
                    intact: false,
                    entries: last,
                    first_broken: Some(last + 1),
                    head: hash,
                });
            }
            hash = next.unwrap_or_default();
            last = seq;
        }
    }
}

async fn seal(db: &Db) -> ApiResult<()> {
    loop {
        let rows = db.rows(&READ_OPEN, []).await?;
        let Some(first) = rows.first() else { return Ok(()) };
        let last: i64 = first.get("last_seq")?;
        let mut hash = first.get::<Option<String>>("last_hash")?.unwrap_or_default();
        let mut seals = Vec::with_capacity(rows.len());
        for row in &rows {
            let (seq, next) = link(&hash, row)?;
            hash = next.unwrap_or_default();
            seals.push((seq, hash.clone()));
        }
        let seals = serde_json::to_string(&seals).map_err(ApiError::internal)?;
        // Where another sealer was first, nothing is inserted and the next round reads on from its end.
        db.rows(&SEAL, [Value::Integer(last), Value::Text(seals)]).await?;
    }
}

/// The number and hash of an entry; no hash where the entry itself is gone.
fn link(before: &str, row: &Row) -> Result<(i64, Option<String>), StoreError> {
    let seq: i64 = row.get("seq")?;
    let Some(at) = row.get::<Option<i64>>("at")? else { return Ok((seq, None)) };
    let content = serde_json::json!([
        before,
        seq,
        at,
        row.get::<String>("actor")?,
        row.get::<String>("action")?,
        row.get::<String>("subject")?,
        row.get::<String>("detail")?,
    ]);
    Ok((seq, Some(hex(&Sha256::digest(content.to_string())))))
}

fn entry(row: &Row) -> Result<Entry, StoreError> {
    Ok(Entry {
        seq: row.get("seq")?,
        at: calendar::to_shanghai(DateTime::from_timestamp(row.get("at")?, 0).unwrap_or_default()),
        actor: row.get("actor")?,
        action: row.get("action")?,
        subject: row.get("subject")?,
        detail: row.json("detail")?,
        hash: row.get("hash")?,
    })
}
