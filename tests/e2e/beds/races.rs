use serde_json::json;

use super::{Corner, made};
use crate::{
    client::Answer,
    crowd::{count, together},
    people,
    server::Server,
};

/// The answer to somebody who comes again when told that the store is busy.
fn patiently(call: impl Fn() -> Answer) -> Answer {
    let mut answer = call();
    while answer.status == 503 {
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
        answer = call();
    }
    answer
}

#[test]
#[cfg_attr(another_server, ignore = "looks into the server's tables")]
fn of_10_beds_offered_to_30_people_by_100_at_once_exactly_10_are_offered() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let home = corner.beds("a", 10, 0);
    let elders: Vec<_> = (0..30).map(|n| corner.elder(n % 7, &[&home])).collect();
    let answers = together(100, |n| patiently(|| corner.offer_first(&elders[n % 30], &home)));
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        let code = answer.json()["code"].clone();
        assert!(code == "no_bed_available" || code == "wrong_status", "{answer:?}");
        answer.refused(409, code.as_str().unwrap());
    }
    assert_eq!(count(&answers, 201), 10);
    assert_eq!(corner.beds_of(&home), [10, 0, 10, 0]);
    let offered = elders.iter().filter(|elder| corner.seen(elder)["status"] == "offered").count();
    assert_eq!(offered, 10);
    for elder in elders.iter().filter(|elder| corner.seen(elder)["status"] == "waiting") {
        patiently(|| corner.offer_first(elder, &home)).refused(409, "no_bed_available");
    }
    super::interleavings::check_tables(&server.database("beds"));
    super::interleavings::check_answers(&corner);
}

#[test]
fn of_accepting_declining_and_taking_back_at_once_one_comes_of_it() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    for round in 0..10 {
        let elder = corner.elder(3, &[&home]);
        let offer = corner.offered(&elder, &home);
        let answers = together(9, |n| {
            patiently(|| match n % 3 {
                0 => corner.answer(&elder, &offer, "accept"),
                1 => corner.answer(&elder, &offer, "decline"),
                _ => corner.withdraw(&elder),
            })
        });
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            answer.refused(409, "wrong_status");
        }
        // Whoever takes it back can do so before and after the answer; it is the last word.
        let seen = corner.seen(&elder);
        assert_eq!(seen["status"], "withdrawn", "round {round}: {seen}");
        let won = |what: usize| answers.iter().skip(what).step_by(3).any(|answer| answer.status == 200);
        assert!(won(2) && !(won(0) && won(1)), "round {round}: {answers:?}");
        let kinds: Vec<_> = seen["timeline"].as_array().unwrap().iter().map(|step| &step["step"]).collect();
        let answered = if won(0) {
            vec![json!("accepted")]
        } else if won(1) {
            vec![json!("declined")]
        } else {
            vec![]
        };
        let expected = [vec![json!("made"), json!("offered")], answered, vec![json!("withdrawn")]].concat();
        assert_eq!(kinds, expected.iter().collect::<Vec<_>>(), "round {round}");
        assert_eq!(corner.beds_of(&home), [3, 0, 0, 3], "round {round}");
    }
}

#[test]
fn of_accepting_and_declining_at_once_one_wins() {
    let corner = Corner::shared();
    let home = corner.beds("a", 20, 0);
    let mut accepted = 0;
    for round in 0..10 {
        let elder = corner.elder(3, &[&home]);
        let offer = corner.offer_first(&elder, &home).expect(201)["id"].as_str().unwrap().to_owned();
        let answers = together(8, |n| {
            patiently(|| corner.answer(&elder, &offer, if n % 2 == 0 { "accept" } else { "decline" }))
        });
        assert_eq!((count(&answers, 200), count(&answers, 409)), (4, 4), "round {round}: {answers:?}");
        let accepts = answers[0].status == 200;
        accepted += i64::from(accepts);
        assert_eq!(corner.seen(&elder)["status"], if accepts { "accepted" } else { "waiting" });
        assert_eq!(corner.beds_of(&home), [20, accepted, 0, 20 - accepted]);
    }
}

#[test]
fn one_person_applying_20_times_at_once_waits_once() {
    let corner = Corner::shared();
    let (a, b) = (corner.beds("a", 3, 0), corner.beds("b", 3, 0));
    let person = people::elder(3);
    let answers = together(20, |n| patiently(|| corner.apply(&person, &[if n % 2 == 0 { &a } else { &b }])));
    assert_eq!(count(&answers, 201), 1, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "already_waiting");
    }
    let waiting = |home: &str| {
        let list = corner.look(&format!("institutions/{home}/applications"));
        list["items"].as_array().unwrap().len()
    };
    assert_eq!(waiting(&a) + waiting(&b), 1);
    made(answers.iter().find(|answer| answer.status == 201).unwrap());
}

#[test]
fn one_person_is_offered_one_bed_of_two_homes_at_once() {
    let corner = Corner::shared();
    for round in 0..5 {
        let homes = [corner.beds(&format!("a{round}"), 2, 0), corner.beds(&format!("b{round}"), 2, 0)];
        let elder = corner.elder(3, &[&homes[0], &homes[1]]);
        let answers = together(10, |n| patiently(|| corner.offer(&elder, &homes[n % 2])));
        assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 9), "{answers:?}");
        let reserved: i64 = homes.iter().map(|home| corner.beds_of(home)[2]).sum();
        assert_eq!(reserved, 1);
    }
}

#[test]
fn counts_set_while_beds_are_offered_never_lose_a_bed_that_is_kept() {
    let corner = Corner::shared();
    let home = corner.beds("a", 5, 0);
    let elders: Vec<_> = (0..20).map(|_| corner.elder(3, &[&home])).collect();
    let answers = together(60, |n| {
        patiently(|| match n % 3 {
            0 => {
                let tag = corner.counts(&home).1;
                corner.set_counts(&home, &tag, i64::try_from(n % 7).unwrap(), 0)
            }
            _ => corner.offer_first(&elders[n % 20], &home),
        })
    });
    for answer in &answers {
        assert!(matches!(answer.status, 200 | 201 | 409 | 412), "{answer:?}");
    }
    let offered = elders.iter().filter(|elder| corner.seen(elder)["status"] == "offered").count();
    let [maximum, occupied, reserved, available] = corner.beds_of(&home);
    assert_eq!((occupied, reserved), (0, i64::try_from(offered).unwrap()));
    assert_eq!(reserved, i64::try_from(count(&answers, 201)).unwrap());
    assert!(available == maximum - reserved && available >= 0, "{available} of {maximum}");
}

#[test]
fn a_home_set_up_changed_and_imported_at_once_is_found_once() {
    let corner = Corner::shared();
    let file = super::import::file(&corner, 20);
    let answers = together(12, |n| {
        if n % 3 == 0 {
            return corner.import("", file.clone());
        }
        let mut body = corner.body();
        body["location"] = corner.location(f64::from(u32::try_from(n).unwrap()) * 800.0, 0.0);
        patiently(|| corner.put("r0003", &body))
    });
    for answer in &answers {
        assert!(matches!(answer.status, 200 | 409), "{answer:?}");
    }
    assert_eq!(corner.found("").len(), 20);
    let found = corner.search(&format!("limit=100&q={}", corner.tag));
    let id = corner.id("r0003");
    let found = found["items"].as_array().unwrap().iter().find(|home| home["id"] == id).cloned();
    assert_eq!(found, Some(corner.read(&id)));
}
