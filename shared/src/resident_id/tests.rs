use super::*;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_examples_of_the_standard_are_valid() {
    let woman = ResidentId::parse("11010519491231002X").unwrap();
    assert_eq!((woman.birth_date(), woman.sex(), woman.region()), (day("1949-12-31"), Sex::Female, "110105"));
    let man = ResidentId::parse("440524188001010014");
    assert_eq!(man, Err(ResidentIdError::BirthDate), "the standard's other example was born in 1880");
    assert_eq!(ResidentId::faults("440524188001010014"), [ResidentIdError::BirthDate]);
}

#[test]
fn a_small_x_is_stored_as_a_capital() {
    assert_eq!(ResidentId::parse("11010519491231002x").unwrap().expose(), "11010519491231002X");
}

#[test]
fn the_number_is_never_printed() {
    let id = ResidentId::parse("11010519491231002X").unwrap();
    assert_eq!(id.masked(), "110105********002X");
    assert_eq!(format!("{id} {id:?}"), "110105********002X ResidentId(110105********002X)");
}

#[test]
fn a_text_that_has_not_the_form_is_refused() {
    for text in ["", "110105194912310", "11010519491231002XX", " 11010519491231002X"] {
        assert_eq!(ResidentId::parse(text), Err(ResidentIdError::Length), "{text}");
    }
    for text in ["1101051949123100X2", "11010519491231002Y", "１10105194912310021", " 1010519491231002X"] {
        assert_eq!(ResidentId::parse(text), Err(ResidentIdError::Characters), "{text}");
    }
}

#[test]
fn every_fault_is_named_at_once() {
    use ResidentIdError::{BirthDate, Checksum, Region};
    assert_eq!(ResidentId::faults("110105194912310021"), [Checksum]);
    assert_eq!(ResidentId::faults("990105194902300021"), [Region, BirthDate, Checksum]);
    assert_eq!(ResidentId::parse("990105194902300021"), Err(Region));
}

#[test]
fn a_birth_date_is_a_real_day_since_1900() {
    let born = |date: &str| ResidentId::compose("310101", day(date), 12).map(|id| id.birth_date());
    assert_eq!(born("1900-01-01"), Ok(day("1900-01-01")));
    assert_eq!(born("1899-12-31"), Err(ResidentIdError::BirthDate));
    assert_eq!(born("2000-02-29"), Ok(day("2000-02-29")));
    assert!(ResidentId::faults("310101190002290018").contains(&ResidentIdError::BirthDate), "no leap year");
}

#[test]
fn a_birth_date_in_the_future_is_caught_by_the_day() {
    let id = ResidentId::compose("310101", day("2026-03-02"), 1).unwrap();
    assert_eq!(id.check_born_by(day("2026-03-01")), Err(ResidentIdError::BirthDate));
    assert_eq!(id.check_born_by(day("2026-03-02")), Ok(()));
}

#[test]
fn parts_that_make_no_number_are_refused() {
    assert_eq!(ResidentId::compose("310101", day("2000-01-01"), 1000), Err(ResidentIdError::Length));
    assert_eq!(ResidentId::compose("3101", day("2000-01-01"), 1), Err(ResidentIdError::Characters));
    assert_eq!(ResidentId::compose("000000", day("2000-01-01"), 1), Err(ResidentIdError::Region));
}

#[test]
fn an_age_is_reached_on_the_birthday() {
    assert_eq!(age_on(day("2004-03-02"), day("2026-03-01")), 21);
    assert_eq!(age_on(day("2004-03-02"), day("2026-03-02")), 22);
    assert_eq!(age_on(day("2004-03-02"), day("2004-03-01")), 0, "not born yet");
}

#[test]
fn a_birthday_of_february_29_is_march_1_in_common_years() {
    assert_eq!(age_on(day("2004-02-29"), day("2026-02-28")), 21);
    assert_eq!(age_on(day("2004-02-29"), day("2026-03-01")), 22);
    assert_eq!(age_on(day("2004-02-29"), day("2024-02-29")), 20);
}

prop_compose! {
    fn number()(days in 0..55_000_i64, sequence in 0..1000_u16) -> ResidentId {
        ResidentId::compose("310104", day("1900-01-01") + chrono::TimeDelta::days(days), sequence).unwrap()
    }
}

proptest! {
    #[test]
    fn a_composed_number_reads_back(id in number()) {
        prop_assert_eq!(ResidentId::parse(id.expose()), Ok(id.clone()));
        prop_assert_eq!(id.sex() == Sex::Male, id.expose().as_bytes()[16] % 2 == 1);
        let printed = format!("{id:?}");
        prop_assert!(!printed.contains(&id.expose()[6..14]));
    }

    #[test]
    fn one_wrong_digit_is_always_noticed(id in number(), at in 0..17_usize, by in 1..10_u8) {
        let mut digits = id.expose().as_bytes().to_vec();
        digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
        let faults = ResidentId::faults(str::from_utf8(&digits).unwrap());
        prop_assert!(faults.contains(&ResidentIdError::Checksum));
    }

    #[test]
    fn two_neighbours_that_changed_places_are_always_noticed(id in number(), at in 0..16_usize) {
        let mut digits = id.expose().as_bytes().to_vec();
        prop_assume!(digits[at] != digits[at + 1]);
        digits.swap(at, at + 1);
        let faults = ResidentId::faults(str::from_utf8(&digits).unwrap());
        prop_assert!(faults.contains(&ResidentIdError::Checksum));
    }

    #[test]
    fn no_text_breaks_the_reader(text in ".{0,20}") {
        prop_assert_eq!(ResidentId::parse(&text).is_ok(), ResidentId::faults(&text).is_empty());
    }
}
