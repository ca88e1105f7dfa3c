use serde_json::{Value, json};

use super::{Corner, DISTRICT, ELSEWHERE, TOWN, room, single};
use crate::client::encode;

#[test]
fn a_radius_and_a_box_hold_what_is_within_them_to_the_edge() {
    let corner = Corner::shared();
    corner.home("a", json!({"location": corner.location(300.0, 400.0)}));
    corner.home("middle", json!({}));
    let near = corner.near();
    let list = corner.search(&format!("{near}&q={}", corner.tag));
    assert_eq!(corner.own(&list), ["middle", "a"]);
    let distance = list["items"][1]["distance_m"].as_i64().unwrap();
    assert!((499..=501).contains(&distance), "{distance}");
    let within = |radius: i64| corner.found(&format!("{near}&radius_m={radius}")).len();
    assert_eq!((within(distance - 1), within(distance), within(150_000)), (1, 2, 2));
    assert!(corner.search(&format!("q={}", corner.tag))["items"][0].get("distance_m").is_none());

    let (lat, lon) = (corner.lat, corner.lon);
    let boxed = |west: f64, south: f64, east: f64, north: f64| {
        corner.found(&format!("bbox={west},{south},{east},{north}"))
    };
    assert_eq!(boxed(lon, lat, lon, lat), ["middle"], "edges belong to it");
    assert!(boxed(lon + 1e-6, lat - 0.01, lon + 0.001, lat + 0.01).is_empty());
    assert_eq!(boxed(-180.0, -90.0, 180.0, 90.0).len(), 2);
}

#[test]
fn a_division_holds_what_lies_under_it() {
    let corner = Corner::shared();
    corner.home("town", json!({"division_code": TOWN}));
    corner.home("district", json!({"division_code": DISTRICT}));
    let location = json!({"lat": 30.75, "lon": 121.33});
    corner.home("elsewhere", json!({"division_code": ELSEWHERE, "location": location}));
    let within = |code: &str| corner.sorted(&format!("division_code={code}"));
    assert_eq!(within("310000"), ["district", "elsewhere", "town"]);
    assert_eq!(within(DISTRICT), ["district", "town"]);
    assert_eq!(within(TOWN), ["town"]);
    assert_eq!(within(ELSEWHERE), ["elsewhere"]);
    assert!(within("310151201").is_empty());
}

#[test]
fn one_room_has_to_be_all_that_is_asked_of_rooms() {
    let corner = Corner::shared();
    // Cheap for those who need little, dear for those who need much, and full in the triple rooms.
    let rooms = json!([
        room("single", &[4, 5, 6], 900_000, (3, 1)),
        room("double", &[0, 1, 2], 300_000, (20, 10)),
        room("triple", &[4, 5, 6], 200_000, (6, 6)),
    ]);
    corner.home("a", json!({"rooms": rooms}));
    let fits = |query: &str| !corner.found(query).is_empty();
    for (query, expected) in [
        ("care_level=5", true),
        ("care_level=3", false),
        ("room_type=double", true),
        ("room_type=multiple", false),
        ("max_monthly_fen=200000", true),
        ("max_monthly_fen=199999", false),
        ("min_available=10", true),
        ("min_available=11", false),
        ("care_level=5&room_type=single", true),
        ("care_level=5&room_type=double", false),
        ("care_level=5&max_monthly_fen=300000", true),
        ("care_level=5&max_monthly_fen=300000&min_available=1", false),
        ("care_level=5&min_available=2", true),
        ("care_level=5&min_available=3", false),
        ("care_level=2&max_monthly_fen=299999", false),
        ("care_level=2&room_type=double&max_monthly_fen=300000&min_available=10", true),
        ("room_type=triple&min_available=0", true),
        ("room_type=triple&min_available=1", false),
    ] {
        assert_eq!(fits(query), expected, "{query}");
    }
}

#[test]
fn a_room_says_whether_it_is_what_was_asked_for() {
    let corner = Corner::shared();
    let rooms = json!([room("single", &[4, 5], 900_000, (3, 1)), room("double", &[0, 4], 300_000, (20, 20))]);
    let id = corner.home("a", json!({"rooms": rooms}));
    let matches = |query: &str| -> Vec<Value> {
        let list = corner.search(&format!("q={}&{query}", corner.tag));
        let rooms = list["items"][0]["rooms"].as_array().cloned().unwrap();
        rooms.iter().map(|room| room.get("matches").cloned().unwrap_or(Value::Null)).collect()
    };
    assert_eq!(matches("ownership=public"), [Value::Null, Value::Null], "nothing is asked of rooms");
    assert_eq!(matches("care_level=4"), [json!(true), json!(true)]);
    assert_eq!(matches("care_level=5"), [json!(true), json!(false)]);
    assert_eq!(matches("care_level=4&max_monthly_fen=300000"), [json!(false), json!(true)]);
    assert_eq!(matches("min_available=1"), [json!(true), json!(false)]);
    let home = corner.get(&format!("institutions/{id}?care_level=0")).send().expect(200);
    let matched: Vec<_> = home["rooms"].as_array().unwrap().iter().map(|room| &room["matches"]).collect();
    assert_eq!(matched, [&json!(false), &json!(true)]);
}

