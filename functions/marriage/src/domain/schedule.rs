use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use shared::{
    calendar::{self, DayKind, WorkingCalendar},
    i18n::Text,
    opening_hours::{Hours, Weekday},
};
use utoipa::ToSchema;

use super::Service;

/// How many days ahead slots are made. They open for booking only when the office's release horizon reaches them.
pub const GENERATED_DAYS: u64 = 60;

/// The weekly template of an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Timetable {
    /// Length of a slot in minutes.
    pub slot_minutes: u32,
    /// How many days before its day a slot opens for booking.
    pub release_days: u32,
    /// Opening hours by day of the week; a day that is missing is closed.
    pub weekly: BTreeMap<Weekday, Vec<Hours>>,
    /// Seats of each slot by service; a service that is missing isn't offered.
    pub capacity: BTreeMap<Service, u32>,
    /// The day of the week whose hours a make-up working day has; `null`: closed on it.
    pub make_up_days_as: Option<Weekday>,
}

/// A day that differs from the timetable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Exception {
    /// Closed all day.
    pub closed: bool,
    /// Other hours; `null`: those of the timetable.
    pub hours: Option<Vec<Hours>>,
    /// Other seats of each slot by service; a service that is missing keeps those of the timetable.
    #[serde(default)]
    pub capacity: BTreeMap<Service, u32>,
    /// Why, for the public.
    pub reason: Option<String>,
}

/// What an office does on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayPlan {
    /// Open in these hours, with these seats a slot.
    Open {
        /// Opening hours.
        hours: Vec<Hours>,
        /// Seats by service.
        capacity: BTreeMap<Service, u32>,
    },
    /// Closed, and why.
    Closed(Text),
}

impl DayPlan {
    /// The plan for a day: an exception beats a holiday, a holiday beats the weekly hours.
    #[must_use]
    pub fn of(
        day: NaiveDate,
        timetable: &Timetable,
        exception: Option<&Exception>,
        calendar: &WorkingCalendar,
    ) -> Self {
        let own_hours = exception.and_then(|exception| exception.hours.clone());
        if let Some(exception) = exception.filter(|exception| exception.closed) {
            return Self::Closed(match &exception.reason {
                Some(reason) => Text::of(reason.clone(), reason.clone()),
                None => Text::new("当日不办理", "Closed on this day"),
            });
        }
        let hours = match (own_hours, calendar.kind(day)) {
            (Some(hours), _) => hours,
            (None, DayKind::Holiday { name_zh, name_en }) => {
                return Self::Closed(Text::of(format!("{name_zh}放假"), format!("Holiday: {name_en}")));
            }
            (None, DayKind::MakeUp { .. }) => match timetable.make_up_days_as {
                Some(weekday) => timetable.weekly.get(&weekday).cloned().unwrap_or_default(),
                None => Vec::new(),
            },
            (None, DayKind::Working | DayKind::Weekend) => {
                timetable.weekly.get(&Weekday::of(day)).cloned().unwrap_or_default()
            }
        };
        if hours.is_empty() {
            return Self::Closed(Text::new("非工作日", "Not a day of service"));
        }
        let mut capacity = timetable.capacity.clone();
        capacity.extend(exception.map(|exception| exception.capacity.clone()).unwrap_or_default());
        Self::Open { hours, capacity }
    }
}

/// One bookable time of one service. Instants are Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The service.
    pub service: Service,
    /// When it begins.
    pub start: i64,
    /// When it ends.
    pub end: i64,
    /// When it opens for booking: midnight, `release_days` before its day.
    pub release_at: i64,
    /// Its seats.
    pub capacity: u32,
}

/// The slots of the days from `first` to `last`, both included.
#[must_use]
pub fn slots(
    (first, last): (NaiveDate, NaiveDate),
    timetable: &Timetable,
    exceptions: &BTreeMap<NaiveDate, Exception>,
    calendar: &WorkingCalendar,
) -> Vec<Slot> {
    let days = first.iter_days().take_while(|day| *day <= last);
    days.flat_map(|day| slots_of_day(day, timetable, exceptions.get(&day), calendar)).collect()
}

fn slots_of_day(
    day: NaiveDate,
    timetable: &Timetable,
    exception: Option<&Exception>,
    calendar: &WorkingCalendar,
) -> Vec<Slot> {
    let DayPlan::Open { hours, capacity } = DayPlan::of(day, timetable, exception, calendar) else {
        return Vec::new();
    };
    let released = day.checked_sub_days(Days::new(u64::from(timetable.release_days))).unwrap_or(day);
    let release_at = calendar::at(released, NaiveTime::MIN).timestamp();
    let step = i64::from(timetable.slot_minutes.max(1)) * 60;
    let mut slots = Vec::new();
    for stretch in hours {
        let closes = stretch.closes().at(day).timestamp();
        let mut start = stretch.opens().at(day).timestamp();
        while start + step <= closes {
            slots.extend(capacity.iter().filter(|(_, seats)| **seats > 0).map(|(service, seats)| Slot {
                service: *service,
                start,
                end: start + step,
                release_at,
                capacity: *seats,
            }));
            start += step;
        }
    }
    slots
}

/// What a day is to somebody who wants to book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayStatus {
    /// A seat is free.
    Open,
    /// The office is closed, or doesn't offer the service.
    Closed,
    /// Every seat is taken.
    Full,
    /// Not bookable yet.
    NotReleased,
    /// Over.
    Past,
}

