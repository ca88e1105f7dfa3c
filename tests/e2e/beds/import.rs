use serde_json::{Value, json};

use super::{Corner, ELSEWHERE, TOWN, beds, made, room, rooms_of};
use crate::{donation::patiently, people};

pub(super) const HEADER: &str = "id,name,operator,division_code,address,lat,lon,phone,ownership,features,\
    single_care_levels,single_monthly_yuan,single_maximum,single_occupied,sample\n";
/// Every column, in Chinese.
pub(super) const FULL_HEADER: &str = "编号,名称,运营单位,区划代码,地址,纬度,经度,电话,性质,服务特色,\
    单人间照护等级,单人间月费(元),单人间床位数,单人间已入住,双人间照护等级,双人间月费(元),双人间床位数,双人间已入住,\
    三人间照护等级,三人间月费(元),三人间床位数,三人间已入住,多人间照护等级,多人间月费(元),多人间床位数,多人间已入住,样例\n";

/// One row of a corner's own home, near its middle: ten single rooms, six of them occupied.
pub(super) fn row(corner: &Corner<'_>, name: &str) -> String {
    let place = corner.location(10.0, 10.0);
    format!(
        "{},导入院 {},测试养老服务中心,{TOWN},样例路1号,{},{},021-00000000,民办,助餐服务、短期托养,0-3;6,4500.50,10,6,是\n",
        corner.id(name),
        corner.tag,
        place["lat"],
        place["lon"]
    )
}

/// A file of so many homes.
pub(super) fn file(corner: &Corner<'_>, rows: usize) -> String {
    (0..rows).fold(HEADER.to_owned(), |file, n| file + &row(corner, &format!("r{n:04}")))
}

pub(super) fn faults(list: &Value) -> Vec<(i64, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let faults = list.as_array().unwrap().iter();
    faults
        .map(|fault| (fault["line"].as_i64().unwrap(), text(&fault["column"]), text(&fault["code"])))
        .collect()
}

fn counted(answer: &Value) -> [i64; 4] {
    ["rows", "created", "updated", "restored"].map(|field| answer[field].as_i64().unwrap())
}

#[test]
fn a_file_is_looked_at_and_then_taken_in() {
    let corner = Corner::shared();
    let file = file(&corner, 3);
    let dry = corner.import("?dry_run=true", file.clone()).expect(200);
    assert_eq!((&dry["dry_run"], counted(&dry), &dry["faults"]), (&json!(true), [3, 3, 0, 0], &json!([])));
    assert!(corner.found("").is_empty(), "nothing is written");
    let done = corner.import("", file.clone()).expect(200);
    assert_eq!((&done["dry_run"], counted(&done)), (&json!(false), [3, 3, 0, 0]));
    assert_eq!(corner.sorted("feature=meals&care_level=6"), ["r0000", "r0001", "r0002"]);
    let home = corner.read(&corner.id("r0001"));
    assert_eq!((&home["ownership"], &home["sample"]), (&json!("private"), &json!(true)));
    assert_eq!(home["features"], json!(["meals", "short_stay"]));
    let single = &home["rooms"][0];
    assert_eq!((&single["care_levels"], &single["monthly_fen"]), (&json!([0, 1, 2, 3, 6]), &json!(450_050)));
    assert_eq!(beds(single), [10, 6, 0, 4]);
    assert_eq!(counted(&corner.import("?dry_run=true", file.clone()).expect(200)), [3, 0, 3, 0]);
    assert_eq!(counted(&corner.import("?dry_run=false", file).expect(200)), [3, 0, 3, 0]);
    assert_eq!(corner.found("").len(), 3, "nothing is doubled");
}

#[test]
fn a_file_taken_in_again_leaves_the_counts_of_rooms_that_are_known() {
    let corner = Corner::shared();
    let file = file(&corner, 1);
    corner.import("", file.clone()).expect(200);
    let id = corner.id("r0000");
    corner.say(&id, 12, 3);
    let before = corner.counts(&id);
    let changed = file.replace("4500.50,10,6", "4600,50,50");
    corner.import("", changed).expect(200);
    assert_eq!(corner.counts(&id), before, "tag and confirmation included");
    assert_eq!(corner.read(&id)["rooms"][0]["monthly_fen"], 460_000, "its price is another");
    // A type that is new brings its counts.
    let header = HEADER.replace(",sample", ",double_care_levels,double_monthly_yuan,double_maximum,sample");
    let wider = format!("{header}{}", row(&corner, "r0000").replace(",是\n", ",4、5,3000,8,是\n"));
    corner.import("", wider).expect(200);
    assert_eq!(corner.counts(&id), before);
    assert_eq!(beds(rooms_of(&corner.read(&id), "double")), [8, 0, 0, 8]);
}