#[test]
fn a_home_has_to_offer_everything_and_be_owned_as_asked() {
    let corner = Corner::shared();
    corner.home("none", json!({"features": []}));
    corner.home("some", json!({"features": ["meals", "dementia_care"], "ownership": "private"}));
    let all =
        ["dementia_care", "long_term_care_insurance", "medical_care", "short_stay", "day_care", "meals"];
    corner.home("all", json!({"features": all, "ownership": "public_built_private_run"}));
    assert_eq!(corner.sorted("feature=meals"), ["all", "some"]);
    assert_eq!(corner.sorted("feature=meals,dementia_care"), ["all", "some"]);
    assert_eq!(corner.sorted("feature=dementia_care%2Cday_care"), ["all"]);
    assert_eq!(corner.sorted(&format!("feature={}", all.join(","))), ["all"]);
    assert_eq!(corner.sorted("ownership=private"), ["some"]);
    assert_eq!(corner.sorted("ownership=public_built_private_run"), ["all"]);
    assert_eq!(corner.sorted("ownership=public&feature=meals"), Vec::<String>::new());
}

#[test]
fn free_text_is_looked_for_in_name_operator_and_address_in_any_case_and_width() {
    let corner = Corner::shared();
    corner.home("name", json!({"name": format!("ABC福寿{}", corner.tag)}));
    corner.home("operator", json!({"operator": format!("ABC福寿{}", corner.tag), "name": "别处"}));
    corner.home("address", json!({"address": format!("ABC福寿{}弄", corner.tag), "name": "别处"}));
    let found = |text: &str| {
        let query = format!("limit=100&q={}", encode(&format!("{text}{}", corner.tag)));
        let mut found = corner.own(&corner.search(&query));
        found.sort();
        found
    };
    assert_eq!(found("ABC福寿"), ["address", "name", "operator"]);
    assert_eq!(found("abc福寿"), found("ABC福寿"));
    assert_eq!(found("ａＢｃ福寿").len(), 3);
    assert!(found("福禄").is_empty());
    assert!(found("%").is_empty() && found("_").is_empty() && found("*").is_empty(), "no wild cards");
}

#[test]
fn all_filters_hold_together() {
    let corner = Corner::shared();
    let right = json!({
        "division_code": TOWN, "location": corner.location(50.0, 50.0), "ownership": "private",
        "features": ["meals", "short_stay"], "rooms": [room("double", &[3], 250_000, (5, 2))],
    });
    corner.home("right", right.clone());
    let but = |name: &str, what: &str, value: Value| {
        let mut wrong = right.clone();
        wrong[what] = value;
        corner.home(name, wrong);
    };
    but("w1", "division_code", json!("310151201"));
    but("w2", "location", corner.location(5_000.0, 0.0));
    but("w3", "ownership", json!("public"));
    but("w4", "features", json!(["meals"]));
    but("w5", "rooms", json!([room("double", &[2, 4], 250_000, (5, 2))]));
    but("w6", "rooms", json!([room("triple", &[3], 250_000, (5, 2))]));
    but("w7", "rooms", json!([room("double", &[3], 250_001, (5, 2))]));
    but("w8", "rooms", json!([room("double", &[3], 250_000, (5, 3))]));
    let (lat, lon) = (corner.lat, corner.lon);
    let query = format!(
        "{}&radius_m=2000&bbox={},{},{},{}&division_code={TOWN}&ownership=private&feature=meals,short_stay\
         &care_level=3&room_type=double&max_monthly_fen=250000&min_available=3",
        corner.near(),
        lon - 0.02,
        lat - 0.02,
        lon + 0.02,
        lat + 0.02
    );
    assert_eq!(corner.found(&query), ["right"]);
    assert_eq!(corner.found("").len(), 9, "each of them is there");
}

#[test]
fn a_search_and_a_home_say_the_same_of_its_beds() {
    let corner = Corner::shared();
    let id = corner.home("a", json!({"rooms": [single(10, 6), room("double", &[1], 1, (3, 1))]}));
    let home = corner.read(&id);
    let found = corner.search(&format!("q={}", corner.tag))["items"][0].clone();
    assert_eq!(found, home);
    assert_eq!((&home["available"], &home["freshness"]), (&json!(6), &json!("fresh")));
    assert_eq!(home["confirmed_at"], home["rooms"][0]["confirmed_at"]);
    let (counts, tag) = corner.counts(&id);
    assert_eq!(home["rooms"].as_array().unwrap().len(), 2);
    let room = home["rooms"].as_array().unwrap().iter().find(|room| room["room_type"] == "single").unwrap();
    for field in ["maximum", "occupied", "reserved", "available", "freshness", "confirmed_at", "updated_at"] {
        assert_eq!(room[field], counts[field], "{field}");
    }
    assert_eq!(room["etag"], tag);
    corner.say(&id, 10, 8);
    assert_eq!(corner.search(&format!("q={}", corner.tag))["items"][0], corner.read(&id), "and at once");
    assert_eq!(corner.read(&id)["available"], 4);
}
