use serde_json::{Value, json};

use super::{API, Corner, application, place};
use crate::{
    client::{Answer, encode},
    people,
    server::Server,
};

fn institutions(query: &str) -> Answer {
    Server::shared().get(&format!("{API}/institutions?{query}")).send()
}

#[test]
fn searches_that_cannot_be_are_refused_by_name() {
    for (query, code) in [
        ("near=0,0", "outside_city"),
        ("near=121.47,31.23", "position"),
        ("near=NaN,121", "position"),
        ("near=inf,inf", "position"),
        ("near=31.2", "position"),
        ("near=", "position"),
        ("near=31.2,121.4&radius_m=0", "out_of_range"),
        ("near=31.2,121.4&radius_m=-1", "out_of_range"),
        ("near=31.2,121.4&radius_m=150001", "out_of_range"),
        ("near=31.2,121.4&radius_m=99999999999999999999", "type"),
        ("near=31.2,121.4&radius_m=NaN", "type"),
        ("radius_m=1000", "near_missing"),
        ("sort=distance", "near_missing"),
        ("bbox=121.6,31.1,121.4,31.3", "bbox"),
        ("bbox=NaN,31.1,121.6,31.3", "bbox"),
        ("bbox=1,2,3", "bbox"),
        ("division_code=990000", "division_code"),
        ("division_code=%00", "division_code"),
        ("care_level=7", "out_of_range"),
        ("care_level=-1", "out_of_range"),
        ("care_level=1.5", "type"),
        ("care_level=NaN", "type"),
        ("care_level=", "type"),
        ("room_type=suite", "unknown_value"),
        ("room_type=Single", "unknown_value"),
        ("max_monthly_fen=-1", "out_of_range"),
        ("max_monthly_fen=10000001", "out_of_range"),
        ("max_monthly_fen=1e3", "type"),
        ("min_available=-1", "out_of_range"),
        ("min_available=10001", "out_of_range"),
        ("feature=gold", "unknown_value"),
        ("feature=meals,", "unknown_value"),
        ("feature=", "length"),
        ("ownership=mine", "unknown_value"),
        ("sort=name", "unknown_value"),
        ("limit=0", "out_of_range"),
        ("limit=101", "out_of_range"),
        ("limit=%00", "type"),
        ("q=%00", "characters"),
        ("q=", "length"),
        ("colour=red", "unknown_field"),
        ("near%00=1", "unknown_field"),
    ] {
        institutions(query).refused(422, code);
    }
    for query in ["limit=1&limit=1", "q=%ff", "q=%1", "q=%G1"] {
        institutions(query).refused(400, "unreadable");
    }
    let map = Server::shared().get(&format!("{API}/institutions.geojson?limit=5001")).send();
    map.refused(422, "out_of_range");
    for feature in ["meals,meals", "meals,%20short_stay"] {
        institutions(&format!("limit=1&feature={feature}")).expect(200);
    }
}

#[test]
fn every_fault_of_a_search_is_named_at_once() {
    let answer = institutions(
        "near=0,0&radius_m=0&bbox=1&division_code=1&care_level=9&room_type=x&max_monthly_fen=x&min_available=x&feature=x\
         &ownership=x&household_division_code=1&q=%00&sort=x&limit=0&cursor=x&more=1",
    );
    answer.refused(422, "invalid");
    let mut pointers: Vec<_> = answer.faults().into_iter().map(|(pointer, _)| pointer).collect();
    pointers.sort();
    let mut expected = [
        "near",
        "radius_m",
        "bbox",
        "division_code",
        "care_level",
        "room_type",
        "max_monthly_fen",
        "min_available",
        "feature",
        "ownership",
        "household_division_code",
        "q",
        "sort",
        "limit",
        "cursor",
        "more",
    ]
    .map(|name| format!("/{name}"));
    expected.sort();
    assert_eq!(pointers, expected);
}

/// Every route that takes a body, with a good one.
fn writes(corner: &Corner<'_>) -> Vec<(&'static str, String, Value, bool)> {
    let home = corner.beds("a", 3, 0);
    let elder = corner.elder(3, &[&home]);
    let of = |step: &str| format!("applications/{}/{step}", elder.0);
    vec![
        ("PUT", format!("institutions/{home}"), corner.body(), true),
        (
            "PUT",
            format!("institutions/{home}/rooms/single/counts"),
            json!({"maximum": 3, "occupied": 0}),
            true,
        ),
        ("POST", "applications".to_owned(), application(&people::elder(3), &[&home]), false),
        ("POST", of("offers"), place(&home), true),
        ("POST", of("assess"), json!({"care_level": 3, "assessed_on": "2026-01-05"}), true),
        (
            "POST",
            "subscriptions".to_owned(),
            json!({"filters": {}, "contact": {"phone": "13700009876"}}),
            false,
        ),
    ]
}

#[test]
fn bodies_that_cannot_be_read_get_the_status_that_says_why() {
    let corner = Corner::shared();
    for (method, path, good, is_staff) in writes(&corner) {
        let send = |kind: &str, body: &[u8]| {
            let call = corner.call(method, &path).header("if-match", &corner.counts(&corner.id("a")).1);
            let call = if is_staff { call.bearer(&corner.manager) } else { call };
            call.raw(kind, body.to_vec()).send()
        };
        for unreadable in [
            b"{\"name\": ".as_slice(),
            b"\xff\xfe",
            b"",
            b"{\"a\": NaN}",
            b"{\"a\": Infinity}",
            b"{\"a\": 01}",
            b"{} {}",
            "[".repeat(20_000).as_bytes(),
        ] {
            send("application/json", unreadable).refused(400, "unreadable");
        }
        for odd in ["[]", "null", "7", "\"x\"", "[1, 2]"] {
            send("application/json", odd.as_bytes()).refused(422, "type");
        }
        send("text/plain", good.to_string().as_bytes()).refused(415, "unsupported_media_type");
        send("application/json", &vec![b' '; 70_000]).refused(413, "too_large");
        let mut unknown = good.clone();
        unknown["colour"] = json!("red");
        let answer = send("application/json", unknown.to_string().as_bytes());
        answer.refused(422, "unknown_field");
        assert_eq!(answer.faults()[0].0, "/colour", "{method} {path}");
        let call = corner.call(method, &path).header("if-match", "\"1\"");
        let call = if is_staff { call.bearer(&corner.manager) } else { call };
        call.send().refused(415, "unsupported_media_type");
    }
}

