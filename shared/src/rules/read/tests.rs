use crate::rules::tests::timeline;
use crate::rules::{RuleSet, RulesError};
use proptest::prelude::*;

/// A file with one parameter and these lines in its only value, which begins on line 4.
fn one(unit: &str, lines: &str) -> String {
    format!("[[parameter]]\nname = \"x\"\nunit = \"{unit}\"\n[[parameter.value]]\n{lines}\n")
}

fn faults(text: &str) -> Vec<(usize, String)> {
    match RuleSet::parse("f.toml", text) {
        Err(RulesError::Faulty(faults)) => {
            faults.into_iter().map(|fault| (fault.line, fault.message)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_fault_is_reported_with_its_line() {
    let text = r#"extra = 1
[[parameter]]
name = "Bad Name"
unit = "furlongs"
note = "no"
[[parameter.value]]
value = 1
from = 2026-02-20
source = " "
[[parameter]]
name = "age"
unit = "years"
[[parameter.value]]
value = "22"
from = "2026-01-01"
to = 2026-01-01T00:00:00Z
source = "s"
source_zh = "z"
verified = "yes"
[[parameter]]
unit = "flag"
"#;
    let error = RuleSet::parse("f.toml", text).unwrap_err().to_string();
    for expected in [
        "f.toml:1: unknown key `extra`: only parameter",
        "f.toml:3: `Bad Name` is no name",
        "f.toml:4: `furlongs` is no unit",
        "f.toml:5: unknown key `note`",
        "f.toml:9: `source` is a string that isn't empty",
        "f.toml:14: a value in years is a whole number",
        "f.toml:15: `from` is a day",
        "f.toml:16: `to` is a day",
        "f.toml:19: `verified` is true or false",
        "f.toml:20: `name` is missing",
        "f.toml:20: `value` is missing",
    ] {
        assert!(error.contains(expected), "{expected}\nnot in\n{error}");
    }
}

#[test]
fn a_syntax_error_is_reported_with_its_line() {
    let faults = faults("[[parameter]]\nname = \nunit = years\n");
    assert_eq!(faults.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3], "{faults:?}");
}

#[test]
fn a_day_that_is_none_is_refused() {
    let lines = "value = 1\nfrom = 2026-02-29\nsource = \"s\"\nsource_zh = \"z\"";
    assert_eq!(faults(&one("years", lines)).first().map(|(line, _)| *line), Some(6));
}

#[test]
fn a_file_without_parameters_is_refused() {
    assert_eq!(faults(""), [(1, "`parameter` is missing".to_owned())]);
    assert_eq!(
        faults("[parameter]\nname = \"x\"\n"),
        [(1, "`parameter` is a list of tables, each under `[[…parameter]]`".to_owned())]
    );
}

#[test]
fn a_value_that_does_not_fit_its_unit_is_refused() {
    for (unit, value) in [
        ("years", "-1"),
        ("years", "1.5"),
        ("years", "true"),
        ("years", "[]"),
        ("years", "[1, \"2\"]"),
        ("years", "99999999999999999999"),
        ("flag", "1"),
        ("flag", "\"true\""),
        ("text", "\"\""),
        ("text", "1"),
        ("text", "[\"a\"]"),
        ("list", "\"a\""),
        ("list", "[]"),
        ("list", "[\"a\", 1]"),
        ("list", "[\"a\", \"\"]"),
        ("list", "1"),
    ] {
        let lines = format!("value = {value}\nfrom = 2026-01-01\nsource = \"s\"\nsource_zh = \"z\"");
        let faults = faults(&one(unit, &lines));
        assert!(
            matches!(faults.as_slice(), [(5, message)] if message.starts_with("a value in")),
            "{unit} {value}: {faults:?}"
        );
    }
}

#[test]
fn a_value_that_can_not_be_read_is_no_gap_as_well() {
    let text = timeline(&[
        ("1", "2020-01-01", Some("2020-12-31")),
        ("-2", "2021-01-01", Some("2021-12-31")),
        ("3", "2022-01-01", None),
    ]);
    assert_eq!(faults(&text).len(), 1, "{:?}", faults(&text));
}

#[test]
fn values_of_different_kinds_under_one_parameter_are_refused() {
    let text = timeline(&[("1", "2026-01-01", Some("2026-12-31")), ("[1, 2]", "2027-01-01", None)]);
    assert!(faults(&text)[0].1.contains("another kind"), "{:?}", faults(&text));
}

#[test]
fn the_same_name_twice_is_refused() {
    let lines = "value = 1\nfrom = 2026-01-01\nsource = \"s\"\nsource_zh = \"z\"";
    let text = one("years", lines).repeat(2);
    assert_eq!(faults(&text), [(9, "parameter `x` is there twice".to_owned())]);
}

#[test]
fn a_timeline_has_no_gap_and_no_overlap() {
    let second =
        |to: Option<&str>, from: &str| faults(&timeline(&[("1", "2020-01-01", to), ("2", from, None)]));
    assert_eq!(
        second(Some("2020-12-31"), "2021-01-02"),
        [(10, "no value between 2020-12-31 and 2021-01-02".to_owned())]
    );
    assert_eq!(second(Some("2020-12-31"), "2020-12-31").len(), 1);
    assert_eq!(
        second(None, "2021-01-01"),
        [(9, "from 2021-01-01 there are two values: the other has no `to`".to_owned())]
    );
    assert_eq!(second(Some("2020-12-31"), "2020-01-01").len(), 1);
    assert_eq!(
        second(Some("2019-12-31"), "2021-01-01"),
        [(4, "`to` 2019-12-31 is before `from` 2020-01-01".to_owned())]
    );
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "(\\[\\[parameter(\\.value)?\\]\\]\n|[a-z]{1,6} = [0-9\"\\[\\]a-z-]{0,10}\n|\\PC{0,5}){0,8}") {
        prop_assert!(RuleSet::parse("f.toml", &text).is_ok() || !faults(&text).is_empty());
    }
}
