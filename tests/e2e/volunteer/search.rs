use chrono::{Days, NaiveDate, Utc};
use serde_json::{Value, json};
use shared::calendar::day_of;

use super::{Corner, DAY, DISTRICT, ELSEWHERE, TOWN, shift, tomorrow};
use crate::client::encode;

fn day(days: u64) -> NaiveDate {
    day_of(Utc::now()) + Days::new(days)
}

/// Two hours from nine in the morning, Shanghai time, so many days ahead.
fn morning(days: u64) -> Value {
    let day = day(days);
    json!({"starts_at": format!("{day}T09:00:00+08:00"), "ends_at": format!("{day}T11:00:00+08:00"), "capacity": 1})
}

#[test]
fn a_radius_a_box_and_a_division_hold_what_is_within_them() {
    let corner = Corner::shared();
    corner.offer("远", json!({"location": corner.location(300.0, 400.0), "division_code": TOWN}));
    corner.offer("中", json!({}));
    let away = json!({"location": {"lat": 30.75, "lon": 121.33}, "division_code": ELSEWHERE});
    corner.offer("外", away);
    let near = corner.near();
    let list = corner.search(&format!("{near}&q={}", corner.tag));
    assert_eq!(corner.names(&list), ["中", "远", "外"], "distance is the order where near is given");
    let distance = list["items"][1]["distance_m"].as_i64().unwrap();
    assert!((499..=501).contains(&distance), "{distance}");
    let within = |radius: i64| corner.found(&format!("{near}&radius_m={radius}")).len();
    assert_eq!((within(distance - 1), within(distance), within(150_000)), (1, 2, 3));
    let (lat, lon) = (corner.lat, corner.lon);
    assert_eq!(corner.found(&format!("bbox={lon},{lat},{lon},{lat}")), ["中"]);
    assert_eq!(corner.found("bbox=-180,-90,180,90").len(), 3);
    let of = |code: &str| corner.sorted(&format!("division_code={code}"));
    assert_eq!(
        (of("310000").len(), of(DISTRICT).len(), of(TOWN), of(ELSEWHERE)),
        (3, 2, vec!["远".into()], vec!["外".into()])
    );
    assert!(corner.search(&format!("q={}", corner.tag))["items"][0].get("distance_m").is_none());
}

#[test]
fn every_filter_finds_what_it_says() {
    let corner = Corner::shared();
    let a = json!({"field": "elder_care", "skills": ["driving"], "for_minors": false});
    corner.offer("a", a);
    corner.offer("b", json!({"field": "environment", "requirements": {"skills": ["driving"]}}));
    corner.offer("c", json!({"field": "elder_care", "skills": ["teaching"], "shifts": [tomorrow(1, 0)]}));
    let full = corner.offer("d", json!({"shifts": [tomorrow(1, 5), shift((2 * DAY, 60), 1, 0)]}));
    corner.newcomer(&full.shifts[0]);
    let all = ["a", "b", "c", "d"];
    for (query, expected) in [
        ("", &all[..]),
        ("field=elder_care", &["a", "c"]),
        ("field=other", &[]),
        ("skill=driving", &["a", "b"]),
        ("skill=teaching", &["c"]),
        ("skill=driving&field=environment", &["b"]),
        ("for_minors=true", &["b", "c", "d"]),
        ("for_minors=false", &["a"]),
        ("available=true", &all),
        ("available=false", &all),
    ] {
        assert_eq!(corner.sorted(query), expected, "{query}");
    }
    let shown = corner.search(&format!("q={}&available=true", encode(&format!("d {}", corner.tag))));
    assert_eq!(shown["items"][0]["shifts"].as_array().unwrap().len(), 1, "only the shift that has a place");
    corner.newcomer(&full.shifts[1]);
    assert_eq!(corner.sorted("available=true"), ["a", "b", "c"]);
}

#[test]
fn text_is_found_in_title_organisation_description_and_address() {
    let corner = Corner::shared();
    let mark = |what: &str| format!("{what}{}", &corner.tag[9..]);
    let of = |name: &str, change: Value| corner.offer(name, change);
    of(
        "a",
        json!({"description": mark("Ｄescription样"), "organisation_id": corner.organisation("x", json!({"name": mark("组织")}))}),
    );
    of("b", json!({"address": mark("Ａddress")}));
    of(&mark("标题"), json!({}));
    let found = |text: &str| corner.names(&corner.search(&format!("q={}", encode(text))));
    assert_eq!(found(&mark("description样")), ["a"], "full width and case don't count");
    assert_eq!(found(&mark("组织")), ["a"]);
    assert_eq!(found(&mark("ADDRESS")), ["b"]);
    assert_eq!(found(&mark("标题")), [mark("标题")]);
    assert!(found(&mark("没有")).is_empty());
}

