use serde_json::{Value, json};
use shared::{names::readable, privacy::Keys};

use super::{Corner, Opportunity, at, each, shift, soon, tomorrow};
use crate::server::Server;

/// The code that was shown so many seconds ago, worked out from the server's own key.
fn shown_before(server: &Server, shift: &str, seconds: i64) -> String {
    let keys: Value =
        serde_json::from_slice(&std::fs::read(server.state.join("keys.json")).unwrap()).unwrap();
    let key = |name: &str| keys[name].as_str().unwrap();
    let keys = Keys::parse(&format!("k1:{}", key("seal_key")), key("index_key")).unwrap();
    let step = (chrono::Utc::now().timestamp() - seconds).div_euclid(30);
    readable(&keys.derive("shift-code", format!("{shift}/{step}").as_bytes()), 8)
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn whoever_scans_the_code_on_site_checks_in_and_out() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({"shifts": [soon()]}));
    let shift = &made.shifts[0];
    let shown = corner.look(&format!("shifts/{shift}/code"));
    let code = shown["code"].as_str().unwrap();
    assert_eq!((code.len(), &shown["shift_id"]), (8, &json!(shift)));
    let (who, _) = corner.newcomer(shift);
    let entry = corner.check(&who, shift, "check-in").expect(200);
    let expected = [
        ("status", json!("checked_in")),
        ("volunteer_no", json!(who.no)),
        ("shift_id", json!(shift)),
        ("opportunity_id", json!(made.id)),
        ("organisation_id", json!(corner.id("org"))),
        ("title", json!(format!("项目 {}", corner.tag))),
        ("field", json!("community_service")),
        ("checked_out_at", Value::Null),
        ("minutes", json!(0)),
        ("counted_minutes", json!(0)),
    ];
    for (field, value) in expected {
        assert_eq!(entry[field], value, "{field}");
    }
    assert_eq!(each(&entry["steps"], "step"), ["checked_in"]);
    assert_eq!(corner.check(&who, shift, "check-in").expect(200), entry, "again");
    corner.check(&who, shift, "check-out").refused(409, "outside_shift");
    corner.pass(shift, 40);
    let left = corner.check(&who, shift, "check-out").expect(200);
    assert_eq!(
        (&left["entry"], &left["status"], &left["minutes"]),
        (&entry["entry"], &json!("recorded"), &json!(30))
    );
    assert_eq!(each(&left["steps"], "step"), ["checked_in", "checked_out"]);
    let again = json!({"code": corner.code(shift), "scanned_at": left["checked_out_at"]});
    assert_eq!(corner.scan(&who, shift, "check-out", &again).expect(200), left, "again");
    assert_eq!(corner.check(&who, shift, "check-in").expect(200), left, "whoever left has been there");
    assert_eq!(corner.mine(&who, "/record")["entries"], json!([left]));
    let listed = &corner.list(shift)[0];
    assert_eq!((&listed["entry"], &listed["record_status"]), (&entry["entry"], &json!("recorded")));
}

#[test]
fn a_code_is_read_as_people_type_it() {
    let corner = Corner::shared();
    let shift = corner.shift(&soon());
    let (who, _) = corner.newcomer(&shift);
    let code = corner.code(&shift).to_lowercase().replace('0', "o").replace('1', "l");
    let code = format!(" {}-{} ", &code[..4], &code[4..]);
    corner.scan(&who, &shift, "check-in", &json!({"code": code})).expect(200);
}

#[test]
fn a_code_belongs_to_its_shift_and_its_half_minute() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({"shifts": [soon(), shift((150, 60), 5, 0)]}));
    let (who, _) = corner.newcomer(&made.shifts[0]);
    let (code, other) = (corner.code(&made.shifts[0]), corner.code(&made.shifts[1]));
    assert_ne!(code, other);
    let send = |body: &Value| corner.scan(&who, &made.shifts[0], "check-in", body);
    send(&json!({"code": other})).refused(409, "check_in_code_wrong");
    send(&json!({"code": "00000000"})).refused(409, "check_in_code_wrong");
    send(&json!({"code": code, "scanned_at": at(-300)})).refused(409, "check_in_code_wrong");
    send(&json!({"code": code, "scanned_at": at(-48 * 3_600 - 60)})).refused(409, "scanned_too_long_ago");
    send(&json!({"code": code, "scanned_at": at(300)})).refused(409, "scanned_too_long_ago");
    send(&json!({"code": code, "scanned_at": "noon"})).refused(422, "instant");
    assert_eq!(corner.mine(&who, "/record")["entries"], json!([]));
    send(&json!({"code": code, "scanned_at": at(-5)})).expect(200);
}

