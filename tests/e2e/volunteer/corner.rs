use std::ops::Deref;

use serde_json::{Value, json};

use super::{API, DISTRICT, Opportunity, Volunteer, each, soon, tomorrow};
use crate::{
    client::{Answer, encode},
    corner::{Ground, changed},
    people,
    server::Server,
};

/// A corner of the map of a test's own, with an organisation and opportunities whose names nobody else has.
pub(crate) struct Corner<'a>(pub(crate) Ground<'a>);

impl<'a> Deref for Corner<'a> {
    type Target = Ground<'a>;

    fn deref(&self) -> &Ground<'a> {
        &self.0
    }
}

impl<'a> Corner<'a> {
    /// A corner with an organisation.
    #[track_caller]
    pub(crate) fn on(server: &'a Server) -> Self {
        let corner = Self(Ground::on(server, API, "volunteer_manager"));
        corner.organisation("org", json!({}));
        corner
    }

    #[track_caller]
    pub(crate) fn shared() -> Corner<'static> {
        Corner::on(Server::shared())
    }

    pub(crate) fn put_organisation(&self, name: &str, change: Value) -> Answer {
        let body = json!({
            "name": format!("测试志愿服务队 {} {name}", self.tag), "division_code": DISTRICT, "phone": "021-00000000",
            "sample": true,
        });
        let path = format!("organisations/{}", self.id(name));
        self.call("PUT", &path).bearer(&self.manager).json(&changed(body, change)).send()
    }

    /// An organisation; gives its id.
    #[track_caller]
    pub(crate) fn organisation(&self, name: &str, change: Value) -> String {
        self.put_organisation(name, change).expect(200);
        self.id(name)
    }

    /// What the corner's organisation offers: for everybody, in the middle, tomorrow for two hours, with three places and
    /// two on the waitlist.
    pub(crate) fn body(&self, name: &str, change: Value) -> Value {
        let body = json!({
            "organisation_id": self.id("org"), "title": format!("{name} {}", self.tag), "field": "community_service",
            "description": "测试", "division_code": DISTRICT, "address": "样例路1号", "location": self.location(0.0, 0.0),
            "phone": "021-00000000", "skills": [], "risks": "无", "dangerous": false, "for_minors": true, "sample": true,
            "shifts": [tomorrow(3, 2)],
        });
        changed(body, change)
    }

    /// A draft that differs from [`Self::body`] in some fields.
    #[track_caller]
    pub(crate) fn draft(&self, name: &str, change: Value) -> Opportunity {
        let made = self.tell("opportunities", &self.body(name, change)).expect(201);
        Opportunity { id: made["id"].as_str().unwrap().to_owned(), shifts: each(&made["shifts"], "id") }
    }

    pub(crate) fn step(&self, opportunity: &str, step: &str) -> Answer {
        self.post(&format!("opportunities/{opportunity}/{step}")).bearer(&self.manager).send()
    }

    /// The same, published.
    #[track_caller]
    pub(crate) fn offer(&self, name: &str, change: Value) -> Opportunity {
        let made = self.draft(name, change);
        self.step(&made.id, "publish").expect(200);
        made
    }

    /// A published shift.
    #[track_caller]
    pub(crate) fn shift(&self, shift: &Value) -> String {
        self.offer("项目", json!({"shifts": [shift]})).shifts.remove(0)
    }

    /// An opportunity as everybody sees it.
    #[track_caller]
    pub(crate) fn read(&self, opportunity: &str) -> Value {
        self.get(&format!("opportunities/{opportunity}")).send().expect(200)
    }

    /// Of a shift of an opportunity: places, taken, free, on the waitlist.
    #[track_caller]
    pub(crate) fn counts(&self, opportunity: &Opportunity, shift: usize) -> [i64; 4] {
        let read = self.read(&opportunity.id);
        ["capacity", "confirmed", "remaining", "waitlisted"]
            .map(|field| read["shifts"][shift][field].as_i64().unwrap())
    }

    /// Somebody who differs from everybody else, and in some fields from [`people::volunteer`].
    #[track_caller]
    pub(crate) fn volunteer_who(&self, change: Value) -> Volunteer {
        Volunteer::made(&self.post("volunteers").json(&changed(people::volunteer(), change)).send())
    }

    #[track_caller]
    pub(crate) fn volunteer(&self) -> Volunteer {
        self.volunteer_who(json!({}))
    }

    #[track_caller]
    pub(crate) fn volunteers(&self, count: usize) -> Vec<Volunteer> {
        (0..count).map(|_| self.volunteer()).collect()
    }

    /// What a volunteer sees of their own.
    #[track_caller]
    pub(crate) fn mine(&self, who: &Volunteer, path: &str) -> Value {
        self.get(&format!("volunteers/me{path}")).bearer(&who.token).send().expect(200)
    }

    /// The registration is withdrawn.
    #[track_caller]
    pub(crate) fn leaves(&self, who: &Volunteer) {
        self.call("DELETE", "volunteers/me").bearer(&who.token).send().expect(204);
    }

    pub(crate) fn sign_up(&self, who: &Volunteer, shift: &str) -> Answer {
        self.post(&format!("shifts/{shift}/signups")).bearer(&who.token).send()
    }

    /// Somebody who signed up just now, and whether there is a place.
    #[track_caller]
    pub(crate) fn newcomer(&self, shift: &str) -> (Volunteer, String) {
        let who = self.volunteer();
        let made = self.sign_up(&who, shift).expect(201);
        (who, made["status"].as_str().unwrap().to_owned())
    }

    pub(crate) fn withdraw(&self, who: &Volunteer, shift: &str) -> Answer {
        self.call("DELETE", &format!("shifts/{shift}/signups/mine")).bearer(&who.token).send()
    }

    pub(crate) fn cancel(&self, shift: &str) -> Answer {
        self.post(&format!("shifts/{shift}/cancel")).bearer(&self.manager).send()
    }

    /// How a volunteer's last sign-up for a shift stands: its status, and the position on the waitlist.
    #[track_caller]
    pub(crate) fn place(&self, who: &Volunteer, shift: &str) -> (String, Option<i64>) {
        let list = self.mine(who, "/signups?limit=100");
        let own = list["items"].as_array().unwrap().iter().find(|signup| signup["shift_id"] == shift);
        let own = own.unwrap_or_else(|| panic!("no sign-up: {list}"));
        (own["status"].as_str().unwrap().to_owned(), own["position"].as_i64())
    }

    /// Everybody who signed up for a shift, in order.
    #[track_caller]
    pub(crate) fn list(&self, shift: &str) -> Vec<Value> {
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.look(&format!("shifts/{shift}/signups?limit=100{cursor}"));
            all.extend(page["items"].as_array().cloned().unwrap());
            let Some(next) = page["next_cursor"].as_str() else { return all };
            cursor = format!("&cursor={next}");
        }
    }

    /// The code that is shown on site now.
    #[track_caller]
    pub(crate) fn code(&self, shift: &str) -> String {
        self.look(&format!("shifts/{shift}/code"))["code"].as_str().unwrap().to_owned()
    }

    /// `check-in` or `check-out` with this body.
    pub(crate) fn scan(&self, who: &Volunteer, shift: &str, what: &str, body: &Value) -> Answer {
        self.post(&format!("shifts/{shift}/{what}")).bearer(&who.token).json(body).send()
    }

    /// The same with the code that is shown now.
    #[track_caller]
    pub(crate) fn check(&self, who: &Volunteer, shift: &str, what: &str) -> Answer {
        self.scan(who, shift, what, &json!({"code": self.code(shift)}))
    }

    /// Somebody who checked in: the volunteer and the entry.
    #[track_caller]
    pub(crate) fn present(&self, shift: &str) -> (Volunteer, String) {
        let (who, _) = self.newcomer(shift);
        let entry = self.check(&who, shift, "check-in").expect(200);
        (who, entry["entry"].as_str().unwrap().to_owned())
    }

    pub(crate) fn confirm(&self, entry: &str) -> Answer {
        self.post(&format!("record/{entry}/confirm")).bearer(&self.manager).send()
    }

    pub(crate) fn correct(&self, entry: &str, minutes: i64) -> Answer {
        let body = json!({"minutes": minutes, "reason": "forgot_check_out"});
        self.tell(&format!("record/{entry}/correct"), &body)
    }

    pub(crate) fn dispute(&self, who: &Volunteer, entry: &str, body: &Value) -> Answer {
        self.post(&format!("volunteers/me/record/{entry}/dispute")).bearer(&who.token).json(body).send()
    }

    /// Moves a shift and all that was noted of it so many minutes into the past.
    #[track_caller]
    pub(crate) fn pass(&self, shift: &str, minutes: i64) {
        let by = minutes * 60;
        let times = format!("starts_at = starts_at - {by}, ends_at = ends_at - {by}");
        let came = format!("checked_in_at = checked_in_at - {by}, checked_out_at = checked_out_at - {by}");
        for sql in [
            format!("UPDATE shift SET {times} WHERE id = '{shift}'"),
            format!("UPDATE signup SET {times} WHERE shift = '{shift}'"),
            format!("UPDATE record SET {times}, {came} WHERE shift = '{shift}'"),
        ] {
            self.server.change("volunteer", &sql);
        }
    }

    /// Somebody serves so many minutes of a shift of two hours, so many minutes before now, and they count; gives the entry.
    #[track_caller]
    pub(crate) fn serves_in(&self, who: &Volunteer, shift: &str, (minutes, ago): (i64, i64)) -> String {
        self.sign_up(who, shift).expect(201);
        let entry = self.check(who, shift, "check-in").expect(200)["entry"].as_str().unwrap().to_owned();
        self.pass(shift, ago);
        self.correct(&entry, minutes).expect(200);
        entry
    }

    /// The same in a shift that ended an hour ago.
    #[track_caller]
    pub(crate) fn serves(&self, who: &Volunteer, minutes: i64) -> String {
        self.serves_in(who, &self.shift(&soon()), (minutes, 190))
    }

    pub(crate) fn certify(&self, who: &Volunteer, body: &Value) -> Answer {
        self.post("certificates").bearer(&who.token).json(body).send()
    }

    /// A search whose answer is good.
    #[track_caller]
    pub(crate) fn search(&self, query: &str) -> Value {
        self.get(&format!("opportunities?{query}")).send().expect(200)
    }

    /// The names of its own opportunities in a list.
    pub(crate) fn names(&self, list: &Value) -> Vec<String> {
        let titles = each(list, "title");
        titles
            .iter()
            .filter_map(|title| Some(title.strip_suffix(&format!(" {}", self.tag))?.to_owned()))
            .collect()
    }

    /// The names of its own opportunities that a search among those called after it finds, in order.
    #[track_caller]
    pub(crate) fn found(&self, query: &str) -> Vec<String> {
        self.names(&self.search(&format!("limit=100&q={}&{query}", self.tag)))
    }

    /// The same, in the order of their names.
    #[track_caller]
    pub(crate) fn sorted(&self, query: &str) -> Vec<String> {
        let mut found = self.found(query);
        found.sort();
        found
    }

    /// Every page of a search, one after the other.
    #[track_caller]
    pub(crate) fn walk(&self, query: &str, token: Option<&str>) -> Vec<String> {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let call = self.get(&format!("opportunities?q={}&{query}{cursor}", self.tag));
            let call = if let Some(token) = token { call.bearer(token) } else { call };
            let page = call.send().expect(200);
            found.extend(self.names(&page));
            let Some(next) = page["next_cursor"].as_str() else { return found };
            assert!(!page["items"].as_array().unwrap().is_empty(), "an empty page leads on: {page}");
            cursor = format!("&cursor={}", encode(next));
        }
    }
}
