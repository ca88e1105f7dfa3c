use std::collections::BTreeMap;

use serde::Serialize;
use shared::input::{Object, Rejection, boolean, choice, integer, text, time_of_day};
use utoipa::ToSchema;

use crate::domain::{Exception, GENERATED_DAYS, Hours, Service, Timetable, Weekday};

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
        let weekly = o.required_object("weekly", |week| {
            let days: Vec<_> = Weekday::WORDS
                .iter()
                .map(|(name, weekday)| Some((*weekday, week.optional_objects(name, 0..=6, hours)?)))
                .collect();
            let days: Vec<_> = days.into_iter().collect::<Option<_>>()?;
            Some(days.into_iter().filter_map(|(day, hours)| Some((day, hours?))).collect::<BTreeMap<_, _>>())
        });
        let capacity = o.required_object("capacity", seats);
        let make_up = o.optional("make_up_days_as", choice(Weekday::WORDS));
        let weekly = weekly?;
        if weekly.values().any(|hours| overlap(hours)) {
            o.reject("weekly", OVERLAP);
        }
        Some(Self {
            slot_minutes: u32::try_from(slot_minutes?).ok()?,
            release_days: u32::try_from(release_days?).ok()?,
            weekly,
            capacity: capacity?,
            make_up_days_as: make_up?,
        })
    }
}

impl Exception {
    /// Reads the body of `PUT /offices/{id}/exceptions/{date}`.
    pub fn read(o: &Object<'_>) -> Option<Self> {
        let closed = o.optional("closed", boolean);
        let hours = o.optional_objects("hours", 1..=6, hours);
        let capacity = o.optional_object("capacity", seats);
        let reason = o.optional("reason", text(1..=200));
        let (closed, hours, capacity) = (closed?.unwrap_or(false), hours?, capacity?);
        if hours.as_ref().is_some_and(|hours| overlap(hours)) {
            o.reject("hours", OVERLAP);
        }
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
                    "应设为关闭,或给出时间或席位。",
                    "Say that it is closed, or give hours or seats.",
                ),
            );
        }
        Some(Self { closed, hours, capacity: capacity.unwrap_or_default(), reason: reason? })
    }
}

const OVERLAP: Rejection =
    Rejection::new("overlap", "同一天的时间段不能重叠。", "The hours of a day must not overlap.");

fn hours(o: &Object<'_>) -> Option<Hours> {
    let opens = o.required("opens", time_of_day);
    let closes = o.required("closes", time_of_day);
    let (opens, closes) = (opens?, closes?);
    if closes <= opens {
        o.reject("closes", Rejection::new("range", "应晚于 opens。", "This has to be after opens."));
        return None;
    }
    Some(Hours { opens, closes })
}

fn overlap(hours: &[Hours]) -> bool {
    let mut sorted = hours.to_vec();
    sorted.sort_by_key(|stretch| stretch.opens);
    sorted.iter().zip(sorted.iter().skip(1)).any(|(before, after)| after.opens < before.closes)
}

fn seats(o: &Object<'_>) -> Option<BTreeMap<Service, u32>> {
    let seats: Vec<_> = Service::WORDS
        .iter()
        .map(|(name, service)| Some((*service, o.optional(name, integer(0..=1000))?)))
        .collect();
    let seats: Vec<_> = seats.into_iter().collect::<Option<_>>()?;
    Some(seats.into_iter().filter_map(|(service, n)| Some((service, u32::try_from(n?).ok()?))).collect())
}
