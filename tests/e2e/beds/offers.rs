use serde_json::{Value, json};

use super::{Corner, Elder, place, room, single};
use crate::people;

#[test]
fn a_bed_is_offered_to_whoever_is_next_or_with_a_reason_that_the_log_keeps() {
    let corner = Corner::shared();
    let home = corner.beds("a", 9, 0);
    let (first, second) = (corner.elder(5, &[&home]), corner.elder(2, &[&home]));
    corner.offer(&second, &home).refused(409, "not_next_in_line");
    assert_eq!(corner.beds_of(&home), [9, 0, 0, 9]);
    let mut body = place(&home);
    for reason in ["", "独居且刚出院"] {
        body["out_of_order_reason"] = json!(reason);
        corner.tell(&format!("applications/{}/offers", second.0), &body).refused(422, "unknown_value");
    }
    body["out_of_order_reason"] = json!("hospital_discharge");
    corner.tell(&format!("applications/{}/offers", second.0), &body).expect(201);
    let entries = corner.look(&format!("audit?subject={}", second.0));
    let entry =
        entries["items"].as_array().unwrap().iter().find(|entry| entry["action"] == "application.offered");
    assert_eq!(entry.unwrap()["detail"]["reason"], "hospital_discharge");
    corner.offer(&first, &home).expect(201);
    assert_eq!(corner.beds_of(&home), [9, 0, 2, 7]);
}

#[test]
fn without_a_vacant_bed_there_is_no_offer() {
    let corner = Corner::shared();
    let home = corner.beds("a", 1, 1);
    let (first, second) = (corner.elder(5, &[&home]), corner.elder(2, &[&home]));
    corner.offer(&first, &home).refused(409, "no_bed_available");
    corner.offer_first(&second, &home).refused(409, "no_bed_available");
    corner.say(&home, 1, 0);
    let offer = corner.offered(&first, &home);
    corner.offer(&second, &home).refused(409, "no_bed_available");
    corner.offer(&first, &home).refused(409, "wrong_status");
    corner.answer(&first, &offer, "accept").expect(200);
    corner.offer(&second, &home).refused(409, "no_bed_available");
    corner.offer(&first, &home).refused(409, "wrong_status");
    corner.withdraw(&first).expect(200);
    corner.offer(&first, &home).refused(409, "wrong_status");
    corner.offer(&second, &home).expect(201);
    assert_eq!(corner.beds_of(&home), [1, 0, 1, 0]);
}

#[test]
fn a_bed_is_offered_where_it_was_asked_for_and_serves_the_care_level() {
    let corner = Corner::shared();
    let rooms = json!([single(3, 0), room("double", &[3], 1, (3, 0))]);
    let (home, other) = (corner.home("a", json!({"rooms": rooms})), corner.beds("b", 3, 0));
    let elder = corner.elder(3, &[&home]);
    let offer = |body: Value| corner.tell(&format!("applications/{}/offers", elder.0), &body);
    for body in [place(&other), json!({"institution_id": home, "room_type": "double"}), place("nowhere")] {
        let answer = offer(body);
        answer.refused(422, "not_preferred");
        assert_eq!(answer.faults()[0].0, "/institution_id");
    }
    let answer = offer(json!({"room_type": "suite", "offer": 1}));
    answer.refused(422, "invalid");
    assert_eq!(answer.faults().len(), 3, "{answer:?}");
    // What the rooms serve, or what the elder needs, changed meanwhile.
    let levels = |levels: &[u8]| json!({"rooms": [room("single", levels, 1, (3, 0)), rooms[1]]});
    corner.home("a", levels(&[0, 1]));
    corner.offer(&elder, &home).refused(409, "care_level_not_served");
    corner.offer_first(&elder, &home).refused(409, "care_level_not_served");
    let assess = json!({"care_level": 1, "assessed_on": "2026-01-05"});
    corner.tell(&format!("applications/{}/assess", elder.0), &assess).expect(200);
    corner.offer(&elder, &home).expect(201);
    assert_eq!((corner.beds_of(&home), corner.beds_of(&other)), ([3, 0, 1, 2], [3, 0, 0, 3]));
}

#[test]
fn steps_are_taken_in_their_order_only() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let elder = corner.elder(3, &[&home]);
    let wrong = |elder: &Elder, steps: &[&str]| {
        for step in steps {
            corner.step(elder, step).refused(409, "wrong_status");
        }
    };
    wrong(&elder, &["admit", "discharge"]);
    corner.answer(&elder, "F000000000000", "accept").refused(404, "not_found");
    let offer = corner.offered(&elder, &home);
    wrong(&elder, &["admit", "discharge"]);
    corner.answer(&elder, "F000000000000", "decline").refused(404, "not_found");
    corner.answer(&elder, &offer, "accept").expect(200);
    wrong(&elder, &["discharge"]);
    corner.step(&elder, "admit").expect(200);
    corner.step(&elder, "admit").expect(200);
    corner.answer(&elder, &offer, "decline").refused(409, "wrong_status");
    corner.step(&elder, "discharge").expect(200);
    corner.step(&elder, "discharge").expect(200);
    assert_eq!(corner.seen(&elder)["timeline"].as_array().unwrap().len(), 5);
    assert_eq!(corner.beds_of(&home), [3, 0, 0, 3]);
    corner.tell("applications/P000000000000/offers", &place(&home)).refused(404, "not_found");
}

#[test]
fn an_offer_of_somebody_else_is_not_answered() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let (one, other) = (corner.elder(3, &[&home]), corner.elder(3, &[&home]));
    let offers = [corner.offer_first(&one, &home), corner.offer_first(&other, &home)];
    let offers = offers.map(|offer| offer.expect(201)["id"].as_str().unwrap().to_owned());
    corner.answer(&one, &offers[1], "accept").refused(404, "not_found");
    corner.answer(&(one.0.clone(), other.1.clone()), &offers[0], "accept").refused(404, "not_found");
    corner.answer(&other, &offers[1], "accept").expect(200);
    assert_eq!(
        (&corner.seen(&one)["status"], &corner.seen(&other)["status"]),
        (&json!("offered"), &json!("accepted"))
    );
    assert_eq!(corner.beds_of(&home), [3, 1, 1, 1]);
}

#[test]
fn an_offer_waits_for_nobody_who_needs_more_and_comes_later() {
    let corner = Corner::shared();
    let home = corner.beds("a", 1, 0);
    let first = corner.elder(2, &[&home]);
    let offer = corner.offered(&first, &home);
    let later = super::made(&corner.apply(&people::elder(6), &[&home]));
    assert_eq!(corner.seen(&later)["positions"][0]["position"], 1);
    corner.offer(&later, &home).refused(409, "no_bed_available");
    corner.answer(&first, &offer, "accept").expect(200);
    assert_eq!(corner.beds_of(&home), [1, 1, 0, 0]);
}
