//! The registrar's desk.

use chrono::{Days, Timelike as _, Utc};
use serde_json::json;

use super::{API, Office, book_somebody, day_ahead, made, slot, timetable, today};
use crate::people;

#[test]
fn a_timetable_change_moves_the_slots_at_once_and_a_stale_one_is_refused() {
    let office = Office::shared(1);
    let mut table = timetable(3);
    table["slot_minutes"] = json!(30);
    let path = format!("{API}/offices/{}/timetable", office.id);
    let put = |tag: &str| {
        office.server.call("PUT", &path).bearer(&office.registrar).header("if-match", tag).json(&table).send()
    };
    put("\"99\"").refused(412, "precondition_failed");
    let changed = put("\"1\"").expect(200);
    assert_eq!(changed["version"], 2);
    let day = office.day("marriage", day_ahead(3));
    assert_eq!(day["slots"].as_array().unwrap().len(), 6);
    assert_eq!(day["slots"][0]["remaining"], 3);
    let read =
        office.get(&format!("offices/{}/timetable", office.id)).bearer(&office.registrar).send().expect(200);
    assert_eq!(read["timetable"]["slot_minutes"], 30);
    assert_eq!(office.audit(&office.id), ["office.added", "schedule.timetable", "schedule.timetable"]);
}

#[test]
fn a_surge_day_adds_seats_and_goes_back_to_the_timetable() {
    let office = Office::shared(1);
    let exception = format!("exceptions/{}", day_ahead(4));
    office.put(&exception, &json!({"capacity": {"marriage": 30}, "reason": "5·20"})).expect(200);
    assert_eq!(office.remaining(&slot(4, 9)), 30);
    let path = format!("{API}/offices/{}/{exception}", office.id);
    let delete = || office.server.call("DELETE", &path).bearer(&office.registrar).send();
    delete().expect(200);
    delete().refused(404, "not_found");
    assert_eq!(office.remaining(&slot(4, 9)), 1);
}

#[test]
fn a_new_timetable_leaves_closed_days_closed() {
    let office = Office::shared(1);
    let day = day_ahead(4);
    office.put(&format!("exceptions/{day}"), &json!({"closed": true})).expect(200);
    office.put("timetable", &timetable(2)).expect(200);
    let read =
        office.get(&format!("offices/{}/timetable", office.id)).bearer(&office.registrar).send().expect(200);
    assert_eq!(read["exceptions"][0]["date"], day.to_string());
    let path = format!("availability?service=marriage&from={day}&to={day}&division_code=310101&limit=100");
    let open = office.get(&path).send().expect(200);
    assert!(open["items"].as_array().unwrap().iter().all(|slot| slot["office_id"] != office.id), "{open}");
    office.book(&slot(4, 9), &people::couple()).refused(409, "slot_closed");
}

#[test]
fn closing_a_day_names_who_is_affected_and_rebooking_moves_them_once() {
    let office = Office::shared(2);
    let booked: Vec<_> = [9, 9, 10].iter().map(|hour| book_somebody(&office, &slot(5, *hour))).collect();
    let closed = office.put(&format!("exceptions/{}", day_ahead(5)), &json!({"closed": true})).expect(200);
    assert_eq!(closed["affected"], 3);
    let rebook = || {
        let path = format!("offices/{}/exceptions/{}/rebook", office.id, day_ahead(5));
        office.post(&path).bearer(&office.registrar).send().expect(200)
    };
    let report = rebook();
    assert_eq!(report["moved"].as_array().unwrap().len(), 3, "{report}");
    assert_eq!(report["not_moved"], json!([]));
    assert_eq!(rebook()["moved"], json!([]));
    for (reference, token) in &booked {
        let moved = office.get(&format!("appointments/{reference}")).bearer(token).send().expect(200);
        assert_eq!(moved["status"], "confirmed");
        assert!(!moved["start"].as_str().unwrap().starts_with(&day_ahead(5).to_string()), "{moved}");
        assert!(office.audit(reference).contains(&"appointment.rescheduled".to_owned()));
    }
}

#[test]
fn rebooking_reports_who_could_not_be_moved() {
    let office = Office::shared(1);
    let (reference, _) = book_somebody(&office, &slot(5, 9));
    let mut nothing = timetable(1);
    nothing["weekly"] = json!({});
    office.put("timetable", &nothing).expect(200);
    let path = format!("offices/{}/exceptions/{}/rebook", office.id, day_ahead(5));
    let report = office.post(&path).bearer(&office.registrar).send().expect(200);
    assert_eq!(report["not_moved"][0]["reference"], reference);
    assert_eq!(report["not_moved"][0]["code"], "no_free_seat");
}

#[test]
fn the_day_list_shows_people_unmasked_and_every_look_is_audited() {
    let office = Office::shared(2);
    let couple = people::couple();
    made(&office.book(&slot(6, 9), &couple));
    let day = day_ahead(6);
    let list = || office.get(&format!("offices/{}/appointments?date={day}", office.id));
    let seen = list().bearer(&office.registrar).send().expect(200);
    assert_eq!(seen["items"][0]["parties"][0]["id_number"], couple[0]["id_number"]);
    assert_eq!(seen["items"][0]["parties"][0]["phone"], "13800000000");
    assert_eq!(office.audit(&format!("{}/{day}", office.id)), ["appointment.read_unmasked"]);
    list().send().refused(401, "unauthenticated");
    list().bearer(&office.server.staff("registrar", "310115")).send().refused(403, "forbidden");
    list().bearer(&office.server.staff("case_officer", "310101")).send().refused(403, "forbidden");
}

