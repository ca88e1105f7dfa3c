use serde_json::{Value, json};

use super::{Office, book_somebody, day_ahead, made, slot};
use crate::{client::Answer, people};

fn join(office: &Office<'_>, days: u64, parties: &Value) -> Answer {
    let day = day_ahead(days);
    let body =
        json!({"office_id": office.id, "service": "marriage", "from": day, "to": day, "parties": parties});
    office.post("waitlist").json(&body).send()
}

fn place(office: &Office<'_>, (reference, token): &(String, String)) -> Value {
    office.get(&format!("waitlist/{reference}")).bearer(token).send().expect(200)
}

fn fill(office: &Office<'_>, days: u64) -> Vec<(String, String)> {
    [9, 10, 11].iter().map(|hour| book_somebody(office, &slot(days, *hour))).collect()
}

fn cancel(office: &Office<'_>, (reference, token): &(String, String)) {
    office.post(&format!("appointments/{reference}/cancel")).bearer(token).send().expect(200);
}

#[test]
fn a_freed_seat_is_offered_in_order_and_nobody_else_gets_it() {
    let office = Office::shared(1);
    let booked = fill(&office, 3);
    let first = made(&join(&office, 3, &people::couple()));
    let second = made(&join(&office, 3, &people::couple()));
    assert_eq!(
        (&place(&office, &first)["position"], &place(&office, &second)["position"]),
        (&json!(1), &json!(2))
    );
    cancel(&office, &booked[1]);
    office.book(&slot(3, 10), &people::couple()).refused(409, "slot_full");
    office.hold(&slot(3, 10)).refused(409, "slot_full");
    let offered = place(&office, &first);
    assert_eq!(offered["status"], "offered");
    assert_eq!(offered["offer"]["start"], slot(3, 10));
    assert_eq!(place(&office, &second)["status"], "waiting");
    let accept = || office.post(&format!("waitlist/{}/accept", first.0)).bearer(&first.1).send();
    let appointment = accept().expect(201);
    assert_eq!(accept().expect(201), appointment, "accepting twice gives the same appointment");
    assert_eq!(place(&office, &first)["status"], "accepted");
    cancel(&office, &booked[0]);
    assert_eq!(place(&office, &second)["offer"]["start"], slot(3, 9));
}

#[test]
fn who_leaves_the_queue_passes_the_offer_on() {
    let office = Office::shared(1);
    let booked = fill(&office, 4);
    let (first, second) =
        (made(&join(&office, 4, &people::couple())), made(&join(&office, 4, &people::couple())));
    cancel(&office, &booked[0]);
    let path = format!("/api/v1/marriage/waitlist/{}", first.0);
    assert_eq!(office.server.call("DELETE", &path).bearer(&first.1).send().status, 204);
    assert_eq!(place(&office, &first)["status"], "withdrawn");
    assert_eq!(place(&office, &second)["status"], "offered");
    office.post(&format!("waitlist/{}/accept", first.0)).bearer(&first.1).send().refused(409, "hold_expired");
}

#[test]
fn a_free_seat_is_offered_at_once_and_one_person_waits_once() {
    let office = Office::shared(1);
    let couple = people::couple();
    let answer = join(&office, 5, &couple).expect(201);
    assert_eq!(answer["status"], "offered");
    assert_eq!(answer["offer"]["start"], slot(5, 9));
    join(&office, 6, &couple).refused(409, "already_waiting");
    made(&office.book(&slot(5, 10), &couple));
    join(&office, 6, &couple).refused(409, "party_already_booked");
}

#[test]
fn a_place_in_the_queue_opens_with_its_token_only() {
    let office = Office::shared(1);
    let (reference, _) = made(&join(&office, 7, &people::couple()));
    let path = format!("waitlist/{reference}");
    office.get(&path).send().refused(401, "unauthenticated");
    office.get(&path).bearer("wrong").send().refused(404, "not_found");
}
