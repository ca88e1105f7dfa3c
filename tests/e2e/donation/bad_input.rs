use serde_json::{Value, json};

use super::{API, Corner};
use crate::client::{Answer, encode};

fn points(query: &str) -> Answer {
    crate::server::Server::shared().get(&format!("{API}/points?{query}")).send()
}

#[test]
fn searches_that_cannot_be_are_refused_by_name() {
    for (query, code) in [
        ("near=0,0", "outside_city"),
        ("near=39.9,116.4", "outside_city"),
        ("near=121.47,31.23", "position"),
        ("near=NaN,121", "position"),
        ("near=inf,inf", "position"),
        ("near=31.2", "position"),
        ("near=31.2,121.4,5", "position"),
        ("near=31.2%2C", "position"),
        ("near=", "position"),
        ("near=31.2,121.4&radius_m=0", "out_of_range"),
        ("near=31.2,121.4&radius_m=-1", "out_of_range"),
        ("near=31.2,121.4&radius_m=1000000000", "out_of_range"),
        ("near=31.2,121.4&radius_m=99999999999999999999", "type"),
        ("near=31.2,121.4&radius_m=1.5", "type"),
        ("near=31.2,121.4&radius_m=", "type"),
        ("radius_m=1000", "near_missing"),
        ("bbox=121.6,31.1,121.4,31.3", "bbox"),
        ("bbox=121.4,31.3,121.6,31.1", "bbox"),
        ("bbox=NaN,31.1,121.6,31.3", "bbox"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=31.1,121.4,31.3,121.6", "bbox"),
        ("division_code=990000", "division_code"),
        ("division_code=31015", "division_code"),
        ("division_code=%00", "division_code"),
        ("item=gold", "unknown_value"),
        ("item=Books", "unknown_value"),
        ("open_at=yesterday", "instant"),
        ("open_at=2026-12-02T10:00:00", "instant"),
        ("open_at=2026-12-02", "instant"),
        ("open_at=9999-12-31T23:59:59Z", "instant"),
        ("limit=0", "out_of_range"),
        ("limit=101", "out_of_range"),
        ("limit=x", "type"),
        ("limit=%00", "type"),
        ("colour=red", "unknown_field"),
        ("near%00=1", "unknown_field"),
        ("q=%00", "characters"),
    ] {
        points(query).refused(422, code);
    }
    for query in ["limit=1&limit=1", "near=31.2,121.4&near=31.2,121.4", "q=%ff", "q=%1", "q=%G1"] {
        points(query).refused(400, "unreadable");
    }
}

#[test]
fn every_fault_of_a_search_is_named_at_once() {
    let answer =
        points("near=0,0&radius_m=0&bbox=1&division_code=1&item=x&open_at=x&q=!&limit=0&cursor=x&more=1");
    answer.refused(422, "invalid");
    let pointers: Vec<_> = answer.faults().into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(
        pointers,
        [
            "/near",
            "/radius_m",
            "/bbox",
            "/division_code",
            "/item",
            "/open_at",
            "/q",
            "/limit",
            "/cursor",
            "/more"
        ]
    );
}

#[test]
fn somebody_just_outside_the_city_may_ask() {
    // Kunshan, and Jiaxing.
    points("near=31.38,120.95&limit=1").expect(200);
    points("near=30.75,120.76&limit=1").expect(200);
}

#[test]
fn cursors_of_another_order_and_made_up_ones_are_refused_or_lead_nowhere() {
    let corner = Corner::shared();
    for name in ["a", "b"] {
        corner.point(name, json!({}));
    }
    let page = |query: &str| corner.search(&format!("{query}&limit=1&q={}", corner.tag));
    let (near, plain) = (page(&corner.near()), page(""));
    let cursor = |page: &Value| encode(page["next_cursor"].as_str().unwrap());
    let refused = |query: &str| points(query).refused(422, "cursor");
    refused(&format!("cursor={}", cursor(&near)));
    refused(&format!("{}&cursor={}", corner.near(), cursor(&plain)));
    for made_up in [
        "",
        "~",
        "x",
        "a~b",
        "5",
        "5~",
        "-1~a",
        "99999999999~a",
        "1.5~a",
        "w~a",
        "NaN~a",
        "~a",
        "测试~a",
        "%00",
    ] {
        refused(&format!("cursor={made_up}"));
        refused(&format!("{}&cursor={made_up}", corner.near()));
    }
    refused(&format!("{}&cursor=5~{}", corner.near(), "a".repeat(41)));
    for odd in ["wzzzzz~a", "w00000~%27%3B--", "wtw3sj~%00", "w%00%00%00%00%00~a", "wé123~a"] {
        let answer = points(&format!("limit=1&cursor={odd}"));
        assert!(matches!(answer.status, 200 | 422), "{odd}: {answer:?}");
    }
    for path in ["needs?cursor=A%00", "needs?cursor=a_b"] {
        corner.get(path).send().refused(422, "id");
    }
    for path in ["reports?cursor=-1", "points/export?cursor=A%20B"] {
        let answer = corner.get(path).bearer(&corner.manager).send();
        assert_eq!(answer.status, 422, "{path}: {answer:?}");
    }
    corner.get("reports?cursor=x").bearer(&corner.manager).send().refused(422, "type");
}

#[test]
fn maps_needs_counts_and_lists_refuse_what_they_do_not_know() {
    let corner = Corner::shared();
    let get = |path: &str| corner.get(path).bearer(&corner.manager).send();
    get("points.geojson?limit=5001").refused(422, "out_of_range");
    get("points.geojson?bbox=2,2,1,1").refused(422, "bbox");
    get("needs?item=gold").refused(422, "unknown_value");
    get("needs?q=x").refused(422, "unknown_field");
    get("summary?division_code=31").refused(422, "division_code");
    get("summary?division_code=310151&division_code=310151").refused(400, "unreadable");
    get("stats?from=2026-12-05&to=2026-12-01").refused(422, "range");
    get("stats?from=2026-02-30").refused(422, "date");
    get("stats?from=1900-01-01&to=2200-12-31").expect(200);
    get("reports?status=lost").refused(422, "unknown_value");
    get("points/export?limit=5").refused(422, "unknown_field");
    get("rules?as_of=x").refused(422, "date");
    get("rules?as_of=1999-01-01").expect(200);
    corner.tell("points/import?dry_run=maybe", &json!({})).refused(422, "type");
    for path in [
        "receipts/%00",
        "receipts/nothing",
        "receipts/%ff",
        "pledges/%00",
        "points/%00",
        "points/%00/pledges",
    ] {
        get(path).refused(404, "not_found");
    }
    for (method, path) in
        [("DELETE", "points"), ("POST", "summary"), ("PUT", "pledges"), ("GET", "points/a/confirm")]
    {
        let answer = corner.call(method, path).send();
        answer.refused(405, "method_not_allowed");
        assert!(answer.header("allow").is_some_and(|allow| !allow.is_empty()), "{answer:?}");
    }
}

#[test]
fn bodies_that_cannot_be_read_get_the_status_that_says_why() {
    let corner = Corner::shared();
    let post = |kind: &str, body: &[u8]| corner.post("pledges").raw(kind, body.to_vec()).send();
    post("application/json", b"{\"point_id\": ").refused(400, "unreadable");
    post("application/json", b"\xff\xfe").refused(400, "unreadable");
    post("application/json", "[".repeat(20_000).as_bytes()).refused(400, "unreadable");
    post("application/json", b"[1, 2]").refused(422, "type");
    post("text/plain", b"{}").refused(415, "unsupported_media_type");
    post("application/json", &vec![b' '; 70_000]).refused(413, "too_large");
    corner.post("pledges").send().refused(415, "unsupported_media_type");
}