#[test]
fn no_value_of_any_field_is_a_failure() {
    let corner = Corner::shared();
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(""),
        json!("\u{0}"),
        json!("𠮷\u{202e}'; DROP TABLE room; --"),
        json!("长".repeat(10_000)),
        json!([]),
        json!({}),
        json!([[[]]]),
        json!({"lat": 1e308, "lon": -1e308}),
        Value::from(vec![json!({"room_type": "single"}); 500]),
        Value::from(vec![6; 20_000]),
    ];
    for (method, path, good, is_staff) in writes(&corner) {
        let mut pointers = Vec::new();
        walk(&good, String::new(), &mut pointers);
        for pointer in pointers {
            for value in &odd {
                let mut body = good.clone();
                *body.pointer_mut(&pointer).unwrap() = value.clone();
                let call = corner.call(method, &path).header("if-match", "\"0\"");
                let call = if is_staff { call.bearer(&corner.manager) } else { call };
                let answer = call.json(&body).send();
                assert!(answer.status < 500, "{method} {path} with {pointer}: {answer:?}");
                assert!(answer.status < 400 || !answer.text.contains("DROP TABLE"), "{answer:?}");
            }
        }
    }
    corner.get("health").send().expect(200);
}

/// The pointers of everything within a value.
fn walk(value: &Value, pointer: String, found: &mut Vec<String>) {
    if let Some(fields) = value.as_object() {
        fields.iter().for_each(|(name, inner)| walk(inner, format!("{pointer}/{name}"), found));
    }
    if let Some(items) = value.as_array() {
        items.iter().take(1).for_each(|inner| walk(inner, format!("{pointer}/0"), found));
    }
    if !pointer.is_empty() {
        found.push(pointer);
    }
}

#[test]
fn no_query_of_any_route_is_a_failure() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let long = "9".repeat(10_000);
    let odd = [
        "",
        "%00",
        "%27%3B--",
        "-1",
        "1e309",
        "NaN",
        "99999999999999999999",
        "%F0%A0%AE%B7",
        "~",
        "[]",
        &long,
    ];
    let (one, queue) = (format!("institutions/{home}"), format!("institutions/{home}/applications"));
    let lists: [(&str, &str); 9] = [
        (
            "institutions",
            "near radius_m bbox division_code care_level room_type max_monthly_fen min_available feature \
          ownership q household_division_code sort limit cursor",
        ),
        ("institutions.geojson", "bbox limit cursor q feature"),
        (&one, "care_level household_division_code near"),
        (&queue, "room_type status limit cursor"),
        ("institutions/export", "division_code cursor"),
        ("summary", "by"),
        ("rules", "as_of"),
        ("stats", "from to division_code"),
        ("audit", "actor subject from to limit cursor"),
    ];
    for (path, names) in lists {
        for name in names.split_whitespace() {
            for value in odd {
                let answer = corner.get(&format!("{path}?{name}={value}")).bearer(&corner.manager).send();
                assert!(answer.status < 500, "{path} {name} {value:.20}: {answer:?}");
            }
        }
    }
    for long in [encode(&"长".repeat(3_000)), "x".repeat(10_000), "meals,".repeat(2_000)] {
        institutions(&format!("q={long}")).refused(400, "unreadable");
        institutions(&format!("feature={long}")).refused(400, "unreadable");
    }
    institutions(&format!("q={}", "x".repeat(101))).refused(422, "length");
}

#[test]
fn what_there_is_not_is_not_found_and_a_wrong_method_names_the_right_ones() {
    let corner = Corner::shared();
    let long = "a".repeat(10_000);
    for name in ["%00", "%ff", "nowhere", "P000000000000", "..%2F..", &long] {
        for path in [
            format!("institutions/{name}"),
            format!("institutions/{name}/applications"),
            format!("institutions/{name}/rooms/single/counts"),
            format!("applications/{name}"),
        ] {
            let answer = corner.get(&path).bearer(&corner.manager).send();
            assert!(matches!(answer.status, 400 | 404 | 414), "{path:.40}: {answer:?}");
        }
        let answer = corner.get(&format!("subscriptions/{name}")).bearer("made-up").send();
        assert!(matches!(answer.status, 400 | 404 | 414), "{name:.40}: {answer:?}");
    }
    for (method, path) in [
        ("DELETE", "institutions"),
        ("POST", "summary"),
        ("PUT", "applications"),
        ("GET", "applications/P000000000000/withdraw"),
        ("PATCH", "institutions/a"),
        ("GET", "institutions/import"),
    ] {
        let answer = corner.call(method, path).bearer(&corner.manager).send();
        assert!(matches!(answer.status, 404 | 405), "{method} {path}: {answer:?}");
        if answer.status == 405 {
            assert!(answer.header("allow").is_some_and(|allow| !allow.is_empty()), "{answer:?}");
        }
    }
}
