//! The largest file, and searches among its points compared with a plain count over all of them.

use std::time::Instant;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use shared::{
    calendar::WorkingCalendar,
    geo::{BoundingBox, Position},
    opening_hours::OpeningHours,
};

use super::{API, Corner, import::HEADER};
use crate::server::Server;

const ROWS: usize = 20_000;
const HOURS: [&str; 3] =
    ["Mo-Fr 09:00-17:00", "Mo-Fr 09:00-11:30,13:00-17:00; Sa 09:00-12:00", "Sa,Su 10:00-20:00"];
const ITEMS: [&str; 4] = ["图书、衣物=急需", "食品=已满", "玩具=急需、图书=暂停", "无"];
/// District, and a box in it.
const DISTRICTS: [(&str, [f64; 4]); 3] = [
    ("310151", [121.20, 31.40, 121.90, 31.80]),
    ("310115", [121.60, 30.90, 121.90, 31.30]),
    ("310101", [121.46, 31.20, 121.50, 31.24]),
];

/// The same numbers on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.0 >> 32).unwrap()) / f64::from(u32::MAX)
    }

    fn choose(&mut self, count: usize) -> usize {
        let n = (self.roll() * 1e6).round();
        format!("{n}").parse::<usize>().unwrap() % count
    }
}

struct Made {
    id: String,
    position: Position,
    district: usize,
    hours: usize,
    items: usize,
    word: usize,
}

const WORDS: [&str; 3] = ["暖心驿站", "绿色书屋", "Helping Hands"];

fn made(rows: usize) -> Vec<Made> {
    let mut dice = Dice(7);
    (0..rows)
        .map(|n| {
            // Half of them in the crowded middle.
            let district = if dice.choose(2) == 0 { 2 } else { dice.choose(2) };
            let [west, south, east, north] = DISTRICTS[district].1;
            let round = |degrees: f64| (degrees * 1e5).round() / 1e5;
            let lat = round(south + (north - south) * dice.roll());
            let lon = round(west + (east - west) * dice.roll());
            let position = Position { lat, lon };
            Made {
                id: format!("big-{n:05}"),
                position,
                district,
                hours: dice.choose(3),
                items: dice.choose(4),
                word: dice.choose(3),
            }
        })
        .collect()
}

fn file(points: &[Made]) -> String {
    let mut file = HEADER.to_owned();
    for (n, point) in points.iter().enumerate() {
        file.push_str(&format!(
            "{},{}{n},样例慈善会,{},样例路{n}号,{},{},021-00000000,\"{}\",{},是\n",
            point.id,
            WORDS[point.word],
            DISTRICTS[point.district].0,
            point.position.lat,
            point.position.lon,
            HOURS[point.hours],
            ITEMS[point.items],
        ));
    }
    file
}

#[test]
#[cfg_attr(another_server, ignore = "fills the server's map")]
fn the_largest_file_is_taken_in_and_every_search_finds_what_a_plain_count_finds() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let points = made(ROWS);
    let file = file(&points);
    let timed = |what: &str, query: &str| {
        let began = Instant::now();
        let answer = corner.import(query, file.clone());
        println!("{what}: {} rows, {} bytes in {:?}", ROWS, file.len(), began.elapsed());
        answer.expect(200)
    };
    assert_eq!(timed("dry run", "?dry_run=true")["created"], ROWS);
    assert_eq!(
        timed("import", ""),
        json!({"dry_run": false, "rows": ROWS, "created": ROWS, "updated": 0, "restored": 0, "faults": []})
    );
    assert_eq!(timed("import again", "")["updated"], ROWS);
    assert_eq!(corner.get("summary").send().expect(200)["points"], ROWS);

    let more = [file.as_str(), &file.lines().last().unwrap().replace("big-19999", "big-20000")].concat();
    let answer = corner.import("", more.clone());
    answer.refused(422, "too_many_rows");
    assert_eq!(answer.faults(), super::faults(&[("/20002/", "too_many_rows")]));
    let dry = corner.import("?dry_run=true", more).expect(200);
    assert_eq!((&dry["rows"], &dry["faults"][0]["line"]), (&json!(ROWS + 1), &json!(20_002)));

    everything_is_exported(&corner, &file);
    every_point_is_on_the_map_once(&corner, &points);
    searches_find_what_a_plain_count_finds(&corner, &points);
    super::interleavings::check_tables(&server.database("donation"));
}

