use crate::domain::{RecordStatus, SignupStatus};
use chrono::{DateTime, Utc};
use shared::{
    divisions::DivisionCode,
    sql,
    store::{Db, Row, Statement, StoreError, Value},
};

const SIGN_UP: Statement = sql!("sign_up");
const READ_OVERLAP: Statement = sql!("read_overlap");
const READ: Statement = sql!("read_signup");
const READ_OWN: Statement = sql!("read_own_signup");
const WITHDRAW: Statement = sql!("withdraw_signup");
const LIST_OWN: Statement = sql!("list_own_signups");
const LIST: Statement = sql!("list_signups");

/// A sign-up as the view `signup_card` gives it.
pub(crate) struct Stored {
    pub(crate) no: i64,
    pub(crate) id: String,
    pub(crate) shift: String,
    pub(crate) status: SignupStatus,
    pub(crate) starts_at: i64,
    pub(crate) ends_at: i64,
    pub(crate) created_at: i64,
    pub(crate) opportunity: String,
    pub(crate) title: String,
    pub(crate) address: String,
    pub(crate) phone: String,
    pub(crate) division: DivisionCode,
    pub(crate) organisation: String,
    pub(crate) organisation_name: String,
    pub(crate) position: Option<i64>,
}

fn stored(row: &Row) -> Result<Stored, StoreError> {
    Ok(Stored {
        no: row.get("no")?,
        id: row.get("id")?,
        shift: row.get("shift")?,
        status: row.word("status")?,
        starts_at: row.get("starts_at")?,
        ends_at: row.get("ends_at")?,
        created_at: row.get("created_at")?,
        opportunity: row.get("opportunity")?,
        title: row.get("title")?,
        address: row.get("address")?,
        phone: row.get("phone")?,
        division: row.word("division_code")?,
        organisation: row.get("organisation")?,
        organisation_name: row.get("organisation_name")?,
        position: row.get("position")?,
    })
}

/// Signs a volunteer of a version up for a shift; whether that was done.
pub(crate) async fn sign_up(
    db: &Db,
    (id, shift): (&str, &str),
    (volunteer, version): (i64, i64),
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(id),
        Value::from(shift),
        Value::Integer(volunteer),
        Value::Integer(now.timestamp()),
        Value::Integer(version),
    ];
    Ok(db.row(&SIGN_UP, parameters).await?.is_some())
}

/// The volunteer's own sign-up for the shift, and another shift of theirs at the same time.
pub(crate) async fn overlap(
    db: &Db,
    shift: &str,
    volunteer: i64,
) -> Result<(Option<String>, Option<String>), StoreError> {
    let row = db.row(&READ_OVERLAP, [Value::from(shift), Value::Integer(volunteer)]).await?;
    row.map_or(Ok((None, None)), |row| Ok((row.get("own")?, row.get("overlapping")?)))
}

pub(crate) async fn read(db: &Db, id: &str) -> Result<Option<Stored>, StoreError> {
    db.row(&READ, [Value::from(id)]).await?.as_ref().map(stored).transpose()
}

/// The volunteer's sign-up for a shift: the one that holds, or the last that did.
pub(crate) async fn own(db: &Db, shift: &str, volunteer: i64) -> Result<Option<Stored>, StoreError> {
    let parameters = [Value::from(shift), Value::Integer(volunteer)];
    db.row(&READ_OWN, parameters).await?.as_ref().map(stored).transpose()
}

/// Takes a sign-up back while the shift is still to come; whether there was one.
pub(crate) async fn withdraw(
    db: &Db,
    shift: &str,
    volunteer: i64,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let parameters = [Value::from(shift), Value::Integer(volunteer), Value::Integer(now.timestamp())];
    Ok(db.row(&WITHDRAW, parameters).await?.is_some())
}

/// A volunteer's sign-ups, the latest first; `before` 0 begins with the last.
pub(crate) async fn of_volunteer(
    db: &Db,
    volunteer: i64,
    (before, limit): (i64, i64),
) -> Result<Vec<Stored>, StoreError> {
    let rows = db.rows(&LIST_OWN, [volunteer, before, limit].map(Value::Integer)).await?;
    rows.iter().map(stored).collect()
}

/// A sign-up in the list of a shift.
pub(crate) struct Listed {
    pub(crate) signup: Stored,
    pub(crate) volunteer_no: String,
    /// Who, sealed; `None` where they withdrew their registration.
    pub(crate) secret: Option<Vec<u8>>,
    /// The entry of the record.
    pub(crate) entry: Option<String>,
    pub(crate) record_status: Option<RecordStatus>,
}

/// Who signed up for a shift, in the order in which they did.
pub(crate) async fn of_shift(
    db: &Db,
    (shift, status): (&str, Option<SignupStatus>),
    (after, limit): (i64, i64),
) -> Result<Vec<Listed>, StoreError> {
    let status = status.map_or("", SignupStatus::word);
    let parameters = [Value::from(shift), Value::Integer(after), Value::from(status), Value::Integer(limit)];
    let rows = db.rows(&LIST, parameters).await?;
    rows.iter()
        .map(|row| {
            let has_record = row.get::<Option<String>>("record_status")?.is_some();
            Ok(Listed {
                signup: stored(row)?,
                volunteer_no: row.get("volunteer_no")?,
                secret: row.get("secret")?,
                entry: row.get("entry")?,
                record_status: has_record.then(|| row.word("record_status")).transpose()?,
            })
        })
        .collect()
}
