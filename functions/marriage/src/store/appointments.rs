use chrono::{DateTime, Utc};
use shared::{
    sql,
    store::{Db, Row, Statement, StoreError, Value},
};

use super::offices::office;
use crate::{
    domain::Service,
    wire::{AppointmentStatus, Office, Seat},
};

const BOOK: Statement = sql!("book_appointment");
const READ: Statement = sql!("read_appointment");
const LIST_DAY: Statement = sql!("list_day");
const RESCHEDULE: Statement = sql!("reschedule_appointment");
const SET_STATUS: Statement = sql!("set_status");
const APPLICATION: Statement = sql!("find_divorce_application");
const AFFECTED: Statement = sql!("list_affected");

/// When missed appointments suspend somebody.
#[derive(Clone, Copy)]
pub(crate) struct NoShowRule {
    /// So many …
    pub(crate) count: i64,
    /// … within this stretch …
    pub(crate) window_s: i64,
    /// … suspend for this long after the last.
    pub(crate) suspension_s: i64,
}

/// An appointment as it is written.
pub(crate) struct Booking<'a> {
    pub(crate) reference: &'a str,
    pub(crate) token_hash: &'a str,
    pub(crate) seat: &'a Seat,
    pub(crate) with_ceremony: bool,
    pub(crate) parties: Vec<u8>,
    /// JSON array of blind indexes.
    pub(crate) persons: &'a str,
    pub(crate) hold_id: Option<&'a str>,
    pub(crate) no_shows: NoShowRule,
    pub(crate) actor: &'a str,
}

/// When it ends and where it is; `None` where a guard refused.
pub(crate) async fn book(
    db: &Db,
    booking: Booking<'_>,
    now: DateTime<Utc>,
) -> Result<Option<(i64, Office)>, StoreError> {
    let parameters = [
        Value::from(booking.reference),
        Value::from(booking.token_hash),
        Value::from(booking.seat.office_id.as_str()),
        Value::from(booking.seat.service.word()),
        Value::Integer(booking.seat.start),
        Value::Integer(i64::from(booking.with_ceremony)),
        Value::Blob(booking.parties),
        Value::from(booking.persons),
        Value::from(booking.hold_id),
        Value::Integer(now.timestamp()),
        Value::from(booking.actor),
        Value::Integer(booking.no_shows.window_s),
        Value::Integer(booking.no_shows.suspension_s),
        Value::Integer(booking.no_shows.count),
    ];
    let row = db.row(&BOOK, parameters).await?;
    row.map(|row| Ok((row.get("end_at")?, office(&row)?))).transpose()
}

/// An appointment as it is stored.
pub(crate) struct Stored {
    pub(crate) reference: String,
    pub(crate) token_hash: String,
    pub(crate) status: AppointmentStatus,
    pub(crate) office: Office,
    pub(crate) service: Service,
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) with_ceremony: bool,
    /// Sealed.
    pub(crate) parties: Vec<u8>,
    pub(crate) created_at: i64,
}

fn stored(row: &Row) -> Result<Stored, StoreError> {
    Ok(Stored {
        reference: row.get("reference")?,
        token_hash: row.get("token_hash")?,
        status: row.word("status")?,
        office: office(row)?,
        service: row.word("service")?,
        start: row.get("start")?,
        end: row.get("end_at")?,
        with_ceremony: row.get("with_ceremony")?,
        parties: row.get("parties")?,
        created_at: row.get("created_at")?,
    })
}

pub(crate) async fn read(db: &Db, reference: &str) -> Result<Option<Stored>, StoreError> {
    db.row(&READ, [Value::from(reference)]).await?.as_ref().map(stored).transpose()
}

pub(crate) async fn list_day(
    db: &Db,
    office: &str,
    (start, end): (i64, i64),
    (after_start, after_reference): (i64, &str),
    limit: u32,
) -> Result<Vec<Stored>, StoreError> {
    let parameters = [
        Value::from(office),
        Value::Integer(start),
        Value::Integer(end),
        Value::Integer(after_start),
        Value::from(after_reference),
        Value::from(limit),
    ];
    db.rows(&LIST_DAY, parameters).await?.iter().map(stored).collect()
}

/// Moves an appointment from where it was read to `seat`; `false` where a guard refused.
pub(crate) async fn reschedule(
    db: &Db,
    (reference, seat): (&str, &Seat),
    (office_before, start_before): (&str, i64),
    actor: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(reference),
        Value::from(seat.office_id.as_str()),
        Value::from(seat.service.word()),
        Value::Integer(seat.start),
        Value::Integer(now.timestamp()),
        Value::from(actor),
        Value::from(office_before),
        Value::Integer(start_before),
    ];
    Ok(db.row(&RESCHEDULE, parameters).await?.is_some())
}

/// Changes the status of an appointment as it was read; `false` where it has changed since.
pub(crate) async fn set_status(
    db: &Db,
    read: &Stored,
    (from, to): (&str, &str),
    actor: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let parameters = [
        Value::from(read.reference.as_str()),
        Value::from(from),
        Value::from(to),
        Value::Integer(read.start),
        Value::Integer(now.timestamp()),
        Value::from(actor),
        Value::from(read.office.id.as_str()),
    ];
    Ok(db.row(&SET_STATUS, parameters).await?.is_some())
}

/// When the last divorce application of two people was received, Unix seconds.
pub(crate) async fn divorce_application(
    db: &Db,
    first: &str,
    second: &str,
) -> Result<Option<i64>, StoreError> {
    let row = db.row(&APPLICATION, [Value::from(first), Value::from(second)]).await?;
    row.map_or(Ok(None), |row| row.get("completed_at"))
}

/// An appointment that lost its seat.
pub(crate) struct Affected {
    pub(crate) reference: String,
    pub(crate) service: Service,
    pub(crate) start: i64,
    pub(crate) persons: Vec<String>,
}

pub(crate) async fn list_affected(
    db: &Db,
    office: &str,
    (start, end): (i64, i64),
    limit: u32,
) -> Result<Vec<Affected>, StoreError> {
    let parameters = [Value::from(office), Value::Integer(start), Value::Integer(end), Value::from(limit)];
    let rows = db.rows(&AFFECTED, parameters).await?;
    rows.iter()
        .map(|row| {
            Ok(Affected {
                reference: row.get("reference")?,
                service: row.word("service")?,
                start: row.get("start")?,
                persons: row.json("persons")?,
            })
        })
        .collect()
}
