use proptest::prelude::*;
use shared::{
    divisions::DivisionCode,
    geo::Position,
    map::{Area, cell_of},
};

use super::*;
use crate::domain::{CareLevels, Counts, Feature, NewEntry};

const AGES: Ages = Ages { fresh_s: 86_400, ageing_s: 604_800 };
const NOW: i64 = 1_800_000_000;

fn room(kind: usize, level: usize, monthly_fen: i64, available: i64, age_days: i64) -> Room {
    Room {
        room_type: RoomType::WORDS[kind].1,
        care_levels: CareLevels::new(&CareLevel::ALL[level..]),
        monthly_fen,
        counts: Counts {
            maximum: available + 10,
            occupied: 10,
            reserved: 0,
            available,
            confirmed_at: NOW - age_days * 86_400,
            updated_at: 0,
            version: 1,
        },
    }
}

fn home(n: usize, (lat, lon): (f64, f64), rooms: Vec<Room>) -> NewEntry {
    let location = Position { lat, lon };
    NewEntry {
        cell: cell_of(location),
        id: format!("h{n:03}"),
        words: format!("样例{n}院"),
        head: String::new(),
        facts: HomeFacts {
            location,
            division: DivisionCode::parse("310101002").unwrap(),
            ownership: Ownership::WORDS[n % 3].1,
            features: Features::new(&[Feature::WORDS[n % 6].1, Feature::WORDS[n / 6 % 6].1]),
        },
        parts: rooms,
    }
}

fn find(search: &Search, homes: &[NewEntry]) -> Vec<String> {
    let mut hits = search.walk.hits();
    search.judge(&Arc::new(Block::new(1, homes.to_vec())), (AGES, NOW), &mut hits);
    let (hits, _) = search.walk.page(hits);
    hits.iter().map(|hit| hit.item().unwrap().id().to_owned()).collect()
}

fn five(rooms: RoomFilter) -> Search {
    Search { walk: Walk { limit: 5, ..Walk::default() }, rooms, ..Search::default() }
}

#[test]
fn one_room_has_to_fit_all_of_the_filter() {
    let rooms = vec![room(0, 0, 900, 0, 0), room(1, 0, 500, 3, 0)];
    let homes = [home(0, (31.2, 121.4), rooms)];
    let found = |rooms: RoomFilter| find(&five(rooms), &homes).len();
    let one = RoomFilter { room_type: Some(RoomType::Single), ..RoomFilter::default() };
    assert_eq!(found(one), 1);
    assert_eq!(found(RoomFilter { min_available: Some(1), ..RoomFilter::default() }), 1);
    assert_eq!(found(RoomFilter { min_available: Some(1), ..one }), 0, "the double has the vacancy");
    assert_eq!(found(RoomFilter { max_monthly_fen: Some(499), ..RoomFilter::default() }), 0);
}

#[test]
fn stale_rooms_have_no_vacancy_but_are_found() {
    let homes = [home(0, (31.2, 121.4), vec![room(0, 0, 900, 5, 8)])];
    let found =
        |min_available| find(&five(RoomFilter { min_available, ..RoomFilter::default() }), &homes).len();
    assert_eq!((found(None), found(Some(1))), (1, 0));
}

fn homes() -> impl Strategy<Value = Vec<NewEntry>> {
    let room = (0..4_usize, 0..7_usize, 1..9_i64, 0..4_i64, 0..10_i64)
        .prop_map(|(kind, level, price, available, age)| room(kind, level, price * 100, available, age));
    let place = (31.10..31.30_f64, 121.40..121.60_f64);
    prop::collection::vec((place, prop::collection::vec(room, 1..4)), 1..60).prop_map(|all| {
        all.into_iter().enumerate().map(|(n, (place, rooms))| home(n, place, rooms)).collect()
    })
}

fn filters() -> impl Strategy<Value = Search> {
    let rooms = (
        prop::option::of(0..7_i64),
        prop::option::of(0..4_usize),
        prop::option::of(1..9_i64),
        prop::option::of(0..4_i64),
    )
        .prop_map(|(level, kind, price, min_available)| RoomFilter {
            care_level: level.and_then(CareLevel::new),
            room_type: kind.map(|kind| RoomType::WORDS[kind].1),
            max_monthly_fen: price.map(|price| price * 100),
            min_available,
        });
    let near = prop::option::of((31.10..31.30_f64, 121.40..121.60_f64));
    let area = (near, prop::option::of(500..9_000_u32)).prop_map(|(near, radius)| {
        Area::new(near.map(|(lat, lon)| Position { lat, lon }), radius, None, None)
    });
    (rooms, area, prop::option::of(0..6_usize), prop::option::of(0..3_usize), 0..4_u8, 1..9_usize).prop_map(
        |(rooms, area, feature, ownership, sort, limit)| {
            let sort = match sort {
                0 => Sort::Price,
                1 => Sort::Available,
                _ if area.near().is_some() => Sort::Distance,
                _ => Sort::AsMet,
            };
            Search {
                walk: Walk { area, by: sort.by(), after: None, limit },
                rooms,
                features: feature.map_or(Features::default(), |n| Features::new(&[Feature::WORDS[n].1])),
                ownership: ownership.map(|n| Ownership::WORDS[n].1),
                text: None,
                sort,
            }
        },
    )
}

/// What a search should find, by looking at every home.
fn plainly(search: &Search, homes: &[NewEntry]) -> Vec<String> {
    let mut found: Vec<((i64, String, String), String)> = Vec::new();
    for home in homes {
        let distance = search.walk.area.distance_m(&home.facts.location);
        let rooms: Vec<&Room> = home.parts.iter().filter(|room| search.rooms.fits(room, AGES, NOW)).collect();
        let fits = search.walk.area.reaches(distance)
            && home.facts.features.include(search.features)
            && search.ownership.is_none_or(|ownership| ownership == home.facts.ownership)
            && !rooms.is_empty();
        if !fits {
            continue;
        }
        let (key, cell) = match search.sort {
            Sort::AsMet => (0, home.cell.clone()),
            Sort::Distance => (i64::from(distance.unwrap()), String::new()),
            Sort::Price => (rooms.iter().map(|room| room.monthly_fen).min().unwrap(), String::new()),
            Sort::Available => {
                (-rooms.iter().map(|room| room.counts.vacant(AGES, NOW)).sum::<i64>(), String::new())
            }
        };
        found.push(((key, cell, home.id.clone()), home.id.clone()));
    }
    found.sort();
    found.into_iter().map(|(_, id)| id).take(search.walk.limit).collect()
}

proptest! {
    #[test]
    fn a_search_finds_what_a_plain_look_finds_in_the_same_order(homes in homes(), search in filters()) {
        prop_assert_eq!(find(&search, &homes), plainly(&search, &homes));
    }
}
