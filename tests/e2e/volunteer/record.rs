use serde_json::{Value, json};

use super::{Corner, ELSEWHERE, codes, each, soon};

/// Minutes that count, and those that wait to be confirmed.
fn total(corner: &Corner<'_>, who: &super::Volunteer) -> [i64; 2] {
    let record = corner.mine(who, "/record");
    ["total_minutes", "pending_minutes"].map(|field| record[field].as_i64().unwrap())
}

/// Somebody checked in half an hour before the first of so many minutes since a shift of two hours began.
fn began(corner: &Corner<'_>, minutes: i64) -> (super::Volunteer, String, String) {
    let shift = corner.shift(&soon());
    let (who, entry) = corner.present(&shift);
    corner.pass(&shift, 10 + minutes);
    (who, shift, entry)
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn staff_confirm_what_was_recorded() {
    let corner = Corner::shared();
    let (who, shift, entry) = began(&corner, 50);
    corner.confirm(&entry).refused(409, "wrong_status");
    corner.check(&who, &shift, "check-out").expect(200);
    assert_eq!(total(&corner, &who), [0, 50]);
    let confirmed = corner.confirm(&entry).expect(200);
    assert_eq!((&confirmed["status"], &confirmed["counted_minutes"]), (&json!("confirmed"), &json!(50)));
    assert_eq!(corner.confirm(&entry).expect(200), confirmed, "again");
    assert_eq!(total(&corner, &who), [50, 0]);
    assert_eq!(each(&confirmed["steps"], "step"), ["checked_in", "checked_out", "confirmed"]);
    let by = each(&confirmed["steps"], "by");
    assert_eq!(by[..2], ["citizen", "citizen"]);
    assert!(by[2].contains("volunteer_manager"), "{by:?}");
    let seen = corner.mine(&who, "/record")["entries"][0].clone();
    assert_eq!(
        each(&seen["steps"], "by"),
        ["citizen", "citizen", "staff"],
        "they learn that it was staff, not who"
    );
    assert_eq!(corner.audit(&entry), ["record.checked_in", "record.checked_out", "record.confirmed"]);
    corner.confirm("E000000000000").refused(404, "not_found");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn staff_correct_an_entry_with_a_reason_and_every_step_is_kept() {
    let corner = Corner::shared();
    let shift = corner.shift(&soon());
    let (who, entry) = corner.present(&shift);
    let correct = |minutes: Value, reason: &str| {
        corner.tell(&format!("record/{entry}/correct"), &json!({"minutes": minutes, "reason": reason}))
    };
    correct(json!(1), "forgot_check_out").refused(409, "shift_not_started");
    corner.pass(&shift, 100);
    correct(json!(91), "forgot_check_out").refused(422, "out_of_range");
    let corrected = correct(json!(90), "forgot_check_out").expect(200);
    assert_eq!(
        ["status", "minutes", "counted_minutes"].map(|field| &corrected[field]),
        [&json!("confirmed"), &json!(90), &json!(90)]
    );
    assert_eq!(correct(json!(90), "forgot_check_out").expect(200), corrected, "again");
    assert_eq!(total(&corner, &who), [90, 0]);
    correct(json!(90), "device_failure").expect(200);
    // Two hours more than the shift is long.
    corner.pass(&shift, 500);
    let longest = correct(json!(240), "overtime").expect(200);
    assert_eq!(total(&corner, &who), [240, 0]);
    correct(json!(241), "overtime").refused(422, "out_of_range");
    correct(json!(0), "mistaken").expect(200);
    assert_eq!(total(&corner, &who), [0, 0]);
    let answer = correct(json!(-1), "because");
    answer.refused(422, "invalid");
    assert_eq!(codes(&answer), ["out_of_range", "unknown_value"]);
    let kept = &corner.mine(&who, "/record")["entries"][0]["steps"];
    let steps = kept.as_array().unwrap();
    let said: Vec<_> =
        steps.iter().map(|step| (step["minutes"].as_i64().unwrap(), step["reason"].as_str())).collect();
    let expected = [
        (0, None),
        (90, Some("forgot_check_out")),
        (90, Some("device_failure")),
        (240, Some("overtime")),
        (0, Some("mistaken")),
    ];
    assert_eq!(said, expected);
    let before = longest["steps"].as_array().unwrap();
    let times = |steps: &[Value]| steps.iter().map(|step| step["at"].clone()).collect::<Vec<_>>();
    assert_eq!(times(before), times(&steps[..4]), "what was written stays");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn what_is_disputed_counts_until_staff_have_decided_with_a_reason() {
    let corner = Corner::shared();
    let (who, shift, entry) = began(&corner, 200);
    let wrong = json!({"reason": "wrong_minutes", "claimed_minutes": 110, "note": "我待到最后\n真的"});
    corner.dispute(&who, &entry, &wrong).refused(409, "wrong_status");
    corner.correct(&entry, 60).expect(200);
    let disputed = corner.dispute(&who, &entry, &wrong).expect(200);
    assert_eq!((&disputed["status"], &disputed["counted_minutes"]), (&json!("disputed"), &json!(60)));
    let said = disputed["steps"][2].clone();
    let expected = (&json!(110), &json!("我待到最后\n真的"), &json!("citizen"));
    assert_eq!((&said["claimed_minutes"], &said["note"], &said["by"]), expected);
    assert_eq!(corner.dispute(&who, &entry, &wrong).expect(200), disputed, "again");
    corner.dispute(&who, &entry, &json!({"reason": "other"})).refused(409, "wrong_status");
    corner.check(&who, &shift, "check-out").refused(409, "outside_shift");
    assert_eq!(total(&corner, &who), [60, 0]);
    let listed = corner.look(&format!("record?organisation_id={}&status=disputed", corner.id("org")));
    assert_eq!(listed["items"][0]["steps"][2]["note"], said["note"]);
    corner.confirm(&entry).refused(409, "wrong_status");
    assert_eq!(
        corner.correct(&entry, 60).expect(200)["status"],
        "disputed",
        "sent again, it decides nothing"
    );
    let settle = |minutes: i64, reason: &str| {
        corner
            .tell(&format!("record/{entry}/correct"), &json!({"minutes": minutes, "reason": reason}))
            .expect(200)
    };
    let upheld = settle(110, "dispute_upheld");
    assert!(upheld["steps"][2].get("note").is_none(), "whoever decides has read it before: {upheld}");
    assert_eq!(total(&corner, &who), [110, 0]);
    corner.dispute(&who, &entry, &json!({"reason": "other"})).expect(200);
    let rejected = settle(110, "dispute_rejected");
    assert_eq!((&rejected["status"], &rejected["counted_minutes"]), (&json!("confirmed"), &json!(110)));
    let steps = ["checked_in", "corrected", "disputed", "corrected", "disputed", "corrected"];
    assert_eq!(each(&rejected["steps"], "step"), steps);
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn a_dispute_says_what_is_wrong_and_nobody_disputes_for_another() {
    let corner = Corner::shared();
    let who = corner.volunteer();
    let entry = corner.serves(&who, 10);
    let wrong = json!({"reason": "mood", "claimed_minutes": 1_441, "note": "x".repeat(501), "more": 1});
    let answer = corner.dispute(&who, &entry, &wrong);
    answer.refused(422, "invalid");
    assert_eq!(codes(&answer), ["unknown_value", "out_of_range", "length", "unknown_field"]);
    let right = json!({"reason": "not_there"});
    corner.dispute(&corner.volunteer(), &entry, &right).refused(404, "not_found");
    corner.dispute(&who, "E000000000000", &right).refused(404, "not_found");
    corner.dispute(&who, &entry, &right).expect(200);
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn after_thirty_days_it_is_too_late_to_dispute() {
    let corner = Corner::shared();
    let who = corner.volunteer();
    let entry = corner.serves(&who, 60);
    let decided = |seconds: i64| {
        let at = chrono::Utc::now().timestamp() - 30 * 86_400 + seconds;
        corner
            .server
            .change("volunteer", &format!("UPDATE record SET changed_at = {at} WHERE id = '{entry}'"));
    };
    let right = json!({"reason": "wrong_minutes"});
    decided(-5);
    corner.dispute(&who, &entry, &right).refused(409, "too_late_to_dispute");
    decided(60);
    corner.dispute(&who, &entry, &right).expect(200);
    assert_eq!(corner.mine(&who, "/record")["entries"][0]["status"], "disputed");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn nothing_counts_where_the_shift_was_cancelled() {
    let corner = Corner::shared();
    let shift = corner.shift(&soon());
    let (who, entry) = corner.present(&shift);
    corner.cancel(&shift).expect(200);
    corner.pass(&shift, 60);
    corner.correct(&entry, 30).refused(409, "no_place");
    assert_eq!(corner.correct(&entry, 0).expect(200)["status"], "confirmed");
    assert_eq!(total(&corner, &who), [0, 0]);
    corner.check(&who, &shift, "check-out").refused(409, "not_signed_up");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn staff_enter_the_service_of_whoever_could_not_check_in() {
    let corner = Corner::shared();
    let shift = corner.shift(&super::shift((10, 120), 3, 0));
    let (who, there) = (corner.newcomer(&shift).0, corner.present(&shift).0);
    corner.pass(&shift, 100);
    let times = [-120, -30].map(|minutes| super::at(60 * minutes));
    let add = |no: &str, from: &str, to: &str, reason: &str| {
        let body = json!({"volunteer_no": no, "checked_in_at": from, "checked_out_at": to, "reason": reason});
        corner.tell(&format!("shifts/{shift}/record"), &body)
    };
    let between =
        |from: i64, to: i64| add(&who.no, &super::at(60 * from), &super::at(60 * to), "device_failure");
    between(-100, 1).refused(422, "range");
    between(-10, -10).refused(422, "range");
    between(-200, -95).refused(409, "outside_shift");
    let right = |no: &str| add(no, &times[0], &times[1], "device_failure");
    let added = right(&who.no).expect(201);
    let counts = ["status", "minutes", "counted_minutes"].map(|field| added[field].clone());
    assert_eq!(counts, [json!("confirmed"), json!(60), json!(60)]);
    assert_eq!(each(&added["steps"], "step"), ["added"]);
    assert_eq!(added["steps"][0]["reason"], "device_failure");
    assert_eq!(right(&who.no).expect(201)["entry"], added["entry"], "again");
    between(-80, -30).refused(409, "record_exists");
    add(&who.no, &times[0], &times[1], "other").refused(409, "record_exists");
    assert_eq!(total(&corner, &who), [60, 0]);
    right(&there.no).refused(409, "record_exists");
    right(&corner.volunteer().no).refused(409, "not_signed_up");
    right("V000000000000").refused(409, "not_signed_up");
    let entry = added["entry"].as_str().unwrap();
    corner.dispute(&who, entry, &json!({"reason": "wrong_minutes"})).expect(200);
    assert_eq!(corner.correct(entry, 75).expect(200)["counted_minutes"], 75);
    assert_eq!(corner.check(&who, &shift, "check-in").expect(200)["entry"], added["entry"]);
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn the_record_of_an_organisation_is_listed_by_status_shift_and_page() {
    let corner = Corner::shared();
    let (shift, other) = (corner.shift(&soon()), corner.shift(&soon()));
    let people: Vec<_> = (0..3).map(|_| corner.present(&shift)).collect();
    let (_, elsewhere) = corner.present(&other);
    corner.pass(&shift, 100);
    corner.correct(&people[0].1, 30).expect(200);
    corner.check(&people[1].0, &shift, "check-out").expect(200);
    let org = corner.id("org");
    let list = |query: &str| corner.look(&format!("record?organisation_id={org}&{query}"));
    let entries = [&people[0].1, &people[1].1, &people[2].1, &elsewhere].map(Clone::clone);
    assert_eq!(each(&list(""), "entry"), entries);
    assert_eq!(each(&list("status=confirmed"), "entry"), entries[..1]);
    assert_eq!(each(&list("status=recorded"), "entry"), entries[1..2]);
    assert_eq!(each(&list("status=checked_in"), "entry"), entries[2..]);
    assert_eq!(each(&list(&format!("shift_id={other}")), "entry"), entries[3..]);
    let page = list("limit=3");
    let rest = list(&format!("limit=3&cursor={}", page["next_cursor"].as_str().unwrap()));
    assert_eq!((each(&rest, "entry"), &rest["next_cursor"]), (entries[3..].to_vec(), &Value::Null));
    let get = |query: &str, token: &str| corner.get(&format!("record?{query}")).bearer(token).send();
    get("", &corner.manager).refused(422, "required");
    get(&format!("organisation_id={}", corner.id("nobody")), &corner.manager).refused(404, "not_found");
    let staff = corner.server.staff("volunteer_manager", ELSEWHERE);
    get(&format!("organisation_id={org}"), &staff).refused(403, "forbidden");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn a_volunteer_pages_through_the_own_record() {
    let corner = Corner::shared();
    let who = corner.volunteer();
    let mut entries: Vec<_> = (0..4).map(|_| corner.serves(&who, 5)).collect();
    assert_eq!(total(&corner, &who), [20, 0]);
    entries.reverse();
    let page = corner.mine(&who, "/record?limit=3");
    assert_eq!(each(&page["entries"], "entry"), entries[..3]);
    let rest =
        corner.mine(&who, &format!("/record?limit=3&cursor={}", page["next_cursor"].as_str().unwrap()));
    assert_eq!(
        (each(&rest["entries"], "entry"), &rest["next_cursor"]),
        (entries[3..].to_vec(), &Value::Null)
    );
    assert_eq!(rest["total_minutes"], 20, "of all entries");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn stars_are_reached_at_100_300_600_1000_and_1500_hours() {
    let corner = Corner::shared();
    let who = corner.volunteer();
    for (minutes, star, next) in [
        (0, 0, json!(6_000)),
        (5_999, 0, json!(6_000)),
        (6_000, 1, json!(18_000)),
        (17_999, 1, json!(18_000)),
        (18_000, 2, json!(36_000)),
        (36_000, 3, json!(60_000)),
        (60_000, 4, json!(90_000)),
        (89_999, 4, json!(90_000)),
        (90_000, 5, Value::Null),
        (900_000, 5, Value::Null),
    ] {
        let sql = format!("UPDATE volunteer SET total_minutes = {minutes} WHERE volunteer_no = '{}'", who.no);
        corner.server.change("volunteer", &sql);
        let record = corner.mine(&who, "/record");
        assert_eq!((&record["star"], &record["next_star_minutes"]), (&json!(star), &next), "{minutes}");
        let seen = corner.mine(&who, "");
        assert_eq!((&seen["star"], &seen["total_minutes"]), (&json!(star), &json!(minutes)));
    }
}
