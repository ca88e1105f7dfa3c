use serde_json::{Value, json};

use super::{Corner, DISTRICT, ELSEWHERE, amounts, lines, made};

fn texts(list: &Value, field: &str) -> Vec<String> {
    list.as_array().unwrap().iter().map(|entry| entry[field].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_gift_is_followed_from_the_pledge_over_two_destinations_to_whoever_needs_it() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let items =
        json!([{"item": "books", "quantity": 10, "note": "小学课本"}, {"item": "clothing", "quantity": 4}]);
    let pledged = corner.pledge(&id, &items).expect(201);
    let gift =
        (pledged["reference"].as_str().unwrap().to_owned(), pledged["token"].as_str().unwrap().to_owned());
    assert_eq!(pledged["status"], "pledged");
    assert_eq!(pledged["point"]["id"], id);
    assert_eq!(pledged["links"]["self"], format!("/api/v1/donation/pledges/{}", gift.0));
    assert_eq!(pledged["links"]["cancel"], format!("/api/v1/donation/pledges/{}/cancel", gift.0));
    assert_eq!(amounts(&pledged, "books"), [10, 0, 0, 0, 0]);
    assert!(pledged.get("receipt").is_none() && corner.read_pledge(&gift).get("token").is_none());

    let step = |step: &str, body: Value| corner.step(&gift.0, step, &body).expect(200);
    // Two fewer books than announced, and toys that were not.
    let received = step("receive", json!({"items": lines(&[("books", 8), ("clothing", 4), ("toys", 2)])}));
    assert_eq!(received["status"], "received");
    assert!(received["links"].get("cancel").is_none(), "{received}");
    assert_eq!(
        (amounts(&received, "books"), amounts(&received, "toys")),
        ([10, 8, 0, 0, 0], [0, 2, 0, 0, 0])
    );
    let sorted = step("sort", json!({"items": lines(&[("books", 7), ("clothing", 4)])}));
    assert_eq!((amounts(&sorted, "books"), amounts(&sorted, "toys")), ([10, 8, 7, 0, 0], [0, 2, 0, 0, 0]));
    let one = step(
        "dispatch",
        json!({
            "destination": "横沙乡小学", "division_code": super::TOWN, "items": lines(&[("books", 5)]),
        }),
    );
    assert_eq!(one["status"], "dispatched");
    let two = step("dispatch", json!({"destination": "云南某县民政局"}));
    assert_eq!(amounts(&two, "books"), [10, 8, 7, 7, 0]);
    assert_eq!(texts(&two["dispatches"], "destination"), ["横沙乡小学", "云南某县民政局"]);
    let ids = texts(&two["dispatches"], "id");
    corner.step(&gift.0, "deliver", &json!({})).refused(409, "dispatch_unclear");
    // Of the second, a piece of clothing went missing on the way.
    let arrived =
        step("deliver", json!({"dispatch": ids[1], "items": lines(&[("books", 2), ("clothing", 3)])}));
    assert_eq!(arrived["status"], "dispatched", "the other is on its way");
    corner.step(&gift.0, "deliver", &json!({"dispatch": ids[1]})).refused(409, "dispatch_unclear");
    let done = step("deliver", json!({}));
    assert_eq!(done["status"], "delivered");
    assert_eq!((amounts(&done, "books"), amounts(&done, "clothing")), ([10, 8, 7, 7, 7], [4, 4, 4, 4, 3]));

    let seen = corner.read_pledge(&gift);
    let timeline = &seen["timeline"];
    assert_eq!(
        texts(timeline, "step"),
        ["pledged", "received", "sorted", "dispatched", "dispatched", "delivered", "delivered"]
    );
    let name = corner.body()["name"].as_str().unwrap().to_owned();
    let here = name.as_str();
    assert_eq!(
        texts(timeline, "place"),
        [here, here, here, "横沙乡小学", "云南某县民政局", "云南某县民政局", "横沙乡小学"]
    );
    assert_eq!(texts(timeline, "by"), ["citizen", "staff", "staff", "staff", "staff", "staff", "staff"]);
    let at = texts(timeline, "at");
    assert!(at.is_sorted() && at.iter().all(|at| at.ends_with("+08:00")), "{at:?}");
    assert_eq!(timeline[3]["items"], lines(&[("books", 5)]));
    assert_eq!(timeline[6]["dispatch"], ids[0]);
    let sent = &seen["dispatches"];
    assert_eq!(sent[0]["division_code"], super::TOWN);
    assert_eq!(sent[1]["items"].as_array().unwrap().len(), 2);
    let missing = json!({"item": "clothing", "quantity": 4, "delivered": 3});
    assert!(sent[1]["items"].as_array().unwrap().contains(&missing), "{sent}");
    assert!(sent[0]["delivered_at"].is_string() && sent[1]["delivered_at"].is_string());
    let books = seen["items"].as_array().unwrap().iter().find(|row| row["item"] == "books").unwrap();
    assert_eq!((&books["note"], &books["unit"]), (&json!("小学课本"), &json!("piece")));
}

#[test]
fn cash_goes_the_same_way_in_fen() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({"items": [{"item": "cash", "state": "accepting"}]}));
    let (reference, _) = made(&corner.pledge(&id, &lines(&[("cash", 12_345)])));
    for (step, body) in [
        ("receive", json!({})),
        ("sort", json!({})),
        ("dispatch", json!({"destination": "样例基金会"})),
        ("deliver", json!({})),
    ] {
        corner.step(&reference, step, &body).expect(200);
    }
    let seen = corner.get(&format!("pledges/{reference}")).bearer(&corner.manager).send().expect(200);
    assert_eq!((amounts(&seen, "cash"), &seen["items"][0]["unit"]), ([12_345; 5], &json!("fen")));
}

