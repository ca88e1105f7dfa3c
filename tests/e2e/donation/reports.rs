use serde_json::{Value, json};

use super::{API, Corner, DISTRICT, ELSEWHERE, faults};
use crate::{
    client::Answer,
    crowd::{count, together},
    server::Server,
};

fn report(corner: &Corner<'_>, point: &str, body: &Value) -> Answer {
    corner.post(&format!("points/{point}/reports")).json(body).send()
}

fn list(corner: &Corner<'_>, area: &str, query: &str) -> Vec<Value> {
    let token = corner.server.staff("donation_manager", area);
    let page = corner.get(&format!("reports?limit=100{query}")).bearer(&token).send().expect(200);
    page["items"].as_array().cloned().unwrap()
}

#[test]
#[cfg_attr(another_server, ignore = "each caller may report a few times an hour only")]
fn a_correction_is_made_read_by_staff_of_the_area_and_settled_once() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let id = corner.point("a", json!({}));
    let body = json!({"kind": "closed", "note": "门口贴了告示"});
    let key = |call: crate::client::Call| call.header("idempotency-key", "k").json(&body).send();
    let made = key(corner.post(&format!("points/{id}/reports")));
    let report_id = made.expect(201)["id"].as_str().unwrap().to_owned();
    let made = made.json();
    assert_eq!((&made["status"], &made["kind"]), (&json!("open"), &json!("closed")));
    assert_eq!(made["point"], json!({"id": id, "name": corner.body()["name"], "division_code": DISTRICT}));
    assert!(made.get("note").is_none(), "the note is for staff: {made}");
    assert_eq!(key(corner.post(&format!("points/{id}/reports"))).json(), made, "once only");

    let seen = list(&corner, DISTRICT, "&status=open");
    assert_eq!((seen.len(), &seen[0]["note"]), (1, &json!("门口贴了告示")));
    assert_eq!(list(&corner, "310000", &format!("&division_code={DISTRICT}")).len(), 1);
    assert!(list(&corner, "310000", &format!("&division_code={ELSEWHERE}")).is_empty());
    assert!(list(&corner, ELSEWHERE, "").is_empty() && list(&corner, DISTRICT, "&status=settled").is_empty());

    let settle = |area: &str, id: &str, body: &Value| {
        let call = corner.post(&format!("reports/{id}/settle"));
        call.bearer(&server.staff("donation_manager", area)).json(body).send()
    };
    let unfounded = json!({"outcome": "unfounded", "answer": "已电话核实,照常开放"});
    corner
        .post(&format!("reports/{report_id}/settle"))
        .json(&unfounded)
        .send()
        .refused(401, "unauthenticated");
    let auditor = server.staff("auditor", "310000");
    for path in [format!("reports/{report_id}/settle"), "reports/none/settle".to_owned()] {
        corner.post(&path).bearer(&auditor).json(&unfounded).send().refused(403, "forbidden");
    }
    corner.get("reports").bearer(&auditor).send().refused(403, "forbidden");
    settle(ELSEWHERE, &report_id, &unfounded).refused(404, "not_found");
    settle(DISTRICT, "C000000000000", &unfounded).refused(404, "not_found");
    settle(DISTRICT, &report_id, &json!({"outcome": "maybe"})).refused(422, "unknown_value");
    settle(DISTRICT, &report_id, &json!({})).refused(422, "required");
    let confirmed = || corner.get(&format!("points/{id}")).send().expect(200)["updated_at"].clone();
    let before = confirmed();
    super::wait(1_100);
    let settled = settle(DISTRICT, &report_id, &unfounded).expect(200);
    assert_eq!((&settled["status"], &settled["outcome"]), (&json!("settled"), &json!("unfounded")));
    assert_eq!(settled["answer"], unfounded["answer"]);
    assert!(settled["settled_by"].as_str().unwrap().contains("donation_manager"), "{settled}");
    assert!(confirmed().as_str() > before.as_str(), "whoever finds it unfounded has looked at the point");
    let searched = corner.search(&format!("q={}", corner.tag));
    assert_eq!(searched["items"][0]["updated_at"], confirmed(), "also in searches");
    for outcome in ["unfounded", "corrected"] {
        settle(DISTRICT, &report_id, &json!({"outcome": outcome})).refused(409, "wrong_status");
    }
    let changes = corner.audit(&report_id).into_iter().filter(|action| action != "report.note_read");
    assert_eq!(changes.collect::<Vec<_>>(), ["report.made", "report.settled"]);

    let before = confirmed();
    let second =
        report(&corner, &id, &json!({"kind": "moved"})).expect(201)["id"].as_str().unwrap().to_owned();
    super::wait(1_100);
    let answers = together(10, |n| {
        settle(DISTRICT, &second, &json!({"outcome": "corrected", "answer": format!("{n}")}))
    });
    assert_eq!((count(&answers, 200), count(&answers, 409)), (1, 9), "one settles it: {answers:?}");
    assert_eq!(confirmed(), before, "a point that was wrong isn't confirmed by that");

    report(&corner, &id, &json!({"kind": "other", "note": "x"})).expect(201);
    report(&corner, &id, &json!({"kind": "wrong_hours"})).expect(201);
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = corner.get(&format!("reports?limit=3{cursor}")).bearer(&corner.manager).send().expect(200);
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|report| report["kind"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, ["closed", "moved", "other", "wrong_hours"]);
    corner.delete(&id).expect(204);
    let open = list(&corner, DISTRICT, "&status=open");
    assert_eq!(open.len(), 2, "reports on a removed point can still be settled");
    settle(DISTRICT, open[0]["id"].as_str().unwrap(), &unfounded).expect(200);
    corner.get(&format!("points/{id}")).send().refused(404, "not_found");
}

