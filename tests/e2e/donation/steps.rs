//! Steps that may not be taken.

use serde_json::{Value, json};

use super::{Corner, amounts, lines};

#[test]
fn a_gift_is_cancelled_only_before_it_was_brought() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let gift = corner.books(&id, 1);
    let cancelled = corner.cancel(&gift).expect(200);
    assert_eq!(cancelled["status"], "cancelled");
    assert!(cancelled["links"].get("cancel").is_none());
    let step = cancelled["timeline"][1].clone();
    assert_eq!((&step["step"], &step["by"]), (&json!("cancelled"), &json!("citizen")));
    assert_eq!(corner.cancel(&gift).expect(200)["status"], "cancelled", "once more changes nothing");
    corner.step(&gift.0, "receive", &json!({})).refused(409, "wrong_status");

    let brought = corner.books(&id, 1);
    corner.step(&brought.0, "receive", &json!({})).expect(200);
    corner.cancel(&brought).refused(409, "wrong_status");
    let by_staff = corner.books(&id, 1);
    let cancelled = corner.step(&by_staff.0, "cancel", &json!({})).expect(200);
    assert_eq!(cancelled["timeline"][1]["step"], "cancelled");
    assert_eq!(corner.read_pledge(&by_staff)["timeline"][1]["by"], "staff", "not who of them");
}

#[test]
fn steps_come_in_their_order_and_once() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let (reference, _) = corner.books(&id, 2);
    let order = ["receive", "sort", "dispatch", "deliver"];
    let body = |step: &str| if step == "dispatch" { json!({"destination": "样例"}) } else { json!({}) };
    for (n, step) in order.iter().enumerate() {
        for wrong in order.iter().enumerate().filter(|(other, _)| *other != n).map(|(_, wrong)| *wrong) {
            let answer = corner.step(&reference, wrong, &body(wrong));
            // All of it is on its way already: a second consignment would be empty.
            let code =
                if *step == "deliver" && wrong == "dispatch" { "nothing_to_move" } else { "wrong_status" };
            answer.refused(409, code);
        }
        corner.step(&reference, step, &body(step)).expect(200);
    }
    for step in order {
        corner.step(&reference, step, &body(step)).refused(409, "wrong_status");
    }
    corner.step(&reference, "cancel", &json!({})).refused(409, "wrong_status");
    let seen = corner.get(&format!("pledges/{reference}")).bearer(&corner.manager).send().expect(200);
    assert_eq!((amounts(&seen, "books"), seen["timeline"].as_array().unwrap().len()), ([2; 5], 5));
}

#[test]
fn no_step_moves_more_than_there_is() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let (reference, _) = corner.books(&id, 5);
    let step = |step: &str, items: Value| {
        let mut body = json!({"items": items});
        if step == "dispatch" {
            body["destination"] = json!("样例");
        }
        corner.step(&reference, step, &body)
    };
    step("receive", json!([])).refused(409, "nothing_to_move");
    step("receive", lines(&[("books", 0)])).refused(409, "nothing_to_move");
    step("receive", lines(&[("books", 5)])).expect(200);
    step("sort", lines(&[("books", 6)])).refused(409, "quantity_exceeded");
    step("sort", lines(&[("toys", 1)])).refused(409, "quantity_exceeded");
    step("sort", lines(&[("books", 4)])).expect(200);
    step("dispatch", lines(&[("books", 5)])).refused(409, "quantity_exceeded");
    step("dispatch", lines(&[("books", 0)])).refused(409, "nothing_to_move");
    step("dispatch", lines(&[("books", 3)])).expect(200);
    step("dispatch", lines(&[("books", 2)])).refused(409, "quantity_exceeded");
    step("deliver", lines(&[("books", 4)])).refused(409, "quantity_exceeded");
    step("deliver", lines(&[("toys", 1)])).refused(409, "quantity_exceeded");
    step("deliver", lines(&[("books", 3)])).expect(200);
    let last = step("dispatch", lines(&[("books", 1)])).expect(200);
    assert_eq!((amounts(&last, "books"), &last["status"]), ([5, 5, 4, 4, 3], &json!("dispatched")));
    let done = corner.step(&reference, "deliver", &json!({})).expect(200);
    assert_eq!((amounts(&done, "books"), &done["status"]), ([5, 5, 4, 4, 4], &json!("delivered")));
}

#[test]
fn faulty_steps_are_refused_by_name() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let (reference, _) = corner.books(&id, 5);
    let step = |step: &str, body: Value| corner.step(&reference, step, &body);
    step("receive", json!({"items": lines(&[("books", -1)])})).refused(422, "out_of_range");
    step("receive", json!({"items": lines(&[("gold", 1)])})).refused(422, "unknown_value");
    step("receive", json!({"items": lines(&[("books", 1), ("books", 1)])})).refused(422, "repeated");
    step("receive", json!({"items": lines(&[("books", 1_000_001)])})).refused(422, "out_of_range");
    step("receive", json!({"destination": "x"})).refused(422, "unknown_field");
    step("dispatch", json!({})).refused(422, "required");
    step("dispatch", json!({"destination": ""})).refused(422, "length");
    step("dispatch", json!({"destination": "x", "division_code": "99"})).refused(422, "division_code");
    step("deliver", json!({"dispatch": 5})).refused(422, "type");
    step("receive", json!({})).expect(200);
    step("sort", json!({})).expect(200);
    step("dispatch", json!({"destination": "样例"})).expect(200);
    for unknown in ["", "nothing", "\u{0}", &reference] {
        step("deliver", json!({"dispatch": unknown})).refused(409, "dispatch_unclear");
    }
    corner.step("G000000000000", "receive", &json!({})).refused(404, "not_found");
}