#[test]
#[cfg_attr(another_server, ignore = "works out codes from the server's key")]
fn an_old_code_is_taken_with_the_time_at_which_it_was_shown_only() {
    let server = Server::shared();
    let corner = Corner::shared();
    let shift = corner.shift(&soon());
    let (who, _) = corner.newcomer(&shift);
    assert_eq!(shown_before(server, &shift, 0), corner.code(&shift));
    corner.pass(&shift, 30);
    let old = shown_before(server, &shift, 600);
    let send = |what: &str, seconds: i64| {
        corner.scan(&who, &shift, what, &json!({"code": old, "scanned_at": at(seconds)}))
    };
    corner.scan(&who, &shift, "check-in", &json!({"code": old})).refused(409, "check_in_code_wrong");
    send("check-in", -300).refused(409, "check_in_code_wrong");
    let entry = send("check-in", -600).expect(200);
    let came = chrono::DateTime::parse_from_rfc3339(entry["checked_in_at"].as_str().unwrap()).unwrap();
    let ago = chrono::Utc::now().timestamp() - came.timestamp();
    assert!((595..=660).contains(&ago), "{ago}");
    send("check-out", -630).refused(409, "check_out_before_check_in");
    let body = json!({"code": shown_before(server, &shift, 400), "scanned_at": at(-400)});
    assert_eq!(corner.scan(&who, &shift, "check-out", &body).expect(200)["minutes"], 3);
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn nobody_leaves_before_they_came() {
    let corner = Corner::shared();
    let shift = corner.shift(&soon());
    let (who, _) = corner.newcomer(&shift);
    corner.pass(&shift, 60);
    corner.check(&who, &shift, "check-in").expect(200);
    let body = json!({"code": corner.code(&shift), "scanned_at": at(-25)});
    corner.scan(&who, &shift, "check-out", &body).refused(409, "check_out_before_check_in");
    assert_eq!(corner.mine(&who, "/record")["entries"][0]["status"], "checked_in");
}

#[test]
fn whoever_has_no_place_does_not_check_in_and_whoever_did_not_does_not_check_out() {
    let corner = Corner::shared();
    let shift = corner.shift(&shift((10, 60), 1, 1));
    let (who, _) = corner.newcomer(&shift);
    let (waits, status) = corner.newcomer(&shift);
    assert_eq!(status, "waitlisted");
    for what in ["check-in", "check-out"] {
        corner.check(&corner.volunteer(), &shift, what).refused(409, "not_signed_up");
        corner.check(&waits, &shift, what).refused(409, "not_signed_up");
        corner.scan(&who, "H000000000000", what, &json!({"code": "x"})).refused(404, "not_found");
    }
    corner.check(&who, &shift, "check-out").refused(409, "not_checked_in");
    corner.withdraw(&who, &shift).expect(204);
    corner.check(&who, &shift, "check-in").refused(409, "not_signed_up");
    corner.check(&waits, &shift, "check-in").expect(200);
    corner.withdraw(&waits, &shift).refused(409, "checked_in");
    corner.cancel(&shift).expect(200);
    corner.check(&waits, &shift, "check-out").refused(409, "not_signed_up");
}

#[test]
fn half_an_hour_before_the_shift_is_early_enough() {
    let corner = Corner::shared();
    let early = corner.offer("项目", json!({"shifts": [shift((29, 60), 1, 0), shift((200, 60), 1, 0)]}));
    let later = corner.shift(&shift((32, 60), 1, 0));
    let who = corner.newcomer(&early.shifts[0]).0;
    corner.check(&who, &early.shifts[0], "check-in").expect(200);
    let who = corner.newcomer(&later).0;
    corner.check(&who, &later, "check-in").refused(409, "outside_shift");
    let who = corner.newcomer(&early.shifts[1]).0;
    corner.check(&who, &early.shifts[1], "check-in").refused(409, "outside_shift");
    corner.check(&who, &early.shifts[1], "check-out").refused(409, "outside_shift");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn minutes_outside_of_the_shift_do_not_count() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let begun = |minutes: i64| {
        let Opportunity { mut shifts, .. } =
            corner.offer("项目", json!({"shifts": [shift((20, 120), 5, 0)]}));
        let who = corner.newcomer(&shifts[0]).0;
        corner.check(&who, &shifts[0], "check-in").expect(200);
        corner.pass(&shifts[0], minutes);
        (who, shifts.remove(0))
    };
    // They came 20 minutes early, and leave 40 minutes after it began.
    let (who, shift) = begun(60);
    let left = corner.check(&who, &shift, "check-out").expect(200);
    assert!((39..=40).contains(&left["minutes"].as_i64().unwrap()), "{left}");
    assert_eq!(left["counted_minutes"], 0, "until it is confirmed");
    // They came back, and leave again.
    corner.pass(&shift, 30);
    let again = corner.check(&who, &shift, "check-out").expect(200);
    assert!((69..=70).contains(&again["minutes"].as_i64().unwrap()), "{again}");
    assert_eq!(each(&again["steps"], "step"), ["checked_in", "checked_out", "checked_out"]);
    let entry = again["entry"].as_str().unwrap();
    corner.confirm(entry).expect(200);
    corner.pass(&shift, 1);
    corner.check(&who, &shift, "check-out").refused(409, "wrong_status");
    // Half an hour after its end.
    let (who, shift) = begun(170);
    let left = corner.check(&who, &shift, "check-out").expect(200);
    assert_eq!(left["minutes"], 120);
    let record = corner.mine(&who, "/record");
    assert_eq!((&record["total_minutes"], &record["pending_minutes"]), (&json!(0), &json!(120)));
    // Two hours after its end: too late to scan.
    let (who, shift) = begun(260);
    corner.check(&who, &shift, "check-out").refused(409, "outside_shift");
    // Nobody comes after the end.
    let over = corner.shift(&super::shift((1, 60), 5, 0));
    let who = corner.newcomer(&over).0;
    corner.pass(&over, 65);
    corner.check(&who, &over, "check-in").refused(409, "outside_shift");
}

#[test]
fn the_code_is_for_the_staff_on_site_and_kept_by_nobody() {
    let corner = Corner::shared();
    let shift = corner.shift(&tomorrow(1, 0));
    let path = format!("shifts/{shift}/code");
    let answer = corner.get(&path).bearer(&corner.manager).send();
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let shown = answer.expect(200);
    let time =
        |name: &str| chrono::DateTime::parse_from_rfc3339(shown[name].as_str().unwrap()).unwrap().timestamp();
    assert_eq!(time("valid_to") - time("valid_from"), 30);
    assert!((time("valid_from")..=time("valid_to")).contains(&chrono::Utc::now().timestamp()), "{shown}");
    let (who, _) = corner.newcomer(&shift);
    for token in ["", who.token.as_str()] {
        corner.get(&path).bearer(token).send().refused(401, "unauthenticated");
    }
    corner
        .get(&path)
        .bearer(&corner.server.staff("volunteer_manager", super::ELSEWHERE))
        .send()
        .refused(403, "forbidden");
    let own = corner.server.staff_of(&corner.id("org"), "volunteer_manager", super::DISTRICT);
    corner.get(&path).bearer(&own).send().expect(200);
    corner.get("shifts/H000000000000/code").bearer(&own).send().refused(404, "not_found");
}

#[test]
fn a_shift_that_has_begun_is_served_confirmed_and_disputed() {
    let corner = Corner::shared();
    let who = corner.volunteer();
    let begins = json!({"starts_at": at(3), "ends_at": at(3_600), "capacity": 1});
    let shift = corner.shift(&begins);
    corner.sign_up(&who, &shift).expect(201);
    let entry = corner.check(&who, &shift, "check-in").expect(200)["entry"].as_str().unwrap().to_owned();
    crate::beds::eventually("the shift begins", || corner.check(&who, &shift, "check-out").status == 200);
    corner.correct(&entry, 1).refused(409, "shift_not_started");
    let confirmed = corner.confirm(&entry).expect(200);
    assert_eq!((&confirmed["status"], &confirmed["counted_minutes"]), (&json!("confirmed"), &json!(0)));
    let disputed =
        corner.dispute(&who, &entry, &json!({"reason": "wrong_minutes", "claimed_minutes": 7})).expect(200);
    assert_eq!(disputed["status"], "disputed");
    corner.confirm(&entry).refused(409, "wrong_status");
    let steps = each(&corner.mine(&who, "/record")["entries"][0]["steps"], "step");
    assert_eq!(steps, ["checked_in", "checked_out", "confirmed", "disputed"]);
}
