use serde_json::{Value, json};

use super::{API, Corner, DISTRICT, ELSEWHERE, TOWN, eventually, single};
use crate::server::Server;

fn district<'a>(stats: &'a Value, code: &str) -> &'a Value {
    let items = stats["items"].as_array().unwrap();
    items.iter().find(|row| row["division_code"] == code).unwrap_or_else(|| panic!("no {code}: {stats}"))
}

#[test]
#[cfg_attr(another_server, ignore = "counts every home of the server")]
fn beds_are_counted_for_a_thousand_elders_and_small_counts_of_people_are_not_shown() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let home = corner.home("a", json!({"rooms": [single(3_000, 1_000)]}));
    for (level, people) in [(5, 5), (4, 4), (0, 6), (1, 1)] {
        for _ in 0..people {
            corner.elder(level, &[&home]);
        }
    }
    let stats = corner.look("stats");
    assert_eq!((&stats["suppressed_below"], &stats["elders_derived"]), (&json!(5), &json!(true)));
    assert!(stats["elders_source"].as_str().is_some_and(|source| !source.is_empty()), "{stats}");
    let here = district(&stats, DISTRICT);
    let elders = here["elders"].as_f64().unwrap();
    assert!((637_921.0 * 0.234 - elders).abs() <= 1.0, "{elders}");
    assert_eq!(
        (&here["name"], &here["beds"], &here["occupied"]),
        (&json!("崇明区"), &json!(3_000), &json!(1_000))
    );
    assert_eq!(here["available"], 2_000);
    let per_thousand = here["beds_per_1000_elders"].as_f64().unwrap();
    assert!((per_thousand - 3_000_000.0 / elders).abs() <= 0.1, "{per_thousand}");
    assert!((here["occupancy_percent"].as_f64().unwrap() - 33.3).abs() < 0.1, "{here}");
    let waiting = json!([
        {"care_level": 0, "count": 6}, {"care_level": 1, "count": null}, {"care_level": 4, "count": null},
        {"care_level": 5, "count": 5},
    ]);
    assert_eq!(district(&stats, "310104")["waiting"], waiting, "by the district of the household");
    assert_eq!(here["waiting"], json!([]));
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn searches_are_counted_without_who_searched_and_small_counts_are_not_shown() {
    let server = Server::start();
    let corner = Corner::on(&server);
    corner.home("a", json!({"rooms": [single(3, 3)]}));
    corner.search(&format!("care_level=3&division_code={TOWN}"));
    let columns: Vec<String> = {
        let database = server.database("beds");
        let mut statement = database.prepare("SELECT name FROM pragma_table_info('demand')").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    assert_eq!(columns, ["day", "district", "care_level", "searches", "without_vacancy"]);
    let row = |level: i64| -> Option<(String, i64, i64)> {
        let sql = "SELECT district, searches, without_vacancy FROM demand WHERE care_level = ?1";
        server
            .database("beds")
            .query_row(sql, [level], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .ok()
    };
    eventually("the next reader brings the count", || {
        corner.search("limit=1");
        row(3) == Some((DISTRICT.to_owned(), 1, 1))
    });

    let today = shared::calendar::day_of(chrono::Utc::now());
    let day = (today - chrono::NaiveDate::default()).num_days();
    let add = |(level, searches, without): (i64, i64, i64)| {
        let sql = format!("INSERT INTO demand VALUES ({day}, '{ELSEWHERE}', {level}, {searches}, {without})");
        server.change("beds", &sql);
    };
    [(0, 4, 0), (1, 9, 0), (2, 20, 3), (4, 20, 18), (5, 20, 10), (6, 7, 7)].into_iter().for_each(add);
    let stats = corner.look("stats");
    let shown = |level: i64, count: Value, without: Value| json!({"care_level": level, "count": count, "without_vacancy": without});
    let expected = json!([
        shown(0, Value::Null, Value::Null),
        shown(1, json!(9), json!(0)),
        shown(2, json!(20), Value::Null),
        shown(4, json!(20), Value::Null),
        shown(5, json!(20), json!(10)),
        shown(6, json!(7), json!(7)),
    ]);
    assert_eq!(district(&stats, ELSEWHERE)["searches"], expected);
    assert_eq!(district(&stats, DISTRICT)["searches"], json!([shown(3, Value::Null, Value::Null)]));
    let before = corner.look("stats?from=2020-01-01&to=2020-01-31");
    assert!(before["items"].as_array().unwrap().iter().all(|row| row["searches"] == json!([])), "{before}");
    assert_eq!((&before["from"], &before["to"]), (&json!("2020-01-01"), &json!("2020-01-31")));
    assert_eq!(district(&before, DISTRICT)["beds"], 3);
}

#[test]
fn statistics_are_for_whoever_has_a_whole_district() {
    let corner = Corner::shared();
    let id = corner.home("a", json!({"division_code": TOWN}));
    let stats = |token: &str, query: &str| corner.get(&format!("stats?{query}")).bearer(token).send();
    let staff = |area: &str| corner.server.staff("care_manager", area);
    stats(&staff(TOWN), "").refused(403, "forbidden");
    stats(&corner.server.staff_of(&id, "care_manager", DISTRICT), "").refused(403, "forbidden");
    stats(&corner.server.staff_of(&id, "care_manager", "310000"), "").refused(403, "forbidden");
    stats(&corner.server.staff("registrar", "310000"), "").refused(403, "forbidden");
    corner.server.get(&format!("{API}/stats")).send().refused(401, "unauthenticated");
    let codes = |token: &str, query: &str| -> Vec<String> {
        let stats = stats(token, query).expect(200);
        let items = stats["items"].as_array().unwrap();
        items.iter().map(|row| row["division_code"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(codes(&staff(DISTRICT), ""), [DISTRICT]);
    assert_eq!(codes(&staff("310000"), &format!("division_code={DISTRICT}")), [DISTRICT]);
    assert_eq!(codes(&staff("310000"), &format!("division_code={TOWN}")), [DISTRICT], "districts only");
    assert!(codes(&staff(ELSEWHERE), &format!("division_code={DISTRICT}")).is_empty());
    let all = codes(&corner.server.staff("admin", "310000"), "");
    assert!(all.contains(&DISTRICT.to_owned()), "{all:?}");
    let refused = |query: &str, code: &str| {
        stats(&staff("310000"), query).refused(422, code);
    };
    refused("from=2026-12-05&to=2026-12-01", "range");
    refused("from=2026-02-30", "date");
    refused("division_code=31", "division_code");
    refused("level=3", "unknown_field");
    stats(&staff("310000"), "from=1900-01-01&to=2200-12-31").expect(200);
}
