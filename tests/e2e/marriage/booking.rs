use serde_json::json;

use super::{Office, book_somebody, day_ahead, made, slot, today};
use crate::people;

#[test]
fn a_couple_finds_a_slot_books_it_reads_it_and_takes_it_into_a_calendar() {
    let office = Office::shared(2);
    let start = slot(3, 9);
    assert_eq!(office.remaining(&start), 2);
    let booked = office.book(&start, &people::couple()).expect(201);
    assert_eq!(office.remaining(&start), 1);
    assert_eq!(booked["status"], "confirmed");
    assert_eq!(booked["start"], start);
    assert_eq!(booked["office"]["id"], office.id);
    assert!(booked["materials"].as_array().is_some_and(|list| list.len() > 1));
    assert_eq!(booked["cancel_before"], format!("{}T00:00:00+08:00", day_ahead(3)));
    let (reference, token) = (booked["reference"].as_str().unwrap(), booked["token"].as_str().unwrap());
    let read = office.get(&format!("appointments/{reference}")).bearer(token).send().expect(200);
    assert_eq!(read["parties"][0]["name"], "样**");
    assert!(read.get("token").is_none());
    let file = office.get(&format!("appointments/{reference}/calendar.ics")).bearer(token).send();
    assert_eq!(file.header("content-type"), Some("text/calendar; charset=utf-8"));
    assert!(file.text.starts_with("BEGIN:VCALENDAR\r\n") && file.text.contains(reference), "{file:?}");
}

#[test]
fn a_hold_keeps_the_seat_and_turns_into_an_appointment() {
    let office = Office::shared(1);
    let start = slot(3, 10);
    let hold = office.hold(&start).expect(201);
    office.hold(&start).refused(409, "slot_full");
    office.book(&start, &people::couple()).refused(409, "slot_full");
    let mut booking = office.booking(&start, &people::couple());
    booking["hold"] = hold["hold"].clone();
    made(&office.post("appointments").json(&booking).send());
    office.post("appointments").json(&booking).send().refused(409, "hold_expired");
}

#[test]
fn a_released_hold_frees_the_seat_and_an_unknown_one_is_refused() {
    let office = Office::shared(1);
    let start = slot(3, 11);
    let hold = office.hold(&start).expect(201);
    let path = format!("/api/v1/marriage/holds/{}", hold["hold"].as_str().unwrap());
    assert_eq!(office.server.call("DELETE", &path).send().status, 204);
    office.server.call("DELETE", &path).send().refused(404, "not_found");
    let mut booking = office.booking(&start, &people::couple());
    booking["hold"] = hold["hold"].clone();
    office.post("appointments").json(&booking).send().refused(409, "hold_expired");
    book_somebody(&office, &start);
}

#[test]
fn an_appointment_moves_to_a_free_slot_and_stays_where_it_was_when_there_is_none() {
    let office = Office::shared(1);
    let (from, full, free) = (slot(4, 9), slot(4, 10), slot(4, 11));
    let (reference, token) = book_somebody(&office, &from);
    book_somebody(&office, &full);
    let path = format!("/api/v1/marriage/appointments/{reference}");
    let patch =
        |start: &str| office.server.call("PATCH", &path).bearer(&token).json(&json!({"start": start})).send();
    patch(&full).refused(409, "slot_full");
    assert_eq!(office.remaining(&from), 0);
    assert_eq!(patch(&free).expect(200)["start"], free);
    assert_eq!((office.remaining(&from), office.remaining(&free)), (1, 0));
    assert_eq!(patch(&free).expect(200)["start"], free, "moving to where it is changes nothing");
    patch("2020-01-01T09:00:00+08:00").refused(409, "slot_past");
}

#[test]
fn cancelling_frees_the_seat_and_the_people_and_can_be_repeated() {
    let office = Office::shared(1);
    let start = slot(5, 9);
    let couple = people::couple();
    let (reference, token) = made(&office.book(&start, &couple));
    office.book(&slot(5, 10), &couple).refused(409, "party_already_booked");
    let cancel = || office.post(&format!("appointments/{reference}/cancel")).bearer(&token).send();
    assert_eq!(cancel().expect(200)["status"], "cancelled");
    assert_eq!(cancel().expect(200)["status"], "cancelled");
    assert_eq!(office.remaining(&start), 1);
    made(&office.book(&start, &couple));
    let patch = json!({"start": slot(5, 11)});
    let path = format!("/api/v1/marriage/appointments/{reference}");
    office.server.call("PATCH", &path).bearer(&token).json(&patch).send().refused(409, "wrong_status");
}

#[test]
fn one_person_has_one_active_appointment_a_service() {
    let office = Office::shared(5);
    let (man, woman) = (people::man(), people::woman());
    made(&office.book(&slot(6, 9), &json!([man, woman])));
    office.book(&slot(6, 10), &json!([people::man(), woman])).refused(409, "party_already_booked");
    let mut reissue = office.booking(&slot(6, 10), &json!([man]));
    reissue["service"] = json!("certificate_reissue");
    made(&office.post("appointments").json(&reissue).send());
}

