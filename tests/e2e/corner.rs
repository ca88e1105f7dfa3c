//! A corner of the map of a test's own, with things in it whose names nobody else has. What each function adds to it is beside
//! its tests.

use serde_json::{Value, json};

use crate::{
    client::{Answer, Call, encode},
    crowd::unique,
    server::Server,
};

/// What the corner of every function has.
pub(crate) struct Ground<'a> {
    pub(crate) server: &'a Server,
    /// The path of the function.
    pub(crate) api: &'static str,
    /// Digits that are in the name of each of its things, and begin each id that can be chosen.
    pub(crate) tag: String,
    pub(crate) lat: f64,
    pub(crate) lon: f64,
    /// A manager and auditor of the whole city.
    pub(crate) manager: String,
}

impl<'a> Ground<'a> {
    /// A corner on the islands in the mouth of the Yangtze; `role` is that of its manager.
    pub(crate) fn on(server: &'a Server, api: &'static str, role: &str) -> Self {
        let tag = unique();
        let at = |salt: u64| {
            let mixed = (tag.parse::<u64>().unwrap() + salt).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            f64::from(u32::try_from(mixed).unwrap()) / f64::from(1 << 24)
        };
        let (lat, lon) = (round(31.40 + 0.30 * at(1)), round(121.28 + 0.60 * at(7_777_777)));
        let manager = server.staff(&format!("{role},auditor"), "310000");
        Self { server, api, tag, lat, lon, manager }
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

    pub(crate) fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    pub(crate) fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    pub(crate) fn call(&self, method: &'static str, path: &str) -> Call {
        self.server.call(method, &format!("{}/{path}", self.api))
    }

    /// What a manager sends.
    pub(crate) fn tell(&self, path: &str, body: &Value) -> Answer {
        self.post(path).bearer(&self.manager).json(body).send()
    }

    /// A manager's look that is good.
    #[track_caller]
    pub(crate) fn look(&self, path: &str) -> Value {
        self.get(path).bearer(&self.manager).send().expect(200)
    }

    /// The names of its own things in a list, by their ids.
    pub(crate) fn own(&self, list: &Value) -> Vec<String> {
        let items = list["items"].as_array().or(list["features"].as_array()).unwrap();
        let ids = items.iter().map(|item| item["id"].as_str().unwrap());
        ids.filter_map(|id| Some(id.strip_prefix(&self.tag)?.strip_prefix('-')?.to_owned())).collect()
    }

    /// What the audit log says of a subject.
    pub(crate) fn audit(&self, subject: &str) -> Vec<String> {
        let entries = self.look(&format!("audit?subject={}&limit=100", encode(subject)));
        let items = entries["items"].as_array().cloned().unwrap();
        items.iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect()
    }
}

/// Degrees to the centimetre: the store keeps fifteen digits.
pub(crate) fn round(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

/// A body that differs from another in some fields.
#[track_caller]
pub(crate) fn changed(mut body: Value, change: Value) -> Value {
    let Value::Object(change) = change else { panic!("no object: {change}") };
    body.as_object_mut().unwrap().extend(change);
    body
}
