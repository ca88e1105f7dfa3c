use chrono::{Days, TimeDelta};

use super::*;

const OFFICE: &str = "Mo-Fr 09:00-11:30,13:30-17:00";

fn is_open(hours: &OpeningHours, at: &str) -> bool {
    hours.is_open(shanghai(at), calendar())
}

fn closes(hours: &OpeningHours, at: &str) -> Option<DateTime<Utc>> {
    hours.closes_at(shanghai(at), calendar())
}

fn opens(hours: &OpeningHours, at: &str) -> Option<DateTime<Utc>> {
    hours.opens_at(shanghai(at), calendar())
}

#[test]
fn open_from_the_first_minute_to_just_before_the_last() {
    let office = parsed(OFFICE);
    assert!(!is_open(&office, "2026-03-02 08:59:59"));
    assert!(is_open(&office, "2026-03-02 09:00"));
    assert!(is_open(&office, "2026-03-02 11:29:59"));
    assert!(!is_open(&office, "2026-03-02 11:30"), "lunch");
    assert!(is_open(&office, "2026-03-02 13:30"));
    assert!(!is_open(&office, "2026-03-02 17:00"));
}

#[test]
fn lunch_closes_and_opens_again() {
    let office = parsed(OFFICE);
    assert_eq!(closes(&office, "2026-03-02 10:15:30"), Some(shanghai("2026-03-02 11:30")));
    assert_eq!(opens(&office, "2026-03-02 11:30"), Some(shanghai("2026-03-02 13:30")));
    assert_eq!(closes(&office, "2026-03-02 12:00"), None, "closed already");
    assert_eq!(opens(&office, "2026-03-02 10:00"), None, "open already");
}

#[test]
fn a_weekend_and_a_week_of_holidays_are_passed_over() {
    let office = parsed(OFFICE);
    assert_eq!(opens(&office, "2026-03-06 17:00"), Some(shanghai("2026-03-09 09:00")));
    assert_eq!(opens(&office, "2026-09-30 17:00"), Some(shanghai("2026-10-08 09:00")));
    assert_eq!(opens(&office, "2026-10-09 17:00"), Some(shanghai("2026-10-10 09:00")), "a make-up Saturday");
    let strict = parsed(&format!("{OFFICE}; MW off"));
    assert_eq!(opens(&strict, "2026-10-09 17:00"), Some(shanghai("2026-10-12 09:00")));
}

#[test]
fn a_stretch_goes_on_over_midnight_and_over_hours_that_touch() {
    let night = parsed("Fr 20:00-24:00; Sa 00:00-02:00,02:00-03:00; Su 00:00-01:00");
    let three = Some(shanghai("2026-03-07 03:00"));
    assert_eq!(closes(&night, "2026-03-06 21:00"), three);
    assert_eq!(closes(&night, "2026-03-06 23:59:59"), three);
    assert_eq!(closes(&night, "2026-03-07 00:00"), three);
    assert_eq!(closes(&parsed("Fr 20:00-24:00"), "2026-03-06 21:00"), Some(shanghai("2026-03-07 00:00")));
}

#[test]
fn what_is_always_open_neither_opens_nor_closes() {
    let always = parsed("24/7");
    for at in ["2026-03-02 03:00", "2026-10-01 12:00", "2026-10-10 00:00"] {
        assert!(is_open(&always, at));
        assert_eq!((closes(&always, at), opens(&always, at)), (None, None));
    }
    let once_closed = parsed("24/7; 2026-03-10 off");
    assert_eq!(closes(&once_closed, "2026-03-02 00:00"), Some(shanghai("2026-03-10 00:00")), "eight days on");
    assert_eq!(closes(&once_closed, "2026-03-01 23:59"), None, "a minute more");
}

#[test]
fn the_next_opening_is_looked_for_thirty_days_ahead() {
    let fair = parsed("2026-03-31 09:00-12:00");
    assert_eq!(opens(&fair, "2026-03-01 09:00"), Some(shanghai("2026-03-31 09:00")));
    assert_eq!(opens(&fair, "2026-03-01 08:59:59"), None);
    assert_eq!(opens(&fair, "2026-03-31 12:00"), None, "over");
}

#[test]
fn the_ends_of_time_do_not_overflow() {
    let always = parsed("24/7");
    let night = parsed("Mo-Su 00:00-01:00; PH 00:00-01:00");
    for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        assert!(always.is_open(at, calendar()));
        let _ = (
            always.closes_at(at, calendar()),
            night.closes_at(at, calendar()),
            night.opens_at(at, calendar()),
        );
    }
}

/// Minutes from 2026-09-08 on, over the make-up Sunday, Mid-autumn, National Day and the make-up Saturday.
fn minute(n: i64) -> DateTime<Utc> {
    shanghai("2026-09-08 00:00") + TimeDelta::minutes(n)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn open_is_what_the_days_hours_say(made in any_hours(), n in 0_i64..60_000, seconds in 0_i64..60) {
        let at = minute(n) + TimeDelta::seconds(seconds);
        let date = crate::calendar::day_of(at);
        let inside = made.on(date, calendar()).iter()
            .any(|stretch| stretch.opens().at(date) <= at && at < stretch.closes().at(date));
        prop_assert_eq!(made.is_open(at, calendar()), inside);
    }

    #[test]
    fn it_opens_at_the_first_minute_that_is_open(made in any_hours(), n in 0_i64..60_000) {
        let open_at = |n: i64| made.is_open(minute(n), calendar());
        match made.opens_at(minute(n), calendar()) {
            Some(opens) => {
                let last = (opens - minute(0)).num_minutes();
                prop_assert!(last > n && open_at(last));
                prop_assert!((n..last).all(|n| !open_at(n)));
            }
            None => prop_assert!(open_at(n) || (n..=n + 30 * 1440).all(|n| !open_at(n))),
        }
    }

    #[test]
    fn it_closes_at_the_first_minute_that_is_not_open(made in any_hours(), n in 0_i64..60_000) {
        let open_at = |n: i64| made.is_open(minute(n), calendar());
        match made.closes_at(minute(n), calendar()) {
            Some(closes) => {
                let last = (closes - minute(0)).num_minutes();
                prop_assert!(last > n && !open_at(last));
                prop_assert!((n..last).all(open_at));
                prop_assert!(closes <= minute(n) + Days::new(8));
            }
            None => prop_assert!(!open_at(n) || (n..=n + 8 * 1440).all(open_at)),
        }
    }
}
