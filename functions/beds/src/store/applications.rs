use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    divisions::DivisionCode,
    sql,
    store::{Db, Row, Statement, StoreError, Value},
};

use crate::domain::{
    ApplicationStatus, CareLevel, CareLevels, Decision, Offer, Place, Record, RoomType, Standing,
};

const MAKE: Statement = sql!("make_application");
const EXPLAIN: Statement = sql!("explain_application");
const READ: Statement = sql!("read_application");
const TAKE_STEP: Statement = sql!("take_step");
const EXPIRE: Statement = sql!("expire_offers");
const LIST_QUEUE: Statement = sql!("list_queue");
const LIST_PLACED: Statement = sql!("list_placed");
const ASSESS: Statement = sql!("assess_application");

/// An application being made.
pub(crate) struct Making<'a> {
    pub(crate) reference: &'a str,
    pub(crate) token_hash: &'a str,
    pub(crate) person: &'a str,
    pub(crate) division: &'a DivisionCode,
    pub(crate) care_level: CareLevel,
    pub(crate) precedence: i64,
    pub(crate) applicant: Vec<u8>,
    pub(crate) preferences: &'a [Place],
}

/// Makes an application; whether it was made.
pub(crate) async fn make(db: &Db, making: Making<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(making.reference),
        Value::from(making.token_hash),
        Value::from(making.person),
        Value::from(making.division.as_str()),
        Value::Integer(making.care_level.number()),
        Value::Integer(making.precedence),
        Value::Blob(making.applicant),
        MAKE.json(making.preferences)?,
        Value::Integer(now.timestamp()),
    ];
    Ok(db.row(&MAKE, parameters).await?.is_some())
}

/// Why an application may not be made.
pub(crate) struct Explanation {
    /// The person waits already, or has a bed.
    pub(crate) is_waiting: bool,
    /// Of each preference: whether there is such an institution, and what its rooms of the type serve.
    pub(crate) rooms: Vec<(u8, Option<CareLevels>)>,
}

pub(crate) async fn explain(db: &Db, person: &str, preferences: &[Place]) -> Result<Explanation, StoreError> {
    let row = db.row(&EXPLAIN, [Value::from(person), EXPLAIN.json(preferences)?]).await?;
    row.map_or(Ok(Explanation { is_waiting: false, rooms: Vec::new() }), |row| {
        Ok(Explanation { is_waiting: row.get("is_waiting")?, rooms: row.json("rooms")? })
    })
}

fn record(row: &Row) -> Result<Record, StoreError> {
    let status: ApplicationStatus = row.word("status")?;
    let place = || -> Result<Place, StoreError> {
        Ok(Place { institution: row.get("institution")?, room_type: row.word("room_type")? })
    };
    let standing = match status {
        ApplicationStatus::Waiting => Standing::Waiting,
        ApplicationStatus::Offered => Standing::Offered(Offer {
            id: row.get("offer")?,
            place: place()?,
            expires_at: row.get("expires_at")?,
        }),
        ApplicationStatus::Accepted => Standing::Accepted(place()?),
        ApplicationStatus::Admitted => Standing::Admitted(place()?),
        ApplicationStatus::Withdrawn => Standing::Withdrawn,
        ApplicationStatus::Discharged => Standing::Discharged,
    };
    let level: i64 = row.get("care_level")?;
    let care_level = CareLevel::new(level)
        .ok_or_else(|| StoreError::Failed { statement: READ.name, reason: "no such care level".into() })?;
    Ok(Record {
        no: row.get("no")?,
        reference: row.get("reference")?,
        token_hash: row.get("token_hash")?,
        division: row.word("division_code")?,
        care_level,
        assessed_on: row.get("assessed_on")?,
        applicant: row.get("applicant")?,
        created_at: row.get("created_at")?,
        step: row.get("step")?,
        standing,
        room_type: row.get::<Option<String>>("room_type")?.map(|_| row.word("room_type")).transpose()?,
        positions: row.json("positions")?,
        steps: row.json("steps")?,
    })
}

pub(crate) async fn read(db: &Db, reference: &str) -> Result<Option<Record>, StoreError> {
    db.row(&READ, [Value::from(reference)]).await?.as_ref().map(record).transpose()
}

