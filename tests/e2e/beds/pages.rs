//! Orders and pages.

use serde_json::{Value, json};

use super::{Corner, room, single};
use crate::client::encode;

/// Every page of a search, one after the other: the names of its own homes.
pub(super) fn walk(corner: &Corner<'_>, query: &str) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = corner.search(&format!("q={}&{query}{cursor}", corner.tag));
        found.extend(corner.own(&page));
        let Some(next) = page["next_cursor"].as_str() else { return found };
        assert!(!page["items"].as_array().unwrap().is_empty(), "an empty page leads on: {page}");
        cursor = format!("&cursor={}", encode(next));
    }
}

#[test]
fn the_nearest_the_cheapest_and_the_most_vacant_come_first() {
    let corner = Corner::shared();
    let home = |name: &str, north: f64, rooms: Value| {
        corner.home(name, json!({"location": corner.location(north, 0.0), "rooms": rooms}));
    };
    home("a", 900.0, json!([room("single", &[1], 400_000, (9, 0)), room("double", &[5], 100_000, (1, 0))]));
    home("b", 300.0, json!([room("single", &[1], 300_000, (5, 4))]));
    home("c", 600.0, json!([room("single", &[1], 500_000, (5, 1)), room("triple", &[1], 600_000, (5, 0))]));
    let near = corner.near();
    assert_eq!(corner.found(&near), ["b", "c", "a"], "distance is the order where near is given");
    assert_eq!(corner.found(&format!("{near}&sort=distance")), ["b", "c", "a"]);
    assert_eq!(corner.found("sort=price"), ["a", "b", "c"], "of all rooms");
    assert_eq!(corner.found("sort=price&care_level=1"), ["b", "a", "c"], "of those that fit");
    assert_eq!(corner.found(&format!("{near}&sort=price&care_level=1")), ["b", "a", "c"]);
    assert_eq!(corner.found("sort=available"), ["a", "c", "b"]);
    assert_eq!(corner.found("sort=available&care_level=1"), ["a", "c", "b"]);
    assert_eq!(
        corner.found("sort=available&room_type=single&care_level=1&max_monthly_fen=450000"),
        ["a", "b"]
    );
    let distances = corner.search(&format!("{near}&sort=price&q={}", corner.tag));
    assert!(distances["items"][0]["distance_m"].is_u64(), "{distances}");
    corner.get("institutions?sort=distance").send().refused(422, "near_missing");
}

#[test]
fn pages_of_every_order_meet_each_home_once() {
    let corner = Corner::shared();
    for n in 0..13_i32 {
        // Some share a place, a price or a number of beds.
        let rooms = json!([room("single", &[2], i64::from(n % 3) * 100_000, (10, i64::from(n % 4)))]);
        let location = corner.location(f64::from(n % 5) * 700.0, f64::from(n % 2) * 900.0);
        corner.home(&format!("h{n:02}"), json!({"location": location, "rooms": rooms}));
    }
    let near = corner.near();
    for query in ["", &near, "sort=price", "sort=available", "sort=price&care_level=2&min_available=7"] {
        let whole = corner.found(query);
        assert!(whole.len() >= 7, "{query}: {whole:?}");
        for limit in [1, 3, 4, 13] {
            assert_eq!(walk(&corner, &format!("{query}&limit={limit}")), whole, "{query} by {limit}");
        }
    }
    let full = corner.search(&format!("q={}&limit=13", corner.tag));
    assert_eq!(full["next_cursor"], Value::Null, "a page that is just full is the last");
}

