use serde_json::json;

use super::{Office, book_somebody, made, slot};
use crate::{
    crowd::{count, together},
    people,
};

#[test]
fn of_200_clients_who_want_the_last_seat_exactly_one_gets_it() {
    let office = Office::shared(1);
    let start = slot(3, 9);
    let couples: Vec<_> = (0..200).map(|_| people::couple()).collect();
    let answers = together(200, |n| office.book(&start, &couples[n]));
    assert_eq!(count(&answers, 201), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "slot_full");
    }
    assert_eq!(office.remaining(&start), 0);
}

#[test]
fn of_200_clients_who_want_to_hold_the_last_seat_exactly_one_does() {
    let office = Office::shared(1);
    let start = slot(3, 10);
    let answers = together(200, |_| office.hold(&start));
    assert_eq!(count(&answers, 201), 1);
    assert_eq!(count(&answers, 409), 199);
}

#[test]
fn of_40_appointments_moved_to_the_last_seat_exactly_one_arrives_and_no_other_loses_its_own() {
    let office = Office::shared(40);
    let from = slot(4, 9);
    office
        .put(
            &format!("exceptions/{}", super::day_ahead(5)),
            &json!({"hours": [{"opens": "09:00", "closes": "10:00"}], "capacity": {"marriage": 1}}),
        )
        .expect(200);
    let to = slot(5, 9);
    let booked: Vec<_> = (0..40).map(|_| book_somebody(&office, &from)).collect();
    let answers = together(40, |n| {
        let (reference, token) = &booked[n];
        let path = format!("/api/v1/marriage/appointments/{reference}");
        office.server.call("PATCH", &path).bearer(token).json(&json!({"start": to})).send()
    });
    assert_eq!(count(&answers, 200), 1);
    assert_eq!(count(&answers, 409), 39);
    assert_eq!((office.remaining(&from), office.remaining(&to)), (1, 0));
}

#[test]
fn one_idempotency_key_sent_50_times_at_once_makes_one_appointment_and_one_answer() {
    let office = Office::shared(60);
    let start = slot(6, 9);
    let booking = office.booking(&start, &people::couple());
    let key = format!("key-{}", office.id);
    let send = || office.post("appointments").header("idempotency-key", &key).json(&booking).send();
    let answers = together(50, |_| send());
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "idempotency_in_progress");
    }
    let first = send();
    first.expect(201);
    assert!(answers.iter().filter(|answer| answer.status == 201).all(|answer| answer.text == first.text));
    assert_eq!(office.remaining(&start), 59);
    let mut other = booking.clone();
    other["with_ceremony"] = json!(true);
    office
        .post("appointments")
        .header("idempotency-key", &key)
        .json(&other)
        .send()
        .refused(422, "idempotency_key_reused");
}

#[test]
fn a_refused_request_gives_its_idempotency_key_back() {
    let office = Office::shared(1);
    let start = slot(6, 10);
    let key = format!("mended-{}", office.id);
    let send = |booking| office.post("appointments").header("idempotency-key", &key).json(&booking).send();
    let man = people::man();
    send(office.booking(&start, &json!([man, man]))).refused(422, "same_person");
    made(&send(office.booking(&start, &json!([man, people::woman()]))));
}

#[test]
fn of_two_couples_who_share_a_person_at_two_offices_one_wins() {
    let (a, b) = (Office::shared(1), Office::shared(1));
    for hour in [9, 10, 11] {
        let start = slot(7, hour);
        let woman = people::woman();
        let couples = [json!([people::man(), woman]), json!([people::man(), woman])];
        let answers =
            together(2, |n| if n == 0 { a.book(&start, &couples[0]) } else { b.book(&start, &couples[1]) });
        assert_eq!(count(&answers, 201), 1, "{answers:?}");
        let loser = answers.iter().find(|answer| answer.status != 201).unwrap();
        loser.refused(409, "party_already_booked");
    }
}

#[test]
fn an_offer_accepted_by_50_clients_at_once_becomes_one_appointment() {
    let office = Office::shared(1);
    let start = slot(8, 9);
    let day = super::day_ahead(8);
    for hour in [10, 11] {
        book_somebody(&office, &slot(8, hour));
    }
    let (reference, token) = book_somebody(&office, &start);
    let body = json!({
        "office_id": office.id, "service": "marriage", "from": day, "to": day, "parties": people::couple(),
    });
    let (waiting, waiting_token) = made(&office.post("waitlist").json(&body).send());
    office.post(&format!("appointments/{reference}/cancel")).bearer(&token).send().expect(200);
    let others: Vec<_> = (0..50).map(|_| people::couple()).collect();
    let answers = together(100, |n| {
        if n % 2 == 0 {
            office.post(&format!("waitlist/{waiting}/accept")).bearer(&waiting_token).send()
        } else {
            office.book(&start, &others[n / 2])
        }
    });
    let (accepted, booked): (Vec<_>, Vec<_>) = answers.iter().enumerate().partition(|(n, _)| n % 2 == 0);
    let text = &accepted[0].1.text;
    assert!(accepted.iter().all(|(_, answer)| answer.status == 201 && answer.text == *text), "{accepted:?}");
    for (_, answer) in booked {
        answer.refused(409, "slot_full");
    }
    assert_eq!(office.remaining(&start), 0);
}
