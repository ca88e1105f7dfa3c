//! Which beds a subscription is told of.

use serde_json::{Value, json};

use super::{Corner, ELSEWHERE, TOWN, faults, room};

/// Opens beds in homes that differ in one thing each; the names of those that a subscription is told of.
fn told(corner: &Corner<'_>, filters: &Value, homes: &[(&str, Value)]) -> Vec<String> {
    // Only around the own corner: others open beds meanwhile.
    let mut filters = filters.clone();
    filters["near"] = corner.location(0.0, 0.0);
    if filters.get("radius_m").is_none() {
        filters["radius_m"] = json!(1_000);
    }
    let own = corner.subscribe(&filters);
    for (name, change) in homes {
        corner.home(name, change.clone());
    }
    let mut told: Vec<_> = corner
        .told(&own)
        .into_iter()
        .filter_map(|(id, _)| Some(id.strip_prefix(&corner.tag)?[1..].to_owned()))
        .collect();
    told.sort();
    told
}

#[test]
fn a_bed_is_told_of_where_it_fits_in_everything() {
    let corner = Corner::shared();
    let right = json!({
        "division_code": TOWN, "location": corner.location(300.0, 0.0), "ownership": "private",
        "features": ["meals", "medical_care"], "rooms": [room("double", &[3, 4], 300_000, (2, 0))],
    });
    let but = |what: &str, value: Value| {
        let mut wrong = right.clone();
        wrong[what] = value;
        wrong
    };
    let homes = [
        ("right", right.clone()),
        ("w1", but("division_code", json!("310151201"))),
        ("w2", but("location", corner.location(600.0, 0.0))),
        ("w3", but("ownership", json!("public"))),
        ("w4", but("features", json!(["meals"]))),
        ("w5", but("rooms", json!([room("double", &[2], 300_000, (2, 0))]))),
        ("w6", but("rooms", json!([room("single", &[3], 300_000, (2, 0))]))),
        ("w7", but("rooms", json!([room("double", &[3], 300_001, (2, 0))]))),
        ("w8", but("rooms", json!([room("double", &[3], 300_000, (2, 1))]))),
    ];
    let filters = json!({
        "radius_m": 500, "division_code": TOWN, "care_level": 3, "room_type": "double",
        "max_monthly_fen": 300_000, "features": ["meals", "medical_care"], "ownership": "private", "min_available": 2,
    });
    assert_eq!(told(&corner, &filters, &homes), ["right"]);
    let without = |what: &str, name: &str| {
        let corner = Corner::shared();
        let mut filters = filters.clone();
        filters.as_object_mut().unwrap().remove(what);
        let mut homes = homes.clone();
        for (_, home) in &mut homes {
            let far = home["location"] != right["location"];
            home["location"] = corner.location(if far { 600.0 } else { 300.0 }, 0.0);
        }
        assert_eq!(told(&corner, &filters, &homes), ["right", name], "without {what}");
    };
    without("division_code", "w1");
    without("radius_m", "w2");
    without("ownership", "w3");
    without("features", "w4");
    without("care_level", "w5");
    without("room_type", "w6");
    without("max_monthly_fen", "w7");
    without("min_available", "w8");
}

#[test]
fn one_room_has_to_be_all_that_is_wanted() {
    let corner = Corner::shared();
    let rooms = json!([room("single", &[5], 900_000, (3, 0)), room("double", &[1], 100_000, (3, 0))]);
    let homes = [("a", json!({"rooms": rooms}))];
    assert!(told(&corner, &json!({"care_level": 5, "max_monthly_fen": 100_000}), &homes).is_empty());
    let corner = Corner::shared();
    assert_eq!(told(&corner, &json!({"care_level": 5, "room_type": "single"}), &homes), ["a"]);
}

