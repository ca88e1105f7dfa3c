//! Volunteers, what they sign up for, and what they are certified for.

mod access;
mod attendance;
mod bad_input;
mod certificates;
mod corner;
mod crash;
mod idempotency;
mod interleavings;
mod limits;
mod matching;
mod model;
mod offer_races;
mod opportunities;
mod organisations;
mod privacy;
mod races;
mod record;
mod registration;
mod requirements;
mod search;
mod signature;
mod signups;
mod stats;
mod waitlist;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
pub(crate) use corner::Corner;
use serde_json::{Value, json};

use crate::client::Answer;
pub(crate) use crate::client::faults;

const API: &str = "/api/v1/volunteer";
/// A suburban district with much room: the islands in the mouth of the Yangtze.
const DISTRICT: &str = "310151";
/// A sub-district of it.
const TOWN: &str = "310151202";
/// Another district, far from it.
const ELSEWHERE: &str = "310116";
/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// Somebody who registered.
#[derive(Clone, Debug)]
pub(crate) struct Volunteer {
    pub(crate) no: String,
    pub(crate) token: String,
}

impl Volunteer {
    /// Whoever an answer registers.
    #[track_caller]
    pub(crate) fn made(answer: &Answer) -> Self {
        let body = answer.expect(201);
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        Self { no: text("volunteer_no"), token: text("token") }
    }
}

/// What was published: its id, and those of its shifts.
#[derive(Clone, Debug)]
pub(crate) struct Opportunity {
    pub(crate) id: String,
    pub(crate) shifts: Vec<String>,
}

/// An instant so many seconds ahead, as callers write it.
pub(crate) fn at(seconds: i64) -> String {
    written(Utc::now() + TimeDelta::seconds(seconds))
}

pub(crate) fn written(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A shift that begins in so many minutes and lasts so many, with so many places, and so many on the waitlist.
pub(crate) fn shift((minutes, length): (i64, i64), capacity: i64, waitlist: i64) -> Value {
    json!({
        "starts_at": at(60 * minutes), "ends_at": at(60 * (minutes + length)), "capacity": capacity,
        "waitlist_capacity": waitlist,
    })
}

/// Two hours from ten minutes on: whoever comes early may check in.
pub(crate) fn soon() -> Value {
    shift((10, 120), 20, 5)
}

/// Two hours tomorrow for so many.
pub(crate) fn tomorrow(capacity: i64, waitlist: i64) -> Value {
    shift((DAY, 120), capacity, waitlist)
}

/// Somebody who consents for a minor.
pub(crate) fn guardian() -> Value {
    json!({"name": "样例壬癸", "phone": "13900008765", "relation": "parent", "consent": true})
}

/// The date of birth of somebody who is so old on the day that so many days ahead is.
pub(crate) fn born(years: u32, days: u64) -> chrono::NaiveDate {
    let day = shared::calendar::day_of(Utc::now()) + chrono::Days::new(days);
    day.checked_sub_months(chrono::Months::new(years * 12)).unwrap()
}

/// What a list says in one field of each item.
pub(crate) fn each(list: &Value, field: &str) -> Vec<String> {
    let items = list.as_array().or(list["items"].as_array()).unwrap();
    items.iter().map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}

/// The codes of a refusal's faults.
pub(crate) fn codes(answer: &Answer) -> Vec<String> {
    answer.faults().into_iter().map(|(_, code)| code).collect()
}
