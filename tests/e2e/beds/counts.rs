use serde_json::json;

use super::{Corner, DISTRICT, ELSEWHERE, beds, faults, room, single};
use crate::crowd::{count, together};

#[test]
fn counts_are_changed_by_who_has_seen_them() {
    let corner = Corner::shared();
    let id = corner.beds("a", 10, 6);
    let (before, tag) = corner.counts(&id);
    assert_eq!(beds(&before), [10, 6, 0, 4]);
    assert_eq!((&before["institution_id"], &before["room_type"]), (&json!(id), &json!("single")));
    let answer = corner.set_counts(&id, &tag, 12, 7);
    let changed = answer.expect(200);
    assert_eq!(beds(&changed), [12, 7, 0, 5]);
    let new_tag = answer.header("etag").unwrap().to_owned();
    assert_ne!(new_tag, tag);
    assert_eq!(corner.counts(&id), (changed, new_tag.clone()));

    corner.set_counts(&id, &tag, 1, 1).refused(412, "precondition_failed");
    let path = format!("institutions/{id}/rooms/single/counts");
    let body = json!({"maximum": 13, "occupied": 7});
    let put = || corner.call("PUT", &path).bearer(&corner.manager).json(&body);
    put().send().refused(428, "precondition_required");
    put().header("if-match", "*").send().refused(428, "precondition_required");
    put().header("if-match", "").send().refused(428, "precondition_required");
    for stale in ["7", "\"\"", "\"x\"", "\"-1\"", "\"99999999999999999999\"", "\"0\", \"-7\""] {
        put().header("if-match", stale).send().refused(412, "precondition_failed");
    }
    assert_eq!(corner.beds_of(&id), [12, 7, 0, 5], "nothing of that was written");
    put().header("if-match", &format!("{tag}, {new_tag}")).send().expect(200);
    let newest = corner.counts(&id).1;
    put().header("if-match", &tag).header("if-match", &newest).send().expect(200);
}

#[test]
fn the_same_numbers_again_confirm_them() {
    let corner = Corner::shared();
    let id = corner.beds("a", 10, 6);
    let (before, tag) = corner.counts(&id);
    let (after, new_tag) = {
        corner.set_counts(&id, &tag, 10, 6).expect(200);
        corner.counts(&id)
    };
    assert_ne!(tag, new_tag, "a confirmation is a version too");
    assert_eq!(after["updated_at"], before["updated_at"], "nothing changed");
    corner.set_counts(&id, &new_tag, 10, 7).expect(200);
    assert_eq!(corner.audit(&id), ["institution.added", "counts.confirmed", "counts.changed"]);
    let entries = corner.look(&format!("audit?subject={id}"));
    let detail = json!({"room_type": "single", "before": [10, 6], "after": [10, 7]});
    assert_eq!(entries["items"][2]["detail"], detail);
    assert!(entries["items"][2]["actor"].as_str().unwrap().contains("care_manager"), "{entries}");
}

#[test]
fn counts_that_cannot_be_are_refused_and_nothing_is_written() {
    let corner = Corner::shared();
    let id = corner.beds("a", 3, 0);
    let tag = corner.counts(&id).1;
    let answer = corner.set_counts(&id, &tag, 3, 4);
    answer.refused(422, "counts_inconsistent");
    assert_eq!(answer.faults(), faults(&[("/occupied", "counts_inconsistent")]));
    for (maximum, occupied) in [(-1, 0), (10_001, 0), (0, -1), (i64::MAX, 0), (i64::MIN, 0)] {
        corner.set_counts(&id, &tag, maximum, occupied).refused(422, "out_of_range");
    }
    let elders = [corner.elder(4, &[&id]), corner.elder(3, &[&id])];
    let offer = corner.offered(&elders[0], &id);
    corner.answer(&elders[0], &offer, "accept").expect(200);
    corner.offered(&elders[1], &id);
    assert_eq!(corner.beds_of(&id), [3, 1, 1, 1]);
    let set = |maximum: i64, occupied: i64| corner.set_counts(&id, &corner.counts(&id).1, maximum, occupied);
    set(3, 3).refused(409, "counts_inconsistent");
    set(1, 1).refused(409, "counts_inconsistent");
    set(3, 0).refused(409, "counts_inconsistent");
    assert_eq!(corner.beds_of(&id), [3, 1, 1, 1]);
    set(2, 1).expect(200);
    assert_eq!(corner.beds_of(&id), [2, 1, 1, 0]);
    set(4, 2).expect(200);
    assert_eq!(corner.beds_of(&id), [4, 2, 1, 1]);
}

