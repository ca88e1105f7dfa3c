//! Care homes, their beds, and who waits for one.

mod alert_filters;
mod alerts;
mod answers;
mod applications;
mod bad_input;
mod concerns;
mod corner;
mod counts;
mod crash;
mod expiry;
mod export;
mod freshness;
mod homes;
mod idempotency;
mod import;
mod interleavings;
mod limits;
mod model;
mod offers;
mod pages;
mod privacy;
mod queue;
mod races;
mod refusals;
mod search;
mod stats;
mod subsidy;
mod summary;

pub(crate) use corner::Corner;
use serde_json::{Value, json};

use crate::client::Answer;
pub(crate) use crate::client::faults;

const API: &str = "/api/v1/beds";
/// A suburban district with much room: the islands in the mouth of the Yangtze.
const DISTRICT: &str = "310151";
/// A sub-district of it.
const TOWN: &str = "310151202";
/// Another district, far from it, and a place there.
const ELSEWHERE: &str = "310116";

/// Somebody who applied: the reference and the token.
type Elder = (String, String);

/// Single rooms for everybody at 5,000 yuan.
pub(crate) fn single(maximum: i64, occupied: i64) -> Value {
    room("single", &[0, 1, 2, 3, 4, 5, 6], 500_000, (maximum, occupied))
}

pub(crate) fn room(
    room_type: &str,
    levels: &[u8],
    monthly_fen: i64,
    (maximum, occupied): (i64, i64),
) -> Value {
    json!({
        "room_type": room_type, "care_levels": levels, "monthly_fen": monthly_fen, "maximum": maximum,
        "occupied": occupied,
    })
}

/// The single rooms of a home.
pub(crate) fn place(home: &str) -> Value {
    json!({"institution_id": home, "room_type": "single"})
}

pub(crate) fn application(applicant: &Value, homes: &[&str]) -> Value {
    json!({"applicant": applicant, "preferences": homes.iter().map(|home| place(home)).collect::<Vec<_>>()})
}

/// What was made: its reference and token.
#[track_caller]
pub(crate) fn made(answer: &Answer) -> Elder {
    let body = answer.expect(201);
    (body["reference"].as_str().unwrap().to_owned(), body["token"].as_str().unwrap().to_owned())
}

/// The rooms of one type.
#[track_caller]
pub(crate) fn rooms_of<'a>(home: &'a Value, room_type: &str) -> &'a Value {
    let mut rooms = home["rooms"].as_array().unwrap().iter();
    rooms.find(|room| room["room_type"] == room_type).unwrap_or_else(|| panic!("no {room_type}: {home}"))
}

/// Beds, occupied, reserved, available.
pub(crate) fn beds(counts: &Value) -> [i64; 4] {
    ["maximum", "occupied", "reserved", "available"].map(|field| counts[field].as_i64().unwrap())
}

/// What comes to hold once a reader has looked: an instance looks for what is due once a second.
#[track_caller]
pub(crate) fn eventually(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..100 {
        if holds() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("never: {what}");
}
