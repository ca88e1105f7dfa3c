use super::{API, Office, book_somebody, made, slot};
use crate::people;

#[test]
fn an_appointment_opens_for_its_owner_and_for_registrars_of_its_area_only() {
    let office = Office::shared(2);
    let (reference, _) = book_somebody(&office, &slot(3, 9));
    let (_, other_token) = book_somebody(&office, &slot(3, 9));
    let read = || office.get(&format!("appointments/{reference}"));
    read().send().refused(401, "unauthenticated");
    read().header("authorization", "Basic xyz").send().refused(401, "unauthenticated");
    read().bearer(&other_token).send().refused(404, "not_found");
    read().bearer(&office.server.staff("registrar", "310115")).send().refused(403, "forbidden");
    read().bearer(&office.server.staff("care_manager", "310101")).send().refused(403, "forbidden");
    let seen = read().bearer(&office.server.staff("registrar", "310101")).send().expect(200);
    assert_eq!(seen["parties"][0]["name"], "样例甲");
    assert!(office.audit(&reference).contains(&"appointment.read_unmasked".to_owned()));
}

#[test]
fn the_audit_log_is_for_auditors_names_no_person_and_its_chain_holds() {
    let office = Office::shared(1);
    let couple = people::couple();
    let (reference, _) = made(&office.book(&slot(4, 9), &couple));
    office.get("audit").bearer(&office.server.staff("registrar", "310000")).send().refused(403, "forbidden");
    let log = office.get(&format!("audit?subject={reference}")).bearer(&office.registrar).send();
    log.expect(200);
    assert!(!log.text.contains(couple[0]["id_number"].as_str().unwrap()) && !log.text.contains("样例甲"));
    let verified = office.get("audit/verify").bearer(&office.registrar).send().expect(200);
    assert_eq!(verified["intact"], true, "{verified}");
    assert!(verified["entries"].as_i64().is_some_and(|count| count > 2));
}

#[test]
#[cfg_attr(another_server, ignore = "looks into the server's files")]
fn no_file_of_the_server_holds_a_name_a_number_or_a_phone_in_the_clear() {
    let server = crate::server::Server::start();
    let office = Office::on(&server, 1);
    let couple = people::couple();
    let booking = office.booking(&slot(3, 9), &couple);
    made(&office.post("appointments").header("idempotency-key", "k").json(&booking).send());
    let secrets = [
        couple[0]["id_number"].as_str().unwrap(),
        couple[1]["id_number"].as_str().unwrap(),
        "样例甲",
        "13800000000",
    ];
    server.holds_nowhere(&secrets);
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's files")]
fn a_changed_entry_of_the_audit_log_is_found_and_named() {
    let server = crate::server::Server::start();
    let office = Office::on(&server, 1);
    book_somebody(&office, &slot(3, 9));
    let verify = || server.get(&format!("{API}/audit/verify")).bearer(&office.registrar).send().expect(200);
    assert_eq!(verify()["intact"], true);
    let database = rusqlite::Connection::open(server.state.join("marriage.db")).unwrap();
    assert!(database.execute("UPDATE audit SET actor = 'x' WHERE seq = 2", []).is_err(), "append-only");
    database
        .execute_batch("DROP TRIGGER audit_is_append_only; UPDATE audit SET actor = 'x' WHERE seq = 2;")
        .unwrap();
    let broken = verify();
    assert_eq!((&broken["intact"], &broken["first_broken"]), (&false.into(), &2.into()), "{broken}");
}
