use chrono::{Days, Utc};
use serde_json::{Value, json};
use shared::calendar::day_of;

use super::{Corner, DAY, at, codes, faults, shift, tomorrow};
use crate::{corner::changed, server::Server};

/// An insurance that lasts so many days from today on.
fn insured(days: u64) -> Value {
    json!({"insurer": "样例保险", "policy": "P-1", "until": (day_of(Utc::now()) + Days::new(days)).to_string()})
}

#[test]
fn a_draft_shows_all_that_was_said_of_it() {
    let corner = Corner::shared();
    let change = json!({
        "skills": ["driving", "teaching"], "dangerous": true, "insurance": insured(9), "for_minors": false,
        "requirements": {"minimum_age": 18, "maximum_age": 60, "skills": ["driving"], "trainings": ["first_aid"],
                         "health": "能搬重物"},
    });
    let body = corner.body("项目", change);
    let made = corner.tell("opportunities", &body).expect(201);
    for (field, said) in body.as_object().unwrap() {
        if !["shifts", "phone"].contains(&field.as_str()) {
            assert_eq!(made[field], *said, "{field}");
        }
    }
    assert_eq!((&made["status"], &made["phone"]), (&json!("draft"), &json!("02100000000")));
    let shift = &made["shifts"][0];
    let counts = ["capacity", "confirmed", "remaining", "waitlisted", "waitlist_capacity"];
    assert_eq!(counts.map(|field| shift[field].as_i64().unwrap()), [3, 0, 3, 0, 2]);
    assert_eq!(shift["status"], "open");
    let id = made["id"].as_str().unwrap();
    assert!(id.len() == 13 && id.starts_with('J'), "{id}");
    assert_eq!(corner.look(&format!("opportunities/{id}")), made);
}

#[test]
fn a_draft_is_changed_until_it_is_published() {
    let corner = Corner::shared();
    let made = corner.draft("项目", json!({}));
    let put = |change: Value| {
        let mut body = corner.body("改名", json!({}));
        body.as_object_mut().unwrap().remove("shifts");
        let call = corner.call("PUT", &format!("opportunities/{}", made.id)).bearer(&corner.manager);
        call.json(&changed(body, change)).send()
    };
    let after = put(json!({"field": "environment"})).expect(200);
    assert_eq!(after["field"], "environment");
    assert_eq!(after["shifts"][0]["id"], made.shifts[0], "its shifts stay");
    assert_eq!(codes(&put(json!({"shifts": [tomorrow(1, 0)]}))), ["unknown_field"]);
    let other = corner.organisation("other", json!({}));
    let moved = put(json!({"organisation_id": other}));
    moved.refused(422, "organisation_fixed");
    assert_eq!(moved.faults(), faults(&[("/organisation_id", "organisation_fixed")]));
    corner.step(&made.id, "publish").expect(200);
    put(json!({})).refused(409, "wrong_status");
    corner.step(&made.id, "close").expect(200);
    put(json!({})).refused(409, "wrong_status");
    assert_eq!(corner.read(&made.id)["field"], "environment");
    let actions =
        ["opportunity.drafted", "opportunity.changed", "opportunity.published", "opportunity.closed"];
    assert_eq!(corner.audit(&made.id), actions);
}

#[test]
fn publishing_and_closing_may_be_asked_for_again() {
    let corner = Corner::shared();
    let made = corner.draft("项目", json!({}));
    let published = corner.step(&made.id, "publish").expect(200);
    assert_eq!(published["status"], "published");
    assert_eq!(corner.step(&made.id, "publish").expect(200), published);
    let closed = corner.step(&made.id, "close").expect(200);
    assert_eq!(closed["status"], "closed");
    assert_eq!(corner.step(&made.id, "close").expect(200), closed);
    corner.step(&made.id, "publish").refused(409, "wrong_status");
    corner.tell(&format!("opportunities/{}/shifts", made.id), &tomorrow(1, 0)).refused(409, "wrong_status");
    // What nobody has seen is not closed: then everybody would.
    let thrown_away = corner.draft("草稿", json!({}));
    corner.step(&thrown_away.id, "close").refused(409, "wrong_status");
    corner.get(&format!("opportunities/{}", thrown_away.id)).send().refused(404, "not_found");
}

