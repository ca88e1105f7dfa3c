//! Donation points, and gifts on their way.

mod bad_input;
mod bad_pledges;
mod changes;
mod counts;
mod crash;
mod export;
mod idempotency;
mod import;
mod interleavings;
mod large_file;
mod needs;
mod opening;
mod pages;
mod pledges;
mod points;
mod privacy;
mod races;
mod reports;
mod search;
mod steps;
mod text;

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    client::{Answer, Call, encode},
    crowd::unique,
    server::Server,
};

const API: &str = "/api/v1/donation";
/// A district with much room: the islands in the mouth of the Yangtze.
const DISTRICT: &str = "310151";
/// A sub-district of it.
const TOWN: &str = "310151202";
/// Another district, far from it.
const ELSEWHERE: &str = "310116";

/// A corner of the map of a test's own, with points whose names nobody else has.
pub(crate) struct Corner<'a> {
    pub(crate) server: &'a Server,
    /// Digits that are in the name of each of its points, and begin each id.
    pub(crate) tag: String,
    pub(crate) lat: f64,
    pub(crate) lon: f64,
    /// A manager and auditor of the whole city.
    pub(crate) manager: String,
}

impl<'a> Corner<'a> {
    pub(crate) fn on(server: &'a Server) -> Self {
        let tag = unique();
        let at = |salt: u64| {
            let mixed = (tag.parse::<u64>().unwrap() + salt).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            f64::from(u32::try_from(mixed).unwrap()) / f64::from(1 << 24)
        };
        let (lat, lon) = (round(31.40 + 0.30 * at(1)), round(121.28 + 0.60 * at(7_777_777)));
        let manager = server.staff("donation_manager,auditor", "310000");
        Self { server, tag, lat, lon, manager }
    }

    pub(crate) fn shared() -> Corner<'static> {
        Corner::on(Server::shared())
    }

    pub(crate) fn id(&self, name: &str) -> String {
        format!("{}-{name}", self.tag)
    }

    /// A place so many metres north and east of the middle.
    pub(crate) fn location(&self, north_m: f64, east_m: f64) -> Value {
        let lat = self.lat + north_m / 111_195.0;
        json!({"lat": round(lat), "lon": round(self.lon + east_m / (111_195.0 * lat.to_radians().cos()))})
    }

    /// The middle, for `near=`.
    pub(crate) fn near(&self) -> String {
        format!("near={},{}", self.lat, self.lon)
    }

    /// A point in the middle that takes books and clothing.
    pub(crate) fn body(&self) -> Value {
        json!({
            "name": format!("测试接收点 {}", self.tag), "operator": "测试慈善会", "division_code": DISTRICT,
            "address": "样例路1号", "location": self.location(0.0, 0.0), "phone": "021-00000000",
            "hours": weekdays(), "sample": true,
            "items": [{"item": "books", "state": "accepting"}, {"item": "clothing", "state": "urgent"}],
        })
    }

    pub(crate) fn put(&self, name: &str, body: &Value) -> Answer {
        let path = format!("{API}/points/{}", self.id(name));
        self.server.call("PUT", &path).bearer(&self.manager).json(body).send()
    }

    /// Sets up a point that differs from [`Self::body`] in some fields; gives its id.
    #[track_caller]
    pub(crate) fn point(&self, name: &str, change: Value) -> String {
        let mut body = self.body();
        let Value::Object(change) = change else { panic!("no object: {change}") };
        body.as_object_mut().unwrap().extend(change);
        self.put(name, &body).expect(200);
        self.id(name)
    }

    pub(crate) fn get(&self, path: &str) -> Call {
        self.server.get(&format!("{API}/{path}"))
    }

    pub(crate) fn post(&self, path: &str) -> Call {
        self.server.post(&format!("{API}/{path}"))
    }

    pub(crate) fn call(&self, method: &'static str, path: &str) -> Call {
        self.server.call(method, &format!("{API}/{path}"))
    }

    /// What a manager sends.
    pub(crate) fn tell(&self, path: &str, body: &Value) -> Answer {
        self.post(path).bearer(&self.manager).json(body).send()
    }

    pub(crate) fn set_items(&self, id: &str, items: &Value) -> Answer {
        let call = self.call("PATCH", &format!("points/{id}/items")).bearer(&self.manager);
        call.json(&json!({"items": items})).send()
    }

    pub(crate) fn delete(&self, id: &str) -> Answer {
        self.call("DELETE", &format!("points/{id}")).bearer(&self.manager).send()
    }

    /// A search whose answer is good.
    #[track_caller]
    pub(crate) fn search(&self, query: &str) -> Value {
        self.get(&format!("points?{query}")).send().expect(200)
    }

    /// The names of its own points that a search finds, in order.
    #[track_caller]
    pub(crate) fn found(&self, query: &str) -> Vec<String> {
        self.own(&self.search(&format!("limit=100&{query}")))
    }

    /// The same, among the points that are called after it.
    #[track_caller]
    pub(crate) fn own_found(&self, query: &str) -> Vec<String> {
        self.found(&format!("q={}&{query}", self.tag))
    }

    /// The names of its own points in a list.
    pub(crate) fn own(&self, list: &Value) -> Vec<String> {
        let items = list["items"].as_array().or(list["features"].as_array()).unwrap();
        let ids = items.iter().map(|point| point["id"].as_str().unwrap());
        ids.filter_map(|id| Some(id.strip_prefix(&self.tag)?.strip_prefix('-')?.to_owned())).collect()
    }

    pub(crate) fn pledge(&self, point: &str, items: &Value) -> Answer {
        let donor = json!({"name": "样例丙丁", "phone": "13900001234", "anonymous": false});
        self.post("pledges").json(&json!({"point_id": point, "items": items, "donor": donor})).send()
    }

    /// A pledge of so many books.
    #[track_caller]
    pub(crate) fn books(&self, point: &str, quantity: i64) -> (String, String) {
        made(&self.pledge(point, &lines(&[("books", quantity)])))
    }

    /// A step that a manager takes.
    pub(crate) fn step(&self, reference: &str, step: &str, body: &Value) -> Answer {
        self.tell(&format!("pledges/{reference}/{step}"), body)
    }

    pub(crate) fn cancel(&self, (reference, token): &(String, String)) -> Answer {
        self.post(&format!("pledges/{reference}/cancel")).bearer(token).send()
    }

    #[track_caller]
    pub(crate) fn read_pledge(&self, (reference, token): &(String, String)) -> Value {
        self.get(&format!("pledges/{reference}")).bearer(token).send().expect(200)
    }

    /// What the audit log says of a subject.
    pub(crate) fn audit(&self, subject: &str) -> Vec<String> {
        let path = format!("audit?subject={}&limit=100", encode(subject));
        let entries = self.get(&path).bearer(&self.manager).send().expect(200);
        let items = entries["items"].as_array().cloned().unwrap();
        items.iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect()
    }

    /// A file as staff import it.
    pub(crate) fn import(&self, query: &str, file: impl Into<Vec<u8>>) -> Answer {
        let file = file.into();
        patiently(|| {
            let call = self.post(&format!("points/import{query}")).bearer(&self.manager);
            call.raw("text/csv; charset=utf-8", file.clone()).send()
        })
    }
}

