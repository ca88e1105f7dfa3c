use super::*;

#[test]
fn a_file_without_content_is_a_fault_and_a_header_alone_is_an_empty_table() {
    for text in ["", "\u{feff}", "\r\n\n", " , ,\n"] {
        expect(text, &[(1, "", "empty")]);
    }
    let table = things(HEADER);
    assert_eq!((table.rows, table.faults, table.count), (vec![], vec![], 0));
}

#[test]
fn faults_of_the_header_are_listed_and_no_row_is_judged() {
    let text = "编号, Colour ,id,,fee\nwrong,,,,x\n";
    expect(
        text,
        &[
            (1, "Colour", "unknown_column"),
            (1, "id", "repeated_column"),
            (1, "", "unknown_column"),
            (1, "full_name", "missing_column"),
        ],
    );
    assert_eq!(things(text).count, 0);
}

#[test]
fn a_header_of_thousands_of_columns_gives_few_faults() {
    assert_eq!(faults(&"x,".repeat(10_000)).len(), 32 + 2);
    let (_, column, _) = faults(&"x".repeat(10_000)).remove(0);
    assert_eq!(column.len(), 64);
}

#[test]
fn an_id_that_stands_twice_names_the_first_line_also_of_a_faulty_row() {
    let text = format!("{HEADER}{}\n{GOOD}\n{GOOD}\n", row_with(1, ""));
    expect(&text, &[(2, "full_name", "required"), (3, "id", "repeated"), (4, "id", "repeated")]);
    let table = things(&text);
    assert!(table.rows.is_empty());
    assert!(table.faults.iter().skip(1).all(|fault| fault.message.en.contains("Line 2")));
}

#[test]
fn line_numbers_are_those_of_an_editor() {
    let bad = row_with(2, "x");
    for end in ["\n", "\r\n", "\r"] {
        let two_lines = row_with(1, "\"一\n二\"");
        let lines = ["", HEADER.trim(), "", &two_lines, "  ", ",,,,,,,", &bad, "", "", &bad];
        // The broken cell takes two lines itself.
        expect(
            &lines.join(end),
            &[
                (4, "full_name", "characters"),
                (8, "id", "repeated"),
                (8, "fee", "money"),
                (11, "id", "repeated"),
                (11, "fee", "money"),
            ],
        );
    }
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_a_fault_of_the_row_where_it_stands() {
    expect(&format!("{HEADER}{GOOD}\n{}\n{GOOD}\n", row_with(1, "\"样例")), &[(3, "", "fields")]);
}

#[test]
fn a_rule_beyond_the_cells_names_the_columns_of_the_file() {
    let text = "编号,名称,费\na-1,样例,1\nb-2,,\n".replace(",费", ",FEE");
    let mut table = things(&format!("{text}c-3,样例,2\nd-4,样例,\n"));
    let fault = || Rejection::new("outside", "", "");
    table.judge(|thing| {
        let fee = (thing.fee == Some(100)).then(|| ("fee", fault()));
        fee.into_iter().chain((thing.id == "d-4").then(|| ("id", fault())))
    });
    table.judge(|thing| (thing.id == "a-1").then(|| ("places", fault())));
    let found: Vec<_> = table.faults.iter().map(|fault| (fault.line, fault.column.as_str())).collect();
    assert_eq!(found, [(2, "FEE"), (3, "名称"), (5, "编号")], "what is refused once isn't judged again");
    let good: Vec<_> = table.rows.iter().map(|(line, thing)| (*line, thing.id.as_str())).collect();
    assert_eq!((good, table.count), (vec![(4, "c-3")], 4));
    let fault = Fault::from(RowFault::new(2, "a/b~c", fault()));
    assert_eq!(fault.pointer, "/2/a~1b~0c");
}

#[test]
fn a_row_that_notes_a_fault_and_builds_all_the_same_is_no_good_one() {
    let table = read("编号,名称\na,b\n", COLUMNS, |row| {
        row.reject("full_name", Rejection::new("odd", "", ""));
        Some(())
    });
    assert_eq!((table.rows.len(), table.faults[0].code), (0, "odd"));
}

#[test]
fn a_file_has_at_most_twenty_thousand_rows_and_one_that_is_faulty_all_over_names_each() {
    let file = |rows: usize, rest: &str| {
        (0..rows).fold(HEADER.to_owned(), |file, n| file + &format!("r-{n},{rest}\n"))
    };
    let good = things(&file(MAX_ROWS, "样例,,,,,,"));
    assert_eq!((good.rows.len(), good.count, good.faults.len()), (MAX_ROWS, MAX_ROWS, 0));
    let more = things(&file(MAX_ROWS + 1, "样例,,,,,,"));
    assert_eq!((more.faults[0].line, more.faults[0].code), (20_002, "too_many_rows"));
    assert_eq!((more.rows.len(), more.count, more.faults.len()), (0, MAX_ROWS + 1, 1));
    let bad = things(&file(MAX_ROWS, ",x,x,x,,,x"));
    assert!((MANY_FAULTS..MANY_FAULTS + MAX_ROWS).contains(&bad.faults.len()), "{}", bad.faults.len());
    assert_eq!(bad.faults.last().unwrap().line, 20_001);
}
