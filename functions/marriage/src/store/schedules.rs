use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use shared::{
    sql,
    store::{Db, Row, Statement, StoreError, Value},
};

use crate::domain::{Exception, Service, Slot, Timetable};

const READ: Statement = sql!("read_schedule");
const CHANGE: Statement = sql!("change_schedule");
const SHORT: Statement = sql!("list_offices_short_of_slots");
const AFFECTED: Statement = sql!("count_affected");

/// An office's timetable and the days that differ from it.
pub(crate) struct Schedule {
    pub(crate) services: Vec<Service>,
    pub(crate) timetable: Option<Timetable>,
    pub(crate) version: i64,
    /// The last day with slots.
    pub(crate) slots_until: Option<NaiveDate>,
    pub(crate) exceptions: BTreeMap<NaiveDate, Exception>,
}

pub(super) fn exceptions(row: &Row) -> Result<BTreeMap<NaiveDate, Exception>, StoreError> {
    Ok(row.json::<Vec<(NaiveDate, Exception)>>("exceptions")?.into_iter().collect())
}

pub(super) fn timetable(row: &Row) -> Result<Option<Timetable>, StoreError> {
    match row.get::<Option<String>>("timetable")? {
        Some(_) => row.json("timetable").map(Some),
        None => Ok(None),
    }
}

pub(crate) async fn read(
    db: &Db,
    office: &str,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Option<Schedule>, StoreError> {
    let parameters = [Value::from(office), Value::Text(from.to_string()), Value::Text(to.to_string())];
    let Some(row) = db.row(&READ, parameters).await? else { return Ok(None) };
    Ok(Some(Schedule {
        services: row.json("services")?,
        timetable: timetable(&row)?,
        version: row.get("schedule_version")?,
        slots_until: row.get::<String>("slots_until")?.parse().ok(),
        exceptions: exceptions(&row)?,
    }))
}

/// What a change of a schedule is.
pub(crate) enum Kind<'a> {
    Timetable(&'a Timetable),
    Exception(NaiveDate, &'a Exception),
    ExceptionRemoved(NaiveDate),
    Extension,
}

/// A change of a schedule, made from a reading of its `version`.
pub(crate) struct Change<'a> {
    pub(crate) office: &'a str,
    pub(crate) version: i64,
    pub(crate) kind: Kind<'a>,
    /// Slots in this stretch of Unix seconds that are not among `slots` lose their seats.
    pub(crate) replaces: (i64, i64),
    /// The last day with slots, where it changes.
    pub(crate) slots_until: Option<NaiveDate>,
    pub(crate) slots: &'a [Slot],
    pub(crate) actor: &'a str,
}

/// The new version; `None` where the schedule isn't at the version that the change was made from.
pub(crate) async fn change(
    db: &Db,
    change: &Change<'_>,
    now: DateTime<Utc>,
) -> Result<Option<i64>, StoreError> {
    let encode = |value: serde_json::Result<String>| value.unwrap_or_default();
    let (kind, day, body) = match change.kind {
        Kind::Timetable(timetable) => ("timetable", None, Some(encode(serde_json::to_string(timetable)))),
        Kind::Exception(day, exception) => {
            ("exception", Some(day), Some(encode(serde_json::to_string(exception))))
        }
        Kind::ExceptionRemoved(day) => ("exception_removed", Some(day), None),
        Kind::Extension => ("extension", None, None),
    };
    let slots: Vec<_> = change
        .slots
        .iter()
        .map(|slot| (slot.service, slot.start, slot.end, slot.release_at, slot.capacity))
        .collect();
    let parameters = [
        Value::from(change.office),
        Value::Integer(change.version),
        Value::from(kind),
        Value::from(day.map(|day| day.to_string())),
        Value::from(body),
        Value::Integer(change.replaces.0),
        Value::Integer(change.replaces.1),
        Value::from(change.slots_until.map(|day| day.to_string())),
        Value::Text(encode(serde_json::to_string(&slots))),
        Value::Integer(now.timestamp()),
        Value::from(change.actor),
    ];
    db.row(&CHANGE, parameters).await?.map(|row| row.get("version")).transpose()
}

/// Offices whose slots don't reach the end of their release horizon.
pub(crate) async fn short_of_slots(db: &Db, today: NaiveDate) -> Result<Vec<String>, StoreError> {
    db.rows(&SHORT, [Value::Text(today.to_string())]).await?.iter().map(|row| row.get("id")).collect()
}

/// How many appointments in a stretch of Unix seconds have lost their seats.
pub(crate) async fn count_affected(db: &Db, office: &str, (from, to): (i64, i64)) -> Result<i64, StoreError> {
    let parameters = [Value::from(office), Value::Integer(from), Value::Integer(to)];
    db.row(&AFFECTED, parameters).await?.map_or(Ok(0), |row| row.get("affected"))
}
