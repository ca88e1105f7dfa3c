use std::path::Path;

use rusqlite::{Connection, params};
use shared::store::{statements, unless};

use crate::app::MIGRATIONS;

fn migrated() -> Connection {
    let database = Connection::open_in_memory().unwrap();
    // A holder that dies leaves an unfinished file, and the next one runs it from its start.
    for migration in MIGRATIONS.iter().chain(MIGRATIONS) {
        for statement in statements(migration.sql) {
            if unless(statement).is_some_and(|done| database.prepare(done).unwrap().exists([]).unwrap()) {
                continue;
            }
            database.execute_batch(statement).unwrap_or_else(|error| panic!("{}: {error}", migration.name));
        }
    }
    database
}

fn add_point(database: &Connection, id: &str) {
    let sql = include_str!("../../sql/put_point.sql");
    let items =
        r#"[{"item":"books","state":"accepting","until":null},{"item":"toys","state":"full","until":500}]"#;
    let put = params![
        id,
        "样例",
        "样例",
        "310101002",
        "样例",
        31.2,
        121.47,
        "021",
        "{}",
        items,
        1,
        "wtw3sj",
        "样 例",
        100,
        "s",
        "310101002"
    ];
    database.query_row(sql, put, |_| Ok(())).unwrap();
}

fn pledge(database: &Connection, reference: &str, lines: &str, now: i64) -> rusqlite::Result<usize> {
    let sql = include_str!("../../sql/make_pledge.sql");
    let mut statement = database.prepare(sql)?;
    let mut rows = statement.query(params![reference, "t", "p", b"x", lines, now])?;
    let mut made = 0;
    while rows.next()?.is_some() {
        made += 1;
    }
    Ok(made)
}

fn step(database: &Connection, id: &str, after: i64, kind: &str, lines: &str) -> usize {
    let sql = include_str!("../../sql/take_step.sql");
    let nothing = None::<String>;
    let all =
        params![id, "G1", after, kind, kind, 200, "s", "here", lines, nothing, nothing, nothing, nothing];
    let mut statement = database.prepare(sql).unwrap();
    let mut rows = statement.query(all).unwrap();
    let mut taken = 0;
    while rows.next().unwrap().is_some() {
        taken += 1;
    }
    taken
}

