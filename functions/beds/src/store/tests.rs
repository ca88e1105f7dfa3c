use std::path::Path;

use rusqlite::{Connection, params};
use shared::store::statements;

use crate::app::MIGRATIONS;

fn migrated() -> Connection {
    let database = Connection::open_in_memory().unwrap();
    // A holder that dies leaves an unfinished file, and the next one runs it from its start.
    for migration in MIGRATIONS.iter().chain(MIGRATIONS) {
        for statement in statements(migration.sql) {
            database.execute_batch(statement).unwrap_or_else(|error| panic!("{}: {error}", migration.name));
        }
    }
    database
}

const TWO_ROOMS: &str = r#"[{"room_type":"single","care_levels":15,"monthly_fen":500000,"maximum":3,"occupied":1},
    {"room_type":"double","care_levels":112,"monthly_fen":300000,"maximum":0,"occupied":0}]"#;
const ONE_ROOM: &str =
    r#"[{"room_type":"single","care_levels":3,"monthly_fen":400000,"maximum":99,"occupied":99}]"#;

/// Rows that a statement gives.
fn rows(database: &Connection, sql: &str, parameters: impl rusqlite::Params) -> usize {
    let mut statement = database.prepare(sql).unwrap();
    let mut rows = statement.query(parameters).unwrap();
    let mut count = 0;
    while rows.next().unwrap().is_some() {
        count += 1;
    }
    count
}

fn put(database: &Connection, rooms: &str, now: i64) -> usize {
    let sql = include_str!("../../sql/put_institution.sql");
    let values = params![
        "h",
        "样例",
        "样例",
        "310101013",
        "样例",
        31.2,
        121.47,
        "021",
        "private",
        "[]",
        rooms,
        1,
        "wtw3sj",
        now,
        "s",
        "310101013",
        1
    ];
    rows(database, sql, values)
}

fn set(database: &Connection, version: i64, maximum: i64, occupied: i64, now: i64) -> usize {
    let sql = include_str!("../../sql/set_counts.sql");
    rows(database, sql, params!["h", "single", version, maximum, occupied, now, "s"])
}

fn apply(database: &Connection, reference: &str, person: &str, precedence: i64, now: i64) -> usize {
    let sql = include_str!("../../sql/make_application.sql");
    let wanted = r#"[{"institution":"h","room_type":"single"}]"#;
    rows(database, sql, params![reference, "t", person, "310101", 2, precedence, b"x", wanted, now])
}

/// A step in the single room after the step of this number.
fn step(
    database: &Connection,
    id: &str,
    (reference, after): (&str, i64),
    what: (&str, &str),
    now: i64,
) -> usize {
    let sql = include_str!("../../sql/take_step.sql");
    let (kind, reason) = what;
    let (status, reserved, occupied) = match kind {
        "offered" => ("offered", 1, 0),
        "accepted" => ("accepted", -1, 1),
        "declined" => ("waiting", -1, 0),
        "admitted" => ("admitted", 0, 0),
        "discharged" => ("discharged", 0, -1),
        other => panic!("{other}"),
    };
    let reason = (!reason.is_empty()).then_some(reason);
    let setback = if kind == "declined" { 1_000 } else { 0 };
    let values = params![
        id,
        reference,
        after,
        kind,
        status,
        now,
        "s",
        "f",
        "h",
        "single",
        now + 100,
        reserved,
        occupied,
        reason,
        setback
    ];
    rows(database, sql, values)
}

fn number(database: &Connection, sql: &str) -> i64 {
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}

fn counts(database: &Connection) -> [i64; 5] {
    let sql = "SELECT maximum, occupied, reserved, available, placed FROM room WHERE room_type = 'single'";
    database.query_row(sql, [], |row| Ok([0, 1, 2, 3, 4].map(|column| row.get(column).unwrap()))).unwrap()
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
    assert!(checked > 25, "{checked}");
}

#[test]
fn its_own_table_of_probes_fits_what_limits_ask_of_it() {
    let database = migrated();
    let note = include_str!("../../../../shared/sql/note_probe.sql");
    for at in [100, 200] {
        assert_eq!(database.execute(note, params!["application", "c", at]).unwrap(), 1);
    }
    let count = include_str!("../../../../shared/sql/count_probes.sql");
    let (probes, oldest): (i64, i64) = database
        .query_row(count, params!["application", "c", 100], |row| {
            Ok((row.get("probes")?, row.get("oldest")?))
        })
        .unwrap();
    assert_eq!((probes, oldest), (1, 200));
}