#[test]
fn whoever_wants_some_beds_is_told_of_every_bed_that_opens_while_there_are_as_many() {
    let corner = Corner::shared();
    let home = corner.beds("a", 10, 10);
    let near = |least: i64| {
        let place = corner.location(0.0, 0.0);
        corner.subscribe(&json!({"near": place, "radius_m": 50, "min_available": least}))
    };
    let (one, three) = (near(1), near(3));
    let told = |own| corner.told(own).into_iter().map(|(_, available)| available).collect::<Vec<_>>();
    for (vacant, of_one, of_three) in [
        (1, vec![1], vec![]),
        (2, vec![2, 1], vec![]),
        (3, vec![3, 2, 1], vec![3]),
        (4, vec![4, 3, 2, 1], vec![4, 3]),
        (2, vec![4, 3, 2, 1], vec![4, 3]),
        (5, vec![5, 4, 3, 2, 1], vec![5, 4, 3]),
        (0, vec![5, 4, 3, 2, 1], vec![5, 4, 3]),
        (4, vec![4, 5, 4, 3, 2, 1], vec![4, 5, 4, 3]),
    ] {
        corner.say(&home, 10, 10 - vacant);
        assert_eq!((told(&one), told(&three)), (of_one, of_three), "{vacant} are vacant");
    }
}

#[test]
fn a_division_and_no_filter_at_all_are_enough() {
    let corner = Corner::shared();
    let (everywhere, town, elsewhere) = (
        corner.subscribe(&json!({})),
        corner.subscribe(&json!({"division_code": TOWN})),
        corner.subscribe(&json!({"division_code": ELSEWHERE})),
    );
    let home = corner.home("a", json!({"division_code": TOWN}));
    let has = |own| corner.told(own).iter().any(|(told, _)| *told == home);
    assert!(has(&town) && !has(&elsewhere));
    // Others open beds too, and only the latest 20 are shown.
    assert!(!corner.told(&everywhere).is_empty());
}

#[test]
fn wishes_that_cannot_be_are_refused_by_name() {
    let corner = Corner::shared();
    let post = |filters: &Value, contact: &Value| {
        corner.post("subscriptions").json(&json!({"filters": filters, "contact": contact})).send()
    };
    let phone = json!({"phone": "13700009876"});
    let answer = post(
        &json!({
            "division_code": "990000", "care_level": 7, "room_type": "suite", "max_monthly_fen": -1,
            "features": ["meals", "meals"], "ownership": "mine", "min_available": 0, "colour": "red",
        }),
        &json!({"phone": "x", "mail": "a@b"}),
    );
    answer.refused(422, "invalid");
    let mut found = answer.faults();
    found.sort();
    let mut expected = faults(&[
        ("/filters/division_code", "division_code"),
        ("/filters/care_level", "out_of_range"),
        ("/filters/room_type", "unknown_value"),
        ("/filters/max_monthly_fen", "out_of_range"),
        ("/filters/features", "repeated"),
        ("/filters/ownership", "unknown_value"),
        ("/filters/min_available", "out_of_range"),
        ("/filters/colour", "unknown_field"),
        ("/contact/phone", "phone"),
        ("/contact/mail", "unknown_field"),
    ]);
    expected.sort();
    assert_eq!(found, expected);
    post(&json!({"radius_m": 5}), &phone).refused(422, "required");
    post(&json!({"near": {"lat": 31.2, "lon": 121.5}}), &phone).refused(422, "required");
    for near in
        [json!({"lat": 31.2}), json!({"lat": "x", "lon": 1}), json!({"lat": 91, "lon": 0}), json!("31,121,5")]
    {
        post(&json!({"near": near, "radius_m": 500}), &phone).refused(422, "position");
    }
    for radius in [json!(0), json!(150_001), json!(-5)] {
        post(&json!({"near": {"lat": 31.2, "lon": 121.5}, "radius_m": radius}), &phone)
            .refused(422, "out_of_range");
    }
    corner.post("subscriptions").json(&json!({"filters": {}})).send().refused(422, "required");
    corner.post("subscriptions").json(&json!({"contact": phone})).send().refused(422, "required");
    corner.post("subscriptions").json(&json!([])).send().refused(422, "type");
}
