use serde_json::{Value, json};

use super::{Corner, DISTRICT, ELSEWHERE, TOWN, Volunteer, certificates, soon, tomorrow};
use crate::{client::Answer, corner::changed, people};

/// What staff do with what an organisation of the district has, with a body where one is needed.
fn operations(corner: &Corner<'_>) -> Vec<(&'static str, String, Option<Value>)> {
    let made = corner.offer("项目", json!({"shifts": [soon()]}));
    let (_, entry) = corner.present(&made.shifts[0]);
    let org = corner.id("org");
    let mut whole = corner.body("项目", json!({}));
    whole.as_object_mut().unwrap().remove("shifts");
    let (id, shift) = (&made.id, &made.shifts[0]);
    vec![
        ("GET", format!("organisations/{org}/opportunities"), None),
        ("POST", "opportunities".to_owned(), Some(corner.body("项目", json!({})))),
        ("PUT", format!("opportunities/{id}"), Some(whole)),
        ("POST", format!("opportunities/{id}/shifts"), Some(tomorrow(1, 0))),
        ("POST", format!("opportunities/{id}/publish"), None),
        ("GET", format!("shifts/{shift}/signups"), None),
        ("GET", format!("shifts/{shift}/code"), None),
        ("POST", format!("shifts/{shift}/record"), Some(json!({}))),
        ("GET", format!("record?organisation_id={org}"), None),
        ("POST", format!("record/{entry}/confirm"), None),
        ("POST", format!("record/{entry}/correct"), Some(json!({"minutes": 1, "reason": "other"}))),
        ("POST", format!("shifts/{shift}/cancel"), None),
        ("POST", format!("opportunities/{id}/close"), None),
    ]
}