#[test]
fn a_foreigner_books_with_a_passport_and_has_to_say_birth_date_and_sex() {
    let office = Office::shared(2);
    let mut other = json!({"name": "Sample Person", "id_type": "passport", "id_number": "X1234567", "phone": "+44 20 7946 0000"});
    other["id_number"] = json!(format!("X{}", &people::man()["id_number"].as_str().unwrap()[6..16]));
    let answer = office.book(&slot(7, 9), &json!([people::woman(), other]));
    answer.refused(422, "invalid");
    assert_eq!(
        answer.faults(),
        [("/parties/1/sex".into(), "required".into()), ("/parties/1/birth_date".into(), "required".into())]
    );
    other["sex"] = json!("male");
    other["birth_date"] = json!("1990-05-17");
    let booked = office.book(&slot(7, 9), &json!([people::woman(), other])).expect(201);
    let codes: Vec<_> = booked["materials"].as_array().unwrap().iter().map(|m| m["code"].clone()).collect();
    assert!(
        codes.contains(&json!("passport")) && codes.contains(&json!("resident_identity_card")),
        "{codes:?}"
    );
}

#[test]
fn the_earliest_open_slots_of_the_city_are_paged_without_gaps_or_repeats() {
    let office = Office::shared(1);
    let (from, to) = (day_ahead(8), day_ahead(9));
    let base =
        format!("availability?service=certificate_reissue&from={from}&to={to}&division_code=310101&limit=2");
    let mut seen = Vec::new();
    let mut cursor = String::new();
    for _ in 0..500 {
        let page = office.get(&format!("{base}{cursor}")).send().expect(200);
        for item in page["items"].as_array().unwrap() {
            seen.push((item["start"].to_string(), item["office_id"].to_string()));
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(seen, sorted);
    let own = seen.iter().filter(|(_, id)| id.contains(&office.id)).count();
    assert!(own >= 6, "{own} of this office");
}

#[test]
fn days_say_what_they_are() {
    let office = Office::shared(1);
    let (yesterday, far) = (today() - chrono::Days::new(1), day_ahead(45));
    let path = format!("offices/{}/availability?service=marriage&from={yesterday}&to={far}", office.id);
    let days = office.get(&path).send().expect(200)["days"].clone();
    let days = days.as_array().unwrap();
    assert_eq!(days.first().unwrap()["status"], "past");
    assert_eq!(days.last().unwrap()["status"], "not_released");
    assert_eq!(days.last().unwrap()["slots"], json!([]));
    office.book(&slot(45, 9), &people::couple()).refused(409, "slot_not_released");
    let closed = json!({"closed": true, "reason": "系统升级"});
    office.put(&format!("exceptions/{}", day_ahead(10)), &closed).expect(200);
    let day = office.day("marriage", day_ahead(10));
    assert_eq!((&day["status"], &day["reason"]), (&json!("closed"), &json!("系统升级")));
    office.book(&slot(10, 9), &people::couple()).refused(409, "slot_closed");
    for hour in [9, 10, 11] {
        book_somebody(&office, &slot(11, hour));
    }
    assert_eq!(office.day("marriage", day_ahead(11))["status"], "full");
}

#[test]
fn a_year_whose_days_off_are_not_announced_is_said_to_be_assumed() {
    let office = Office::shared(1);
    let path = format!("offices/{}/availability?service=marriage&from=2199-06-01&to=2199-06-02", office.id);
    let answer = office.get(&path).header("accept-language", "en").send().expect(200);
    assert!(answer["notes"][0].as_str().is_some_and(|note| note.contains("2199")), "{answer}");
}

#[test]
fn public_reads_carry_an_etag_and_spare_who_has_it_already() {
    let office = Office::shared(1);
    let path = format!("offices/{}", office.id);
    let first = office.get(&path).send();
    first.expect(200);
    let tag = first.header("etag").unwrap();
    let second = office.get(&path).header("if-none-match", tag).send();
    assert_eq!((second.status, second.text.as_str()), (304, ""));
    assert!(first.header("cache-control").is_some_and(|value| value.contains("public")));
}

#[test]
fn offices_are_found_by_district_and_nearest_first() {
    let office = Office::shared(1);
    let near = office.get("offices?near=31.23,121.48&limit=100&district_code=310101").send().expect(200);
    let distances: Vec<_> = near["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|office| office["distance_m"].as_i64().unwrap())
        .collect();
    assert!(distances.is_sorted() && distances.first().is_some_and(|metres| *metres < 2000), "{distances:?}");
    assert_eq!(office.get("offices?district_code=310115").send().expect(200)["items"], json!([]));
}
