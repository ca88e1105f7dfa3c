use serde_json::{Value, json};

use super::{Corner, DISTRICT, ELSEWHERE, TOWN, each};
use crate::client::encode;

fn read(corner: &Corner<'_>, id: &str) -> Value {
    corner.get(&format!("organisations/{id}")).send().expect(200)
}

#[test]
fn an_organisation_is_set_up_and_changed_and_everybody_sees_it() {
    let corner = Corner::shared();
    let made = corner.put_organisation("a", json!({"about": "测试"})).expect(200);
    let id = corner.id("a");
    let expected = json!({
        "id": id, "name": format!("测试志愿服务队 {} a", corner.tag), "division_code": DISTRICT,
        "phone": "02100000000", "about": "测试", "sample": true,
    });
    assert_eq!(made, expected);
    assert_eq!(read(&corner, &id), expected);
    let changed = corner.put_organisation("a", json!({"name": "改名", "division_code": TOWN})).expect(200);
    assert_eq!((&changed["name"], &changed["about"]), (&json!("改名"), &json!("")));
    assert_eq!(read(&corner, &id), changed);
    assert_eq!(corner.audit(&id), ["organisation.added", "organisation.changed"]);
    corner.get(&format!("organisations/{}", corner.id("b"))).send().refused(404, "not_found");
}

#[test]
fn an_organisation_is_found_by_its_name_and_division_page_by_page() {
    let corner = Corner::shared();
    for (name, division) in [("a", DISTRICT), ("b", TOWN), ("c", ELSEWHERE)] {
        corner.organisation(name, json!({"division_code": division}));
    }
    let found = |query: &str| {
        let list = corner.get(&format!("organisations?q={}&{query}", corner.tag)).send().expect(200);
        corner.own(&list)
    };
    assert_eq!(found(""), ["a", "b", "c", "org"]);
    assert_eq!(found(&format!("division_code={DISTRICT}")), ["a", "b", "org"]);
    assert_eq!(found(&format!("division_code={TOWN}")), ["b"]);
    let (mut walked, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("organisations?q={}&limit=1{cursor}", corner.tag);
        let page = corner.get(&path).send().expect(200);
        walked.extend(corner.own(&page));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={}", encode(next));
    }
    assert_eq!(walked, ["a", "b", "c", "org"]);
    let unknown = corner.get(&format!("organisations?q={}", encode("没有这样的组织"))).send().expect(200);
    assert_eq!(unknown["items"], json!([]));
}

#[test]
fn whoever_has_read_an_organisation_asks_only_whether_it_changed() {
    let corner = Corner::shared();
    let id = corner.id("org");
    for path in [format!("organisations/{id}"), format!("organisations?q={}", corner.tag)] {
        let answer = corner.get(&path).send();
        assert_eq!(answer.header("cache-control"), Some("public, max-age=30"), "{answer:?}");
        let tag = answer.header("etag").unwrap().to_owned();
        let again = || corner.get(&path).header("if-none-match", &tag).send();
        assert_eq!((again().status, again().text.as_str()), (304, ""));
        corner.put_organisation("org", json!({"about": path})).expect(200);
        again().expect(200);
    }
}

#[test]
fn an_organisation_is_set_up_by_its_district_and_changed_by_itself() {
    let corner = Corner::shared();
    let id = corner.id("a");
    let body = json!({"name": "样例", "division_code": DISTRICT, "phone": "021-00000000"});
    let put = |token: &str, body: &Value| {
        corner.call("PUT", &format!("organisations/{id}")).bearer(token).json(body).send()
    };
    let own = corner.server.staff_of(&id, "volunteer_manager", DISTRICT);
    put(&own, &body).refused(403, "forbidden");
    put(&corner.server.staff("volunteer_manager", ELSEWHERE), &body).refused(403, "forbidden");
    put(&corner.server.staff("donation_manager", "310000"), &body).refused(403, "forbidden");
    put(&corner.server.staff("volunteer_manager", DISTRICT), &body).expect(200);
    put(&own, &body).expect(200);
    let other = corner.server.staff_of(&corner.id("org"), "volunteer_manager", DISTRICT);
    put(&other, &body).refused(403, "forbidden");
    let mut moved = body;
    moved["division_code"] = json!(ELSEWHERE);
    put(&own, &moved).refused(403, "forbidden");
    put(&corner.server.staff("volunteer_manager", ELSEWHERE), &moved).refused(403, "forbidden");
    put(&corner.server.staff("admin", "310000"), &moved).expect(200);
    assert_eq!(read(&corner, &id)["division_code"], ELSEWHERE);
}

