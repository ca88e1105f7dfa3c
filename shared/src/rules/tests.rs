use super::*;
use proptest::prelude::*;

const MARRIAGE: &str = r#"
[[parameter]]
name = "minimum_age_male"
unit = "years"

[[parameter.value]]
value = 20
from = 1950-05-01
to = 1980-12-31
source = "Marriage Law (1950) art. 4"
source_zh = "《中华人民共和国婚姻法》（1950年）第四条"

[[parameter.value]]
value = 22
from = 1981-01-01
source = "Civil Code art. 1047"
source_zh = "《中华人民共和国民法典》第一千零四十七条"
verified = true

[[parameter]]
name = "stars"
unit = "hours"
[[parameter.value]]
value = [100, 300, 600, 1_000, 1500]
from = 2012-10-23
to = 2030-01-01
source = "s"
source_zh = "z"

[[parameter]]
name = "services.city_wide"
unit = "list"
[[parameter.value]]
value = ["marriage", "certificate_reissue"]
from = 2012-10-23
source = "s"
source_zh = "z"

[[parameter]]
name = "open"
unit = "flag"
[[parameter.value]]
value = true
from = 2012-10-23
source = "s"
source_zh = "z"

[[parameter]]
name = "rule"
unit = "text"
[[parameter.value]]
value = "standard less income"
from = 2012-10-23
source = "s"
source_zh = "z"

[[parameter]]
name = "limit"
unit = "fen"
[[parameter.value]]
value = 5_000_000_000
from = 2012-10-23
source = "s"
source_zh = "z"
"#;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rules() -> RuleSet {
    RuleSet::parse("marriage.toml", MARRIAGE).unwrap()
}

/// A file with one parameter and these values, each `(value, from, to)`.
pub(super) fn timeline(values: &[(&str, &str, Option<&str>)]) -> String {
    let values = values.iter().map(|(value, from, to)| {
        let to = to.map(|to| format!("to = {to}\n")).unwrap_or_default();
        format!(
            "[[parameter.value]]\nvalue = {value}\nfrom = {from}\n{to}source = \"s\"\nsource_zh = \"z\"\n"
        )
    });
    format!("[[parameter]]\nname = \"x\"\nunit = \"years\"\n{}", values.collect::<String>())
}

#[test]
fn the_value_of_the_day_is_the_one_in_force() {
    let rules = rules();
    let age = |on| rules.get("minimum_age_male", day(on)).and_then(|applied| applied.as_u32());
    assert_eq!(age("1950-05-01"), Ok(20));
    assert_eq!(age("1980-12-31"), Ok(20), "the last day belongs to it");
    assert_eq!(age("1981-01-01"), Ok(22));
    assert_eq!(age("2099-01-01"), Ok(22));
}

#[test]
fn before_the_first_day_and_after_the_last_there_is_no_value() {
    let rules = rules();
    for (name, on) in [("minimum_age_male", "1950-04-30"), ("stars", "2030-01-02")] {
        let error = rules.get(name, day(on)).unwrap_err();
        assert_eq!(error, RulesError::NotInForce { name: name.to_owned(), on: day(on) });
    }
    let unknown = rules.get("minimum_age", day("2026-01-01")).unwrap_err();
    assert_eq!(unknown.to_string(), "no parameter is named `minimum_age`");
}

#[test]
fn a_value_is_read_as_what_it_is_or_refused() {
    let rules = rules();
    let get = |name| rules.get(name, day("2026-03-02")).unwrap();
    assert_eq!(get("stars").as_numbers(), Ok([100, 300, 600, 1000, 1500].as_slice()));
    assert_eq!(get("services.city_wide").as_list().unwrap(), ["marriage", "certificate_reissue"]);
    assert_eq!(get("open").as_bool(), Ok(true));
    assert_eq!(get("rule").as_str(), Ok("standard less income"));
    assert_eq!(get("limit").as_i64(), Ok(5_000_000_000));
    assert!(get("limit").as_u32().is_err(), "too large");
    let error = get("open").as_u32().unwrap_err();
    assert_eq!(error.to_string(), "parameter `open` in flag can't be read as a number");
    assert!(
        get("rule").as_bool().is_err() && get("stars").as_i64().is_err() && get("stars").as_list().is_err()
    );
    assert!(get("services.city_wide").as_numbers().is_err() && get("limit").as_str().is_err());
}

#[test]
fn a_citation_says_what_was_used_and_who_says_so() {
    let rules = rules();
    let citation = rules.get("minimum_age_male", day("2026-03-02")).unwrap().cite();
    let expected = serde_json::json!({
        "name": "minimum_age_male", "value": 22, "unit": "years", "from": "1981-01-01", "to": null,
        "source": "Civil Code art. 1047", "source_zh": "《中华人民共和国民法典》第一千零四十七条", "verified": true,
    });
    assert_eq!(serde_json::to_value(&citation).unwrap(), expected);
    assert_eq!(serde_json::from_value::<Citation>(expected).unwrap(), citation);
    assert!(!rules.get("minimum_age_male", day("1970-01-01")).unwrap().verified, "nobody said so");
}

#[test]
fn every_value_and_every_parameter_can_be_listed() {
    let rules = rules();
    let ages: Vec<_> = rules.timeline("minimum_age_male").map(|applied| applied.as_u32().unwrap()).collect();
    assert_eq!(ages, [20, 22]);
    assert_eq!(rules.timeline("no_such").count(), 0);
    assert_eq!(
        rules.in_force(day("1970-01-01")).map(|applied| applied.name).collect::<Vec<_>>(),
        ["minimum_age_male"]
    );
    assert_eq!(rules.in_force(day("2026-01-01")).count(), 6);
}

#[test]
fn units_are_named_alike_in_files_and_answers() {
    for unit in Unit::ALL {
        assert_eq!(serde_json::to_value(unit).unwrap(), unit.as_str());
        assert_eq!(Unit::named(unit.as_str()), Some(unit));
    }
}

#[test]
fn the_order_of_values_in_the_file_does_not_matter() {
    let text = timeline(&[("2", "2021-01-01", None), ("1", "2020-01-01", Some("2020-12-31"))]);
    let rules = RuleSet::parse("f.toml", &text).unwrap();
    assert_eq!(rules.get("x", day("2020-06-01")).unwrap().as_u32(), Ok(1));
}

proptest! {
    #[test]
    fn on_every_day_of_a_timeline_exactly_its_value_holds(lengths in prop::collection::vec(1..400_i64, 1..8), at in 0..4000_i64) {
        let first = day("2000-01-01");
        let mut values = Vec::new();
        let mut from = first;
        for (index, length) in lengths.iter().enumerate() {
            let to = from + chrono::TimeDelta::days(length - 1);
            values.push((index.to_string(), from.to_string(), to.to_string()));
            from = to + chrono::TimeDelta::days(1);
        }
        let values: Vec<_> = values.iter().map(|(value, from, to)| (value.as_str(), from.as_str(), Some(to.as_str()))).collect();
        let rules = RuleSet::parse("f.toml", &timeline(&values)).unwrap();
        let on = first + chrono::TimeDelta::days(at);
        let mut ends = lengths.iter().scan(0, |end, length| { *end += length; Some(*end) });
        let expected = ends.position(|end| at < end).and_then(|index| u32::try_from(index).ok());
        prop_assert_eq!(rules.get("x", on).ok().and_then(|applied| applied.as_u32().ok()), expected);
    }
}
