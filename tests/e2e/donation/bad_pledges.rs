use serde_json::{Value, json};

use super::{Corner, faults, lines};
use crate::client::Answer;

fn body(point: &str) -> Value {
    json!({"point_id": point, "items": lines(&[("books", 1)]), "donor": {"name": "样例丙丁", "anonymous": false}})
}

fn send(corner: &Corner<'_>, body: &Value) -> Answer {
    corner.post("pledges").json(body).send()
}

#[test]
fn every_fault_of_a_pledge_is_named_at_once_and_nothing_is_written() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let answer = send(
        &corner,
        &json!({
            "point_id": "A B", "priority": 1,
            "items": [
                {"item": "gold", "quantity": 1}, {"item": "books", "quantity": 0}, {"item": "food", "quantity": 1.5},
                {"item": "toys", "quantity": 1, "note": "长".repeat(201)}, {"quantity": "x", "size": "L"},
            ],
            "donor": {"phone": "call me", "anonymous": "no", "age": 7},
        }),
    );
    answer.refused(422, "invalid");
    assert_eq!(
        answer.faults(),
        faults(&[
            ("/point_id", "id"),
            ("/items/0/item", "unknown_value"),
            ("/items/1/quantity", "out_of_range"),
            ("/items/2/quantity", "type"),
            ("/items/3/note", "length"),
            ("/items/4/item", "required"),
            ("/items/4/quantity", "type"),
            ("/items/4/size", "unknown_field"),
            ("/donor/phone", "phone"),
            ("/donor/anonymous", "type"),
            ("/donor/age", "unknown_field"),
            ("/priority", "unknown_field"),
        ])
    );
    let list = corner.get(&format!("points/{id}/pledges")).bearer(&corner.manager).send().expect(200);
    assert_eq!(list["items"], json!([]));
}

#[test]
fn quantities_have_limits() {
    let corner = Corner::shared();
    let items = json!([{"item": "books", "state": "accepting"}, {"item": "cash", "state": "accepting"}]);
    let id = corner.point("a", json!({"items": items}));
    let pledge = |item: &str, quantity: Value| {
        let mut body = body(&id);
        body["items"] = json!([{"item": item, "quantity": quantity}]);
        send(&corner, &body)
    };
    for quantity in [json!(0), json!(-1), json!(1_000_001), json!(i64::MAX), json!(i64::MIN)] {
        pledge("books", quantity).refused(422, "out_of_range");
    }
    for quantity in [json!(1.5), json!(1e300), json!(u64::MAX), json!(true), json!([1]), json!("one")] {
        pledge("books", quantity).refused(422, "type");
    }
    pledge("books", Value::Null).refused(422, "required");
    pledge("books", json!(1_000_000)).expect(201);
    pledge("cash", json!(1_000_000_000)).expect(201);
    pledge("cash", json!(1_000_000_001)).refused(422, "out_of_range");
}

#[test]
fn a_pledge_names_one_to_ten_items_each_once() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let with = |items: Value| {
        let mut body = body(&id);
        body["items"] = items;
        send(&corner, &body)
    };
    with(json!([])).refused(422, "count");
    with(json!({})).refused(422, "type");
    with((0..11).map(|_| json!({"item": "books", "quantity": 1})).collect()).refused(422, "count");
    with(lines(&[("books", 1), ("books", 2)])).refused(422, "repeated");
}

#[test]
fn a_giver_has_a_name_or_is_anonymous() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let by = |donor: Value| {
        let mut body = body(&id);
        body["donor"] = donor;
        send(&corner, &body)
    };
    let nameless = by(json!({"anonymous": false}));
    nameless.refused(422, "required");
    assert_eq!(nameless.faults(), faults(&[("/donor/name", "required")]));
    by(json!({"name": "样例"})).refused(422, "required");
    by(json!({"name": "", "anonymous": false})).refused(422, "length");
    by(json!({"name": "样\n例", "anonymous": false})).refused(422, "characters");
    by(Value::Null).refused(422, "required");
    let donor = by(json!({"anonymous": true})).expect(201)["donor"].clone();
    assert_eq!(donor, json!({"anonymous": true}));
}

#[test]
fn a_point_takes_what_it_says_it_takes() {
    let corner = Corner::shared();
    let id = corner.point(
        "a",
        json!({"items": [
            {"item": "books", "state": "accepting"}, {"item": "clothing", "state": "urgent"},
            {"item": "toys", "state": "full"}, {"item": "food", "state": "not_accepted"},
        ]}),
    );
    for item in ["toys", "food", "furniture"] {
        corner.pledge(&id, &lines(&[(item, 1)])).refused(409, "item_not_accepted");
        let mixed = corner.pledge(&id, &lines(&[("books", 1), (item, 1)]));
        let refusal = mixed.refused(409, "item_not_accepted");
        assert!(!refusal["detail"].as_str().unwrap().contains("图书"), "only what isn't taken: {refusal}");
    }
    super::made(&corner.pledge(&id, &lines(&[("books", 1), ("clothing", 2)])));
    let unknown = corner.pledge("no-such-point", &lines(&[("books", 1)]));
    unknown.refused(422, "unknown_point");
    assert_eq!(unknown.faults(), faults(&[("/point_id", "unknown_point")]));
}

#[test]
fn no_refusal_repeats_who_gives() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let secrets = ["欧阳样例", "13911112222"];
    for spoil in [
        |body: &mut Value| body["items"] = json!([]),
        |body: &mut Value| body["items"][0]["item"] = json!("furniture"),
        |body: &mut Value| body["point_id"] = json!("no-such-point"),
        |body: &mut Value| body["donor"]["phone"] = json!("13911112222 或微信"),
        |body: &mut Value| body["donor"]["name"] = json!("欧阳样例".repeat(30)),
        |body: &mut Value| body["donor"]["anonymous"] = json!("欧阳样例"),
        |body: &mut Value| body["欧阳"] = json!("欧阳样例13911112222"),
    ] {
        let mut body = body(&id);
        body["donor"] = json!({"name": secrets[0], "phone": secrets[1], "anonymous": false});
        spoil(&mut body);
        let answer = send(&corner, &body);
        assert!(matches!(answer.status, 409 | 422), "{answer:?}");
        assert!(secrets.iter().all(|secret| !answer.text.contains(secret)), "{answer:?}");
    }
    let raw = format!("{{\"donor\": {{\"name\": \"{}\" oops", secrets[0]);
    let answer = corner.post("pledges").raw("application/json", raw.into_bytes()).send();
    answer.refused(400, "unreadable");
    assert!(!answer.text.contains(secrets[0]), "{answer:?}");
}
