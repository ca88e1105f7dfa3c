use serde_json::{Value, json};

use super::{API, Corner, DISTRICT, ELSEWHERE, TOWN, faults, made, weekdays};

#[test]
fn a_point_is_set_up_read_changed_confirmed_and_removed() {
    let corner = Corner::shared();
    let made = corner.put("a", &corner.body()).expect(200);
    let id = corner.id("a");
    let read = || corner.get(&format!("points/{id}")).send();
    assert_eq!(read().expect(200)["updated_at"], made["updated_at"]);
    for field in ["name", "operator", "division_code", "address", "location", "sample", "items"] {
        assert_eq!(made[field], corner.body()[field], "{field}");
    }
    assert_eq!(made["id"], id);
    assert_eq!(made["phone"], "02100000000");
    assert_eq!(made["stale"], false);
    assert_eq!(made["hours"]["weekly"], weekdays()["weekly"]);
    assert!(made["updated_at"].as_str().unwrap().ends_with("+08:00"), "{made}");
    assert_eq!(made.get("opens_at").is_some(), made["open_now"] == false, "{made}");

    let mut body = corner.body();
    body["name"] = json!("改名");
    body.as_object_mut().unwrap().remove("items");
    let changed = corner.put("a", &body).expect(200);
    assert_eq!((&changed["name"], &changed["items"]), (&json!("改名"), &made["items"]), "it keeps its items");
    body["items"] = json!([]);
    assert_eq!(corner.put("a", &body).expect(200)["items"], json!([]));

    super::wait(1_100);
    let confirmed = corner.tell(&format!("points/{id}/confirm"), &json!({})).expect(200);
    assert!(confirmed["updated_at"].as_str() > made["updated_at"].as_str(), "{confirmed}");
    assert_eq!(corner.delete(&id).status, 204);
    read().refused(404, "not_found");
    let actions = corner.audit(&id);
    assert_eq!(
        actions,
        ["point.added", "point.changed", "point.changed", "point.confirmed", "point.removed"]
    );
}

#[test]
fn a_removed_point_is_gone_everywhere_and_comes_back_when_it_is_set_up_again() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let gift = corner.books(&id, 3);
    corner.delete(&id).expect(204);
    corner.delete(&id).refused(404, "not_found");
    corner.get(&format!("points/{id}")).send().refused(404, "not_found");
    corner.tell(&format!("points/{id}/confirm"), &json!({})).refused(404, "not_found");
    corner.set_items(&id, &json!([{"item": "books", "state": "full"}])).refused(404, "not_found");
    let report = corner.post(&format!("points/{id}/reports")).json(&json!({"kind": "closed"})).send();
    report.refused(404, "not_found");
    let answer = corner.pledge(&id, &super::lines(&[("books", 1)]));
    answer.refused(422, "unknown_point");
    assert_eq!(answer.faults(), faults(&[("/point_id", "unknown_point")]));
    assert!(corner.own_found("").is_empty() && corner.found(&corner.near()).is_empty());
    let map = corner.get(&format!("points.geojson?q={}", corner.tag)).send().expect(200);
    assert_eq!(map["features"], json!([]));

    assert_eq!(corner.read_pledge(&gift)["point"]["id"], id, "the gift keeps its way");
    corner.step(&gift.0, "receive", &json!({})).expect(200);
    corner.put("a", &corner.body()).expect(200);
    assert_eq!(corner.own_found(""), ["a"]);
    assert!(corner.audit(&id).contains(&"point.restored".to_owned()));
}

