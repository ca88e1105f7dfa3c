//! Tests of reading and writing tables.

use chrono::{NaiveDate, NaiveTime};
use shared::{calendar, table::MAX_ROWS};

use super::{super::ItemState, *};

mod faults;
mod round_trip;

const HEADER: &str = "id,name,operator,division_code,address,lat,lon,phone,hours,items,sample\n";
const GOOD: &str =
    "p-1,爱心屋,黄浦区慈善会,310101013,中山东一路1号,31.24,121.49,021-6321 0000,Mo-Fr 09:00-17:00,,";

fn until_the_end_of(year: i32, month: u32, day: u32) -> i64 {
    let day = NaiveDate::from_ymd_opt(year, month, day).unwrap();
    calendar::at(day.succ_opt().unwrap(), NaiveTime::MIN).timestamp()
}

/// Noon of 2026-11-24 in Shanghai.
fn now() -> i64 {
    until_the_end_of(2026, 11, 23) + 12 * 3600
}

/// The file's only row.
fn only(text: &str) -> PointRow {
    let table = read_table(text, now());
    assert_eq!(table.faults, []);
    assert_eq!((table.rows.len(), table.count), (1, 1));
    table.rows.into_iter().next().unwrap().1
}

fn with_items(cell: &str) -> String {
    format!("{HEADER}{}", GOOD.replace(",,", &format!(",\"{cell}\",")))
}

/// A row like the good one but for some cells.
fn row_with(changes: &[(usize, &str)]) -> String {
    let mut cells: Vec<&str> = GOOD.split(',').collect();
    for (index, cell) in changes {
        cells[*index] = cell;
    }
    cells.join(",")
}

#[test]
fn a_row_is_read_cell_by_cell() {
    let row = only(&format!("{HEADER}{GOOD}\n"));
    assert_eq!(row.id, "p-1");
    assert_eq!((row.name.as_str(), row.operator.as_str()), ("爱心屋", "黄浦区慈善会"));
    assert_eq!(row.division_code.as_str(), "310101013");
    assert_eq!(row.address, "中山东一路1号");
    assert_eq!(row.location, Position { lat: 31.24, lon: 121.49 });
    assert_eq!(row.phone, "02163210000");
    assert_eq!(*row.hours, OpeningHours::parse_text("Mo-Fr 09:00-17:00").unwrap());
    assert_eq!((row.items, row.sample), (None, false));
}

#[test]
fn columns_stand_in_any_order_under_any_of_their_names() {
    let expected = only(&format!("{HEADER}{GOOD}\n"));
    let chinese = "电话,开放时间,编号,名称,运营单位,区划代码,地址,经度,纬度\n\
        02163210000,Mo-Fr 09:00-17:00,p-1,爱心屋,黄浦区慈善会,310101013,中山东一路1号,121.49,31.24\n";
    assert_eq!(only(chinese), expected);
    let aliases = "联系电话,营业时间,编号,名称,主办单位,行政区划,地址,lng,latitude,物品\n\
        02163210000,Mo-Fr 09:00-17:00,p-1,爱心屋,黄浦区慈善会,310101013,中山东一路1号,121.49,31.24,\n";
    assert_eq!(only(aliases), expected);
    let loose = HEADER
        .replace("id,name", " \u{ff29}\u{ff24} ,NAME")
        .replace("division_code", "Division Code")
        .replace("hours", "Opening-Hours");
    assert_eq!(only(&format!("{loose}{GOOD}\n")), expected);
}

#[test]
fn items_are_read_in_both_languages_and_any_punctuation() {
    let status = |item, state, until| ItemStatus { item, state, until };
    let expected = [
        status(Item::Books, ItemState::Accepting, None),
        status(Item::Food, ItemState::Urgent, None),
        status(Item::MedicalSupplies, ItemState::Full, Some(until_the_end_of(2026, 11, 24))),
    ];
    for cell in [
        "books; food=urgent; medical_supplies=full@2026-11-24",
        "图书、食品=急需、医疗用品=已满@2026-11-24、",
        "Books|Food : URGENT|Medical supplies:Full @ 2026-11-24",
        "图书\u{ff1b}食品\u{ff1a}急需\u{ff0c}医疗用品\u{ff1d}已满\u{ff20}2026-11-24",
        "图书=接收,食品=urgent,medical-supplies=已满@2026-11-24",
    ] {
        assert_eq!(only(&with_items(cell)).items.as_deref(), Some(expected.as_slice()), "{cell}");
    }
    for cell in ["无", "none", " NONE "] {
        assert_eq!(only(&with_items(cell)).items, Some(Vec::new()), "{cell}");
    }
}

#[test]
fn a_sample_is_marked_in_many_ways() {
    for (cell, sample) in [("TRUE", true), ("1", true), ("是", true), ("Yes", true), ("\u{ff11}", true)] {
        assert_eq!(only(&format!("{HEADER}{}", row_with(&[(10, cell)]))).sample, sample, "{cell}");
    }
    for cell in ["false", "0", "否", "NO", " "] {
        assert!(!only(&format!("{HEADER}{}", row_with(&[(10, cell)]))).sample, "{cell}");
    }
}

#[test]
fn twenty_thousand_rows_are_read() {
    let mut text = HEADER.to_owned();
    for number in 0..MAX_ROWS {
        text.push_str(&row_with(&[(0, &format!("p-{number}")), (9, "图书、食品=急需@2026-12-31")]));
        text.push('\n');
    }
    let before = std::time::Instant::now();
    let table = read_table(&text, now());
    assert_eq!((table.rows.len(), table.count, table.faults.len()), (MAX_ROWS, MAX_ROWS, 0));
    assert!(before.elapsed().as_secs() < 5, "a few hundredths of a second on an idle machine");
}
