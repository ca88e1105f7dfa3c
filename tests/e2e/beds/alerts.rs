//! Subscriptions are told when a bed opens, once.

use serde_json::{Value, json};

use super::{API, Corner, eventually, expiry::lapse, freshness::age};
use crate::{crowd::together, server::Server};

/// Events of a server's outbox that tell a subscription of a bed.
fn events(server: &Server, subscription: &str) -> i64 {
    let sql = "SELECT count(*) FROM outbox WHERE type = 'beds.subscription.matched' AND subject = ?1";
    server.database("beds").query_row(sql, [subscription], |row| row.get(0)).unwrap()
}

#[test]
fn whoever_waits_to_hear_is_told_of_a_bed_that_opens() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 3);
    let filters = json!({"near": corner.location(0.0, 0.0), "radius_m": 50, "care_level": 2});
    let body = json!({"filters": filters, "contact": {"phone": super::corner::phone()}});
    let made = corner.post("subscriptions").json(&body).send().expect(201);
    let own = (made["id"].as_str().unwrap().to_owned(), made["token"].as_str().unwrap().to_owned());
    assert!(own.0.starts_with('A'), "{made}");
    let mut expected = filters;
    expected["min_available"] = json!(1);
    assert_eq!((&made["filters"], &made["matches"]), (&expected, &json!([])));
    let phone = made["contact"]["phone"].as_str().unwrap();
    assert!(phone.starts_with("139****") && phone.len() == 11, "{phone}");
    let at = |value: &Value| chrono::DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap();
    assert_eq!((at(&made["expires_at"]) - at(&made["created_at"])).num_days(), 180);
    let read = corner.get(&format!("subscriptions/{}", own.0)).bearer(&own.1).send().expect(200);
    let mut without_token = made.clone();
    without_token.as_object_mut().unwrap().remove("token");
    assert_eq!(read, without_token, "the token is given once");

    corner.say(&home, 4, 3);
    let seen = corner.get(&format!("subscriptions/{}", own.0)).bearer(&own.1).send().expect(200);
    let told = &seen["matches"][0];
    assert_eq!(told["institution_name"], format!("测试养老院 {}", corner.tag));
    assert_eq!((&told["institution_id"], &told["room_type"]), (&json!(home), &json!("single")));
    assert_eq!((&told["available"], told["at"].is_string()), (&json!(1), true));
    corner.say(&home, 4, 3);
    assert_eq!(corner.told(&own), [(home.clone(), 1)], "no bed opened");
    corner.say(&home, 5, 3);
    corner.say(&home, 5, 5);
    corner.say(&home, 5, 2);
    assert_eq!(corner.told(&own), [3, 2, 1].map(|vacant| (home.clone(), vacant)), "the latest first");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn every_way_in_which_a_bed_opens_is_told_once() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let home = corner.beds("a", 1, 0);
    let own = corner.subscribe(&json!({"division_code": super::DISTRICT}));
    let mut expected = 0;
    let told = |what: &str, expected: i64| {
        eventually(what, || corner.told(&own).len() == usize::try_from(expected).unwrap());
        assert_eq!(events(&server, &own.0), expected, "{what}");
        corner.say(&home, 1, 0);
        corner.read(&home);
        assert_eq!(events(&server, &own.0), expected, "{what}, and nothing more");
    };
    told("a bed that was there before", 0);
    let elder = corner.elder(3, &[&home]);
    let offer = corner.offered(&elder, &home);
    corner.answer(&elder, &offer, "decline").expect(200);
    expected += 1;
    told("declined", expected);
    let offer = corner.offered(&elder, &home);
    corner.answer(&elder, &offer, "accept").expect(200);
    corner.step(&elder, "admit").expect(200);
    corner.step(&elder, "discharge").expect(200);
    expected += 1;
    told("discharged", expected);
    let elder = corner.elder(3, &[&home]);
    corner.offered(&elder, &home);
    corner.withdraw(&elder).expect(200);
    expected += 1;
    told("withdrawn", expected);
    let elder = corner.elder(3, &[&home]);
    corner.offered(&elder, &home);
    lapse(&server, &elder);
    eventually("the offer expires", || corner.read(&home)["available"] == 1);
    expected += 1;
    told("expired", expected);
    age(&server, &home, "single", 8 * 86_400);
    corner.say(&home, 1, 0);
    expected += 1;
    told("stale counts confirmed", expected);
    corner.say(&home, 1, 1);
    corner.say(&home, 1, 0);
    expected += 1;
    told("counts", expected);
    corner.home("b", json!({}));
    expected += 1;
    told("a new home", expected);
    corner.import("", super::import::file(&corner, 1)).expect(200);
    expected += 1;
    told("a home of a file", expected);
    super::interleavings::check_tables(&server.database("beds"));
}

