use super::*;

const OFFICE: &str = "Mo-Fr 09:00-11:30,13:30-17:00; Sa 09:00-12:00";

fn on<'a>(hours: &'a OpeningHours, date: &str) -> &'a [Hours] {
    hours.on(day(date), calendar())
}

#[test]
fn the_week_says_what_ordinary_days_have() {
    let office = parsed(OFFICE);
    assert_eq!(on(&office, "2026-03-02"), [hours("09:00", "11:30"), hours("13:30", "17:00")]);
    assert_eq!(on(&office, "2026-03-07"), [hours("09:00", "12:00")], "a Saturday");
    assert_eq!(on(&office, "2026-03-08"), [], "a Sunday");
}

#[test]
fn a_holiday_beats_the_week_and_is_closed_where_nothing_is_said() {
    assert_eq!(on(&parsed(OFFICE), "2026-10-01"), [], "National Day, a Thursday");
    let shop = parsed("Mo-Su 08:00-20:00; PH 10:00-18:00");
    assert_eq!(on(&shop, "2026-10-01"), [hours("10:00", "18:00")]);
    assert_eq!(on(&shop, "2026-02-21"), [hours("10:00", "18:00")], "a Saturday of Spring Festival");
}

#[test]
fn a_make_up_day_has_the_hours_of_the_chosen_weekday() {
    let make_up_saturday = "2026-10-10";
    assert_eq!(on(&parsed(OFFICE), make_up_saturday).len(), 2, "Monday's where nothing is said");
    assert_eq!(on(&parsed(&format!("{OFFICE}; MW as Sa")), make_up_saturday), [hours("09:00", "12:00")]);
    assert_eq!(on(&parsed(&format!("{OFFICE}; MW as Su")), make_up_saturday), []);
    assert_eq!(on(&parsed(&format!("{OFFICE}; MW off")), make_up_saturday), []);
}

#[test]
fn an_exception_beats_everything() {
    let office = parsed(&format!(
        "{OFFICE}; 2026-10-01 10:00-11:00; 2026-10-10 10:00-12:00; 2026-03-02 off; 2026-03-08 08:00-09:00"
    ));
    assert_eq!(on(&office, "2026-10-01"), [hours("10:00", "11:00")], "a holiday");
    assert_eq!(on(&office, "2026-10-10"), [hours("10:00", "12:00")], "a make-up day");
    assert_eq!(on(&office, "2026-03-02"), [], "a Monday");
    assert_eq!(on(&office, "2026-03-08"), [hours("08:00", "09:00")], "a Sunday");
}

#[test]
fn weekdays_go_through_the_end_of_the_week() {
    use Weekday::{Friday, Monday, Saturday, Sunday, Tuesday};
    assert!(Friday.through(Monday).eq([Friday, Saturday, Sunday, Monday]));
    assert!(Monday.through(Tuesday).eq([Monday, Tuesday]));
    assert!(Sunday.through(Sunday).eq([Sunday]));
    assert_eq!(Saturday.through(Friday).count(), 7);
}
