//! Volunteering: organisations, and what they offer over the coming weeks.
//!
//! # Design
//! All comes from seeded numbers; only the days count from today. An organisation is loaded with all that it offers before the
//! next one: a load that was broken off goes on with the last one that is there, publishes its drafts, and adds what it lacks. People are never made up: whoever tries it out registers.

mod kinds;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde_json::{Value, json};
use shared::{calendar, divisions::full_name, geo::Position};

use super::{Api, Outcome, PHONE, address, places, random::Random};
use kinds::{KINDS, Kind};

/// The seed of the sample that is loaded.
const SEED: u64 = 310_000;
const ORGANISATIONS: usize = 40;
const OPPORTUNITIES: usize = 300;
/// Over how many days the shifts are spread.
const DAYS: u32 = 60;
/// When shifts begin: morning, afternoon, evening; the first two are the most frequent.
const BEGINNINGS: [(u32, (u32, u32)); 5] =
    [(30, (9, 0)), (20, (8, 30)), (20, (13, 30)), (15, (14, 0)), (15, (18, 30))];
const BASE: &str = "/api/v1/volunteer";

/// A made-up organisation with what it offers.
#[derive(Debug)]
pub struct SampleOrganisation {
    /// Its id.
    pub id: String,
    /// What `PUT /api/v1/volunteer/organisations/{id}` takes.
    pub body: Value,
    /// What `POST /api/v1/volunteer/opportunities` takes, one by one.
    pub opportunities: Vec<Value>,
}

/// Loads the sample where the function has nothing else.
pub(super) async fn load(api: &Api) -> anyhow::Result<Outcome> {
    let Some(present) = api.list(&format!("{BASE}/organisations?limit=100")).await? else {
        return Ok(Outcome::NotEmpty);
    };
    if present.iter().any(|known| known.get("sample") != Some(&Value::Bool(true))) {
        return Ok(Outcome::NotEmpty);
    }
    let is_present =
        |id: &str| present.iter().any(|known| known.get("id").and_then(Value::as_str) == Some(id));
    let mut loaded = 0;
    // The last one that is there may not be whole.
    for organisation in
        sample(calendar::day_of(Utc::now()), SEED).iter().skip(present.len().saturating_sub(1))
    {
        let path = format!("{BASE}/organisations/{}", organisation.id);
        let mut offered = Vec::new();
        if is_present(&organisation.id) {
            offered = api.owned(&format!("{path}/opportunities?limit=100")).await?;
        } else {
            api.put(&path, &organisation.body).await?;
            loaded += 1;
        }
        for draft in offered.iter().filter(|known| known.get("status") == Some(&json!("draft"))) {
            publish(api, draft).await?;
        }
        for opportunity in organisation.opportunities.iter().skip(offered.len()) {
            publish(api, &api.post(&format!("{BASE}/opportunities"), opportunity).await?).await?;
            loaded += 1;
        }
    }
    Ok(if loaded == 0 { Outcome::NotEmpty } else { Outcome::Loaded(loaded) })
}

async fn publish(api: &Api, draft: &Value) -> anyhow::Result<()> {
    let id = draft.get("id").and_then(Value::as_str).unwrap_or_default();
    api.post(&format!("{BASE}/opportunities/{id}/publish"), &json!({})).await.map(drop)
}

fn sample(today: NaiveDate, seed: u64) -> Vec<SampleOrganisation> {
    volunteer_sample(today, (ORGANISATIONS, OPPORTUNITIES), seed)
}

/// So many made-up organisations, and so many opportunities that they offer over the sixty days after `today`, with one to five
/// shifts each; all of them say that they are a sample. A seed and a day give the same on every machine.
#[must_use]
pub fn volunteer_sample(
    today: NaiveDate,
    (organisations, opportunities): (usize, usize),
    seed: u64,
) -> Vec<SampleOrganisation> {
    let mut random = Random::new(seed);
    let districts = places::districts(&mut random);
    let shares = (0..organisations)
        .map(|n| opportunities * (n + 1) / organisations - opportunities * n / organisations);
    let homes = (0..).flat_map(|round| districts.iter().map(move |district| (district, round)));
    let mut kinds = KINDS.iter().cycle();
    let mut sample: Vec<SampleOrganisation> = Vec::new();
    for (share, (district, round)) in shares.zip(homes) {
        let mut around = district.subdistricts.iter().cycle().skip(round);
        let Some((home, _)) = around.clone().next() else { continue };
        let id = format!("sample-org-{:02}", sample.len() + 1);
        let mut opportunities = Vec::new();
        for ((place, middle), kind) in around.by_ref().take(share).zip(kinds.by_ref()) {
            let at = district.near(*middle, district.breadth, &mut random);
            let place = (place.code.as_str(), address(&place.code), at);
            opportunities.push(opportunity(kind, &id, place, today, &mut random));
        }
        let body = json!({
            "name": format!("{}志愿服务队(样例)", home.name), "division_code": district.code(), "phone": PHONE,
            "about": format!("样例数据:{}的志愿服务组织，非真实组织。", full_name(&home.code).unwrap_or_default()),
            "sample": true,
        });
        sample.push(SampleOrganisation { id, body, opportunities });
    }
    sample
}

