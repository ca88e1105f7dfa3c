use serde_json::json;

use super::{Corner, amounts, lines, made};
use crate::crowd::{count, together};

#[test]
fn of_20_consignments_of_one_book_out_of_five_exactly_five_leave() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let gift = corner.books(&id, 5);
    corner.step(&gift.0, "receive", &json!({})).expect(200);
    corner.step(&gift.0, "sort", &json!({})).expect(200);
    let mut left = 0;
    // Somebody who was told 503 comes again.
    while left < 5 {
        let answers = together(20, |n| {
            let body = json!({"destination": format!("样例{n}"), "items": lines(&[("books", 1)])});
            corner.step(&gift.0, "dispatch", &body)
        });
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            if answer.status == 503 {
                assert!(answer.header("retry-after").is_some(), "{answer:?}");
            } else {
                answer.refused(409, "quantity_exceeded");
            }
        }
        println!("{} sent, {} told to come again", count(&answers, 200), count(&answers, 503));
        assert!(count(&answers, 200) > 0, "nobody gets anywhere: {answers:?}");
        left += count(&answers, 200);
    }
    assert_eq!(left, 5);
    let seen = corner.read_pledge(&gift);
    assert_eq!(amounts(&seen, "books"), [5, 5, 5, 5, 0]);
    assert_eq!(seen["dispatches"].as_array().unwrap().len(), 5);
}

#[test]
fn a_gift_received_by_20_at_once_has_one_receipt() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let gift = corner.books(&id, 5);
    let answers = together(20, |_| corner.step(&gift.0, "receive", &json!({})));
    assert_eq!(count(&answers, 200), 1, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.refused(409, "wrong_status");
    }
    let winner = answers.iter().find(|answer| answer.status == 200).unwrap().json();
    let seen = corner.read_pledge(&gift);
    assert_eq!(seen["receipt"], winner["receipt"]);
    assert_eq!((amounts(&seen, "books"), seen["timeline"].as_array().unwrap().len()), ([5, 5, 0, 0, 0], 2));
}

#[test]
fn of_cancelling_and_receiving_exactly_one_wins() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    for round in 0..10 {
        let gift = corner.books(&id, 1);
        let answers = together(2, |n| {
            if n == 0 { corner.cancel(&gift) } else { corner.step(&gift.0, "receive", &json!({})) }
        });
        assert_eq!(count(&answers, 200), 1, "round {round}: {answers:?}");
        answers.iter().find(|answer| answer.status != 200).unwrap().refused(409, "wrong_status");
        let seen = corner.read_pledge(&gift);
        let expected = if answers[0].status == 200 { "cancelled" } else { "received" };
        assert_eq!(
            (&seen["status"], seen.get("receipt").is_some()),
            (&json!(expected), expected == "received")
        );
    }
}

#[test]
fn a_gift_cancelled_by_20_at_once_is_cancelled_once() {
    let corner = Corner::shared();
    let gift = corner.books(&corner.point("a", json!({})), 1);
    let answers = together(20, |_| corner.cancel(&gift));
    assert_eq!(count(&answers, 200), 20, "{answers:?}");
    assert_eq!(corner.read_pledge(&gift)["timeline"].as_array().unwrap().len(), 2);
}

#[test]
fn whoever_pledges_while_a_point_becomes_full_is_told_the_truth() {
    let corner = Corner::shared();
    for round in 0..3 {
        let id = corner.point(&format!("p{round}"), json!({}));
        let full = json!([{"item": "books", "state": "full"}]);
        let answers = together(20, |n| {
            if n == 10 { corner.set_items(&id, &full) } else { corner.pledge(&id, &lines(&[("books", 1)])) }
        });
        answers[10].expect(200);
        let made = count(&answers, 201);
        assert_eq!(made + count(&answers, 409), 19, "{answers:?}");
        for answer in answers.iter().filter(|answer| answer.status == 409) {
            answer.refused(409, "item_not_accepted");
        }
        corner.pledge(&id, &lines(&[("books", 1)])).refused(409, "item_not_accepted");
        let list = corner.get(&format!("points/{id}/pledges?limit=100")).bearer(&corner.manager).send();
        assert_eq!(list.expect(200)["items"].as_array().unwrap().len(), made);
    }
}

#[test]
fn pledges_made_at_once_are_all_there() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let answers = together(50, |n| corner.pledge(&id, &lines(&[("books", i64::try_from(n).unwrap() + 1)])));
    let gifts: Vec<_> = answers.iter().map(made).collect();
    for (n, gift) in (1..).zip(&gifts) {
        assert_eq!(amounts(&corner.read_pledge(gift), "books")[0], n);
    }
}

#[test]
fn a_point_changed_by_20_at_once_is_as_one_of_them_said() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let answers = together(20, |n| {
        let mut body = corner.body();
        body["name"] = json!(format!("甲{n} {}", corner.tag));
        body["address"] = json!(format!("样例路{n}号"));
        body["location"] = corner.location(f64::from(u32::try_from(n).unwrap()) * 800.0, 0.0);
        corner.put("a", &body)
    });
    assert_eq!(count(&answers, 200), 20, "{answers:?}");
    let point = corner.get(&format!("points/{id}")).send().expect(200);
    let n = point["name"].as_str().unwrap().trim_start_matches('甲').split(' ').next().unwrap().to_owned();
    assert_eq!(point["address"], format!("样例路{n}号"));
    let found = corner.search(&format!("q={}", corner.tag));
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "it is in one cell: {found}");
    assert_eq!(found["items"][0]["location"], point["location"]);
    let place = format!("near={},{}", point["location"]["lat"], point["location"]["lon"]);
    assert_eq!(corner.found(&format!("{place}&radius_m=10")), ["a"]);
    assert_eq!(corner.found(&format!("{}&radius_m=20000", corner.near())), ["a"]);
}

#[test]
fn points_set_up_at_once_are_each_found_once() {
    let corner = Corner::shared();
    let answers = together(40, |n| {
        let mut body = corner.body();
        body["location"] = corner.location(0.0, f64::from(u32::try_from(n).unwrap()) * 30.0);
        corner.put(&format!("p{n:02}"), &body)
    });
    assert_eq!(count(&answers, 200), 40, "{answers:?}");
    let expected: Vec<_> = (0..40).map(|n| format!("p{n:02}")).collect();
    assert_eq!(corner.own_found(&corner.near()), expected);
    assert_eq!(corner.found(&format!("{}&radius_m=1300", corner.near())), expected);
    let answers = together(40, |n| corner.delete(&corner.id(&format!("p{n:02}"))));
    assert_eq!(count(&answers, 204), 40);
    assert!(corner.found(&format!("{}&radius_m=1300", corner.near())).is_empty());
}

#[test]
fn two_imports_of_the_same_points_at_once_make_them_once() {
    let corner = Corner::shared();
    let file = super::import::file(&corner, 50);
    let answers = together(4, |_| corner.import("", file.clone()));
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert!(matches!(answer.status, 409 | 503), "{answer:?}");
    }
    let done: Vec<_> =
        answers.iter().filter(|answer| answer.status == 200).map(|answer| answer.json()).collect();
    let sum = |field: &str| done.iter().map(|done| done[field].as_i64().unwrap()).sum::<i64>();
    assert_eq!(
        (sum("created"), sum("updated")),
        (50, 50 * (i64::try_from(done.len()).unwrap() - 1)),
        "{done:?}"
    );
    assert_eq!(corner.own_found("").len(), 50);
}
