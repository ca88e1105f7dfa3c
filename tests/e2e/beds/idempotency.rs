use serde_json::{Value, json};

use super::{Corner, application, place};
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

#[test]
fn an_application_sent_again_with_its_key_is_made_once_and_answered_the_same() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let body = application(&people::elder(3), &[&home]);
    let send = |body: &Value| with_key(&corner, "applications", &corner.tag, None, body);
    let first = send(&body);
    first.expect(201);
    let again = send(&body);
    assert_eq!((again.status, &again.text), (201, &first.text), "token included");
    let mut other = body.clone();
    other["applicant"]["phone"] = json!("13900000000");
    send(&other).refused(422, "idempotency_key_reused");
    corner.withdraw(&super::made(&first)).expect(200);
    assert_eq!(send(&body).text, first.text, "whatever became of it");
    corner.post("applications").json(&body).send().expect(201);
    for key in ["", &"k".repeat(256)] {
        assert_eq!(with_key(&corner, "applications", key, None, &body).status, 422, "{key}");
    }
}

#[test]
fn a_refusal_frees_its_key() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let person = people::elder(3);
    let waiting = super::made(&corner.apply(&person, &[&home]));
    let body = application(&person, &[&home]);
    let send = || with_key(&corner, "applications", &corner.tag, None, &body);
    send().refused(409, "already_waiting");
    corner.withdraw(&waiting).expect(200);
    send().expect(201);
}

#[test]
fn an_application_sent_20_times_at_once_with_its_key_is_made_once() {
    let corner = Corner::shared();
    let home = corner.beds("a", 3, 0);
    let body = application(&people::elder(3), &[&home]);
    let answers = together(20, |_| with_key(&corner, "applications", &corner.tag, None, &body));
    let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert!(!made.is_empty() && made.iter().all(|answer| answer.text == made[0].text), "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "idempotency_in_progress");
    }
    assert_eq!(
        corner.look(&format!("institutions/{home}/applications"))["items"].as_array().unwrap().len(),
        1
    );
}

#[test]
fn an_offer_sent_again_with_its_key_is_made_once() {
    let corner = Corner::shared();
    let home = corner.beds("a", 5, 0);
    let elder = corner.elder(3, &[&home]);
    let path = format!("applications/{}/offers", elder.0);
    let manager = Some(corner.manager.as_str());
    let send = |key: &str, body: &Value| with_key(&corner, &path, key, manager, body);
    let first = send(&corner.tag, &place(&home));
    let offer = first.expect(201)["id"].as_str().unwrap().to_owned();
    assert_eq!(send(&corner.tag, &place(&home)).text, first.text);
    let mut other = place(&home);
    other["out_of_order_reason"] = json!("emergency");
    send(&corner.tag, &other).refused(422, "idempotency_key_reused");
    corner.answer(&elder, &offer, "decline").expect(200);
    assert_eq!(send(&corner.tag, &place(&home)).text, first.text, "not offered again");
    assert_eq!(corner.beds_of(&home), [5, 0, 0, 5]);
    // The same key for somebody else is another request.
    let next = corner.elder(3, &[&home]);
    let path = format!("applications/{}/offers", next.0);
    with_key(&corner, &path, &corner.tag, manager, &place(&home)).refused(422, "idempotency_key_reused");
    let answers =
        together(20, |_| with_key(&corner, &path, &format!("{}-b", corner.tag), manager, &place(&home)));
    assert!(count(&answers, 201) > 0, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "idempotency_in_progress");
    }
    assert_eq!(corner.beds_of(&home), [5, 0, 1, 4]);
}

#[test]
fn a_subscription_sent_again_with_its_key_is_made_once() {
    let corner = Corner::shared();
    let phone = super::corner::phone();
    let body = json!({"filters": {"division_code": "310151"}, "contact": {"phone": phone}});
    let send = |body: &Value| with_key(&corner, "subscriptions", &corner.tag, None, body);
    let first = send(&body);
    first.expect(201);
    assert_eq!(send(&body).text, first.text);
    let other = json!({"filters": {}, "contact": {"phone": "13700009876"}});
    send(&other).refused(422, "idempotency_key_reused");
}