#[test]
fn rooms_follow_what_is_said_of_their_institution_and_keep_their_counts() {
    let database = migrated();
    assert_eq!(put(&database, TWO_ROOMS, 100), 1);
    assert_eq!(counts(&database), [3, 1, 0, 2, 0]);
    assert_eq!(put(&database, ONE_ROOM, 200), 1, "nobody lies in the double room");
    assert_eq!(counts(&database), [3, 1, 0, 2, 0], "the counts of a known room stay");
    assert_eq!(number(&database, "SELECT monthly_fen FROM room"), 400_000);
    assert_eq!(
        number(&database, "SELECT confirmed_at FROM room"),
        100,
        "saying what a room is confirms no count"
    );
    let double = r#"[{"room_type":"double","care_levels":1,"monthly_fen":1,"maximum":1,"occupied":0}]"#;
    assert_eq!(put(&database, double, 300), 0, "somebody lies in the single room");
    assert_eq!(number(&database, "SELECT count(*) FROM room"), 1);
    let remove = include_str!("../../sql/remove_institution.sql");
    assert_eq!(rows(&database, remove, params!["h", "310101013", 400, "s"]), 0);
    assert_eq!(set(&database, 2, 3, 0, 400), 1);
    assert_eq!(rows(&database, remove, params!["h", "310101013", 400, "s"]), 1);
    assert_eq!(number(&database, "SELECT count(*) FROM room"), 0);
    assert_eq!(number(&database, "SELECT points FROM cell WHERE id = 'wtw3sj'"), 0);
}

#[test]
fn counts_change_only_from_the_version_that_was_seen_and_only_to_what_fits() {
    let database = migrated();
    put(&database, TWO_ROOMS, 100);
    assert_eq!(set(&database, 3, 5, 1, 200), 0, "not this version");
    assert_eq!(set(&database, 2, 5, 1, 200), 1);
    assert_eq!(set(&database, 2, 6, 1, 200), 0, "once");
    assert_eq!(counts(&database), [5, 1, 0, 4, 0]);
    assert_eq!(apply(&database, "P1", "p1", 1, 200), 1);
    assert_eq!(step(&database, "s1", ("P1", 1), ("offered", ""), 200), 1);
    assert_eq!(counts(&database), [5, 1, 1, 3, 0]);
    assert_eq!(set(&database, 3, 9, 1, 300), 0, "an offer is a new version");
    assert_eq!(set(&database, 4, 2, 2, 300), 0, "the bed that is kept has no place");
    assert_eq!(step(&database, "s2", ("P1", 2), ("accepted", ""), 250), 1);
    assert_eq!(counts(&database), [5, 2, 0, 3, 1]);
    assert_eq!(set(&database, 5, 5, 0, 300), 0, "whoever was placed here lies here");
    assert_eq!(set(&database, 5, 5, 1, 300), 1);
    for wrong in ["available = 5", "occupied = 6", "reserved = -1", "placed = 3"] {
        let changed = database.execute(&format!("UPDATE room SET {wrong} WHERE room_type = 'single'"), []);
        assert!(changed.is_err(), "the table itself refuses {wrong}");
    }
    let audit =
        "SELECT group_concat(action) FROM (SELECT action FROM audit WHERE subject = 'h' ORDER BY seq)";
    let actions: String = database.query_row(audit, [], |row| row.get(0)).unwrap();
    assert_eq!(actions, "institution.added,counts.changed,counts.changed");
}