#[test]
fn every_fault_of_a_file_has_its_line_its_column_and_its_reason_and_nothing_is_written() {
    let corner = Corner::shared();
    let bad = |name: &str, changes: &[(usize, &str)]| {
        let row = row(&corner, name);
        let mut cells: Vec<&str> = row.trim_end().split(',').collect();
        for (column, cell) in changes {
            cells[*column] = cell;
        }
        cells.join(",") + "\n"
    };
    let file = [
        HEADER.to_owned(),
        row(&corner, "good"),
        bad("b3", &[(0, "A B"), (1, "")]),
        bad("b4", &[(3, "310000"), (8, "国营")]),
        bad("b5", &[(5, "abc"), (9, "打麻将")]),
        bad("b6", &[(5, "0")]),
        bad("b7", &[(7, "call me"), (10, "7")]),
        bad("b8", &[(11, "-1"), (12, "1.5")]),
        bad("b9", &[(13, "11")]),
        bad("b10", &[(10, ""), (11, ""), (12, ""), (13, "")]),
        bad("b11", &[(10, ""), (12, "")]),
        bad("b12", &[(14, "maybe")]),
        row(&corner, "good"),
        "one,two\n".to_owned(),
        bad("b15", &[(3, ELSEWHERE)]),
        bad("b16", &[(12, "99999")]),
    ]
    .concat();
    let expected = [
        (3, "id"),
        (3, "name"),
        (4, "division_code"),
        (4, "ownership"),
        (5, "lat"),
        (5, "features"),
        (6, "lat"),
        (7, "phone"),
        (7, "single_care_levels"),
        (8, "single_monthly_yuan"),
        (8, "single_maximum"),
        (9, "single_occupied"),
        (10, "id"),
        (11, "single_care_levels"),
        (11, "single_maximum"),
        (12, "sample"),
        (13, "id"),
        (14, ""),
        (15, "lat"),
        (16, "single_maximum"),
    ];
    let dry = corner.import("?dry_run=true", file.clone()).expect(200);
    assert_eq!((&dry["rows"], &dry["created"]), (&json!(15), &json!(1)));
    let found = faults(&dry["faults"]);
    let places: Vec<_> = found.iter().map(|(line, column, _)| (*line, column.as_str())).collect();
    for place in expected {
        assert!(places.contains(&place), "{place:?}: {found:?}");
    }
    assert!(found.is_sorted_by_key(|(line, ..)| *line), "{found:?}");
    let code = |line: i64, column: &str| {
        let fault = found.iter().find(|(at, of, _)| (*at, of.as_str()) == (line, column)).unwrap();
        fault.2.clone()
    };
    assert_eq!(code(9, "single_occupied"), "counts_inconsistent");
    assert_eq!((code(10, "id"), code(13, "id")), ("no_rooms".to_owned(), "repeated".to_owned()));
    let answer = corner.import("", file.clone());
    answer.refused(422, "invalid");
    assert_eq!(answer.faults().len(), found.len());
    assert!(answer.faults().contains(&("/3/name".to_owned(), "required".to_owned())), "{answer:?}");
    let renamed = file.replace("single_occupied", "单人间已入住").replace("id,name", "编号,name");
    let found = faults(&corner.import("?dry_run=true", renamed).expect(200)["faults"]);
    let named =
        |line: i64, column: &str| found.iter().any(|(at, of, _)| (*at, of.as_str()) == (line, column));
    assert!(
        named(9, "单人间已入住") && named(10, "编号"),
        "by the names of the file's own columns: {found:?}"
    );
    let one = corner.import("", [HEADER, &row(&corner, "good"), &bad("b3", &[(7, "x")])].concat());
    one.refused(422, "phone");
    assert!(corner.found("").is_empty(), "one bad row keeps the good ones out");
}

#[test]
fn files_as_spreadsheets_write_them_are_understood() {
    let corner = Corner::shared();
    let chinese = HEADER
        .split(',')
        .zip("编号,名称,运营单位,区划代码,地址,纬度,经度,电话,性质,服务特色,单人间照护等级,单人间月费(元),单人间床位数,单人间已入住,样例".split(','))
        .map(|(_, zh)| zh)
        .collect::<Vec<_>>()
        .join(",")
        + "\r\n";
    let text = [chinese.as_str(), &row(&corner, "gb").replace('\n', "\r\n")].concat();
    let gb = encoding_rs::GB18030.encode(&text).0.into_owned();
    let send = |kind: &str, bytes: Vec<u8>| {
        let call =
            || corner.post("institutions/import").bearer(&corner.manager).raw(kind, bytes.clone()).send();
        patiently(call)
    };
    for kind in ["text/csv", "text/csv; charset=gb18030", "text/csv;charset=GBK"] {
        send(kind, gb.clone()).expect(200);
    }
    let home = corner.read(&corner.id("gb"));
    assert_eq!(home["name"], format!("导入院 {}", corner.tag));
    assert_eq!(beds(&home["rooms"][0]), [10, 6, 0, 4]);
    let bom = [b"\xEF\xBB\xBF", [chinese.as_str(), &row(&corner, "bom")].concat().as_bytes()].concat();
    send("text/csv; charset=utf-8", bom).expect(200);
    let english =
        row(&corner, "words").replace("民办", "private").replace("助餐服务、短期托养", "meals;short_stay");
    send("text/csv", [HEADER, &english].concat().into_bytes()).expect(200);
    assert_eq!(corner.read(&corner.id("words"))["features"], json!(["meals", "short_stay"]));
    send("text/csv; charset=utf-8", gb).refused(422, "encoding");
    send("application/json", b"{}".to_vec()).refused(415, "unsupported_media_type");
    send("text/csv", HEADER.replace("phone,", "").into_bytes()).refused(422, "missing_column");
    send("text/csv", HEADER.replace("phone,", "phone,colour,").into_bytes()).refused(422, "unknown_column");
    send("text/csv", Vec::new()).refused(422, "empty");
}

