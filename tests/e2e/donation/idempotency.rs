use serde_json::{Value, json};

use super::{Corner, amounts, lines, made};
use crate::{client::Answer, crowd::together, server::Server};

fn with_key(corner: &Corner<'_>, path: &str, key: &str, body: &Value) -> Answer {
    let key = format!("{key}-{}", corner.tag);
    corner.post(path).bearer(&corner.manager).header("idempotency-key", &key).json(body).send()
}

fn steps(corner: &Corner<'_>, reference: &str) -> usize {
    let seen = corner.get(&format!("pledges/{reference}")).bearer(&corner.manager).send().expect(200);
    seen["timeline"].as_array().unwrap().len()
}

#[test]
fn a_pledge_sent_again_is_the_same_pledge_with_the_same_token() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let body = json!({"point_id": id, "items": lines(&[("books", 1)]), "donor": {"anonymous": true}});
    let answers = together(20, |_| with_key(&corner, "pledges", "k", &body));
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "idempotency_in_progress");
    }
    let first = with_key(&corner, "pledges", "k", &body);
    assert!(answers.iter().filter(|answer| answer.status == 201).all(|answer| answer.text == first.text));
    corner.read_pledge(&made(&first));
    let list = corner.get(&format!("points/{id}/pledges")).bearer(&corner.manager).send().expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let other = json!({"point_id": id, "items": lines(&[("books", 2)]), "donor": {"anonymous": true}});
    with_key(&corner, "pledges", "k", &other).refused(422, "idempotency_key_reused");
    for key in ["", &"k".repeat(256)] {
        corner
            .post("pledges")
            .header("idempotency-key", key)
            .json(&body)
            .send()
            .refused(422, "idempotency_key");
    }
}

#[test]
fn a_refused_pledge_gives_its_key_back() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({"items": [{"item": "books", "state": "full"}]}));
    let body = json!({"point_id": id, "items": lines(&[("books", 1)]), "donor": {"anonymous": true}});
    with_key(&corner, "pledges", "k", &body).refused(409, "item_not_accepted");
    corner.set_items(&id, &json!([{"item": "books", "state": "accepting"}])).expect(200);
    made(&with_key(&corner, "pledges", "k", &body));
}

#[test]
fn steps_sent_again_are_taken_once() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let (reference, _) = corner.books(&id, 9);
    let take = |step: &str, key: &str, body: &Value| {
        with_key(&corner, &format!("pledges/{reference}/{step}"), key, body)
    };
    let twice = |step: &str, key: &str, body: &Value| {
        let first = take(step, key, body);
        first.expect(200);
        let again = take(step, key, body);
        assert_eq!((again.status, &again.text), (200, &first.text), "{step}");
        first.json()
    };
    twice("receive", "r", &json!({}));
    take("receive", "r", &json!({"items": lines(&[("books", 1)])})).refused(422, "idempotency_key_reused");
    twice("sort", "s", &json!({}));
    let part = json!({"destination": "样例", "items": lines(&[("books", 4)])});
    twice("dispatch", "d", &part);
    let sent = take("dispatch", "e", &part).expect(200);
    assert_eq!(amounts(&sent, "books"), [9, 9, 9, 8, 0], "another key is another consignment");
    let first = sent["dispatches"][0]["id"].clone();
    twice("deliver", "v", &json!({"dispatch": first}));
    assert_eq!(steps(&corner, &reference), 6);
}

#[test]
fn the_key_of_one_request_never_answers_another() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let (one, other) = (corner.books(&id, 2).0, corner.books(&id, 2).0);
    let take = |reference: &str, step: &str| {
        with_key(&corner, &format!("pledges/{reference}/{step}"), "k", &json!({}))
    };
    take(&one, "receive").expect(200);
    take(&other, "receive").refused(422, "idempotency_key_reused");
    take(&one, "sort").refused(422, "idempotency_key_reused");
    assert_eq!((steps(&corner, &one), steps(&corner, &other)), (2, 1));
}

#[test]
fn a_replayed_step_opens_for_managers_of_the_area_only() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let (reference, _) = corner.books(&id, 2);
    let path = format!("pledges/{reference}/receive");
    with_key(&corner, &path, "k", &json!({})).expect(200);
    let key = format!("k-{}", corner.tag);
    let call = || corner.post(&path).header("idempotency-key", &key).json(&json!({}));
    call().send().refused(401, "unauthenticated");
    let elsewhere = corner.server.staff("donation_manager", super::ELSEWHERE);
    call().bearer(&elsewhere).send().refused(403, "forbidden");
}

#[test]
#[cfg_attr(another_server, ignore = "breaks the server's database")]
fn a_request_that_failed_after_its_change_is_the_same_when_tried_again() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let id = corner.point("a", json!({}));
    let body = json!({"point_id": id, "items": lines(&[("books", 1)]), "donor": {"anonymous": true}});
    let other = json!({"point_id": id, "items": lines(&[("books", 2)]), "donor": {"anonymous": true}});
    let database = rusqlite::Connection::open(server.state.join("donation.db")).unwrap();
    database.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    let view = "SELECT sql FROM sqlite_schema WHERE name = 'pledge_card'";
    let view: String = database.query_row(view, [], |row| row.get(0)).unwrap();
    database.execute_batch("DROP VIEW pledge_card").unwrap();
    let failed = with_key(&corner, "pledges", "k", &body);
    assert!(failed.status >= 500, "{failed:?}");
    let pledges =
        || -> i64 { database.query_row("SELECT count(*) FROM pledge", [], |row| row.get(0)).unwrap() };
    assert_eq!(pledges(), 1, "it was written, and could not be read back");
    database.execute_batch(&view).unwrap();
    with_key(&corner, "pledges", "k", &other).refused(422, "idempotency_key_reused");
    corner.read_pledge(&made(&with_key(&corner, "pledges", "k", &body)));
    assert_eq!(pledges(), 1);
}
