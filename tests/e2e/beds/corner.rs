use std::ops::Deref;

use serde_json::{Value, json};

use super::{API, DISTRICT, Elder, application, beds, made, place, single};
use crate::{
    client::Answer,
    corner::{Ground, changed},
    crowd::unique,
    people,
    server::Server,
};

/// A corner of the map of a test's own, with homes whose names nobody else has.
pub(crate) struct Corner<'a>(pub(crate) Ground<'a>);

impl<'a> Deref for Corner<'a> {
    type Target = Ground<'a>;

    fn deref(&self) -> &Ground<'a> {
        &self.0
    }
}

impl<'a> Corner<'a> {
    pub(crate) fn on(server: &'a Server) -> Self {
        Self(Ground::on(server, API, "care_manager"))
    }

    pub(crate) fn shared() -> Corner<'static> {
        Corner::on(Server::shared())
    }

    /// A home in the middle with ten single rooms, four of them vacant, for everybody.
    pub(crate) fn body(&self) -> Value {
        json!({
            "name": format!("测试养老院 {}", self.tag), "operator": "测试养老服务中心", "division_code": DISTRICT,
            "address": "样例路1号", "location": self.location(0.0, 0.0), "phone": "021-00000000",
            "ownership": "public", "features": ["meals"], "sample": true, "rooms": [single(10, 6)],
        })
    }

    pub(crate) fn put(&self, name: &str, body: &Value) -> Answer {
        let path = format!("{API}/institutions/{}", self.id(name));
        self.server.call("PUT", &path).bearer(&self.manager).json(body).send()
    }

    /// Sets up a home that differs from [`Self::body`] in some fields; gives its id.
    #[track_caller]
    pub(crate) fn home(&self, name: &str, change: Value) -> String {
        self.put(name, &changed(self.body(), change)).expect(200);
        self.id(name)
    }

    /// A home with so many single rooms, of which so many are occupied.
    #[track_caller]
    pub(crate) fn beds(&self, name: &str, maximum: i64, occupied: i64) -> String {
        self.home(name, json!({"rooms": [single(maximum, occupied)]}))
    }

    pub(crate) fn delete(&self, id: &str) -> Answer {
        self.call("DELETE", &format!("institutions/{id}")).bearer(&self.manager).send()
    }

    #[track_caller]
    pub(crate) fn read(&self, id: &str) -> Value {
        self.get(&format!("institutions/{id}")).send().expect(200)
    }

    /// A search whose answer is good.
    #[track_caller]
    pub(crate) fn search(&self, query: &str) -> Value {
        self.get(&format!("institutions?{query}")).send().expect(200)
    }

    /// The names of its own homes that a search among those called after it finds, in order.
    #[track_caller]
    pub(crate) fn found(&self, query: &str) -> Vec<String> {
        self.own(&self.search(&format!("limit=100&q={}&{query}", self.tag)))
    }

    /// The same, in the order of their names.
    #[track_caller]
    pub(crate) fn sorted(&self, query: &str) -> Vec<String> {
        let mut found = self.found(query);
        found.sort();
        found
    }

    /// The counts of the single rooms of a home, and their tag.
    #[track_caller]
    pub(crate) fn counts(&self, id: &str) -> (Value, String) {
        let answer = self.get(&format!("institutions/{id}/rooms/single/counts")).send();
        (answer.expect(200), answer.header("etag").unwrap().to_owned())
    }

    /// Of the single rooms: beds, occupied, reserved, available.
    #[track_caller]
    pub(crate) fn beds_of(&self, id: &str) -> [i64; 4] {
        beds(&self.counts(id).0)
    }

    pub(crate) fn set_counts(&self, id: &str, tag: &str, maximum: i64, occupied: i64) -> Answer {
        let call = self.call("PUT", &format!("institutions/{id}/rooms/single/counts")).bearer(&self.manager);
        call.header("if-match", tag).json(&json!({"maximum": maximum, "occupied": occupied})).send()
    }

    /// Sets the counts of the single rooms, whatever they were.
    #[track_caller]
    pub(crate) fn say(&self, id: &str, maximum: i64, occupied: i64) {
        self.set_counts(id, &self.counts(id).1, maximum, occupied).expect(200);
    }

    /// An application for the single rooms of homes.
    pub(crate) fn apply(&self, applicant: &Value, homes: &[&str]) -> Answer {
        self.post("applications").json(&application(applicant, homes)).send()
    }

    /// Somebody who waits for the single rooms of homes.
    #[track_caller]
    pub(crate) fn elder(&self, care_level: u8, homes: &[&str]) -> Elder {
        made(&self.apply(&people::elder(care_level), homes))
    }

    #[track_caller]
    pub(crate) fn seen(&self, (reference, token): &Elder) -> Value {
        self.get(&format!("applications/{reference}")).bearer(token).send().expect(200)
    }

    /// Offers a single room.
    pub(crate) fn offer(&self, elder: &Elder, home: &str) -> Answer {
        self.tell(&format!("applications/{}/offers", elder.0), &place(home))
    }

    /// The same, whoever comes before.
    pub(crate) fn offer_first(&self, elder: &Elder, home: &str) -> Answer {
        let mut body = place(home);
        body["out_of_order_reason"] = json!("emergency");
        self.tell(&format!("applications/{}/offers", elder.0), &body)
    }

    /// An offer that is made: its id.
    #[track_caller]
    pub(crate) fn offered(&self, elder: &Elder, home: &str) -> String {
        self.offer(elder, home).expect(201)["id"].as_str().unwrap().to_owned()
    }

    /// Accepts or declines an offer.
    pub(crate) fn answer(&self, (reference, token): &Elder, offer: &str, what: &str) -> Answer {
        self.post(&format!("applications/{reference}/offers/{offer}/{what}")).bearer(token).send()
    }

    pub(crate) fn withdraw(&self, (reference, token): &Elder) -> Answer {
        self.post(&format!("applications/{reference}/withdraw")).bearer(token).send()
    }

    /// A step that a manager takes: `admit` or `discharge`.
    pub(crate) fn step(&self, elder: &Elder, step: &str) -> Answer {
        self.post(&format!("applications/{}/{step}", elder.0)).bearer(&self.manager).send()
    }

    /// A wish to be told of beds: its id and token.
    #[track_caller]
    pub(crate) fn subscribe(&self, filters: &Value) -> (String, String) {
        let body = json!({"filters": filters, "contact": {"phone": phone()}});
        let made = self.post("subscriptions").json(&body).send().expect(201);
        (made["id"].as_str().unwrap().to_owned(), made["token"].as_str().unwrap().to_owned())
    }

    /// What a subscription was told, the latest first: the home, and how many were vacant.
    #[track_caller]
    pub(crate) fn told(&self, (id, token): &(String, String)) -> Vec<(String, i64)> {
        let seen = self.get(&format!("subscriptions/{id}")).bearer(token).send().expect(200);
        let matches = seen["matches"].as_array().cloned().unwrap();
        let told = matches.iter().map(|one| (&one["institution_id"], one["available"].as_i64().unwrap()));
        told.map(|(id, available)| (id.as_str().unwrap().to_owned(), available)).collect()
    }

    /// A file as staff import it.
    pub(crate) fn import(&self, query: &str, file: impl Into<Vec<u8>>) -> Answer {
        let file = file.into();
        crate::donation::patiently(|| {
            let call = self.post(&format!("institutions/import{query}")).bearer(&self.manager);
            call.raw("text/csv; charset=utf-8", file.clone()).send()
        })
    }
}

/// A telephone number that nobody else has: each has so many subscriptions only.
pub(crate) fn phone() -> String {
    let unique = unique();
    format!("139{}", &unique[unique.len() - 8..])
}
