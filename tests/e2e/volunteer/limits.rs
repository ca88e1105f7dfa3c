//! What one caller may do only so often.

use super::{Corner, Volunteer};
use crate::{people, server::Server};

#[test]
#[cfg_attr(another_server, ignore = "uses up what a caller may do")]
fn whoever_asks_for_one_person_after_another_is_stopped() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let body = people::volunteer();
    let ask = || corner.post("volunteers").json(&body).send();
    let who = Volunteer::made(&ask());
    for _ in 0..100 {
        ask().refused(409, "already_registered");
    }
    let answer = ask();
    answer.refused(429, "too_many_requests");
    let wait: i64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((3_000..=3_600).contains(&wait), "{wait}");
    let other = people::volunteer();
    corner.post("volunteers").json(&other).send().refused(429, "too_many_requests");
    corner.mine(&who, "");
    server.change("volunteer", "UPDATE probe SET at = at - 3601");
    corner.post("volunteers").json(&other).send().expect(201);
}
