use serde_json::json;

use super::{API, Corner, lines, made};
use crate::server::Server;

#[test]
fn the_giver_is_masked_but_to_staff_whose_look_is_in_the_audit_log() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let created = corner.pledge(&id, &lines(&[("books", 1)]));
    let gift = made(&created);
    let masked = corner.read_pledge(&gift);
    assert_eq!(created.json()["donor"], masked["donor"]);
    assert_eq!(masked["donor"]["name"], "样***");
    let phone = masked["donor"]["phone"].as_str().unwrap();
    assert!(phone.contains('*') && phone.ends_with("34") && !phone.contains("00001"), "{phone}");
    let list = corner.get(&format!("points/{id}/pledges")).bearer(&corner.manager).send();
    assert_eq!(list.expect(200)["items"][0]["donor"], masked["donor"]);
    assert!(!corner.audit(&gift.0).contains(&"pledge.read_unmasked".to_owned()), "nobody has looked yet");

    let seen = corner.get(&format!("pledges/{}", gift.0)).bearer(&corner.manager).send().expect(200);
    assert_eq!(seen["donor"], json!({"name": "样例丙丁", "phone": "13900001234", "anonymous": false}));
    assert_eq!(corner.audit(&gift.0), ["pledge.pledged", "pledge.read_unmasked"]);
    let received = corner.step(&gift.0, "receive", &json!({})).expect(200);
    assert_eq!(received["donor"], masked["donor"], "an answer to a step may be replayed by others");
    let looks = corner.audit(&gift.0).iter().filter(|action| *action == "pledge.read_unmasked").count();
    assert_eq!(looks, 1);
    let log = corner.get(&format!("audit?subject={}&limit=100", gift.0)).bearer(&corner.manager).send();
    assert!(!log.text.contains("样例丙丁") && !log.text.contains("13900001234"), "{log:?}");

    let staff = received["timeline"][1]["by"].as_str().unwrap();
    assert!(staff.contains("donation_manager"), "{received}");
    let for_giver = corner.get(&format!("pledges/{}", gift.0)).bearer(&gift.1).send();
    assert!(!for_giver.text.contains(staff), "the giver learns that it was staff, not who: {for_giver:?}");
}

#[test]
#[cfg_attr(another_server, ignore = "each caller may report a few times an hour only")]
fn whoever_reads_the_own_words_of_citizens_is_in_the_audit_log() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    corner.books(&id, 1);
    corner.get(&format!("points/{id}/pledges")).bearer(&corner.manager).send().expect(200);
    assert!(corner.audit(&id).contains(&"point.pledges_read".to_owned()));
    let report = |body: &serde_json::Value| {
        let made = corner.post(&format!("points/{id}/reports")).json(body).send().expect(201);
        made["id"].as_str().unwrap().to_owned()
    };
    let noted = report(&json!({"kind": "other", "note": "样例说明"}));
    let bare = report(&json!({"kind": "closed"}));
    let settle = json!({"outcome": "corrected"});
    corner.tell(&format!("reports/{noted}/settle"), &settle).expect(200);
    corner.tell(&format!("reports/{bare}/settle"), &settle).expect(200);
    assert_eq!(corner.audit(&noted), ["report.made", "report.settled", "report.note_read"]);
    assert_eq!(corner.audit(&bare), ["report.made", "report.settled"]);
}

#[test]
fn a_page_of_the_audit_log_that_is_just_full_is_the_last() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    corner.set_items(&id, &json!([{"item": "toys", "state": "urgent"}])).expect(200);
    let page = |limit: u32| {
        let path = format!("audit?subject={id}&limit={limit}");
        corner.get(&path).bearer(&corner.manager).send().expect(200)
    };
    assert_eq!((page(2)["items"].as_array().unwrap().len(), &page(2)["next_cursor"]), (2, &json!(null)));
    assert!(page(1)["next_cursor"].is_string());
}

#[test]
fn the_audit_log_is_for_auditors_and_its_chain_holds() {
    let corner = Corner::shared();
    corner.books(&corner.point("a", json!({})), 1);
    let manager = corner.server.staff("donation_manager", "310000");
    for path in ["audit", "audit/verify"] {
        corner.get(path).send().refused(401, "unauthenticated");
        corner.get(path).bearer(&manager).send().refused(403, "forbidden");
    }
    assert_eq!(corner.get("audit/verify").bearer(&corner.manager).send().expect(200)["intact"], true);
}

#[test]
#[cfg_attr(another_server, ignore = "looks into the server's files")]
fn no_file_of_the_server_holds_a_giver_a_telephone_a_note_or_a_token_in_the_clear() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let id = corner.point("a", json!({}));
    let body = json!({
        "point_id": id, "items": [{"item": "books", "quantity": 1, "note": "爷爷的旧课本"}],
        "donor": {"name": "样例丙丁", "phone": "13900001234", "anonymous": false},
    });
    let gift = made(&corner.post("pledges").header("idempotency-key", "k").json(&body).send());
    let key = ("idempotency-key", "r");
    let receive = corner.post(&format!("pledges/{}/receive", gift.0)).bearer(&corner.manager);
    receive.header(key.0, key.1).json(&json!({})).send().expect(200);
    let report = json!({"kind": "other", "note": "电话是13700007777的人说已搬走"});
    server.post(&format!("{API}/points/{id}/reports")).json(&report).send().expect(201);
    let secrets = ["样例丙丁", "13900001234", "爷爷的旧课本", "13700007777", "127.0.0.1", gift.1.as_str()];
    server.holds_nowhere(&secrets);
}