#[test]
#[cfg_attr(another_server, ignore = "looks into the server's tables")]
fn an_opening_is_told_once_however_many_look() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let homes: Vec<_> = (0..5).map(|n| corner.beds(&format!("h{n}"), 3, 3)).collect();
    let own: Vec<_> = (0..20).map(|_| corner.subscribe(&json!({"care_level": 1}))).collect();
    for home in &homes {
        let tag = corner.counts(home).1;
        let answers = together(40, |n| match n {
            0 => corner.set_counts(home, &tag, 3, 2),
            1..10 => corner.get(&format!("institutions?q={}", corner.tag)).send(),
            10..20 => corner.get(&format!("institutions/{home}")).send(),
            _ => corner.get(&format!("subscriptions/{}", own[n % 20].0)).bearer(&own[n % 20].1).send(),
        });
        assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    }
    for own in &own {
        eventually("all are told", || corner.told(own).len() == 5);
        assert_eq!(events(&server, &own.0), 5);
    }
    let left: i64 =
        server.database("beds").query_row("SELECT count(*) FROM opening", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn a_reader_tells_of_what_whoever_made_the_change_did_not_live_to_tell() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let home = corner.beds("a", 3, 3);
    let own = corner.subscribe(&json!({}));
    let sql = format!("UPDATE room SET occupied = 1, available = 2 WHERE institution = '{home}'");
    server.change("beds", &sql);
    eventually("a reader tells", || {
        server.get(&format!("{API}/institutions?limit=1")).send().expect(200);
        corner.told(&own) == [(home.clone(), 2)]
    });
    assert_eq!(events(&server, &own.0), 1);
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn whoever_ends_a_subscription_is_forgotten_and_told_nothing_more() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let home = corner.beds("a", 3, 3);
    let (own, other) = (corner.subscribe(&json!({})), corner.subscribe(&json!({})));
    let delete =
        |id: &str, token: &str| corner.call("DELETE", &format!("subscriptions/{id}")).bearer(token).send();
    let contact = |id: &str| -> i64 {
        let sql = "SELECT length(contact) + length(phone) FROM subscription WHERE id = ?1";
        server.database("beds").query_row(sql, [id], |row| row.get(0)).unwrap()
    };
    assert!(contact(&own.0) > 20);
    delete(&own.0, &other.1).refused(404, "not_found");
    let path = format!("subscriptions/{}", own.0);
    corner.call("DELETE", &path).send().refused(401, "unauthenticated");
    corner.get(&path).send().refused(401, "unauthenticated");
    corner.get(&path).bearer(&other.1).send().refused(404, "not_found");
    corner.get(&path).bearer(&corner.manager).send().refused(401, "unauthenticated");
    delete(&own.0, &own.1).expect(204);
    assert_eq!(contact(&own.0), 0);
    corner.get(&path).bearer(&own.1).send().refused(404, "not_found");
    delete(&own.0, &own.1).refused(404, "not_found");
    corner.say(&home, 3, 2);
    assert_eq!((corner.told(&other).len(), events(&server, &own.0)), (1, 0));
    assert_eq!(corner.audit(&own.0), ["subscription.made", "subscription.ended"]);

    // One that ended by itself is told nothing either.
    let sql = format!("UPDATE subscription SET expires_at = created_at - 1 WHERE id = '{}'", other.0);
    server.change("beds", &sql);
    corner.say(&home, 3, 3);
    corner.say(&home, 3, 2);
    assert_eq!(events(&server, &other.0), 1);
}

#[test]
fn a_subscription_shows_the_latest_20() {
    let corner = Corner::shared();
    let near = json!({"near": corner.location(0.0, 0.0), "radius_m": 50});
    let own = corner.subscribe(&near);
    let homes: Vec<_> = (0..22).map(|n| corner.beds(&format!("h{n:02}"), 1, 0)).collect();
    let told: Vec<_> = corner.told(&own).into_iter().map(|(home, _)| home).collect();
    let expected: Vec<_> = homes.into_iter().rev().take(20).collect();
    assert_eq!(told, expected);
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn many_openings_are_told_to_many() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let (told, not_told) = (corner.subscribe(&json!({})), corner.subscribe(&json!({"min_available": 5})));
    let copy = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2500)
        INSERT INTO subscription (id, token_hash, filters, contact, phone, min_available, stem, created_at, expires_at)
        SELECT 'A' || n, 'x', filters, contact, 'x' || n, min_available, stem, created_at, expires_at
        FROM subscription, n WHERE id = '";
    assert_eq!(server.change("beds", &format!("{copy}{}'", told.0)), 2_500);
    let home = corner.beds("a", 4, 0);
    let count = |sql: &str| -> i64 { server.database("beds").query_row(sql, [], |row| row.get(0)).unwrap() };
    eventually("all are told", || count("SELECT count(*) FROM alert") == 2_501);
    assert_eq!((corner.told(&told), corner.told(&not_told)), (vec![(home, 4)], vec![]));
    server.change("beds", "UPDATE subscription SET ended_at = 1 WHERE token_hash = 'x'");

    // More than are looked at in one go: each home of the file has four beds.
    corner.import("", super::import::file(&corner, 120)).expect(200);
    eventually("every home is told of", || count("SELECT count(*) FROM alert") == 2_501 + 120);
    assert_eq!((events(&server, &told.0), corner.told(&told).len()), (121, 20));
    assert_eq!(count("SELECT count(*) FROM opening"), 0);
    super::interleavings::check_tables(&server.database("beds"));
}
