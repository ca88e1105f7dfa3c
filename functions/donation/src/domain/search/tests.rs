use proptest::prelude::*;
use shared::{
    divisions::DivisionCode,
    geo::{self, BoundingBox, Position},
    map::{Directory, OUTLINE_SLACK, cell_of},
    opening_hours::OpeningHours,
};

use super::*;
use crate::domain::{ItemState, ItemStatus, NewEntry};

fn entry(n: usize, lat: f64, lon: f64) -> NewEntry {
    let location = Position { lat, lon };
    let state = [ItemState::Accepting, ItemState::Urgent, ItemState::Full][n % 3];
    let hours = ["24/7", "Mo-Fr 09:00-17:00", "Sa 09:00-12:00"][n % 3];
    NewEntry {
        cell: cell_of(location),
        id: format!("p{n}"),
        location,
        division: DivisionCode::parse(["310101002", "310104003", "310115144"][n % 3]).unwrap(),
        hours: OpeningHours::parse_text(hours).unwrap(),
        hours_json: "{}".to_owned(),
        items: vec![ItemStatus { item: Item::Books, state, until: Some(100) }],
        confirmed_at: 0,
        head: "{}".to_owned(),
    }
}

/// Runs a search over these places as a driver does; also how many groups it looked into.
fn find(places: &[(f64, f64)], search: &Search, now: i64) -> (Vec<(u32, String)>, Option<Rank>, usize) {
    let entries: Vec<_> = places.iter().enumerate().map(|(n, (lat, lon))| entry(n, *lat, *lon)).collect();
    let mut directory = Directory::default();
    for entry in &entries {
        let version = directory.version() + 1;
        let count = entries.iter().filter(|other| other.cell == entry.cell).count();
        directory.apply(version, vec![(entry.cell.clone(), version, count.try_into().unwrap())]);
    }
    let groups = directory.groups();
    let mut hits = search.hits();
    let mut looked = 0;
    for (least, group) in search.area.order(&groups) {
        if hits.are_complete(least) {
            break;
        }
        looked += 1;
        let within = entries.iter().filter(|entry| entry.cell.starts_with(&group.prefix)).cloned().collect();
        search.judge((&Arc::new(Block::new(group.version, within)), None), now, &mut hits);
    }
    let (found, next) = search.page(hits);
    let found =
        found.iter().map(|hit| (hit.distance_m.unwrap_or(0), hit.point().unwrap().id().to_owned())).collect();
    (found, next, looked)
}

fn around(near: Option<Position>) -> Area {
    Area::new(near, None, None, None)
}

fn place() -> impl Strategy<Value = (f64, f64)> {
    (30.9..31.4_f64, 121.2..121.8_f64)
}

fn crowd() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec(prop_oneof![place(), (31.20..31.22_f64, 121.45..121.47_f64)], 0..400)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_nearest_are_those_that_looking_at_every_point_finds(
        places in crowd(), near in place(), radius in prop::option::of(100..40_000_u32), limit in 1..30_usize
    ) {
        let near = Position { lat: near.0, lon: near.1 };
        let search = Search { area: Area::new(Some(near), radius, None, None), limit, ..Search::default() };
        let mut expected: Vec<_> = places
            .iter()
            .enumerate()
            .map(|(n, (lat, lon))| (near.distance_m(&Position { lat: *lat, lon: *lon }), format!("p{n}")))
            .filter(|(distance, _)| radius.is_none_or(|radius| *distance <= radius))
            .collect();
        expected.sort();
        let more = expected.len() > limit;
        expected.truncate(limit);
        let (found, next, _) = find(&places, &search, 0);
        prop_assert_eq!(found, expected);
        prop_assert_eq!(next.is_some(), more);
    }

    #[test]
    fn pages_together_are_the_whole_without_a_gap_or_a_repetition(
        places in crowd(), near in prop::option::of(place()), limit in 1..50_usize
    ) {
        let near = near.map(|(lat, lon)| Position { lat, lon });
        let mut search = Search { area: around(near), limit, ..Search::default() };
        let mut all = Vec::new();
        loop {
            let (found, next, _) = find(&places, &search, 0);
            all.extend(found);
            search.after = next;
            if search.after.is_none() {
                break;
            }
        }
        let whole = Search { area: around(near), limit: 1000, ..Search::default() };
        prop_assert_eq!(all, find(&places, &whole, 0).0);
    }

    #[test]
    fn filters_hold_together(places in crowd(), near in place()) {
        let near = Position { lat: near.0, lon: near.1 };
        let bbox = BoundingBox::around(near, 5_000);
        let division = DivisionCode::parse("310101").unwrap();
        let search = Search {
            area: Area::new(Some(near), Some(6_000), Some(bbox), Some(division)),
            item: Some(Item::Books), open_at: Some(DateTime::UNIX_EPOCH), limit: 1000, ..Search::default()
        };
        let (found, ..) = find(&places, &search, 0);
        let expected = places.iter().enumerate().filter(|(n, (lat, lon))| {
            let at = Position { lat: *lat, lon: *lon };
            let in_division_box = geo::bounds_of(&division).widened(OUTLINE_SLACK).contains(&at);
            // 1970-01-01 08:00 in Shanghai: only who is always open is open.
            n % 3 == 0 && bbox.contains(&at) && near.distance_m(&at) <= 6_000 && in_division_box
        });
        prop_assert!(found.len() >= expected.count());
        for (distance, id) in found {
            let n: usize = id[1..].parse().unwrap();
            let at = Position { lat: places[n].0, lon: places[n].1 };
            prop_assert!(n.is_multiple_of(3) && bbox.contains(&at) && distance <= 6_000);
        }
    }
}

#[test]
fn a_crowded_neighbourhood_is_found_without_looking_at_the_city() {
    let far = (0..2000).map(|n| (30.9 + f64::from(n % 50) * 0.01, 121.2 + f64::from(n / 50) * 0.012));
    let places: Vec<_> = far.collect();
    let search =
        Search { area: around(Some(Position { lat: 31.1, lon: 121.4 })), limit: 20, ..Search::default() };
    let (found, next, looked) = find(&places, &search, 0);
    assert_eq!((found.len(), next.is_some()), (20, true));
    assert!(looked <= 8, "{looked} groups");
}

#[test]
fn an_item_is_taken_again_when_its_state_has_run_out() {
    let places = [(31.2, 121.4), (31.2, 121.5), (31.2, 121.6)];
    let search = Search { item: Some(Item::Books), limit: 10, ..Search::default() };
    assert_eq!(find(&places, &search, 99).0.len(), 2, "one is full");
    assert_eq!(find(&places, &search, 100).0.len(), 3);
}
