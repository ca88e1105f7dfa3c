use serde_json::{Value, json};

use super::{API, Corner, DISTRICT, ELSEWHERE, import::FULL_HEADER, room, single};
use crate::donation::patiently;

/// A sub-district in which no other test sets up a home, far from the others' corners.
const TOWN: &str = "310116503";

#[test]
fn what_is_exported_can_be_imported_and_is_exported_as_before() {
    let corner = Corner::shared();
    let place = json!({"lat": 30.752_525, "lon": 121.377_777_7});
    let home = |name: &str, change: Value| {
        let mut all = json!({"division_code": TOWN, "location": place});
        all.as_object_mut().unwrap().extend(change.as_object().cloned().unwrap());
        corner.home(name, all)
    };
    let mut ids = Vec::new();
    for (n, name) in ["=1+1", "'=1+1", "+86", "-5", "@SUM(A1)", "＝1", "逗号,\"引号\"", "it's", "  中 间  "]
        .iter()
        .enumerate()
    {
        ids.push(home(
            &format!("n{n}"),
            json!({"name": name, "operator": name, "phone": "+86 21 0000 0000"}),
        ));
    }
    let levels: &[&[u8]] = &[&[0], &[6], &[0, 1, 2], &[0, 2, 3, 4, 6], &[0, 1, 2, 3, 4, 5, 6]];
    for (n, levels) in levels.iter().enumerate() {
        let rooms = json!([room("single", levels, 450_050, (9, 8)), room("multiple", levels, 0, (0, 0))]);
        ids.push(home(&format!("l{n}"), json!({"rooms": rooms, "features": [], "sample": false})));
    }
    let all =
        ["dementia_care", "long_term_care_insurance", "medical_care", "short_stay", "day_care", "meals"];
    let rooms = json!([
        single(1, 1),
        room("double", &[1], 10_000_000, (10_000, 0)),
        room("triple", &[1], 1, (3, 1)),
        room("multiple", &[5], 100, (8, 8))
    ]);
    ids.push(home("all", json!({"rooms": rooms, "features": all, "ownership": "public_built_private_run"})));

    let manager = corner.server.staff("care_manager", TOWN);
    let export = || patiently(|| corner.get("institutions/export").bearer(&manager).send());
    let import = |file: &str| {
        let call = || {
            corner
                .post("institutions/import")
                .bearer(&manager)
                .raw("text/csv; charset=utf-8", file.into())
                .send()
        };
        patiently(call).expect(200)
    };
    let before: Vec<_> = ids.iter().map(|id| corner.read(id)).collect();
    let first = export();
    assert_eq!(first.status, 200, "{first:?}");
    assert_eq!(first.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(
        first.header("content-disposition").is_some_and(|how| how.starts_with("attachment")),
        "{first:?}"
    );
    assert!(first.header("link").is_none());
    let header = first.text.lines().next().unwrap();
    assert_eq!(header.trim_start_matches('\u{feff}'), FULL_HEADER.trim_end());
    for cell in first.text.split([',', '\n']) {
        let cell = cell.trim_start_matches('"');
        assert!(!cell.starts_with(['=', '+', '@', '＝']), "a spreadsheet would run {cell}");
    }
    let done = import(&first.text);
    let rows = first.text.lines().count() - 1;
    assert_eq!((&done["created"], &done["updated"]), (&json!(0), &json!(rows)));
    assert_eq!(export().text, first.text);
    assert_eq!(ids.iter().map(|id| corner.read(id)).collect::<Vec<_>>(), before);

    // Those that went come back as the file has them.
    let vacant = home("vacant", json!({"rooms": [single(4, 0)]}));
    let file = export().text;
    corner.delete(&vacant).expect(204);
    assert!(!export().text.contains(&vacant));
    assert_eq!(import(&file)["restored"], 1);
    assert_eq!(export().text, file);
}

#[test]
fn an_export_holds_the_own_area_only_and_is_not_for_one_home() {
    let corner = Corner::shared();
    let id = corner.home("a", json!({"division_code": "310151402"}));
    let has = |area: &str, query: &str| {
        let token = corner.server.staff("care_manager", area);
        let path = format!("institutions/export{query}");
        let answer = patiently(|| corner.get(&path).bearer(&token).send());
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text.contains(&id)
    };
    assert!(has("310151402", "") && has(DISTRICT, "?division_code=310151402"));
    assert!(has("310000", "?division_code=310151402"));
    assert!(!has("310151401", "") && !has(ELSEWHERE, "") && !has(ELSEWHERE, "?division_code=310151402"));
    assert!(!has("310000", "?division_code=310116503"));
    let get = |token: &str| corner.get("institutions/export").bearer(token).send();
    get(&corner.server.staff_of(&id, "care_manager", "310151402")).refused(403, "forbidden");
    get(&corner.server.staff("auditor", "310000")).refused(403, "forbidden");
    corner.server.get(&format!("{API}/institutions/export")).send().refused(401, "unauthenticated");
    let get =
        |query: &str| corner.get(&format!("institutions/export?{query}")).bearer(&corner.manager).send();
    get("limit=5").refused(422, "unknown_field");
    get("division_code=990000").refused(422, "division_code");
    get("cursor=A%20B").refused(422, "id");
}
