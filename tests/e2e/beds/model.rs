//! Searches are what somebody finds who looks at every home.

use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

use super::{Corner, import::FULL_HEADER, pages::walk};
use crate::{corner::round, server::Server};

const FEATURES: [(&str, &str); 6] = [
    ("dementia_care", "认知症照护"),
    ("long_term_care_insurance", "长护险定点"),
    ("medical_care", "内设医疗机构"),
    ("short_stay", "短期托养"),
    ("day_care", "日间照料"),
    ("meals", "助餐服务"),
];
const OWNERSHIPS: [(&str, &str); 3] =
    [("public", "公办"), ("public_built_private_run", "公建民营"), ("private", "民办")];
const TYPES: [&str; 4] = ["single", "double", "triple", "multiple"];
const DIVISIONS: [&str; 4] = ["310151", "310151202", "310151201", "310151104"];

#[derive(Clone, Debug)]
struct Room {
    levels: u8,
    yuan: i64,
    maximum: i64,
    occupied: i64,
}

#[derive(Clone, Debug)]
struct Home {
    id: String,
    division: usize,
    lat: f64,
    lon: f64,
    ownership: usize,
    features: u8,
    /// One of each type, where it has them.
    rooms: Vec<Option<Room>>,
}

#[derive(Clone, Debug)]
struct Question {
    radius: Option<u32>,
    /// Half the sides of a box around the middle, in degrees.
    within: Option<(f64, f64)>,
    division: Option<usize>,
    level: Option<u8>,
    room_type: Option<usize>,
    yuan: Option<i64>,
    least: Option<i64>,
    features: u8,
    ownership: Option<usize>,
    sort: usize,
}

fn room() -> impl Strategy<Value = Room> {
    (1..128_u8, 0..12_i64, 0..15_i64, 0..15_i64).prop_map(|(levels, price, maximum, occupied)| Room {
        levels,
        yuan: price * 1_000,
        maximum,
        occupied: occupied.min(maximum),
    })
}

fn home() -> impl Strategy<Value = Home> {
    let rooms = prop::collection::vec(prop::option::weighted(0.6, room()), 4)
        .prop_filter("a home has rooms", |rooms| rooms.iter().any(Option::is_some));
    let place = (31.42..31.68_f64, 121.30..121.85_f64);
    let place = place.prop_map(|(lat, lon)| (round(lat), round(lon)));
    (0..4_usize, place, 0..3_usize, 0..64_u8, rooms).prop_map(
        |(division, (lat, lon), ownership, features, rooms)| Home {
            id: String::new(),
            division,
            lat,
            lon,
            ownership,
            features,
            rooms,
        },
    )
}

fn question() -> impl Strategy<Value = Question> {
    let some = prop::option::weighted::<std::ops::Range<usize>>;
    let place = (
        prop::option::weighted(0.4, 2_000..40_000_u32),
        prop::option::weighted(0.3, (0.02..0.2_f64, 0.02..0.3_f64)),
        some(0.3, 0..4),
    );
    let rooms = (
        prop::option::weighted(0.5, 0..7_u8),
        some(0.4, 0..4),
        prop::option::weighted(0.4, (0..12_i64).prop_map(|price| price * 1_000)),
        prop::option::weighted(0.5, 0..8_i64),
    );
    let features = prop_oneof![2 => Just(0_u8), 1 => (0..6_u32).prop_map(|n| 1_u8 << n), 1 => 0..64_u8];
    (place, rooms, features, some(0.3, 0..3), 0..4_usize).prop_map(
        |((radius, within, division), (level, room_type, yuan, least), features, ownership, sort)| Question {
            radius,
            within,
            division,
            level,
            room_type,
            yuan,
            least,
            features,
            ownership,
            sort,
        },
    )
}

const MIDDLE: (f64, f64) = (31.55, 121.55);

/// By the haversine formula, on a sphere of 6,371,008.8 m.
fn metres(home: &Home) -> f64 {
    let (lat, lon) = ((home.lat - MIDDLE.0).to_radians(), (home.lon - MIDDLE.1).to_radians());
    let squared = |angle: f64| (angle / 2.0).sin().powi(2);
    let cosines = home.lat.to_radians().cos() * MIDDLE.0.to_radians().cos();
    2.0 * 6_371_008.8 * (squared(lat) + cosines * squared(lon)).sqrt().asin()
}

fn levels(bits: u8) -> impl Iterator<Item = u8> {
    (0..7).filter(move |level| bits >> level & 1 == 1)
}

fn words(bits: u8) -> impl Iterator<Item = (&'static str, &'static str)> {
    FEATURES.into_iter().enumerate().filter(move |(n, _)| bits >> n & 1 == 1).map(|(_, words)| words)
}

/// The home as a row of a file, in Chinese.
fn row(home: &Home, tag: &str) -> String {
    let features: Vec<_> = words(home.features).map(|(_, zh)| zh).collect();
    let rooms = home.rooms.iter().map(|room| {
        room.as_ref().map_or(",,,".to_owned(), |room| {
            let levels: Vec<_> = levels(room.levels).map(|level| level.to_string()).collect();
            format!("{},{},{},{}", levels.join("、"), room.yuan, room.maximum, room.occupied)
        })
    });
    let rooms: Vec<_> = rooms.collect();
    format!(
        "{},样例院 {tag},样例单位,{},样例路,{},{},021-00000000,{},{},{},是\n",
        home.id,
        DIVISIONS[home.division],
        home.lat,
        home.lon,
        OWNERSHIPS[home.ownership].1,
        features.join("、"),
        rooms.join(",")
    )
}