fn everything_is_exported(corner: &Corner<'_>, file: &str) {
    let export = |query: &str| {
        let began = Instant::now();
        let answer = corner.get(&format!("points/export{query}")).bearer(&corner.manager).send();
        println!("export: {} bytes in {:?}", answer.text.len(), began.elapsed());
        assert_eq!(answer.status, 200);
        answer
    };
    let first = export("");
    assert_eq!(first.text.lines().count(), ROWS + 1);
    assert_eq!(first.header("link"), None, "there are no more");
    let mut last = corner.body();
    last["name"] = json!("最后一个");
    let path = format!("{API}/points/zzz-last");
    corner.server.call("PUT", &path).bearer(&corner.manager).json(&last).send().expect(200);
    let first = export("");
    assert_eq!(first.text.lines().count(), ROWS + 1);
    let link = first.header("link").unwrap();
    assert!(link.contains("rel=\"next\""), "{link}");
    let next = link.split(['<', '>']).nth(1).unwrap();
    let rest = corner.server.get(next).bearer(&corner.manager).send();
    assert_eq!((rest.status, rest.text.lines().count(), rest.header("link")), (200, 2, None), "{rest:?}");
    assert!(rest.text.contains("zzz-last"));
    corner.call("DELETE", "points/zzz-last").bearer(&corner.manager).send().expect(204);
    let done = corner.import("", first.text.clone()).expect(200);
    assert_eq!((&done["created"], &done["updated"]), (&json!(0), &json!(ROWS)));
    assert!(export("").text == first.text, "a round trip changes nothing");
    corner.import("", file.to_owned()).expect(200);
}

