use serde_json::{Value, json};

use super::*;
use crate::input;

fn read(body: &Value) -> Result<OpeningHours, Vec<(String, &'static str)>> {
    let pointers = |fault: &crate::problem::Fault| (fault.pointer.clone(), fault.code);
    input::read(body, OpeningHours::read).map_err(|error| error.faults().iter().map(pointers).collect())
}

fn office() -> Value {
    json!({
        "weekly": {
            "monday": [{"opens": "09:00", "closes": "11:30"}, {"opens": "13:30", "closes": "17:00"}],
            "saturday": [{"opens": "09:00", "closes": "24:00"}],
        },
        "on_holidays": [],
        "make_up_days_as": "closed",
        "exceptions": [{"date": "2026-12-31", "hours": []}],
    })
}

#[test]
fn what_is_answered_can_be_sent_back() {
    let made = read(&office()).unwrap();
    assert_eq!(made, parsed("Mo 09:00-11:30,13:30-17:00; Sa 09:00-24:00; MW off; 2026-12-31 off"));
    assert_eq!(serde_json::to_value(&made).unwrap(), office());
}

#[test]
fn hours_come_in_any_order_and_empty_days_are_closed() {
    let made = read(&json!({"weekly": {
        "monday": [{"opens": "13:00", "closes": "17:00"}, {"opens": "09:00", "closes": "13:00"}], "tuesday": [],
    }}));
    assert_eq!(made.unwrap(), parsed("Mo 09:00-13:00,13:00-17:00"));
}

#[test]
fn every_fault_is_named_with_its_pointer() {
    let stretch = |opens: &str, closes: &str| json!({"opens": opens, "closes": closes});
    let faults = read(&json!({
        "weekly": {
            "monday": [stretch("10:00", "09:00"), stretch("24:00", "24:01")],
            "tuesday": [stretch("09:00", "12:00"), stretch("11:59", "13:00")],
            "wednesday": vec![stretch("09:00", "12:00"); 7],
            "funday": [],
        },
        "on_holidays": [{"opens": "9:00"}],
        "make_up_days_as": "never",
        "exceptions": [
            {"date": "2026-12-31"}, {"date": "2026-12-31", "hours": []},
            {"date": "2026-13-01", "hours": [stretch("09:00", "09:00")]},
        ],
        "tz": "UTC",
    }));
    let expected = [
        ("/weekly/monday/0/closes", "range"),
        ("/weekly/monday/1/opens", "time"),
        ("/weekly/monday/1/closes", "time"),
        ("/weekly/tuesday", "overlap"),
        ("/weekly/wednesday", "count"),
        ("/weekly/funday", "unknown_field"),
        ("/on_holidays/0/opens", "time"),
        ("/on_holidays/0/closes", "required"),
        ("/make_up_days_as", "unknown_value"),
        ("/exceptions/0/hours", "required"),
        ("/exceptions/1/date", "repeated"),
        ("/exceptions/2/date", "date"),
        ("/exceptions/2/hours/0/closes", "range"),
        ("/tz", "unknown_field"),
    ];
    assert_eq!(faults.unwrap_err(), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
}

#[test]
fn a_place_about_which_nothing_is_said_is_refused_but_one_that_is_closed_for_a_day_is_not() {
    let nothing = vec![("/weekly".to_owned(), "hours")];
    assert_eq!(read(&json!({})), Err(nothing.clone()));
    assert_eq!(read(&json!({"weekly": {"monday": []}, "on_holidays": []})), Err(nothing));
    let closed = read(&json!({"exceptions": [{"date": "2026-12-31", "hours": []}]})).unwrap();
    assert_eq!(closed.make_up_days_as(), Some(Weekday::Monday), "Monday where it isn't given");
}

#[test]
fn a_clock_time_goes_from_midnight_to_midnight() {
    for good in ["00:00", "09:05", "23:59", "24:00"] {
        assert_eq!(ClockTime::parse(good).unwrap().to_string(), good);
    }
    for bad in ["24:01", "25:00", "12:60", "9:00", "09:0", "09:00:00", "+9:00", "09-00", "0９:00", ""] {
        assert_eq!(ClockTime::parse(bad).unwrap_err().code, "time", "{bad}");
    }
    assert_eq!(ClockTime::from_minutes(1441), None);
    assert_eq!(ClockTime::END_OF_DAY.at(day("2026-03-02")), ClockTime::START_OF_DAY.at(day("2026-03-03")));
    assert_eq!(serde_json::to_value(ClockTime::END_OF_DAY).unwrap(), "24:00");
}

#[test]
fn hours_that_end_early_are_not_even_decoded() {
    let decoded = |opens, closes| serde_json::from_value::<Hours>(json!({"opens": opens, "closes": closes}));
    assert_eq!(decoded("09:00", "24:00").unwrap(), hours("09:00", "24:00"));
    assert!(decoded("09:00", "09:00").is_err() && decoded("09:00", "24:30").is_err());
}

proptest! {
    #[test]
    fn json_carries_all_there_is(made in any_hours()) {
        let value = serde_json::to_value(&made).unwrap();
        prop_assert_eq!(&serde_json::from_value::<OpeningHours>(value.clone()).unwrap(), &made);
        prop_assert_eq!(read(&value), Ok(made));
    }
}
