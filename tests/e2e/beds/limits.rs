//! What one caller, or one telephone number, may do only so often.

use serde_json::json;

use super::{Corner, application, corner::phone};
use crate::{people, server::Server};

#[test]
#[cfg_attr(another_server, ignore = "uses up what a caller may do")]
fn whoever_asks_for_one_person_after_another_is_stopped() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let home = corner.beds("a", 3, 0);
    let body = application(&people::elder(3), &[&home]);
    let ask = || corner.post("applications").json(&body).send();
    ask().expect(201);
    for _ in 0..100 {
        ask().refused(409, "already_waiting");
    }
    let answer = ask();
    answer.refused(429, "too_many_requests");
    let wait: i64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((3_000..=3_600).contains(&wait), "{wait}");
    let other = application(&people::elder(3), &[&home]);
    corner.post("applications").json(&other).send().refused(429, "too_many_requests");
    corner.search("limit=1");
    server.change("beds", "UPDATE probe SET at = at - 3601");
    corner.post("applications").json(&other).send().expect(201);
    assert_eq!(corner.beds_of(&home), [3, 0, 0, 3]);
}

#[test]
fn a_telephone_number_has_ten_subscriptions_at_most() {
    let corner = Corner::shared();
    let body = json!({"filters": {"division_code": super::ELSEWHERE}, "contact": {"phone": phone()}});
    let subscribe = || corner.post("subscriptions").json(&body).send();
    let made: Vec<_> = (0..10).map(|_| subscribe().expect(201)).collect();
    subscribe().refused(409, "too_many_subscriptions");
    let (id, token) = (made[3]["id"].as_str().unwrap(), made[3]["token"].as_str().unwrap());
    corner.call("DELETE", &format!("subscriptions/{id}")).bearer(token).send().expect(204);
    subscribe().expect(201);
    subscribe().refused(409, "too_many_subscriptions");
}
