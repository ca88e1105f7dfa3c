use serde_json::{Value, json};

use super::Corner;

/// Every need of the corner's own points, page by page.
fn needs(corner: &Corner<'_>, query: &str) -> Vec<(String, String)> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    for _ in 0..500 {
        let page = corner.get(&format!("needs?{query}{cursor}")).send().expect(200);
        for need in page["items"].as_array().unwrap() {
            let own = need["point"]["id"].as_str().unwrap().strip_prefix(&format!("{}-", corner.tag));
            all.extend(own.map(|name| (name.to_owned(), need["item"].as_str().unwrap().to_owned())));
        }
        let Some(next) = page["next_cursor"].as_str() else { return all };
        cursor = format!("&cursor={next}");
    }
    panic!("it doesn't end");
}

#[test]
fn needs_are_what_is_urgent_and_nothing_else() {
    let corner = Corner::shared();
    let until = "2027-01-01T00:00:00+08:00";
    corner.point(
        "a",
        json!({"division_code": "310151401", "items": [
            {"item": "books", "state": "urgent", "until": until},
            {"item": "food", "state": "urgent"},
            {"item": "toys", "state": "full"},
            {"item": "cash", "state": "accepting"},
        ]}),
    );
    corner.point(
        "b",
        json!({"division_code": "310151401", "items": [{"item": "food", "state": "not_accepted"}]}),
    );
    corner.point("c", json!({"division_code": "310151402", "items": [{"item": "food", "state": "urgent"}]}));
    let of = |name: &str, item: &str| (name.to_owned(), item.to_owned());
    let found = |query: &str| {
        let mut found = needs(&corner, query);
        found.sort();
        found
    };
    assert_eq!(found("division_code=310151401&limit=100"), [of("a", "books"), of("a", "food")]);
    assert_eq!(found("division_code=310151401&item=food"), [of("a", "food")]);
    assert_eq!(found("item=food&division_code=310151"), [of("a", "food"), of("c", "food")]);
    assert!(found("item=toys&division_code=310151401").is_empty());
    assert!(found("division_code=310116").is_empty());
    let page = corner.get("needs?division_code=310151401&limit=100").send().expect(200);
    let own = |need: &&Value| need["point"]["id"] == corner.id("a") && need["item"] == "books";
    let need = page["items"].as_array().unwrap().iter().find(own).unwrap();
    assert_eq!(need["until"], until);
    assert_eq!(need["point"]["name"], corner.body()["name"]);
}

#[test]
fn needs_are_paged_by_point() {
    let corner = Corner::shared();
    let items = json!([{"item": "books", "state": "urgent"}, {"item": "food", "state": "urgent"}]);
    for n in 0..12 {
        corner.point(&format!("p{n:02}"), json!({"division_code": "310151501", "items": items}));
    }
    let all = needs(&corner, "division_code=310151501&limit=5");
    let expected: Vec<_> =
        (0..12).flat_map(|n| ["books", "food"].map(|item| (format!("p{n:02}"), item.to_owned()))).collect();
    assert_eq!(all, expected);
}
