use chrono::{Days, NaiveDate, Utc};
use serde_json::{Value, json};
use shared::calendar::day_of;

use super::{Corner, DISTRICT, ELSEWHERE, Volunteer, codes, each, shift, soon};

/// Somebody who served so many minutes.
#[track_caller]
pub(super) fn served(corner: &Corner<'_>, minutes: i64) -> Volunteer {
    let who = corner.volunteer();
    corner.serves(&who, minutes);
    who
}

/// A certificate of everything: its code.
#[track_caller]
pub(super) fn certified(corner: &Corner<'_>, who: &Volunteer) -> String {
    corner.certify(who, &json!({})).expect(201)["code"].as_str().unwrap().to_owned()
}

/// What whoever has the code sees.
#[track_caller]
pub(super) fn checked(corner: &Corner<'_>, code: &str) -> Value {
    let answer = corner.get(&format!("certificates/{code}")).send();
    assert_eq!(answer.header("cache-control"), Some("no-store"), "it may be revoked at any moment");
    answer.expect(200)
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn a_certificate_says_what_was_done_for_whom_and_how_long() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({"shifts": [soon()], "field": "elder_care"}));
    let who = corner.volunteer();
    corner.serves_in(&who, &made.shifts[0], (90, 190));
    let certificate = corner.certify(&who, &json!({})).expect(201);
    let read = corner.read(&made.id);
    let (day, today) =
        (&read["shifts"][0]["starts_at"].as_str().unwrap()[..10], day_of(Utc::now()).to_string());
    let code = certificate["code"].as_str().unwrap();
    for (field, value) in [
        (
            "services",
            json!([{
                "organisation_id": corner.id("org"), "organisation_name": read["organisation_name"],
                "opportunity_id": made.id, "service": format!("项目 {}", corner.tag), "field": "elder_care",
                "first_on": day, "last_on": day, "times": 1, "minutes": 90,
            }]),
        ),
        ("status", json!("valid")),
        ("total_minutes", json!(90)),
        ("volunteer_no", json!(who.no)),
        ("from", json!(day)),
        ("to", json!(today)),
        ("issued_on", json!(today)),
        ("name", json!("样***")),
        ("sample", json!(true)),
        ("fee_fen", json!(0)),
        ("keys_url", json!("/.well-known/volunteer-certificate-keys.json")),
        ("url", json!(format!("/api/v1/volunteer/certificates/{code}"))),
        ("page", json!(format!("/volunteer/certificate?code={code}"))),
    ] {
        assert_eq!(certificate[field], value, "{field}");
    }
    let number = certificate["number"].as_str().unwrap();
    assert!(number.starts_with(&today[..5]) && number.len() == 13, "{number}");
    let basis = &certificate["basis"][0];
    assert_eq!((&basis["name"], &basis["value"]), (&json!("certificate_fee"), &json!(0)));
    let text = |field: &str| certificate[field].as_str().unwrap();
    let organisation = read["organisation_name"].as_str().unwrap();
    assert!(text("statement_zh").contains(&format!("参加{organisation}组织的志愿服务")), "{certificate}");
    assert!(text("statement_zh").contains("共 1 小时 30 分钟") && text("statement_zh").contains(&who.no));
    assert!(text("statement_en").contains("1 h 30 min"), "{certificate}");
    assert!(certificate.get("revoked_on").is_none() && certificate.get("revoked_reason").is_none());
    assert_eq!(checked(&corner, code), certificate);
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn a_certificate_is_about_the_days_and_the_organisation_that_were_asked_for() {
    let corner = Corner::shared();
    let other = corner.organisation("other", json!({}));
    let own = corner
        .offer("甲", json!({"shifts": [shift((1, 9), 3, 0), shift((10, 9), 3, 0), shift((20, 9), 3, 0)]}));
    let change = json!({"shifts": [shift((1, 9), 3, 0)], "organisation_id": other, "sample": false});
    let theirs = corner.offer("乙", change);
    let who = corner.volunteer();
    let today = day_of(Utc::now());
    for (shift, days, minutes) in [
        (&own.shifts[0], 40, 60),
        (&own.shifts[1], 20, 30),
        (&theirs.shifts[0], 10, 15),
        (&own.shifts[2], 2, 7),
    ] {
        // They begin at noon, give or take some minutes, of their day in Shanghai.
        let noon = (Utc::now().timestamp() / 60 + 8 * 60) % 1_440 - 12 * 60;
        corner.serves_in(&who, shift, (minutes, days * 1_440 + noon));
    }
    // What counts nothing stands in none.
    corner.serves(&who, 0);
    let day = |days: u64| (today - Days::new(days)).to_string();
    let certify = |body: Value| corner.certify(&who, &body).expect(201);
    let all = certify(json!({}));
    assert_eq!((&all["total_minutes"], all["from"].clone()), (&json!(112), json!(day(40))));
    assert_eq!(
        each(&all["services"], "opportunity_id"),
        [own.id.as_str(), theirs.id.as_str()],
        "in order of time"
    );
    let service = &all["services"][0];
    assert_eq!((&service["times"], &service["minutes"]), (&json!(3), &json!(97)));
    assert_eq!((&service["first_on"], &service["last_on"]), (&json!(day(40)), &json!(day(2))));
    let later = certify(json!({"from": day(20)}));
    assert_eq!(
        (&later["total_minutes"], &later["from"], &later["to"]),
        (&json!(52), &json!(day(20)), &json!(day(0)))
    );
    assert_eq!(certify(json!({"from": day(19)}))["total_minutes"], 22);
    assert_eq!(certify(json!({"from": day(40), "to": day(20)}))["total_minutes"], 90);
    assert_eq!(certify(json!({"to": day(21)}))["total_minutes"], 60);
    let theirs_only = certify(json!({"organisation_id": other}));
    assert_eq!((&theirs_only["total_minutes"], &theirs_only["sample"]), (&json!(15), &json!(false)));
    for body in [
        json!({"from": day(1)}),
        json!({"to": day(41)}),
        json!({"from": day(1), "organisation_id": other}),
        json!({"organisation_id": corner.id("nobody")}),
    ] {
        corner.certify(&who, &body).refused(409, "nothing_to_certify");
    }
    let list = corner.mine(&who, "/certificates?limit=2");
    let numbers = each(&list, "number");
    assert_eq!(numbers[0], theirs_only["number"].as_str().unwrap(), "the latest first");
    let rest = corner
        .mine(&who, &format!("/certificates?limit=100&cursor={}", list["next_cursor"].as_str().unwrap()));
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (4, &Value::Null));
    // What it says stays, whatever becomes of the hours.
    let entry = corner.mine(&who, "/record")["entries"][4]["entry"].as_str().unwrap().to_owned();
    corner.correct(&entry, 1).expect(200);
    let again = checked(&corner, all["code"].as_str().unwrap());
    assert_eq!((&again["total_minutes"], &again["jws"]), (&json!(112), &all["jws"]));
    assert_eq!(certify(json!({}))["total_minutes"], 53);
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn nothing_is_certified_before_it_counts() {
    let corner = Corner::shared();
    let who = corner.volunteer();
    corner.certify(&who, &json!({})).refused(409, "nothing_to_certify");
    let shift = corner.shift(&soon());
    corner.sign_up(&who, &shift).expect(201);
    let entry = corner.check(&who, &shift, "check-in").expect(200)["entry"].as_str().unwrap().to_owned();
    corner.pass(&shift, 60);
    corner.check(&who, &shift, "check-out").expect(200);
    corner.certify(&who, &json!({})).refused(409, "nothing_to_certify");
    corner.correct(&entry, 1).expect(200);
    let plain = corner.post("certificates").bearer(&who.token).send().expect(201);
    assert_eq!(plain["total_minutes"], 1, "no body is needed");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn a_wish_that_cannot_be_is_refused_by_name() {
    let corner = Corner::shared();
    let who = served(&corner, 5);
    let ahead = (day_of(Utc::now()) + Days::new(2)).to_string();
    for (body, code) in [
        (json!({"to": ahead}), "future"),
        (json!({"from": ahead}), "range"),
        (json!({"from": "2026-02-02", "to": "2026-02-01"}), "range"),
        (json!({"from": "2026-02-30"}), "date"),
        (json!({"organisation_id": "A B"}), "id"),
        (json!({"name": "x"}), "unknown_field"),
    ] {
        corner.certify(&who, &body).refused(422, code);
    }
    let answer = corner.certify(&who, &json!({"from": 1, "to": 2, "organisation_id": 3}));
    assert_eq!(codes(&answer), ["type"; 3], "{answer:?}");
    corner.certify(&who, &json!({"from": NaiveDate::MAX.to_string()})).refused(422, "date");
    assert_eq!(corner.mine(&who, "/certificates")["items"], json!([]));
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn the_name_is_whole_for_the_holder_only() {
    let corner = Corner::shared();
    let who = served(&corner, 5);
    let code = certified(&corner, &who);
    let read = |token: &str| corner.get(&format!("certificates/{code}")).bearer(token).send().expect(200);
    let whole = read(&who.token);
    assert_eq!(whole["name"], "样例庚辛");
    assert!(whole["statement_zh"].as_str().unwrap().contains("样例庚辛"), "{whole}");
    assert_eq!(corner.mine(&who, "/certificates")["items"][0]["name"], "样例庚辛");
    for other in [read(&corner.volunteer().token), read(&corner.manager), checked(&corner, &code)] {
        assert_eq!(other["name"], "样***");
        assert!(!other.to_string().contains("样例庚辛"), "{other}");
    }
    corner.get("certificates/K000000000000").send().refused(404, "not_found");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn a_revoked_certificate_says_so_to_everybody() {
    let corner = Corner::shared();
    let who = served(&corner, 5);
    let code = certified(&corner, &who);
    let path = format!("certificates/{code}/revoke");
    corner.tell(&path, &json!({"reason": "mood"})).refused(422, "unknown_value");
    corner.tell(&path, &json!({})).refused(422, "required");
    assert_eq!(checked(&corner, &code)["status"], "valid");
    let told = corner.tell(&path, &json!({"reason": "record_corrected"})).expect(200);
    assert_eq!(told["status"], "revoked");
    assert!(!told.to_string().contains(&code) && told.get("name").is_none(), "staff learn no code: {told}");
    let revoked = checked(&corner, &code);
    let today = day_of(Utc::now()).to_string();
    let expected = (&json!("revoked"), &json!(today), &json!("record_corrected"));
    assert_eq!((&revoked["status"], &revoked["revoked_on"], &revoked["revoked_reason"]), expected);
    assert_eq!(corner.tell(&path, &json!({"reason": "fraud"})).expect(200), told);
    assert_eq!(checked(&corner, &code), revoked, "the first word is the last");
    assert_eq!(corner.mine(&who, "/certificates")["items"][0]["status"], "revoked");
    let number = revoked["number"].as_str().unwrap().split_once('-').unwrap().1.parse::<i64>().unwrap();
    assert_eq!(corner.audit(&format!("certificate-{number}")), ["certificate.issued", "certificate.revoked"]);
    corner.tell("certificates/K000000000000/revoke", &json!({"reason": "fraud"})).refused(404, "not_found");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn whoever_may_act_for_an_organisation_in_it_finds_and_revokes_a_certificate_by_its_number() {
    let corner = Corner::shared();
    let other = corner.organisation("other", json!({"division_code": ELSEWHERE}));
    let who = corner.volunteer();
    corner.serves(&who, 5);
    let theirs = corner.offer("乙", json!({"shifts": [soon()], "organisation_id": other}));
    corner.serves_in(&who, &theirs.shifts[0], (5, 400));
    let certificate = corner.certify(&who, &json!({})).expect(201);
    let (code, number) = (certificate["code"].as_str().unwrap(), certificate["number"].as_str().unwrap());
    assert_eq!(certificate["services"].as_array().unwrap().len(), 2);
    corner.certify(&who, &json!({"organisation_id": other})).expect(201);
    let list = |query: &str| corner.look(&format!("certificates?{query}"));
    let own = format!("organisation_id={}", corner.id("org"));
    assert_eq!(each(&list(&own), "number"), [number]);
    assert_eq!(each(&list(&format!("organisation_id={other}")), "number").len(), 2);
    assert_eq!(each(&list(&format!("{own}&volunteer_no={}", who.no)), "number"), [number]);
    assert!(each(&list(&format!("{own}&volunteer_no=V000000000000")), "number").is_empty());
    let page = list(&format!("organisation_id={other}&limit=1"));
    let rest = list(&format!("organisation_id={other}&cursor={}", page["next_cursor"].as_str().unwrap()));
    assert_eq!((each(&rest, "number").len(), &rest["next_cursor"]), (1, &Value::Null));
    assert!(!list(&own).to_string().contains(code), "the code opens it");
    let get = |query: &str, token: &str| corner.get(&format!("certificates?{query}")).bearer(token).send();
    get("", &corner.manager).refused(422, "required");
    get("organisation_id=nobody-at-all", &corner.manager).refused(404, "not_found");
    get(&own, &who.token).refused(401, "unauthenticated");
    get(&own, &corner.server.staff_of(&other, "volunteer_manager", ELSEWHERE)).refused(403, "forbidden");

    let revoke = |name: &str, token: &str| {
        let call = corner.post(&format!("certificates/{name}/revoke")).bearer(token);
        call.json(&json!({"reason": "other"})).send()
    };
    revoke(number, &who.token).refused(401, "unauthenticated");
    revoke(number, &corner.server.staff("donation_manager", "310000")).refused(403, "forbidden");
    revoke(number, &corner.server.staff("volunteer_manager", "310104")).refused(403, "forbidden");
    let stranger = corner.organisation("stranger", json!({}));
    revoke(code, &corner.server.staff_of(&stranger, "volunteer_manager", "310000")).refused(403, "forbidden");
    for nothing in ["2026-99999999", "1999-00000001", "2026-x", "2026-", "-1"] {
        revoke(nothing, &corner.manager).refused(404, "not_found");
    }
    assert_eq!(checked(&corner, code)["status"], "valid");
    revoke(number, &corner.server.staff_of(&other, "volunteer_manager", ELSEWHERE)).expect(200);
    assert_eq!(checked(&corner, code)["status"], "revoked");
    let own = certified(&corner, &served(&corner, 5));
    let staff = corner.server.staff_of(&corner.id("org"), "volunteer_manager", DISTRICT);
    revoke(&own, &staff).expect(200);
}
