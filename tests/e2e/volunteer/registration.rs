use serde_json::{Value, json};

use super::{Corner, ELSEWHERE, TOWN, Volunteer, born, codes, faults, guardian};
use crate::{corner::changed, people};

#[test]
fn whoever_registers_gets_a_number_and_a_token_that_opens_the_registration() {
    let corner = Corner::shared();
    let skilled = json!({"skills": ["driving"], "availability": ["saturday_morning", "sunday_evening"]});
    let body = changed(people::volunteer(), skilled);
    let answer = corner.post("volunteers").json(&body).send();
    let who = Volunteer::made(&answer);
    assert!(who.no.len() == 13 && who.no.starts_with('V'), "{who:?}");
    let mut made = answer.json();
    made.as_object_mut().unwrap().remove("token");
    let seen = corner.mine(&who, "");
    assert_eq!(made, seen, "the token is given once");
    for field in ["skills", "availability", "division_code"] {
        assert_eq!(seen[field], body[field], "{field}");
    }
    assert_eq!((&seen["total_minutes"], &seen["star"]), (&json!(0), &json!(0)));
    assert_eq!((&seen["guardian"], &seen["trainings"]), (&Value::Null, &json!([])));
    for path in ["/signups", "/certificates"] {
        assert_eq!(corner.mine(&who, path)["items"], json!([]));
    }
    let record = corner.mine(&who, "/record");
    assert_eq!((&record["entries"], &record["next_star_minutes"]), (&json!([]), &json!(6_000)));
    assert_eq!(corner.audit(&who.no), ["volunteer.registered"]);
}

#[test]
fn a_person_registers_once() {
    let corner = Corner::shared();
    let body = people::volunteer();
    let who = Volunteer::made(&corner.post("volunteers").json(&body).send());
    let answer = corner.post("volunteers").json(&body).send();
    answer.refused(409, "already_registered");
    assert!(!answer.text.contains(&who.no), "{answer:?}");
    // Also written otherwise.
    let number = body["id_number"].as_str().unwrap().to_lowercase();
    corner
        .post("volunteers")
        .json(&changed(body, json!({"id_number": number, "name": "样例"})))
        .send()
        .refused(409, "already_registered");
}

#[test]
fn a_minor_registers_with_a_guardian_who_consents_and_a_child_below_eight_not_at_all() {
    let corner = Corner::shared();
    let register = |years: u32, days: u64, change: Value| {
        let body = changed(people::volunteer(), json!({"id_number": people::born_on(born(years, days))}));
        corner.post("volunteers").json(&changed(body, change)).send()
    };
    let with = json!({"guardian": guardian()});
    let answer = register(18, 1, json!({}));
    answer.refused(422, "guardian_required");
    assert_eq!(answer.faults(), faults(&[("/guardian", "guardian_required")]));
    let minor = register(18, 1, with.clone());
    let seen = minor.expect(201)["guardian"].clone();
    assert_eq!((&seen["relation"], &seen["name"]), (&json!("parent"), &json!("样***")));
    assert!(seen["phone"].as_str().unwrap().contains('*'), "{seen}");
    assert_eq!(register(18, 0, with.clone()).expect(201)["guardian"], Value::Null, "a grown-up has none");
    let child = register(8, 1, with.clone());
    child.refused(422, "age_below_minimum");
    assert_eq!(child.faults(), faults(&[("/id_number", "age_below_minimum")]));
    register(8, 0, with).expect(201);
    let mut refuses = guardian();
    refuses["consent"] = json!(false);
    let answer = register(12, 0, json!({"guardian": refuses}));
    answer.refused(422, "consent_required");
    assert_eq!(answer.faults(), faults(&[("/guardian/consent", "consent_required")]));
    let answer = register(30, 0, json!({"consent": false}));
    assert_eq!(answer.faults(), faults(&[("/consent", "consent_required")]));
    answer.refused(422, "consent_required");
}