#[test]
fn nothing_is_published_without_a_shift_to_come() {
    let corner = Corner::shared();
    let mut body = corner.body("项目", json!({}));
    body.as_object_mut().unwrap().remove("shifts");
    let id = corner.tell("opportunities", &body).expect(201)["id"].as_str().unwrap().to_owned();
    corner.step(&id, "publish").refused(409, "no_shift");
    let added = corner.tell(&format!("opportunities/{id}/shifts"), &tomorrow(1, 0)).expect(201);
    corner.cancel(added["id"].as_str().unwrap()).expect(200);
    corner.step(&id, "publish").refused(409, "no_shift");
    corner.tell(&format!("opportunities/{id}/shifts"), &tomorrow(1, 0)).expect(201);
    corner.step(&id, "publish").expect(200);
}

#[test]
fn what_may_endanger_people_is_insured_to_the_end_of_its_last_shift() {
    let corner = Corner::shared();
    let dangerous = |change: Value| {
        let body = corner.body("项目", json!({"dangerous": true}));
        corner.tell("opportunities", &changed(body, change))
    };
    for change in [json!({}), json!({"insurance": insured(0)})] {
        let answer = dangerous(change);
        answer.refused(422, "insurance_required");
        assert_eq!(answer.faults(), faults(&[("/insurance", "insurance_required")]));
    }
    let made = dangerous(json!({"insurance": insured(2)})).expect(201);
    let id = made["id"].as_str().unwrap();
    let add = |days: i64| corner.tell(&format!("opportunities/{id}/shifts"), &shift((days * DAY, 60), 1, 0));
    add(4).refused(409, "insurance_required");
    let mut body = corner.body("项目", json!({"dangerous": true, "insurance": insured(0)}));
    body.as_object_mut().unwrap().remove("shifts");
    let put = |body: &Value| {
        corner.call("PUT", &format!("opportunities/{id}")).bearer(&corner.manager).json(body).send()
    };
    put(&body).expect(200);
    corner.step(id, "publish").refused(409, "insurance_required");
    body["insurance"] = insured(6);
    put(&body).expect(200);
    corner.step(id, "publish").expect(200);
    add(4).expect(201);
    add(8).refused(409, "insurance_required");
    assert_eq!(corner.read(id)["shifts"].as_array().unwrap().len(), 2, "nothing is written after a refusal");
}

#[test]
fn an_organisation_that_there_is_not_offers_nothing() {
    let corner = Corner::shared();
    let answer =
        corner.tell("opportunities", &corner.body("项目", json!({"organisation_id": corner.id("nobody")})));
    answer.refused(422, "unknown_organisation");
    assert_eq!(answer.faults(), faults(&[("/organisation_id", "unknown_organisation")]));
}

#[test]
fn a_shift_lies_ahead_and_is_no_longer_than_half_a_day() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({}));
    let path = format!("opportunities/{}/shifts", made.id);
    let added = corner.tell(&path, &shift((DAY + 300, 12 * 60), 4, 0)).expect(201);
    assert_eq!((&added["capacity"], &added["waitlist_capacity"]), (&json!(4), &json!(0)));
    let mut plain = tomorrow(4, 0);
    plain.as_object_mut().unwrap().remove("waitlist_capacity");
    assert_eq!(corner.tell(&path, &plain).expect(201)["waitlist_capacity"], 4, "as many as have a place");
    let dates = |starts: i64, ends: i64| json!({"starts_at": at(starts), "ends_at": at(ends), "capacity": 1});
    for (body, expected) in [
        (dates(-5, 3_600), "/starts_at"),
        (dates(367 * 86_400, 367 * 86_400 + 3_600), "/starts_at"),
        (dates(7_200, 7_200), "/ends_at"),
        (dates(7_200, 7_230), "/ends_at"),
        (dates(7_200, 3_600), "/ends_at"),
        (dates(7_200, 7_200 + 12 * 3_600 + 60), "/ends_at"),
    ] {
        let answer = corner.tell(&path, &body);
        answer.refused(422, "out_of_range");
        assert_eq!(answer.faults(), faults(&[(expected, "out_of_range")]), "{body}");
    }
    let mut wrong = dates(-5, 90_000);
    wrong["capacity"] = json!(0);
    wrong["waitlist_capacity"] = json!(10_001);
    let answer = corner.tell(&path, &wrong);
    answer.refused(422, "invalid");
    assert_eq!(codes(&answer), ["out_of_range"; 4]);
    let read = corner.read(&made.id);
    assert_eq!(read["shifts"].as_array().unwrap().len(), 3);
    let times: Vec<_> = super::each(&read["shifts"], "starts_at");
    assert!(times.is_sorted(), "{times:?}");
}

