use serde_json::json;

use super::{Corner, DAY, Volunteer, interleavings, shift, soon, tomorrow};
use crate::{
    client::Answer,
    crowd::{count, together},
    donation::patiently,
    people,
    server::Server,
};

fn statuses(corner: &Corner<'_>, shift: &str, status: &str) -> usize {
    corner.list(shift).iter().filter(|signup| signup["status"] == status).count()
}

#[test]
#[cfg_attr(another_server, ignore = "looks into the server's tables")]
fn of_200_who_sign_up_at_once_for_10_places_exactly_10_have_one_and_5_wait() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let made = corner.offer("项目", json!({"shifts": [tomorrow(10, 5)]}));
    let people = std::sync::Mutex::new(Vec::new());
    together(8, |_| {
        let own = corner.volunteers(25);
        people.lock().unwrap().extend(own);
        corner.get("health").send()
    });
    let people = people.into_inner().unwrap();
    let answers = together(200, |n| patiently(|| corner.sign_up(&people[n], &made.shifts[0])));
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "shift_full");
    }
    let told = |status: &str| {
        let is = |answer: &&Answer| answer.status == 201 && answer.json()["status"] == status;
        answers.iter().filter(is).count()
    };
    assert_eq!((told("confirmed"), told("waitlisted"), count(&answers, 409)), (10, 5, 185));
    assert_eq!(corner.counts(&made, 0), [10, 10, 0, 5]);
    let list = corner.list(&made.shifts[0]);
    let listed = |status: &str| list.iter().filter(|signup| signup["status"] == status).count();
    assert_eq!((listed("confirmed"), listed("waitlisted"), list.len()), (10, 5, 15));
    let positions: Vec<_> = list.iter().filter_map(|signup| signup["position"].as_i64()).collect();
    assert_eq!(positions, [1, 2, 3, 4, 5]);
    for (who, answer) in people.iter().zip(&answers).filter(|(_, answer)| answer.status == 201) {
        assert_eq!(corner.place(who, &made.shifts[0]).0, answer.json()["status"]);
    }
    let found = corner.search(&format!("q={}", corner.tag));
    assert_eq!(found["items"][0], corner.read(&made.id), "the copy that searches see is up to date");
    interleavings::check_tables(&server.database("volunteer"));
}

#[test]
fn one_volunteer_signing_up_for_shifts_that_overlap_has_one() {
    let corner = Corner::shared();
    let other = corner.organisation("other", json!({}));
    let times = json!([shift((DAY, 120), 9, 0), shift((DAY + 60, 120), 9, 0), shift((DAY + 119, 30), 9, 0)]);
    let made = [
        corner.offer("甲", json!({"shifts": times})),
        corner.offer("乙", json!({"shifts": times, "organisation_id": other})),
    ];
    let shifts: Vec<_> = made.iter().flat_map(|made| &made.shifts).filter(|id| id.len() == 13).collect();
    // The second of each overlaps with both others.
    let shifts = [shifts[0], shifts[1], shifts[3], shifts[4]];
    for _ in 0..3 {
        let who = corner.volunteer();
        let answers = together(16, |n| patiently(|| corner.sign_up(&who, shifts[n % 4])));
        assert_eq!(count(&answers, 201), 1, "{answers:?}");
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            let code = answer.json()["code"].as_str().unwrap().to_owned();
            assert!(code == "shift_overlaps" || code == "already_signed_up", "{answer:?}");
            answer.refused(409, &code);
        }
        let own = corner.mine(&who, "/signups");
        assert_eq!(own["items"].as_array().unwrap().len(), 1);
    }
}

#[test]
#[cfg_attr(another_server, ignore = "looks into the server's tables")]
fn withdrawals_racing_sign_ups_oversell_nothing_and_leave_no_place_to_waste() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let made = corner.offer("项目", json!({"shifts": [tomorrow(4, 6)]}));
    let people = corner.volunteers(24);
    let shift = &made.shifts[0];
    for round in 0..4 {
        let answers = together(24, |n| {
            let mut answer = patiently(|| corner.sign_up(&people[n], shift));
            for _ in 0..4 {
                if n % 3 > 0 {
                    patiently(|| corner.withdraw(&people[n], shift));
                    answer = patiently(|| corner.sign_up(&people[n], shift));
                }
            }
            answer
        });
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            let code = answer.json()["code"].clone();
            assert!(code == "shift_full" || code == "already_signed_up", "{answer:?}");
        }
        let [places, taken, free, waiting] = corner.counts(&made, 0);
        assert_eq!((places, taken, free), (4, 4, 0), "round {round}");
        assert!(waiting <= 6, "round {round}: {waiting}");
        assert_eq!(statuses(&corner, shift, "confirmed"), 4);
        assert_eq!(statuses(&corner, shift, "waitlisted"), usize::try_from(waiting).unwrap());
        interleavings::check_tables(&server.database("volunteer"));
        if round % 2 == 1 {
            let answers = together(24, |n| patiently(|| corner.withdraw(&people[n], shift)));
            assert!(answers.iter().all(|answer| answer.status == 204 || answer.status == 404), "{answers:?}");
            assert_eq!(corner.counts(&made, 0), [4, 0, 4, 0]);
        }
    }
}