#[test]
fn an_organisation_has_a_readable_id_and_every_fault_is_named() {
    let corner = Corner::shared();
    for id in ["A", "a_b", "a%20b", &"a".repeat(41), "%E5%BF%97"] {
        let body = json!({"name": "样例", "division_code": DISTRICT, "phone": "021-00000000"});
        let call = corner.call("PUT", &format!("organisations/{id}")).bearer(&corner.manager);
        call.json(&body).send().refused(404, "not_found");
    }
    let body =
        json!({"name": "", "division_code": "99", "phone": "x", "about": 7, "sample": "yes", "more": 1});
    let answer = corner.call("PUT", &format!("organisations/{}", corner.id("b")));
    let answer = answer.bearer(&corner.manager).json(&body).send();
    answer.refused(422, "invalid");
    let mut faults = answer.faults();
    faults.sort();
    let expected = [
        ("/about", "type"),
        ("/division_code", "division_code"),
        ("/more", "unknown_field"),
        ("/name", "length"),
        ("/phone", "phone"),
        ("/sample", "type"),
    ];
    assert_eq!(faults, super::faults(&expected));
    corner.get(&format!("organisations/{}", corner.id("b"))).send().refused(404, "not_found");
}

#[test]
fn what_an_organisation_offers_is_listed_for_it_drafts_included() {
    let corner = Corner::shared();
    corner.offer("公开", json!({}));
    corner.draft("草稿", json!({}));
    let closed = corner.offer("关闭", json!({}));
    corner.step(&closed.id, "close").expect(200);
    let path = format!("organisations/{}/opportunities", corner.id("org"));
    let list = |query: &str| corner.look(&format!("{path}?{query}"));
    assert_eq!(corner.names(&list("")), ["公开", "草稿", "关闭"], "by age");
    assert_eq!(each(&list(""), "status"), ["published", "draft", "closed"]);
    for (status, name) in [("published", "公开"), ("draft", "草稿"), ("closed", "关闭")] {
        assert_eq!(corner.names(&list(&format!("status={status}"))), [name]);
    }
    let first = list("limit=2");
    assert_eq!(corner.names(&first), ["公开", "草稿"]);
    let rest = list(&format!("limit=2&cursor={}", first["next_cursor"].as_str().unwrap()));
    assert_eq!((corner.names(&rest), &rest["next_cursor"]), (vec!["关闭".to_owned()], &Value::Null));
    corner.get(&path).send().refused(401, "unauthenticated");
    let elsewhere = corner.server.staff("volunteer_manager", ELSEWHERE);
    corner.get(&path).bearer(&elsewhere).send().refused(403, "forbidden");
}

#[test]
fn an_organisation_that_is_called_otherwise_is_so_in_what_it_offers() {
    let corner = Corner::shared();
    let offered = corner.offer("项目", json!({}));
    assert_eq!(corner.found(""), ["项目"]);
    let name = format!("新名 {}", corner.tag);
    corner.put_organisation("org", json!({"name": name})).expect(200);
    assert_eq!(corner.read(&offered.id)["organisation_name"], name);
    let found = corner.search(&format!("q={}", encode(&name)));
    assert_eq!(found["items"][0]["organisation_name"], name);
}