/// Degrees to the centimetre: the store keeps fifteen digits.
fn round(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

/// Open from Monday to Friday, closed at noon and on holidays; a make-up working day is a Monday.
pub(crate) fn weekdays() -> Value {
    let hours = json!([{"opens": "09:00", "closes": "11:30"}, {"opens": "13:00", "closes": "17:00"}]);
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    let weekly: serde_json::Map<_, _> = days.iter().map(|day| ((*day).to_owned(), hours.clone())).collect();
    json!({"weekly": weekly, "make_up_days_as": "monday"})
}

/// Open day and night, also on holidays.
pub(crate) fn always() -> Value {
    let hours = json!([{"opens": "00:00", "closes": "24:00"}]);
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let weekly: serde_json::Map<_, _> = days.iter().map(|day| ((*day).to_owned(), hours.clone())).collect();
    json!({"weekly": weekly, "on_holidays": hours})
}

/// Items and their quantities.
pub(crate) fn lines(lines: &[(&str, i64)]) -> Value {
    lines.iter().map(|(item, quantity)| json!({"item": item, "quantity": quantity})).collect()
}

/// An instant so many milliseconds ahead, as callers write it.
pub(crate) fn ahead(milliseconds: i64) -> String {
    (chrono::Utc::now() + chrono::TimeDelta::milliseconds(milliseconds)).to_rfc3339()
}

/// The answer to somebody who comes again when told to: an instance of the function looks at one file at a time.
pub(crate) fn patiently(call: impl Fn() -> Answer) -> Answer {
    for _ in 0..40 {
        let answer = call();
        if answer.status != 503 {
            return answer;
        }
        answer.refused(503, "unavailable");
        let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!(seconds <= 10, "{answer:?}");
        wait(250 * seconds);
    }
    call()
}

pub(crate) fn wait(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

/// A gift that was pledged: its reference and token.
#[track_caller]
pub(crate) fn made(answer: &Answer) -> (String, String) {
    let body = answer.expect(201);
    (body["reference"].as_str().unwrap().to_owned(), body["token"].as_str().unwrap().to_owned())
}

/// What a pledge says of the quantities of an item: pledged, received, sorted, dispatched, delivered.
pub(crate) fn amounts(pledge: &Value, item: &str) -> [i64; 5] {
    let items = pledge["items"].as_array().unwrap();
    let row = items.iter().find(|row| row["item"] == item).unwrap();
    ["pledged", "received", "sorted", "dispatched", "delivered"].map(|step| row[step].as_i64().unwrap())
}

/// Pointers and codes, as [`Answer::faults`] gives them.
pub(crate) fn faults(faults: &[(&str, &str)]) -> Vec<(String, String)> {
    faults.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect()
}
