use serde_json::{Value, json};

use super::{Corner, DAY, Volunteer, born, codes, guardian, shift};
use crate::people;

/// Somebody who is so old on the day that so many days ahead is.
fn aged(corner: &Corner<'_>, years: u32, days: u64, change: Value) -> Volunteer {
    let person = json!({"id_number": people::born_on(born(years, days)), "guardian": guardian()});
    corner.volunteer_who(crate::corner::changed(person, change))
}

/// A shift in two days that asks for something.
fn asks(corner: &Corner<'_>, requirements: &Value, for_minors: bool) -> String {
    let shifts = [shift((2 * DAY, 60), 50, 0)];
    let change = json!({"requirements": requirements, "for_minors": for_minors, "shifts": shifts});
    corner.offer("项目", change).shifts.remove(0)
}

#[track_caller]
fn lacks(corner: &Corner<'_>, who: &Volunteer, shift: &str, expected: &[&str]) {
    let answer = corner.sign_up(who, shift);
    answer.refused(409, "requirements_not_met");
    assert_eq!(codes(&answer), expected);
    assert_eq!(corner.mine(who, "/signups")["items"], json!([]));
}

#[test]
fn ages_count_on_the_day_of_the_shift() {
    let corner = Corner::shared();
    let shift = asks(&corner, &json!({"minimum_age": 16, "maximum_age": 60}), true);
    // Fifteen today.
    corner.sign_up(&aged(&corner, 16, 2, json!({})), &shift).expect(201);
    lacks(&corner, &aged(&corner, 16, 3, json!({})), &shift, &["age_out_of_range"]);
    corner.sign_up(&aged(&corner, 61, 3, json!({})), &shift).expect(201);
    lacks(&corner, &aged(&corner, 61, 2, json!({})), &shift, &["age_out_of_range"]);
}

#[test]
fn minors_take_part_where_they_may() {
    let corner = Corner::shared();
    let (grown_ups, everybody) = (asks(&corner, &json!({}), false), asks(&corner, &json!({}), true));
    let minor = aged(&corner, 18, 3, json!({}));
    lacks(&corner, &minor, &grown_ups, &["not_for_minors"]);
    corner.sign_up(&minor, &everybody).expect(201);
    corner.sign_up(&aged(&corner, 18, 2, json!({})), &grown_ups).expect(201);
}

#[test]
fn every_skill_and_training_that_is_needed_has_to_be_there() {
    let corner = Corner::shared();
    let needs = json!({"skills": ["driving", "sign_language"], "trainings": ["first_aid"]});
    let shift = asks(&corner, &needs, true);
    let who = corner.volunteer_who(json!({"skills": ["driving"]}));
    lacks(&corner, &who, &shift, &["skill_missing", "training_missing"]);
    let skills = json!({"skills": ["sign_language", "driving", "teaching"]});
    corner.call("PATCH", "volunteers/me").bearer(&who.token).json(&skills).send().expect(200);
    lacks(&corner, &who, &shift, &["training_missing"]);
    let trained = json!({"training": "first_aid", "completed_on": "2026-01-05"});
    corner.tell(&format!("volunteers/{}/trainings", who.no), &trained).expect(200);
    corner.sign_up(&who, &shift).expect(201);
}

#[test]
fn whoever_has_to_be_healthy_says_so() {
    let corner = Corner::shared();
    let shift = asks(&corner, &json!({"health": "能搬重物"}), true);
    let who = corner.volunteer();
    lacks(&corner, &who, &shift, &["health_not_confirmed"]);
    let send =
        |body: &Value| corner.post(&format!("shifts/{shift}/signups")).bearer(&who.token).json(body).send();
    for body in [json!({}), json!({"health_confirmed": false})] {
        let answer = send(&body);
        answer.refused(409, "requirements_not_met");
        assert_eq!(answer.faults(), super::faults(&[("/health_confirmed", "health_not_confirmed")]));
    }
    send(&json!({"health_confirmed": "yes"})).refused(422, "type");
    send(&json!({"health_confirmed": true})).expect(201);
}

#[test]
fn everything_that_somebody_lacks_is_named_at_once() {
    let corner = Corner::shared();
    let needs = json!({
        "minimum_age": 16, "skills": ["driving"], "trainings": ["food_safety"], "health": "能久站",
    });
    let shift = asks(&corner, &needs, false);
    let minor = aged(&corner, 12, 0, json!({}));
    let all =
        ["age_out_of_range", "not_for_minors", "skill_missing", "training_missing", "health_not_confirmed"];
    lacks(&corner, &minor, &shift, &all);
    for (language, message) in [("zh-CN", "该班次不适合未成年人。"), ("en", "The shift is not for minors.")]
    {
        let call = corner.post(&format!("shifts/{shift}/signups")).bearer(&minor.token);
        let answer = call.header("accept-language", language).send().refused(409, "requirements_not_met");
        assert_eq!(answer["errors"][1]["message"], message);
    }
}