#[test]
fn a_room_that_somebody_has_or_waits_for_is_not_imported_away() {
    let corner = Corner::shared();
    let two = json!({"rooms": [room("single", &[1], 1, (5, 0)), room("double", &[1], 1, (5, 1))]});
    for name in ["lies", "waits", "free"] {
        corner.home(name, two.clone());
    }
    let only = |kind: &str| {
        let header = HEADER.replace("single", kind);
        ["lies", "waits", "free"].iter().fold(header, |file, name| file + &row(&corner, name))
    };
    let dry = corner.import("?dry_run=true", only("single")).expect(200);
    let in_use = |line: i64| (line, "id".to_owned(), "room_in_use".to_owned());
    assert_eq!(faults(&dry["faults"]), [in_use(2), in_use(3), in_use(4)], "double rooms are occupied");
    corner.import("", only("single")).refused(422, "invalid");

    let waits = json!([{"institution_id": corner.id("waits"), "room_type": "single"}]);
    let body = json!({"applicant": people::elder(1), "preferences": waits});
    let elder = made(&corner.post("applications").json(&body).send());
    let dry = corner.import("?dry_run=true", only("double")).expect(200);
    assert_eq!(faults(&dry["faults"]), [in_use(3)], "somebody waits for single rooms");
    corner.import("", only("double")).refused(422, "room_in_use");
    corner.withdraw(&elder).expect(200);
    corner.import("", only("double")).expect(200);
    assert_eq!(corner.read(&corner.id("free"))["rooms"].as_array().unwrap().len(), 1);
}

#[test]
fn an_import_keeps_to_the_area_of_who_sends_it_and_is_not_for_one_home() {
    let corner = Corner::shared();
    let import = |token: &str, query: &str, file: &str| {
        patiently(|| {
            let call = corner.post(&format!("institutions/import{query}"));
            let call = if token.is_empty() { call } else { call.bearer(token) };
            call.raw("text/csv", file.into()).send()
        })
    };
    let file = file(&corner, 2);
    import("", "", &file).refused(401, "unauthenticated");
    import(&corner.server.staff("donation_manager", "310000"), "", &file).refused(403, "forbidden");
    let own = corner.server.staff_of(&corner.id("r0000"), "care_manager", "310151");
    import(&own, "", &file).refused(403, "forbidden");
    import(&own, "?dry_run=true", &file).refused(403, "forbidden");
    let elsewhere = corner.server.staff("care_manager", ELSEWHERE);
    let outside = |line: i64, column: &str| (line, column.to_owned(), "outside_area".to_owned());
    let dry = import(&elsewhere, "?dry_run=true", &file).expect(200);
    assert_eq!(faults(&dry["faults"]), [outside(2, "division_code"), outside(3, "division_code")]);
    import(&elsewhere, "", &file).refused(422, "invalid");
    import(&corner.server.staff("care_manager", TOWN), "", &file).expect(200);
    // Somebody else's home isn't taken over by naming it.
    let mut mine: Vec<_> = file.lines().nth(1).unwrap().split(',').collect();
    (mine[3], mine[5], mine[6]) = (ELSEWHERE, "30.75", "121.33");
    import(&elsewhere, "", &[HEADER, &mine.join(",")].concat()).refused(422, "outside_area");
}

#[test]
fn a_home_that_was_removed_is_restored_and_an_import_with_a_key_is_done_once() {
    let corner = Corner::shared();
    let file = [HEADER, &row(&corner, "a").replace("10,6", "10,0"), &row(&corner, "b")].concat();
    let send = |file: &str| {
        patiently(|| {
            let call = corner.post("institutions/import").bearer(&corner.manager);
            call.header("idempotency-key", &corner.tag).raw("text/csv", file.into()).send()
        })
    };
    let first = send(&file);
    assert_eq!(counted(&first.expect(200)), [2, 2, 0, 0]);
    corner.delete(&corner.id("a")).expect(204);
    assert_eq!(send(&file).text, first.text);
    assert_eq!(corner.found(""), ["b"], "an answer given again does nothing");
    send(&file.replace("样例路1号", "样例路2号")).refused(422, "idempotency_key_reused");
    assert_eq!(counted(&corner.import("?dry_run=true", file.clone()).expect(200)), [2, 0, 2, 1]);
    assert_eq!(counted(&corner.import("", file).expect(200)), [2, 0, 2, 1]);
    assert_eq!(corner.beds_of(&corner.id("a")), [10, 0, 0, 10]);
    assert!(corner.audit(&corner.id("a")).contains(&"institution.restored".to_owned()));
}
