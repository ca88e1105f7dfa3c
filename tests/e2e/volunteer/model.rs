//! Searches are what somebody finds who looks at every opportunity.

use chrono::Utc;
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

use super::{Corner, written};
use crate::{corner::round, crowd::together, server::Server};

const FIELDS: [&str; 4] = ["elder_care", "environment", "health", "other"];
const SKILLS: [&str; 5] = ["driving", "teaching", "sign_language", "home_repair", "caregiving"];
const DIVISIONS: [&str; 4] = ["310151", "310151202", "310151201", "310151104"];
const MIDDLE: (f64, f64) = (31.55, 121.55);

#[derive(Clone, Debug)]
struct Thing {
    name: String,
    division: usize,
    at: (f64, f64),
    field: usize,
    of_use: u8,
    needed: u8,
    for_minors: bool,
    /// Hours ahead, and whether somebody has the only place.
    shifts: Vec<(i64, bool)>,
    state: usize,
}

#[derive(Clone, Debug)]
struct Question {
    radius: Option<u32>,
    within: Option<(f64, f64)>,
    division: Option<usize>,
    field: Option<usize>,
    skill: Option<usize>,
    for_minors: Option<bool>,
    available: bool,
    from: Option<i64>,
    to: Option<i64>,
    by_distance: bool,
}

fn thing() -> impl Strategy<Value = Thing> {
    let at = (31.42..31.68_f64, 121.30..121.85_f64).prop_map(|(lat, lon)| (round(lat), round(lon)));
    let shifts = prop::collection::btree_map(1..60_i64, prop::bool::weighted(0.3), 1..4);
    let state = prop_oneof![8 => Just(0_usize), 1 => Just(1), 1 => Just(2)];
    (
        0..4_usize,
        at,
        0..4_usize,
        0..32_u8,
        prop_oneof![3 => Just(0_u8), 1 => 0..32_u8],
        any::<bool>(),
        shifts,
        state,
    )
        .prop_map(|(division, at, field, of_use, needed, for_minors, shifts, state)| Thing {
            name: String::new(),
            division,
            at,
            field,
            of_use,
            needed,
            for_minors,
            // Twelve hours apart.
            shifts: shifts.into_iter().map(|(n, full)| (n * 12, full)).collect(),
            state,
        })
}

fn question() -> impl Strategy<Value = Question> {
    let some = prop::option::weighted::<std::ops::Range<usize>>;
    let place = (
        prop::option::weighted(0.4, 2_000..40_000_u32),
        prop::option::weighted(0.3, (0.02..0.2_f64, 0.02..0.3_f64)),
        some(0.3, 0..4),
    );
    let kind = (some(0.3, 0..4), some(0.3, 0..5), prop::option::weighted(0.3, any::<bool>()), any::<bool>());
    let time =
        (prop::option::weighted(0.4, 0..400_i64), prop::option::weighted(0.4, 100..720_i64), any::<bool>());
    (place, kind, time).prop_map(
        |((radius, within, division), (field, skill, for_minors, available), (from, to, by_distance))| {
            Question {
                radius,
                within,
                division,
                field,
                skill,
                for_minors,
                available,
                from,
                to: to.map(|to| from.unwrap_or(0) + to),
                by_distance,
            }
        },
    )
}

/// By the haversine formula, on a sphere of 6,371,008.8 m.
fn metres(thing: &Thing) -> f64 {
    let (lat, lon) = ((thing.at.0 - MIDDLE.0).to_radians(), (thing.at.1 - MIDDLE.1).to_radians());
    let squared = |angle: f64| (angle / 2.0).sin().powi(2);
    let cosines = thing.at.0.to_radians().cos() * MIDDLE.0.to_radians().cos();
    2.0 * 6_371_008.8 * (squared(lat) + cosines * squared(lon)).sqrt().asin()
}

fn skills(bits: u8) -> Vec<&'static str> {
    SKILLS.iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1).map(|(_, word)| *word).collect()
}

impl Question {
    fn query(&self, begin: chrono::DateTime<Utc>) -> String {
        let mut parts = Vec::new();
        if self.by_distance || self.radius.is_some() {
            parts.push(format!("near={},{}", MIDDLE.0, MIDDLE.1));
        }
        parts.extend(self.radius.map(|radius| format!("radius_m={radius}")));
        let (lat, lon) = MIDDLE;
        let bbox =
            |(north, east)| format!("bbox={},{},{},{}", lon - east, lat - north, lon + east, lat + north);
        parts.extend(self.within.map(bbox));
        parts.extend(self.division.map(|n| format!("division_code={}", DIVISIONS[n])));
        parts.extend(self.field.map(|n| format!("field={}", FIELDS[n])));
        parts.extend(self.skill.map(|n| format!("skill={}", SKILLS[n])));
        parts.extend(self.for_minors.map(|yes| format!("for_minors={yes}")));
        parts.push(format!("available={}", self.available));
        let instant = |hours: i64| written(begin + chrono::TimeDelta::hours(hours));
        parts.extend(self.from.map(|hours| format!("from={}", instant(hours))));
        parts.extend(self.to.map(|hours| format!("to={}", instant(hours))));
        parts.push(format!("sort={}", if self.by_distance { "distance" } else { "date" }));
        parts.join("&")
    }

    /// When the first shift that is asked about begins.
    fn next(&self, thing: &Thing) -> Option<i64> {
        let fits = |(hours, full): &&(i64, bool)| {
            self.from.is_none_or(|from| *hours >= from)
                && self.to.is_none_or(|to| *hours < to)
                && !(self.available && *full)
        };
        thing.shifts.iter().find(fits).map(|(hours, _)| *hours)
    }