impl Question {
    fn query(&self) -> String {
        let mut parts = Vec::new();
        if self.sort == 1 || self.radius.is_some() {
            parts.push(format!("near={},{}", MIDDLE.0, MIDDLE.1));
        }
        parts.extend(self.radius.map(|radius| format!("radius_m={radius}")));
        let (lat, lon) = MIDDLE;
        let bbox =
            |(north, east)| format!("bbox={},{},{},{}", lon - east, lat - north, lon + east, lat + north);
        parts.extend(self.within.map(bbox));
        parts.extend(self.division.map(|n| format!("division_code={}", DIVISIONS[n])));
        parts.extend(self.level.map(|level| format!("care_level={level}")));
        parts.extend(self.room_type.map(|n| format!("room_type={}", TYPES[n])));
        parts.extend(self.yuan.map(|yuan| format!("max_monthly_fen={}", yuan * 100)));
        parts.extend(self.least.map(|least| format!("min_available={least}")));
        if self.features > 0 {
            let features: Vec<_> = words(self.features).map(|(word, _)| word).collect();
            parts.push(format!("feature={}", features.join(",")));
        }
        parts.extend(self.ownership.map(|n| format!("ownership={}", OWNERSHIPS[n].0)));
        parts.extend(
            [None, Some("distance"), Some("price"), Some("available")][self.sort]
                .map(|by| format!("sort={by}")),
        );
        parts.join("&")
    }

    fn fitting<'a>(&'a self, home: &'a Home) -> impl Iterator<Item = &'a Room> {
        let rooms = home.rooms.iter().enumerate().filter_map(|(n, room)| Some((n, room.as_ref()?)));
        let fits = move |(n, room): &(usize, &Room)| {
            self.level.is_none_or(|level| room.levels >> level & 1 == 1)
                && self.room_type.is_none_or(|kind| kind == *n)
                && self.yuan.is_none_or(|most| room.yuan <= most)
                && self.least.is_none_or(|least| room.maximum - room.occupied >= least)
        };
        rooms.filter(fits).map(|(_, room)| room)
    }

    fn fits(&self, home: &Home) -> bool {
        let (north, east) = ((home.lat - MIDDLE.0).abs(), (home.lon - MIDDLE.1).abs());
        self.radius.is_none_or(|radius| metres(home).round() <= f64::from(radius))
            && self.within.is_none_or(|(half_north, half_east)| north <= half_north && east <= half_east)
            && self.division.is_none_or(|n| DIVISIONS[home.division].starts_with(DIVISIONS[n]))
            && self.features & home.features == self.features
            && self.ownership.is_none_or(|kind| kind == home.ownership)
            && self.fitting(home).next().is_some()
    }

    /// What the order goes by; the id comes after it.
    fn key(&self, home: &Home) -> i64 {
        match self.sort {
            1 => format!("{:.0}", metres(home)).parse().unwrap(),
            2 => self.fitting(home).map(|room| room.yuan).min().unwrap(),
            3 => -self.fitting(home).map(|room| room.maximum - room.occupied).sum::<i64>(),
            _ => 0,
        }
    }
}

#[test]
#[cfg_attr(another_server, ignore = "asks of every home of the server")]
fn what_a_search_finds_is_what_looking_at_every_home_finds() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let mut runner = TestRunner::new(Config { cases: 120, failure_persistence: None, ..Config::default() });
    let mut homes = prop::collection::vec(home(), 300).new_tree(&mut runner).unwrap().current();
    for (n, home) in homes.iter_mut().enumerate() {
        home.id = corner.id(&format!("h{n:03}"));
    }
    let file = homes.iter().fold(FULL_HEADER.to_owned(), |file, home| file + &row(home, &corner.tag));
    assert_eq!(corner.import("", file).expect(200)["created"], 300);
    let met = std::cell::Cell::new(0);
    runner
        .run(&question(), |question| {
            let mut expected: Vec<_> = homes.iter().filter(|home| question.fits(home)).collect();
            expected.sort_by_key(|home| (question.key(home), &home.id));
            let expected: Vec<_> = expected
                .iter()
                .map(|home| home.id.strip_prefix(&format!("{}-", corner.tag)).unwrap())
                .collect();
            met.set(met.get() + usize::from(!expected.is_empty()));
            let query = question.query();
            let mut found = walk(&corner, &format!("{query}&limit=40"));
            if question.sort == 0 {
                // By distance or as the map has them; the other orders are told by their names.
                found.sort();
            }
            prop_assert_eq!(&found, &expected, "{}", query);
            Ok(())
        })
        .unwrap();
    assert!(met.get() >= 40, "only {} searches found something", met.get());
    let shown = corner.read(&homes[0].id);
    let rooms: Vec<Value> = shown["rooms"].as_array().cloned().unwrap();
    let expected = homes[0].rooms.iter().zip(TYPES).filter_map(|(room, kind)| {
        let room = room.as_ref()?;
        Some(json!([
            kind,
            levels(room.levels).collect::<Vec<_>>(),
            room.yuan * 100,
            room.maximum,
            room.occupied
        ]))
    });
    let by_type = |kind: &str| rooms.iter().find(|room| room["room_type"] == kind).unwrap();
    for expected in expected {
        let room = by_type(expected[0].as_str().unwrap());
        let fields =
            ["room_type", "care_levels", "monthly_fen", "maximum", "occupied"].map(|field| &room[field]);
        assert_eq!(json!(fields), expected);
    }
}
