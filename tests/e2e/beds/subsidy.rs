use serde_json::{Value, json};

use super::{Corner, room, rooms_of};

const CENTRAL: &str = "310104003";

fn rooms(cheap_fen: i64) -> Value {
    json!({"rooms": [
        room("single", &[0, 1, 2, 3, 4, 5, 6], 500_000, (3, 0)),
        room("double", &[0, 1, 2, 3, 4, 5, 6], cheap_fen, (3, 0)),
    ]})
}

fn passed(home: &Value) -> Vec<bool> {
    let reasons = home["subsidy"]["reasons"].as_array().unwrap().iter();
    reasons.map(|reason| reason["passed"].as_bool().unwrap()).collect()
}

#[test]
fn an_elder_of_a_central_district_who_needs_care_is_subsidised_in_a_suburban_home() {
    let corner = Corner::shared();
    let id = corner.home("a", rooms(10_000));
    let asked = |level: u8, household: &str| {
        let query = format!("care_level={level}&household_division_code={household}");
        let home = corner.get(&format!("institutions/{id}?{query}")).send().expect(200);
        let found = corner.search(&format!("q={}&{query}", corner.tag))["items"][0].clone();
        assert_eq!(found, home, "a search says the same");
        let map = corner.get(&format!("institutions.geojson?q={}&{query}", corner.tag)).send().expect(200);
        assert_eq!(map["features"][0]["properties"], home, "and the map");
        home
    };
    let net = |home: &Value| {
        ["single", "double"].map(|kind| rooms_of(home, kind)["net_monthly_fen"].as_i64().unwrap())
    };
    let home = asked(4, CENTRAL);
    let amount = home["subsidy"]["monthly_fen"].as_i64().unwrap();
    assert_eq!((&home["subsidy"]["applies"], passed(&home)), (&json!(true), vec![true; 3]));
    assert!(amount > 10_000, "{home}");
    assert_eq!(net(&home), [500_000 - amount, 0], "never below nothing");
    let less = asked(2, CENTRAL)["subsidy"]["monthly_fen"].as_i64().unwrap();
    assert!(0 < less && less < amount);
    for (level, household, why) in [
        (0, CENTRAL, [true, true, false]),
        (4, "310151", [false, true, true]),
        (1, "310115", [false, true, false]),
    ] {
        let home = asked(level, household);
        assert_eq!((&home["subsidy"]["applies"], passed(&home)), (&json!(false), why.to_vec()), "{home}");
        assert_eq!((&home["subsidy"]["monthly_fen"], net(&home)), (&json!(0), [500_000, 10_000]));
    }
}

#[test]
fn a_home_in_the_centre_is_not_subsidised() {
    let corner = Corner::shared();
    let mut change = rooms(10_000);
    change["division_code"] = json!("310104");
    change["location"] = json!({"lat": 31.19, "lon": 121.44});
    let id = corner.home("a", change);
    let path = format!("institutions/{id}?care_level=4&household_division_code={CENTRAL}");
    let home = corner.get(&path).send().expect(200);
    assert_eq!((&home["subsidy"]["applies"], passed(&home)), (&json!(false), vec![true, false, true]));
    assert_eq!(rooms_of(&home, "single")["net_monthly_fen"], 500_000);
}

#[test]
fn every_reason_says_where_it_stands_and_that_nobody_verified_it() {
    let corner = Corner::shared();
    let id = corner.home("a", rooms(10_000));
    let path = format!("institutions/{id}?care_level=4&household_division_code={CENTRAL}");
    let home = corner.get(&path).send().expect(200);
    let reasons = home["subsidy"]["reasons"].as_array().unwrap();
    let rules: Vec<_> = reasons.iter().map(|reason| reason["rule"].as_str().unwrap()).collect();
    let expected =
        ["household_in_a_central_district", "institution_in_a_suburban_district", "care_level_has_an_amount"];
    assert_eq!(rules, expected);
    for reason in reasons {
        assert_eq!(reason["citation"]["verified"], false, "{reason}");
        assert!(reason["citation"]["source"].as_str().is_some_and(|source| !source.is_empty()), "{reason}");
        assert_eq!(reason["citation"]["name"], reason["parameter"]);
        assert!(!reason["value"].is_null() && !reason["limit"].is_null(), "{reason}");
    }
    assert_eq!((&reasons[0]["value"], &reasons[1]["value"]), (&json!("310104"), &json!("310151")));
    let rules = corner.get("rules").send().expect(200);
    let names: Vec<_> = rules["items"].as_array().unwrap().iter().map(|rule| &rule["name"]).collect();
    assert!(reasons.iter().all(|reason| names.contains(&&reason["parameter"])), "{names:?}");
}

#[test]
fn it_is_worked_out_only_for_who_says_level_and_household() {
    let corner = Corner::shared();
    let id = corner.home("a", rooms(10_000));
    for query in ["", "care_level=4", "household_division_code=310104"] {
        let home = corner.get(&format!("institutions/{id}?{query}")).send().expect(200);
        let none = home.get("subsidy").is_none() && home["rooms"][0].get("net_monthly_fen").is_none();
        assert!(none, "{query}: {home}");
    }
    let refused = |query: &str, code: &str| {
        corner.get(&format!("institutions/{id}?{query}")).send().refused(422, code);
        corner.get(&format!("institutions?{query}")).send().refused(422, code);
    };
    refused("care_level=7&household_division_code=310104", "out_of_range");
    refused("care_level=4&household_division_code=990000", "division_code");
}
