use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use serde_json::{Value, json};

use super::{API, Corner, ELSEWHERE, TOWN, patiently};
use crate::server::Server;

pub(super) const HEADER: &str = "id,name,operator,division_code,address,lat,lon,phone,hours,items,sample\n";

/// One row of a corner's own point, near its middle.
pub(super) fn row(corner: &Corner<'_>, name: &str) -> String {
    let place = corner.location(10.0, 10.0);
    format!(
        "{},导入点 {},测试慈善会,{TOWN},样例路1号,{},{},021-00000000,Mo-Fr 09:00-17:00,图书、食品=急需,是\n",
        corner.id(name),
        corner.tag,
        place["lat"],
        place["lon"]
    )
}

/// A file of so many points.
pub(super) fn file(corner: &Corner<'_>, rows: usize) -> String {
    (0..rows).fold(HEADER.to_owned(), |mut file, n| {
        file.push_str(&row(corner, &format!("r{n:05}")));
        file
    })
}

fn faults(list: &Value) -> Vec<(i64, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let faults = list.as_array().unwrap().iter();
    faults
        .map(|fault| (fault["line"].as_i64().unwrap(), text(&fault["column"]), text(&fault["code"])))
        .collect()
}

#[test]
fn a_file_is_looked_at_and_then_taken_in() {
    let corner = Corner::shared();
    let file = file(&corner, 3);
    let dry = corner.import("?dry_run=true", file.clone()).expect(200);
    assert_eq!(
        dry,
        json!({"dry_run": true, "rows": 3, "created": 3, "updated": 0, "restored": 0, "faults": []})
    );
    assert!(corner.own_found("").is_empty(), "nothing is written");
    let done = corner.import("", file.clone()).expect(200);
    assert_eq!(
        done,
        json!({"dry_run": false, "rows": 3, "created": 3, "updated": 0, "restored": 0, "faults": []})
    );
    assert_eq!(corner.own_found("item=food"), ["r00000", "r00001", "r00002"]);
    let point = corner.get(&format!("points/{}", corner.id("r00001"))).send().expect(200);
    assert_eq!((&point["division_code"], &point["sample"]), (&json!(TOWN), &json!(true)));
    assert_eq!(
        point["items"],
        json!([{"item": "books", "state": "accepting"}, {"item": "food", "state": "urgent"}])
    );
    assert_eq!(point["hours"]["weekly"]["friday"], json!([{"opens": "09:00", "closes": "17:00"}]));
    let again = corner.import("?dry_run=false", file.clone()).expect(200);
    assert_eq!((&again["created"], &again["updated"]), (&json!(0), &json!(3)));
    let dry = corner.import("?dry_run=true", file).expect(200);
    assert_eq!((&dry["created"], &dry["updated"]), (&json!(0), &json!(3)));
    assert_eq!(corner.own_found("").len(), 3, "nothing is doubled");
}

