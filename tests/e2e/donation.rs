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

use std::{ops::Deref, time::Duration};

use serde_json::{Value, json};

pub(crate) use crate::client::faults;
use crate::{
    client::Answer,
    corner::{Ground, changed},
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
pub(crate) struct Corner<'a>(pub(crate) Ground<'a>);

impl<'a> Deref for Corner<'a> {
    type Target = Ground<'a>;

    fn deref(&self) -> &Ground<'a> {
        &self.0
    }
}

impl<'a> Corner<'a> {
    pub(crate) fn on(server: &'a Server) -> Self {
        Self(Ground::on(server, API, "donation_manager"))
    }

    pub(crate) fn shared() -> Corner<'static> {
        Corner::on(Server::shared())
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
        self.put(name, &changed(self.body(), change)).expect(200);
        self.id(name)
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

    /// A file as staff import it.
    pub(crate) fn import(&self, query: &str, file: impl Into<Vec<u8>>) -> Answer {
        let file = file.into();
        patiently(|| {
            let call = self.post(&format!("points/import{query}")).bearer(&self.manager);
            call.raw("text/csv; charset=utf-8", file.clone()).send()
        })
    }
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
