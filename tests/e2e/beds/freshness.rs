use serde_json::json;

use super::{API, Corner, room, single};
use crate::server::Server;

/// Makes it as if the counts of a home had been confirmed so many seconds earlier.
pub(super) fn age(server: &Server, id: &str, room_type: &str, seconds: i64) {
    let sql = format!(
        "UPDATE room SET confirmed_at = confirmed_at - {seconds} WHERE institution = '{id}' AND room_type = '{room_type}'"
    );
    assert_eq!(server.change("beds", &sql), 1);
}

const DAY: i64 = 86_400;

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn counts_age_and_beds_that_nobody_confirms_do_not_count_until_somebody_does() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let id = corner.home("a", json!({"rooms": [single(10, 6), room("double", &[1], 1, (5, 3))]}));
    let found = |query: &str| corner.found(query).len();
    let summary = || server.get(&format!("{API}/summary")).send().expect(200)["total"]["available"].clone();
    assert_eq!((corner.read(&id)["freshness"].clone(), summary()), (json!("fresh"), json!(6)));
    let first = corner.read(&id)["confirmed_at"].clone();

    age(&server, &id, "single", DAY + 60);
    let home = corner.read(&id);
    assert_eq!((&home["freshness"], &home["available"]), (&json!("ageing"), &json!(6)));
    let of = |kind: &str| {
        let rooms = corner.read(&id)["rooms"].as_array().cloned().unwrap();
        rooms.into_iter().find(|room| room["room_type"] == kind).unwrap()
    };
    assert_eq!((&of("single")["freshness"], &of("double")["freshness"]), (&json!("ageing"), &json!("fresh")));
    assert_ne!(home["confirmed_at"], first, "the oldest of its rooms");
    assert_eq!((found("min_available=4&room_type=single"), summary()), (1, json!(6)));

    age(&server, &id, "single", 6 * DAY);
    let home = corner.read(&id);
    assert_eq!((&home["freshness"], &home["available"]), (&json!("stale"), &json!(2)));
    assert_eq!(of("single")["available"], 4, "what was said last is still shown");
    assert_eq!(corner.counts(&id).0["freshness"], "stale");
    assert_eq!(summary(), 2);
    assert_eq!(corner.search(&format!("q={}", corner.tag))["items"][0], home);
    assert_eq!(
        (found("min_available=1&room_type=single"), found("min_available=0&room_type=single")),
        (0, 1)
    );
    assert_eq!((found("room_type=single"), found("min_available=1")), (1, 1));
    let matches = corner.search(&format!("q={}&min_available=1", corner.tag))["items"][0]["rooms"].clone();
    assert!(
        matches.as_array().unwrap().iter().all(|room| room["matches"] == (room["room_type"] == "double"))
    );
    corner.beds("b", 3, 0);
    assert_eq!(corner.found("sort=available"), ["b", "a"], "stale beds are none");

    corner.say(&id, 10, 6);
    let home = corner.read(&id);
    assert_eq!((&home["freshness"], &home["available"]), (&json!("fresh"), &json!(6)));
    assert_eq!((found("min_available=4&room_type=single"), summary()), (1, json!(9)));
    assert!(corner.audit(&id).ends_with(&["counts.confirmed".to_owned()]));
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn counts_are_fresh_for_a_day_and_count_for_a_week() {
    let server = Server::start();
    let corner = Corner::on(&server);
    for (seconds, expected) in
        [(DAY - 120, "fresh"), (DAY + 2, "ageing"), (7 * DAY - 120, "ageing"), (7 * DAY + 2, "stale")]
    {
        let id = corner.beds(&format!("h{seconds}"), 3, 1);
        age(&server, &id, "single", seconds);
        let home = corner.read(&id);
        assert_eq!(
            (&home["freshness"], &home["rooms"][0]["freshness"]),
            (&json!(expected), &json!(expected))
        );
        assert_eq!(home["available"], if expected == "stale" { 0 } else { 2 });
        assert_eq!(corner.counts(&id).0["freshness"], expected);
    }
    let map =
        corner.get(&format!("institutions.geojson?q={}&min_available=2", corner.tag)).send().expect(200);
    assert_eq!(corner.own(&map).len(), 3, "the map leaves stale beds out too");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn a_step_of_an_application_confirms_nothing() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let id = corner.beds("a", 3, 1);
    age(&server, &id, "single", 8 * DAY);
    let before = corner.counts(&id).0;
    let elder = corner.elder(3, &[&id]);
    let offer = corner.offered(&elder, &id);
    corner.answer(&elder, &offer, "accept").expect(200);
    let after = corner.counts(&id).0;
    assert_eq!((&after["confirmed_at"], &after["freshness"]), (&before["confirmed_at"], &json!("stale")));
    assert_eq!(corner.read(&id)["available"], 0);
}
