//! A marriage registration office for each district, with timetables.

use serde_json::{Value, json};
use shared::geo::{Outline, Position, outlines};

use super::{Api, Outcome, PHONE, address, random::Random};

/// How far an office may lie from the middle of its district, in degrees: about two kilometres.
const SPREAD: f64 = 0.02;

pub(super) async fn load(api: &Api) -> anyhow::Result<Outcome> {
    let present = api.get("/api/v1/marriage/offices?limit=100").await?;
    let present = present.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
    let is_whole = present.len() >= outlines().len();
    if is_whole || present.iter().any(|office| office.get("sample") != Some(&Value::Bool(true))) {
        return Ok(Outcome::NotEmpty);
    }
    for outline in outlines() {
        let id = format!("sample-{}", outline.code);
        let mut random = Random::new(outline.code.as_str().parse().unwrap_or_default());
        let path = format!("/api/v1/marriage/offices/{id}");
        api.put(&path, &office(outline, &mut random)).await?;
        api.put(&format!("{path}/timetable"), &timetable(&mut random)).await?;
    }
    Ok(Outcome::Loaded(outlines().len()))
}

fn office(outline: &Outline, random: &mut Random) -> Value {
    let at = position(outline, random);
    json!({
        "name": format!("{}婚姻登记处(样例)", outline.name),
        "division_code": outline.code,
        "address": address(&outline.code),
        "phone": PHONE,
        "location": {"lat": at.lat, "lon": at.lon},
        "services": ["marriage", "divorce_application", "divorce_certificate", "certificate_reissue"],
        "sample": true,
    })
}

/// A place inside the district's outline, near its middle.
fn position(outline: &Outline, random: &mut Random) -> Position {
    let rounded = |degrees: f64| (degrees * 1e5).round() / 1e5;
    (0..64)
        .map(|_| {
            let lat = outline.centre.lat + random.signed_unit() * SPREAD;
            let lon = outline.centre.lon + random.signed_unit() * SPREAD;
            Position { lat: rounded(lat), lon: rounded(lon) }
        })
        .find(|position| outline.contains(position))
        .unwrap_or(outline.centre)
}

fn timetable(random: &mut Random) -> Value {
    let weekday = json!([{"opens": "09:00", "closes": "11:30"}, {"opens": "13:30", "closes": "17:00"}]);
    json!({
        "slot_minutes": 30,
        "release_days": 30,
        "weekly": {
            "monday": weekday, "tuesday": weekday, "wednesday": weekday, "thursday": weekday, "friday": weekday,
            "saturday": [{"opens": "09:00", "closes": "15:30"}],
        },
        "capacity": {
            "marriage": 2 + random.below(5),
            "divorce_application": 1 + random.below(2),
            "divorce_certificate": 1 + random.below(2),
            "certificate_reissue": 1,
        },
        "make_up_days_as": "monday",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_office_lies_in_its_district_says_that_it_is_made_up_and_is_the_same_each_time() {
        assert_eq!(outlines().len(), 16);
        for outline in outlines() {
            let make = || office(outline, &mut Random::new(7));
            let made = make();
            assert_eq!(made, make());
            assert_eq!(made["sample"], true);
            let at: Position = serde_json::from_value(made["location"].clone()).unwrap();
            assert!(outline.contains(&at), "{}", outline.name);
            assert!(made["name"].as_str().unwrap().contains("样例"));
        }
    }
}
