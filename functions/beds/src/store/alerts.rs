use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared::{
    sql,
    store::{Db, Statement, StoreError, Value, stem},
};

use crate::{domain::RoomType, wire::Filters};

const MAKE: Statement = sql!("make_subscription");
const READ: Statement = sql!("read_subscription");
const END: Statement = sql!("end_subscription");
const READ_DUE: Statement = sql!("read_due");
const FIND: Statement = sql!("find_subscriptions");
const RAISE: Statement = sql!("raise_alerts");
const LAST_SUBSCRIPTION: Statement = sql!("last_subscription");
const READ_OPENINGS: Statement = sql!("read_openings");
const CLOSE: Statement = sql!("close_openings");
const NOTE_TOLD: Statement = sql!("note_told");

/// A subscription being made.
pub(crate) struct Making<'a> {
    pub(crate) id: &'a str,
    pub(crate) token_hash: &'a str,
    pub(crate) filters: &'a Filters,
    pub(crate) contact: Vec<u8>,
    /// The keyed hash of the telephone number, and how many subscriptions it may have.
    pub(crate) phone: (&'a str, u32),
    pub(crate) expires_at: i64,
}

/// Makes a subscription, unless the same request made it before or the number has as many as it may.
pub(crate) async fn make(db: &Db, making: Making<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let filters = making.filters;
    let parameters = [
        Value::from(making.id),
        Value::from(making.token_hash),
        MAKE.json(filters)?,
        Value::Blob(making.contact),
        Value::from(making.phone.0),
        Value::Integer(filters.min_available),
        Value::from(filters.room_type.map(|kind| kind.word().to_owned())),
        Value::from(stem(filters.division_code.as_ref())),
        Value::Integer(now.timestamp()),
        Value::Integer(making.expires_at),
        Value::Integer(i64::from(making.phone.1)),
    ];
    db.rows(&MAKE, parameters).await.map(drop)
}

/// A subscription as it is stored.
pub(crate) struct Stored {
    pub(crate) token_hash: String,
    pub(crate) filters: Filters,
    pub(crate) contact: Vec<u8>,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) matches: Vec<Matched>,
}

/// A bed that opened and fitted.
#[derive(Deserialize)]
pub(crate) struct Matched {
    pub(crate) institution: String,
    pub(crate) name: String,
    pub(crate) room_type: RoomType,
    pub(crate) available: i64,
    pub(crate) at: i64,
}

/// A subscription that hasn't ended.
pub(crate) async fn read(db: &Db, id: &str, now: DateTime<Utc>) -> Result<Option<Stored>, StoreError> {
    let row = db.row(&READ, [Value::from(id), Value::Integer(now.timestamp())]).await?;
    row.map(|row| {
        Ok(Stored {
            token_hash: row.get("token_hash")?,
            filters: row.json("filters")?,
            contact: row.get("contact")?,
            created_at: row.get("created_at")?,
            expires_at: row.get("expires_at")?,
            matches: row.json("matches")?,
        })
    })
    .transpose()
}

/// Ends a subscription and forgets whose it was; whether it was there.
pub(crate) async fn end(db: &Db, id: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    Ok(db.row(&END, [Value::from(id), Value::Integer(now.timestamp())]).await?.is_some())
}

/// Whether offers have run out that nobody has noted, and whether beds opened that nobody was told of.
pub(crate) async fn due(db: &Db, now: DateTime<Utc>) -> Result<(bool, bool), StoreError> {
    let row = db.row(&READ_DUE, [Value::Integer(now.timestamp())]).await?;
    row.map_or(Ok((false, false)), |row| Ok((row.get("lapsed")?, row.get("opened")?)))
}

/// Openings that are looked at together.
pub(crate) struct Batch {
    /// The last of them.
    pub(crate) last: i64,
    /// Up to which subscription they were told.
    pub(crate) told: i64,
}

/// The number of the last subscription that hasn't ended, and how many there are.
pub(crate) async fn last_subscription(db: &Db) -> Result<(i64, i64), StoreError> {
    let row = db.row(&LAST_SUBSCRIPTION, []).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.get("no")?, row.get("live")?)))
}

/// The oldest openings, at most so many; `None` where there is none.
pub(crate) async fn openings(db: &Db, most: i64) -> Result<Option<Batch>, StoreError> {
    let Some(row) = db.row(&READ_OPENINGS, [Value::Integer(most)]).await? else { return Ok(None) };
    let last: Option<i64> = row.get("last")?;
    last.map(|last| Ok(Batch { last, told: row.get("told")? })).transpose()
}

/// A bed that opened, and a subscription that may want it.
pub(crate) struct Candidate {
    pub(crate) opening: i64,
    pub(crate) institution: String,
    pub(crate) room_type: RoomType,
    pub(crate) id: String,
    pub(crate) filters: Filters,
}

/// Subscriptions up to a number that may want what opened. Counts older than `ageing_s` were stale.
pub(crate) async fn candidates(
    db: &Db,
    batch: &Batch,
    upto: i64,
    (ageing_s, now): (i64, DateTime<Utc>),
) -> Result<Vec<Candidate>, StoreError> {
    let parameters = [batch.last, batch.told, upto, now.timestamp(), ageing_s].map(Value::Integer);
    let rows = db.rows(&FIND, parameters).await?;
    rows.iter()
        .map(|row| {
            Ok(Candidate {
                opening: row.get("opening")?,
                institution: row.get("institution")?,
                room_type: row.word("room_type")?,
                id: row.get("id")?,
                filters: row.json("filters")?,
            })
        })
        .collect()
}

/// Notes which openings which subscriptions want, each pair once.
pub(crate) async fn raise(db: &Db, wanted: &[(i64, &str)]) -> Result<(), StoreError> {
    db.rows(&RAISE, [RAISE.json(wanted)?]).await.map(drop)
}

/// Notes that openings were told up to a subscription.
pub(crate) async fn note_told(db: &Db, batch: &Batch, upto: i64) -> Result<(), StoreError> {
    db.rows(&NOTE_TOLD, [batch.last, batch.told, upto].map(Value::Integer)).await.map(drop)
}

/// Forgets openings that everybody was told of.
pub(crate) async fn close(db: &Db, batch: &Batch) -> Result<(), StoreError> {
    db.rows(&CLOSE, [batch.last, batch.told].map(Value::Integer)).await.map(drop)
}
