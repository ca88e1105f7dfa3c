//! Whom an application, and a home, is the business of.

use serde_json::json;

use super::{Corner, ELSEWHERE, place};

#[test]
fn an_application_that_is_over_is_no_longer_a_homes_business() {
    let corner = Corner::shared();
    let (one, other) = (corner.beds("a", 3, 0), corner.beds("b", 3, 0));
    let staff = |home: &str| corner.server.staff_of(home, "care_manager", "310000");
    let elder = corner.elder(3, &[&one, &other]);
    let look = |home: &str| corner.get(&format!("applications/{}", elder.0)).bearer(&staff(home)).send();
    look(&one).expect(200);
    look(&other).expect(200);
    let withdraw = corner.post(&format!("applications/{}/withdraw", elder.0)).bearer(&staff(&one)).send();
    withdraw.refused(403, "forbidden");
    let offer = corner.offered(&elder, &one);
    look(&one).expect(200);
    look(&other).refused(403, "forbidden");
    corner.answer(&elder, &offer, "accept").expect(200);
    look(&other).refused(403, "forbidden");
    let admit =
        |home: &str| corner.post(&format!("applications/{}/admit", elder.0)).bearer(&staff(home)).send();
    admit(&other).refused(403, "forbidden");
    admit(&one).expect(200);
    let discharge =
        |home: &str| corner.post(&format!("applications/{}/discharge", elder.0)).bearer(&staff(home)).send();
    discharge(&one).expect(200);
    assert_eq!(discharge(&one).expect(200)["status"], "discharged", "whose answer was lost asks again");
    discharge(&other).refused(403, "forbidden");
    look(&one).refused(403, "forbidden");
    corner.get(&format!("applications/{}", elder.0)).bearer(&corner.manager).send().expect(200);
    let district = corner.server.staff("care_manager", ELSEWHERE);
    corner.get(&format!("applications/{}", elder.0)).bearer(&district).send().refused(403, "forbidden");
}

#[test]
fn only_the_district_assesses_and_brings_a_home_back() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let own = corner.server.staff_of(&home, "care_manager", "310000");
    let elder = corner.elder(3, &[&home]);
    let assess = |token: &str, level: i64, on: &str| {
        let body = json!({"care_level": level, "assessed_on": on});
        corner.post(&format!("applications/{}/assess", elder.0)).bearer(token).json(&body).send()
    };
    assess(&own, 6, "2026-01-05").refused(403, "forbidden");
    assess(&corner.manager, 4, "2026-01-05").expect(200);
    assess(&corner.manager, 6, "2026-01-04").refused(409, "older_assessment");
    corner.withdraw(&elder).expect(200);
    let body = corner.body();
    let put =
        |token: &str| corner.call("PUT", &format!("institutions/{home}")).bearer(token).json(&body).send();
    put(&own).expect(200);
    corner.delete(&home).expect(204);
    put(&own).refused(403, "forbidden");
    put(&corner.manager).expect(200);
    assert!(corner.audit(&home).contains(&"institution.restored".to_owned()));
}

#[test]
fn assessed_levels_come_first_and_whom_the_rooms_do_not_serve_is_passed_over() {
    let corner = Corner::shared();
    let rooms = json!([super::room("single", &[0, 1, 2, 3], 1, (2, 0))]);
    let home = corner.home("a", json!({"rooms": rooms}));
    let (doubtful, known) = (corner.elder(3, &[&home]), corner.elder(1, &[&home]));
    let assess = |elder: &super::Elder, level: i64| {
        let body = json!({"care_level": level, "assessed_on": "2026-01-05"});
        corner.tell(&format!("applications/{}/assess", elder.0), &body).expect(200);
    };
    let position = |elder| corner.seen(elder)["positions"][0]["position"].as_i64().unwrap();
    assert_eq!((position(&doubtful), position(&known)), (1, 2));
    assess(&known, 1);
    assert_eq!((position(&doubtful), position(&known)), (2, 1));
    assess(&known, 6);
    assert_eq!(position(&doubtful), 1, "the room serves up to level 3");
    corner
        .tell(&format!("applications/{}/offers", known.0), &place(&home))
        .refused(409, "care_level_not_served");
    corner.offer(&doubtful, &home).expect(201);
}