fn send(
    corner: &Corner<'_>,
    (method, path, body): &(&'static str, String, Option<Value>),
    token: Option<&str>,
) -> Answer {
    let call = corner.call(method, path);
    let call = if let Some(body) = body { call.json(body) } else { call };
    let call = if let Some(token) = token { call.bearer(token) } else { call };
    call.send()
}

#[test]
fn staff_of_another_area_organisation_or_office_may_do_nothing() {
    let corner = Corner::shared();
    corner.organisation("other", json!({}));
    let who = corner.volunteer();
    let staff = |roles: &str, area: &str| corner.server.staff(roles, area);
    let strangers = [
        staff("volunteer_manager", ELSEWHERE),
        staff("volunteer_manager", TOWN),
        staff("donation_manager,care_manager,registrar,auditor", "310000"),
        corner.server.staff_of(&corner.id("other"), "volunteer_manager", DISTRICT),
        corner.server.staff_of(&corner.id("org"), "volunteer_manager", ELSEWHERE),
    ];
    for operation in operations(&corner) {
        send(&corner, &operation, None).refused(401, "unauthenticated");
        send(&corner, &operation, Some(&who.token)).refused(401, "unauthenticated");
        for token in &strangers {
            send(&corner, &operation, Some(token)).refused(403, "forbidden");
        }
    }
}

#[test]
fn staff_of_the_organisation_and_of_its_district_may_do_everything() {
    let corner = Corner::shared();
    let own = corner.server.staff_of(&corner.id("org"), "volunteer_manager", DISTRICT);
    for token in
        [own, corner.server.staff("volunteer_manager", DISTRICT), corner.server.staff("admin", "310000")]
    {
        for operation in operations(&corner) {
            let answer = send(&corner, &operation, Some(&token));
            let expected = match operation.1.as_str() {
                path if path.ends_with("/record") => 422,
                // Nobody left yet, it is published, and it is still to come.
                path if path.ends_with("/confirm") || path.ends_with("/correct") || operation.0 == "PUT" => {
                    409
                }
                path if path == "opportunities" || path.ends_with("/shifts") => 201,
                _ => 200,
            };
            assert_eq!(answer.status, expected, "{operation:?}: {answer:?}");
        }
    }
}

#[test]
fn a_volunteer_is_seen_where_they_serve_and_by_whom_they_have_a_place_with() {
    let corner = Corner::shared();
    let other = corner.organisation("other", json!({}));
    let person = changed(people::volunteer(), json!({"division_code": DISTRICT}));
    let who = Volunteer::made(&corner.post("volunteers").json(&person).send());
    let shift = corner.shift(&tomorrow(1, 1));
    let look = |token: &str| corner.get(&format!("volunteers/{}", who.no)).bearer(token).send();
    let own = corner.server.staff_of(&corner.id("org"), "volunteer_manager", DISTRICT);
    look(&own).refused(403, "forbidden");
    let first = corner.newcomer(&shift).0;
    corner.sign_up(&who, &shift).expect(201);
    look(&own).refused(403, "forbidden");
    corner.withdraw(&first, &shift).expect(204);
    let seen = look(&own).expect(200);
    assert_eq!((&seen["name"], &seen["phone"]), (&person["name"], &person["phone"]));
    assert!(seen["id_number"].as_str().unwrap().contains("****"), "an organisation needs no number: {seen}");
    look(&corner.server.staff_of(&other, "volunteer_manager", DISTRICT)).refused(403, "forbidden");
    assert_eq!(
        look(&corner.server.staff("volunteer_manager", DISTRICT)).expect(200)["id_number"],
        person["id_number"]
    );
    look(&corner.server.staff("volunteer_manager", ELSEWHERE)).refused(403, "forbidden");
    look(&corner.server.staff("volunteer_manager", TOWN)).refused(403, "forbidden");
    look(&corner.server.staff("auditor", "310000")).refused(403, "forbidden");
    look(&who.token).refused(401, "unauthenticated");
    corner.get("volunteers/V000000000000").bearer(&corner.manager).send().refused(404, "not_found");
    corner.withdraw(&who, &shift).expect(204);
    look(&own).refused(403, "forbidden");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn an_organisation_sees_whoever_served_with_it_for_thirty_days() {
    let corner = Corner::shared();
    let who = corner.volunteer();
    let shift = corner.shift(&soon());
    corner.sign_up(&who, &shift).expect(201);
    let own = corner.server.staff_of(&corner.id("org"), "volunteer_manager", DISTRICT);
    let look = || corner.get(&format!("volunteers/{}", who.no)).bearer(&own).send();
    // It ends in 130 minutes.
    corner.pass(&shift, 130 + 30 * 1_440 - 2);
    look().expect(200);
    corner.pass(&shift, 3);
    look().refused(403, "forbidden");
}

#[test]
fn whoever_lost_the_token_gets_another_one_at_the_counter() {
    let corner = Corner::shared();
    let person = changed(people::volunteer(), json!({"division_code": DISTRICT}));
    let who = Volunteer::made(&corner.post("volunteers").json(&person).send());
    let staff = corner.server.staff("volunteer_manager", DISTRICT);
    let strangers = [
        corner.server.staff("volunteer_manager", ELSEWHERE),
        corner.server.staff_of(&corner.id("org"), "volunteer_manager", DISTRICT),
        corner.server.staff("care_manager", "310000"),
    ];
    let look_up = |token: &str, number: &Value| {
        corner.post("volunteers/lookup").bearer(token).json(&json!({"id_number": number})).send()
    };
    let exchange = |token: &str| corner.post(&format!("volunteers/{}/token", who.no)).bearer(token).send();
    for token in &strangers {
        look_up(token, &person["id_number"]).refused(403, "forbidden");
        exchange(token).refused(403, "forbidden");
    }
    look_up(&who.token, &person["id_number"]).refused(401, "unauthenticated");
    let found = look_up(&staff, &person["id_number"]).expect(200);
    assert_eq!((&found["volunteer_no"], &found["name"]), (&json!(who.no), &json!("样***")));
    assert!(found.get("token").is_none() && found["id_number"].as_str().unwrap().contains("****"), "{found}");
    look_up(&staff, &people::volunteer()["id_number"]).refused(404, "not_found");
    look_up(&staff, &json!("310101195001011234")).refused(422, "id_number_invalid");
    look_up(&staff, &Value::Null).refused(422, "required");
    let answer = exchange(&staff).expect(200);
    let after = Volunteer { no: who.no.clone(), token: answer["token"].as_str().unwrap().to_owned() };
    assert_ne!(who.token, after.token);
    corner.get("volunteers/me").bearer(&who.token).send().refused(401, "unauthenticated");
    assert_eq!(corner.mine(&after, "")["volunteer_no"], json!(who.no));
    let log = ["volunteer.registered", "volunteer.looked_up", "volunteer.token_exchanged"];
    assert_eq!(corner.audit(&who.no), log);
    corner.post("volunteers/V000000000000/token").bearer(&staff).send().refused(404, "not_found");
}

#[test]
fn staff_withdraw_the_registration_of_whoever_asks_them_to() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({}));
    let (who, _) = corner.newcomer(&made.shifts[0]);
    let withdraw =
        |token: &str| corner.call("DELETE", &format!("volunteers/{}", who.no)).bearer(token).send();
    withdraw(&corner.server.staff("volunteer_manager", ELSEWHERE)).refused(403, "forbidden");
    withdraw(&corner.server.staff_of(&corner.id("org"), "volunteer_manager", DISTRICT))
        .refused(403, "forbidden");
    withdraw(&who.token).refused(401, "unauthenticated");
    withdraw(&corner.server.staff("volunteer_manager", DISTRICT)).expect(204);
    corner.get("volunteers/me").bearer(&who.token).send().refused(401, "unauthenticated");
    withdraw(&corner.manager).refused(404, "not_found");
    assert_eq!(corner.counts(&made, 0), [3, 0, 3, 0]);
}