/// A step being taken.
pub(crate) struct Taking<'a> {
    /// Its own id.
    pub(crate) id: &'a str,
    pub(crate) reference: &'a str,
    /// The number of the step after which it was decided.
    pub(crate) after: i64,
    pub(crate) decision: &'a Decision,
    pub(crate) by: &'a str,
    /// Why somebody is offered a bed before others.
    pub(crate) reason: Option<&'a str>,
    /// What it costs in the queue of the rooms.
    pub(crate) setback: u32,
}

/// Takes a step; `false` where another one came in between, or what it needs isn't there.
pub(crate) async fn take_step(db: &Db, taking: Taking<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let Decision { kind, status, offer, place, reserved, occupied } = taking.decision;
    let text = |text: Option<&str>| Value::from(text.map(str::to_owned));
    let parameters = [
        Value::from(taking.id),
        Value::from(taking.reference),
        Value::Integer(taking.after),
        Value::from(kind.word()),
        Value::from(status.word()),
        Value::Integer(now.timestamp()),
        Value::from(taking.by),
        text(offer.as_ref().map(|offer| offer.id.as_str())),
        text(place.as_ref().map(|place| place.institution.as_str())),
        text(place.as_ref().map(|place| place.room_type.word())),
        offer.as_ref().map_or(Value::Null, |offer| Value::Integer(offer.expires_at)),
        Value::Integer(*reserved),
        Value::Integer(*occupied),
        text(taking.reason),
        Value::Integer(i64::from(taking.setback)),
    ];
    Ok(db.row(&TAKE_STEP, parameters).await?.is_some())
}

/// Notes offers that have run out, some hundred at a time, and what that costs in the queue; how many.
pub(crate) async fn expire(db: &Db, setback: u32, now: DateTime<Utc>) -> Result<usize, StoreError> {
    let parameters = [Value::Integer(now.timestamp()), Value::Integer(i64::from(setback))];
    Ok(db.rows(&EXPIRE, parameters).await?.len())
}

/// An application in the queue of a room type, and its place in the order.
pub(crate) struct Queued {
    pub(crate) record: Record,
    pub(crate) room_type: RoomType,
    order: serde_json::Value,
}

impl Queued {
    /// Where the page behind it begins.
    pub(crate) fn cursor(&self) -> String {
        self.order.to_string()
    }
}

/// Whoever waits for a bed of an institution, in order; behind the place that `after` names, a JSON array.
pub(crate) async fn queue(
    db: &Db,
    (institution, room_type): (&str, Option<RoomType>),
    (after, limit): (&str, i64),
) -> Result<Vec<Queued>, StoreError> {
    let parameters = [
        Value::from(institution),
        Value::from(room_type.map(|kind| kind.word().to_owned())),
        Value::from(after),
        Value::Integer(limit),
    ];
    let rows = db.rows(&LIST_QUEUE, parameters).await?;
    rows.iter()
        .map(|row| {
            let room_type: RoomType = row.word("queue")?;
            let record = record(row)?;
            let order = serde_json::json!([room_type.word(), row.get::<i64>("rank")?, record.no]);
            Ok(Queued { record, room_type, order })
        })
        .collect()
}

/// Whoever has or had a bed or an offer of an institution, by application.
pub(crate) async fn placed(
    db: &Db,
    (institution, room_type, status): (&str, Option<RoomType>, ApplicationStatus),
    (after, limit): (i64, i64),
) -> Result<Vec<Record>, StoreError> {
    let parameters = [
        Value::from(institution),
        Value::from(room_type.map(|kind| kind.word().to_owned())),
        Value::from(status.word()),
        Value::Integer(after),
        Value::Integer(limit),
    ];
    db.rows(&LIST_PLACED, parameters).await?.iter().map(record).collect()
}

/// Notes what an assessment says of somebody who waits; whether they do, and no later one is known.
pub(crate) async fn assess(
    db: &Db,
    reference: &str,
    (level, on, precedence): (CareLevel, NaiveDate, i64),
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(reference),
        Value::Integer(level.number()),
        Value::Text(on.to_string()),
        Value::Integer(precedence),
        Value::Integer(now.timestamp()),
        Value::from(actor),
    ];
    Ok(db.row(&ASSESS, parameters).await?.is_some())
}

/// The cursor of a queue that a caller sent, if it is one.
pub(crate) fn queue_cursor(text: &str) -> Option<(String, i64, i64)> {
    serde_json::from_str(text).map_err(|error| LIST_QUEUE.unfit(&error)).ok()
}
