use crate::domain::{Field, RevocationReason};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use shared::{
    calendar, sql,
    store::{Db, Row, Statement, StoreError, Value},
};

const ISSUE: Statement = sql!("issue_certificate");
const READ: Statement = sql!("read_certificate");
const LIST: Statement = sql!("list_certificates");
const LIST_ISSUED: Statement = sql!("list_issued");
const READ_BY_NUMBER: Statement = sql!("read_certificate_by_number");
const REVOKE: Statement = sql!("revoke_certificate");

/// What a certificate is to be about.
pub(crate) struct Issuing<'a> {
    pub(crate) code: &'a str,
    pub(crate) volunteer: i64,
    /// The holder's name, sealed.
    pub(crate) name: Vec<u8>,
    /// The first day; that of the first service where it isn't given.
    pub(crate) from: Option<NaiveDate>,
    /// The last day.
    pub(crate) to: NaiveDate,
    /// Only what was done for this organisation.
    pub(crate) organisation: Option<&'a str>,
}

/// Issues a certificate; whether there was anything to certify.
pub(crate) async fn issue(db: &Db, issuing: Issuing<'_>, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let begin = |day: NaiveDate| calendar::at(day, chrono::NaiveTime::MIN).timestamp();
    let parameters = [
        Value::from(issuing.code),
        Value::Integer(issuing.volunteer),
        Value::Blob(issuing.name),
        Value::Integer(now.timestamp()),
        Value::Integer(issuing.from.map_or(0, begin)),
        Value::Integer(begin(issuing.to) + 86_400),
        Value::from(issuing.organisation.unwrap_or_default()),
        Value::from(issuing.from.map(|day| day.to_string())),
        Value::Text(issuing.to.to_string()),
    ];
    Ok(db.row(&ISSUE, parameters).await?.is_some())
}

/// What a certificate says of one opportunity.
#[derive(Deserialize)]
pub(crate) struct Entry {
    pub(crate) organisation: String,
    pub(crate) organisation_name: String,
    pub(crate) opportunity: String,
    pub(crate) title: String,
    pub(crate) field: Field,
    pub(crate) first_at: i64,
    pub(crate) last_at: i64,
    pub(crate) times: i64,
    pub(crate) minutes: i64,
}

/// A certificate as it is stored.
pub(crate) struct Stored {
    pub(crate) no: i64,
    pub(crate) code: String,
    pub(crate) volunteer_no: String,
    pub(crate) name: Option<Vec<u8>>,
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
    pub(crate) entries: Vec<Entry>,
    pub(crate) total_minutes: i64,
    pub(crate) sample: bool,
    pub(crate) issued_at: i64,
    pub(crate) revoked_at: Option<i64>,
    pub(crate) revoked_reason: Option<RevocationReason>,
    /// The hash of the holder's token; `None` where they withdrew their registration.
    pub(crate) token_hash: Option<String>,
}

impl Stored {
    /// The day on which it was issued.
    pub(crate) fn issued_on(&self) -> NaiveDate {
        calendar::day_of(DateTime::from_timestamp(self.issued_at, 0).unwrap_or_default())
    }

    /// Its official number.
    pub(crate) fn number(&self) -> String {
        format!("{}-{:08}", self.issued_on().format("%Y"), self.no)
    }
}

fn stored(row: &Row) -> Result<Stored, StoreError> {
    let revoked_at: Option<i64> = row.get("revoked_at")?;
    Ok(Stored {
        no: row.get("no")?,
        code: row.get("code")?,
        volunteer_no: row.get("volunteer_no")?,
        name: row.get("name")?,
        from: row.word("from_day")?,
        to: row.word("to_day")?,
        entries: row.json("entries")?,
        total_minutes: row.get("total_minutes")?,
        sample: row.get("sample")?,
        issued_at: row.get("issued_at")?,
        revoked_at,
        revoked_reason: revoked_at.map(|_| row.word("revoked_reason")).transpose()?,
        token_hash: row.get("token_hash")?,
    })
}

pub(crate) async fn read(db: &Db, code: &str) -> Result<Option<Stored>, StoreError> {
    db.row(&READ, [Value::from(code)]).await?.as_ref().map(stored).transpose()
}

/// A volunteer's certificates, the latest first; `before` 0 begins with the last.
pub(crate) async fn of_volunteer(
    db: &Db,
    volunteer: i64,
    (before, limit): (i64, i64),
) -> Result<Vec<Stored>, StoreError> {
    let rows = db.rows(&LIST, [volunteer, before, limit].map(Value::Integer)).await?;
    rows.iter().map(stored).collect()
}

/// The certificate with an official number, `2026-00000001`.
pub(crate) async fn by_number(db: &Db, number: &str) -> Result<Option<Stored>, StoreError> {
    let no = number.split_once('-').and_then(|(_, no)| no.parse::<i64>().ok());
    let Some(no) = no else { return Ok(None) };
    let found = db.row(&READ_BY_NUMBER, [Value::Integer(no)]).await?.as_ref().map(stored).transpose()?;
    Ok(found.filter(|stored| stored.number() == number))
}

/// Certificates in which an organisation stands, by number; of everybody or of one volunteer.
pub(crate) async fn issued(
    db: &Db,
    (organisation, volunteer_no): (&str, Option<&str>),
    (after, limit): (i64, i64),
) -> Result<Vec<Stored>, StoreError> {
    let parameters = [
        Value::from(organisation),
        Value::from(volunteer_no.unwrap_or_default()),
        Value::Integer(after),
        Value::Integer(limit),
    ];
    db.rows(&LIST_ISSUED, parameters).await?.iter().map(stored).collect()
}

/// Revokes a certificate; whether it held.
pub(crate) async fn revoke(
    db: &Db,
    code: &str,
    reason: &'static str,
    now: DateTime<Utc>,
    actor: &str,
) -> Result<bool, StoreError> {
    let parameters =
        [Value::from(code), Value::Integer(now.timestamp()), Value::from(actor), Value::from(reason)];
    Ok(db.row(&REVOKE, parameters).await?.is_some())
}