    fn fits(&self, thing: &Thing) -> bool {
        let (north, east) = ((thing.at.0 - MIDDLE.0).abs(), (thing.at.1 - MIDDLE.1).abs());
        let has = |n: usize| (thing.of_use | thing.needed) >> n & 1 == 1;
        thing.state == 0
            && self.radius.is_none_or(|radius| metres(thing).round() <= f64::from(radius))
            && self.within.is_none_or(|(half_north, half_east)| north <= half_north && east <= half_east)
            && self.division.is_none_or(|n| DIVISIONS[thing.division].starts_with(DIVISIONS[n]))
            && self.field.is_none_or(|field| field == thing.field)
            && self.skill.is_none_or(has)
            && self.for_minors.is_none_or(|yes| yes == thing.for_minors)
            && self.next(thing).is_some()
    }
}

fn offer(corner: &Corner<'_>, thing: &Thing, begin: chrono::DateTime<Utc>) -> super::Opportunity {
    let instant =
        |hours: i64, minutes: i64| written(begin + chrono::TimeDelta::minutes(60 * hours + minutes));
    let shift = |(hours, _): &(i64, bool)| json!({"starts_at": instant(*hours, 0), "ends_at": instant(*hours, 5), "capacity": 1, "waitlist_capacity": 0});
    let change = json!({
        "division_code": DIVISIONS[thing.division], "location": {"lat": thing.at.0, "lon": thing.at.1},
        "field": FIELDS[thing.field], "skills": skills(thing.of_use), "for_minors": thing.for_minors,
        "requirements": {"skills": skills(thing.needed)},
        "shifts": thing.shifts.iter().map(shift).collect::<Vec<_>>(),
    });
    let made = corner.draft(&thing.name, change);
    if thing.state != 1 {
        corner.step(&made.id, "publish").expect(200);
    }
    made
}

#[test]
#[cfg_attr(another_server, ignore = "asks of every opportunity of the server")]
fn what_a_search_finds_is_what_looking_at_every_opportunity_finds() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let mut runner = TestRunner::new(Config { cases: 150, failure_persistence: None, ..Config::default() });
    let mut things = prop::collection::vec(thing(), 240).new_tree(&mut runner).unwrap().current();
    for (n, thing) in things.iter_mut().enumerate() {
        thing.name = format!("t{n:03}");
    }
    let begin = Utc::now() + chrono::TimeDelta::hours(1);
    // Eight clients, each with somebody who can do everything and takes the places that are taken.
    together(8, |client| {
        let who = corner.volunteers(3).into_iter();
        let all = json!({"skills": SKILLS});
        let who: Vec<_> = who
            .inspect(|who| {
                corner.call("PATCH", "volunteers/me").bearer(&who.token).json(&all).send().expect(200);
            })
            .collect();
        for thing in things.iter().skip(client).step_by(8) {
            let made = offer(&corner, thing, begin);
            for (shift, _) in
                made.shifts.iter().zip(&thing.shifts).filter(|(_, (_, full))| *full && thing.state != 1)
            {
                let taken = who.iter().any(|who| corner.sign_up(who, shift).status == 201);
                let somebody = || corner.volunteer_who(all.clone());
                assert!(taken || corner.sign_up(&somebody(), shift).status == 201);
            }
            if thing.state == 2 {
                corner.step(&made.id, "close").expect(200);
            }
        }
        corner.get("health").send()
    });
    let met = std::cell::Cell::new(0);
    runner
        .run(&question(), |question| {
            let mut expected: Vec<_> = things.iter().filter(|thing| question.fits(thing)).collect();
            let key = |thing: &Thing| {
                if question.by_distance { metres(thing).round() } else { 0.0 }
            };
            expected.sort_by(|a, b| {
                key(a).total_cmp(&key(b)).then_with(|| {
                    if question.by_distance {
                        std::cmp::Ordering::Equal
                    } else {
                        question.next(a).cmp(&question.next(b))
                    }
                })
            });
            met.set(met.get() + usize::from(!expected.is_empty()));
            let query = question.query(begin);
            let found = corner.walk(&format!("{query}&limit=40"), None);
            // Equals are told apart by their ids, which the server chose.
            let keys = |names: &[&str]| -> Vec<String> {
                let thing = |name: &str| things.iter().find(|thing| thing.name == name).unwrap();
                names
                    .iter()
                    .map(|name| {
                        format!(
                            "{} {:?}",
                            key(thing(name)),
                            (!question.by_distance).then(|| question.next(thing(name)))
                        )
                    })
                    .collect()
            };
            let expected: Vec<_> = expected.iter().map(|thing| thing.name.as_str()).collect();
            let names: Vec<_> = found.iter().map(String::as_str).collect();
            prop_assert_eq!(keys(&names), keys(&expected), "{}", &query);
            let sorted = |mut names: Vec<&str>| -> Vec<String> {
                names.sort_unstable();
                names.into_iter().map(str::to_owned).collect()
            };
            prop_assert_eq!(sorted(names), sorted(expected), "{}", query);
            Ok(())
        })
        .unwrap();
    assert!(met.get() >= 50, "only {} searches found something", met.get());
    let shown = corner.search("limit=100");
    let items = shown["items"].as_array().unwrap();
    assert!(
        items
            .iter()
            .all(|item| item["status"] == "published" && item["shifts"] != Value::from(Vec::<Value>::new()))
    );
}
