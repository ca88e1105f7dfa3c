use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    divisions::DivisionCode,
    sql,
    store::{Db, Statement, StoreError, Value},
};

use super::schedules;
use crate::domain::{Exception, Service, Timetable};

const READ: Statement = sql!("read_availability");
const FIND: Statement = sql!("find_open_slots");
const STATS: Statement = sql!("read_stats");

/// What there is to know for an office's availability.
pub(crate) struct Found {
    pub(crate) services: Vec<Service>,
    pub(crate) timetable: Option<Timetable>,
    pub(crate) exceptions: BTreeMap<NaiveDate, Exception>,
    /// `(start, end, release_at, capacity, taken)` of each slot with seats, by start; Unix seconds.
    pub(crate) slots: Vec<(i64, i64, i64, i64, i64)>,
}

pub(crate) async fn read(
    db: &Db,
    (office, service): (&str, Service),
    (from, to): (NaiveDate, NaiveDate),
    (start, end): (i64, i64),
    now: DateTime<Utc>,
) -> Result<Option<Found>, StoreError> {
    let parameters = [
        Value::from(office),
        Value::from(service.word()),
        Value::Text(from.to_string()),
        Value::Text(to.to_string()),
        Value::Integer(start),
        Value::Integer(end),
        Value::Integer(now.timestamp()),
    ];
    let Some(row) = db.row(&READ, parameters).await? else { return Ok(None) };
    Ok(Some(Found {
        services: row.json("services")?,
        timetable: schedules::timetable(&row)?,
        exceptions: schedules::exceptions(&row)?,
        slots: row.json("slots")?,
    }))
}

/// A slot with a free seat somewhere in the city.
pub(crate) struct Open {
    pub(crate) office_id: String,
    pub(crate) office_name: String,
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) remaining: i64,
}

pub(crate) async fn find(
    db: &Db,
    service: Service,
    (start, end): (i64, i64),
    (division, office): (Option<&str>, Option<&str>),
    (after_start, after_office): (i64, &str),
    limit: u32,
    now: DateTime<Utc>,
) -> Result<Vec<Open>, StoreError> {
    let parameters = [
        Value::from(service.word()),
        Value::Integer(start),
        Value::Integer(end),
        Value::Integer(now.timestamp()),
        Value::from(division),
        Value::Integer(after_start),
        Value::from(after_office),
        Value::from(limit),
        Value::from(office),
    ];
    let rows = db.rows(&FIND, parameters).await?;
    rows.iter()
        .map(|row| {
            Ok(Open {
                office_id: row.get("office_id")?,
                office_name: row.get("office_name")?,
                start: row.get("start")?,
                end: row.get("end_at")?,
                remaining: row.get("remaining")?,
            })
        })
        .collect()
}

/// One service of one office over a stretch of time.
pub(crate) struct Stat {
    pub(crate) office_id: String,
    pub(crate) office_name: String,
    pub(crate) division_code: DivisionCode,
    pub(crate) service: String,
    pub(crate) capacity: i64,
    pub(crate) booked: i64,
    pub(crate) by_status: BTreeMap<String, i64>,
}

pub(crate) async fn stats(
    db: &Db,
    (start, end): (i64, i64),
    division: Option<&str>,
) -> Result<Vec<Stat>, StoreError> {
    let parameters = [Value::Integer(start), Value::Integer(end), Value::from(division)];
    let rows = db.rows(&STATS, parameters).await?;
    rows.iter()
        .map(|row| {
            Ok(Stat {
                office_id: row.get("office_id")?,
                office_name: row.get("office_name")?,
                division_code: row.word("division_code")?,
                service: row.get("service")?,
                capacity: row.get("capacity")?,
                booked: row.get("booked")?,
                by_status: row.json("by_status")?,
            })
        })
        .collect()
}
