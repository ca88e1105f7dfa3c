use std::{
    cell::RefCell,
    future::{Ready, ready},
    sync::{Mutex, MutexGuard},
};

use axum::body::Body;
use http::Request;
use proptest::{collection::vec, prelude::*, sample::select};

use super::{import::stage, *};

/// There is one turn for the whole process.
fn alone() -> MutexGuard<'static, ()> {
    static LOCK: Mutex<()> = Mutex::new(());
    LOCK.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

const TWO: &[Column; 2] = &[Column::required("id", "编号", &[]), Column::required("full_name", "名称", &[])];

/// What is exported of so many rows behind an id, and how many were asked for each time.
fn exported(rows: usize, after: &str) -> (String, Option<String>, Vec<i64>) {
    let asked = RefCell::new(Vec::new());
    let read = |after: String, limit: i64| {
        assert!(Turn::take().is_err(), "an export has the turn");
        asked.borrow_mut().push(limit);
        let from = after.parse().map_or(0, |id: usize| id + 1);
        ready(Ok((from..rows).take(limit.try_into().unwrap()).collect()))
    };
    let cells = |n: usize| (format!("{n:05}"), [format!("{n:05}"), "=1".to_owned()]);
    let (file, next) = now(export(TWO, after.to_owned(), read, cells)).unwrap();
    (String::from_utf8(file).unwrap(), next, asked.into_inner())
}

#[test]
fn an_export_reads_some_rows_at_a_time_and_says_where_the_next_file_begins() {
    let _alone = alone();
    let (file, next, asked) = exported(2_500, "");
    assert_eq!((file.lines().count(), next, asked), (2_501, None, vec![1_000; 3]));
    assert!(file.starts_with("\u{feff}编号,名称\r\n00000,'=1\r\n00001,"));
    let (file, next, asked) = exported(MAX_ROWS, "");
    assert_eq!((file.lines().count(), next), (MAX_ROWS + 1, None));
    assert_eq!((asked.len(), asked.last()), (21, Some(&1)));
    let (file, next, _) = exported(MAX_ROWS + 1, "");
    assert_eq!((file.lines().count(), next.as_deref()), (MAX_ROWS + 1, Some("19999")));
    let (file, next, _) = exported(MAX_ROWS + 1, "19999");
    assert_eq!((file.lines().last(), next), (Some("20000,'=1"), None));
    let (file, next, asked) = exported(0, "");
    assert_eq!((file.lines().count(), next, asked.len()), (1, None, 1));
    drop(Turn::take().unwrap());
}

#[test]
fn an_instance_is_at_one_file_at_a_time() {
    let _alone = alone();
    let request = || {
        let request = Request::builder().header("content-type", "text/csv; header=present; CharSet=\"GBK\"");
        request.body(Body::from(&b"\xB1\xE0\xBA\xC5"[..])).unwrap()
    };
    let upload = now(Upload::receive(request())).unwrap();
    assert_eq!(upload.text().unwrap(), "编号");
    let Err(busy) = now(Upload::receive(request())) else { panic!("a second file") };
    assert_eq!(busy.status(), 503);
    assert!(busy.render(Default::default(), "").headers().contains_key("retry-after"));
    let nothing = now(export(TWO, String::new(), |_, _| ready(Ok(Vec::<()>::new())), |()| unreachable!()));
    assert_eq!(nothing.unwrap_err().status(), 503);
    drop(upload);
    let json = Request::builder().header("content-type", "application/json").body(Body::empty()).unwrap();
    let Err(other) = now(Upload::receive(json)) else { panic!("another type") };
    assert_eq!(other.status(), 415);
    let large = Request::builder().header("content-type", "text/csv").body(vec![b'x'; FILE_LIMIT + 1].into());
    let Err(large) = now(Upload::receive(large.unwrap())) else { panic!("too large") };
    assert_eq!(large.status(), 413);
    drop(Turn::take().unwrap());
}