#[test]
fn every_fault_of_a_file_has_its_line_its_column_and_its_reason_and_nothing_is_written() {
    let corner = Corner::shared();
    let bad = |name: &str, column: usize, cell: &str| {
        let row = row(&corner, name);
        let mut cells: Vec<&str> = row.trim_end().split(',').collect();
        cells[column] = cell;
        cells.join(",") + "\n"
    };
    let file = [
        HEADER.to_owned(),
        row(&corner, "good"),
        bad("b3", 0, "A B"),
        bad("b4", 1, ""),
        "\n".to_owned(),
        bad("b6", 3, "310000"),
        bad("b7", 5, "abc"),
        bad("b8", 5, "0"),
        bad("b9", 7, "call me"),
        bad("b10", 8, "whenever"),
        bad("b11", 9, "gold=urgent"),
        bad("b12", 10, "maybe"),
        row(&corner, "good"),
        "one,two\n".to_owned(),
        bad("b15", 3, ELSEWHERE),
        bad("b16", 9, "图书=急需@2199-12-31"),
    ]
    .concat();
    let dry = corner.import("?dry_run=true", file.clone()).expect(200);
    assert_eq!((&dry["rows"], &dry["created"]), (&json!(14), &json!(1)));
    let found = faults(&dry["faults"]);
    let expected = [
        (3, "id", "id"),
        (4, "name", "required"),
        (6, "division_code", "division_code"),
        (7, "lat", "number"),
        (8, "lat", "outside_city"),
        (9, "phone", "phone"),
        (11, "items", "unknown_value"),
        (12, "sample", "unknown_value"),
        (13, "id", "repeated"),
        (14, "", "fields"),
        (15, "lat", "outside_division"),
        (16, "items", "out_of_range"),
    ];
    for (line, column, code) in expected {
        assert!(
            found.contains(&(line, column.to_owned(), code.to_owned())),
            "{line} {column} {code}: {found:?}"
        );
    }
    assert!(found.iter().any(|(line, column, _)| (*line, column.as_str()) == (10, "hours")), "{found:?}");
    assert_eq!(found.len(), 13, "{found:?}");
    assert!(found.is_sorted_by_key(|(line, ..)| *line), "{found:?}");
    let messages = dry["faults"].as_array().unwrap().iter();
    assert!(messages.clone().all(|fault| !fault["message"].as_str().unwrap().is_empty()), "{dry}");

    let answer = corner.import("", file);
    answer.refused(422, "invalid");
    let pointers = answer.faults();
    assert!(pointers.contains(&("/4/name".to_owned(), "required".to_owned())), "{pointers:?}");
    assert_eq!(pointers.len(), 13);
    assert!(corner.own_found("").is_empty());
    let one = corner.import("", [HEADER, &row(&corner, "good"), &bad("b3", 7, "x")].concat());
    one.refused(422, "phone");
    assert!(corner.own_found("").is_empty(), "one bad row keeps the good ones out");
}

#[test]
fn headers_that_are_wrong_are_named() {
    let corner = Corner::shared();
    let dry = |file: &str| faults(&corner.import("?dry_run=true", file).expect(200)["faults"]);
    let fault = |column: &str, code: &str| (1, column.to_owned(), code.to_owned());
    assert_eq!(dry(""), [fault("", "empty")]);
    assert_eq!(dry("\n\n \n"), [fault("", "empty")]);
    assert_eq!(dry(&HEADER.replace("phone,", "")), [fault("phone", "missing_column")]);
    assert_eq!(dry(&HEADER.replace("phone,", "phone,colour,")), [fault("colour", "unknown_column")]);
    assert_eq!(dry(&HEADER.replace("phone,", "phone,电话,")), [fault("电话", "repeated_column")]);
    assert!(dry(HEADER).is_empty(), "a header alone is a file without rows");
    assert_eq!(corner.import("", HEADER).expect(200)["rows"], 0);
}

#[test]
fn files_as_spreadsheets_write_them_are_understood() {
    let corner = Corner::shared();
    let chinese = "编号,名称,运营单位,区划代码,地址,纬度,经度,电话,开放时间,接收物品,样例\r\n";
    let text = [chinese, &row(&corner, "gb").replace('\n', "\r\n")].concat();
    let gb = encoding_rs::GB18030.encode(&text).0.into_owned();
    let send = |kind: &str, bytes: Vec<u8>| {
        patiently(|| corner.post("points/import").bearer(&corner.manager).raw(kind, bytes.clone()).send())
    };
    for kind in [
        "text/csv",
        "text/csv; charset=gb18030",
        "text/csv;charset=GBK",
        "Text/CSV; header=present; charset=\"gb2312\"",
    ] {
        send(kind, gb.clone()).expect(200);
    }
    let name = corner.get(&format!("points/{}", corner.id("gb"))).send().expect(200)["name"].clone();
    assert_eq!(name, format!("导入点 {}", corner.tag));
    let bom = [b"\xEF\xBB\xBF", [chinese, &row(&corner, "bom")].concat().as_bytes()].concat();
    send("text/csv", bom.clone()).expect(200);
    send("text/csv; charset=utf-8", bom).expect(200);
    let semicolons = [HEADER, &row(&corner, "semi")].concat().replace(',', ";");
    send("text/csv", semicolons.into_bytes()).expect(200);
    let quoted = [HEADER, &row(&corner, "quoted").replace("测试慈善会", "\"测试,\"\"慈善\"\"会\"")].concat();
    send("text/csv", quoted.into_bytes()).expect(200);
    let quoted = corner.get(&format!("points/{}", corner.id("quoted"))).send().expect(200);
    assert_eq!(quoted["operator"], "测试,\"慈善\"会");
    assert_eq!(corner.own_found("").len(), 4);

    send("text/csv; charset=utf-8", gb).refused(422, "encoding");
    send("text/csv; charset=latin1", b"id".to_vec()).refused(422, "charset");
    send("text/csv", b"\xEF\xBB\xBFid\xff".to_vec()).refused(422, "encoding");
    send("text/csv", b"\xff\xfeid".to_vec()).refused(422, "encoding");
}

