use serde_json::{Value, json};

use super::{API, Corner};

/// A sub-district in which no other test sets up a point, far from the others' corners.
const TOWN: &str = "310116503";

#[test]
fn what_is_exported_can_be_imported_and_is_exported_as_before() {
    let corner = Corner::shared();
    let place = json!({"lat": 30.752_525, "lon": 121.377_777_7});
    let names = ["=1+1", "'=1+1", "+86", "-5", "@SUM(A1)", "＝1", "逗号,\"引号\"", "it's", "  中 间  "];
    let point = |name: &str, change: Value| {
        let mut all = json!({"division_code": TOWN, "location": place});
        all.as_object_mut().unwrap().extend(change.as_object().cloned().unwrap());
        corner.point(name, all)
    };
    for (n, name) in names.iter().enumerate() {
        point(&format!("n{n}"), json!({"name": name, "operator": name, "phone": "+86 21 0000 0000"}));
    }
    let until = (chrono::Utc::now() + chrono::TimeDelta::days(20)).to_rfc3339();
    point("none", json!({"items": []}));
    point(
        "dated",
        json!({"items": [{"item": "books", "state": "full", "until": until}, {"item": "food", "state": "not_accepted"}]}),
    );
    let mut hours = super::weekdays();
    hours["exceptions"] = json!([{"date": "2026-12-31", "hours": []}, {"date": "2027-02-01", "hours": [{"opens": "10:00", "closes": "12:00"}]}]);
    hours["on_holidays"] = json!([{"opens": "10:00", "closes": "12:00"}]);
    hours["make_up_days_as"] = json!("closed");
    point("hours", json!({"hours": hours}));
    point("always", json!({"hours": super::always(), "sample": false}));

    let manager = corner.server.staff("donation_manager", TOWN);
    let export = || super::patiently(|| corner.get("points/export").bearer(&manager).send());
    let import = |file: &str| {
        let send = || {
            corner.post("points/import").bearer(&manager).raw("text/csv; charset=utf-8", file.into()).send()
        };
        super::patiently(send).expect(200)
    };
    let read = |id: &str| {
        let mut point = corner.get(&format!("points/{id}")).send().expect(200);
        point.as_object_mut().unwrap().retain(|field, _| {
            !matches!(field.as_str(), "updated_at" | "open_now" | "opens_at" | "closes_at")
        });
        point
    };
    let ids: Vec<_> = (0..names.len()).map(|n| format!("n{n}")).collect();
    let ids: Vec<_> = ids
        .iter()
        .map(String::as_str)
        .chain(["none", "hours", "always"])
        .map(|name| corner.id(name))
        .collect();
    let before: Vec<_> = ids.iter().map(|id| read(id)).collect();

    let first = export();
    assert_eq!(first.status, 200, "{first:?}");
    assert_eq!(first.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(
        first.header("content-disposition").is_some_and(|how| how.starts_with("attachment")),
        "{first:?}"
    );
    assert!(first.header("link").is_none());
    assert!(first.text.starts_with('\u{feff}'), "spreadsheets want the mark");
    let rows = first.text.lines().count() - 1;
    for cell in first.text.split([',', '\n']) {
        let cell = cell.trim_start_matches('"');
        assert!(!cell.starts_with(['=', '+', '@', '＝']), "a spreadsheet would run {cell}");
    }
    let done = import(&first.text);
    assert_eq!((&done["created"], &done["updated"]), (&json!(0), &json!(rows)));
    let second = export();
    assert_eq!(second.text, first.text);
    let after: Vec<_> = ids.iter().map(|id| read(id)).collect();
    assert_eq!(after, before);
    let dated = read(&corner.id("dated"))["items"].clone();
    assert!(dated[0]["until"].as_str().unwrap().get(..10) > until.get(..10), "to the end of its day");
    import(&second.text);
    assert_eq!(export().text, first.text);
}

#[test]
fn an_export_holds_the_own_area_only() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({"division_code": "310151402"}));
    let has = |area: &str, query: &str| {
        let token = corner.server.staff("donation_manager", area);
        let path = format!("points/export{query}");
        let answer = super::patiently(|| corner.get(&path).bearer(&token).send());
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text.contains(&id)
    };
    assert!(has("310151402", "") && has("310151", "?division_code=310151402"));
    assert!(has("310000", "?division_code=310151402"));
    assert!(!has("310151401", "") && !has("310116", "") && !has("310116", "?division_code=310151402"));
    assert!(!has("310000", "?division_code=310116503"));
    corner.delete(&id).expect(204);
    assert!(!has("310151402", ""), "what was removed isn't exported");
    corner.server.get(&format!("{API}/points/export")).send().refused(401, "unauthenticated");
    let auditor = corner.server.staff("auditor", "310000");
    corner.get("points/export").bearer(&auditor).send().refused(403, "forbidden");
}