#[test]
fn a_cursor_belongs_to_its_order() {
    let corner = Corner::shared();
    for name in ["a", "b"] {
        corner.home(name, json!({}));
    }
    let near = corner.near();
    let orders = ["sort=price", "sort=available", near.as_str(), "ownership=public"];
    for of in orders {
        let page = corner.search(&format!("q={}&limit=1&{of}", corner.tag));
        let cursor = encode(page["next_cursor"].as_str().unwrap());
        for order in orders {
            let answer = corner.get(&format!("institutions?q={}&{order}&cursor={cursor}", corner.tag)).send();
            if order == of {
                answer.expect(200);
            } else {
                answer.refused(422, "cursor");
            }
        }
    }
    for made_up in ["", "~", "x", "d~a", "dx~a", "d1~", "p1.5~a", "a%00~a", "p99999999999999999999~a", "%00"]
    {
        let answer = corner.get(&format!("institutions?sort=price&cursor={made_up}")).send();
        answer.refused(422, "cursor");
    }
}

#[test]
fn whoever_asks_again_is_told_that_nothing_changed_until_something_does() {
    let corner = Corner::shared();
    let id = corner.home("a", json!({}));
    let map = format!("institutions.geojson?q={}", corner.tag);
    let list = format!("institutions?q={}", corner.tag);
    for path in [&format!("institutions/{id}"), &list, &map] {
        let first = corner.get(path).send();
        first.expect(200);
        assert!(first.header("cache-control").is_some_and(|how| how.contains("max-age")), "{first:?}");
        let tag = first.header("etag").unwrap().to_owned();
        let again = |tag: &str| corner.get(path).header("if-none-match", tag).send();
        let same = again(&tag);
        assert_eq!((same.status, same.text.as_str()), (304, ""), "{path}");
        assert_eq!(same.header("etag"), Some(tag.as_str()));
        assert_eq!(again("\"other\"").status, 200);
        let [maximum, occupied, ..] = corner.beds_of(&id);
        corner.say(&id, maximum + 1, occupied);
        assert_eq!(again(&tag).status, 200, "{path}");
    }
    for path in ["summary", "rules"] {
        let first = corner.get(path).send();
        first.expect(200);
        assert!(first.header("etag").is_some() && first.header("cache-control").is_some(), "{path}");
    }
}

#[test]
fn a_map_is_geojson_with_the_filters_of_the_search() {
    let corner = Corner::shared();
    corner.home("in", json!({"location": corner.location(100.0, 100.0)}));
    corner.home("out", json!({"location": corner.location(5_000.0, 0.0), "rooms": [single(3, 3)]}));
    let (lat, lon) = (corner.lat, corner.lon);
    let bbox = format!("bbox={},{},{},{}", lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01);
    let answer = corner.get(&format!("institutions.geojson?q={}&{bbox}", corner.tag)).send();
    let map = answer.expect(200);
    assert_eq!(answer.header("content-type"), Some("application/geo+json"));
    assert_eq!((&map["type"], &map["next_cursor"]), (&json!("FeatureCollection"), &Value::Null));
    assert_eq!(corner.own(&map), ["in"]);
    let feature = &map["features"][0];
    assert_eq!((&feature["type"], &feature["geometry"]["type"]), (&json!("Feature"), &json!("Point")));
    let place = &feature["properties"]["location"];
    assert_eq!(feature["geometry"]["coordinates"], json!([place["lon"], place["lat"]]), "longitude first");
    let properties = corner.read(&corner.id("in"));
    assert_eq!(feature["properties"], properties);
    let other = |query: &str| {
        let path = format!("institutions.geojson?q={}&{query}", corner.tag);
        let mut found = corner.own(&corner.get(&path).send().expect(200));
        found.sort();
        found
    };
    assert_eq!(other("care_level=3&limit=5000"), ["in", "out"]);
    assert_eq!(other("min_available=1"), ["in"]);
    assert!(other("feature=day_care").is_empty());
    let page = corner.get(&format!("institutions.geojson?q={}&limit=1&sort=available", corner.tag)).send();
    let next = page.expect(200)["next_cursor"].as_str().unwrap().to_owned();
    assert_eq!(other(&format!("sort=available&cursor={}", encode(&next))), ["out"]);
}
