//! Who comes before whom.

use serde_json::{Value, json};

use super::{Corner, Elder, application, made, room, single};
use crate::{client::encode, people};

/// Whoever waits for the single rooms of a home, in order, as the home's list has it.
fn waiting(corner: &Corner<'_>, home: &str) -> Vec<String> {
    let list = corner.look(&format!("institutions/{home}/applications?room_type=single&limit=100"));
    let items = list["items"].as_array().cloned().unwrap();
    for (n, item) in (1..).zip(&items) {
        assert_eq!((&item["position"], &item["room_type"]), (&json!(n), &json!("single")), "{item}");
    }
    items.iter().map(|item| item["reference"].as_str().unwrap().to_owned()).collect()
}

/// The same by the positions that the applications themselves show.
fn check(corner: &Corner<'_>, home: &str, expected: &[&Elder]) {
    let references: Vec<_> = expected.iter().map(|elder| elder.0.clone()).collect();
    assert_eq!(waiting(corner, home), references);
    for (n, elder) in (1..).zip(expected) {
        let positions = corner.seen(elder)["positions"].clone();
        let own = positions.as_array().unwrap().iter().find(|place| place["institution_id"] == home).unwrap();
        assert_eq!(own["position"], json!(n));
    }
}

#[test]
fn more_need_comes_first_and_whoever_passed_a_bed_up_last() {
    let corner = Corner::shared();
    let home = corner.beds("a", 9, 0);
    let little = corner.elder(1, &[&home]);
    let some = corner.elder(3, &[&home]);
    let much = corner.elder(6, &[&home]);
    check(&corner, &home, &[&much, &some, &little]);
    let offer = corner.offered(&much, &home);
    check(&corner, &home, &[&some, &little]);
    corner.answer(&much, &offer, "decline").expect(200);
    check(&corner, &home, &[&some, &little, &much]);
    let offer = corner.offered(&some, &home);
    corner.answer(&some, &offer, "decline").expect(200);
    check(&corner, &home, &[&little, &much, &some]);
    let offer = corner.offered(&little, &home);
    corner.answer(&little, &offer, "accept").expect(200);
    check(&corner, &home, &[&much, &some]);
    let offer = corner.offered(&much, &home);
    corner.answer(&much, &offer, "decline").expect(200);
    check(&corner, &home, &[&some, &much]);
    corner.withdraw(&some).expect(200);
    check(&corner, &home, &[&much]);
}

#[test]
fn among_equals_whoever_applied_first_comes_first() {
    let corner = Corner::shared();
    let home = corner.beds("a", 9, 0);
    let elders: Vec<_> = (0..8).map(|_| corner.elder(3, &[&home])).collect();
    check(&corner, &home, &elders.iter().collect::<Vec<_>>());
}

#[test]
fn a_bed_passed_up_in_one_home_costs_no_place_in_another() {
    let corner = Corner::shared();
    let (a, b) = (corner.beds("a", 3, 0), corner.beds("b", 3, 0));
    let first = corner.elder(5, &[&a, &b]);
    let second = corner.elder(4, &[&a, &b]);
    let offer = corner.offered(&first, &a);
    assert!(
        corner.seen(&first)["positions"].as_array().unwrap().iter().all(|place| place["position"].is_null())
    );
    check(&corner, &b, &[&second]);
    corner.answer(&first, &offer, "decline").expect(200);
    check(&corner, &a, &[&second, &first]);
    check(&corner, &b, &[&first, &second]);
}

