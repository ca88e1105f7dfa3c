use std::collections::BTreeMap;

use serde::Serialize;
use shared::{
    input::{Object, Rejection, boolean, choice, integer, text},
    opening_hours::{Hours, MOST_STRETCHES, Weekday, read_weekly},
};
use utoipa::ToSchema;

use crate::domain::{Exception, GENERATED_DAYS, Service, Timetable};

/// 日程 · An office's timetable as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimetableView {
    /// The office.
    pub office_id: String,
    /// Counts the changes of the office's schedule; also the `ETag`.
    pub version: i64,
    /// The weekly template; `null` before the first one is set.
    pub timetable: Option<Timetable>,
    /// Days from today on that differ from it.
    pub exceptions: Vec<ExceptionView>,
}

/// 特殊日期 · A day that differs from the timetable.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExceptionView {
    /// The day.
    pub date: chrono::NaiveDate,
    /// How it differs.
    #[serde(flatten)]
    pub exception: Exception,
}

/// 日程变更结果 · What a change of the schedule did.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScheduleChanged {
    /// The office.
    pub office_id: String,
    /// The schedule's new version.
    pub version: i64,
    /// Appointments that no longer have a seat; `rebook` moves those of a day.
    pub affected: i64,
}

impl Timetable {
    /// Reads the body of `PUT /offices/{id}/timetable`.
    pub fn read(o: &Object<'_>) -> Option<Self> {
        let longest = i64::try_from(GENERATED_DAYS).ok()? - 1;
        let slot_minutes = o.required("slot_minutes", integer(5..=240));
        let release_days = o.required("release_days", integer(1..=longest));
        let weekly = o.required_object("weekly", read_weekly);
        let capacity = o.required_object("capacity", seats);
        let make_up = o.optional("make_up_days_as", choice(Weekday::WORDS));
        Some(Self {
            slot_minutes: u32::try_from(slot_minutes?).ok()?,
            release_days: u32::try_from(release_days?).ok()?,
            weekly: weekly?,
            capacity: capacity?,
            make_up_days_as: make_up?,
        })
    }
}

impl Exception {
    /// Reads the body of `PUT /offices/{id}/exceptions/{date}`.
    pub fn read(o: &Object<'_>) -> Option<Self> {
        let closed = o.optional("closed", boolean);
        let hours = Hours::read_list(o, "hours", 1..=MOST_STRETCHES);
        let capacity = o.optional_object("capacity", seats);
        let reason = o.optional("reason", text(1..=200));
        let (closed, hours, capacity) = (closed?.unwrap_or(false), hours?, capacity?);
        if closed && (hours.is_some() || capacity.is_some()) {
            o.reject(
                "closed",
                Rejection::new(
                    "contradiction",
                    "关闭的日期不能再设时间或席位。",
                    "A closed day has neither hours nor seats.",
                ),
            );
        }
        if !closed && hours.is_none() && capacity.is_none() {
            o.reject(
                "closed",
                Rejection::new(
                    "required",
                    "应设为关闭，或给出时间或席位。",
                    "Say that it is closed, or give hours or seats.",
                ),
            );
        }
        Some(Self { closed, hours, capacity: capacity.unwrap_or_default(), reason: reason? })
    }
}

fn seats(o: &Object<'_>) -> Option<BTreeMap<Service, u32>> {
    let seats: Vec<_> = Service::WORDS
        .iter()
        .map(|(name, service)| Some((*service, o.optional(name, integer(0..=1000))?)))
        .collect();
    let seats: Vec<_> = seats.into_iter().collect::<Option<_>>()?;
    Some(seats.into_iter().filter_map(|(service, n)| Some((service, u32::try_from(n?).ok()?))).collect())
}
