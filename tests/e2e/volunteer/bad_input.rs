use serde_json::{Value, json};

use super::{Corner, TOWN, soon, tomorrow};
use crate::{client::Call, people};

#[test]
fn searches_that_cannot_be_are_refused_by_name() {
    let corner = Corner::shared();
    let search = |query: &str| corner.get(&format!("opportunities?{query}")).send();
    for (query, code) in [
        ("near=0,0", "outside_city"),
        ("near=NaN,121", "position"),
        ("near=31.2,121.4&radius_m=0", "out_of_range"),
        ("near=31.2,121.4&radius_m=99999999999999999999", "type"),
        ("radius_m=1000", "near_missing"),
        ("sort=distance", "near_missing"),
        ("sort=match", "token_missing"),
        ("sort=name", "unknown_value"),
        ("bbox=121.6,31.1,121.4,31.3", "bbox"),
        ("division_code=990000", "division_code"),
        ("field=none", "unknown_value"),
        ("field=Health", "unknown_value"),
        ("skill=flying", "unknown_value"),
        ("for_minors=1", "type"),
        ("available=maybe", "type"),
        ("from=2026-02-30", "date"),
        ("from=tomorrow", "instant"),
        ("from=2026-12-01T09:00:00", "instant"),
        ("to=2026-12-01T25:00:00%2B08:00", "instant"),
        ("from=2026-12-02&to=2026-12-01", "range"),
        ("limit=0", "out_of_range"),
        ("limit=101", "out_of_range"),
        ("q=", "length"),
        ("q=%00", "characters"),
        ("cursor=x", "cursor"),
        ("colour=red", "unknown_field"),
    ] {
        search(query).refused(422, code);
    }
    for query in ["limit=1&limit=1", "q=%ff", "q=%1"] {
        search(query).refused(400, "unreadable");
    }
    search(&format!("q={}", "x".repeat(101))).refused(422, "length");
    let all = search(
        "near=0,0&radius_m=0&bbox=1&division_code=1&field=x&skill=x&from=x&to=x&for_minors=x&available=x&q=%00\
                      &sort=x&limit=0&cursor=x&more=1",
    );
    all.refused(422, "invalid");
    assert_eq!(all.faults().len(), 15, "{all:?}");
}

/// Every route that takes a body, with a good one; whose token it takes.
fn writes(corner: &Corner<'_>) -> Vec<(&'static str, String, Value, String)> {
    let made = corner.offer("项目", json!({"shifts": [soon()]}));
    let (who, entry) = corner.present(&made.shifts[0]);
    let (id, shift, manager) = (&made.id, &made.shifts[0], &corner.manager);
    let mut draft = corner.body("项目", json!({"shifts": [tomorrow(1, 0)]}));
    let shifts = draft.clone();
    draft.as_object_mut().unwrap().remove("shifts");
    let check = json!({"code": "00000000", "scanned_at": super::at(0)});
    let added = json!({
        "volunteer_no": who.no, "checked_in_at": super::at(-60), "checked_out_at": super::at(-1), "reason": "other",
    });
    let org = json!({"name": "样例", "division_code": TOWN, "phone": "021-00000000", "about": "测试", "sample": true});
    vec![
        ("PUT", format!("organisations/{}", corner.id("org")), org, manager.clone()),
        ("POST", "opportunities".to_owned(), shifts, manager.clone()),
        ("PUT", format!("opportunities/{id}"), draft, manager.clone()),
        ("POST", format!("opportunities/{id}/shifts"), tomorrow(1, 0), manager.clone()),
        ("POST", format!("shifts/{shift}/signups"), json!({"health_confirmed": true}), who.token.clone()),
        ("POST", format!("shifts/{shift}/check-in"), check.clone(), who.token.clone()),
        ("POST", format!("shifts/{shift}/check-out"), check, who.token.clone()),
        ("POST", format!("shifts/{shift}/record"), added, manager.clone()),
        (
            "PATCH",
            "volunteers/me".to_owned(),
            json!({"phone": "13900000000", "skills": ["driving"]}),
            who.token.clone(),
        ),
        (
            "POST",
            format!("volunteers/me/record/{entry}/dispute"),
            json!({"reason": "other", "note": "x"}),
            who.token.clone(),
        ),
        (
            "POST",
            "volunteers/lookup".to_owned(),
            json!({"id_number": people::volunteer()["id_number"]}),
            manager.clone(),
        ),
        (
            "POST",
            format!("volunteers/{}/trainings", who.no),
            json!({"training": "first_aid", "completed_on": "2026-01-05"}),
            manager.clone(),
        ),
        ("POST", "certificates".to_owned(), json!({"from": "2026-01-01"}), who.token),
    ]
}

