use serde_json::json;

use super::{Corner, DISTRICT, application, made};
use crate::{people, server::Server};

#[test]
fn the_elder_is_masked_but_to_staff_whose_look_is_in_the_audit_log() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let person = people::elder(3);
    let number = person["id_number"].as_str().unwrap();
    let created = corner.apply(&person, &[&home]);
    let elder = made(&created);
    let masked = corner.seen(&elder)["applicant"].clone();
    assert_eq!(created.json()["applicant"], masked);
    assert_eq!(masked["name"], "样***");
    let hidden = masked["id_number"].as_str().unwrap();
    assert!(hidden.contains("****") && !hidden.contains(&number[6..14]), "{hidden}");
    let phone = masked["phone"].as_str().unwrap();
    assert!(phone.contains('*') && !phone.contains("00056"), "{phone}");
    let list = corner.look(&format!("institutions/{home}/applications"));
    assert_eq!(list["items"][0]["applicant"], masked, "a list shows nobody");
    let looks = || {
        let actions = corner.audit(&elder.0);
        actions.iter().filter(|action| *action == "application.read_unmasked").count()
    };
    assert_eq!(looks(), 0, "nobody has looked yet");
    let own = corner.server.staff_of(&home, "care_manager", DISTRICT);
    for (n, staff) in [corner.manager.as_str(), &own].into_iter().enumerate() {
        let seen = corner.get(&format!("applications/{}", elder.0)).bearer(staff).send().expect(200);
        for field in ["name", "id_number", "phone"] {
            assert_eq!(seen["applicant"][field], person[field], "{field}");
        }
        assert_eq!(looks(), n + 1);
    }
    corner.get(&format!("applications/{}", elder.0)).send().refused(401, "unauthenticated");
    let nobody = corner.server.staff("care_manager", super::ELSEWHERE);
    corner.get(&format!("applications/{}", elder.0)).bearer(&nobody).send().refused(403, "forbidden");
    assert_eq!(looks(), 2, "a refusal is no look");

    let offer = corner.offered(&elder, &home);
    let accept = corner.post(&format!("applications/{}/offers/{offer}/accept", elder.0)).bearer(&own).send();
    assert_eq!(accept.expect(200)["applicant"], masked, "the answer to a step shows nobody");
    assert_eq!(corner.step(&elder, "admit").expect(200)["applicant"], masked);
    let log = corner.get(&format!("audit?subject={}&limit=100", elder.0)).bearer(&corner.manager).send();
    for secret in ["样例戊己", number, "13900005678"] {
        assert!(!log.text.contains(secret), "{secret} in {log:?}");
    }
    let staff = accept.json()["timeline"][2]["by"].as_str().unwrap().to_owned();
    assert!(staff.contains("care_manager"), "staff see who it was: {accept:?}");
    let for_elder = corner.get(&format!("applications/{}", elder.0)).bearer(&elder.1).send();
    assert!(!for_elder.text.contains(&staff), "the elder learns that it was staff, not who: {for_elder:?}");
}

#[test]
fn the_audit_log_is_for_auditors_and_its_chain_holds() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    corner.elder(3, &[&home]);
    let manager = corner.server.staff("care_manager,admin", "310000");
    for path in ["audit", "audit/verify"] {
        corner.get(path).send().refused(401, "unauthenticated");
        corner.get(path).bearer(&manager).send().refused(403, "forbidden");
    }
    assert_eq!(corner.look("audit/verify")["intact"], true);
    corner.say(&home, 4, 0);
    let page = |limit: u32| corner.look(&format!("audit?subject={home}&limit={limit}"));
    assert_eq!((page(2)["items"].as_array().unwrap().len(), &page(2)["next_cursor"]), (2, &json!(null)));
    let cursor = page(1)["next_cursor"].as_str().unwrap().to_owned();
    let second = corner.look(&format!("audit?subject={home}&limit=1&cursor={cursor}"));
    assert_eq!(second["items"][0]["action"], "counts.changed");
    corner.get("audit?limit=0").bearer(&corner.manager).send().refused(422, "out_of_range");
}

#[test]
#[cfg_attr(another_server, ignore = "looks into the server's files")]
fn no_file_of_the_server_holds_a_name_a_number_a_telephone_or_a_token_in_the_clear() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let home = corner.beds("a", 3, 0);
    let person = people::elder(3);
    let number = person["id_number"].as_str().unwrap();
    let body = application(&person, &[&home]);
    let elder = made(&corner.post("applications").header("idempotency-key", "k").json(&body).send());
    corner.post("applications").json(&body).send().refused(409, "already_waiting");
    let wish = json!({"filters": {"care_level": 3}, "contact": {"phone": "13700009876"}});
    let wish = corner.post("subscriptions").header("idempotency-key", "s").json(&wish).send().expect(201);
    let token = wish["token"].as_str().unwrap();
    corner.look(&format!("applications/{}", elder.0));
    let offer = corner.post(&format!("applications/{}/offers", elder.0)).bearer(&corner.manager);
    let offer = offer.header("idempotency-key", "o").json(&super::place(&home)).send().expect(201);
    corner.answer(&elder, offer["id"].as_str().unwrap(), "decline").expect(200);
    corner.search(&format!("near=31.2304123,121.4737123&care_level=3&q={}", corner.tag));
    corner.look("audit/verify");
    let secrets = [
        "样例戊己",
        number,
        "13900005678",
        elder.1.as_str(),
        "13700009876",
        token,
        "31.2304123",
        "127.0.0.1",
    ];
    server.holds_nowhere(&secrets);
}

#[test]
fn a_token_opens_nothing_but_what_it_was_given_for() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let elder = corner.elder(3, &[&home]);
    let wish = corner.subscribe(&json!({}));
    corner.get(&format!("applications/{}", elder.0)).bearer(&wish.1).send().refused(404, "not_found");
    corner.get(&format!("subscriptions/{}", wish.0)).bearer(&elder.1).send().refused(404, "not_found");
    for path in ["audit", "stats", "institutions/export", &format!("institutions/{home}/applications")] {
        corner.get(path).bearer(&elder.1).send().refused(401, "unauthenticated");
    }
}