#[test]
fn a_cancelled_shift_is_off_for_everybody_who_signed_up() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({"shifts": [tomorrow(1, 1), shift((2 * DAY, 60), 1, 0)]}));
    let (first, second) = (corner.newcomer(&made.shifts[0]), corner.newcomer(&made.shifts[0]));
    assert_eq!((first.1.as_str(), second.1.as_str()), ("confirmed", "waitlisted"));
    let cancelled = corner.cancel(&made.shifts[0]).expect(200);
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(corner.cancel(&made.shifts[0]).expect(200), cancelled, "again");
    for (who, _) in [&first, &second] {
        assert_eq!(corner.place(who, &made.shifts[0]), ("cancelled".to_owned(), None));
    }
    assert_eq!(corner.counts(&made, 0), [1, 0, 1, 0]);
    corner.sign_up(&corner.volunteer(), &made.shifts[0]).refused(409, "shift_closed");
    corner.sign_up(&first.0, &made.shifts[1]).expect(201);
    assert_eq!(
        corner.audit(&made.shifts[0])[3..],
        ["shift.cancelled", "signup.cancelled", "signup.cancelled"]
    );
}

#[test]
fn every_fault_of_an_opportunity_is_named_at_once() {
    let corner = Corner::shared();
    let wrong = json!({
        "organisation_id": "A B", "title": "", "field": "none", "description": "x".repeat(2_001),
        "division_code": "99", "address": 7, "location": {"lat": 95, "lon": 121}, "phone": "x", "skills": ["flying"],
        "risks": "", "dangerous": "yes", "insurance": {"insurer": "", "until": "2026-02-30", "sum": 1},
        "for_minors": null, "requirements": {"minimum_age": -1, "maximum_age": 121, "skills": 7,
                                             "trainings": ["first_aid", "first_aid"], "health": ""},
        "sample": 1, "shifts": [{"starts_at": "tomorrow", "capacity": "many"}], "colour": "red",
    });
    let answer = corner.tell("opportunities", &wrong);
    answer.refused(422, "invalid");
    let mut pointers: Vec<_> = answer.faults().into_iter().map(|(pointer, _)| pointer).collect();
    pointers.sort();
    let mut expected = [
        "organisation_id",
        "title",
        "field",
        "description",
        "division_code",
        "address",
        "location",
        "phone",
        "skills",
        "risks",
        "dangerous",
        "insurance/insurer",
        "insurance/policy",
        "insurance/until",
        "insurance/sum",
        "for_minors",
        "requirements/minimum_age",
        "requirements/maximum_age",
        "requirements/skills",
        "requirements/trainings",
        "requirements/health",
        "sample",
        "shifts/0/starts_at",
        "shifts/0/ends_at",
        "shifts/0/capacity",
        "colour",
    ]
    .map(|name| format!("/{name}"));
    expected.sort();
    assert_eq!(pointers, expected, "{answer:?}");
    for (change, code) in [
        (json!({"division_code": "310000"}), "division_code"),
        (json!({"location": {"lat": 30.75, "lon": 121.33}}), "outside_division"),
        (json!({"location": {"lat": 39.9, "lon": 116.4}}), "outside_city"),
        (json!({"requirements": {"minimum_age": 60, "maximum_age": 20}}), "range"),
        (json!({"for_minors": true, "requirements": {"minimum_age": 18}}), "contradiction"),
        (json!({"title": "一\n二"}), "characters"),
        (json!({"shifts": []}), "count"),
        (json!({"shifts": vec![tomorrow(1, 0); 101]}), "count"),
    ] {
        corner.tell("opportunities", &corner.body("项目", change)).refused(422, code);
    }
    let own = corner.look(&format!("organisations/{}/opportunities", corner.id("org")));
    assert_eq!(own["items"], json!([]), "nothing is half-written");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn what_is_long_over_closes_by_itself() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let (over, recent) = (corner.offer("旧项目", json!({})), corner.offer("新项目", json!({})));
    for (made, days) in [(&over, 32), (&recent, 29)] {
        corner.pass(&made.shifts[0], days * 1_440);
        let by = days * DAY * 60;
        let sql = format!("UPDATE opportunity SET ends_at = ends_at - {by} WHERE id = '{}'", made.id);
        assert_eq!(server.change("volunteer", &sql), 1);
    }
    corner.search("");
    assert_eq!([&over, &recent].map(|made| corner.read(&made.id)["status"].clone()), ["closed", "published"]);
    assert_eq!(corner.audit(&over.id)[2..], ["opportunity.closed"]);
}
