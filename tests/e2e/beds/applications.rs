use serde_json::{Value, json};

use super::{Corner, DISTRICT, ELSEWHERE, made};
use crate::people;

fn steps(application: &Value) -> Vec<(&str, &str)> {
    let timeline = application["timeline"].as_array().unwrap().iter();
    timeline.map(|step| (step["step"].as_str().unwrap(), step["by"].as_str().unwrap())).collect()
}

#[test]
fn somebody_applies_is_offered_a_bed_moves_in_and_out() {
    let corner = Corner::shared();
    let (a, b) = (corner.beds("a", 3, 1), corner.beds("b", 2, 2));
    let created = corner.apply(&people::elder(3), &[&a, &b]);
    let elder = made(&created);
    let application = created.json();
    assert!(elder.0.starts_with('P') && elder.1.len() > 30, "{application}");
    assert_eq!(application["status"], "waiting");
    let position = |home: &str| json!({"institution_id": home, "institution_name": format!("测试养老院 {}", corner.tag), "room_type": "single", "position": 1});
    assert_eq!(application["positions"], json!([position(&a), position(&b)]));
    assert_eq!((&application["offers"], application.get("offer")), (&json!([]), None));
    assert_eq!(steps(&application), [("made", "citizen")]);
    let links = &application["links"];
    assert_eq!(links["self"], format!("/api/v1/beds/applications/{}", elder.0));
    assert!(links["withdraw"].is_string() && links.get("accept").is_none(), "{links}");
    let mut seen = corner.seen(&elder);
    assert!(seen.get("token").is_none(), "given once: {seen}");
    seen["token"] = application["token"].clone();
    assert_eq!(seen, application);
    assert_eq!(corner.beds_of(&a), [3, 1, 0, 2], "whoever waits has no bed");

    let offer = corner.offer(&elder, &a).expect(201);
    assert_eq!(corner.beds_of(&a), [3, 1, 1, 1]);
    let seen = corner.seen(&elder);
    assert_eq!(
        (&seen["status"], &seen["offer"], &seen["offers"]),
        (&json!("offered"), &offer, &json!([offer]))
    );
    assert_eq!((&offer["status"], &offer["institution_id"]), (&json!("open"), &json!(a)));
    let hours = |from: &Value, to: &Value| {
        let at = |value: &Value| chrono::DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap();
        (at(to) - at(from)).num_hours()
    };
    assert_eq!(hours(&offer["made_at"], &offer["expires_at"]), 72);
    assert!(seen["positions"].as_array().unwrap().iter().all(|place| place["position"].is_null()), "{seen}");
    assert!(seen["links"]["accept"].is_string() && seen["links"]["decline"].is_string(), "{seen}");
    // The links lead where they say.
    let accept = corner.server.post(seen["links"]["accept"].as_str().unwrap()).bearer(&elder.1).send();
    let accepted = accept.expect(200);
    assert_eq!((&accepted["status"], &accepted["offer"]["status"]), (&json!("accepted"), &json!("accepted")));
    assert_eq!(corner.beds_of(&a), [3, 2, 0, 1]);
    assert_eq!(corner.seen(&elder), accepted);

    let admitted = corner.step(&elder, "admit").expect(200);
    assert_eq!(admitted["status"], "admitted");
    assert_eq!(corner.beds_of(&a), [3, 2, 0, 1]);
    assert!(corner.seen(&elder)["links"].get("withdraw").is_none());
    corner.withdraw(&elder).refused(409, "wrong_status");
    let discharged = corner.step(&elder, "discharge").expect(200);
    assert_eq!(discharged["status"], "discharged");
    assert_eq!(corner.beds_of(&a), [3, 1, 0, 2]);
    let seen = corner.seen(&elder);
    let expected = [
        ("made", "citizen"),
        ("offered", "staff"),
        ("accepted", "citizen"),
        ("admitted", "staff"),
        ("discharged", "staff"),
    ];
    assert_eq!(steps(&seen), expected);
    assert_eq!(seen["timeline"][2]["institution_id"], a);
    let actions = [
        "application.made",
        "application.offered",
        "application.accepted",
        "application.admitted",
        "application.discharged",
    ];
    assert_eq!(corner.audit(&elder.0), actions);
}

#[test]
fn whoever_moved_out_or_took_the_application_back_may_apply_again() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let person = people::elder(2);
    let first = made(&corner.apply(&person, &[&home]));
    corner.apply(&person, &[&home]).refused(409, "already_waiting");
    corner.withdraw(&first).expect(200);
    let second = made(&corner.apply(&person, &[&home]));
    let offer = corner.offered(&second, &home);
    corner.apply(&person, &[&home]).refused(409, "already_waiting");
    corner.answer(&second, &offer, "accept").expect(200);
    corner.apply(&person, &[&home]).refused(409, "already_waiting");
    corner.step(&second, "admit").expect(200);
    corner.apply(&person, &[&home]).refused(409, "already_waiting");
    corner.step(&second, "discharge").expect(200);
    made(&corner.apply(&person, &[&home]));
    assert_eq!(corner.seen(&first)["status"], "withdrawn");
}