#[test]
fn the_queue_goes_by_offers_passed_up_then_need_then_time() {
    let database = migrated();
    put(&database, TWO_ROOMS, 100);
    for (reference, precedence, at) in [("P1", 5, 10), ("P2", 1, 20), ("P3", 5, 20), ("P4", 1, 20)] {
        assert_eq!(apply(&database, reference, reference, precedence, at), 1);
    }
    let order = || -> String {
        let sql = "SELECT group_concat(reference) FROM (SELECT c.reference, c.positions ->> '$[0].position' AS position
                   FROM application_card AS c WHERE c.status = 'waiting' ORDER BY position)";
        database.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(order(), "P2,P4,P1,P3");
    assert_eq!(step(&database, "a", ("P4", 1), ("offered", ""), 100), 0, "P2 comes first");
    assert_eq!(step(&database, "a", ("P4", 1), ("offered", "an emergency"), 100), 1);
    assert_eq!(step(&database, "b", ("P2", 1), ("offered", ""), 100), 1);
    assert_eq!(step(&database, "c", ("P1", 1), ("offered", ""), 100), 0, "no bed is left");
    assert_eq!(step(&database, "d", ("P2", 2), ("declined", ""), 150), 1);
    assert_eq!(order(), "P1,P3,P2", "whoever passed up an offer waits behind the others");
    assert_eq!(step(&database, "c", ("P1", 1), ("offered", ""), 160), 1);
}

#[test]
fn whom_the_rooms_do_not_serve_is_in_nobodys_way() {
    let database = migrated();
    put(&database, TWO_ROOMS, 100);
    apply(&database, "P1", "p1", 1, 10);
    apply(&database, "P2", "p2", 5, 20);
    let assess = include_str!("../../sql/assess_application.sql");
    assert_eq!(rows(&database, assess, params!["P1", 5, "2026-11-02", 0, 30, "s"]), 1);
    assert_eq!(rows(&database, assess, params!["P1", 2, "2026-11-01", 0, 30, "s"]), 0, "an older assessment");
    assert_eq!(step(&database, "a", ("P1", 1), ("offered", ""), 100), 0, "the room serves up to level 3");
    assert_eq!(step(&database, "b", ("P2", 1), ("offered", ""), 100), 1);
    let place = "SELECT positions ->> '$[0].position' FROM application_card WHERE reference = 'P1'";
    assert_eq!(number(&database, place), 1);
}

#[test]
fn the_head_of_a_queue_is_found_by_the_index() {
    let database = migrated();
    let sql = format!("EXPLAIN QUERY PLAN {}", include_str!("../../sql/take_step.sql"));
    let mut statement = database.prepare(&sql).unwrap();
    let plan: Vec<String> = statement
        .query_map([None::<i64>; 15], |row| row.get("detail"))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let whole = "SEARCH q USING INDEX preference_queue (institution=? AND room_type=? AND (rank,no)<(?,?))";
    assert!(plan.iter().any(|line| line == whole), "{plan:#?}");
}

#[test]
fn an_offer_that_ran_out_frees_its_bed_once_and_cannot_be_accepted() {
    let database = migrated();
    put(&database, TWO_ROOMS, 100);
    apply(&database, "P1", "p1", 1, 100);
    step(&database, "a", ("P1", 1), ("offered", ""), 100);
    let expire = include_str!("../../sql/expire_offers.sql");
    assert_eq!(rows(&database, expire, params![199, 1_000]), 0);
    assert_eq!(step(&database, "b", ("P1", 2), ("accepted", ""), 200), 0);
    assert_eq!(rows(&database, expire, params![200, 1_000]), 1);
    assert_eq!(rows(&database, expire, params![200, 1_000]), 0);
    assert_eq!(counts(&database), [3, 1, 0, 2, 0]);
    assert_eq!(
        step(&database, "b", ("P1", 2), ("accepted", ""), 150),
        0,
        "decided after a step that isn't the last"
    );
    assert_eq!(number(&database, "SELECT setback FROM preference"), 1_000);
}

#[test]
fn a_person_waits_once_and_may_come_again_when_that_is_over() {
    let database = migrated();
    put(&database, TWO_ROOMS, 100);
    assert_eq!(apply(&database, "P1", "p", 1, 100), 1);
    assert_eq!(apply(&database, "P2", "p", 1, 100), 0);
    step(&database, "a", ("P1", 1), ("offered", ""), 100);
    step(&database, "b", ("P1", 2), ("accepted", ""), 110);
    step(&database, "c", ("P1", 3), ("admitted", ""), 120);
    assert_eq!(apply(&database, "P2", "p", 1, 130), 0, "whoever has a bed doesn't wait for another");
    step(&database, "d", ("P1", 4), ("discharged", ""), 140);
    assert_eq!(counts(&database), [3, 1, 0, 2, 0]);
    assert_eq!(apply(&database, "P2", "p", 1, 150), 1);
    let steps = database.execute("UPDATE application_step SET at = 0", []);
    assert!(steps.is_err(), "the timeline is append-only");
}