#[test]
fn steps_at_the_desk_keep_their_order_and_their_time() {
    let office = Office::shared(1);
    let (reference, token) = book_somebody(&office, &slot(7, 9));
    let step = |name: &str| {
        office.post(&format!("appointments/{reference}/{name}")).bearer(&office.registrar).send()
    };
    step("complete").refused(409, "wrong_status");
    step("check-in").refused(409, "wrong_time");
    step("no-show").refused(409, "wrong_time");
    office
        .post(&format!("appointments/{reference}/check-in"))
        .bearer(&token)
        .send()
        .refused(401, "unauthenticated");
}

/// Opens the office later today, and says when; `None` in the last hour of the day, when there is nothing left to book.
fn open_today(office: &Office<'_>, release_days: u32) -> Option<String> {
    let hour = Utc::now().with_timezone(&shared::calendar::shanghai()).hour();
    if hour >= 23 {
        return None;
    }
    let opens = format!("{:02}:00", hour + 1);
    let closes = if hour == 22 { "23:59".to_owned() } else { format!("{:02}:00", hour + 2) };
    let mut table = timetable(1);
    table["slot_minutes"] = json!(30);
    table["release_days"] = json!(release_days);
    office.put("timetable", &table).expect(200);
    let hours = json!({"hours": [{"opens": opens, "closes": closes}]});
    office.put(&format!("exceptions/{}", today()), &hours).expect(200);
    Some(format!("{}T{opens}:00+08:00", today()))
}

#[test]
fn somebody_who_comes_today_is_checked_in_and_done_and_can_book_again() {
    let office = Office::shared(1);
    let Some(start) = open_today(&office, 30) else { return };
    let couple = people::couple();
    let (reference, token) = made(&office.book(&start, &couple));
    let cancel = office.post(&format!("appointments/{reference}/cancel")).bearer(&token).send();
    cancel.refused(409, "too_late_to_cancel");
    let step = |name: &str| {
        office.post(&format!("appointments/{reference}/{name}")).bearer(&office.registrar).send()
    };
    assert_eq!(step("check-in").expect(200)["status"], "checked_in");
    assert_eq!(step("check-in").expect(200)["status"], "checked_in");
    assert_eq!(step("complete").expect(200)["status"], "completed");
    step("no-show").refused(409, "wrong_status");
    made(&office.book(&slot(2, 9), &couple));
    let today = today();
    let path = format!("stats?from={today}&to={today}");
    let stats = office.get(&path).bearer(&office.registrar).send().expect(200);
    let items = stats["items"].as_array().unwrap();
    let own = items.iter().find(|item| item["office_id"] == office.id && item["service"] == "marriage");
    assert_eq!(own.unwrap()["by_status"]["completed"], 1, "{stats}");
}

#[test]
fn a_divorce_certificate_waits_for_an_application_and_the_cooling_off_after_it() {
    let office = Office::shared(1);
    let couple = people::couple();
    let book = |service: &str, start: &str| {
        let mut booking = office.booking(start, &couple);
        booking["service"] = json!(service);
        office.post("appointments").json(&booking).send()
    };
    book("divorce_certificate", &slot(3, 9)).refused(409, "cooling_off");
    let Some(start) = open_today(&office, 59) else { return };
    let (reference, _) = made(&book("divorce_application", &start));
    for step in ["check-in", "complete"] {
        office.post(&format!("appointments/{reference}/{step}")).bearer(&office.registrar).send().expect(200);
    }
    let on = |day: chrono::NaiveDate| book("divorce_certificate", &format!("{day}T09:00:00+08:00"));
    // Up to the thirtieth day after the application either of them may still withdraw it.
    on(today() + Days::new(30)).refused(409, "cooling_off");
    let first = today() + Days::new(31);
    let open =
        first.iter_days().find(|day| office.day("divorce_certificate", *day)["status"] == "open").unwrap();
    let booked = on(open).expect(201);
    assert!(booked["materials"].to_string().contains("divorce_application_receipt"), "{booked}");
}

#[test]
fn bad_timetables_are_refused_with_every_fault() {
    let office = Office::shared(1);
    let body = json!({
        "slot_minutes": 1, "release_days": 400,
        "weekly": {"monday": [{"opens": "10:00", "closes": "09:00"}, {"opens": "x", "closes": "25:00"}], "funday": []},
        "capacity": {"marriage": -1, "baptism": 2},
    });
    let answer = office.put("timetable", &body);
    answer.refused(422, "invalid");
    let pointers: Vec<_> = answer.faults().into_iter().map(|(pointer, _)| pointer).collect();
    for pointer in [
        "/slot_minutes",
        "/release_days",
        "/weekly/monday/0/closes",
        "/weekly/monday/1/opens",
        "/weekly/monday/1/closes",
        "/weekly/funday",
        "/capacity/marriage",
        "/capacity/baptism",
    ] {
        assert!(pointers.iter().any(|found| found == pointer), "{pointer} in {pointers:?}");
    }
    let date = today() + Days::new(3);
    office.put(&format!("exceptions/{date}"), &json!({})).refused(422, "required");
    office.put("exceptions/2026-02-30", &json!({"closed": true})).refused(404, "not_found");
}
