//! Marriage registration appointments.

mod bad_input;
mod booking;
mod crash;
mod desk;
mod interleavings;
mod privacy;
mod races;
mod waiting;

use chrono::{NaiveDate, Utc};
use serde_json::{Value, json};
use shared::calendar;

use crate::{
    client::{Answer, Call},
    crowd::unique,
    people,
    server::Server,
};

const API: &str = "/api/v1/marriage";

/// An office of a test's own, open every day of the week from 09:00 to 12:00 in slots of an hour.
pub(crate) struct Office<'a> {
    pub(crate) server: &'a Server,
    pub(crate) id: String,
    pub(crate) registrar: String,
}

impl<'a> Office<'a> {
    pub(crate) fn on(server: &'a Server, capacity: u32) -> Self {
        let id = format!("test-{}", unique());
        let admin = server.staff("admin,registrar,auditor", "310000");
        let office = json!({
            "name": "测试婚姻登记处(样例)", "division_code": "310101", "address": "样例", "phone": "021-00000000",
            "location": {"lat": 31.23, "lon": 121.48}, "sample": true,
            "services": ["marriage", "divorce_application", "divorce_certificate", "certificate_reissue"],
        });
        server.call("PUT", &format!("{API}/offices/{id}")).bearer(&admin).json(&office).send().expect(200);
        let office = Self { server, id, registrar: admin };
        office.put("timetable", &timetable(capacity)).expect(200);
        office
    }

    pub(crate) fn shared(capacity: u32) -> Office<'static> {
        Office::on(Server::shared(), capacity)
    }

    pub(crate) fn put(&self, what: &str, body: &Value) -> Answer {
        let path = format!("{API}/offices/{}/{what}", self.id);
        self.server.call("PUT", &path).bearer(&self.registrar).json(body).send()
    }

    pub(crate) fn seat(&self, start: &str) -> Value {
        json!({"office_id": self.id, "service": "marriage", "start": start})
    }

    pub(crate) fn booking(&self, start: &str, parties: &Value) -> Value {
        json!({"office_id": self.id, "service": "marriage", "start": start, "parties": parties})
    }

    pub(crate) fn book(&self, start: &str, parties: &Value) -> Answer {
        self.post("appointments").json(&self.booking(start, parties)).send()
    }

    pub(crate) fn hold(&self, start: &str) -> Answer {
        self.post("holds").json(&self.seat(start)).send()
    }

    pub(crate) fn post(&self, path: &str) -> Call {
        self.server.post(&format!("{API}/{path}"))
    }

    pub(crate) fn get(&self, path: &str) -> Call {
        self.server.get(&format!("{API}/{path}"))
    }

    /// The day of an office on which slots are looked at.
    pub(crate) fn day(&self, service: &str, date: NaiveDate) -> Value {
        let path = format!("offices/{}/availability?service={service}&from={date}&to={date}", self.id);
        self.get(&path).send().expect(200)["days"][0].clone()
    }

    pub(crate) fn remaining(&self, start: &str) -> i64 {
        let date = start.get(..10).unwrap().parse().unwrap();
        let day = self.day("marriage", date);
        let slots = day["slots"].as_array().unwrap();
        slots.iter().find(|slot| slot["start"] == start).map_or(0, |slot| slot["remaining"].as_i64().unwrap())
    }

    pub(crate) fn audit(&self, subject: &str) -> Vec<String> {
        let path = format!("audit?subject={subject}&limit=100");
        let entries = self.get(&path).bearer(&self.registrar).send().expect(200);
        let items = entries["items"].as_array().cloned().unwrap();
        items.iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect()
    }
}

pub(crate) fn timetable(capacity: u32) -> Value {
    let hours = json!([{"opens": "09:00", "closes": "12:00"}]);
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let weekly: serde_json::Map<_, _> = days.iter().map(|day| ((*day).to_owned(), hours.clone())).collect();
    json!({
        "slot_minutes": 60, "release_days": 30, "weekly": weekly, "make_up_days_as": "monday",
        "capacity": {
            "marriage": capacity, "divorce_application": capacity, "divorce_certificate": capacity,
            "certificate_reissue": capacity,
        },
    })
}

pub(crate) fn today() -> NaiveDate {
    calendar::day_of(Utc::now())
}

/// A day so many days ahead, not counting those on which an announced holiday closes the office.
pub(crate) fn day_ahead(days: u64) -> NaiveDate {
    let open = |day: &NaiveDate| {
        !matches!(calendar::WorkingCalendar::embedded().kind(*day), calendar::DayKind::Holiday { .. })
    };
    today().iter_days().filter(open).nth(usize::try_from(days).unwrap()).unwrap()
}

/// The start of a slot: the hour is 9, 10 or 11.
pub(crate) fn slot(days: u64, hour: u32) -> String {
    format!("{}T{hour:02}:00:00+08:00", day_ahead(days))
}

/// An appointment that was made: its reference and token.
pub(crate) fn made(answer: &Answer) -> (String, String) {
    let body = answer.expect(201);
    (body["reference"].as_str().unwrap().to_owned(), body["token"].as_str().unwrap().to_owned())
}

pub(crate) fn book_somebody(office: &Office<'_>, start: &str) -> (String, String) {
    made(&office.book(start, &people::couple()))
}
