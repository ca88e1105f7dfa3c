use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use shared::{
    divisions::DivisionCode,
    sql,
    store::{Db, Row, Statement, StoreError, Value},
};

use crate::domain::{Coded as _, FreeTime, Skill, Training};

const REGISTER: Statement = sql!("register_volunteer");
const FIND_PERSON: Statement = sql!("find_person");
const READ_BY_TOKEN: Statement = sql!("read_volunteer_by_token");
const READ: Statement = sql!("read_volunteer");
const READ_BY_PERSON: Statement = sql!("read_volunteer_by_person");
const EXCHANGE_TOKEN: Statement = sql!("exchange_token");
const CHANGE: Statement = sql!("change_volunteer");
const WITHDRAW: Statement = sql!("withdraw_volunteer");
const RECORD_TRAINING: Statement = sql!("record_training");
const SERVES: Statement = sql!("serves_organisation");

/// A registration being made.
pub(crate) struct Registering<'a> {
    pub(crate) volunteer_no: &'a str,
    pub(crate) token_hash: &'a str,
    pub(crate) person: &'a str,
    pub(crate) secret: Vec<u8>,
    pub(crate) division: &'a DivisionCode,
    pub(crate) skills: &'a [Skill],
    pub(crate) availability: &'a [FreeTime],
}

/// Registers a volunteer; whether that was done.
pub(crate) async fn register(
    db: &Db,
    registering: Registering<'_>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(registering.volunteer_no),
        Value::from(registering.token_hash),
        Value::from(registering.person),
        Value::Blob(registering.secret),
        Value::from(registering.division.as_str()),
        REGISTER.json(registering.skills)?,
        REGISTER.json(registering.availability)?,
        Value::Integer(now.timestamp()),
    ];
    Ok(db.row(&REGISTER, parameters).await?.is_some())
}

/// Whether somebody is registered.
pub(crate) async fn is_registered(db: &Db, person: &str) -> Result<bool, StoreError> {
    db.row(&FIND_PERSON, [Value::from(person)]).await?.map_or(Ok(false), |row| row.get("is_registered"))
}

/// A training that somebody completed.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Trained {
    pub(crate) training: Training,
    pub(crate) completed_on: NaiveDate,
}

/// A registration as it is stored. Has no `Debug`, as what it seals.
pub(crate) struct Stored {
    pub(crate) no: i64,
    pub(crate) volunteer_no: String,
    pub(crate) division: DivisionCode,
    pub(crate) skills: Vec<Skill>,
    pub(crate) availability: Vec<FreeTime>,
    pub(crate) trainings: Vec<Trained>,
    pub(crate) secret: Vec<u8>,
    pub(crate) total_minutes: i64,
    pub(crate) version: i64,
    pub(crate) created_at: i64,
}

fn stored(row: &Row) -> Result<Stored, StoreError> {
    Ok(Stored {
        no: row.get("no")?,
        volunteer_no: row.get("volunteer_no")?,
        division: row.word("division_code")?,
        skills: row.json("skills")?,
        availability: row.json("availability")?,
        trainings: row.json("trainings")?,
        secret: row.get("secret")?,
        total_minutes: row.get("total_minutes")?,
        version: row.get("version")?,
        created_at: row.get("created_at")?,
    })
}

/// The registration that a token opens.
pub(crate) async fn by_token(db: &Db, token_hash: &str) -> Result<Option<Stored>, StoreError> {
    db.row(&READ_BY_TOKEN, [Value::from(token_hash)]).await?.as_ref().map(stored).transpose()
}

/// The registration with a number.
pub(crate) async fn read(db: &Db, volunteer_no: &str) -> Result<Option<Stored>, StoreError> {
    db.row(&READ, [Value::from(volunteer_no)]).await?.as_ref().map(stored).transpose()
}

/// Writes a registration whose version is still the one that was read; whether that was done.
pub(crate) async fn change(db: &Db, changed: &Stored, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let parameters = [
        Value::Integer(changed.no),
        Value::Integer(changed.version),
        Value::Blob(changed.secret.clone()),
        Value::from(changed.division.as_str()),
        CHANGE.json(&changed.skills)?,
        CHANGE.json(&changed.availability)?,
        Value::Integer(now.timestamp()),
    ];
    Ok(db.row(&CHANGE, parameters).await?.is_some())
}

/// Forgets whoever it is; their hours stay.
pub(crate) async fn withdraw(db: &Db, no: i64, now: DateTime<Utc>, actor: &str) -> Result<(), StoreError> {
    let parameters = [Value::Integer(no), Value::Integer(now.timestamp()), Value::from(actor)];
    db.rows(&WITHDRAW, parameters).await.map(drop)
}

/// The registration of a person.
pub(crate) async fn by_person(db: &Db, person: &str) -> Result<Option<Stored>, StoreError> {
    db.row(&READ_BY_PERSON, [Value::from(person)]).await?.as_ref().map(stored).transpose()
}

/// Exchanges the token of a registration whose version is still this one; whether that was done.
pub(crate) async fn exchange_token(
    db: &Db,
    (no, version): (i64, i64),
    token_hash: &str,
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::Integer(no),
        Value::Integer(version),
        Value::from(token_hash),
        Value::Integer(now.timestamp()),
        Value::from(actor),
    ];
    Ok(db.row(&EXCHANGE_TOKEN, parameters).await?.is_some())
}

/// Records that a volunteer was trained; whether they are registered.
pub(crate) async fn record_training(
    db: &Db,
    volunteer_no: &str,
    (training, completed_on): (Training, NaiveDate),
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(volunteer_no),
        Value::from(training.word()),
        Value::Text(completed_on.to_string()),
        Value::Integer(now.timestamp()),
        Value::from(actor),
    ];
    Ok(db.row(&RECORD_TRAINING, parameters).await?.is_some())
}

/// Whether a volunteer has a place in a shift of an organisation that ended after an instant, or is still to come.
pub(crate) async fn serves(db: &Db, no: i64, organisation: &str, since: i64) -> Result<bool, StoreError> {
    let row = db.row(&SERVES, [Value::Integer(no), Value::from(organisation), Value::Integer(since)]).await?;
    row.map_or(Ok(false), |row| row.get("serves"))
}
