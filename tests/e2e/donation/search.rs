use serde_json::json;

use super::{Corner, DISTRICT, ELSEWHERE, TOWN};

#[test]
fn distances_are_those_of_the_sphere_and_the_nearest_comes_first() {
    let corner = Corner::shared();
    // 44,241.99 m from People's Square by the haversine formula.
    corner.point("far", json!({"location": {"lat": 31.6229, "lon": 121.3973}}));
    let query = format!("near=31.2304,121.4737&q={}", corner.tag);
    assert_eq!(corner.search(&query)["items"][0]["distance_m"], 44_242);
    assert!(corner.search(&format!("q={}", corner.tag))["items"][0].get("distance_m").is_none());

    let places =
        [(0.0, 40.0), (0.0, -90.0), (150.0, 0.0), (-200.0, -200.0), (900.0, 900.0), (3000.0, -4000.0)];
    for (n, (north, east)) in places.iter().enumerate().rev() {
        corner.point(&n.to_string(), json!({"location": corner.location(*north, *east)}));
    }
    corner.delete(&corner.id("far")).expect(204);
    let list = corner.search(&format!("{}&q={}", corner.near(), corner.tag));
    assert_eq!(corner.own(&list), ["0", "1", "2", "3", "4", "5"]);
    let measured =
        list["items"].as_array().unwrap().iter().map(|point| point["distance_m"].as_i64().unwrap());
    for (measured, expected) in measured.zip([40, 90, 150, 283, 1273, 5000]) {
        assert!((measured - expected).abs() <= 2, "{measured} instead of {expected}");
    }
}

#[test]
fn a_radius_holds_what_is_within_it_to_the_metre() {
    let corner = Corner::shared();
    corner.point("a", json!({"location": corner.location(300.0, 400.0)}));
    let near = corner.near();
    let distance =
        corner.search(&format!("{near}&q={}", corner.tag))["items"][0]["distance_m"].as_i64().unwrap();
    assert!((499..=501).contains(&distance), "{distance}");
    let within = |radius: i64| corner.own_found(&format!("{near}&radius_m={radius}")).len();
    assert_eq!((within(distance - 1), within(distance), within(distance + 1)), (0, 1, 1));
    assert_eq!((within(1), within(150_000)), (0, 1));
}

#[test]
fn a_box_holds_its_edges_and_nothing_outside() {
    let corner = Corner::shared();
    corner.point("a", json!({}));
    let (lat, lon) = (corner.lat, corner.lon);
    let within = |west: f64, south: f64, east: f64, north: f64| {
        corner.own_found(&format!("bbox={west},{south},{east},{north}")).len()
    };
    assert_eq!(within(lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01), 1);
    assert_eq!(within(lon, lat, lon, lat), 1, "a box may be a place");
    assert_eq!(within(lon - 0.01, lat - 0.01, lon, lat), 1, "edges belong to it");
    assert_eq!(within(lon + 1e-6, lat - 0.01, lon + 0.01, lat + 0.01), 0);
    assert_eq!(within(lon - 0.01, lat - 0.01, lon + 0.01, lat - 1e-6), 0);
    assert_eq!(within(-180.0, -90.0, 180.0, 90.0), 1, "the world");
    assert_eq!(within(0.0, 0.0, 1.0, 1.0), 0, "elsewhere in the world");
}

#[test]
fn a_division_holds_what_lies_under_it() {
    let corner = Corner::shared();
    corner.point("town", json!({"division_code": TOWN}));
    corner.point("district", json!({"division_code": DISTRICT}));
    let location = json!({"lat": 30.75, "lon": 121.33});
    corner.point("elsewhere", json!({"division_code": ELSEWHERE, "location": location}));
    let within = |code: &str| {
        let mut found = corner.own_found(&format!("division_code={code}"));
        found.sort();
        found
    };
    assert_eq!(within("310000"), ["district", "elsewhere", "town"]);
    assert_eq!(within(DISTRICT), ["district", "town"]);
    assert_eq!(within(TOWN), ["town"]);
    assert_eq!(within(ELSEWHERE), ["elsewhere"]);
    assert!(within("310151201").is_empty());
}

