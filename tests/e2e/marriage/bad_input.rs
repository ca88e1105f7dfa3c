use serde_json::{Value, json};

use super::{API, Office, day_ahead, slot};
use crate::people;

#[test]
fn every_fault_of_a_booking_is_named_at_once_and_nothing_is_written() {
    let office = Office::shared(1);
    let start = slot(3, 9);
    let mut man = people::man();
    let good = man["id_number"].as_str().unwrap().to_owned();
    let last = if good.ends_with('1') { '2' } else { '1' };
    man["id_number"] = json!(format!("{}{last}", &good[..17]));
    let mut woman = people::woman();
    woman["phone"] = json!("not a phone");
    woman["nickname"] = json!("x");
    let mut body = office.booking(&start, &json!([man, woman]));
    body["start"] = json!("tomorrow");
    body["priority"] = json!(1);
    let answer = office.post("appointments").json(&body).send();
    answer.refused(422, "invalid");
    let expected = [
        ("/start", "instant"),
        ("/parties/0/id_number", "id_number_invalid"),
        ("/parties/1/phone", "phone"),
        ("/parties/1/nickname", "unknown_field"),
        ("/priority", "unknown_field"),
    ];
    let expected: Vec<_> = expected.iter().map(|(p, c)| ((*p).to_owned(), (*c).to_owned())).collect();
    assert_eq!(answer.faults(), expected);
    assert_eq!(office.remaining(&start), 1);
}

#[test]
fn refusals_speak_the_callers_language() {
    let office = Office::shared(1);
    let body = json!({});
    let post = |language: &str| office.post("holds").header("accept-language", language).json(&body).send();
    let zh = post("zh-CN").refused(422, "invalid");
    let en = post("en-GB,en;q=0.9").refused(422, "invalid");
    assert!(zh["errors"][0]["message"].as_str().unwrap().contains("必填"), "{zh}");
    assert!(en["errors"][0]["message"].as_str().unwrap().contains("Required"), "{en}");
}

#[test]
fn identity_numbers_that_cannot_be_are_refused() {
    let office = Office::shared(1);
    for number in [
        "110101199002300013",
        "99010119900101001X",
        "31010119900101001",
        "abc",
        "",
        "３１０１０１１９９００１０１００１４",
        "310101299001010011",
    ] {
        let mut man = people::man();
        man["id_number"] = json!(number);
        let answer = office.book(&slot(3, 9), &json!([man, people::woman()]));
        assert_eq!(answer.status, 422, "{number}: {answer:?}");
        assert_eq!(answer.faults()[0].0, "/parties/0/id_number", "{number}");
        assert!(number.is_empty() || !answer.text.contains(number), "the number is repeated: {answer:?}");
    }
}

#[test]
fn who_may_not_marry_is_told_why() {
    let office = Office::shared(1);
    let start = slot(3, 9);
    let same = people::man();
    office.book(&start, &json!([same, same])).refused(422, "same_person");
    office.book(&start, &json!([people::man(), people::man()])).refused(422, "parties_not_eligible");
    let young = |year: i32, sequence| {
        let born = chrono::NaiveDate::from_ymd_opt(year, 6, 1).unwrap();
        let id = shared::resident_id::ResidentId::compose("310101", born, sequence).unwrap();
        json!({"name": "样例", "id_type": "resident_id", "id_number": id.expose(), "phone": "13800000000"})
    };
    let year = chrono::Datelike::year(&day_ahead(3));
    let answer = office.book(&start, &json!([young(year - 20, 1), young(year - 18, 2)]));
    answer.refused(422, "invalid");
    let codes: Vec<_> = answer.faults().into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes, ["age_below_minimum", "age_below_minimum"]);
    office.book(&start, &json!([people::man()])).refused(422, "count");
    assert_eq!(office.remaining(&start), 1);
}

