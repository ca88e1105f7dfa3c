use chrono::{DateTime, Utc};
use shared::{
    sql,
    store::{Db, Statement, StoreError, Value},
};

use crate::{domain::Timetable, wire::Seat};

const HOLD: Statement = sql!("hold_seat");
const READ: Statement = sql!("read_hold");
const RELEASE: Statement = sql!("release_hold");
const EXPLAIN: Statement = sql!("explain_booking");
const OFFER_NEXT: Statement = sql!("offer_next_seat");

/// When the hold ends, Unix seconds; `None` where the seat isn't free.
pub(crate) async fn hold(
    db: &Db,
    seat: &Seat,
    hold_id: &str,
    seconds: i64,
    now: DateTime<Utc>,
) -> Result<Option<i64>, StoreError> {
    let parameters = [
        Value::from(hold_id),
        Value::from(seat.office_id.as_str()),
        Value::from(seat.service.word()),
        Value::Integer(seat.start),
        Value::Integer(now.timestamp()),
        Value::Integer(seconds),
    ];
    db.row(&HOLD, parameters).await?.map(|row| row.get("expires_at")).transpose()
}

/// When a hold that was made ends, Unix seconds.
pub(crate) async fn hold_ends(db: &Db, hold_id: &str) -> Result<Option<i64>, StoreError> {
    db.row(&READ, [Value::from(hold_id)]).await?.map(|row| row.get("expires_at")).transpose()
}

/// The office and service whose seat is free again; `None` where there was no such hold.
pub(crate) async fn release(db: &Db, hold_id: &str) -> Result<Option<(String, String)>, StoreError> {
    let row = db.row(&RELEASE, [Value::from(hold_id)]).await?;
    row.map(|row| Ok((row.get("office_id")?, row.get("service")?))).transpose()
}

/// Offers a free seat to the first who waits for one; `false` where nobody does.
pub(crate) async fn offer_next(
    db: &Db,
    office: &str,
    service: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let parameters = [Value::from(office), Value::from(service), Value::Integer(now.timestamp())];
    Ok(db.row(&OFFER_NEXT, parameters).await?.is_some())
}

/// What stands between somebody and a seat. Read after a guard refused.
pub(crate) struct Explanation {
    pub(crate) timetable: Option<Timetable>,
    pub(crate) offers_service: bool,
    /// The slot, where there is one.
    pub(crate) slot: Option<SlotState>,
    pub(crate) already_booked: bool,
    pub(crate) suspended_until: Option<i64>,
    pub(crate) hold_is_live: bool,
}

/// A slot's seats.
#[derive(Clone, Copy)]
pub(crate) struct SlotState {
    /// Unix seconds.
    pub(crate) release_at: i64,
    pub(crate) capacity: i64,
    /// By appointments.
    pub(crate) booked: i64,
    /// By appointments and holds, or kept for those who wait.
    pub(crate) taken: i64,
}

/// Who asks, for [`explain`].
pub(crate) struct Asking<'a> {
    /// JSON array of blind indexes.
    pub(crate) persons: &'a str,
    /// An appointment of theirs that doesn't count.
    pub(crate) except: &'a str,
    pub(crate) hold_id: Option<&'a str>,
    pub(crate) no_shows: super::appointments::NoShowRule,
}

/// `None` where there is no such office.
pub(crate) async fn explain(
    db: &Db,
    seat: &Seat,
    asking: &Asking<'_>,
    now: DateTime<Utc>,
) -> Result<Option<Explanation>, StoreError> {
    let parameters = [
        Value::from(seat.office_id.as_str()),
        Value::from(seat.service.word()),
        Value::Integer(seat.start),
        Value::from(asking.persons),
        Value::Integer(now.timestamp()),
        Value::Integer(asking.no_shows.window_s),
        Value::Integer(asking.no_shows.suspension_s),
        Value::from(asking.except),
        Value::from(asking.hold_id),
        Value::Integer(asking.no_shows.count),
    ];
    let Some(row) = db.row(&EXPLAIN, parameters).await? else { return Ok(None) };
    let services: Vec<crate::domain::Service> = row.json("services")?;
    let slot = match row.get::<Option<i64>>("release_at")? {
        Some(release_at) => Some(SlotState {
            release_at,
            capacity: row.get("capacity")?,
            booked: row.get("booked")?,
            taken: row.get("taken")?,
        }),
        None => None,
    };
    Ok(Some(Explanation {
        timetable: super::schedules::timetable(&row)?,
        offers_service: services.contains(&seat.service),
        slot,
        already_booked: row.get::<Option<bool>>("already_booked")?.unwrap_or(false),
        suspended_until: row.get("suspended_until")?,
        hold_is_live: row.get::<Option<bool>>("hold_is_live")?.unwrap_or(false),
    }))
}
