use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared::{
    divisions::DivisionCode,
    sql,
    store::{Db, Row, Statement, StoreError, Value},
};

use crate::domain::{
    CorrectionReason, Field, RecordStanding, RecordStatus, RecordStepKind, SignupStatus, Why,
};

const BEGIN: Statement = sql!("begin_record");
const TAKE_STEP: Statement = sql!("take_record_step");
const READ: Statement = sql!("read_record");
const READ_OF_SHIFT: Statement = sql!("read_record_of_shift");
const LIST_OWN: Statement = sql!("list_own_record");
const SUM_PENDING: Statement = sql!("sum_pending");
const LIST: Statement = sql!("list_record");

/// An entry that begins: a check-in, or one that staff make.
pub(crate) struct Beginning<'a> {
    pub(crate) id: &'a str,
    pub(crate) shift: &'a str,
    pub(crate) volunteer: i64,
    pub(crate) standing: RecordStanding,
    pub(crate) checked_in_at: Option<i64>,
    pub(crate) checked_out_at: Option<i64>,
    /// Why staff make it.
    pub(crate) reason: Option<CorrectionReason>,
    pub(crate) by: &'a str,
}

/// Begins an entry for somebody who has a place; whether that was done: not where there is one already.
pub(crate) async fn begin(db: &Db, beginning: Beginning<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let kind = if beginning.reason.is_some() { RecordStepKind::Added } else { RecordStepKind::CheckedIn };
    let parameters = [
        Value::from(beginning.id),
        Value::from(beginning.shift),
        Value::Integer(beginning.volunteer),
        Value::from(beginning.standing.status.word()),
        Value::from(beginning.checked_in_at),
        Value::from(beginning.checked_out_at),
        Value::Integer(beginning.standing.minutes),
        Value::Integer(beginning.standing.counted),
        Value::from(kind.word()),
        Value::from(beginning.reason.map(|reason| reason.word().to_owned())),
        Value::Integer(now.timestamp()),
        Value::from(beginning.by),
    ];
    Ok(db.row(&BEGIN, parameters).await?.is_some())
}

/// A step being taken.
pub(crate) struct Taking<'a> {
    pub(crate) record: &'a str,
    /// The number of the step after which it was decided.
    pub(crate) after: i64,
    pub(crate) kind: RecordStepKind,
    pub(crate) standing: RecordStanding,
    pub(crate) by: &'a str,
    pub(crate) checked_out_at: Option<i64>,
    /// A word that says why.
    pub(crate) reason: Option<&'static str>,
    /// Minutes as a volunteer says.
    pub(crate) claimed: Option<i64>,
    /// Their own words, sealed, in base64url.
    pub(crate) note: Option<String>,
}

/// The name of the step after step `after` of an entry.
pub(crate) fn step_id(record: &str, after: i64) -> String {
    format!("{record}-{}", after + 1)
}

/// Takes a step; `false` where another one came in between.
pub(crate) async fn take_step(db: &Db, taking: Taking<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let parameters = [
        Value::Text(step_id(taking.record, taking.after)),
        Value::from(taking.record),
        Value::Integer(taking.after),
        Value::from(taking.kind.word()),
        Value::from(taking.standing.status.word()),
        Value::Integer(now.timestamp()),
        Value::from(taking.by),
        Value::Integer(taking.standing.minutes),
        Value::Integer(taking.standing.counted),
        Value::from(taking.checked_out_at),
        Value::from(taking.reason.map(str::to_owned)),
        Value::from(taking.claimed),
        Value::from(taking.note),
    ];
    Ok(db.row(&TAKE_STEP, parameters).await?.is_some())
}

/// One step that was taken.
#[derive(Deserialize)]
pub(crate) struct Taken {
    pub(crate) id: String,
    pub(crate) kind: RecordStepKind,
    pub(crate) at: i64,
    pub(crate) by: String,
    pub(crate) minutes: i64,
    pub(crate) counted: i64,
    pub(crate) reason: Option<Why>,
    pub(crate) claimed: Option<i64>,
    /// The volunteer's own words, sealed, in base64url.
    pub(crate) note: Option<String>,
}

