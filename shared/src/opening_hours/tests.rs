use chrono::{DateTime, NaiveDate, Utc};
use proptest::{collection, option, prelude::*, sample};

use super::*;

mod days;
mod forms;
mod instants;
mod text;

fn parsed(text: &str) -> OpeningHours {
    OpeningHours::parse_text(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"))
}

fn calendar() -> &'static WorkingCalendar {
    WorkingCalendar::embedded()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant, `2026-03-02 09:00` or with seconds, as clocks in Shanghai show it.
fn shanghai(text: &str) -> DateTime<Utc> {
    let seconds = if text.len() == 16 { ":00" } else { "" };
    format!("{}{seconds}+08:00", text.replace(' ', "T")).parse().unwrap()
}

fn hours(opens: &str, closes: &str) -> Hours {
    Hours::new(ClockTime::parse(opens).unwrap(), ClockTime::parse(closes).unwrap()).unwrap()
}

prop_compose! {
    /// Hours that touch are as likely as hours with a gap.
    fn some_hours()(
        mut ends in collection::vec(sample::select(vec![0, 1, 480, 539, 540, 720, 780, 1020, 1439, 1440]), 0..12)
    ) -> Vec<Hours> {
        ends.sort_unstable();
        let times = ends.into_iter().filter_map(ClockTime::from_minutes).collect::<Vec<_>>();
        times.chunks_exact(2).filter_map(|pair| Hours::new(pair[0], pair[1]).ok()).collect()
    }
}

prop_compose! {
    /// Exceptions lie in the weeks around National Day 2026, with its holidays and make-up days.
    fn any_hours()(
        weekly in collection::btree_map(sample::select(Weekday::ALL.to_vec()), some_hours(), 0..=7),
        on_holidays in some_hours(),
        make_up_days_as in option::weighted(0.8, sample::select(Weekday::ALL.to_vec())),
        exceptions in collection::btree_map(
            (0_u64..40).prop_map(|days| day("2026-09-10") + chrono::Days::new(days)), some_hours(), 0..4
        ),
    ) -> OpeningHours {
        let mut made = OpeningHours { weekly, on_holidays, make_up_days_as, exceptions };
        made.weekly.retain(|_, hours| !hours.is_empty());
        if made.says_nothing() {
            made.on_holidays = vec![Hours::ALL_DAY];
        }
        made
    }
}
