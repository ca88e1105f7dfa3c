//! `open_at`: what is open at an instant.

use serde_json::{Value, json};

use super::{Corner, always, weekdays};
use crate::{client::encode, server::workspace};

fn open(corner: &Corner<'_>, at: &str) -> Vec<String> {
    let mut found = corner.own_found(&format!("open_at={}", encode(at)));
    found.sort();
    found
}

fn changed(change: &[(&str, Value)]) -> Value {
    let mut hours = weekdays();
    for (field, value) in change {
        hours[*field] = value.clone();
    }
    json!({"hours": hours})
}

#[test]
fn a_point_is_open_from_the_minute_it_opens_to_the_minute_it_closes_and_not_at_noon() {
    let corner = Corner::shared();
    corner.point("a", json!({}));
    let is_open = |at: &str| !open(&corner, at).is_empty();
    // A Wednesday.
    for (time, expected) in [
        ("08:59:59", false),
        ("09:00:00", true),
        ("11:29:59", true),
        ("11:30:00", false),
        ("12:30:00", false),
        ("13:00:00", true),
        ("16:59:59", true),
        ("17:00:00", false),
        ("23:00:00", false),
    ] {
        assert_eq!(is_open(&format!("2026-12-02T{time}+08:00")), expected, "{time}");
    }
    assert!(is_open("2026-12-02T02:00:00Z"), "10:00 in Shanghai");
    assert!(!is_open("2026-12-02T10:00:00Z"), "18:00 in Shanghai");
    assert!(is_open("2026-12-01T20:00:00-06:00"), "10:00 on the next day in Shanghai");
    assert!(!is_open("2026-12-05T10:00:00+08:00") && !is_open("2026-12-06T10:00:00+08:00"), "weekend");
}

#[test]
fn every_announced_day_off_closes_and_every_make_up_day_opens() {
    let corner = Corner::shared();
    corner.point("a-office", json!({}));
    corner.point("b-feast", changed(&[("on_holidays", json!([{"opens": "09:00", "closes": "12:00"}]))]));
    corner.point("c-strict", changed(&[("make_up_days_as", json!("closed"))]));
    corner.point(
        "d-dated",
        changed(&[(
            "exceptions",
            json!([
                {"date": "2026-10-01", "hours": [{"opens": "09:00", "closes": "12:00"}]},
                {"date": "2026-10-10", "hours": []},
                {"date": "2026-12-02", "hours": []},
            ]),
        )]),
    );
    let at = |day: &str| open(&corner, &format!("{day}T10:00:00+08:00"));
    assert_eq!(at("2026-10-01"), ["b-feast", "d-dated"]);
    assert_eq!(at("2026-10-10"), ["a-office", "b-feast"], "a Saturday that is worked");
    assert_eq!(at("2026-12-02"), ["a-office", "b-feast", "c-strict"]);
    let holidays = std::fs::read_to_string(workspace().join("shared/data/holidays.csv")).unwrap();
    let mut days = 0;
    for line in holidays.lines().filter(|line| line.starts_with("2026-")) {
        let mut cells = line.split(',');
        let (day, kind) = (cells.next().unwrap(), cells.next().unwrap());
        let open = at(day);
        match kind {
            "off" => {
                assert!(open.contains(&"b-feast".into()) && !open.contains(&"a-office".into()), "{line}");
            }
            _ => assert!(open.contains(&"a-office".into()) && !open.contains(&"c-strict".into()), "{line}"),
        }
        days += 1;
    }
    assert!(days > 30, "{days}");
}

#[test]
fn now_is_now() {
    let corner = Corner::shared();
    corner.point("always", json!({"hours": always()}));
    let once = json!([{"date": "2020-01-01", "hours": [{"opens": "00:00", "closes": "24:00"}]}]);
    corner.point("never", json!({"hours": {"exceptions": once}}));
    assert_eq!(corner.own_found("open_at=now"), ["always"]);
    let list = corner.search(&format!("q={}&{}", corner.tag, corner.near()));
    for point in list["items"].as_array().unwrap() {
        let is_always = point["id"] == corner.id("always");
        assert_eq!(point["open_now"], is_always, "{point}");
        assert!(point.get("opens_at").is_none(), "one is open and the other never again: {point}");
        assert!(point.get("closes_at").is_none(), "{point}");
    }
}

#[test]
fn a_closed_point_says_when_it_opens_and_an_open_one_when_it_closes() {
    let corner = Corner::shared();
    let now = chrono::Utc::now();
    let today = shared::calendar::day_of(now);
    let tomorrow = today.succ_opt().unwrap();
    let whole = json!([{"opens": "00:00", "closes": "24:00"}]);
    let dated = |day: &dyn ToString| json!({"exceptions": [{"date": day.to_string(), "hours": whole}]});
    let point = |hours: Value| {
        let mut body = corner.body();
        body["hours"] = hours;
        corner.put("a", &body).expect(200)
    };
    let open = point(dated(&today));
    assert_eq!(
        (&open["open_now"], &open["closes_at"]),
        (&json!(true), &json!(format!("{tomorrow}T00:00:00+08:00")))
    );
    let closed = point(dated(&tomorrow));
    assert_eq!(
        (&closed["open_now"], &closed["opens_at"]),
        (&json!(false), &json!(format!("{tomorrow}T00:00:00+08:00")))
    );
    let list = corner.search(&format!("q={}", corner.tag));
    assert_eq!(list["items"][0]["opens_at"], closed["opens_at"], "a search says the same");
}
