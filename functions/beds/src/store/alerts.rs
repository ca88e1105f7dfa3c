use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared::{
    sql,
    store::{Db, Statement, StoreError, Value},
};

use super::{
    institutions::{self, Stored as Institution},
    json,
};
use crate::{domain::RoomType, wire::Filters};

const MAKE: Statement = sql!("make_subscription");
const READ: Statement = sql!("read_subscription");
const END: Statement = sql!("end_subscription");
const READ_DUE: Statement = sql!("read_due");
const READ_OPENINGS: Statement = sql!("read_openings");
const FIND: Statement = sql!("find_subscriptions");
const RAISE: Statement = sql!("raise_alerts");
const CLOSE: Statement = sql!("close_opening");

/// A subscription being made.
pub(crate) struct Making<'a> {
    pub(crate) id: &'a str,
    pub(crate) token_hash: &'a str,
    pub(crate) filters: &'a Filters,
    pub(crate) contact: Vec<u8>,
    pub(crate) expires_at: i64,
}

/// Makes a subscription, unless the same request made it before.
pub(crate) async fn make(db: &Db, making: Making<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let filters = making.filters;
    let parameters = [
        Value::from(making.id),
        Value::from(making.token_hash),
        json(&MAKE, filters)?,
        Value::Blob(making.contact),
        Value::Integer(filters.min_available),
        Value::from(filters.room_type.map(|kind| kind.word().to_owned())),
        Value::from(super::stem(filters.division_code.as_ref())),
        Value::Integer(now.timestamp()),
        Value::Integer(making.expires_at),
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

pub(crate) async fn read(db: &Db, id: &str) -> Result<Option<Stored>, StoreError> {
    let row = db.row(&READ, [Value::from(id)]).await?;
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

/// A bed that opened.
pub(crate) struct Opening {
    pub(crate) no: i64,
    pub(crate) room_type: RoomType,
    /// How many were available before.
    pub(crate) before: i64,
    /// When those counts had been confirmed.
    pub(crate) confirmed_before: i64,
    /// How many are now.
    pub(crate) available: i64,
    pub(crate) at: i64,
    pub(crate) institution: Institution,
}

/// Some beds that opened and that nobody was told of.
pub(crate) async fn openings(db: &Db) -> Result<Vec<Opening>, StoreError> {
    let rows = db.rows(&READ_OPENINGS, []).await?;
    rows.iter()
        .map(|row| {
            Ok(Opening {
                no: row.get("no")?,
                room_type: row.word("room_type")?,
                before: row.get("before")?,
                confirmed_before: row.get("confirmed_before")?,
                available: row.get("available")?,
                at: row.get("at")?,
                institution: institutions::stored(row)?,
            })
        })
        .collect()
}

/// A subscription that may want a bed.
pub(crate) struct Candidate {
    pub(crate) no: i64,
    pub(crate) id: String,
    pub(crate) filters: Filters,
}

/// Subscriptions that may want beds of which there were `before`, from behind number `after` on, at most 1,000.
pub(crate) async fn candidates(
    db: &Db,
    opening: &Opening,
    before: i64,
    (after, now): (i64, i64),
) -> Result<Vec<Candidate>, StoreError> {
    let parameters = [
        Value::from(opening.room_type.word()),
        Value::from(opening.institution.head.division_code.as_str()),
        Value::Integer(before),
        Value::Integer(opening.available),
        Value::Integer(now),
        Value::Integer(after),
    ];
    let rows = db.rows(&FIND, parameters).await?;
    rows.iter()
        .map(|row| Ok(Candidate { no: row.get("no")?, id: row.get("id")?, filters: row.json("filters")? }))
        .collect()
}

/// Notes that subscriptions want what opened, each once.
pub(crate) async fn raise(db: &Db, opening: i64, subscriptions: &[String]) -> Result<(), StoreError> {
    db.rows(&RAISE, [Value::Integer(opening), json(&RAISE, subscriptions)?]).await.map(drop)
}

/// Notes that everybody was told of what opened.
pub(crate) async fn close(db: &Db, opening: i64) -> Result<(), StoreError> {
    db.rows(&CLOSE, [Value::Integer(opening)]).await.map(drop)
}