#[test]
fn an_opening_is_noted_where_beds_become_free_or_are_confirmed_after_long() {
    let database = migrated();
    let openings = || number(&database, "SELECT count(*) FROM opening");
    put(&database, TWO_ROOMS, 100);
    assert_eq!(openings(), 1, "the double room has no bed");
    assert_eq!(set(&database, 2, 3, 1, 200), 1);
    assert_eq!(openings(), 1, "confirmed within a day");
    assert_eq!(set(&database, 3, 3, 2, 300), 1);
    assert_eq!(openings(), 1, "fewer than before");
    assert_eq!(set(&database, 4, 3, 2, 300 + 86_401), 1);
    assert_eq!(openings(), 2, "they may have been stale");
    assert_eq!(set(&database, 5, 4, 2, 300 + 86_402), 1);
    assert_eq!(openings(), 3);
    let raise = include_str!("../../sql/raise_alerts.sql");
    let make = include_str!("../../sql/make_subscription.sql");
    let nothing = None::<String>;
    assert_eq!(
        rows(&database, make, params!["A1", "t", "{}", b"x", "p", 1, nothing, "", 1, 9_999_999, 5]),
        1
    );
    assert_eq!(rows(&database, raise, params![r#"[[1,"A1"]]"#]), 1);
    assert_eq!(rows(&database, raise, params![r#"[[1,"A1"]]"#]), 0, "once for each opening");
    let told = "SELECT count(*) FROM outbox WHERE type = 'beds.subscription.matched'";
    assert_eq!(number(&database, told), 1);
}

#[test]
fn an_import_is_one_statement_that_adds_changes_and_takes_no_bed_away() {
    let database = migrated();
    put(&database, TWO_ROOMS, 100);
    let row = |id: &str, rooms: &str| {
        let rooms = serde_json::to_string(rooms).unwrap();
        format!(
            r#"["{id}","新","样例","310101013","样例",31.2,121.47,"021","public","[]",{rooms},1,"wtw3sk"]"#
        )
    };
    let stage = |id: &str, rows: &str| {
        database.execute(include_str!("../../sql/stage_rows.sql"), params![id, 0, 300, rows]).unwrap()
    };
    let run = |id: &str, count: i64, area: &str| {
        rows(&database, include_str!("../../sql/import_institutions.sql"), params![id, 300, "s", count, area])
    };
    stage("i1", &format!("[{},{}]", row("h", ONE_ROOM), row("n", TWO_ROOMS)));
    assert_eq!(run("i1", 2, "310104"), 0, "another area");
    assert_eq!(run("i1", 2, "31"), 1);
    assert_eq!(run("i1", 2, "31"), 0, "the same import");
    assert_eq!(number(&database, "SELECT maximum FROM room WHERE institution = 'h'"), 3, "its counts stay");
    assert_eq!(number(&database, "SELECT count(*) FROM room WHERE institution = 'n'"), 2);
    let other = r#"[{"room_type":"triple","care_levels":1,"monthly_fen":1,"maximum":1,"occupied":0}]"#;
    stage("i2", &format!("[{}]", row("n", other)));
    assert_eq!(run("i2", 1, "31"), 0, "somebody lies in a room that would go");
    assert_eq!(number(&database, "SELECT points FROM cell WHERE id = 'wtw3sk'"), 2);
}

#[test]
fn searches_are_added_up_by_day_district_and_level() {
    let database = migrated();
    let add = include_str!("../../sql/add_demand.sql");
    for _ in 0..2 {
        database.execute(add, [r#"[[20000,"310101",3,5,2],[20000,"",0,1,0]]"#]).unwrap();
    }
    assert_eq!(number(&database, "SELECT searches FROM demand WHERE care_level = 3"), 10);
    assert_eq!(number(&database, "SELECT sum(without_vacancy) FROM demand"), 4);
}
