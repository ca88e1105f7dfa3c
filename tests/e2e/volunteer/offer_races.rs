//! What staff do with an opportunity while others do something else with it.

use serde_json::{Value, json};

use super::{Corner, Opportunity, tomorrow};
use crate::{crowd::together, donation::patiently};

#[test]
fn publishing_changing_and_closing_at_once_leave_what_can_be() {
    let corner = Corner::shared();
    for round in 0..5 {
        let made = corner.draft("项目", json!({}));
        let mut body = corner.body("改名", json!({}));
        body.as_object_mut().unwrap().remove("shifts");
        let path = format!("opportunities/{}", made.id);
        let answers = together(9, |n| {
            patiently(|| match n % 3 {
                0 => corner.step(&made.id, "publish"),
                1 => corner.call("PUT", &path).bearer(&corner.manager).json(&body).send(),
                _ => corner.step(&made.id, "close"),
            })
        });
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            answer.refused(409, "wrong_status");
        }
        let published = answers.iter().step_by(3).filter(|answer| answer.status == 200).count();
        assert!(published >= 1, "round {round}: {answers:?}");
        let closed = answers.iter().skip(2).step_by(3).any(|answer| answer.status == 200);
        let whole = corner.look(&path);
        assert_eq!(whole["status"], if closed { "closed" } else { "published" }, "round {round}");
        let found = corner.search(&format!("q={}&limit=100", corner.tag));
        let is_found = found["items"].as_array().unwrap().iter().any(|item| item["id"] == *made.id);
        assert_eq!(is_found, !closed, "round {round}");
        corner.step(&made.id, "close").expect(200);
    }
    assert!(corner.found("").is_empty());
}

#[test]
fn a_shift_cancelled_while_people_sign_up_takes_nobody() {
    let corner = Corner::shared();
    let Opportunity { id, shifts } = corner.offer("项目", json!({"shifts": [tomorrow(3, 9)]}));
    let people = corner.volunteers(10);
    let answers = together(12, |n| {
        patiently(|| if n < 10 { corner.sign_up(&people[n], &shifts[0]) } else { corner.cancel(&shifts[0]) })
    });
    for answer in answers.iter().filter(|answer| answer.status == 409) {
        answer.refused(409, "shift_closed");
    }
    for (who, answer) in people.iter().zip(&answers) {
        if answer.status == 201 {
            assert_eq!(corner.place(who, &shifts[0]), ("cancelled".to_owned(), None));
        } else {
            assert_eq!(corner.mine(who, "/signups")["items"], json!([]));
        }
    }
    let shift: Value = corner.read(&id)["shifts"][0].clone();
    assert_eq!(
        (&shift["status"], &shift["confirmed"], &shift["waitlisted"]),
        (&json!("cancelled"), &json!(0), &json!(0))
    );
}