#[test]
fn bodies_that_cannot_be_read_get_the_status_that_says_why() {
    let corner = Corner::shared();
    let mut all = writes(&corner);
    all.push(("POST", "volunteers".to_owned(), people::volunteer(), String::new()));
    for (method, path, good, token) in all {
        let call = || -> Call {
            let call = corner.call(method, &path);
            if token.is_empty() { call } else { call.bearer(&token) }
        };
        let send = |kind: &str, body: &[u8]| call().raw(kind, body.to_vec()).send();
        for unreadable in [
            b"{\"name\": ".as_slice(),
            b"\xff\xfe",
            b"",
            b"{\"a\": NaN}",
            b"{} {}",
            "[".repeat(20_000).as_bytes(),
        ] {
            let answer = send("application/json", unreadable);
            // Where no body is needed, none is none.
            if !(unreadable.is_empty() && answer.status != 400) {
                answer.refused(400, "unreadable");
            }
        }
        for odd in ["[]", "null", "7", "\"x\""] {
            send("application/json", odd.as_bytes()).refused(422, "type");
        }
        send("text/plain", good.to_string().as_bytes()).refused(415, "unsupported_media_type");
        send("application/json", &vec![b' '; 600_000]).refused(413, "too_large");
        let mut unknown = good.clone();
        unknown["colour"] = json!("red");
        let answer = send("application/json", unknown.to_string().as_bytes());
        answer.refused(422, "unknown_field");
        assert_eq!(answer.faults()[0].0, "/colour", "{method} {path}");
    }
}

#[test]
fn no_value_of_any_field_is_a_failure() {
    let corner = Corner::shared();
    let odd = [
        json!(null),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!("\u{0}"),
        json!("𠮷\u{202e}'; DROP TABLE shift; --"),
        json!("长".repeat(5_000)),
        json!([[[]]]),
        json!({"lat": 1e308, "lon": -1e308}),
        Value::from(vec![json!({"capacity": 1}); 300]),
        json!("9999-12-31T23:59:59+08:00"),
        json!("-262143-01-01"),
    ];
    for (method, path, good, token) in writes(&corner) {
        let mut pointers = Vec::new();
        walk(&good, String::new(), &mut pointers);
        for pointer in pointers {
            for value in &odd {
                let mut body = good.clone();
                *body.pointer_mut(&pointer).unwrap() = value.clone();
                let answer = corner.call(method, &path).bearer(&token).json(&body).send();
                assert!(answer.status < 500, "{method} {path} with {pointer}: {answer:?}");
                assert!(answer.status < 400 || !answer.text.contains("DROP TABLE"), "{answer:?}");
            }
        }
    }
    // Registrations are counted: a refusal of the body comes before.
    let good = people::volunteer();
    for name in good.as_object().unwrap().keys() {
        for value in
            odd.iter().filter(|value| !matches!(name.as_str(), "name" | "phone") || !value.is_string())
        {
            let body = crate::corner::changed(good.clone(), json!({name.clone(): value}));
            let answer = corner.post("volunteers").json(&body).send();
            assert_eq!(answer.status, 422, "{name} {value}: {answer:?}");
        }
    }
    corner.get("health").send().expect(200);
}

/// The pointers of everything within a value.
fn walk(value: &Value, pointer: String, found: &mut Vec<String>) {
    if let Some(fields) = value.as_object() {
        fields.iter().for_each(|(name, inner)| walk(inner, format!("{pointer}/{name}"), found));
    }
    if let Some(items) = value.as_array() {
        items.iter().take(1).for_each(|inner| walk(inner, format!("{pointer}/0"), found));
    }
    if !pointer.is_empty() {
        found.push(pointer);
    }
}

