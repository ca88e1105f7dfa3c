use serde_json::{Value, json};

use super::{Corner, DAY, each, shift, tomorrow};

#[test]
fn whoever_signs_up_has_a_place_and_everybody_sees_one_less() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({"shifts": [tomorrow(1, 1)]}));
    let who = corner.volunteer();
    let signup = corner.sign_up(&who, &made.shifts[0]).expect(201);
    let read = corner.read(&made.id);
    let expected = [
        ("status", json!("confirmed")),
        ("position", Value::Null),
        ("shift_id", json!(made.shifts[0])),
        ("opportunity_id", json!(made.id)),
        ("title", json!(format!("项目 {}", corner.tag))),
        ("address", json!("样例路1号")),
        ("phone", json!("02100000000")),
        ("organisation_id", json!(corner.id("org"))),
        ("organisation_name", read["organisation_name"].clone()),
        ("starts_at", read["shifts"][0]["starts_at"].clone()),
        ("ends_at", read["shifts"][0]["ends_at"].clone()),
    ];
    for (field, value) in expected {
        assert_eq!(signup[field], value, "{field}");
    }
    assert_eq!(corner.mine(&who, "/signups")["items"], json!([signup]));
    assert_eq!(corner.counts(&made, 0), [1, 1, 0, 0]);
    assert_eq!(read["shifts"][0]["status"], "waitlist");
    assert_eq!(corner.found("available=true"), Vec::<String>::new());
    let waits = corner.newcomer(&made.shifts[0]);
    assert_eq!(waits.1, "waitlisted");
    assert_eq!(corner.read(&made.id)["shifts"][0]["status"], "full");
    assert_eq!(corner.found(""), ["项目"]);
    assert_eq!(corner.audit(&made.shifts[0]), ["shift.added", "signup.confirmed", "signup.waitlisted"]);
}

#[test]
fn whoever_signed_up_does_not_sign_up_again_until_they_withdraw() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({"shifts": [tomorrow(1, 1)]}));
    let shift = &made.shifts[0];
    let (first, second) = (corner.volunteer(), corner.volunteer());
    corner.sign_up(&first, shift).expect(201);
    corner.sign_up(&first, shift).refused(409, "already_signed_up");
    corner.sign_up(&second, shift).expect(201);
    corner.sign_up(&second, shift).refused(409, "already_signed_up");
    assert_eq!(corner.counts(&made, 0), [1, 1, 0, 1]);
    corner.withdraw(&second, shift).expect(204);
    corner.withdraw(&second, shift).expect(204);
    assert_eq!(corner.place(&second, shift), ("withdrawn".to_owned(), None));
    corner.withdraw(&first, shift).expect(204);
    assert_eq!(corner.counts(&made, 0), [1, 0, 1, 0]);
    assert_eq!(corner.sign_up(&first, shift).expect(201)["status"], "confirmed");
    assert_eq!(each(&corner.mine(&first, "/signups"), "status"), ["confirmed", "withdrawn"]);
    corner.withdraw(&corner.volunteer(), shift).refused(404, "not_found");
}

#[test]
fn nobody_is_in_two_places_at_once_whoever_offers_them() {
    let corner = Corner::shared();
    let other = corner.organisation("other", json!({}));
    let at = |from: i64, length: i64| shift((2 * DAY + from, length), 1, 1);
    let times =
        json!([at(0, 120), at(119, 60), at(-59, 60), at(30, 30), at(-30, 300), at(120, 60), at(-60, 60)]);
    let own = corner.offer("甲", json!({"shifts": times}));
    let theirs = corner.offer("乙", json!({"shifts": times, "organisation_id": other}));
    let by_start = |made: &super::Opportunity, minutes: i64, length: i64| -> String {
        let read = corner.read(&made.id);
        let wanted = at(minutes, length);
        let shifts = read["shifts"].as_array().unwrap();
        let starts =
            |text: &Value| chrono::DateTime::parse_from_rfc3339(text.as_str().unwrap()).unwrap().timestamp();
        let near = |a: &Value, b: &Value| (starts(a) - starts(b)).abs() <= 20;
        let found = shifts.iter().find(|shift| {
            near(&shift["starts_at"], &wanted["starts_at"]) && near(&shift["ends_at"], &wanted["ends_at"])
        });
        found.unwrap()["id"].as_str().unwrap().to_owned()
    };
    let who = corner.volunteer();
    corner.sign_up(&who, &by_start(&own, 0, 120)).expect(201);
    for made in [&own, &theirs] {
        for (from, length) in [(119, 60), (-59, 60), (30, 30), (-30, 300)] {
            let answer = corner.sign_up(&who, &by_start(made, from, length));
            let detail = answer.refused(409, "shift_overlaps")["detail"].clone();
            assert!(detail.as_str().unwrap().contains(&by_start(&own, 0, 120)), "{detail}");
        }
    }
    corner.sign_up(&who, &by_start(&theirs, 0, 120)).refused(409, "shift_overlaps");
    corner.sign_up(&who, &by_start(&theirs, 120, 60)).expect(201);
    corner.sign_up(&who, &by_start(&own, -60, 60)).expect(201);

    // Also whoever waits for one of them, or would.
    let waits = corner.volunteer();
    let full = by_start(&theirs, 30, 30);
    corner.newcomer(&full);
    assert_eq!(corner.sign_up(&waits, &full).expect(201)["status"], "waitlisted");
    corner.sign_up(&waits, &by_start(&theirs, 0, 120)).refused(409, "shift_overlaps");
    corner.withdraw(&waits, &full).expect(204);
    corner.sign_up(&waits, &by_start(&theirs, 0, 120)).expect(201);
    corner.sign_up(&waits, &full).refused(409, "shift_overlaps");
    corner.cancel(&by_start(&theirs, 0, 120)).expect(200);
    assert_eq!(corner.sign_up(&waits, &full).expect(201)["status"], "waitlisted");
}