/// The status of a day, given whether the office has hours on it and the seats left in its slots that still lie ahead.
#[must_use]
pub fn day_status(
    (day, today, last_released): (NaiveDate, NaiveDate, NaiveDate),
    is_open: bool,
    remaining: impl ExactSizeIterator<Item = i64>,
) -> DayStatus {
    if day < today {
        return DayStatus::Past;
    }
    if !is_open {
        return DayStatus::Closed;
    }
    if day > last_released {
        return DayStatus::NotReleased;
    }
    let slots_ahead = remaining.len();
    match (slots_ahead, remaining.max()) {
        (0, _) if day == today => DayStatus::Past,
        (0, _) => DayStatus::Closed,
        (_, Some(1..)) => DayStatus::Open,
        _ => DayStatus::Full,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared::opening_hours::ClockTime;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn hours(opens: &str, closes: &str) -> Hours {
        Hours::new(ClockTime::parse(opens).unwrap(), ClockTime::parse(closes).unwrap()).unwrap()
    }

    fn timetable() -> Timetable {
        let office_hours = vec![hours("09:00", "11:30"), hours("13:30", "17:00")];
        Timetable {
            slot_minutes: 30,
            release_days: 30,
            weekly: Weekday::WORDS.iter().take(5).map(|(_, day)| (*day, office_hours.clone())).collect(),
            capacity: [(Service::Marriage, 4)].into(),
            make_up_days_as: Some(Weekday::Monday),
        }
    }

    fn plan(on: &str, exception: Option<&Exception>) -> DayPlan {
        DayPlan::of(day(on), &timetable(), exception, WorkingCalendar::embedded())
    }

    #[test]
    fn holidays_close_make_up_days_open_and_weekends_follow_the_timetable() {
        assert!(matches!(plan("2026-10-01", None), DayPlan::Closed(reason) if reason.zh.contains("放假")));
        assert!(matches!(plan("2026-10-10", None), DayPlan::Open { .. }), "a make-up Saturday");
        assert!(matches!(plan("2026-10-17", None), DayPlan::Closed(_)), "an ordinary Saturday");
        assert!(matches!(plan("2026-10-16", None), DayPlan::Open { .. }));
    }

    #[test]
    fn an_exception_opens_a_holiday_closes_a_working_day_and_adds_seats() {
        let open = Exception { hours: Some(vec![hours("09:00", "10:00")]), ..Exception::default() };
        assert!(matches!(plan("2026-10-01", Some(&open)), DayPlan::Open { .. }));
        let closed = Exception { closed: true, reason: Some("系统升级".into()), ..Exception::default() };
        assert!(matches!(plan("2026-10-16", Some(&closed)), DayPlan::Closed(text) if text.zh == "系统升级"));
        let surge = Exception { capacity: [(Service::Marriage, 40)].into(), ..Exception::default() };
        let DayPlan::Open { capacity, .. } = plan("2026-10-16", Some(&surge)) else { panic!("closed") };
        assert_eq!(capacity[&Service::Marriage], 40);
    }

    #[test]
    fn slots_fill_the_hours_and_are_released_at_midnight() {
        let one = day("2026-12-01");
        let made = slots((one, one), &timetable(), &BTreeMap::new(), WorkingCalendar::embedded());
        assert_eq!(made.len(), 5 + 7);
        let first = made.first().unwrap();
        assert_eq!(first.start, calendar::at(one, "09:00:00".parse().unwrap()).timestamp());
        assert_eq!(first.release_at, calendar::at(day("2026-11-01"), NaiveTime::MIN).timestamp());
    }

    #[test]
    fn a_day_is_open_full_closed_past_or_not_released() {
        let days = |on: &str| (day(on), day("2026-12-01"), day("2026-12-31"));
        assert_eq!(day_status(days("2026-11-30"), true, [1].into_iter()), DayStatus::Past);
        assert_eq!(day_status(days("2026-12-01"), true, [].into_iter()), DayStatus::Past);
        assert_eq!(day_status(days("2026-12-02"), true, [0, 2].into_iter()), DayStatus::Open);
        assert_eq!(day_status(days("2026-12-02"), true, [0, -1].into_iter()), DayStatus::Full);
        assert_eq!(day_status(days("2026-12-02"), true, [].into_iter()), DayStatus::Closed);
        assert_eq!(day_status(days("2026-12-02"), false, [].into_iter()), DayStatus::Closed);
        assert_eq!(day_status(days("2027-01-01"), true, [5].into_iter()), DayStatus::NotReleased);
    }

    proptest! {
        #[test]
        fn slots_lie_inside_their_hours_and_never_overlap(minutes in 5_u32..240, opens in 0_u16..1300, long in 1_u16..400) {
            let closes = (opens + long).min(1440);
            let time = |minutes| ClockTime::from_minutes(minutes).unwrap();
            let stretch = Hours::new(time(opens), time(closes)).unwrap();
            let table = Timetable {
                slot_minutes: minutes,
                weekly: Weekday::WORDS.iter().map(|(_, day)| (*day, vec![stretch])).collect(),
                ..timetable()
            };
            let one = day("2026-12-01");
            let made = slots((one, one), &table, &BTreeMap::new(), WorkingCalendar::embedded());
            let midnight = calendar::at(one, NaiveTime::MIN).timestamp();
            for pair in made.windows(2) {
                prop_assert!(pair[0].end <= pair[1].start);
            }
            for slot in &made {
                prop_assert!(slot.start >= midnight + i64::from(opens) * 60);
                prop_assert!(slot.end <= midnight + i64::from(closes) * 60);
                prop_assert_eq!(slot.end - slot.start, i64::from(minutes) * 60);
            }
        }
    }
}
