//! What staff change is what the next search finds.

use serde_json::json;

use super::{Corner, ahead, wait};
use crate::server::Server;

#[test]
fn items_that_are_not_named_stay_as_they_are() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let until = "2027-01-01T00:00:00Z";
    let items = json!([
        {"item": "clothing", "state": "full", "until": until},
        {"item": "toys", "state": "urgent"},
    ]);
    let point = corner.set_items(&id, &items).expect(200);
    let mut states: Vec<_> = point["items"].as_array().unwrap().iter().map(ToString::to_string).collect();
    states.sort();
    let expected = [
        json!({"item": "books", "state": "accepting"}),
        json!({"item": "clothing", "state": "full", "until": "2027-01-01T08:00:00+08:00"}),
        json!({"item": "toys", "state": "urgent"}),
    ];
    assert_eq!(states, expected.map(|item| item.to_string()));
    assert_eq!(corner.get(&format!("points/{id}")).send().expect(200)["items"], point["items"]);

    let refused = |items| corner.set_items(&id, &items);
    refused(json!([])).refused(422, "count");
    refused(json!([{"item": "books", "state": "full"}, {"item": "books", "state": "urgent"}]))
        .refused(422, "repeated");
    refused(json!([{"item": "books", "state": "accepting", "until": until}])).refused(422, "until");
    refused(json!([{"item": "books", "state": "full", "until": "2020-01-01T00:00:00Z"}]))
        .refused(422, "past");
    refused(json!([{"item": "books", "state": "full", "until": "2199-01-01T00:00:00Z"}]))
        .refused(422, "out_of_range");
    refused(json!([{"item": "books", "state": "full", "until": "2027-01-01T00:00:00"}]))
        .refused(422, "instant");
    assert_eq!(corner.get(&format!("points/{id}")).send().expect(200)["items"], point["items"]);
}

#[test]
fn a_state_that_runs_out_falls_back_to_accepting_everywhere() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({"items": []}));
    let until = ahead(3_000);
    let items = json!([
        {"item": "books", "state": "full", "until": until},
        {"item": "food", "state": "not_accepted", "until": until},
        {"item": "toys", "state": "urgent", "until": until},
    ]);
    corner.set_items(&id, &items).expect(200);
    for item in ["books", "food"] {
        assert!(corner.own_found(&format!("item={item}")).is_empty(), "{item}");
        corner.pledge(&id, &super::lines(&[(item, 1)])).refused(409, "item_not_accepted");
    }
    assert_eq!(corner.own_found("item=toys"), ["a"]);
    let needs = || corner.get("needs?item=toys&division_code=310151&limit=100").send().text;
    assert!(needs().contains(&id));
    wait(3_500);
    let accepting = json!(["books", "food", "toys"].map(|item| json!({"item": item, "state": "accepting"})));
    assert_eq!(corner.get(&format!("points/{id}")).send().expect(200)["items"], accepting);
    assert_eq!(corner.search(&format!("q={}", corner.tag))["items"][0]["items"], accepting);
    for item in ["books", "food", "toys"] {
        assert_eq!(corner.own_found(&format!("item={item}")), ["a"], "{item}");
        super::made(&corner.pledge(&id, &super::lines(&[(item, 1)])));
    }
    assert!(!needs().contains(&id), "what was urgent is a need no longer");
}

#[test]
fn a_change_is_in_the_next_search() {
    let corner = Corner::shared();
    let near = corner.near();
    for round in 0..15 {
        let name = format!("p{round}");
        let id = corner.point(&name, json!({}));
        assert_eq!(corner.own_found(""), [name.as_str()], "by name");
        assert_eq!(corner.found(&format!("{near}&radius_m=500")), [name.as_str()], "by place");
        corner.set_items(&id, &json!([{"item": "toys", "state": "urgent"}])).expect(200);
        assert_eq!(corner.found(&format!("{near}&radius_m=500&item=toys")), [name.as_str()]);
        corner.set_items(&id, &json!([{"item": "toys", "state": "full"}])).expect(200);
        assert!(corner.found(&format!("{near}&radius_m=500&item=toys")).is_empty());
        corner.delete(&id).expect(204);
        assert!(corner.own_found("").is_empty(), "removed");
        assert!(corner.found(&format!("{near}&radius_m=500")).is_empty(), "removed");
    }
}

#[test]
fn a_point_that_moves_is_where_it_went_and_nowhere_else() {
    let corner = Corner::shared();
    let place =
        |location: &serde_json::Value| format!("near={},{}&radius_m=100", location["lat"], location["lon"]);
    let mut last = corner.location(0.0, 0.0);
    corner.point("a", json!({}));
    for step in 1..=8_i32 {
        // Far enough for another cell, and then for another group of cells.
        let next = corner.location(f64::from(step * step) * 200.0, -f64::from(step) * 900.0);
        corner.point("a", json!({"location": next}));
        assert!(corner.found(&place(&last)).is_empty(), "step {step}: it left");
        assert_eq!(corner.found(&place(&next)), ["a"], "step {step}: it arrived");
        assert_eq!(corner.own_found("").len(), 1, "step {step}: it is there once");
        last = next;
    }
}

#[test]
fn words_that_are_gone_find_nothing() {
    let corner = Corner::shared();
    corner.point("a", json!({"name": format!("旧书屋 {}", corner.tag)}));
    let by =
        |word: &str| corner.found(&format!("q={}", crate::client::encode(&format!("{word} {}", corner.tag))));
    assert_eq!((by("旧书屋").len(), by("新衣橱").len()), (1, 0));
    corner.point("a", json!({"name": format!("新衣橱 {}", corner.tag)}));
    assert_eq!((by("旧书屋").len(), by("新衣橱").len()), (0, 1));
    assert_eq!((by("jiushuwu").len(), by("xinyichu").len()), (0, 1));
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn a_point_that_nobody_confirmed_for_long_is_stale_until_somebody_does() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let (old, young) = (corner.point("old", json!({})), corner.point("young", json!({})));
    let found = |stale: bool| corner.own_found(&format!("stale={stale}"));
    assert_eq!((found(false).len(), found(true).len()), (2, 0));
    let confirmed = |days: i64| {
        let database = rusqlite::Connection::open(server.state.join("donation.db")).unwrap();
        let set = "UPDATE point SET confirmed_at = unixepoch() - 86400 * ?1 WHERE id = ?2";
        database.execute(set, rusqlite::params![days, old]).unwrap();
    };
    confirmed(89);
    assert_eq!((found(false).len(), found(true).len()), (2, 0));
    confirmed(91);
    assert_eq!((found(false), found(true)), (vec!["young".to_owned()], vec!["old".to_owned()]));
    let is_stale = |id: &str| corner.get(&format!("points/{id}")).send().expect(200)["stale"].clone();
    assert_eq!((is_stale(&old), is_stale(&young)), (json!(true), json!(false)));
    let listed = corner.search(&format!("stale=true&q={}", corner.tag));
    assert_eq!(listed["items"][0]["stale"], true);
    corner.tell(&format!("points/{old}/confirm"), &json!({})).expect(200);
    assert_eq!((found(false).len(), found(true).len()), (2, 0));
    assert_eq!(is_stale(&old), false);
}
