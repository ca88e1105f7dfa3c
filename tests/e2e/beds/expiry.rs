//! Offers that run out.

use serde_json::json;

use super::{API, Corner, Elder, eventually};
use crate::{
    crowd::{count, together},
    server::Server,
};

/// Makes it as if the offer of an application had run out just now.
pub(super) fn lapse(server: &Server, elder: &Elder) {
    let past = chrono::Utc::now().timestamp() - 1;
    let sql = format!(
        "UPDATE application SET expires_at = {past} WHERE reference = '{}' AND status = 'offered'",
        elder.0
    );
    assert_eq!(server.change("beds", &sql), 1);
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn a_bed_of_an_offer_that_ran_out_is_free_for_the_next_in_line() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let home = corner.beds("a", 1, 0);
    let (first, second) = (corner.elder(5, &[&home]), corner.elder(2, &[&home]));
    let offer = corner.offered(&first, &home);
    corner.offer(&second, &home).refused(409, "no_bed_available");
    lapse(&server, &first);
    corner.answer(&first, &offer, "accept").refused(409, "offer_expired");
    corner.answer(&first, &offer, "decline").refused(409, "offer_expired");
    eventually("a reader sees the bed", || corner.read(&home)["available"] == 1);
    assert_eq!(corner.found("min_available=1"), ["a"]);
    assert_eq!(corner.beds_of(&home), [1, 0, 0, 1]);
    let seen = corner.seen(&first);
    assert_eq!((&seen["status"], &seen["offer"]["status"]), (&json!("waiting"), &json!("expired")));
    assert_eq!(seen["offers"].as_array().unwrap().len(), 1);
    assert_eq!(seen["timeline"][2]["step"], "expired");
    assert_eq!(seen["timeline"][2]["by"], "system");
    assert_eq!(seen["positions"][0]["position"], 2, "behind those who passed up fewer offers");
    assert!(seen["links"].get("accept").is_none(), "{seen}");
    corner.answer(&first, &offer, "accept").refused(409, "offer_expired");
    corner.answer(&first, &offer, "decline").refused(409, "offer_expired");
    let offer = corner.offered(&second, &home);
    corner.answer(&second, &offer, "accept").expect(200);
    let actions = ["application.made", "application.offered", "application.expired"];
    assert_eq!(corner.audit(&first.0), actions);
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn whoever_offers_a_bed_need_not_wait_for_a_reader() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let home = corner.beds("a", 1, 0);
    let (first, second) = (corner.elder(5, &[&home]), corner.elder(2, &[&home]));
    corner.offered(&first, &home);
    lapse(&server, &first);
    corner.offer(&second, &home).expect(201);
    assert_eq!(corner.beds_of(&home), [1, 0, 1, 0]);
    lapse(&server, &second);
    // Nobody but the one in line: may be offered the bed again.
    let offer = corner.offered(&first, &home);
    corner.answer(&first, &offer, "accept").expect(200);
    assert_eq!(corner.seen(&first)["offers"].as_array().unwrap().len(), 2);
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn every_reader_finds_beds_of_offers_that_ran_out() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let home = corner.beds("a", 2, 0);
    let elder = corner.elder(5, &[&home]);
    let get = |path: &str| server.get(&format!("{API}/{path}")).send().expect(200);
    let readers: [&dyn Fn() -> serde_json::Value; 5] = [
        &|| get(&format!("institutions?q={}", corner.tag))["items"][0]["available"].clone(),
        &|| {
            let map = get(&format!("institutions.geojson?q={}", corner.tag));
            map["features"][0]["properties"]["available"].clone()
        },
        &|| get(&format!("institutions/{home}"))["available"].clone(),
        &|| get("summary")["total"]["available"].clone(),
        &|| get(&format!("institutions/{home}/rooms/single/counts"))["available"].clone(),
    ];
    for reader in readers {
        corner.offered(&elder, &home);
        assert_eq!(reader(), 1);
        lapse(&server, &elder);
        eventually("the bed is seen", || reader() == 2);
    }
    corner.offered(&elder, &home);
    lapse(&server, &elder);
    eventually("the elder sees it", || corner.seen(&elder)["status"] == "waiting");
    corner.offered(&elder, &home);
    lapse(&server, &elder);
    eventually("staff see it", || {
        let list = corner.look(&format!("institutions/{home}/applications"));
        list["items"].as_array().unwrap().len() == 1
    });
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn an_offer_that_ran_out_expires_once_however_many_look() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let home = corner.beds("a", 8, 0);
    let elders: Vec<_> = (0..8).map(|_| corner.elder(5, &[&home])).collect();
    for elder in &elders {
        corner.offer_first(elder, &home).expect(201);
    }
    for elder in &elders {
        lapse(&server, elder);
    }
    eventually("all beds are seen", || {
        let answers = together(20, |n| match n % 3 {
            0 => corner.get(&format!("institutions/{home}")).send(),
            1 => corner.get("summary").send(),
            _ => corner.get(&format!("institutions?q={}", corner.tag)).send(),
        });
        assert_eq!(count(&answers, 200), 20, "{answers:?}");
        corner.beds_of(&home) == [8, 0, 0, 8]
    });
    let steps: i64 = server
        .database("beds")
        .query_row("SELECT count(*) FROM application_step WHERE kind = 'expired'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(steps, 8);
    super::interleavings::check_tables(&server.database("beds"));
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn whoever_takes_an_application_back_after_the_offer_ran_out_frees_the_bed_once() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let home = corner.beds("a", 1, 0);
    let elder = corner.elder(5, &[&home]);
    corner.offered(&elder, &home);
    lapse(&server, &elder);
    corner.withdraw(&elder).expect(200);
    assert_eq!(corner.beds_of(&home), [1, 0, 0, 1]);
    let next = corner.elder(1, &[&home]);
    corner.offer(&next, &home).expect(201);
    super::interleavings::check_tables(&server.database("beds"));
}