#[test]
fn bodies_that_cannot_be_read_get_the_status_that_says_why() {
    let office = Office::shared(1);
    let post = |kind: &str, body: &[u8]| office.post("appointments").raw(kind, body.to_vec()).send();
    post("application/json", b"{\"office_id\": ").refused(400, "unreadable");
    post("application/json", b"\xff\xfe").refused(400, "unreadable");
    post("application/json", "[".repeat(20_000).as_bytes()).refused(400, "unreadable");
    post("application/json", b"[1, 2]").refused(422, "type");
    post("text/plain", b"{}").refused(415, "unsupported_media_type");
    post("application/json", &vec![b' '; 70_000]).refused(413, "too_large");
    office.server.post(&format!("{API}/appointments")).send().refused(415, "unsupported_media_type");
}

#[test]
fn ten_megabytes_are_refused() {
    let office = Office::shared(1);
    // The server may hang up before it has read it all.
    if let Ok(answer) = office.post("appointments").raw("application/json", vec![b'x'; 10_000_000]).try_send()
    {
        answer.refused(413, "too_large");
    }
    office.get("health").send().expect(200);
}

#[test]
fn impossible_seats_are_refused_by_name() {
    let office = Office::shared(1);
    let book = |change: &dyn Fn(&mut Value)| {
        let mut body = office.booking(&slot(3, 9), &people::couple());
        change(&mut body);
        office.post("appointments").json(&body).send()
    };
    let answer = book(&|body| body["office_id"] = json!("nowhere"));
    answer.refused(422, "unknown_office");
    assert_eq!(answer.faults()[0].0, "/office_id");
    book(&|body| body["start"] = json!("2020-01-01T09:00:00+08:00")).refused(409, "slot_past");
    book(&|body| body["start"] = json!(slot(3, 9).replace(":00:00", ":17:00"))).refused(409, "slot_closed");
    book(&|body| body["start"] = json!("2150-01-01T09:00:00+08:00")).refused(409, "slot_closed");
    book(&|body| body["start"] = json!("1950-01-01T09:00:00+08:00")).refused(409, "slot_past");
    book(&|body| body["service"] = json!("baptism")).refused(422, "unknown_value");
    book(&|body| body["hold"] = json!("made-up")).refused(409, "hold_expired");
    office.post("waitlist").json(&json!({"office_id": "nowhere", "service": "marriage", "from": day_ahead(1), "to": day_ahead(2), "parties": people::couple()})).send().refused(422, "unknown_office");
}

#[test]
fn queries_that_cannot_be_are_refused() {
    let office = Office::shared(1);
    let get = |query: &str| office.get(&format!("offices/{}/availability?{query}", office.id)).send();
    get("service=marriage&from=2026-12-05&to=2026-12-01").refused(422, "range");
    get("service=marriage&from=2026-01-01&to=2026-12-31").refused(422, "range");
    get("service=marriage&from=2026-02-30").refused(422, "date");
    get("service=marriage&service=marriage").refused(400, "unreadable");
    get("service=%ff").refused(400, "unreadable");
    get("from=x&foo=1").refused(422, "invalid");
    get(&format!("service={}", "x".repeat(10_000))).refused(400, "unreadable");
    for near in ["NaN,1", "91,0", "1", "31.2,121.4,5", "inf,inf"] {
        office.get(&format!("offices?near={near}")).send().refused(422, "position");
    }
    office.get("offices?limit=0").send().refused(422, "out_of_range");
    office.get("offices?district_code=990000").send().refused(422, "division_code");
    office.get("offices/nowhere").send().refused(404, "not_found");
    office.get("offices/nowhere/availability?service=marriage").send().refused(404, "not_found");
    office.get("offices/%ff").send().refused(404, "not_found");
}

#[test]
fn malformed_idempotency_keys_are_refused() {
    let office = Office::shared(1);
    let body = office.seat(&slot(3, 9));
    office
        .post("holds")
        .header("idempotency-key", &"k".repeat(256))
        .json(&body)
        .send()
        .refused(422, "idempotency_key");
    office.post("holds").header("idempotency-key", "").json(&body).send().refused(422, "idempotency_key");
}