#[test]
fn a_token_opens_nothing_but_the_own_registration() {
    let corner = Corner::shared();
    let shift = corner.shift(&soon());
    let (who, entry) = corner.present(&shift);
    let other = corner.volunteer();
    assert_eq!(corner.mine(&other, "/record")["entries"], json!([]));
    assert_eq!(corner.mine(&other, "/signups")["items"], json!([]));
    corner.dispute(&other, &entry, &json!({"reason": "other"})).refused(404, "not_found");
    corner.withdraw(&other, &shift).refused(404, "not_found");
    for path in ["audit", "audit/verify", "stats", &format!("record?organisation_id={}", corner.id("org"))] {
        corner.get(path).bearer(&who.token).send().refused(401, "unauthenticated");
    }
    for token in ["", "made-up", &"x".repeat(43)] {
        corner.get("volunteers/me").bearer(token).send().refused(401, "unauthenticated");
        corner.post(&format!("shifts/{shift}/signups")).bearer(token).send().refused(401, "unauthenticated");
    }
    // Staff are no volunteers.
    for path in ["", "/record", "/signups", "/certificates"] {
        corner
            .get(&format!("volunteers/me{path}"))
            .bearer(&corner.manager)
            .send()
            .refused(401, "unauthenticated");
        corner.get(&format!("volunteers/me{path}")).send().refused(401, "unauthenticated");
    }
    corner.post("certificates").send().refused(401, "unauthenticated");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn a_certificate_of_another_shows_no_name_and_cannot_be_listed() {
    let corner = Corner::shared();
    let (who, other) = (certificates::served(&corner, 5), corner.volunteer());
    let code = certificates::certified(&corner, &who);
    let seen = corner.get(&format!("certificates/{code}")).bearer(&other.token).send().expect(200);
    assert_eq!(seen["name"], "样***");
    assert_eq!(corner.mine(&other, "/certificates")["items"], json!([]));
    corner.certify(&other, &json!({})).refused(409, "nothing_to_certify");
}