#[test]
fn the_name_is_not_what_makes_a_person() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let mut person = people::elder(2);
    made(&corner.apply(&person, &[&home]));
    person["name"] = json!("样例庚辛");
    person["phone"] = json!("13800000001");
    corner.apply(&person, &[&home]).refused(409, "already_waiting");
}

#[test]
fn an_application_opens_for_its_owner_and_for_staff_whom_it_concerns_only() {
    let corner = Corner::shared();
    let (home, other) = (corner.beds("a", 3, 0), corner.beds("b", 3, 0));
    let elder = corner.elder(3, &[&home]);
    let stranger = corner.elder(3, &[&home]);
    let read = || corner.get(&format!("applications/{}", elder.0));
    read().send().refused(401, "unauthenticated");
    read().header("authorization", "Basic xyz").send().refused(401, "unauthenticated");
    read().bearer(&stranger.1).send().refused(404, "not_found");
    read().bearer("made-up").send().refused(404, "not_found");
    corner.get("applications/P000000000000").bearer(&elder.1).send().refused(404, "not_found");
    let staff = |area: &str| corner.server.staff("care_manager", area);
    let own = |home: &str| corner.server.staff_of(home, "care_manager", DISTRICT);
    for token in [staff(ELSEWHERE), own(&other), corner.server.staff("registrar", "310000")] {
        read().bearer(&token).send().refused(403, "forbidden");
        for path in ["withdraw", "admit", "discharge", "offers/nothing/accept", "offers/nothing/decline"] {
            let path = format!("applications/{}/{path}", elder.0);
            corner.post(&path).bearer(&token).send().refused(403, "forbidden");
        }
        let offer = corner.post(&format!("applications/{}/offers", elder.0)).bearer(&token);
        offer.json(&super::place(&home)).send().refused(403, "forbidden");
        let assess = corner.post(&format!("applications/{}/assess", elder.0)).bearer(&token);
        let body = json!({"care_level": 6, "assessed_on": "2026-01-05"});
        assess.json(&body).send().refused(403, "forbidden");
    }
    let waits = |token: &str| corner.get(&format!("institutions/{home}/applications")).bearer(token).send();
    waits(&staff(ELSEWHERE)).refused(403, "forbidden");
    waits(&own(&other)).refused(403, "forbidden");
    waits(&own(&home)).expect(200);
    for token in [staff(DISTRICT), own(&home), staff("310104"), staff("310000")] {
        assert_eq!(read().bearer(&token).send().expect(200)["status"], "waiting");
    }
    assert_eq!(corner.seen(&elder)["status"], "waiting", "nobody did anything to it");
    for step in ["admit", "discharge"] {
        let path = format!("applications/{}/{step}", elder.0);
        corner.post(&path).send().refused(401, "unauthenticated");
        corner.post(&path).bearer(&elder.1).send().refused(401, "unauthenticated");
    }
    for step in ["withdraw", "offers/nothing/accept", "offers/nothing/decline"] {
        let path = format!("applications/{}/{step}", elder.0);
        corner.post(&path).send().refused(401, "unauthenticated");
        corner.post(&path).bearer(&stranger.1).send().refused(404, "not_found");
    }
}

#[test]
fn staff_of_the_district_of_the_household_do_not_give_away_the_beds_of_another() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let elder = corner.elder(3, &[&home]);
    let household = corner.server.staff("care_manager", "310104");
    let offer = corner.post(&format!("applications/{}/offers", elder.0)).bearer(&household);
    offer.json(&super::place(&home)).send().refused(403, "forbidden");
    let offer = corner.offered(&elder, &home);
    corner.answer(&elder, &offer, "accept").expect(200);
    let admit = corner.post(&format!("applications/{}/admit", elder.0));
    admit.bearer(&household).send().refused(403, "forbidden");
    assert_eq!(corner.seen(&elder)["status"], "accepted");
}

#[test]
fn staff_answer_for_an_elder_who_asks_them_to() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let staff = corner.server.staff_of(&home, "care_manager", DISTRICT);
    let answer = |elder: &super::Elder, path: &str| {
        corner.post(&format!("applications/{}/{path}", elder.0)).bearer(&staff).send().expect(200)
    };
    let elder = corner.elder(3, &[&home]);
    let offer = corner.offered(&elder, &home);
    let answered = answer(&elder, &format!("offers/{offer}/decline"));
    assert_eq!(answered["status"], "waiting");
    let offer = corner.offered(&elder, &home);
    assert_eq!(answer(&elder, &format!("offers/{offer}/accept"))["status"], "accepted");
    assert_eq!(answer(&elder, "withdraw")["status"], "withdrawn");
    assert_eq!(corner.beds_of(&home), [3, 0, 0, 3]);
    let seen = corner.seen(&elder);
    assert!(steps(&seen)[1..].iter().all(|(_, by)| *by == "staff"), "{seen}");
}
