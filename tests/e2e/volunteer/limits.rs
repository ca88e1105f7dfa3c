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

#[test]
#[cfg_attr(another_server, ignore = "uses up what a caller may do")]
fn whoever_registers_one_person_after_another_is_stopped() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let who = corner.volunteer();
    let register = || corner.post("volunteers").json(&people::volunteer()).send();
    // As if this one had been the last of 499.
    let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 498)
               INSERT INTO probe (kind, caller, at) SELECT p.kind, p.caller, p.at FROM n, probe AS p";
    assert_eq!(server.change("volunteer", sql), 498);
    register().expect(201);
    let answer = register();
    answer.refused(429, "too_many_requests");
    assert!(answer.header("retry-after").is_some(), "{answer:?}");
    // What can't be read is no registration, and whoever is registered isn't stopped.
    corner.post("volunteers").json(&serde_json::json!({})).send().refused(422, "invalid");
    corner.mine(&who, "/record");
    server.change("volunteer", "UPDATE probe SET at = at - 3601");
    register().expect(201);
}
