use serde_json::{Value, json};

use super::{Corner, DISTRICT, ELSEWHERE, TOWN, Volunteer, soon};
use crate::server::Server;

fn district<'a>(stats: &'a Value, code: &str) -> &'a Value {
    let items = stats["items"].as_array().unwrap();
    items.iter().find(|row| row["division_code"] == code).unwrap_or_else(|| panic!("no {code}: {stats}"))
}

/// So many people serve half an hour each, so many days ago.
fn serve(corner: &Corner<'_>, people: &[Volunteer], field: &str, days: i64) {
    let made = corner.offer("项目", json!({"shifts": [soon()], "field": field}));
    let entries: Vec<_> = people
        .iter()
        .map(|who| {
            corner.sign_up(who, &made.shifts[0]).expect(201);
            let entry = corner.check(who, &made.shifts[0], "check-in").expect(200);
            entry["entry"].as_str().unwrap().to_owned()
        })
        .collect();
    corner.pass(&made.shifts[0], 300 + days * 1_440);
    entries.iter().for_each(|entry| drop(corner.correct(entry, 30).expect(200)));
}

#[test]
#[cfg_attr(another_server, ignore = "counts every volunteer of the server")]
fn volunteers_and_hours_are_counted_by_whole_months_and_small_counts_are_not_shown() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let many: Vec<_> = (0..11).map(|_| corner.volunteer_who(json!({"division_code": TOWN}))).collect();
    for _ in 0..4 {
        corner.volunteer_who(json!({"division_code": ELSEWHERE}));
    }
    serve(&corner, &many[..6], "elder_care", 0);
    serve(&corner, &many[..4], "health", 0);
    // Another month: few people, and again enough.
    serve(&corner, &many[..4], "elder_care", 70);
    serve(&corner, &many[..5], "environment", 70);
    let stats = corner.look("stats?from=2020-01-01");
    assert_eq!((&stats["suppressed_below"], &stats["from"]), (&json!(5), &json!("2020-01-01")));
    let here = district(&stats, DISTRICT);
    assert_eq!(
        (&here["name"], &here["registered"], &here["active"]),
        (&json!("崇明区"), &json!(11), &json!(6))
    );
    let fields = json!([
        {"field": "elder_care", "hours": 3.0, "volunteers": 6},
        {"field": "environment", "hours": 2.5, "volunteers": 5},
        {"field": "health", "hours": null, "volunteers": null},
    ]);
    assert_eq!(here["fields"], fields, "hours of the months in which enough people served");
    let away = district(&stats, ELSEWHERE);
    assert_eq!(
        (&away["registered"], &away["active"], &away["fields"]),
        (&Value::Null, &Value::Null, &json!([]))
    );
    // A day within a month asks for the month.
    let day = |days: i64| (chrono::Utc::now() - chrono::TimeDelta::days(days)).format("%Y-%m-%d").to_string();
    let then = corner.look(&format!("stats?from={}&to={}", day(70), day(70)));
    assert!(then["from"].as_str().unwrap().ends_with("-01"), "{then}");
    let fields: Vec<_> =
        district(&then, DISTRICT)["fields"].as_array().unwrap().iter().map(|one| &one["field"]).collect();
    assert_eq!(fields, ["elder_care", "environment"]);
    // Whoever of many leaves few behind would be told by the difference.
    serve(&corner, &many[6..8], "other", 0);
    assert_eq!(district(&corner.look("stats?from=2020-01-01"), DISTRICT)["active"], Value::Null, "8 of 11");
    corner.leaves(&many[10]);
    let left = corner.look("stats?from=2020-01-01");
    assert_eq!(district(&left, DISTRICT)["registered"], 10);
    let before = corner.look("stats?from=2020-01-01&to=2020-01-31");
    assert_eq!((&before["to"], &district(&before, DISTRICT)["fields"]), (&json!("2020-01-31"), &json!([])));
}

#[test]
fn statistics_are_for_whoever_has_a_whole_district() {
    let corner = Corner::shared();
    let stats = |token: &str, query: &str| corner.get(&format!("stats?{query}")).bearer(token).send();
    let staff = |area: &str| corner.server.staff("volunteer_manager", area);
    stats(&staff(TOWN), "").refused(403, "forbidden");
    stats(&corner.server.staff_of(&corner.id("org"), "volunteer_manager", "310000"), "")
        .refused(403, "forbidden");
    stats(&corner.server.staff("registrar", "310000"), "").refused(403, "forbidden");
    corner.get("stats").send().refused(401, "unauthenticated");
    let codes = |token: &str, query: &str| super::each(&stats(token, query).expect(200), "division_code");
    assert_eq!(codes(&staff(DISTRICT), ""), [DISTRICT]);
    assert_eq!(codes(&staff("310000"), &format!("division_code={TOWN}")), [DISTRICT], "districts only");
    assert!(codes(&staff(ELSEWHERE), &format!("division_code={DISTRICT}")).is_empty());
    assert!(codes(&corner.server.staff("admin", "310000"), "").len() > 10);
    let refused = |query: &str, code: &str| {
        stats(&staff("310000"), query).refused(422, code);
    };
    refused("from=2026-12-05&to=2026-12-01", "range");
    refused("from=2026-02-30", "date");
    refused("division_code=31", "division_code");
    refused("field=health", "unknown_field");
    stats(&staff("310000"), "from=1900-01-01&to=2200-12-31").expect(200);
}