/// An entry as the view `record_card` gives it.
pub(crate) struct Stored {
    pub(crate) no: i64,
    pub(crate) id: String,
    pub(crate) shift: String,
    pub(crate) volunteer: i64,
    pub(crate) volunteer_no: String,
    pub(crate) opportunity: String,
    pub(crate) organisation: String,
    pub(crate) organisation_name: String,
    pub(crate) organisation_division: DivisionCode,
    pub(crate) title: String,
    pub(crate) field: Field,
    pub(crate) division: DivisionCode,
    pub(crate) starts_at: i64,
    pub(crate) ends_at: i64,
    pub(crate) checked_in_at: Option<i64>,
    pub(crate) checked_out_at: Option<i64>,
    pub(crate) standing: RecordStanding,
    pub(crate) step: i64,
    pub(crate) changed_at: i64,
    /// Why staff made it.
    pub(crate) reason: Option<CorrectionReason>,
    /// Whether its volunteer withdrew the registration.
    pub(crate) is_forgotten: bool,
    /// Whether the place in the shift still holds: without one nothing counts.
    pub(crate) has_place: bool,
    pub(crate) steps: Vec<Taken>,
}

fn stored(row: &Row) -> Result<Stored, StoreError> {
    let status: RecordStatus = row.word("status")?;
    Ok(Stored {
        no: row.get("no")?,
        id: row.get("id")?,
        shift: row.get("shift")?,
        volunteer: row.get("volunteer")?,
        volunteer_no: row.get("volunteer_no")?,
        opportunity: row.get("opportunity")?,
        organisation: row.get("organisation")?,
        organisation_name: row.get("organisation_name")?,
        organisation_division: row.word("organisation_division")?,
        title: row.get("title")?,
        field: row.word("field")?,
        division: row.word("division_code")?,
        starts_at: row.get("starts_at")?,
        ends_at: row.get("ends_at")?,
        checked_in_at: row.get("checked_in_at")?,
        checked_out_at: row.get("checked_out_at")?,
        standing: RecordStanding { status, minutes: row.get("minutes")?, counted: row.get("counted")? },
        step: row.get("step")?,
        changed_at: row.get("changed_at")?,
        reason: row.get::<Option<String>>("reason")?.map(|_| row.word("reason")).transpose()?,
        is_forgotten: row.get::<String>("volunteer_status")? == "withdrawn",
        has_place: row.word::<SignupStatus>("signup_status")? == SignupStatus::Confirmed,
        steps: row.json("steps")?,
    })
}

pub(crate) async fn read(db: &Db, id: &str) -> Result<Option<Stored>, StoreError> {
    db.row(&READ, [Value::from(id)]).await?.as_ref().map(stored).transpose()
}

/// The volunteer's entry of a shift.
pub(crate) async fn of_shift(db: &Db, shift: &str, volunteer: i64) -> Result<Option<Stored>, StoreError> {
    let parameters = [Value::from(shift), Value::Integer(volunteer)];
    db.row(&READ_OF_SHIFT, parameters).await?.as_ref().map(stored).transpose()
}

/// A volunteer's entries, the latest first; `before` 0 begins with the last.
pub(crate) async fn of_volunteer(
    db: &Db,
    volunteer: i64,
    (before, limit): (i64, i64),
) -> Result<Vec<Stored>, StoreError> {
    let rows = db.rows(&LIST_OWN, [volunteer, before, limit].map(Value::Integer)).await?;
    rows.iter().map(stored).collect()
}

/// Minutes of a volunteer that were recorded and don't count yet.
pub(crate) async fn pending(db: &Db, volunteer: i64) -> Result<i64, StoreError> {
    db.row(&SUM_PENDING, [Value::Integer(volunteer)]).await?.map_or(Ok(0), |row| row.get("pending"))
}

/// Which entries of an organisation are wanted.
pub(crate) struct Wanted<'a> {
    pub(crate) organisation: &'a str,
    pub(crate) status: Option<RecordStatus>,
    pub(crate) shift: Option<&'a str>,
}

/// Entries of an organisation, by age.
pub(crate) async fn of_organisation(
    db: &Db,
    wanted: Wanted<'_>,
    (after, limit): (i64, i64),
) -> Result<Vec<Stored>, StoreError> {
    let parameters = [
        Value::from(wanted.organisation),
        Value::from(wanted.status.map_or("", RecordStatus::word)),
        Value::from(wanted.shift.unwrap_or_default()),
        Value::Integer(after),
        Value::Integer(limit),
    ];
    db.rows(&LIST, parameters).await?.iter().map(stored).collect()
}