#[test]
fn rows_are_staged_in_parts() {
    let parts = RefCell::new(Vec::new());
    let rows = (0..1_001).map(|n| (n, n)).collect();
    let store = |no, part: String| {
        parts.borrow_mut().push((no, serde_json::from_str::<Vec<[u64; 1]>>(&part).unwrap()));
        ready(Ok(()))
    };
    now(stage(rows, |row| Ok(format!("[{row}]")), store)).unwrap();
    let parts = parts.into_inner();
    let lengths: Vec<_> = parts.iter().map(|(no, part)| (*no, part.len())).collect();
    assert_eq!(lengths, [(0, 500), (1, 500), (2, 1)]);
    assert!(parts.into_iter().flat_map(|(_, part)| part).map(|[row]| row).eq(0..1_001));
    now(stage(Vec::<(u64, u64)>::new(), |_| unreachable!(), |_, _| -> Ready<_> { unreachable!() })).unwrap();
}

#[test]
fn a_file_is_given_out_under_its_name_with_a_link_to_the_next() {
    let response = answer(b"x".to_vec(), "things.csv", Some("/api/things?cursor=a")).unwrap();
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    assert_eq!(header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(header("content-disposition"), Some("attachment; filename=\"things.csv\""));
    assert_eq!(header("link"), Some("</api/things?cursor=a>; rel=\"next\""));
    assert!(answer(Vec::new(), "things.csv", None).unwrap().headers().get("link").is_none());
}

#[test]
fn what_an_import_did_is_told_in_one_language() {
    let table = things(&format!("{HEADER}{}", row_with(1, "")));
    let dry = Imported::dry(&table, Counts { created: 2, updated: 3, restored: 1 }, crate::i18n::Lang::En);
    let fault =
        serde_json::json!({"line": 2, "column": "full_name", "code": "required", "message": "Required."});
    let expected = serde_json::json!({"dry_run": true, "rows": 1, "created": 2, "updated": 3, "restored": 1, "faults": [fault]});
    assert_eq!(serde_json::to_value(dry).unwrap(), expected);
    let done = serde_json::to_value(Imported::done(5, Counts::default())).unwrap();
    assert_eq!(
        (&done["dry_run"], &done["rows"], &done["faults"]),
        (&false.into(), &5.into(), &serde_json::json!([]))
    );
}

#[test]
fn numbers_that_begin_with_a_zero_are_safe_from_spreadsheets() {
    for (phone, cell) in [
        ("02112345678", "021-12345678"),
        ("051212345678", "0512-12345678"),
        ("13800000000", "13800000000"),
        ("+862100000", "+862100000"),
        ("01", "01"),
    ] {
        assert_eq!(spreadsheet_phone(phone), cell);
    }
}

proptest! {
    #[test]
    fn every_text_comes_back_and_none_is_a_formula(
        pieces in vec(prop_oneof![
            select(vec!["'", "=", "+", "-", "@", "\"", ",", ";", "\u{ff1d}", "\u{feff}", "中", " "]).prop_map(str::to_owned),
            "\\PC",
        ], 1..20),
    ) {
        let text = pieces.concat().trim().to_owned();
        prop_assume!(!text.is_empty());
        let mut file = Writer::new(TWO).unwrap();
        file.push(&["a", &text]).unwrap();
        let file = String::from_utf8(file.finish().unwrap()).unwrap();
        let cell = file.lines().nth(1).and_then(|line| line.strip_prefix("a,")).unwrap();
        let written = cell.strip_prefix('"').unwrap_or(cell);
        prop_assert!(!written.starts_with(['=', '+', '-', '@', '\u{ff1d}']), "{}", file);
        let table = read(&file, TWO, |row| row.required("full_name", super::super::text(200)));
        prop_assert_eq!(table.rows, [(2, text)]);
    }

    #[test]
    fn money_comes_back_from_its_text(fen in 0..=10_000_000_i64) {
        prop_assert_eq!(yuan(0..=10_000_000)(&yuan_text(fen)), Ok(fen));
    }

    #[test]
    fn no_bytes_and_no_text_make_reading_panic(
        bytes in vec(any::<u8>(), 0..400),
        cells in vec(select(vec![",", "\n", "\r", "\"", "'", "=", "@", ".", "红", "31", "p", "\0"]), 0..200),
    ) {
        for charset in [None, Some("utf-8"), Some("gbk")] {
            if let Ok(text) = decode(&bytes, charset) {
                let _ = things(&text);
                let _ = things(&format!("{HEADER}{text}"));
            }
        }
        let table = things(&format!("{HEADER}{}", cells.concat()));
        prop_assert!(table.rows.len() <= table.count);
    }
}