#[test]
fn what_is_no_csv_is_refused() {
    let corner = Corner::shared();
    let send = |kind: &str, bytes: Vec<u8>| {
        let mut answer =
            corner.post("points/import").bearer(&corner.manager).raw(kind, bytes.clone()).try_send();
        while answer.as_ref().is_ok_and(|answer| answer.status == 503) {
            super::wait(250);
            answer = corner.post("points/import").bearer(&corner.manager).raw(kind, bytes.clone()).try_send();
        }
        answer
    };
    for kind in
        ["application/json", "text/plain", "application/vnd.ms-excel", "multipart/form-data; boundary=x", ""]
    {
        send(kind, HEADER.into()).unwrap().refused(415, "unsupported_media_type");
    }
    corner.post("points/import").bearer(&corner.manager).send().refused(415, "unsupported_media_type");
    send("text/csv", b"PK\x03\x04\xff\xff\xff".to_vec()).unwrap().refused(422, "encoding");
    // The server may hang up before it has read it all.
    if let Ok(answer) = send("text/csv", vec![b'x'; (8 << 20) + 1]) {
        answer.refused(413, "too_large");
    }
    if let Ok(answer) = send("text/csv", vec![b'x'; 20 << 20]) {
        answer.refused(413, "too_large");
    }
    corner.get("health").send().expect(200);
}

#[test]
fn an_import_keeps_to_the_area_of_who_sends_it() {
    let corner = Corner::shared();
    let import = |token: &str, query: &str, file: &str| {
        patiently(|| {
            let call = corner.post(&format!("points/import{query}"));
            let call = if token.is_empty() { call } else { call.bearer(token) };
            call.raw("text/csv", file.into()).send()
        })
    };
    let elsewhere = corner.server.staff("donation_manager", ELSEWHERE);
    let file = file(&corner, 2);
    import("", "", &file).refused(401, "unauthenticated");
    import(&corner.server.staff("registrar", "310000"), "", &file).refused(403, "forbidden");
    let dry = import(&elsewhere, "?dry_run=true", &file).expect(200);
    let outside = |line: i64, column: &str| (line, column.to_owned(), "outside_area".to_owned());
    assert_eq!(faults(&dry["faults"]), [outside(2, "division_code"), outside(3, "division_code")]);
    import(&elsewhere, "", &file).refused(422, "invalid");
    import(&corner.server.staff("donation_manager", TOWN), "", &file).expect(200);

    // Somebody else's point isn't taken over by naming it.
    let mine = |name: &str| {
        let row = row(&corner, name);
        let mut cells: Vec<&str> = row.split(',').collect();
        (cells[3], cells[5], cells[6]) = (ELSEWHERE, "30.75", "121.33");
        cells.join(",")
    };
    let file = [HEADER, &mine("new"), &mine("r00000")].concat();
    let dry = import(&elsewhere, "?dry_run=true", &file).expect(200);
    assert_eq!(faults(&dry["faults"]), [outside(3, "id")]);
    import(&elsewhere, "", &file).refused(422, "outside_area");
    let chinese =
        file.replace("id,", "编号,").replace("division_code,", "区划代码,").replace("lat,", "纬度,");
    let chinese = [chinese, row(&corner, "near").replace(TOWN, "310101")].concat();
    let dry = import(&elsewhere, "?dry_run=true", &chinese).expect(200);
    let outside_division = (4, "纬度".to_owned(), "outside_division".to_owned());
    let expected = [outside(3, "编号"), outside_division, outside(4, "区划代码")];
    assert_eq!(faults(&dry["faults"]), expected, "by the names of the file's own columns");
    assert!(corner.own_found(&format!("division_code={ELSEWHERE}")).is_empty());
}