#[test]
fn many_check_ins_of_one_volunteer_make_one_entry() {
    let corner = Corner::shared();
    let shift = corner.shift(&soon());
    let (who, _) = corner.newcomer(&shift);
    let code = json!({"code": corner.code(&shift)});
    let answers = together(20, |_| patiently(|| corner.scan(&who, &shift, "check-in", &code)));
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.json()["entry"] == answers[0].json()["entry"]));
    let entries = corner.mine(&who, "/record")["entries"].clone();
    assert_eq!((entries.as_array().unwrap().len(), entries[0]["steps"].as_array().unwrap().len()), (1, 1));
}

#[test]
fn checking_in_and_withdrawing_at_once_one_comes_of_it() {
    let corner = Corner::shared();
    for round in 0..6 {
        let shift = corner.shift(&soon());
        let (who, _) = corner.newcomer(&shift);
        let code = json!({"code": corner.code(&shift)});
        let answers = together(8, |n| {
            patiently(|| {
                if n % 2 == 0 {
                    corner.scan(&who, &shift, "check-in", &code)
                } else {
                    corner.withdraw(&who, &shift)
                }
            })
        });
        let came = count(&answers, 200) > 0;
        let entries = corner.mine(&who, "/record")["entries"].as_array().unwrap().len();
        assert_eq!(entries, usize::from(came), "round {round}: {answers:?}");
        assert_eq!(
            corner.place(&who, &shift).0,
            if came { "confirmed" } else { "withdrawn" },
            "round {round}"
        );
        for answer in answers.iter().filter(|answer| answer.status >= 400) {
            answer.refused(409, if came { "checked_in" } else { "not_signed_up" });
        }
    }
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn whatever_happens_to_an_entry_at_once_the_total_is_what_counts() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let who = corner.volunteer();
    let begun = |n: i64| {
        let shift = corner.shift(&soon());
        corner.sign_up(&who, &shift).expect(201);
        let entry = corner.check(&who, &shift, "check-in").expect(200)["entry"].as_str().unwrap().to_owned();
        corner.pass(&shift, 100);
        corner.check(&who, &shift, "check-out").expect(200);
        corner.pass(&shift, 100 + 300 * n);
        entry
    };
    let entries: Vec<_> = (0..3).map(begun).collect();
    let reasons = ["absent", "overtime", "dispute_upheld", "other"];
    for _ in 0..3 {
        let answers = together(24, |n| {
            let entry = &entries[n % 3];
            patiently(|| match n / 3 {
                0 | 1 => corner.confirm(entry),
                2..=4 => {
                    let minutes = i64::try_from(7 * n).unwrap();
                    let body = json!({"minutes": minutes, "reason": reasons[n % 4]});
                    corner.tell(&format!("record/{entry}/correct"), &body)
                }
                _ => {
                    let body = json!({"reason": "other", "claimed_minutes": n, "note": "样例"});
                    corner.dispute(&who, entry, &body)
                }
            })
        });
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            let code = answer.json()["code"].as_str().unwrap().to_owned();
            assert!(code == "wrong_status" || code == "changed_meanwhile", "{answer:?}");
            answer.refused(409, &code);
        }
        let record = corner.mine(&who, "/record");
        let counted: i64 = record["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["counted_minutes"].as_i64().unwrap())
            .sum();
        assert_eq!(record["total_minutes"], counted);
        interleavings::check_tables(&server.database("volunteer"));
    }
    for entry in &entries {
        corner.correct(entry, 11).expect(200);
    }
    assert_eq!(corner.mine(&who, "/record")["total_minutes"], 33);
}

#[test]
#[cfg_attr(another_server, ignore = "uses up what a caller may do")]
fn one_person_registering_50_times_at_once_is_registered_once() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let body = people::volunteer();
    let answers = together(50, |_| patiently(|| corner.post("volunteers").json(&body).send()));
    assert_eq!(count(&answers, 201), 1, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "already_registered");
    }
    let who = Volunteer::made(answers.iter().find(|answer| answer.status == 201).unwrap());
    assert_eq!(corner.mine(&who, "")["volunteer_no"], json!(who.no));
    let database = server.database("volunteer");
    let rows: i64 = database.query_row("SELECT count(*) FROM volunteer", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1);
}

#[test]
fn changes_of_a_registration_at_once_lose_none() {
    let corner = Corner::shared();
    let who = corner.volunteer();
    let changes = [
        json!({"skills": ["driving"]}),
        json!({"availability": ["monday_morning"]}),
        json!({"phone": "13712345678"}),
        json!({"division_code": "310104"}),
    ];
    let trainings = ["first_aid", "food_safety"];
    let answers = together(6, |n| {
        patiently(|| match changes.get(n) {
            Some(change) => corner.call("PATCH", "volunteers/me").bearer(&who.token).json(change).send(),
            None => {
                let body = json!({"training": trainings[n - 4], "completed_on": "2026-01-05"});
                corner.tell(&format!("volunteers/{}/trainings", who.no), &body)
            }
        })
    });
    assert_eq!(count(&answers, 200), 6, "{answers:?}");
    let seen = corner.mine(&who, "");
    assert_eq!((&seen["skills"], &seen["availability"]), (&json!(["driving"]), &json!(["monday_morning"])));
    assert_eq!((&seen["division_code"], seen["trainings"].as_array().unwrap().len()), (&json!("310104"), 2));
    assert!(seen["phone"].as_str().unwrap().starts_with("137"), "{seen}");
}