#[test]
fn a_step_of_an_application_is_a_new_version_of_the_counts() {
    let corner = Corner::shared();
    let id = corner.beds("a", 2, 0);
    let elder = corner.elder(3, &[&id]);
    let tag = corner.counts(&id).1;
    let offer = corner.offered(&elder, &id);
    corner.set_counts(&id, &tag, 2, 0).refused(412, "precondition_failed");
    let tag = corner.counts(&id).1;
    corner.answer(&elder, &offer, "accept").expect(200);
    corner.set_counts(&id, &tag, 2, 0).refused(412, "precondition_failed");
}

#[test]
fn of_20_who_set_what_they_all_saw_exactly_one_wins() {
    let corner = Corner::shared();
    let id = corner.beds("a", 10, 0);
    for _ in 0..3 {
        let tag = corner.counts(&id).1;
        let answers = together(20, |n| corner.set_counts(&id, &tag, 100, i64::try_from(n).unwrap()));
        assert_eq!(count(&answers, 200), 1, "{answers:?}");
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            answer.refused(412, "precondition_failed");
        }
        let winner = answers.iter().find(|answer| answer.status == 200).unwrap();
        assert_eq!(corner.counts(&id), (winner.json(), winner.header("etag").unwrap().to_owned()));
    }
    assert_eq!(corner.audit(&id).len(), 4);
}

#[test]
fn somebody_of_one_home_changes_that_home_only() {
    let corner = Corner::shared();
    let (own, other) = (corner.beds("own", 5, 1), corner.beds("other", 5, 1));
    let staff = corner.server.staff_of(&own, "care_manager", DISTRICT);
    let set = |staff: &str, id: &str| {
        let tag = corner.counts(id).1;
        let call = corner.call("PUT", &format!("institutions/{id}/rooms/single/counts")).bearer(staff);
        call.header("if-match", &tag).json(&json!({"maximum": 6, "occupied": 2})).send()
    };
    set(&staff, &own).expect(200);
    set(&staff, &other).refused(403, "forbidden");
    assert_eq!(corner.beds_of(&other), [5, 1, 0, 4]);
    set(&corner.server.staff_of(&own, "care_manager", ELSEWHERE), &own).refused(403, "forbidden");
    set(&corner.server.staff("care_manager", ELSEWHERE), &own).refused(403, "forbidden");
    set(&corner.server.staff("donation_manager", DISTRICT), &own).refused(403, "forbidden");
    set(&corner.server.staff("care_manager", DISTRICT), &other).expect(200);
    set(&corner.server.staff("admin", "310000"), &other).expect(200);

    let path = format!("institutions/{own}/rooms/single/counts");
    let body = json!({"maximum": 6, "occupied": 2});
    corner.call("PUT", &path).json(&body).send().refused(401, "unauthenticated");
    let elder = corner.elder(3, &[&own]);
    corner.call("PUT", &path).bearer(&elder.1).json(&body).send().refused(401, "unauthenticated");
    let nobody = corner.server.staff("care_manager", ELSEWHERE);
    corner.call("PUT", &path).bearer(&nobody).json(&body).send().refused(403, "forbidden");
}

#[test]
fn rooms_that_there_are_not_have_no_counts() {
    let corner = Corner::shared();
    let id = corner.home("a", json!({"rooms": [single(5, 1), room("triple", &[1], 1, (2, 0))]}));
    let get = |path: &str| corner.get(path).send();
    get(&format!("institutions/{id}/rooms/triple/counts")).expect(200);
    for (home, kind) in [
        (id.as_str(), "double"),
        (&id, "Single"),
        (&id, "suite"),
        (&id, "%00"),
        ("nowhere", "single"),
        ("%00", "single"),
    ] {
        let path = format!("institutions/{home}/rooms/{kind}/counts");
        get(&path).refused(404, "not_found");
        let put = corner.call("PUT", &path).bearer(&corner.manager).header("if-match", "\"1\"");
        put.json(&json!({"maximum": 1, "occupied": 1})).send().refused(404, "not_found");
    }
    let gone = corner.beds("gone", 1, 0);
    corner.delete(&gone).expect(204);
    get(&format!("institutions/{gone}/rooms/single/counts")).refused(404, "not_found");
}
