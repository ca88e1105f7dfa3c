//! Applications that are refused.

use serde_json::{Value, json};

use super::{Corner, application, faults, room, single};
use crate::people;

fn changed(what: &str, value: Value) -> Value {
    let mut person = people::elder(3);
    person[what] = value;
    person
}

#[test]
fn every_fault_of_an_application_is_named_at_once() {
    let corner = Corner::shared();
    let body = json!({
        "applicant": {
            "name": "", "id_number": "310101195001011234", "phone": "x", "division_code": "990000", "care_level": 7,
            "sex": "f",
        },
        "preferences": [{"institution_id": "A B", "room_type": "suite"}, {"room_type": "single", "floor": 3}],
        "urgent": true,
    });
    let answer = corner.post("applications").json(&body).send();
    answer.refused(422, "invalid");
    let mut found = answer.faults();
    found.sort();
    let mut expected = faults(&[
        ("/applicant/name", "length"),
        ("/applicant/id_number", "id_number_invalid"),
        ("/applicant/phone", "phone"),
        ("/applicant/division_code", "division_code"),
        ("/applicant/care_level", "out_of_range"),
        ("/applicant/sex", "unknown_field"),
        ("/preferences/0/institution_id", "id"),
        ("/preferences/0/room_type", "unknown_value"),
        ("/preferences/1/institution_id", "required"),
        ("/preferences/1/floor", "unknown_field"),
        ("/urgent", "unknown_field"),
    ]);
    expected.sort();
    assert_eq!(found, expected);
    assert!(!answer.text.contains("310101195001011234"), "an identity number is never repeated");
}

#[test]
fn every_preference_that_cannot_be_is_named_at_once() {
    let corner = Corner::shared();
    let home = corner.home("a", json!({"rooms": [room("single", &[0, 1], 1, (3, 0))]}));
    let preferences = json!([
        {"institution_id": home, "room_type": "single"},
        {"institution_id": home, "room_type": "double"},
        {"institution_id": corner.id("nowhere"), "room_type": "single"},
    ]);
    let body = json!({"applicant": people::elder(3), "preferences": preferences});
    let answer = corner.post("applications").json(&body).send();
    answer.refused(422, "invalid");
    let expected = faults(&[
        ("/preferences/0", "care_level_not_served"),
        ("/preferences/1/room_type", "unknown_room"),
        ("/preferences/2/institution_id", "unknown_institution"),
    ]);
    assert_eq!(answer.faults(), expected);
    corner.apply(&people::elder(2), &[&home]).refused(422, "care_level_not_served");
    corner.apply(&people::elder(1), &[&home]).expect(201);
    corner.say(&home, 3, 3);
    corner.apply(&people::elder(0), &[&home]).expect(201);
    let gone = corner.beds("gone", 1, 0);
    corner.delete(&gone).expect(204);
    corner.apply(&people::elder(0), &[&gone]).refused(422, "unknown_institution");
}

#[test]
fn an_applicant_is_60_or_older_on_the_day() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let today = shared::calendar::day_of(chrono::Utc::now());
    let sequence = u16::try_from(crate::crowd::unique().parse::<u64>().unwrap() % 499).unwrap() * 2;
    let born = |days_late: u64| {
        let turned = today.checked_sub_months(chrono::Months::new(60 * 12)).unwrap();
        let born = turned + chrono::Days::new(days_late);
        let id = shared::resident_id::ResidentId::compose("310101", born, sequence).unwrap();
        changed("id_number", json!(id.expose()))
    };
    let young = corner.apply(&born(1), &[&home]);
    young.refused(422, "age_below_minimum");
    assert_eq!(young.faults(), faults(&[("/applicant/id_number", "age_below_minimum")]));
    corner.apply(&born(0), &[&home]).expect(201);
    let rules = corner.get("rules").send().expect(200);
    let rule = rules["items"].as_array().unwrap().iter().find(|rule| rule["name"] == "applicant_minimum_age");
    let rule = rule.unwrap();
    assert_eq!(rule["value"], 60);
    assert!(rule["source"].as_str().unwrap().contains("Elderly"), "{rule}");
}

#[test]
fn there_are_one_to_three_different_preferences() {
    let corner = Corner::shared();
    let rooms = json!([single(3, 0), room("double", &[3], 1, (3, 0))]);
    let homes: Vec<_> = (0..4).map(|n| corner.home(&format!("h{n}"), json!({"rooms": rooms}))).collect();
    let homes: Vec<_> = homes.iter().map(String::as_str).collect();
    corner.apply(&people::elder(3), &[]).refused(422, "count");
    corner.apply(&people::elder(3), &homes).refused(422, "count");
    let twice = corner.apply(&people::elder(3), &[homes[0], homes[1], homes[0]]);
    twice.refused(422, "repeated");
    assert_eq!(twice.faults(), faults(&[("/preferences", "repeated")]));
    let mut body = application(&people::elder(3), &homes[..2]);
    body["preferences"][1] = json!({"institution_id": homes[0], "room_type": "double"});
    corner.post("applications").json(&body).send().expect(201);
    corner.apply(&people::elder(3), &homes[..3]).expect(201);
}

#[test]
fn who_cannot_be_is_refused_and_never_named() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    for (what, value, code) in [
        ("id_number", json!("110101199003070000"), "id_number_invalid"),
        ("id_number", json!("x"), "id_number_invalid"),
        ("id_number", json!(""), "id_number_invalid"),
        ("id_number", json!(7), "type"),
        ("name", json!("样".repeat(51)), "length"),
        ("name", json!("样\u{0}例"), "characters"),
        ("phone", json!("123456"), "phone"),
        ("division_code", json!("31010400"), "division_code"),
        ("care_level", json!(-1), "out_of_range"),
        ("care_level", json!(2.5), "type"),
        ("care_level", json!("x"), "type"),
        ("care_level", Value::Null, "required"),
    ] {
        let answer = corner.apply(&changed(what, value.clone()), &[&home]);
        answer.refused(422, code);
        assert_eq!(answer.faults(), faults(&[(&format!("/applicant/{what}"), code)]));
        assert!(!answer.text.contains("13900005678") && !answer.text.contains("样例戊己"), "{answer:?}");
    }
    let person = people::elder(3);
    corner.apply(&person, &[&home]).expect(201);
    let twice = corner.apply(&person, &[&home]);
    twice.refused(409, "already_waiting");
    let number = person["id_number"].as_str().unwrap();
    assert!(!twice.text.contains(number) && !twice.text.contains("样例戊己"), "{twice:?}");
    let list = corner.look(&format!("institutions/{home}/applications"));
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[test]
fn the_last_letter_of_a_number_may_be_small_and_is_the_same_person() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let numbers = std::iter::repeat_with(|| people::elder(3)["id_number"].as_str().unwrap().to_owned());
    let number = numbers.take(1_000).find(|number| number.ends_with('X')).unwrap();
    let person = |number: &str| changed("id_number", json!(number));
    corner.apply(&person(&number.to_lowercase()), &[&home]).expect(201);
    for same in [number.clone(), format!(" {number} "), number.to_lowercase()] {
        corner.apply(&person(&same), &[&home]).refused(409, "already_waiting");
    }
}
