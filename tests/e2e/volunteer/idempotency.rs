use serde_json::{Value, json};

use super::{Corner, Volunteer, certificates::served, each, tomorrow};
use crate::{
    client::Answer,
    crowd::{count, together},
    people,
};

fn with_key(corner: &Corner<'_>, path: &str, key: &str, token: Option<&str>, body: &Value) -> Answer {
    let call = corner.post(path).header("idempotency-key", key).json(body);
    let call = if let Some(token) = token { call.bearer(token) } else { call };
    call.send()
}

/// The same again is answered the same; something else with the key is refused.
#[track_caller]
fn replays(corner: &Corner<'_>, path: &str, token: Option<&str>, body: &Value, other: &Value) -> Answer {
    let send = |body: &Value| with_key(corner, path, &corner.tag, token, body);
    let first = send(body);
    first.expect(201);
    let again = send(body);
    assert_eq!((again.status, &again.text), (201, &first.text));
    send(other).refused(422, "idempotency_key_reused");
    assert_eq!(send(body).text, first.text);
    first
}

#[test]
fn a_registration_sent_again_is_made_once_and_answered_the_same() {
    let corner = Corner::shared();
    let body = people::volunteer();
    let other = crate::corner::changed(body.clone(), json!({"phone": "13900000000"}));
    let first = replays(&corner, "volunteers", None, &body, &other);
    let who = Volunteer::made(&first);
    corner.mine(&who, "");
    corner.leaves(&who);
    assert_eq!(
        with_key(&corner, "volunteers", &corner.tag, None, &body).text,
        first.text,
        "whatever became of it"
    );
    corner.post("volunteers").json(&body).send().expect(201);
}

#[test]
fn an_opportunity_and_its_shifts_sent_again_are_made_once() {
    let corner = Corner::shared();
    let body = corner.body("项目", json!({"shifts": [tomorrow(1, 0), tomorrow(2, 0)]}));
    let manager = Some(corner.manager.as_str());
    let first = replays(&corner, "opportunities", manager, &body, &corner.body("其他", json!({}))).json();
    let path = format!("opportunities/{}/shifts", first["id"].as_str().unwrap());
    let added = replays(&corner, &path, manager, &tomorrow(3, 0), &tomorrow(4, 0)).json();
    let list = corner.look(&format!("organisations/{}/opportunities", corner.id("org")));
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let shifts = each(&list["items"][0]["shifts"], "id");
    assert_eq!(shifts.len(), 3);
    assert!(shifts.contains(&added["id"].as_str().unwrap().to_owned()), "{list}");
    // The same key for another opportunity is another request.
    let other = corner.draft("其他", json!({}));
    let path = format!("opportunities/{}/shifts", other.id);
    with_key(&corner, &path, &corner.tag, manager, &tomorrow(3, 0)).refused(422, "idempotency_key_reused");
    // And from somebody else.
    let staff = corner.server.staff_of(&corner.id("org"), "volunteer_manager", "310000");
    with_key(&corner, "opportunities", &corner.tag, Some(&staff), &body)
        .refused(422, "idempotency_key_reused");
}

#[test]
fn a_sign_up_sent_again_is_made_once_and_a_refusal_frees_its_key() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({"shifts": [tomorrow(1, 0)]}));
    let path = format!("shifts/{}/signups", made.shifts[0]);
    let (who, other) = (corner.volunteer(), corner.volunteer());
    let (yes, no) = (json!({"health_confirmed": true}), json!({}));
    replays(&corner, &path, Some(&who.token), &yes, &no);
    assert_eq!(corner.counts(&made, 0), [1, 1, 0, 0]);
    with_key(&corner, &path, &corner.tag, Some(&other.token), &yes).refused(422, "idempotency_key_reused");
    let send = || with_key(&corner, &path, &format!("{}-b", corner.tag), Some(&other.token), &no);
    send().refused(409, "shift_full");
    corner.withdraw(&who, &made.shifts[0]).expect(204);
    send().expect(201);
    let answers = with_key(&corner, &path, &corner.tag, Some(&who.token), &yes);
    assert_eq!(answers.expect(201)["status"], "confirmed", "as it was answered then");
    assert_eq!(corner.place(&who, &made.shifts[0]).0, "withdrawn");
}

#[test]
#[cfg_attr(another_server, ignore = "changes the server's tables")]
fn a_certificate_sent_again_is_issued_once() {
    let corner = Corner::shared();
    let who = served(&corner, 30);
    let day = shared::calendar::day_of(chrono::Utc::now()).to_string();
    let first = replays(&corner, "certificates", Some(&who.token), &json!({}), &json!({"to": day}));
    let list = corner.mine(&who, "/certificates");
    assert_eq!(each(&list, "code"), [first.json()["code"].as_str().unwrap()]);
    assert_eq!(first.json()["name"], "样***", "what is kept shows nobody");
    let other = served(&corner, 30);
    with_key(&corner, "certificates", &corner.tag, Some(&other.token), &json!({}))
        .refused(422, "idempotency_key_reused");
}

#[test]
fn what_is_sent_20_times_at_once_with_its_key_is_made_once() {
    let corner = Corner::shared();
    let made = corner.offer("项目", json!({"shifts": [tomorrow(9, 0)]}));
    let who = corner.volunteer();
    let person = people::volunteer();
    let signs = format!("shifts/{}/signups", made.shifts[0]);
    let draft = corner.body("草稿", json!({}));
    let sends: [(&str, Option<&str>, &Value); 3] = [
        ("volunteers", None, &person),
        (&signs, Some(&who.token), &json!({})),
        ("opportunities", Some(&corner.manager), &draft),
    ];
    for (path, token, body) in sends {
        let answers = together(20, |_| with_key(&corner, path, &corner.tag, token, body));
        let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
        assert!(!made.is_empty() && made.iter().all(|answer| answer.text == made[0].text), "{answers:?}");
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            answer.refused(409, "idempotency_in_progress");
        }
        assert!(count(&answers, 201) >= 1);
    }
    assert_eq!(corner.counts(&made, 0), [9, 1, 8, 0]);
    let list = corner.look(&format!("organisations/{}/opportunities", corner.id("org")));
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}