#[test]
fn an_assessment_moves_the_place_in_the_queue() {
    let corner = Corner::shared();
    let home = corner.beds("a", 9, 0);
    let (low, high) = (corner.elder(2, &[&home]), corner.elder(4, &[&home]));
    check(&corner, &home, &[&high, &low]);
    let assess = |elder: &Elder, body: &Value| corner.tell(&format!("applications/{}/assess", elder.0), body);
    let seen = assess(&low, &json!({"care_level": 5, "assessed_on": "2026-01-05"})).expect(200);
    assert_eq!(seen["applicant"]["care_level"], 5);
    assert_eq!(seen["applicant"]["assessed_on"], "2026-01-05");
    check(&corner, &home, &[&low, &high]);
    let entries = corner.look(&format!("audit?subject={}", low.0));
    let detail = json!({"before": 2, "after": 5, "assessed_on": "2026-01-05"});
    assert_eq!(
        (&entries["items"][1]["action"], &entries["items"][1]["detail"]),
        (&json!("application.assessed"), &detail)
    );
    let tomorrow = shared::calendar::day_of(chrono::Utc::now()).succ_opt().unwrap();
    assess(&low, &json!({"care_level": 5, "assessed_on": tomorrow.to_string()})).refused(422, "future");
    let bad = assess(&low, &json!({"care_level": 9, "assessed_on": "2026-02-30", "by": "x"}));
    bad.refused(422, "invalid");
    assert_eq!(bad.faults().len(), 3, "{bad:?}");
    corner.withdraw(&low).expect(200);
    assess(&low, &json!({"care_level": 1, "assessed_on": "2026-01-05"})).refused(409, "wrong_status");
    check(&corner, &home, &[&high]);
}

#[test]
fn lists_have_pages_and_show_who_has_an_offer_or_a_bed() {
    let corner = Corner::shared();
    let rooms = json!([single(9, 0), room("double", &[0, 1, 2, 3, 4, 5, 6], 1, (2, 0))]);
    let home = corner.home("a", json!({"rooms": rooms}));
    let elders: Vec<_> = (0..7).map(|n| corner.elder(n % 3, &[&home])).collect();
    let double = {
        let mut body = application(&people::elder(2), &[&home]);
        body["preferences"][0]["room_type"] = json!("double");
        made(&corner.post("applications").json(&body).send())
    };
    let whole = waiting(&corner, &home);
    assert_eq!(whole.len(), 7);
    for limit in [1, 3, 7, 8] {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("institutions/{home}/applications?limit={limit}{cursor}");
            let page = corner.look(&path);
            let items = page["items"].as_array().unwrap();
            found.extend(items.iter().map(|item| item["reference"].as_str().unwrap().to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={}", encode(next));
        }
        let expected: Vec<_> = [double.0.clone()].into_iter().chain(whole.clone()).collect();
        assert_eq!(found, expected, "by {limit}");
    }
    let (first, second) = (&elders[2], &elders[5]);
    let offer = corner.offer_first(first, &home).expect(201)["id"].as_str().unwrap().to_owned();
    corner.answer(first, &offer, "accept").expect(200);
    corner.offer_first(second, &home).expect(201);
    let with = |query: &str| {
        let list = corner.look(&format!("institutions/{home}/applications?{query}"));
        let items = list["items"].as_array().cloned().unwrap();
        items.iter().map(|item| item["reference"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(with("status=offered"), [second.0.as_str()]);
    assert_eq!(with("status=accepted"), [first.0.as_str()]);
    assert_eq!(with("status=accepted&room_type=double"), Vec::<String>::new());
    corner.step(first, "admit").expect(200);
    assert_eq!(with("status=admitted&limit=1"), [first.0.as_str()]);
    corner.step(first, "discharge").expect(200);
    assert_eq!(with("status=discharged"), [first.0.as_str()]);
    assert_eq!(with("status=waiting&room_type=double"), [double.0]);
    let refused = |query: &str, code: &str| {
        let path = format!("institutions/{home}/applications?{query}");
        corner.get(&path).bearer(&corner.manager).send().refused(422, code);
    };
    for cursor in ["x", "[]", "{}", "7", "[1,2,3,4,5]", "%5B%22single%22%2C0%5D"] {
        refused(&format!("cursor={cursor}"), "cursor");
    }
    refused("status=offered&cursor=x", "cursor");
    refused("status=lost", "unknown_value");
    refused("room_type=suite", "unknown_value");
    refused("limit=0", "out_of_range");
    corner.get("institutions/nowhere/applications").bearer(&corner.manager).send().refused(404, "not_found");
}
