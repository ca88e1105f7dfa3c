use serde_json::{Value, json};

use super::{Corner, DISTRICT, Volunteer, certificates, guardian, soon, tomorrow};
use crate::{corner::changed, people, server::Server};

#[test]
fn a_volunteer_is_masked_but_to_staff_whose_look_is_in_the_audit_log() {
    let corner = Corner::shared();
    let person = changed(people::volunteer(), json!({"division_code": DISTRICT}));
    let number = person["id_number"].as_str().unwrap();
    let made = corner.post("volunteers").json(&person).send();
    let who = Volunteer::made(&made);
    let masked = corner.mine(&who, "");
    assert_eq!(masked["name"], "样***");
    let hidden = masked["id_number"].as_str().unwrap();
    assert!(hidden.contains("****") && !hidden.contains(&number[6..14]), "{hidden}");
    let phone = masked["phone"].as_str().unwrap();
    assert!(phone.contains('*') && !phone.contains("00043"), "{phone}");
    for field in ["name", "id_number", "phone"] {
        assert_eq!(made.json()[field], masked[field], "{field}");
    }
    let looks = || corner.audit(&who.no).iter().filter(|action| *action == "volunteer.read_unmasked").count();
    let path = format!("volunteers/{}", who.no);
    corner.get(&path).send().refused(401, "unauthenticated");
    corner
        .get(&path)
        .bearer(&corner.server.staff("volunteer_manager", super::ELSEWHERE))
        .send()
        .refused(403, "forbidden");
    assert_eq!(looks(), 0, "a refusal is no look");
    for n in 1..3 {
        let seen = corner.look(&path);
        for field in ["name", "id_number", "phone"] {
            assert_eq!(seen[field], person[field], "{field}");
        }
        assert_eq!(looks(), n);
    }
    let log = corner.get(&format!("audit?subject={}&limit=100", who.no)).bearer(&corner.manager).send();
    for secret in ["样例庚辛", number, "13900004321"] {
        assert!(!log.text.contains(secret), "{secret} in {log:?}");
    }
}

#[test]
fn a_list_of_who_signed_up_shows_nobody_unless_it_is_asked_for_which_is_in_the_audit_log() {
    let corner = Corner::shared();
    let shift = corner.shift(&tomorrow(3, 0));
    let minor = json!({"id_number": people::born_on(super::born(12, 0)), "guardian": guardian()});
    let minor = corner.volunteer_who(minor);
    let (who, _) = corner.newcomer(&shift);
    corner.sign_up(&minor, &shift).expect(201);
    let list = |query: &str| corner.look(&format!("shifts/{shift}/signups{query}"))["items"].clone();
    let looks =
        || corner.audit(&shift).iter().filter(|action| *action == "shift.signups_read_unmasked").count();
    for query in ["", "?unmasked=false"] {
        let masked = list(query);
        assert_eq!(masked[0]["name"], "样***");
        for at in ["/0/phone", "/1/phone", "/1/guardian_phone"] {
            assert!(masked.pointer(at).unwrap().as_str().unwrap().contains('*'), "{at}: {masked}");
        }
        assert!(masked[0].get("id_number").is_none() && masked[0]["guardian_phone"].is_null(), "{masked}");
        assert_eq!(looks(), 0);
    }
    let gone = corner.newcomer(&shift).0;
    corner.withdraw(&gone, &shift).expect(204);
    let whole = list("?unmasked=true");
    assert_eq!(
        (&whole[2]["status"], &whole[2]["name"], &whole[2]["phone"]),
        (&json!("withdrawn"), &json!(null), &json!(null))
    );
    assert_eq!((&whole[0]["name"], &whole[0]["phone"]), (&json!("样例庚辛"), &json!("13900004321")));
    assert_eq!(whole[1]["guardian_phone"], "13900008765");
    assert_eq!(looks(), 1);
    let log = corner.look(&format!("audit?subject={shift}&limit=100"));
    let entry = log["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(entry["detail"]["volunteers"], json!([who.no, minor.no, gone.no]), "{entry}");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn reading_what_volunteers_wrote_is_in_the_audit_log() {
    let corner = Corner::shared();
    let who = corner.volunteer();
    let entry = corner.serves(&who, 5);
    let org = corner.id("org");
    let looks = || corner.audit(&org).iter().filter(|action| *action == "record.notes_read").count();
    corner.look(&format!("record?organisation_id={org}"));
    assert_eq!(looks(), 0, "there is no note yet");
    corner.dispute(&who, &entry, &json!({"reason": "other", "note": "私下说一句"})).expect(200);
    let list = corner.look(&format!("record?organisation_id={org}"));
    assert_eq!(list["items"][0]["steps"][2]["note"], "私下说一句");
    assert_eq!(looks(), 1);
    corner.look(&format!("record?organisation_id={org}&status=recorded"));
    assert_eq!(looks(), 1, "a page without notes is no look at notes");
    let log = corner.get(&format!("audit?subject={entry}")).bearer(&corner.manager).send();
    assert!(log.text.contains("record.disputed") && !log.text.contains("私下说一句"), "{log:?}");
}

#[test]
#[cfg_attr(another_server, ignore = "looks into the server's files")]
fn no_file_of_the_server_holds_a_name_a_number_a_telephone_a_note_or_a_token_in_the_clear() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let person = changed(
        people::volunteer(),
        json!({"id_number": people::born_on(super::born(12, 0)), "guardian": guardian()}),
    );
    let register = || corner.post("volunteers").header("idempotency-key", "k").json(&person).send();
    let who = Volunteer::made(&register());
    assert_eq!(Volunteer::made(&register()).token, who.token);
    corner.post("volunteers").json(&person).send().refused(409, "already_registered");
    let phone = json!({"phone": "13600007788"});
    corner.call("PATCH", "volunteers/me").bearer(&who.token).json(&phone).send().expect(200);
    let shift = corner.shift(&soon());
    let signs =
        corner.post(&format!("shifts/{shift}/signups")).header("idempotency-key", "s").bearer(&who.token);
    signs.send().expect(201);
    let code = corner.code(&shift);
    let entry = corner.scan(&who, &shift, "check-in", &json!({"code": code})).expect(200);
    let entry = entry["entry"].as_str().unwrap();
    corner.pass(&shift, 60);
    corner.correct(entry, 5).expect(200);
    corner.dispute(&who, entry, &json!({"reason": "other", "note": "私下说一句话"})).expect(200);
    let issue = corner.post("certificates").header("idempotency-key", "c").bearer(&who.token);
    let certificate = issue.send().expect(201)["code"].as_str().unwrap().to_owned();
    corner.get(&format!("certificates/{certificate}")).bearer(&who.token).send().expect(200);
    corner.look(&format!("volunteers/{}", who.no));
    corner.look(&format!("shifts/{shift}/signups?unmasked=true"));
    corner.look(&format!("record?organisation_id={}", corner.id("org")));
    let near = format!("near=31.5512345,121.5512345&q={}", corner.tag);
    corner.get(&format!("opportunities?{near}")).bearer(&who.token).send().expect(200);
    corner.look("audit/verify");
    let number = person["id_number"].as_str().unwrap();
    let secrets = [
        "样例庚辛",
        "样例壬癸",
        number,
        "13900004321",
        "13600007788",
        "13900008765",
        "私下说一句话",
        who.token.as_str(),
        code.as_str(),
        "31.5512345",
        "127.0.0.1",
    ];
    server.holds_nowhere(&secrets);
}

