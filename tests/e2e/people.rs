//! Made-up people with valid identity numbers; no two alike, also over several runs against one server.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use shared::resident_id::ResidentId;

static NEXT: AtomicU64 = AtomicU64::new(0);

fn number(odd: bool) -> String {
    number_of((1950, 18_000), odd)
}

/// The number of somebody born within so many days from the beginning of a year on.
fn number_of((year, days): (i32, u64), odd: bool) -> String {
    let n = started() % 4_000_000 + NEXT.fetch_add(1, Ordering::Relaxed);
    let born = NaiveDate::from_ymd_opt(year, 1, 1).unwrap() + Days::new(n % days);
    let sequence = u16::try_from(n / days % 450).unwrap() * 2 + u16::from(odd);
    ResidentId::compose("310101", born, sequence).unwrap().expose().to_owned()
}

/// When this run began, in milliseconds.
fn started() -> u64 {
    static STARTED: OnceLock<u64> = OnceLock::new();
    *STARTED.get_or_init(|| {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        u64::try_from(elapsed.as_millis()).unwrap()
    })
}

/// The number of somebody born on this day: they come from all over the city.
pub(crate) fn born_on(day: NaiveDate) -> String {
    let n = started() + NEXT.fetch_add(1, Ordering::Relaxed);
    let (region, sequence) = (n / 1_000 % 10_000, u16::try_from(n % 1_000).unwrap());
    ResidentId::compose(&format!("31{region:04}"), day, sequence).unwrap().expose().to_owned()
}

/// A grown-up volunteer nobody else knows, born within forty years from 1960 on.
pub(crate) fn volunteer() -> Value {
    let n = started() + NEXT.load(Ordering::Relaxed);
    let born = NaiveDate::from_ymd_opt(1960, 1, 1).unwrap() + Days::new(n % 14_000);
    json!({
        "name": "样例庚辛", "id_number": born_on(born), "phone": "13900004321", "division_code": "310151202",
        "skills": [], "availability": [], "consent": true,
    })
}

fn person(name: &str, odd: bool) -> Value {
    json!({"name": name, "id_type": "resident_id", "id_number": number(odd), "phone": "13800000000"})
}

/// A man nobody else knows.
pub(crate) fn man() -> Value {
    person("样例甲", true)
}

/// A woman nobody else knows.
pub(crate) fn woman() -> Value {
    person("样例乙", false)
}

/// An elder nobody else knows, who asks for a bed.
pub(crate) fn elder(care_level: u8) -> Value {
    json!({
        "name": "样例戊己", "id_number": number_of((1927, 12_000), true), "phone": "13900005678",
        "division_code": "310104003", "care_level": care_level,
    })
}

/// Two people who may marry.
pub(crate) fn couple() -> Value {
    json!([man(), woman()])
}
