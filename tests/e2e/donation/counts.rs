use serde_json::{Value, json};

use super::{Corner, lines, made};

/// A district in which no other test of this file's neighbours makes a gift.
const DISTRICT: &str = "310105";

fn summary(corner: &Corner<'_>) -> Value {
    corner.get(&format!("summary?division_code={DISTRICT}")).send().expect(200)
}

fn stats(corner: &Corner<'_>, query: &str) -> Value {
    let path = format!("stats?division_code={DISTRICT}{query}");
    corner.get(&path).bearer(&corner.manager).send().expect(200)
}

/// What a list of rows says of an item, or 0.
fn of(list: &Value, item: &str, field: &str) -> i64 {
    let rows = list["items"].as_array().unwrap();
    rows.iter().find(|row| row["item"] == item).map_or(0, |row| row[field].as_i64().unwrap())
}

#[test]
fn counts_go_up_once_for_each_thing_that_happens() {
    let corner = Corner::shared();
    let before = (summary(&corner), stats(&corner, ""));
    let place = json!({"lat": 31.21, "lon": 121.40});
    let id = corner.point("a", json!({"division_code": "310105", "location": place}));
    let body = json!({"point_id": id, "items": lines(&[("books", 10), ("clothing", 3)]), "donor": {"anonymous": true}});
    let key = |name: &str| format!("{name}-{}", corner.tag);
    let pledge = || corner.post("pledges").header("idempotency-key", &key("p")).json(&body).send();
    let (reference, _) = made(&pledge());
    made(&pledge());
    for (step, body) in [
        ("receive", json!({"items": lines(&[("books", 9), ("clothing", 3)])})),
        ("sort", json!({"items": lines(&[("books", 8)])})),
        ("dispatch", json!({"destination": "甲", "items": lines(&[("books", 5)])})),
        ("dispatch", json!({"destination": "乙", "items": lines(&[("books", 3)])})),
    ] {
        for _ in 0..2 {
            let call = corner.post(&format!("pledges/{reference}/{step}")).bearer(&corner.manager);
            let key = key(&format!("{step}-{}", body["destination"].as_str().map_or(0, str::len)));
            let key = if body["destination"] == "乙" { format!("{key}-2") } else { key };
            call.header("idempotency-key", &key).json(&body).send().expect(200);
        }
    }
    let seen = corner.get(&format!("pledges/{reference}")).bearer(&corner.manager).send().expect(200);
    for dispatch in seen["dispatches"].as_array().unwrap() {
        corner.step(&reference, "deliver", &json!({"dispatch": dispatch["id"]})).expect(200);
    }
    corner.cancel(&corner.books(&id, 100)).expect(200);
    corner.pledge(&id, &lines(&[("furniture", 1)])).refused(409, "item_not_accepted");
    corner.step(&reference, "deliver", &json!({})).refused(409, "wrong_status");

    let after = (summary(&corner), stats(&corner, ""));
    let grown = |list: fn(&(Value, Value)) -> &Value, item: &str, field: &str| {
        of(list(&after), item, field) - of(list(&before), item, field)
    };
    assert_eq!(after.0["points"].as_i64().unwrap() - before.0["points"].as_i64().unwrap(), 1);
    let status = |of: &(Value, Value), status: &str| of.0["pledges"][status].as_i64().unwrap();
    for (word, expected) in [
        ("pledged", 2),
        ("received", 1),
        ("sorted", 1),
        ("dispatched", 1),
        ("delivered", 1),
        ("cancelled", 1),
    ] {
        assert_eq!(status(&after, word) - status(&before, word), expected, "{word}");
    }
    assert_eq!((grown(|all| &all.0, "books", "received"), grown(|all| &all.0, "books", "delivered")), (9, 8));
    assert_eq!(
        (grown(|all| &all.0, "clothing", "received"), grown(|all| &all.0, "clothing", "delivered")),
        (3, 0)
    );
    let books = ["pledged", "received", "sorted", "dispatched", "delivered"];
    assert_eq!(books.map(|field| grown(|all| &all.1, "books", field)), [110, 9, 8, 8, 8]);
    assert_eq!(books.map(|field| grown(|all| &all.1, "clothing", field)), [3, 3, 0, 0, 0]);
    corner.delete(&id).expect(204);
    assert_eq!(summary(&corner)["points"], before.0["points"]);
    assert_eq!(summary(&corner)["pledges"], after.0["pledges"], "what was given stays given");
}

#[test]
fn counts_are_of_the_days_and_of_the_area() {
    let corner = Corner::shared();
    corner.books(&corner.point("a", json!({})), 1);
    let ask = |area: &str, query: &str| {
        let token = corner.server.staff("donation_manager", area);
        corner.get(&format!("stats?{query}")).bearer(&token).send().expect(200)
    };
    let districts = |stats: &Value| -> Vec<String> {
        let rows = stats["items"].as_array().unwrap();
        rows.iter().map(|row| row["division_code"].as_str().unwrap().to_owned()).collect()
    };
    let own = ask("310151", "");
    assert!(!districts(&own).is_empty() && districts(&own).iter().all(|code| code == "310151"), "{own}");
    assert!(districts(&ask("310116", "division_code=310151")).is_empty());
    assert!(districts(&ask("310151", "from=2020-01-01&to=2020-12-31")).is_empty());
    let today = shared::calendar::day_of(chrono::Utc::now());
    assert_eq!(own["to"], today.to_string());
    assert_eq!(own["from"], (today - chrono::Days::new(29)).to_string());
    corner.get("stats").send().refused(401, "unauthenticated");
}

#[test]
fn whoever_has_less_than_a_district_sees_no_counts_of_it() {
    let corner = Corner::shared();
    let town = corner.server.staff("donation_manager", super::TOWN);
    corner.get("stats").bearer(&town).send().refused(403, "forbidden");
}

#[test]
fn gifts_of_a_point_that_moved_away_stay_with_their_district() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    corner.books(&id, 1);
    let far = json!({"lat": 30.75, "lon": 121.30});
    corner.point("a", json!({"division_code": super::ELSEWHERE, "location": far}));
    let there = corner.server.staff("donation_manager", super::ELSEWHERE);
    let path = format!("points/{id}/pledges");
    let seen = corner.get(&path).bearer(&there).send().expect(200);
    assert_eq!(seen["items"], json!([]), "the old district's");
    let all = corner.get(&path).bearer(&corner.manager).send().expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
}