#[test]
fn only_shifts_within_the_time_are_found_and_shown() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({"shifts": [morning(2), morning(3), morning(5)]}));
    let found = |query: &str| {
        let list = corner.search(&format!("q={}&{query}", corner.tag));
        let shifts = list["items"].get(0).map_or(&Value::Null, |item| &item["shifts"]);
        shifts.as_array().map_or(0, Vec::len)
    };
    let days = |from: u64, to: u64| found(&format!("from={}&to={}", day(from), day(to)));
    assert_eq!(found(""), 3);
    assert_eq!([days(1, 6), days(2, 2), days(3, 5), days(4, 4), days(6, 9)], [3, 1, 2, 0, 0]);
    assert_eq!(found(&format!("from={}", day(3))), 2);
    assert_eq!(found(&format!("to={}", day(3))), 2, "the last day is included");
    let at = |text: &str| encode(&format!("{}T{text}+08:00", day(3)));
    assert_eq!(found(&format!("from={}", at("09:00:00"))), 2);
    assert_eq!(found(&format!("from={}", at("09:00:01"))), 1);
    assert_eq!(found(&format!("to={}", at("09:00:00"))), 1);
    assert_eq!(found(&format!("to={}", at("09:00:01"))), 2);
    assert_eq!(found("from=2020-01-01"), 3, "what has begun is never found");
    corner.cancel(&made.shifts[1]).expect(200);
    assert_eq!((found(""), days(3, 3)), (2, 0), "nor what is cancelled");
    let whole = corner.read(&made.id);
    assert_eq!(whole["shifts"].as_array().unwrap().len(), 3, "but it is there for whoever looks");
}

#[test]
fn what_is_sorted_by_date_goes_by_the_next_shift_that_was_asked_about() {
    let corner = Corner::shared();
    corner.offer("a", json!({"shifts": [morning(2), morning(9)], "location": corner.location(2_000.0, 0.0)}));
    corner.offer("b", json!({"shifts": [morning(3)], "location": corner.location(1_000.0, 0.0)}));
    corner.offer("c", json!({"shifts": [morning(1), morning(8)]}));
    assert_eq!(corner.found(""), ["c", "a", "b"], "date is the order");
    assert_eq!(corner.found("sort=date"), ["c", "a", "b"]);
    assert_eq!(corner.found(&format!("from={}", day(2))), ["a", "b", "c"]);
    assert_eq!(corner.found(&format!("from={}", day(4))), ["c", "a"]);
    let near = corner.near();
    assert_eq!(corner.found(&near), ["c", "b", "a"]);
    assert_eq!(corner.found(&format!("{near}&sort=date&from={}", day(2))), ["a", "b", "c"]);
}

#[test]
fn pages_meet_each_opportunity_once() {
    let corner = Corner::shared();
    for n in 0..13_i32 {
        // Some share a time or a place.
        let location = corner.location(f64::from(n % 5) * 700.0, 0.0);
        corner.offer(
            &format!("p{n:02}"),
            json!({"location": location, "shifts": [morning(1 + u64::from(n.unsigned_abs() % 4))]}),
        );
    }
    let near = corner.near();
    for query in ["", &near, "sort=date&for_minors=true"] {
        let whole = corner.found(query);
        assert_eq!(whole.len(), 13);
        for limit in [1, 4, 13] {
            assert_eq!(corner.walk(&format!("{query}&limit={limit}"), None), whole, "{query} by {limit}");
        }
    }
    let page = corner.search(&format!("q={}&limit=1", corner.tag));
    let cursor = encode(page["next_cursor"].as_str().unwrap());
    let foreign =
        corner.get(&format!("opportunities?q={}&{near}&limit=1&cursor={cursor}", corner.tag)).send();
    foreign.refused(422, "cursor");
    let full = corner.search(&format!("q={}&limit=13", corner.tag));
    assert_eq!(full["next_cursor"], Value::Null, "a page that is just full is the last");
}

#[test]
fn drafts_and_what_is_closed_are_not_found() {
    let corner = Corner::shared();
    let made = corner.draft("项目", json!({}));
    let read = |token: &str| corner.get(&format!("opportunities/{}", made.id)).bearer(token).send();
    let anonymous = || corner.get(&format!("opportunities/{}", made.id)).send();
    assert!(corner.found("").is_empty());
    anonymous().refused(404, "not_found");
    read(&corner.volunteer().token).refused(404, "not_found");
    read(&corner.server.staff("volunteer_manager", ELSEWHERE)).refused(403, "forbidden");
    let staff = read(&corner.server.staff_of(&corner.id("org"), "volunteer_manager", DISTRICT));
    assert_eq!(staff.expect(200)["status"], "draft");
    assert_eq!(staff.header("cache-control"), Some("private, no-store"));
    corner.step(&made.id, "publish").expect(200);
    assert_eq!(corner.found(""), ["项目"]);
    assert_eq!(anonymous().expect(200)["status"], "published");
    corner.step(&made.id, "close").expect(200);
    assert!(corner.found("").is_empty());
    assert_eq!(anonymous().expect(200)["status"], "closed", "whoever signed up still finds the way");
    corner.get("opportunities/J000000000000").send().refused(404, "not_found");
}

#[test]
fn whoever_has_searched_asks_only_whether_something_changed() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({}));
    for path in [format!("opportunities?q={}", corner.tag), format!("opportunities/{}", made.id)] {
        let answer = corner.get(&path).send();
        answer.expect(200);
        assert_eq!(answer.header("cache-control"), Some("public, max-age=30"));
        let vary = answer.header("vary").unwrap();
        assert!(vary.contains("authorization") && vary.contains("accept-language"), "{vary}");
        let tag = answer.header("etag").unwrap().to_owned();
        let again = || corner.get(&path).header("if-none-match", &tag).send();
        assert_eq!((again().status, again().text.as_str()), (304, ""));
        corner.newcomer(&made.shifts[0]);
        again().expect(200);
        let who = corner.volunteer();
        let own = corner.get(&path).bearer(&who.token).send();
        own.expect(200);
        assert_eq!(own.header("cache-control"), Some("private, no-store"), "{own:?}");
    }
}
