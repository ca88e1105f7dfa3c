use chrono::{DateTime, Utc};
use shared::{
    sql,
    store::{Db, Statement, StoreError, Value},
};

use super::{appointments::NoShowRule, offices::office};
use crate::{
    domain::Service,
    wire::{Office, WaitlistStatus},
};

const JOIN: Statement = sql!("join_waitlist");
const READ: Statement = sql!("read_waitlist");
const WITHDRAW: Statement = sql!("withdraw_waitlist");

/// A place in the queue as it is written.
pub(crate) struct Joining<'a> {
    pub(crate) reference: &'a str,
    pub(crate) token_hash: &'a str,
    pub(crate) office: &'a str,
    pub(crate) service: Service,
    /// The stretch that suits, Unix seconds.
    pub(crate) range: (i64, i64),
    pub(crate) offer_seconds: i64,
    pub(crate) parties: Vec<u8>,
    /// JSON array of blind indexes.
    pub(crate) persons: &'a str,
    pub(crate) no_shows: NoShowRule,
}

/// `false` where a guard refused.
pub(crate) async fn join(db: &Db, joining: Joining<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(joining.reference),
        Value::from(joining.token_hash),
        Value::from(joining.office),
        Value::from(joining.service.word()),
        Value::Integer(joining.range.0),
        Value::Integer(joining.range.1),
        Value::Integer(joining.offer_seconds),
        Value::Blob(joining.parties),
        Value::from(joining.persons),
        Value::Integer(now.timestamp()),
        Value::Integer(joining.no_shows.window_s),
        Value::Integer(joining.no_shows.suspension_s),
        Value::Integer(joining.no_shows.count),
    ];
    Ok(db.row(&JOIN, parameters).await?.is_some())
}

/// A place in the queue as it is stored.
pub(crate) struct Waiting {
    pub(crate) reference: String,
    pub(crate) token_hash: String,
    pub(crate) status: WaitlistStatus,
    pub(crate) office: Office,
    pub(crate) service: Service,
    pub(crate) range: (i64, i64),
    /// Sealed.
    pub(crate) parties: Vec<u8>,
    pub(crate) position: i64,
    /// `(start, end, expires_at)` of the seat on offer, Unix seconds.
    pub(crate) offer: Option<(i64, i64, i64)>,
    /// The appointment that came of it.
    pub(crate) appointment: Option<String>,
}

pub(crate) async fn read(
    db: &Db,
    reference: &str,
    now: DateTime<Utc>,
) -> Result<Option<Waiting>, StoreError> {
    let parameters = [Value::from(reference), Value::Integer(now.timestamp())];
    let Some(row) = db.row(&READ, parameters).await? else { return Ok(None) };
    let (start, end, expires): (Option<i64>, Option<i64>, Option<i64>) =
        (row.get("offer_start")?, row.get("offer_end")?, row.get("offer_expires_at")?);
    Ok(Some(Waiting {
        reference: row.get("reference")?,
        token_hash: row.get("token_hash")?,
        status: row.word("status")?,
        office: office(&row)?,
        service: row.word("service")?,
        range: (row.get("from_at")?, row.get("to_at")?),
        parties: row.get("parties")?,
        position: row.get("position")?,
        offer: start.zip(end).zip(expires).map(|((start, end), expires)| (start, end, expires)),
        appointment: row.get("appointment")?,
    }))
}

/// `false` where it was over already.
pub(crate) async fn withdraw(db: &Db, reference: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let parameters = [Value::from(reference), Value::Integer(now.timestamp())];
    Ok(db.row(&WITHDRAW, parameters).await?.is_some())
}
