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

fn number(database: &Connection, sql: &str) -> i64 {
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}

const DETAIL: &str = r#"{"title":"t","field":"elder_care","address":"a","phone":"p","dangerous":false}"#;

/// A published opportunity with a shift from 1,000 to 8,200 for two people, one of whom more may wait.
fn published() -> Connection {
    let database = migrated();
    let put = include_str!("../../sql/put_organisation.sql");
    assert_eq!(rows(&database, put, params!["o", "O", "310104", "1", "", 1, 10, "s", "310104"]), 1);
    let draft = include_str!("../../sql/draft_opportunity.sql");
    let values = params!["J1", "o", "310104003", 31.2, 121.4, "wtw3sj", DETAIL, 1, 10, "s", "310104"];
    assert_eq!(rows(&database, draft, values), 1);
    let publish = include_str!("../../sql/publish_opportunity.sql");
    assert_eq!(rows(&database, publish, params!["J1", 20, "s", 1]), 0, "without a shift");
    let add = include_str!("../../sql/add_shifts.sql");
    let shifts = r#"[["H1",1000,8200,2,1],["H2",8000,9000,1,0]]"#;
    assert_eq!(rows(&database, add, params!["J1", shifts, 15, "s", 1]), 2);
    assert_eq!(rows(&database, publish, params!["J1", 20, "s", 1]), 1);
    database
}

fn register(database: &Connection, name: &str, person: &str) -> usize {
    let sql = include_str!("../../sql/register_volunteer.sql");
    rows(database, sql, params![name, name, person, b"x", "310104003", "[]", "[]", 30])
}

fn volunteers(database: &Connection, count: i64) {
    for n in 1..=count {
        assert_eq!(register(database, &format!("V{n}"), &format!("p{n}")), 1);
    }
}

fn sign_up(database: &Connection, id: &str, shift: &str, volunteer: i64, now: i64) -> usize {
    let sql = include_str!("../../sql/sign_up.sql");
    rows(database, sql, params![id, shift, volunteer, now, 1])
}

fn withdraw(database: &Connection, shift: &str, volunteer: i64, now: i64) -> usize {
    rows(database, include_str!("../../sql/withdraw_signup.sql"), params![shift, volunteer, now])
}

