use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared::{
    sql,
    store::{Db, Statement, StoreError, Value},
};

use super::json;
use crate::{domain::RoomType, wire::Filters};

const MAKE: Statement = sql!("make_subscription");
const READ: Statement = sql!("read_subscription");
const END: Statement = sql!("end_subscription");
const READ_DUE: Statement = sql!("read_due");
const READ_OPENINGS: Statement = sql!("read_openings");
const FIND: Statement = sql!("find_subscriptions");
const RAISE: Statement = sql!("raise_alerts");
const CLOSE: Statement = sql!("close_openings");

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

/// The last of the next `count` openings that nobody was told of; `None` where there is none.
pub(crate) async fn last_opening(db: &Db, count: i64) -> Result<Option<i64>, StoreError> {
    let row = db.row(&READ_OPENINGS, [Value::Integer(count)]).await?;
    row.map_or(Ok(None), |row| row.get("last"))
}

/// A bed that opened, and a subscription that may want it.
pub(crate) struct Candidate {
    pub(crate) opening: i64,
    pub(crate) institution: String,
    pub(crate) room_type: RoomType,
    pub(crate) no: i64,
    pub(crate) id: String,
    pub(crate) filters: Filters,
}

/// Openings up to the one of number `last`, with subscriptions that may want them: from behind a pair of numbers on, at most
/// 1,000. Counts older than `ageing_s` were stale.
pub(crate) async fn candidates(
    db: &Db,
    last: i64,
    after: (i64, i64),
    (ageing_s, now): (i64, i64),
) -> Result<Vec<Candidate>, StoreError> {
    let parameters = [last, after.0, after.1, ageing_s, now].map(Value::Integer);
    let rows = db.rows(&FIND, parameters).await?;
    rows.iter()
        .map(|row| {
            Ok(Candidate {
                opening: row.get("opening")?,
                institution: row.get("institution")?,
                room_type: row.word("room_type")?,
                no: row.get("no")?,
                id: row.get("id")?,
                filters: row.json("filters")?,
            })
        })
        .collect()
}

/// Notes which openings which subscriptions want, each pair once.
pub(crate) async fn raise(db: &Db, wanted: &[(i64, &str)]) -> Result<(), StoreError> {
    db.rows(&RAISE, [json(&RAISE, wanted)?]).await.map(drop)
}

/// Notes that everybody was told of the openings up to a number.
pub(crate) async fn close(db: &Db, last: i64) -> Result<(), StoreError> {
    db.rows(&CLOSE, [Value::Integer(last)]).await.map(drop)
}