#[test]
fn an_import_sent_again_with_its_key_is_done_once() {
    let corner = Corner::shared();
    let send = |file: &str| {
        patiently(|| {
            let call = corner.post("points/import").bearer(&corner.manager);
            call.header("idempotency-key", &corner.tag).raw("text/csv", file.into()).send()
        })
    };
    let file = file(&corner, 2);
    let first = send(&file);
    assert_eq!(first.expect(200)["created"], 2);
    assert_eq!(send(&file).text, first.text);
    send(&[file, row(&corner, "more")].concat()).refused(422, "idempotency_key_reused");
    let actions = corner.audit(&corner.id("r00000"));
    assert_eq!(actions, ["point.imported"], "written once");
}

#[test]
fn an_empty_items_cell_keeps_what_the_point_takes_and_an_import_restores_what_was_removed() {
    let corner = Corner::shared();
    let id = corner.point("a", json!({"items": [{"item": "toys", "state": "urgent"}]}));
    let silent = [HEADER, &row(&corner, "a").replace("图书、食品=急需", "")].concat();
    corner.import("", silent.clone()).expect(200);
    assert_eq!(corner.own_found("item=toys"), ["a"]);
    corner.import("", silent.replace("17:00,,", "17:00,无,")).expect(200);
    assert!(corner.own_found("item=toys").is_empty());
    corner.delete(&id).expect(204);
    let two = [silent, row(&corner, "b")].concat();
    let counts = |answer: &Value| ["created", "updated", "restored"].map(|count| answer[count].as_i64());
    let dry = corner.import("?dry_run=true", two.clone()).expect(200);
    assert_eq!(counts(&dry), [Some(1), Some(1), Some(1)]);
    assert!(corner.own_found("").is_empty(), "nothing is written");
    assert_eq!(counts(&corner.import("", two.clone()).expect(200)), [Some(1), Some(1), Some(1)]);
    assert_eq!(corner.own_found(""), ["a", "b"]);
    assert_eq!(counts(&corner.import("", two).expect(200)), [Some(0), Some(2), Some(0)]);
}

/// Begins an import and sends half of its file.
fn begin(corner: &Corner<'_>) -> TcpStream {
    let address = corner.server.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST {API}/points/import HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ncontent-type: text/csv\r\n\
         content-length: 4000\r\n\r\n{HEADER}",
        corner.manager
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

#[test]
#[cfg_attr(another_server, ignore = "speaks HTTP by itself")]
fn a_file_that_never_arrives_keeps_nobody_else_out_for_longer_than_a_request_may_take() {
    let server = Server::start();
    let corner = Corner::on(&server);
    let file = file(&corner, 1);
    for _ in 0..3 {
        drop(begin(&corner));
    }
    super::wait(500);
    corner.import("", file.clone()).expect(200);
    let stalled: Vec<_> = (0..3).map(|_| begin(&corner)).collect();
    super::wait(12_000);
    for mut stream in stalled {
        let mut told = [0; 12];
        stream.read_exact(&mut told).unwrap();
        assert!(
            matches!(&told, b"HTTP/1.1 408" | b"HTTP/1.1 503" | b"HTTP/1.1 504"),
            "{:?}",
            told.escape_ascii()
        );
        // It stays open meanwhile.
        corner.import("", file.clone()).expect(200);
    }
}
