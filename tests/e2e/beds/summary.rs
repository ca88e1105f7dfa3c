use serde_json::{Value, json};

use super::{API, Corner, DISTRICT, ELSEWHERE, room, single};
use crate::server::Server;

fn numbers(of: &Value) -> [i64; 6] {
    ["institutions", "maximum", "occupied", "reserved", "available", "stale_institutions"]
        .map(|field| of[field].as_i64().unwrap())
}

#[test]
#[cfg_attr(another_server, ignore = "counts every home of the server")]
fn a_summary_adds_up_the_beds_of_each_district_and_of_the_city() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let summary = || server.get(&format!("{API}/summary?by=district")).send().expect(200);
    let nothing = summary();
    assert_eq!((&nothing["by"], &nothing["items"]), (&json!("district"), &json!([])));
    assert_eq!((numbers(&nothing["total"]), &nothing["total"]["confirmed_at"]), ([0; 6], &Value::Null));

    let a = corner.home("a", json!({"rooms": [single(10, 6), room("double", &[1], 1, (4, 4))]}));
    corner.home("b", json!({"division_code": super::TOWN, "rooms": [single(5, 5)]}));
    let there = json!({"lat": 30.75, "lon": 121.33});
    corner.home("c", json!({"division_code": ELSEWHERE, "location": there, "rooms": [single(2, 0)]}));
    let gone = corner.beds("gone", 7, 0);
    corner.delete(&gone).expect(204);
    let elder = corner.elder(3, &[&a]);
    corner.offered(&elder, &a);
    let seen = summary();
    let items = seen["items"].as_array().unwrap();
    let codes: Vec<_> = items.iter().map(|row| row["division_code"].as_str().unwrap()).collect();
    assert_eq!(codes, [ELSEWHERE, DISTRICT]);
    assert_eq!((&items[0]["name"], &items[1]["name"]), (&json!("金山区"), &json!("崇明区")));
    assert_eq!(numbers(&items[0]), [1, 2, 0, 0, 2, 0]);
    assert_eq!(numbers(&items[1]), [2, 19, 15, 1, 3, 0]);
    assert_eq!(numbers(&seen["total"]), [3, 21, 15, 1, 5, 0]);
    assert!(seen["total"]["confirmed_at"].is_string(), "{seen}");

    let aged = "UPDATE room SET confirmed_at = confirmed_at - 8 * 86400 WHERE institution = '";
    server.change("beds", &format!("{aged}{a}' AND room_type = 'single'"));
    let seen = summary();
    assert_eq!(numbers(&seen["items"][1]), [2, 19, 15, 1, 0, 1], "stale beds are not vacant");
    assert_eq!(numbers(&seen["total"]), [3, 21, 15, 1, 2, 1]);
    assert_eq!(seen["total"]["confirmed_at"], seen["items"][1]["confirmed_at"], "the oldest");
    server.get(&format!("{API}/summary?by=town")).send().refused(422, "unknown_value");
    server.get(&format!("{API}/summary?by=district&x=1")).send().refused(422, "unknown_field");
}