#[test]
fn only_managers_of_the_area_change_points() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let body = corner.body();
    let change = |token: Option<&str>, check: &dyn Fn(&crate::client::Answer)| {
        let items = json!({"items": [{"item": "books", "state": "full"}]});
        let point = format!("points/{id}");
        let (set, confirm) = (format!("{point}/items"), format!("{point}/confirm"));
        let calls: [(_, _, Option<&Value>); 5] = [
            ("PUT", point.clone(), Some(&body)),
            ("PATCH", set, Some(&items)),
            ("POST", confirm, None),
            ("GET", format!("{point}/pledges"), None),
            ("DELETE", point, None),
        ];
        for (method, path, body) in calls {
            let call = corner.call(method, &path);
            let call = if let Some(body) = body { call.json(body) } else { call };
            check(&if let Some(token) = token { call.bearer(token) } else { call }.send());
        }
    };
    let staff = |roles: &str, area: &str| corner.server.staff(roles, area);
    change(None, &|answer| drop(answer.refused(401, "unauthenticated")));
    for token in [staff("donation_manager", ELSEWHERE), staff("donation_manager", TOWN)] {
        change(Some(&token), &|answer| drop(answer.refused(403, "forbidden")));
    }
    for roles in ["registrar", "auditor", "care_manager"] {
        change(Some(&staff(roles, "310000")), &|answer| drop(answer.refused(403, "forbidden")));
    }
    let (gift, token) = corner.books(&id, 1);
    change(Some(&token), &|answer| drop(answer.refused(401, "unauthenticated")));
    assert_eq!(corner.get(&format!("points/{id}")).send().expect(200)["items"], body["items"]);
    change(Some(&staff("donation_manager", DISTRICT)), &|answer| assert!(answer.status < 300, "{answer:?}"));
    corner.get(&format!("pledges/{gift}")).bearer(&token).send().expect(200);
}

#[test]
fn a_point_leaves_the_area_only_by_somebody_who_has_both() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let mut moved = corner.body();
    moved["division_code"] = json!(ELSEWHERE);
    moved["location"] = json!({"lat": 30.75, "lon": 121.33});
    let put = |area: &str| {
        let token = corner.server.staff("donation_manager", area);
        corner.call("PUT", &format!("points/{id}")).bearer(&token).json(&moved).send()
    };
    put(DISTRICT).refused(403, "forbidden");
    put(ELSEWHERE).refused(403, "forbidden");
    assert_eq!(put("310000").expect(200)["division_code"], ELSEWHERE);
    assert_eq!(corner.own_found(&format!("division_code={ELSEWHERE}")), ["a"]);
    assert!(corner.own_found(&format!("division_code={DISTRICT}")).is_empty());
}

#[test]
fn a_point_lies_in_the_city_and_in_its_division() {
    let corner = Corner::shared();
    let put = |division: &str, lat: f64, lon: f64| {
        let mut body = corner.body();
        body["division_code"] = json!(division);
        body["location"] = json!({"lat": lat, "lon": lon});
        corner.put("a", &body)
    };
    let refused = |answer: crate::client::Answer, fault: (&str, &str)| {
        answer.refused(422, fault.1);
        assert_eq!(answer.faults(), faults(&[fault]));
    };
    refused(put(DISTRICT, 0.0, 0.0), ("/location", "outside_city"));
    refused(put(DISTRICT, 31.2983, 120.5853), ("/location", "outside_city"));
    refused(put(DISTRICT, 121.47, 31.23), ("/location", "position"));
    refused(put(DISTRICT, 30.75, 121.33), ("/location", "outside_division"));
    refused(put(TOWN, 30.75, 121.33), ("/location", "outside_division"));
    refused(put("310000", 31.23, 121.47), ("/division_code", "division_code"));
    refused(put("310999", 31.23, 121.47), ("/division_code", "division_code"));
    refused(put("320500", 31.23, 121.47), ("/division_code", "division_code"));
    corner.get(&format!("points/{}", corner.id("a"))).send().refused(404, "not_found");
    put("310151001", 31.6, 121.5).refused(422, "division_code");
    put(TOWN, 31.35, 121.85).expect(200);
}

#[test]
fn every_fault_of_a_point_is_named_at_once() {
    let corner = Corner::shared();
    let body = json!({
        "name": " ", "operator": "字".repeat(81), "division_code": "31", "address": "a\u{0}b",
        "location": {"lat": "x", "lon": 1}, "phone": "call me", "colour": "red", "sample": "maybe",
        "hours": {
            "weekly": {"monday": [{"opens": "09:00", "closes": "08:00"}], "someday": []},
            "exceptions": [{"date": "2026-02-30", "hours": []}], "make_up_days_as": "funday",
        },
        "items": [{"item": "gold", "state": "accepting"}, {"item": "books", "state": "accepting", "until": "soon"}],
    });
    let answer = corner.put("a", &body);
    answer.refused(422, "invalid");
    let found = answer.faults();
    for expected in faults(&[
        ("/name", "length"),
        ("/operator", "length"),
        ("/division_code", "division_code"),
        ("/address", "characters"),
        ("/location", "position"),
        ("/phone", "phone"),
        ("/colour", "unknown_field"),
        ("/sample", "type"),
        ("/hours/weekly/someday", "unknown_field"),
        ("/hours/exceptions/0/date", "date"),
        ("/hours/make_up_days_as", "unknown_value"),
        ("/items/0/item", "unknown_value"),
        ("/items/1/until", "instant"),
    ]) {
        assert!(found.contains(&expected), "{expected:?} is not in {found:?}");
    }
    assert!(found.iter().any(|(pointer, _)| pointer.starts_with("/hours/weekly/monday")), "{found:?}");
    let nothing = corner.put("a", &json!({}));
    nothing.refused(422, "invalid");
    let pointers: Vec<_> = nothing.faults().into_iter().map(|(pointer, _)| pointer).collect();
    assert_eq!(
        pointers,
        ["/name", "/operator", "/division_code", "/address", "/location", "/phone", "/hours"]
    );
    corner.get(&format!("points/{}", corner.id("a"))).send().refused(404, "not_found");
}

