use super::*;

/// Line, column and code of every fault.
fn faults(text: &str) -> Vec<(u64, String, &'static str)> {
    read_table(text, now()).faults.into_iter().map(|fault| (fault.line, fault.column, fault.code)).collect()
}

/// The faults of a row that differs from the good one in these cells.
fn of_row(changes: &[(usize, &str)]) -> Vec<(String, &'static str)> {
    let text = format!("{HEADER}{}", row_with(changes));
    faults(&text).into_iter().map(|(_, column, code)| (column, code)).collect()
}

fn of_cell(index: usize, cell: &str) -> Vec<&'static str> {
    of_row(&[(index, cell)]).into_iter().map(|(_, code)| code).collect()
}

fn expect(text: &str, expected: &[(u64, &str, &str)]) {
    let found = faults(text);
    let found: Vec<_> = found.iter().map(|(line, column, code)| (*line, column.as_str(), *code)).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn faults_of_the_header_are_listed_and_no_row_is_judged() {
    let text = "编号,name, Colour ,名称,,address,lat,lon,phone\nwrong,,,,,,,\n";
    expect(
        text,
        &[
            (1, "Colour", "unknown_column"),
            (1, "名称", "repeated_column"),
            (1, "", "unknown_column"),
            (1, "operator", "missing_column"),
            (1, "division_code", "missing_column"),
            (1, "hours", "missing_column"),
        ],
    );
    assert_eq!(read_table(text, now()).count, 0);
}

#[test]
fn every_fault_of_every_row_is_listed() {
    let text = format!(
        "{}{GOOD}\n\nP 1,,\"a\nb\",310000,{},x,,12,never,图书、图书,perhaps\np-2,1\n{GOOD},\n",
        HEADER.replace("id,", "编号,"),
        "路".repeat(201),
    );
    expect(
        &text,
        &[
            (4, "编号", "id"),
            (4, "name", "required"),
            (4, "operator", "characters"),
            (4, "division_code", "division_code"),
            (4, "address", "length"),
            (4, "lat", "number"),
            (4, "lon", "required"),
            (4, "phone", "phone"),
            (4, "hours", "hours"),
            (4, "items", "repeated"),
            (4, "sample", "unknown_value"),
            (6, "", "fields"),
            (7, "", "fields"),
        ],
    );
    let table = read_table(&text, now());
    assert_eq!((table.rows.len(), table.count), (1, 4));
}

#[test]
fn cells_are_judged_one_by_one() {
    for id in ["P-1", "p_1", "点", "a b", &"x".repeat(41)] {
        assert_eq!(of_cell(0, id), ["id"], "{id}");
    }
    for name in ["a\0b", "\u{7}", "\"a\r\nb\""] {
        assert_eq!(of_cell(1, name), ["characters"], "{name:?}");
    }
    assert_eq!(of_cell(2, &"单".repeat(81)), ["length"]);
    for code in ["310000", "310199", "110101", "310101013000", "3.10101E+11"] {
        assert_eq!(of_cell(3, code), ["division_code"], "{code}");
    }
    for number in ["NaN", "inf", "1e999", "31°", "\"31,24\""] {
        assert_eq!(of_cell(5, number), ["number"], "{number}");
    }
    for phone in ["12", "abc", "+86", "'+86", "021/63210000"] {
        assert_eq!(of_cell(7, phone), ["phone"], "{phone}");
    }
    assert_eq!(of_cell(8, "sometimes"), ["hours"]);
}

#[test]
fn a_position_elsewhere_is_refused_and_a_swapped_one_is_told() {
    assert_eq!(
        of_row(&[(5, "39.9"), (6, "116.4")]),
        [("lat".into(), "outside_city"), ("lon".into(), "outside_city")]
    );
    assert_eq!(of_row(&[(6, "120")]), [("lon".into(), "outside_city")]);
    assert_eq!(of_row(&[(5, ""), (6, "120")]), [("lat".into(), "required"), ("lon".into(), "outside_city")]);
    let swapped = format!("{HEADER}{}", row_with(&[(5, "121.49"), (6, "31.24")]));
    let table = read_table(&swapped, now());
    assert_eq!(table.faults.len(), 2);
    assert!(table.faults.iter().all(|fault| fault.message.en.contains("changed places")));
}

#[test]
fn every_entry_of_the_items_is_judged() {
    for (cell, codes) in [
        ("diamonds", vec!["unknown_value"]),
        ("books=maybe", vec!["unknown_value"]),
        ("图书=已满@2026-11-23", vec!["past"]),
        ("图书=已满@2026-11-31", vec!["date"]),
        ("图书=已满@2027-11-25", vec![]),
        ("图书=已满@2027-11-26", vec!["out_of_range"]),
        ("图书=已满@", vec!["date"]),
        ("图书=接收@2026-12-31", vec!["until"]),
        ("图书@2026-12-31", vec!["until"]),
        (
            "=、图书、钻石、图书=急需、食品=已满@2020-01-01",
            vec!["unknown_value", "unknown_value", "repeated", "past"],
        ),
        ("、;", vec!["count"]),
        ("图书、图书、图书、图书、图书、图书、图书、图书、图书、图书、图书", vec!["count"]),
    ] {
        assert_eq!(of_cell(9, cell), codes, "{cell}");
    }
}
