//! What elders answer, and what it does to the beds.

use serde_json::json;

use super::{Corner, Elder};

fn kinds(corner: &Corner<'_>, elder: &Elder) -> Vec<String> {
    let seen = corner.seen(elder);
    let timeline = seen["timeline"].as_array().unwrap().iter();
    timeline.map(|step| step["step"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_answer_sent_again_is_the_same_answer() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let elder = corner.elder(3, &[&home]);
    let first = corner.offered(&elder, &home);
    let declined = corner.answer(&elder, &first, "decline").expect(200);
    assert_eq!((&declined["status"], &declined["offer"]["status"]), (&json!("waiting"), &json!("declined")));
    assert_eq!(corner.answer(&elder, &first, "decline").expect(200), declined);
    corner.answer(&elder, &first, "accept").refused(409, "wrong_status");
    assert_eq!(corner.beds_of(&home), [3, 0, 0, 3]);

    let second = corner.offered(&elder, &home);
    assert_ne!(first, second);
    let accepted = corner.answer(&elder, &second, "accept").expect(200);
    assert_eq!(corner.answer(&elder, &second, "accept").expect(200), accepted);
    corner.answer(&elder, &second, "decline").refused(409, "wrong_status");
    assert_eq!(corner.answer(&elder, &first, "decline").expect(200)["status"], "accepted", "as it is now");
    let statuses: Vec<_> =
        accepted["offers"].as_array().unwrap().iter().map(|offer| &offer["status"]).collect();
    assert_eq!(statuses, ["declined", "accepted"]);
    assert_eq!(accepted["offer"], accepted["offers"][1]);
    assert_eq!(corner.beds_of(&home), [3, 1, 0, 2]);

    let withdrawn = corner.withdraw(&elder).expect(200);
    assert_eq!(corner.withdraw(&elder).expect(200), withdrawn);
    corner.step(&elder, "admit").refused(409, "wrong_status");
    assert_eq!(corner.beds_of(&home), [3, 0, 0, 3]);
    assert_eq!(kinds(&corner, &elder), ["made", "offered", "declined", "offered", "accepted", "withdrawn"]);
}

#[test]
fn whoever_takes_the_application_back_frees_the_bed() {
    let corner = Corner::shared();
    let home = corner.beds("a", 2, 0);
    let waiting = corner.elder(1, &[&home]);
    let withdrawn = corner.withdraw(&waiting).expect(200);
    assert_eq!((&withdrawn["status"], withdrawn.get("offer")), (&json!("withdrawn"), None));
    assert!(withdrawn["positions"].as_array().unwrap().iter().all(|place| place["position"].is_null()));
    assert!(withdrawn["links"].get("withdraw").is_none(), "{withdrawn}");
    assert_eq!(corner.beds_of(&home), [2, 0, 0, 2]);

    let offered = corner.elder(2, &[&home]);
    let offer = corner.offered(&offered, &home);
    assert_eq!(corner.beds_of(&home), [2, 0, 1, 1]);
    let withdrawn = corner.withdraw(&offered).expect(200);
    assert_eq!(
        (&withdrawn["status"], &withdrawn["offer"]["status"]),
        (&json!("withdrawn"), &json!("withdrawn"))
    );
    assert_eq!(corner.beds_of(&home), [2, 0, 0, 2]);
    corner.answer(&offered, &offer, "accept").refused(409, "wrong_status");
    corner.answer(&offered, &offer, "decline").refused(409, "wrong_status");

    let accepted = corner.elder(3, &[&home]);
    let offer = corner.offered(&accepted, &home);
    corner.answer(&accepted, &offer, "accept").expect(200);
    assert_eq!(corner.beds_of(&home), [2, 1, 0, 1]);
    let withdrawn = corner.withdraw(&accepted).expect(200);
    assert_eq!(
        (&withdrawn["status"], &withdrawn["offer"]["status"]),
        (&json!("withdrawn"), &json!("accepted"))
    );
    assert_eq!(corner.beds_of(&home), [2, 0, 0, 2]);
    corner.set_counts(&home, &corner.counts(&home).1, 0, 0).expect(200);
}

#[test]
fn a_bed_passed_up_goes_to_the_next_in_line() {
    let corner = Corner::shared();
    let home = corner.beds("a", 1, 0);
    let (first, second) = (corner.elder(5, &[&home]), corner.elder(2, &[&home]));
    let offer = corner.offered(&first, &home);
    corner.answer(&first, &offer, "decline").expect(200);
    corner.offer(&first, &home).refused(409, "not_next_in_line");
    let offer = corner.offered(&second, &home);
    corner.answer(&second, &offer, "accept").expect(200);
    assert_eq!(corner.seen(&first)["positions"][0]["position"], 1);
    corner.offer(&first, &home).refused(409, "no_bed_available");
    corner.withdraw(&second).expect(200);
    corner.offer(&first, &home).expect(201);
}

#[test]
fn whoever_accepts_a_bed_waits_nowhere_else() {
    let corner = Corner::shared();
    let (a, b) = (corner.beds("a", 1, 0), corner.beds("b", 1, 0));
    let elder = corner.elder(5, &[&a, &b]);
    let next = corner.elder(1, &[&b]);
    assert_eq!(corner.seen(&next)["positions"][0]["position"], 2);
    let offer = corner.offered(&elder, &a);
    corner.answer(&elder, &offer, "accept").expect(200);
    assert_eq!(corner.seen(&next)["positions"][0]["position"], 1);
    corner.offer(&elder, &b).refused(409, "wrong_status");
    corner.offer(&next, &b).expect(201);
}

#[test]
fn the_staff_of_one_home_do_not_answer_for_a_bed_of_another() {
    let corner = Corner::shared();
    let (a, b) = (corner.beds("a", 1, 0), corner.beds("b", 1, 0));
    let elder = corner.elder(5, &[&a, &b]);
    let offer = corner.offered(&elder, &b);
    let staff = corner.server.staff_of(&a, "care_manager", super::DISTRICT);
    let decline = corner.post(&format!("applications/{}/offers/{offer}/decline", elder.0));
    decline.bearer(&staff).send().refused(403, "forbidden");
    assert_eq!(corner.beds_of(&b), [1, 0, 1, 0]);
}