#[test]
fn ids_that_no_staff_would_choose_name_nothing() {
    let corner = Corner::shared();
    for id in ["A", "a_b", "%00", "%ff", "a%27--", "%E6%B5%8B", "..", &"a".repeat(41)] {
        let answer =
            corner.call("PUT", &format!("points/{id}")).bearer(&corner.manager).json(&corner.body()).send();
        assert_eq!(answer.status, 404, "{id}: {answer:?}");
        let answer = corner.get(&format!("points/{id}")).send();
        assert_eq!(answer.status, 404, "{id}: {answer:?}");
    }
}

#[test]
fn readers_are_told_what_they_have_already() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({"hours": super::always()}));
    let paths = [
        format!("points/{id}"),
        format!("points?q={}", corner.tag),
        format!("points.geojson?q={}", corner.tag),
        format!("needs?division_code={DISTRICT}&limit=1"),
        format!("points?{}&limit=1&q={}", corner.near(), corner.tag),
    ];
    for path in &paths {
        let first = corner.get(path).send();
        first.expect(200);
        let tag = first.header("etag").unwrap().to_owned();
        assert!(first.header("cache-control").unwrap().starts_with("public, max-age="), "{first:?}");
        if path.starts_with("needs") {
            continue;
        }
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let again = corner.get(path).header("if-none-match", &known).send();
            assert_eq!((again.status, again.text.as_str()), (304, ""), "{path} {known}");
            assert_eq!(again.header("etag"), Some(tag.as_str()));
        }
        assert_eq!(corner.get(path).header("if-none-match", "\"other\"").send().status, 200);
    }
    let tag = corner.get(&paths[1]).send().header("etag").unwrap().to_owned();
    corner.set_items(&id, &json!([{"item": "books", "state": "full"}])).expect(200);
    corner.get(&paths[1]).header("if-none-match", &tag).send().expect(200);
    let private = corner.books(&corner.point("b", json!({})), 1);
    let answer = corner.get(&format!("pledges/{}", private.0)).bearer(&private.1).send();
    let kept = answer.header("cache-control").unwrap_or("no-store");
    assert!(kept.contains("no-store") || kept.contains("private"), "a gift is nobody else's: {kept}");
}

#[test]
fn gifts_of_a_point_are_listed_in_order_by_status_and_by_page() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({}));
    let gifts: Vec<_> = (1..=5).map(|n| corner.books(&id, n)).collect();
    corner.cancel(&gifts[1]).expect(200);
    corner.step(&gifts[2].0, "receive", &json!({})).expect(200);
    let list = |query: &str| {
        corner.get(&format!("points/{id}/pledges?{query}")).bearer(&corner.manager).send().expect(200)
    };
    let references = |page: &Value| -> Vec<String> {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|g| g["reference"].as_str().unwrap().to_owned())
            .collect()
    };
    let all: Vec<_> = gifts.iter().map(|(reference, _)| reference.clone()).collect();
    assert_eq!(references(&list("")), all);
    assert_eq!(references(&list("status=cancelled")), all[1..2]);
    assert_eq!(references(&list("status=received")), all[2..3]);
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = list(&format!("limit=2{cursor}"));
        seen.extend(references(&page));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, all);
    let path = format!("{API}/points/{}/pledges", corner.id("none"));
    corner.server.get(&path).bearer(&corner.manager).send().refused(404, "not_found");
    let fresh = made(&corner.pledge(&id, &super::lines(&[("clothing", 1)])));
    assert_eq!(references(&list("status=pledged")).last(), Some(&fresh.0));
}
