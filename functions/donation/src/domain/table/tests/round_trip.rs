use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{select, subsequence},
};

use shared::table::{Writer, decode};

use super::*;

fn text(length: usize) -> impl Strategy<Value = String> {
    // Quotation marks, separators and what begins a formula, more often than chance has them.
    let special = select(vec!["'", "=", "+", "-", "@", "\"", ",", ";", "\u{ff1d}", "\u{feff}", "中", " "]);
    let piece = prop_oneof![special.prop_map(str::to_owned), "\\PC"];
    vec(piece, 1..length).prop_filter_map("what the API would store", |pieces| {
        let text = pieces.concat().trim().to_owned();
        (!text.is_empty()).then_some(text)
    })
}

fn items() -> impl Strategy<Value = Vec<ItemStatus>> {
    let last_midnight = until_the_end_of(2026, 11, 23);
    let details = (select(ItemState::WORDS), option::of(1..=367_i64));
    let items = subsequence(Item::WORDS.to_vec(), 0..=10);
    (items, vec(details, 10)).prop_map(move |(items, details)| {
        let zipped = items.into_iter().zip(details);
        zipped
            .map(|((_, item), ((_, state), day))| {
                let day = day.filter(|_| state != ItemState::Accepting);
                ItemStatus { item, state, until: day.map(|day| last_midnight + day * 86_400) }
            })
            .collect()
    })
}

fn hours() -> impl Strategy<Value = OpeningHours> {
    select(vec!["Mo-Fr 09:00-17:00", "24/7", "Mo,We 09:00-11:30,13:00-16:00"])
        .prop_map(|text| OpeningHours::parse_text(text).unwrap())
}

prop_compose! {
    fn point()(
        id in "[a-z0-9-]{1,40}",
        (name, operator, address) in (text(80), text(80), text(200)),
        code in select(vec!["310101", "310101013", "310101013001"]),
        (lat, lon) in (30.677..=31.87_f64, 120.853..=122.009_f64),
        phone in "\\+?[0-9]{7,15}",
        hours in hours(),
        items in option::of(items()),
        sample in any::<bool>(),
    ) -> PointRow {
        let location = Position { lat, lon }.rounded();
        let division_code = DivisionCode::parse(code).unwrap();
        PointRow { id, name, operator, division_code, address, location, phone, hours: hours.into(), items, sample }
    }
}

fn written(rows: &[PointRow]) -> String {
    let mut file = Writer::new(POINT_COLUMNS).unwrap();
    rows.iter().for_each(|row| file.push(&point_cells(row.clone())).unwrap());
    String::from_utf8(file.finish().unwrap()).unwrap()
}

#[test]
fn a_file_has_a_mark_a_chinese_header_and_crlf() {
    let text = with_items("图书、食品=已满@2026-12-31");
    let rows = [only(&text)];
    let header = "编号,名称,运营单位,区划代码,地址,纬度,经度,电话,开放时间,接收物品,样例";
    let file = written(&rows);
    let lines: Vec<_> = file.split("\r\n").collect();
    assert_eq!(lines[0], format!("\u{feff}{header}"));
    assert!(
        lines[1].starts_with("p-1,爱心屋,黄浦区慈善会,310101013,中山东一路1号,31.24,121.49,021-63210000,")
    );
    assert!(lines[1].ends_with(",图书、食品=已满@2026-12-31,否"));
    assert_eq!(lines[2..], [""]);
}

#[test]
fn no_cell_is_a_formula_and_yet_it_comes_back() {
    let mut row = only(&format!("{HEADER}{GOOD}"));
    row.phone = "+8602163210000".to_owned();
    row.id = "-1".to_owned();
    for name in ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''=1", "'t Hof", "'", "\u{ff1d}1", "a=1"] {
        row.name = name.to_owned();
        let file = written(std::slice::from_ref(&row));
        let cells = file.lines().nth(1).unwrap().split(',');
        let formulas = cells.filter(|cell| cell.starts_with(['=', '+', '-', '@', '\u{ff1d}'])).count();
        assert_eq!(formulas, 0, "{file}");
        assert_eq!(only(&file), row);
    }
    // Whoever writes the apostrophe by hand means the spreadsheet's own.
    assert_eq!(only(&format!("{HEADER}{}", row_with(&[(1, "'=1")]))).name, "=1");
}

#[test]
fn nothing_taken_differs_from_nothing_said() {
    let mut row = only(&format!("{HEADER}{GOOD}"));
    for items in [None, Some(Vec::new())] {
        row.items = items;
        assert_eq!(only(&written(std::slice::from_ref(&row))), row);
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(mut rows in vec(point(), 0..8)) {
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        rows.dedup_by(|a, b| a.id == b.id);
        let table = read_table(&written(&rows), now());
        prop_assert_eq!(table.faults, []);
        let read: Vec<_> = table.rows.into_iter().map(|(_, row)| row).collect();
        prop_assert_eq!(read, rows);
    }

    #[test]
    fn no_bytes_and_no_text_make_reading_panic(
        bytes in vec(any::<u8>(), 0..400),
        cells in vec(select(vec![",", "\n", "\r", "\"", "'", "=", "@", "图书", "2026-12-31", "\0", "31", "p"]), 0..200),
        now in any::<i64>(),
    ) {
        for charset in [None, Some("utf-8"), Some("gbk")] {
            if let Ok(text) = decode(&bytes, charset) {
                let _ = read_table(&text, now);
                let _ = read_table(&format!("{HEADER}{text}"), now);
            }
        }
        let table = read_table(&format!("{HEADER}{}", cells.concat()), now);
        prop_assert!(table.rows.len() <= table.count);
    }

    #[test]
    fn no_items_cell_makes_reading_panic(cell in "(图书|food|=|@|:|2026-12-31|、|;|\\PC){0,12}") {
        let _ = read_table(&with_items(&cell.replace('"', "")), now());
    }
}