fn statuses(database: &Connection) -> Vec<String> {
    let mut statement = database.prepare("SELECT status FROM signup ORDER BY no").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Confirmed and waitlisted of the first shift.
fn counts(database: &Connection) -> (i64, i64) {
    let sql = "SELECT confirmed, waitlisted FROM shift WHERE id = 'H1'";
    database.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

fn begin(database: &Connection, id: &str, volunteer: i64, now: i64) -> usize {
    let sql = include_str!("../../sql/begin_record.sql");
    let none = None::<i64>;
    let reason = None::<String>;
    let values =
        params![id, "H1", volunteer, "checked_in", now, none, 0, 0, "checked_in", reason, now, "citizen"];
    rows(database, sql, values)
}

/// A step after the step of this number.
fn step(
    database: &Connection,
    (record, after): (&str, i64),
    (kind, status): (&str, &str),
    (minutes, counted): (i64, i64),
) -> usize {
    let sql = include_str!("../../sql/take_record_step.sql");
    let id = format!("{record}-{}", after + 1);
    let reason = (kind != "checked_out" && kind != "confirmed").then_some("other");
    let note = (kind == "disputed").then_some("sealed");
    let none = None::<i64>;
    let values =
        params![id, record, after, kind, status, 9_000, "s", minutes, counted, none, reason, none, note];
    rows(database, sql, values)
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
    assert!(checked > 40, "{checked}");
}

#[test]
fn a_shift_fills_then_its_waitlist_and_whoever_waits_moves_up_in_the_same_statement() {
    let database = published();
    volunteers(&database, 4);
    for (n, made) in [(1, 1), (2, 1), (3, 1), (4, 0)] {
        assert_eq!(sign_up(&database, &format!("U{n}"), "H1", n, 100), made, "{n}");
    }
    assert_eq!(
        (statuses(&database).as_slice(), counts(&database)),
        (["confirmed", "confirmed", "waitlisted"].map(str::to_owned).as_slice(), (2, 1))
    );
    assert_eq!(withdraw(&database, "H1", 1, 200), 1);
    assert_eq!(statuses(&database), ["withdrawn", "confirmed", "confirmed"]);
    assert_eq!(counts(&database), (2, 0));
    assert_eq!(number(&database, "SELECT count(*) FROM audit WHERE action = 'signup.promoted'"), 1);
    assert_eq!(withdraw(&database, "H1", 1, 200), 0, "once");
    assert_eq!(withdraw(&database, "H1", 2, 1_000), 0, "not once it has begun");
    assert_eq!(sign_up(&database, "U5", "H1", 4, 1_000), 0, "nor does anybody join then");
}

#[test]
fn nobody_has_two_shifts_at_once_also_where_they_only_wait() {
    let database = published();
    volunteers(&database, 3);
    for n in 1..=3 {
        assert_eq!(sign_up(&database, &format!("U{n}"), "H1", n, 100), 1);
    }
    assert_eq!(sign_up(&database, "U4", "H2", 3, 100), 0, "the third waits for the first shift");
    assert_eq!(withdraw(&database, "H1", 3, 110), 1);
    assert_eq!(sign_up(&database, "U5", "H2", 3, 120), 1);
    assert_eq!(sign_up(&database, "U6", "H1", 3, 120), 0);
}

#[test]
fn no_statement_gives_away_more_places_than_there_are() {
    let database = published();
    for wrong in ["confirmed = 3", "confirmed = -1", "waitlisted = 2", "ends_at = starts_at"] {
        let sql = format!("UPDATE shift SET {wrong} WHERE id = 'H1'");
        assert!(database.execute(&sql, []).is_err(), "{wrong}");
    }
}

#[test]
fn a_cancelled_shift_ends_every_sign_up_and_nobody_moves_up() {
    let database = published();
    volunteers(&database, 3);
    for n in 1..=3 {
        sign_up(&database, &format!("U{n}"), "H1", n, 100);
    }
    let sql = include_str!("../../sql/cancel_shift.sql");
    assert_eq!(rows(&database, sql, params!["H1", 200, "s"]), 1);
    assert_eq!(statuses(&database), ["cancelled"; 3]);
    assert_eq!(counts(&database), (0, 0));
    assert_eq!(rows(&database, sql, params!["H1", 200, "s"]), 0);
}

#[test]
fn an_entry_keeps_the_total_in_step_and_its_steps_for_ever() {
    let database = published();
    volunteers(&database, 1);
    sign_up(&database, "U1", "H1", 1, 100);
    assert_eq!(begin(&database, "E1", 1, 900), 1);
    assert_eq!(begin(&database, "E2", 1, 900), 0, "a shift counts once");
    assert_eq!(withdraw(&database, "H1", 1, 950), 0, "whoever checked in stays");
    let total = |database: &Connection| number(database, "SELECT total_minutes FROM volunteer");
    assert_eq!(step(&database, ("E1", 1), ("checked_out", "recorded"), (90, 0)), 1);
    assert_eq!(step(&database, ("E1", 1), ("confirmed", "confirmed"), (90, 90)), 0, "decided too early");
    assert_eq!(step(&database, ("E1", 2), ("confirmed", "confirmed"), (90, 90)), 1);
    assert_eq!(total(&database), 90);
    assert_eq!(step(&database, ("E1", 3), ("disputed", "disputed"), (90, 90)), 1);
    assert_eq!(step(&database, ("E1", 4), ("corrected", "confirmed"), (120, 120)), 1);
    assert_eq!(total(&database), 120);
    assert!(database.execute("UPDATE record_step SET minutes = 999", []).is_err());
    assert!(database.execute("UPDATE record_step SET note = 'other' WHERE kind = 'disputed'", []).is_err());
    assert!(database.execute("DELETE FROM record_step", []).is_err());
}

#[test]
fn nothing_counts_where_the_place_is_gone() {
    let database = published();
    volunteers(&database, 1);
    sign_up(&database, "U1", "H1", 1, 100);
    begin(&database, "E1", 1, 900);
    rows(&database, include_str!("../../sql/cancel_shift.sql"), params!["H1", 950, "s"]);
    assert_eq!(step(&database, ("E1", 1), ("corrected", "confirmed"), (60, 60)), 0);
    assert_eq!(step(&database, ("E1", 1), ("corrected", "confirmed"), (0, 0)), 1);
}

#[test]
fn whoever_withdraws_is_forgotten_gives_up_what_is_to_come_and_keeps_what_was_certified() {
    let database = published();
    volunteers(&database, 3);
    for n in 1..=3 {
        sign_up(&database, &format!("U{n}"), "H1", n, 100);
    }
    begin(&database, "E1", 2, 900);
    step(&database, ("E1", 1), ("corrected", "confirmed"), (60, 60));
    step(&database, ("E1", 2), ("disputed", "disputed"), (60, 60));
    let issue = include_str!("../../sql/issue_certificate.sql");
    let days = (None::<String>, "2026-01-01");
    let values = params!["K1", 2, b"n", 9_500, 0, 99_999_999, "", days.0, days.1];
    assert_eq!(rows(&database, issue, values), 1);
    let leave = include_str!("../../sql/withdraw_volunteer.sql");
    assert_eq!(rows(&database, leave, params![1, 500, "citizen"]), 1);
    assert_eq!(statuses(&database), ["withdrawn", "confirmed", "confirmed"], "the third moves up");
    assert_eq!(rows(&database, leave, params![2, 9_600, "citizen"]), 1);
    let left = "SELECT count(*) FROM volunteer WHERE status = 'withdrawn'
                AND coalesce(token_hash, person, secret) IS NULL AND division_code = '310104'";
    assert_eq!(number(&database, left), 2);
    assert_eq!(number(&database, "SELECT count(*) FROM record_step WHERE note IS NOT NULL"), 0);
    assert_eq!(
        number(&database, "SELECT count(*) FROM certificate WHERE name IS NULL AND total_minutes = 60"),
        1
    );
    assert_eq!(step(&database, ("E1", 3), ("disputed", "disputed"), (60, 60)), 0, "nothing is written after");
    assert_eq!(register(&database, "V9", "p2"), 1, "and may come back");
    assert_eq!(register(&database, "V10", "p2"), 0, "once");
}

#[test]
fn a_certificate_says_for_ever_what_it_said_and_is_revoked_once() {
    let database = published();
    volunteers(&database, 1);
    let issue = include_str!("../../sql/issue_certificate.sql");
    let values = params!["K1", 1, b"n", 9_500, 0, 99_999_999, "", None::<String>, "2026-01-01"];
    assert_eq!(rows(&database, issue, values), 0, "nothing counts yet");
    sign_up(&database, "U1", "H1", 1, 100);
    begin(&database, "E1", 1, 1_000);
    step(&database, ("E1", 1), ("corrected", "confirmed"), (60, 60));
    assert_eq!(rows(&database, issue, values), 1);
    let first_day: String =
        database.query_row("SELECT from_day FROM certificate", [], |row| row.get(0)).unwrap();
    assert_eq!(first_day, "1970-01-01");
    assert!(database.execute("UPDATE certificate SET total_minutes = 999", []).is_err());
    assert!(database.execute("DELETE FROM certificate", []).is_err());
    let revoke = include_str!("../../sql/revoke_certificate.sql");
    assert_eq!(rows(&database, revoke, params!["K1", 9_700, "s", "other"]), 1);
    assert_eq!(rows(&database, revoke, params!["K1", 9_700, "s", "other"]), 0);
}

#[test]
fn the_cell_of_what_is_published_counts_it_and_knows_of_every_change() {
    let database = published();
    let cell = |column: &str| number(&database, &format!("SELECT {column} FROM cell WHERE id = 'wtw3sj'"));
    assert_eq!(cell("points"), 1);
    let before = cell("version");
    volunteers(&database, 1);
    sign_up(&database, "U1", "H1", 1, 100);
    assert!(cell("version") > before, "the answer says how many places are free");
    let close = include_str!("../../sql/close_opportunity.sql");
    assert_eq!(rows(&database, close, params!["J1", 200, "s"]), 1);
    assert_eq!(cell("points"), 0);
    assert_eq!(rows(&database, close, params!["J1", 200, "s"]), 0);
}