fn every_point_is_on_the_map_once(corner: &Corner<'_>, points: &[Made]) {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let began = Instant::now();
        let page = corner.get(&format!("points.geojson?limit=5000{cursor}")).send();
        println!("map: {} bytes in {:?}", page.text.len(), began.elapsed());
        let page = page.expect(200);
        let features = page["features"].as_array().unwrap();
        seen.extend(features.iter().map(|feature| feature["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    seen.sort();
    assert!(seen.iter().eq(points.iter().map(|point| &point.id)), "{} on the map", seen.len());
}

fn searches_find_what_a_plain_count_finds(corner: &Corner<'_>, points: &[Made]) {
    let calendar = WorkingCalendar::embedded();
    let hours = HOURS.map(|hours| OpeningHours::parse_text(hours).unwrap());
    let mut dice = Dice(11);
    let mut slowest = std::time::Duration::ZERO;
    for round in 0..120 {
        let [west, south, east, north] = DISTRICTS[dice.choose(3)].1;
        let place = |dice: &mut Dice| Position {
            lat: south + (north - south) * dice.roll(),
            lon: west + (east - west) * dice.roll(),
        };
        let near = (round % 4 != 0).then(|| place(&mut dice));
        let radius =
            (near.is_some() && dice.choose(2) == 0).then(|| [50, 500, 3_000, 40_000][dice.choose(4)]);
        let corners = (dice.choose(3) == 0).then(|| (place(&mut dice), place(&mut dice)));
        let bbox = corners.map(|(a, b)| BoundingBox {
            west: a.lon.min(b.lon),
            south: a.lat.min(b.lat),
            east: a.lon.max(b.lon),
            north: a.lat.max(b.lat),
        });
        let district = (dice.choose(3) == 0).then(|| dice.choose(3));
        let item = (dice.choose(3) == 0)
            .then(|| [("books", vec![0]), ("toys", vec![2]), ("food", vec![])][dice.choose(3)].clone());
        let at = (dice.choose(3) == 0)
            .then(|| ["2026-12-02T12:00:00+08:00", "2026-12-05T11:00:00+08:00"][dice.choose(2)]);
        let word = (dice.choose(2) == 0).then(|| dice.choose(3));
        let mut query = "limit=30".to_owned();
        let mut also = |part: Option<String>| part.into_iter().for_each(|part| query.push_str(&part));
        also(near.map(|near| format!("&near={},{}", near.lat, near.lon)));
        also(radius.map(|radius| format!("&radius_m={radius}")));
        also(bbox.map(|b| format!("&bbox={},{},{},{}", b.west, b.south, b.east, b.north)));
        also(district.map(|district| format!("&division_code={}", DISTRICTS[district].0)));
        also(item.as_ref().map(|(item, _)| format!("&item={item}")));
        also(at.map(|at| format!("&open_at={}", crate::client::encode(at))));
        also(word.map(|word| format!("&q={}", crate::client::encode(["暖心", "lvse", "hands"][word]))));

        let instant = at.map(|at| DateTime::parse_from_rfc3339(at).unwrap().with_timezone(&Utc));
        let fits = |point: &&Made| {
            bbox.is_none_or(|bbox| bbox.contains(&point.position))
                && district.is_none_or(|district| district == point.district)
                && item.as_ref().is_none_or(|(_, good)| good.contains(&point.items))
                && instant.is_none_or(|at| hours[point.hours].is_open(at, calendar))
                && word.is_none_or(|word| word == point.word)
                && radius.is_none_or(|radius| near.unwrap().distance_m(&point.position) <= radius)
        };
        let mut expected: Vec<_> = points
            .iter()
            .filter(fits)
            .map(|point| (near.map_or(0, |near| near.distance_m(&point.position)), point.id.as_str()))
            .collect();
        expected.sort_unstable();
        let (mut found, mut cursor) = (Vec::new(), String::new());
        for _ in 0..3 {
            let began = Instant::now();
            let page = corner.search(&format!("{query}{cursor}"));
            slowest = slowest.max(began.elapsed());
            if began.elapsed().as_millis() > 500 {
                println!("{:?}: {query}{cursor}", began.elapsed());
            }
            let distance = |point: &Value| point["distance_m"].as_u64().unwrap_or(0).try_into().unwrap();
            let items = page["items"].as_array().unwrap().iter();
            found.extend(items.map(|point| (distance(point), point["id"].as_str().unwrap().to_owned())));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let found: Vec<(u32, &str)> = found.iter().map(|(distance, id)| (*distance, id.as_str())).collect();
        assert_eq!(found.len(), expected.len().min(90), "{query}");
        if near.is_some() {
            assert_eq!(found, expected[..found.len()], "{query}");
        } else {
            let all: std::collections::BTreeSet<_> = expected.iter().collect();
            let once: std::collections::BTreeSet<_> = found.iter().collect();
            assert!(once.len() == found.len() && once.is_subset(&all), "{query}");
        }
    }
    println!("the slowest of the searches took {slowest:?}");
}

#[test]
fn a_file_that_is_faulty_all_over_is_answered_and_writes_nothing() {
    let corner = Corner::shared();
    let mut file = HEADER.to_owned();
    for n in 0..ROWS {
        file.push_str(&format!("{}-{n:05},,,x,,x,x,x,x,x,x\n", corner.tag));
    }
    for query in ["?dry_run=true", ""] {
        let began = Instant::now();
        let answer = corner.import(query, file.clone());
        println!("faulty{query}: {} bytes of answer in {:?}", answer.text.len(), began.elapsed());
        let body = answer.json();
        let (status, faults) = if query.is_empty() { (422, &body["errors"]) } else { (200, &body["faults"]) };
        assert_eq!(answer.status, status);
        assert!(faults.as_array().unwrap().len() >= ROWS, "each row is named");
    }
    let file = vec![b'x'; 8 << 20];
    for (query, status) in [("?dry_run=true", 200), ("", 422)] {
        assert_eq!(corner.import(query, file.clone()).status, status, "8 MiB that are one line");
    }
    let lines = b"x\n".repeat(4 << 20);
    assert_eq!(corner.import("?dry_run=true", lines).status, 200, "8 MiB of lines");
    let rows = [HEADER.as_bytes(), &b"x\n".repeat((4 << 20) - HEADER.len())].concat();
    corner.import("", rows).refused(422, "too_many_rows");
    assert!(corner.own_found("").is_empty());
}