#[test]
#[cfg_attr(another_server, ignore = "looks into the server's tables")]
fn of_whoever_left_no_column_holds_anything_that_names_them() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let who = certificates::served(&corner, 5);
    let entry = corner.mine(&who, "/record")["entries"][0]["entry"].as_str().unwrap().to_owned();
    corner.dispute(&who, &entry, &json!({"reason": "other", "note": "私下说一句话"})).expect(200);
    certificates::certified(&corner, &who);
    let row = |sql: &str| -> Vec<Value> {
        let database = server.database("volunteer");
        let mut statement = database.prepare(sql).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            (0..columns)
                .map(|n| Ok(json!(!matches!(row.get_ref(n)?, rusqlite::types::ValueRef::Null))))
                .collect::<Result<Vec<_>, _>>()
        });
        rows.unwrap().flat_map(Result::unwrap).collect()
    };
    let names = [
        "SELECT token_hash, person, secret FROM volunteer",
        "SELECT name FROM certificate",
        "SELECT note FROM record_step WHERE kind = 'disputed'",
    ];
    for sql in names {
        assert!(row(sql).iter().all(|is_there| *is_there == json!(true)), "{sql}");
    }
    corner.leaves(&who);
    for sql in names {
        assert!(row(sql).iter().all(|is_there| *is_there == json!(false)), "{sql}");
    }
    let left: (String, String, String, String) = server
        .database("volunteer")
        .query_row("SELECT division_code, skills, availability, trainings FROM volunteer", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .unwrap();
    assert_eq!(left, (DISTRICT.to_owned(), "[]".to_owned(), "[]".to_owned(), "[]".to_owned()));
    // Staff still decide about the hours, which belong to nobody they could name.
    let list = corner.look(&format!("record?organisation_id={}", corner.id("org")));
    assert!(list["items"][0]["steps"][2].get("note").is_none(), "{list}");
    let settles = json!({"minutes": 4, "reason": "dispute_rejected"});
    corner.tell(&format!("record/{entry}/correct"), &settles).expect(200);
    assert_eq!(corner.look("audit/verify")["intact"], true);
}

#[test]
fn the_audit_log_is_for_auditors_and_its_chain_holds() {
    let corner = Corner::shared();
    let manager = corner.server.staff("volunteer_manager,admin", "310000");
    for path in ["audit", "audit/verify"] {
        corner.get(path).send().refused(401, "unauthenticated");
        corner.get(path).bearer(&manager).send().refused(403, "forbidden");
    }
    corner.newcomer(&corner.shift(&tomorrow(1, 0)));
    assert_eq!(corner.look("audit/verify")["intact"], true);
}