fn opportunity(
    kind: &Kind,
    organisation: &str,
    (division, address, at): (&str, String, Position),
    today: NaiveDate,
    random: &mut Random,
) -> Value {
    let insurance = kind.dangerous.then(
        || json!({"insurer": "样例保险公司", "policy": "样例-000000", "until": today + Days::new(400)}),
    );
    json!({
        "organisation_id": organisation, "title": format!("{}(样例)", kind.title), "field": kind.field,
        "description": format!("{}样例数据，请勿前往。", kind.description), "division_code": division,
        "address": address, "location": {"lat": at.lat, "lon": at.lon}, "phone": PHONE, "skills": kind.skills,
        "risks": kind.risks, "dangerous": kind.dangerous, "insurance": insurance, "for_minors": kind.for_minors,
        "requirements": {
            "skills": kind.required, "trainings": kind.trainings,
            "minimum_age": kind.dangerous.then_some(18),
            "health": kind.dangerous.then_some("能够持续站立或步行三小时。"),
        },
        "sample": true, "shifts": shifts(today, random),
    })
}

/// One to five shifts, on the same day of each week.
fn shifts(today: NaiveDate, random: &mut Random) -> Vec<Value> {
    let first = 1 + random.below(DAYS - 28);
    let (hour, minute) = random.one_of(&BEGINNINGS).unwrap_or((9, 0));
    let begin = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    let hours = i64::from(2 + random.below(3));
    let capacity = 4 + 2 * random.below(9);
    let shift = |week| {
        let starts_at = calendar::at(today + Days::new(u64::from(first + week * 7)), begin);
        json!({"starts_at": starts_at, "ends_at": starts_at + TimeDelta::hours(hours), "capacity": capacity})
    };
    (0..=random.below(5)).map(shift).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use shared::{divisions::DivisionCode, geo::outlines};

    use super::*;

    #[test]
    fn the_sample_has_its_numbers_and_all_of_it_says_that_it_is_made_up() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let sample = sample(today, SEED);
        assert_eq!(sample.len(), ORGANISATIONS);
        assert_eq!(sample.iter().map(|one| one.opportunities.len()).sum::<usize>(), OPPORTUNITIES);
        assert_eq!(sample.iter().map(|one| &one.id).collect::<BTreeSet<_>>().len(), ORGANISATIONS);
        let (first, last) = (today + Days::new(1), today + Days::new(DAYS.into()));
        for organisation in &sample {
            assert!(
                organisation.body["name"].as_str().unwrap().contains("样例")
                    && organisation.body["sample"] == true
            );
            for offered in &organisation.opportunities {
                assert!(offered["title"].as_str().unwrap().ends_with("(样例)") && offered["sample"] == true);
                assert!(offered["address"].as_str().unwrap().contains("样例数据，非真实地址"));
                assert_eq!(offered["dangerous"] == true, !offered["insurance"].is_null());
                let at: Position = serde_json::from_value(offered["location"].clone()).unwrap();
                let division: DivisionCode = offered["division_code"].as_str().unwrap().parse().unwrap();
                let outline = outlines().iter().find(|outline| outline.code == division.district()).unwrap();
                assert!(outline.contains(&at), "{offered}");
                let shifts = offered["shifts"].as_array().unwrap();
                assert!(!shifts.is_empty());
                for shift in shifts {
                    let day = calendar::day_of(shift["starts_at"].as_str().unwrap().parse().unwrap());
                    assert!((first..=last).contains(&day), "{day}");
                }
            }
        }
    }

    #[test]
    fn a_seed_and_a_day_give_the_same_sample() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let all =
            |seed| sample(today, seed).into_iter().flat_map(|one| one.opportunities).collect::<Vec<_>>();
        assert_eq!(all(1), all(1));
        assert_ne!(all(1), all(2));
    }
}
