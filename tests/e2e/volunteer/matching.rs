//! How well what is offered fits whoever looks.

use chrono::{Datelike as _, Days, Utc};
use serde_json::{Value, json};
use shared::calendar::day_of;

use super::{Corner, DAY, DISTRICT, ELSEWHERE, TOWN, born, guardian, shift, tomorrow};
use crate::people;

/// From nine to eleven, Shanghai time, so many days ahead; and the word for when that is.
fn morning(days: u64) -> (Value, String) {
    let day = day_of(Utc::now()) + Days::new(days);
    let shift = json!({
        "starts_at": format!("{day}T09:00:00+08:00"), "ends_at": format!("{day}T11:00:00+08:00"), "capacity": 9,
    });
    let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    (shift, format!("{}_morning", names[usize::try_from(day.weekday().num_days_from_monday()).unwrap()]))
}

/// A reason of a match.
#[track_caller]
fn reason<'a>(found: &'a Value, rule: &str) -> &'a Value {
    let reasons = found["reasons"].as_array().unwrap();
    reasons.iter().find(|reason| reason["rule"] == rule).unwrap_or_else(|| panic!("no {rule}: {found}"))
}

#[test]
fn whoever_looks_sees_how_well_it_fits_and_why() {
    let corner = Corner::shared();
    let (shift, free) = morning(2);
    let needs =
        json!({"minimum_age": 18, "maximum_age": 70, "skills": ["driving"], "trainings": ["first_aid"]});
    let change =
        json!({"shifts": [shift], "skills": ["teaching"], "requirements": needs, "for_minors": false});
    let made = corner.offer("项目", change);
    let change = json!({"skills": ["driving"], "availability": [free], "division_code": TOWN});
    let who = corner.volunteer_who(change);
    let seen = || {
        let list =
            corner.get(&format!("opportunities?q={}", corner.tag)).bearer(&who.token).send().expect(200);
        let one = corner.get(&format!("opportunities/{}", made.id)).bearer(&who.token).send().expect(200);
        assert_eq!(list["items"][0]["match"], one["match"]);
        one["match"].clone()
    };
    let found = seen();
    assert_eq!((&found["fits"], &found["score"]), (&json!(false), &json!(3)));
    let rules: Vec<_> = found["reasons"].as_array().unwrap().iter().map(|reason| &reason["rule"]).collect();
    assert_eq!(rules, ["age", "minors", "required_skills", "trainings", "skills", "free_hours", "district"]);
    let shape = |rule: &str| {
        let reason = reason(&found, rule);
        ["required", "passed", "value", "limit"].map(|member| reason[member].clone())
    };
    assert_eq!(shape("required_skills"), [json!(true), json!(true), json!(["driving"]), json!(["driving"])]);
    assert_eq!(shape("trainings"), [json!(true), json!(false), json!([]), json!(["first_aid"])]);
    assert_eq!(
        shape("skills"),
        [json!(false), json!(true), json!(["driving"]), json!(["teaching", "driving"])]
    );
    assert_eq!(shape("minors"), [json!(true), json!(true), json!(false), json!(false)]);
    assert_eq!(shape("district"), [json!(false), json!(true), json!(DISTRICT), json!(DISTRICT)]);
    assert_eq!(shape("free_hours"), [json!(false), json!(true), json!(made.shifts), json!(made.shifts)]);
    assert_eq!(shape("age")[3], json!([18, 70]));
    let trained = json!({"training": "first_aid", "completed_on": "2026-01-05"});
    corner.tell(&format!("volunteers/{}/trainings", who.no), &trained).expect(200);
    assert_eq!(seen()["fits"], true);
    let patch = json!({"skills": [], "availability": [], "division_code": ELSEWHERE});
    corner.call("PATCH", "volunteers/me").bearer(&who.token).json(&patch).send().expect(200);
    let found = seen();
    assert_eq!((&found["fits"], &found["score"]), (&json!(false), &json!(0)));
    let nobody = corner.search(&format!("q={}", corner.tag));
    assert!(nobody["items"][0].get("match").is_none(), "{nobody}");
    assert!(corner.read(&made.id).get("match").is_none());
}

#[test]
fn what_fits_best_comes_first_and_then_what_comes_first() {
    let corner = Corner::shared();
    let (free, word) = morning(3);
    let who =
        corner.volunteer_who(json!({"skills": ["driving"], "availability": [word], "division_code": TOWN}));
    let away = json!({"location": {"lat": 30.75, "lon": 121.33}, "division_code": ELSEWHERE});
    let offer =
        |name: &str, change: Value, more: Value| corner.offer(name, crate::corner::changed(change, more));
    offer("无", json!({"shifts": [shift((DAY, 5), 1, 0)]}), away.clone());
    offer("三", json!({"shifts": [free], "skills": ["driving"]}), json!({}));
    offer("一", json!({"shifts": [shift((DAY + 30, 5), 1, 0)]}), json!({}));
    offer("一早", json!({"shifts": [shift((DAY + 9, 5), 1, 0)]}), json!({}));
    let unfit = json!({"requirements": {"skills": ["sign_language"]}, "skills": ["driving"], "shifts": [shift((DAY + 1, 5), 1, 0)]});
    offer("不", unfit, json!({}));
    offer("二", json!({"shifts": [free], "skills": ["driving"]}), away);
    let sorted = |query: &str| corner.walk(&format!("sort=match&{query}"), Some(&who.token));
    let best = ["三", "二", "一早", "一", "无", "不"];
    for limit in [1, 2, 5, 100] {
        assert_eq!(sorted(&format!("limit={limit}")), best, "by {limit}");
    }
    let answer = corner.get(&format!("opportunities?q={}&sort=match", corner.tag)).send();
    answer.refused(422, "token_missing");
    let staff = corner.get("opportunities?sort=match").bearer(&corner.manager).send();
    staff.refused(422, "token_missing");
}

#[test]
fn what_fits_is_what_one_can_sign_up_for() {
    let corner = Corner::shared();
    let made: Vec<_> = [
        json!({"requirements": {"minimum_age": 16}}),
        json!({"requirements": {"maximum_age": 30}}),
        json!({"requirements": {"skills": ["driving"]}}),
        json!({"requirements": {"trainings": ["first_aid"]}}),
        json!({"for_minors": false}),
        json!({}),
    ]
    .into_iter()
    .map(|change| corner.offer("项目", crate::corner::changed(change, json!({"shifts": [tomorrow(20, 0)]}))))
    .collect();
    let minor = json!({"id_number": people::born_on(born(12, 0)), "guardian": guardian()});
    let people = [
        corner.volunteer_who(minor),
        corner.volunteer_who(json!({"skills": ["driving"], "id_number": people::born_on(born(28, 0))})),
        corner.volunteer_who(json!({"id_number": people::born_on(born(50, 0))})),
    ];
    let mut fitted = 0;
    for who in &people {
        for opportunity in &made {
            let path = format!("opportunities/{}", opportunity.id);
            let seen = corner.get(&path).bearer(&who.token).send().expect(200);
            let fits = seen["match"]["fits"].as_bool().unwrap();
            let answer = corner.sign_up(who, &opportunity.shifts[0]);
            assert_eq!(answer.status == 201, fits, "{answer:?}");
            if fits {
                fitted += 1;
                corner.withdraw(who, &opportunity.shifts[0]).expect(204);
            } else {
                answer.refused(409, "requirements_not_met");
            }
        }
    }
    assert!((6..15).contains(&fitted), "{fitted}");
}
