use super::*;

fn code_of(index: usize, cell: &str) -> Vec<&'static str> {
    let text = format!("{HEADER}{}", row_with(index, cell));
    faults(&text).into_iter().map(|(_, _, code)| code).collect()
}

#[test]
fn columns_stand_in_any_order_under_any_of_their_names() {
    assert_eq!(only(&format!("{HEADER}{GOOD}")), good());
    let chinese = "开放,月费(元),编号,名称,经度,纬度,类型,床位数\n1,5000.50,a-1,样例,121.49,31.24,红|pale_blue,\u{ff11}\u{ff12}";
    assert_eq!(only(chinese), good());
    let loose = HEADER.replace("id,", " \u{ff29}\u{ff24} ,").replace("full_name", "Full-Name");
    assert_eq!(only(&format!("{loose}{GOOD}")), good());
    assert_eq!(only(&format!("{loose}{GOOD}").replace("Full-Name", "TITLE")), good());
    assert_eq!(only(&format!("{HEADER}{GOOD}").replace("fee", "月费（元）")), good());
    let few = only("编号,名称\na-1,样例\n");
    assert_eq!((few.fee, few.places, few.kinds, few.is_open), (None, None, None, None));
}

#[test]
fn semicolons_and_tabs_separate_where_the_header_has_no_comma() {
    for separator in [";", "\t"] {
        let text = format!("\n{HEADER}{GOOD}").replace(',', separator);
        assert_eq!(only(&text), good(), "{separator:?}");
    }
}

#[test]
fn money_is_yuan_with_at_most_two_decimals() {
    for (cell, fen) in [
        ("0", 0),
        ("5000", 500_000),
        ("0.5", 50),
        ("0.05", 5),
        ("\u{ff15}\u{ff0e}20", 520),
        ("100000.00", 10_000_000),
    ] {
        assert_eq!(only(&format!("{HEADER}{}", row_with(2, cell))).fee, Some(fen), "{cell}");
    }
    for cell in ["5.", ".5", "5.000", "\"5,000\"", "5 000", "-5", "+5", "1e3", "5元", "¥5", "5.0.0", "NaN"]
    {
        assert_eq!(code_of(2, cell), ["money"], "{cell}");
    }
    for cell in ["100000.01", "99999999999999999999", "92233720368547758.08"] {
        assert_eq!(code_of(2, cell), ["out_of_range"], "{cell}");
    }
    for (fen, text) in [(0, "0"), (500_000, "5000"), (500_050, "5000.50"), (5, "0.05"), (-5, "-0.05")] {
        assert_eq!(yuan_text(fen), text);
    }
    let range = things(&format!("{HEADER}{}", row_with(2, "100001"))).faults.remove(0).message;
    assert_eq!(range.en, "This has to be 0 to 100000 yuan.");
}

#[test]
fn integers_lie_in_their_range() {
    for cell in ["1.0", "1e2", "+1", "一", "- 1", "0x1"] {
        assert_eq!(code_of(3, cell), ["number"], "{cell}");
    }
    for cell in ["101", "-1", "99999999999999999999"] {
        assert_eq!(code_of(3, cell), ["out_of_range"], "{cell}");
    }
    assert_eq!(integer(-5..=5)("-5"), Ok(-5));
}

#[test]
fn words_of_a_list_are_read_in_both_languages_and_any_punctuation() {
    for cell in [
        "red; Pale Blue",
        "红、淡蓝、",
        "\u{ff32}ed\u{ff1b}pale-blue",
        "red\u{ff0c}淡蓝",
        "\"红,淡蓝\"",
        "红\u{ff5c}淡蓝",
    ] {
        assert_eq!(only(&format!("{HEADER}{}", row_with(4, cell))), good(), "{cell}");
    }
    for (cell, kinds) in [("", None), ("无", Some(Vec::new())), (" NONE ", Some(Vec::new()))] {
        assert_eq!(only(&format!("{HEADER}{}", row_with(4, cell))).kinds, kinds, "{cell}");
    }
    assert_eq!(code_of(4, "red、红、淡蓝"), ["count"]);
    assert_eq!(code_of(4, "red、红"), ["repeated"]);
    assert_eq!(code_of(4, "green、blue"), ["unknown_value", "unknown_value"]);
    assert_eq!(code_of(4, "、;"), ["count"]);
    assert_eq!((joined(["红", "淡蓝"]), joined([""; 0])), ("红、淡蓝".to_owned(), "无".to_owned()));
}