#[test]
#[cfg_attr(another_server, ignore = "each caller may report a few times an hour only")]
fn of_20_corrections_sent_at_once_by_one_caller_five_are_taken_and_the_others_told_when_to_come_again() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let (id, other) = (corner.point("a", json!({})), corner.point("b", json!({})));
    let kinds = ["closed", "moved", "wrong_hours"];
    let answers = together(20, |n| report(&corner, &id, &json!({"kind": kinds[n % 3]})));
    assert_eq!((count(&answers, 201), count(&answers, 429)), (5, 15), "{answers:?}");
    let refused = |answer: &Answer| {
        answer.refused(429, "too_many_requests");
        let wait: u32 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((3_000..=3_600).contains(&wait), "{wait}");
    };
    answers.iter().filter(|answer| answer.status == 429).for_each(refused);
    refused(&report(&corner, &other, &json!({"kind": "closed"})));
    // The header that the server sets is the one that counts.
    for header in ["spin-client-addr", "x-forwarded-for", "forwarded", "x-real-ip"] {
        let path = format!("{API}/points/{other}/reports");
        let call = server.post(&path).header(header, "203.0.113.7:1");
        refused(&call.json(&json!({"kind": "closed"})).send());
    }
    assert_eq!(list(&corner, "310000", "").len(), 5);
    corner.get(&format!("points/{id}")).send().expect(200);
}

#[test]
fn faulty_corrections_are_refused_and_do_not_count() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    for _ in 0..7 {
        let answer = report(&corner, &id, &json!({"kind": "other"}));
        answer.refused(422, "required");
        assert_eq!(answer.faults(), faults(&[("/note", "required")]));
    }
    report(&corner, &id, &json!({"kind": "haunted"})).refused(422, "unknown_value");
    report(&corner, &id, &json!({"kind": "closed", "note": "长".repeat(501)})).refused(422, "length");
    report(&corner, &id, &json!({"kind": "closed", "name": "x"})).refused(422, "unknown_field");
    report(&corner, "none", &json!({"kind": "closed"})).refused(404, "not_found");
    report(&corner, "%00", &json!({"kind": "closed"})).refused(404, "not_found");
}