#[test]
fn no_query_of_any_route_is_a_failure() {
    let corner = Corner::shared();
    let shift = corner.shift(&tomorrow(1, 0));
    let who = corner.volunteer();
    let long = "9".repeat(10_000);
    let odd =
        ["", "%00", "%27%3B--", "-1", "1e309", "NaN", "99999999999999999999", "%F0%A0%AE%B7", "[]", &long];
    let (own, signups) =
        (format!("organisations/{}/opportunities", corner.id("org")), format!("shifts/{shift}/signups"));
    let (manager, mine) = (corner.manager.as_str(), who.token.as_str());
    let lists: [(&str, &str, &str); 12] = [
        (
            "opportunities",
            "near radius_m bbox division_code field skill from to for_minors available q sort limit cursor",
            mine,
        ),
        ("organisations", "division_code q limit cursor", mine),
        (&own, "status limit cursor", manager),
        (&signups, "status unmasked limit cursor", manager),
        ("record", "organisation_id status shift_id limit cursor", manager),
        ("certificates", "organisation_id volunteer_no limit cursor", manager),
        ("volunteers/me/signups", "limit cursor", mine),
        ("volunteers/me/record", "limit cursor", mine),
        ("volunteers/me/certificates", "limit cursor", mine),
        ("rules", "as_of", manager),
        ("stats", "from to division_code", manager),
        ("audit", "actor subject from to limit cursor", manager),
    ];
    for (path, names, token) in lists {
        for name in names.split_whitespace() {
            for value in odd {
                let answer = corner.get(&format!("{path}?{name}={value}")).bearer(token).send();
                assert!(answer.status < 500, "{path} {name} {value:.20}: {answer:?}");
            }
        }
    }
}

#[test]
fn what_there_is_not_is_not_found_and_a_wrong_method_names_the_right_ones() {
    let corner = Corner::shared();
    let who = corner.volunteer();
    let long = "a".repeat(10_000);
    for name in ["%00", "%ff", "nowhere", "H000000000000", "..%2F..", "%20", &long] {
        for (method, path, token) in [
            ("GET", format!("organisations/{name}"), &who.token),
            ("GET", format!("opportunities/{name}"), &who.token),
            ("GET", format!("certificates/{name}"), &who.token),
            ("GET", format!("organisations/{name}/opportunities"), &corner.manager),
            ("GET", format!("shifts/{name}/signups"), &corner.manager),
            ("GET", format!("shifts/{name}/code"), &corner.manager),
            ("POST", format!("shifts/{name}/cancel"), &corner.manager),
            ("POST", format!("opportunities/{name}/publish"), &corner.manager),
            ("POST", format!("record/{name}/confirm"), &corner.manager),
            ("GET", format!("volunteers/{name}"), &corner.manager),
            ("POST", format!("volunteers/{name}/token"), &corner.manager),
            ("DELETE", format!("volunteers/{name}"), &corner.manager),
            ("DELETE", format!("shifts/{name}/signups/mine"), &who.token),
            ("POST", format!("shifts/{name}/signups"), &who.token),
        ] {
            let answer = corner.call(method, &path).bearer(token).send();
            assert!(matches!(answer.status, 400 | 404 | 414), "{path:.60}: {answer:?}");
        }
    }
    for (method, path) in [
        ("DELETE", "opportunities"),
        ("PUT", "volunteers"),
        ("POST", "volunteers/me"),
        ("GET", "shifts/H000000000000/check-in"),
        ("PATCH", "organisations/a"),
        ("POST", "certificate-keys"),
    ] {
        let answer = corner.call(method, path).bearer(&corner.manager).send();
        answer.refused(405, "method_not_allowed");
        assert!(answer.header("allow").is_some_and(|allow| !allow.is_empty()), "{answer:?}");
    }
}

#[test]
fn the_figures_it_goes_by_say_where_they_come_from() {
    let corner = Corner::shared();
    let rules = corner.get("rules").send().expect(200);
    for (name, value) in [
        ("minimum_age", json!(8)),
        ("guardian_below_age", json!(18)),
        ("star_hours", json!([100, 300, 600, 1000, 1500])),
        ("certificate_fee", json!(0)),
        ("check_in_early_minutes", json!(30)),
        ("dispute_days", json!(30)),
    ] {
        let rule = rules["items"].as_array().unwrap().iter().find(|rule| rule["name"] == name).unwrap();
        assert_eq!(rule["value"], value, "{name}");
        assert!(rule["source"].as_str().is_some_and(|source| !source.is_empty()), "{rule}");
    }
}