fn number(database: &Connection, sql: &str) -> i64 {
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn every_migration_can_be_run_twice_and_every_statement_fits_its_tables() {
    let database = migrated();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql");
    let mut checked = 0;
    for file in std::fs::read_dir(own).unwrap() {
        let file = file.unwrap().path();
        let sql = std::fs::read_to_string(&file).unwrap();
        database.prepare(&sql).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        checked += 1;
    }
    assert!(checked > 20, "{checked}");
}

#[test]
fn every_change_of_a_point_is_a_new_version_of_its_cells_and_counts_them() {
    let database = migrated();
    add_point(&database, "p");
    add_point(&database, "q");
    let cell = "SELECT points FROM cell WHERE id = 'wtw3sj'";
    assert_eq!((number(&database, cell), number(&database, "SELECT max(version) FROM cell")), (2, 2));
    database.execute("UPDATE point SET cell = 'wtw3sk' WHERE id = 'q'", []).unwrap();
    assert_eq!(number(&database, cell), 1);
    assert_eq!(number(&database, "SELECT count(*) FROM cell WHERE version > 2 AND points = 1"), 2);
    database.execute("UPDATE point SET removed_at = 1 WHERE id = 'p'", []).unwrap();
    assert_eq!(number(&database, cell), 0);
    database.execute("UPDATE point SET removed_at = NULL WHERE id = 'p'", []).unwrap();
    assert_eq!(number(&database, cell), 1);
    assert_eq!(number(&database, "SELECT count(*) FROM point_text WHERE words MATCH '样'"), 2);
}

#[test]
fn a_pledge_is_made_only_of_what_the_point_takes_then() {
    let database = migrated();
    add_point(&database, "p");
    let toys = r#"[{"item":"toys","quantity":2}]"#;
    assert_eq!(pledge(&database, "G1", toys, 499).unwrap(), 0, "full");
    assert_eq!(pledge(&database, "G1", r#"[{"item":"food","quantity":2}]"#, 499).unwrap(), 0, "not listed");
    assert_eq!(number(&database, "SELECT count(*) FROM pledge"), 0);
    assert_eq!(pledge(&database, "G1", toys, 500).unwrap(), 1, "no longer full");
    assert_eq!(number(&database, "SELECT pledged FROM pledge_item WHERE reference = 'G1'"), 2);
    assert_eq!(number(&database, "SELECT count(*) FROM pledge_step"), 1);
    assert_eq!(pledge(&database, "G1", toys, 501).unwrap(), 0, "a repetition meets its own row");
}

#[test]
fn a_step_is_taken_once_after_the_step_it_was_decided_after_and_never_moves_more_than_is_left() {
    let database = migrated();
    add_point(&database, "p");
    pledge(&database, "G1", r#"[{"item":"books","quantity":5}]"#, 100).unwrap();
    let books = |quantity: i64| format!(r#"[{{"item":"books","quantity":{quantity}}}]"#);
    assert_eq!(step(&database, "a", 1, "received", &books(4)), 1);
    assert_eq!(step(&database, "b", 1, "received", &books(4)), 0, "decided after a step that isn't the last");
    assert_eq!(step(&database, "a", 2, "received", &books(4)), 0, "the same id");
    assert_eq!(step(&database, "c", 2, "sorted", &books(5)), 0, "four were received");
    assert_eq!(step(&database, "c", 2, "sorted", &books(3)), 1);
    assert_eq!(step(&database, "d", 3, "dispatched", &books(4)), 0);
    assert_eq!(
        step(&database, "d", 3, "dispatched", r#"[{"item":"toys","quantity":1}]"#),
        0,
        "never received"
    );
    assert_eq!(step(&database, "d", 3, "dispatched", &books(2)), 1);
    assert_eq!(step(&database, "e", 4, "dispatched", &books(2)), 0, "one is left");
    let tally = "SELECT sum(quantity) FROM tally WHERE kind = 'dispatched' AND item = 'books'";
    assert_eq!(number(&database, tally), 2);
    let beyond = database.execute("UPDATE pledge_item SET delivered = 3 WHERE reference = 'G1'", []);
    assert!(beyond.is_err(), "the table itself refuses");
}

#[test]
fn an_import_is_one_statement_that_adds_changes_and_keeps_items() {
    let database = migrated();
    add_point(&database, "p");
    let row = |id: &str, items: &str| {
        format!(r#"["{id}","新","样例","310101002","样例",31.2,121.47,"021","{{}}",{items},1,"wtw3sk","新"]"#)
    };
    let rows = format!("[{},{}]", row("p", "null"), row("n", r#""[]""#));
    let stage = |id: &str| {
        let sql = include_str!("../../sql/stage_rows.sql");
        database.execute(sql, params![id, 0, 300, rows]).unwrap()
    };
    let sql = include_str!("../../sql/import_points.sql");
    let run = |id: &str, area: &str| {
        let mut statement = database.prepare(sql).unwrap();
        let mut rows = statement.query(params![id, 300, "s", 2, area]).unwrap();
        rows.next().unwrap().map(|row| [0, 1, 2].map(|column| row.get::<_, i64>(column).unwrap()))
    };
    assert_eq!(run("i1", "310101"), None, "nothing is staged");
    assert_eq!((stage("i1"), stage("i1")), (1, 0), "staging twice is staging once");
    assert_eq!(number(&database, "SELECT count(*) FROM point"), 1, "nobody sees it yet");
    assert_eq!(run("i1", "310104"), None, "p lies in another district");
    assert_eq!(run("i1", "310101"), Some([1, 1, 0]));
    assert_eq!(run("i1", "310101"), None, "the same import");
    stage("i2");
    assert_eq!(run("i2", "31"), Some([0, 2, 0]), "the same file again");
    assert_eq!(number(&database, "SELECT count(*) FROM point WHERE name = '新' AND confirmed_at = 300"), 2);
    assert_eq!(number(&database, "SELECT json_array_length(items) FROM point WHERE id = 'p'"), 2);
    assert_eq!(number(&database, "SELECT json_array_length(items) FROM point WHERE id = 'n'"), 0);
    assert_eq!(number(&database, "SELECT count(*) FROM point_text WHERE words MATCH '新'"), 2);
    assert_eq!(number(&database, "SELECT points FROM cell WHERE id = 'wtw3sj'"), 0);
    assert_eq!(number(&database, "SELECT count(*) FROM point_import_part"), 0, "emptied");

    database.execute("UPDATE point SET removed_at = 1 WHERE id = 'p'", []).unwrap();
    let compare = |area: &str| {
        let sql = include_str!("../../sql/compare_import.sql");
        let ids = r#"["p", "n", "unknown"]"#;
        database
            .query_row(sql, [ids, area], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)))
            .unwrap()
    };
    assert_eq!(compare("310101"), (2, 1, "[]".to_owned()));
    assert_eq!(compare("310104"), (0, 0, r#"["p","n"]"#.to_owned()));
    stage("i3");
    assert_eq!(run("i3", "31"), Some([0, 2, 1]), "p comes back");
    assert_eq!(number(&database, "SELECT restored FROM point_import WHERE id = 'i3'"), 1);
    assert_eq!(number(&database, "SELECT count(*) FROM point WHERE removed_at IS NULL"), 2);
}