#[test]
fn what_a_volunteer_does_not_change_stays() {
    let corner = Corner::shared();
    let who = corner.volunteer_who(json!({"skills": ["driving"], "availability": ["monday_morning"]}));
    let before = corner.mine(&who, "");
    let patch = |body: &Value| corner.call("PATCH", "volunteers/me").bearer(&who.token).json(body).send();
    assert_eq!(patch(&json!({})).expect(200), before);
    let after = patch(&json!({"division_code": ELSEWHERE, "skills": []})).expect(200);
    assert_eq!((&after["division_code"], &after["skills"]), (&json!(ELSEWHERE), &json!([])));
    for field in ["availability", "phone", "name", "id_number", "volunteer_no", "registered_at"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    let after = patch(&json!({"phone": "13700001111", "availability": ["sunday_evening"]})).expect(200);
    assert_ne!(after["phone"], before["phone"]);
    assert_eq!(after, corner.mine(&who, ""));
    assert_eq!(patch(&json!({"guardian": guardian()})).expect(200)["guardian"], Value::Null, "of a grown-up");
    for (body, code) in [
        (json!({"name": "样例"}), "unknown_field"),
        (json!({"id_number": people::born_on(born(30, 0))}), "unknown_field"),
        (json!({"skills": ["flying"]}), "unknown_value"),
        (json!({"skills": ["driving", "driving"]}), "repeated"),
        (json!({"phone": "x"}), "phone"),
    ] {
        patch(&body).refused(422, code);
    }
    assert_eq!(corner.mine(&who, ""), after, "nothing is half-written");
    let minor = changed(
        people::volunteer(),
        json!({"id_number": people::born_on(born(12, 0)), "guardian": guardian()}),
    );
    let minor = Volunteer::made(&corner.post("volunteers").json(&minor).send());
    let mut other = guardian();
    other["relation"] = json!("grandparent");
    let call = corner.call("PATCH", "volunteers/me").bearer(&minor.token);
    let answer = call.json(&json!({"guardian": other})).send().expect(200);
    assert_eq!(answer["guardian"]["relation"], "grandparent");
}

#[test]
fn whoever_withdraws_may_register_again_and_is_somebody_else_then() {
    let corner = Corner::shared();
    let body = people::volunteer();
    let first = Volunteer::made(&corner.post("volunteers").json(&body).send());
    corner.leaves(&first);
    for (method, path) in
        [("GET", ""), ("DELETE", ""), ("GET", "/record"), ("GET", "/signups"), ("GET", "/certificates")]
    {
        corner
            .call(method, &format!("volunteers/me{path}"))
            .bearer(&first.token)
            .send()
            .refused(401, "unauthenticated");
    }
    let shift = corner.shift(&super::tomorrow(1, 0));
    corner.sign_up(&first, &shift).refused(401, "unauthenticated");
    corner.get("opportunities?limit=1").bearer(&first.token).send().refused(401, "unauthenticated");
    let second = Volunteer::made(&corner.post("volunteers").json(&body).send());
    assert_ne!((&first.no, &first.token), (&second.no, &second.token));
    assert_eq!(corner.mine(&second, "/record")["total_minutes"], 0);
    assert_eq!(corner.audit(&first.no), ["volunteer.registered", "volunteer.withdrawn"]);
    corner.get(&format!("volunteers/{}", first.no)).bearer(&corner.manager).send().refused(404, "not_found");
}

#[test]
fn every_fault_of_a_registration_is_named_at_once() {
    let corner = Corner::shared();
    let wrong = json!({
        "name": "", "id_number": "310101195001011234", "phone": "x", "division_code": "990000", "skills": "all",
        "availability": ["monday"], "guardian": {"name": 7, "relation": "friend"}, "consent": "yes", "sex": "f",
    });
    let answer = corner.post("volunteers").json(&wrong).send();
    answer.refused(422, "invalid");
    let mut found = answer.faults();
    found.sort();
    let expected = [
        ("/availability", "unknown_value"),
        ("/consent", "type"),
        ("/division_code", "division_code"),
        ("/guardian/consent", "required"),
        ("/guardian/name", "type"),
        ("/guardian/phone", "required"),
        ("/guardian/relation", "unknown_value"),
        ("/id_number", "id_number_invalid"),
        ("/name", "length"),
        ("/phone", "phone"),
        ("/sex", "unknown_field"),
        ("/skills", "type"),
    ];
    assert_eq!(found, faults(&expected));
    assert!(!answer.text.contains("310101195001011234"), "an identity number is never repeated");
    let nothing = corner.post("volunteers").json(&json!({})).send();
    assert_eq!(codes(&nothing), ["required"; 7]);
    let unborn = changed(people::volunteer(), json!({"id_number": people::born_on(born(0, 40))}));
    corner.post("volunteers").json(&unborn).send().refused(422, "id_number_invalid");
}

#[test]
fn staff_record_what_somebody_was_trained_for_and_the_latest_counts() {
    let corner = Corner::shared();
    let who = corner.volunteer_who(json!({"division_code": TOWN}));
    let train = |training: &str, on: &str| {
        corner.tell(
            &format!("volunteers/{}/trainings", who.no),
            &json!({"training": training, "completed_on": on}),
        )
    };
    train("first_aid", "2025-01-02").expect(200);
    train("food_safety", "2025-03-04").expect(200);
    let answer = train("first_aid", "2026-05-06").expect(200);
    assert_eq!(train("first_aid", "2024-05-06").expect(200), answer, "an older one changes nothing");
    let expected = json!([
        {"training": "food_safety", "completed_on": "2025-03-04"},
        {"training": "first_aid", "completed_on": "2026-05-06"},
    ]);
    assert_eq!(answer["trainings"], expected);
    assert_eq!(corner.mine(&who, "")["trainings"], expected);
    assert_eq!(answer, json!({"volunteer_no": who.no, "trainings": expected}), "the answer shows nobody");
    let next_year = born(0, 2).to_string();
    for (training, on, code) in [
        ("swimming", "2025-01-02", "unknown_value"),
        ("first_aid", &next_year, "future"),
        ("first_aid", "x", "date"),
    ] {
        train(training, on).refused(422, code);
    }
    let path = "volunteers/V000000000000/trainings";
    corner
        .tell(path, &json!({"training": "first_aid", "completed_on": "2025-01-02"}))
        .refused(404, "not_found");
    assert_eq!(corner.audit(&who.no)[1..], ["volunteer.trained"; 4]);
}