#[test]
fn an_item_finds_the_points_that_take_it_now() {
    let corner = Corner::shared();
    for (name, state) in
        [("accepting", "accepting"), ("urgent", "urgent"), ("full", "full"), ("closed", "not_accepted")]
    {
        corner.point(name, json!({"items": [{"item": "toys", "state": state}]}));
    }
    corner.point("silent", json!({"items": []}));
    corner.point("other", json!({"items": [{"item": "books", "state": "urgent"}]}));
    let mut found = corner.own_found("item=toys");
    found.sort();
    assert_eq!(found, ["accepting", "urgent"]);
    assert_eq!(corner.own_found("item=books"), ["other"]);
    assert!(corner.own_found("item=cash").is_empty());
}

#[test]
fn all_filters_hold_together() {
    let corner = Corner::shared();
    let name = |name: &str| format!("合流屋{name} {}", corner.tag);
    let right = json!({
        "name": name("好"), "division_code": TOWN, "location": corner.location(50.0, 50.0),
        "items": [{"item": "food", "state": "urgent"}],
    });
    corner.point("right", right.clone());
    let but = |what: &str, value: serde_json::Value| {
        let mut wrong = right.clone();
        wrong[what] = value;
        corner.point(&format!("wrong-{}", what.replace('_', "-")), wrong);
    };
    but("name", json!(format!("别处 {}", corner.tag)));
    but("division_code", json!("310151201"));
    but("location", corner.location(5_000.0, 0.0));
    but("items", json!([{"item": "food", "state": "full"}]));
    but("hours", json!({"weekly": {"saturday": [{"opens": "09:00", "closes": "12:00"}]}}));
    let (lat, lon) = (corner.lat, corner.lon);
    let query = format!(
        "{}&radius_m=2000&bbox={},{},{},{}&division_code={TOWN}&item=food&open_at=2026-12-02T09:30:00%2B08:00&q={}",
        corner.near(),
        lon - 0.02,
        lat - 0.02,
        lon + 0.02,
        lat + 0.02,
        crate::client::encode(&format!("合流屋 {}", corner.tag)),
    );
    assert_eq!(corner.found(&query), ["right"]);
    assert_eq!(corner.own_found("").len(), 6, "each of them is there");
}

#[test]
fn a_map_is_geojson_and_keeps_to_its_box() {
    let corner = Corner::shared();
    corner.point("in", json!({"location": corner.location(100.0, 100.0)}));
    corner.point("out", json!({"location": corner.location(5_000.0, 0.0)}));
    let (lat, lon) = (corner.lat, corner.lon);
    let bbox = format!("bbox={},{},{},{}", lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01);
    let answer = corner.get(&format!("points.geojson?{bbox}")).send();
    let map = answer.expect(200);
    assert_eq!(answer.header("content-type"), Some("application/geo+json"));
    assert_eq!(map["type"], "FeatureCollection");
    assert!(map.get("next_cursor").is_some_and(serde_json::Value::is_null), "{map}");
    assert_eq!(corner.own(&map), ["in"]);
    for feature in map["features"].as_array().unwrap() {
        assert_eq!((&feature["type"], &feature["geometry"]["type"]), (&json!("Feature"), &json!("Point")));
        let place = feature["geometry"]["coordinates"].as_array().unwrap();
        let (east, north) = (place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
        assert_eq!(place.len(), 2);
        assert!(
            (east - lon).abs() <= 0.01 && (north - lat).abs() <= 0.01,
            "longitude comes first: {feature}"
        );
        let properties = &feature["properties"];
        assert!(properties["name"].is_string() && properties["items"].is_array(), "{feature}");
        assert!(properties["open_now"].is_boolean() && properties["stale"].is_boolean(), "{feature}");
    }
    let other = |query: &str| {
        let path = format!("points.geojson?q={}&{query}", corner.tag);
        let mut found = corner.own(&corner.get(&path).send().expect(200));
        found.sort();
        found
    };
    assert_eq!(other(""), ["in", "out"]);
    assert_eq!(other("item=books"), ["in", "out"]);
    assert!(other("item=food").is_empty() && other("division_code=310116").is_empty());
    assert_eq!(other("open_at=2026-12-02T10:00:00%2B08:00"), ["in", "out"]);
    assert!(other("open_at=2026-12-02T12:00:00%2B08:00").is_empty());
}
