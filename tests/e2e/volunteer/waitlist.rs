use serde_json::json;

use super::{Corner, DAY, Volunteer, shift, tomorrow};
use crate::beds::eventually;

/// Positions on the waitlist; `None` for whoever has a place.
fn positions(corner: &Corner<'_>, people: &[Volunteer], shift: &str) -> Vec<Option<i64>> {
    people.iter().map(|who| corner.place(who, shift).1).collect()
}

#[test]
fn whoever_waits_longest_has_the_place_that_becomes_free() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({"shifts": [tomorrow(2, 3)]}));
    let shift = &made.shifts[0];
    let people: Vec<_> = (0..5).map(|_| corner.newcomer(shift).0).collect();
    assert_eq!(positions(&corner, &people, shift), [None, None, Some(1), Some(2), Some(3)]);
    corner.sign_up(&corner.volunteer(), shift).refused(409, "shift_full");
    corner.withdraw(&people[1], shift).expect(204);
    assert_eq!(corner.place(&people[2], shift), ("confirmed".to_owned(), None));
    assert_eq!(positions(&corner, &people[3..], shift), [Some(1), Some(2)]);
    assert_eq!(corner.counts(&made, 0), [2, 2, 0, 2]);
    // Whoever waits and withdraws takes no place with them.
    corner.withdraw(&people[3], shift).expect(204);
    assert_eq!(positions(&corner, &people[4..], shift), [Some(1)]);
    assert_eq!(corner.counts(&made, 0), [2, 2, 0, 1]);
    // And comes back behind the others.
    assert_eq!(corner.sign_up(&people[3], shift).expect(201)["position"], 2);
    corner.withdraw(&people[0], shift).expect(204);
    corner.withdraw(&people[2], shift).expect(204);
    assert_eq!(positions(&corner, &people[3..], shift), [None, None]);
    assert_eq!(corner.counts(&made, 0), [2, 2, 0, 0]);
    corner.withdraw(&people[3], shift).expect(204);
    assert_eq!(corner.counts(&made, 0), [2, 1, 1, 0]);
    let log = corner.audit(shift);
    assert_eq!(log.iter().filter(|action| *action == "signup.promoted").count(), 3, "{log:?}");
}

#[test]
fn a_volunteer_who_leaves_gives_every_place_to_whoever_waits_for_it() {
    let corner = Corner::shared();
    let shifts = json!([tomorrow(1, 2), shift((2 * DAY, 60), 1, 0), shift((3 * DAY, 60), 1, 2)]);
    let made = corner.offer("项目", json!({"shifts": shifts}));
    let [a, b, c] = [0, 1, 2].map(|n| made.shifts[n].as_str());
    let who = corner.volunteer();
    let others = corner.volunteers(2);
    corner.sign_up(&who, a).expect(201);
    corner.sign_up(&others[0], a).expect(201);
    corner.sign_up(&who, b).expect(201);
    corner.sign_up(&others[1], c).expect(201);
    corner.sign_up(&who, c).expect(201);
    corner.sign_up(&others[0], c).expect(201);
    assert_eq!(positions(&corner, &others[..1], c), [Some(2)]);
    corner.leaves(&who);
    assert_eq!(corner.place(&others[0], a).0, "confirmed");
    assert_eq!(positions(&corner, &others[..1], c), [Some(1)]);
    assert_eq!([0, 1, 2].map(|n| corner.counts(&made, n)), [[1, 1, 0, 0], [1, 0, 1, 0], [1, 1, 0, 1]]);
    let list = corner.list(a);
    assert_eq!((&list[0]["status"], &list[0]["name"]), (&json!("withdrawn"), &json!(null)));
    assert_eq!(list[0]["volunteer_no"], json!(who.no));
}

#[test]
fn nobody_moves_up_once_the_shift_has_begun() {
    let corner = Corner::shared();
    let people = corner.volunteers(2);
    let begins = json!({"starts_at": super::at(3), "ends_at": super::at(3_600), "capacity": 1, "waitlist_capacity": 1});
    let made = corner.offer("项目", json!({"shifts": [begins]}));
    for who in &people {
        corner.sign_up(who, &made.shifts[0]).expect(201);
    }
    eventually("the shift begins", || corner.read(&made.id)["shifts"][0]["status"] == "started");
    corner.withdraw(&people[0], &made.shifts[0]).refused(409, "shift_started");
    corner.leaves(&people[0]);
    assert_eq!(corner.place(&people[1], &made.shifts[0]), ("waitlisted".to_owned(), Some(1)));
    assert_eq!(corner.counts(&made, 0), [1, 1, 0, 1], "whoever left had the place when it began");
}

#[test]
fn a_waitlist_is_no_waitlist_once_its_shift_is_cancelled() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({"shifts": [tomorrow(1, 1)]}));
    let (first, second) = (corner.newcomer(&made.shifts[0]).0, corner.newcomer(&made.shifts[0]).0);
    corner.cancel(&made.shifts[0]).expect(200);
    corner.withdraw(&first, &made.shifts[0]).expect(204);
    assert_eq!(corner.place(&second, &made.shifts[0]).0, "cancelled");
    assert_eq!(corner.place(&first, &made.shifts[0]).0, "cancelled");
}

#[test]
fn a_closed_opportunity_keeps_its_waitlist_moving() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({"shifts": [tomorrow(1, 1)]}));
    let (first, second) = (corner.newcomer(&made.shifts[0]).0, corner.newcomer(&made.shifts[0]).0);
    corner.step(&made.id, "close").expect(200);
    corner.withdraw(&first, &made.shifts[0]).expect(204);
    assert_eq!(corner.place(&second, &made.shifts[0]).0, "confirmed");
    corner.sign_up(&first, &made.shifts[0]).refused(409, "shift_closed");
}
