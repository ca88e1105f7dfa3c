//! What each route does: parse, decide, store, respond.

pub(crate) mod appointments;
pub(crate) mod availability;
pub(crate) mod counter;
pub(crate) mod holds;
pub(crate) mod offices;
pub(crate) mod rebook;
pub(crate) mod timetables;
pub(crate) mod waitlist;

mod access;
mod booking;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use shared::{calendar, input::Rejection, problem::ApiError};

/// The Unix seconds at which a day begins in Shanghai.
fn midnight(day: NaiveDate) -> i64 {
    calendar::at(day, NaiveTime::MIN).timestamp()
}

/// The Unix seconds at which the stretch of days begins and ends, the last day included.
fn stretch(from: NaiveDate, to: NaiveDate) -> (i64, i64) {
    (midnight(from), midnight(to.succ_opt().unwrap_or(to)))
}

/// The day in Shanghai of an instant in Unix seconds.
fn day_of(seconds: i64) -> NaiveDate {
    calendar::day_of(DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC))
}

fn unknown_office() -> ApiError {
    Rejection::new("unknown_office", "没有这个婚姻登记处。", "There is no such office.").at("/office_id")
}