#[test]
fn a_receipt_can_be_checked_by_anybody_and_tells_nothing_of_the_giver() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let gift = corner.books(&id, 5);
    let received = corner.step(&gift.0, "receive", &json!({"items": lines(&[("books", 4)])})).expect(200);
    let number = received["receipt"]["number"].as_str().unwrap();
    assert_eq!(received["receipt"]["url"], format!("/api/v1/donation/receipts/{number}"));
    assert_eq!(corner.read_pledge(&gift)["receipt"], received["receipt"]);
    let answer = corner.get(&format!("receipts/{number}")).send();
    let receipt = answer.expect(200);
    assert_eq!(receipt["number"], number);
    assert_eq!((&receipt["point"]["id"], &receipt["status"]), (&json!(id), &json!("received")));
    assert_eq!(receipt["items"], json!([{"item": "books", "unit": "piece", "quantity": 4}]));
    assert_eq!(receipt["issued_at"], received["timeline"][1]["at"]);
    assert!(receipt["note"].as_str().unwrap().contains("不是财政部门监制的捐赠票据"), "{receipt}");
    for secret in ["样例丙丁", "样***", "13900001234", &gift.0, &gift.1] {
        assert!(!answer.text.contains(secret), "{secret} in {answer:?}");
    }
    let small = corner.get(&format!("receipts/{}", number.to_lowercase())).send().expect(200);
    assert_eq!(small["number"], number);
    let english =
        corner.get(&format!("receipts/{number}")).header("accept-language", "en").send().expect(200);
    assert!(english["note"].as_str().unwrap().contains("no donation invoice"), "{english}");
    for step in ["sort", "dispatch"] {
        corner
            .step(&gift.0, step, &if step == "sort" { json!({}) } else { json!({"destination": "x"}) })
            .expect(200);
    }
    let later = corner.get(&format!("receipts/{number}")).send().expect(200);
    assert_eq!((&later["status"], &later["items"]), (&json!("dispatched"), &receipt["items"]));
    for unknown in ["R000000000000", &gift.0, "R", "*"] {
        corner.get(&format!("receipts/{unknown}")).send().refused(404, "not_found");
    }
}

#[test]
fn a_gift_opens_for_its_giver_and_for_managers_of_its_area_only() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let (gift, other) = (corner.books(&id, 1), corner.books(&id, 1));
    let path = format!("pledges/{}", gift.0);
    for (method, path) in [("GET", path.clone()), ("POST", format!("{path}/cancel"))] {
        let call = || corner.call(method, &path);
        call().send().refused(401, "unauthenticated");
        call().header("authorization", "Basic xyz").send().refused(401, "unauthenticated");
        call().bearer("a.b.c").send().refused(401, "unauthenticated");
        call().bearer(&other.1).send().refused(404, "not_found");
        call().bearer("x").send().refused(404, "not_found");
        call().bearer(&corner.server.staff("donation_manager", ELSEWHERE)).send().refused(403, "forbidden");
        call().bearer(&corner.server.staff("registrar", DISTRICT)).send().refused(403, "forbidden");
    }
    for step in ["receive", "sort", "dispatch", "deliver"] {
        let call = || corner.post(&format!("{path}/{step}")).json(&json!({"destination": "x"}));
        call().send().refused(401, "unauthenticated");
        call().bearer(&gift.1).send().refused(401, "unauthenticated");
        call().bearer(&corner.server.staff("donation_manager", ELSEWHERE)).send().refused(403, "forbidden");
        call().bearer(&corner.server.staff("auditor", "310000")).send().refused(403, "forbidden");
    }
    corner.get("pledges/G000000000000").bearer(&gift.1).send().refused(404, "not_found");
    corner.get("pledges/G000000000000").send().refused(401, "unauthenticated");
    assert_eq!(corner.read_pledge(&gift)["status"], "pledged");
    corner.get(&path).bearer(&corner.server.staff("donation_manager", DISTRICT)).send().expect(200);
}

#[test]
fn a_gift_keeps_its_way_and_its_area_when_the_point_moves_away() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let gift = corner.books(&id, 2);
    corner.point("a", json!({"division_code": ELSEWHERE, "location": {"lat": 30.75, "lon": 121.33}}));
    let read = |area: &str| {
        corner
            .get(&format!("pledges/{}", gift.0))
            .bearer(&corner.server.staff("donation_manager", area))
            .send()
    };
    read(DISTRICT).expect(200);
    read(ELSEWHERE).refused(403, "forbidden");
    corner.step(&gift.0, "receive", &json!({})).expect(200);
}
