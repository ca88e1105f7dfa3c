//! Pages of a search, while the points change.

use std::collections::BTreeSet;

use serde_json::json;

use super::Corner;

/// Sets up 25 points and pages through them by seven. After each page a point is added before, among and behind what is
/// left, and a few are removed.
fn page_through(order: impl Fn(&Corner<'_>) -> String, path: &str) {
    let corner = Corner::shared();
    for n in 0..25_i32 {
        let (north, east) = (f64::from(n % 5) * 700.0, f64::from(n / 5) * 900.0);
        corner.point(&format!("p{n:02}"), json!({"location": corner.location(north, east)}));
    }
    let query = format!("{path}?{}&limit=7&q={}", order(&corner), corner.tag);
    let (mut seen, mut removed) = (Vec::new(), BTreeSet::new());
    let (mut cursor, mut pages) = (String::new(), 0);
    loop {
        let page = corner.get(&format!("{query}{cursor}")).send().expect(200);
        let names = corner.own(&page);
        assert!(names.len() <= 7);
        seen.extend(names);
        pages += 1;
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={}", crate::client::encode(next));
        assert!(pages < 20, "it doesn't end");
        // One at the beginning, one in the midst, one at the end; and two go: one that was seen, one that maybe was not.
        for (name, north, east) in
            [("new-a", 0.0, -20.0), ("new-b", 1_400.0, 1_800.0), ("new-c", 4_000.0, 5_000.0)]
        {
            corner.point(&format!("{name}{pages}"), json!({"location": corner.location(north, east)}));
        }
        let unseen =
            (0..25).map(|n| format!("p{n:02}")).find(|name| !seen.contains(name) && !removed.contains(name));
        for name in
            [seen.iter().rev().find(|name| name.starts_with('p')).cloned(), unseen].into_iter().flatten()
        {
            corner.delete(&corner.id(&name)).expect(204);
            removed.insert(name);
        }
    }
    let once: BTreeSet<_> = seen.iter().collect();
    assert_eq!(once.len(), seen.len(), "one came twice: {seen:?}");
    for n in 0..25 {
        let name = format!("p{n:02}");
        assert!(removed.contains(&name) || once.contains(&name), "{name} was never shown: {seen:?}");
    }
}

#[test]
fn nothing_is_shown_twice_or_left_out_in_the_order_of_distance() {
    page_through(|corner| corner.near(), "points");
}

#[test]
fn nothing_is_shown_twice_or_left_out_in_the_order_of_cells() {
    page_through(|_| String::new(), "points");
}

#[test]
fn nothing_of_a_map_is_shown_twice_or_left_out() {
    page_through(|_| String::new(), "points.geojson");
}

#[test]
fn points_in_one_place_are_paged_by_id() {
    let corner = Corner::shared();
    for name in ["c", "a", "e", "b", "d"] {
        corner.point(name, json!({}));
    }
    for order in [corner.near(), String::new()] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = corner.search(&format!("{order}&limit=2&q={}{cursor}", corner.tag));
            seen.extend(corner.own(&page));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, ["a", "b", "c", "d", "e"], "{order}");
    }
    let page = corner.search(&format!("limit=5&q={}", corner.tag));
    assert!(page["next_cursor"].is_null(), "a full last page is the last: {page}");
}