#[test]
fn what_has_no_place_and_no_waitlist_is_full() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({"shifts": [tomorrow(1, 0)]}));
    corner.newcomer(&made.shifts[0]);
    let who = corner.volunteer();
    corner.sign_up(&who, &made.shifts[0]).refused(409, "shift_full");
    assert_eq!(corner.mine(&who, "/signups")["items"], json!([]));
    assert_eq!(corner.read(&made.id)["shifts"][0]["status"], "full");
    assert_eq!(corner.counts(&made, 0), [1, 1, 0, 0]);
}

#[test]
fn nobody_signs_up_for_what_has_begun_is_closed_cancelled_or_a_draft() {
    let corner = Corner::shared();
    let (who, late) = (corner.volunteer(), corner.volunteer());
    let begins = json!({"starts_at": super::at(3), "ends_at": super::at(3_600), "capacity": 2});
    let made = corner.offer("项目", json!({"shifts": [begins, tomorrow(2, 0)]}));
    corner.sign_up(&who, &made.shifts[0]).expect(201);
    let closed = corner.offer("关闭", json!({}));
    corner.step(&closed.id, "close").expect(200);
    let cancelled = corner.shift(&tomorrow(1, 0));
    corner.cancel(&cancelled).expect(200);
    let draft = corner.draft("草稿", json!({}));
    corner.sign_up(&late, &closed.shifts[0]).refused(409, "shift_closed");
    corner.sign_up(&late, &cancelled).refused(409, "shift_closed");
    corner.sign_up(&late, &draft.shifts[0]).refused(404, "not_found");
    corner.sign_up(&late, "H000000000000").refused(404, "not_found");
    crate::beds::eventually("the shift begins", || corner.read(&made.id)["shifts"][0]["status"] == "started");
    corner.sign_up(&late, &made.shifts[0]).refused(409, "shift_started");
    corner.withdraw(&who, &made.shifts[0]).refused(409, "shift_started");
    corner.cancel(&made.shifts[0]).refused(409, "shift_started");
    assert_eq!(corner.counts(&made, 0), [2, 1, 1, 0]);
    corner.sign_up(&late, &made.shifts[1]).expect(201);
    assert_eq!(corner.place(&who, &made.shifts[0]).0, "confirmed");
}

#[test]
fn who_signed_up_is_listed_in_order_by_status_and_page() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({"shifts": [tomorrow(2, 3)]}));
    let shift = &made.shifts[0];
    let people: Vec<_> = (0..5).map(|_| corner.newcomer(shift).0).collect();
    corner.withdraw(&people[0], shift).expect(204);
    let numbers: Vec<_> = people.iter().map(|who| who.no.clone()).collect();
    let list = |query: &str| corner.look(&format!("shifts/{shift}/signups?{query}"));
    assert_eq!(each(&list(""), "volunteer_no"), numbers);
    let statuses = ["withdrawn", "confirmed", "confirmed", "waitlisted", "waitlisted"];
    assert_eq!(each(&list(""), "status"), statuses);
    assert_eq!(each(&list("status=confirmed"), "volunteer_no"), numbers[1..3]);
    assert_eq!(each(&list("status=waitlisted"), "volunteer_no"), numbers[3..]);
    assert_eq!(list("status=waitlisted")["items"][1]["position"], 2);
    assert_eq!(list("status=cancelled")["items"], json!([]));
    let page = list("limit=2");
    let next = list(&format!("limit=2&cursor={}", page["next_cursor"].as_str().unwrap()));
    let last = list(&format!("limit=2&cursor={}", next["next_cursor"].as_str().unwrap()));
    let walked = [page, next, last.clone()].map(|page| each(&page, "volunteer_no")).concat();
    assert_eq!((walked, &last["next_cursor"]), (numbers, &Value::Null));
    for (query, code) in [
        ("status=lost", "unknown_value"),
        ("limit=0", "out_of_range"),
        ("unmasked=1", "type"),
        ("x=1", "unknown_field"),
    ] {
        let answer = corner.get(&format!("shifts/{shift}/signups?{query}")).bearer(&corner.manager).send();
        answer.refused(422, code);
    }
}

#[test]
fn a_volunteer_pages_through_their_own() {
    let corner = Corner::shared();
    let shifts: Vec<_> = (1..6).map(|n| shift((n * DAY, 60), 1, 0)).collect();
    let made = corner.offer("项目", json!({"shifts": shifts}));
    let who = corner.volunteer();
    for shift in &made.shifts {
        corner.sign_up(&who, shift).expect(201);
    }
    let (mut walked, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = corner.mine(&who, &format!("/signups?limit=2{cursor}"));
        walked.extend(each(&page, "shift_id"));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(walked, made.shifts.iter().rev().cloned().collect::<Vec<_>>(), "the latest first");
}

#[test]
fn a_refusal_speaks_the_readers_language() {
    let corner = Corner::shared();
    let shift = corner.shift(&tomorrow(1, 0));
    corner.newcomer(&shift);
    let who = corner.volunteer();
    let told = |language: &str| {
        let call = corner.post(&format!("shifts/{shift}/signups")).bearer(&who.token);
        let answer = call.header("accept-language", language).send();
        assert!(answer.header("content-language").unwrap().starts_with(&language[..2]), "{answer:?}");
        answer.refused(409, "shift_full")["detail"].as_str().unwrap().to_owned()
    };
    assert_eq!(told("zh-CN"), "名额与候补均已满。");
    assert_eq!(told("en"), "There is neither a place nor room on the waitlist.");
}
