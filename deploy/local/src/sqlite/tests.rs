//! The database on its own: what is refused, what a group does when one of it fails, what is left after a crash.

use super::*;
use crate::host::RowResult;

struct Fixture {
    session: Arc<Session>,
    _folder: tempfile::TempDir,
}

fn open() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("test.db"), Duration::from_secs(2)).unwrap();
    Fixture { session: database.session(), _folder: folder }
}

async fn run(session: &Session, sql: &str, parameters: Vec<Value>) -> Result<Vec<RowResult>, String> {
    session.execute(sql.to_owned(), parameters).await?.collect().await.map(|(_, rows)| rows)
}

async fn number(session: &Session, sql: &str) -> i64 {
    match run(session, sql, Vec::new()).await.unwrap()[0].values[0] {
        Value::Integer(number) => number,
        ref other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_others_would_feel_is_refused() {
    let Fixture { session, _folder } = open();
    for sql in [
        "BEGIN",
        "begin immediate",
        "/* x */ COMMIT",
        "ROLLBACK",
        "END",
        "SAVEPOINT a",
        "RELEASE a",
        "ATTACH 'x' AS x",
        "DETACH x",
        "VACUUM INTO 'x'",
        "vacuum\ninto 'x'",
        "CREATE TEMP TABLE t (a)",
        "CREATE TABLE temp.t (a)",
        "PRAGMA locking_mode = EXCLUSIVE",
        "PRAGMA query_only = 1",
        "PRAGMA writable_schema = 1",
    ] {
        let answer = session.execute(sql.to_owned(), Vec::new()).await;
        assert!(answer.is_err(), "{sql} was not refused");
    }
}

#[tokio::test]
async fn of_several_statements_the_first_runs() {
    let Fixture { session, _folder } = open();
    run(&session, "CREATE TABLE t (a); CREATE TABLE u (a)", Vec::new()).await.unwrap();
    assert_eq!(number(&session, "SELECT 1; SELECT 2").await, 1);
    assert_eq!(number(&session, "PRAGMA user_version; DROP TABLE t").await, 0);
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name IN ('t', 'u')";
    assert_eq!(number(&session, tables).await, 1);
    let trigger = "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; SELECT ';'; END; DROP TABLE t";
    run(&session, trigger, Vec::new()).await.unwrap();
    assert_eq!(number(&session, "SELECT count(*) FROM sqlite_schema WHERE name = 'g'").await, 1);
}

#[tokio::test]
async fn pragmas_that_an_application_sends_work() {
    let Fixture { session, _folder } = open();
    for sql in [
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA synchronous = NORMAL",
        "PRAGMA synchronous = EXTRA",
        "PRAGMA busy_timeout = 5000",
        "PRAGMA foreign_keys = ON",
        "PRAGMA user_version = 7",
        "PRAGMA wal_checkpoint(TRUNCATE)",
        "PRAGMA optimize",
        "VACUUM",
        "ANALYZE",
    ] {
        run(&session, sql, Vec::new()).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    assert_eq!(number(&session, "PRAGMA user_version").await, 7);
    assert_eq!(number(&session, "PRAGMA synchronous").await, 3);
    let check = run(&session, "PRAGMA integrity_check", Vec::new()).await.unwrap();
    assert!(matches!(&check[0].values[0], Value::Text(text) if text == "ok"));
}

#[tokio::test]
async fn foreign_keys_hold_for_the_connection_that_wants_them() {
    let Fixture { session, _folder } = open();
    run(&session, "CREATE TABLE p (id INTEGER PRIMARY KEY)", Vec::new()).await.unwrap();
    let child = "CREATE TABLE c (p INTEGER REFERENCES p (id), d INTEGER REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED)";
    run(&session, child, Vec::new()).await.unwrap();
    let lax = session.database.session();
    run(&lax, "PRAGMA foreign_keys = OFF", Vec::new()).await.unwrap();
    assert_eq!(number(&lax, "PRAGMA foreign_keys").await, 0);
    assert_eq!(number(&session, "PRAGMA foreign_keys").await, 1);
    run(&lax, "INSERT INTO c (p) VALUES (1)", Vec::new()).await.unwrap();
    run(&session, "INSERT INTO c (p) VALUES (1)", Vec::new()).await.unwrap_err();
    // A deferred one is noticed only by the commit.
    run(&session, "INSERT INTO c (d) VALUES (1)", Vec::new()).await.unwrap_err();
    run(&session, "INSERT INTO c (d) VALUES (NULL)", Vec::new()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn each_caller_of_a_group_hears_what_became_of_its_own_statement() {
    let Fixture { session, _folder } = open();
    run(&session, "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER CHECK (n >= 0))", Vec::new())
        .await
        .unwrap();
    run(&session, "CREATE TABLE p (id INTEGER PRIMARY KEY)", Vec::new()).await.unwrap();
    let child = "CREATE TABLE c (id INTEGER PRIMARY KEY, p REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED)";
    run(&session, child, Vec::new()).await.unwrap();
    let killer =
        "CREATE TRIGGER k BEFORE INSERT ON t WHEN NEW.n = -77 BEGIN SELECT RAISE(ROLLBACK, 'killed'); END";
    run(&session, killer, Vec::new()).await.unwrap();
    let mut callers = Vec::new();
    for id in 1..=500_i64 {
        let database = session.database.clone();
        callers.push(tokio::spawn(async move {
            let session = database.session();
            let (sql, second) = match id % 10 {
                0 => ("INSERT INTO t VALUES (?1, ?2)", -77),
                3 => ("INSERT INTO t VALUES (?1, ?2)", -1),
                6 => ("INSERT INTO c VALUES (?1, ?2)", 5),
                _ => ("INSERT INTO t VALUES (?1, ?2) RETURNING id", id),
            };
            let parameters = vec![Value::Integer(id), Value::Integer(second)];
            let result = run(&session, sql, parameters).await;
            (id, result, session.changes(), session.last_insert_rowid())
        }));
    }
    for caller in callers {
        let (id, result, changes, rowid) = caller.await.unwrap();
        match (id % 10, result) {
            (0, Err(error)) => assert_eq!(error, "killed"),
            (3, Err(error)) => assert!(error.contains("CHECK constraint failed"), "{error}"),
            (6, Err(error)) => assert!(error.contains("FOREIGN KEY constraint failed"), "{error}"),
            (_, Ok(rows)) => {
                assert!(matches!(rows[0].values[0], Value::Integer(told) if told == id));
                assert_eq!((changes, rowid), (1, id));
            }
            (_, other) => panic!("{id}: {other:?}"),
        }
    }
    let expected = (1..=500).filter(|id| ![0, 3, 6].contains(&(id % 10))).count();
    assert_eq!(number(&session, "SELECT count(*) FROM t").await, i64::try_from(expected).unwrap());
    assert_eq!(number(&session, "SELECT count(*) FROM c").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_reads_its_own_writes() {
    let Fixture { session, _folder } = open();
    run(&session, "CREATE TABLE t (id INTEGER PRIMARY KEY)", Vec::new()).await.unwrap();
    let mut callers = Vec::new();
    for id in 0..200_i64 {
        let session = session.database.session();
        callers.push(tokio::spawn(async move {
            run(&session, "INSERT INTO t VALUES (?1)", vec![Value::Integer(id)]).await.unwrap();
            let rows =
                run(&session, "SELECT id FROM t WHERE id = ?1", vec![Value::Integer(id)]).await.unwrap();
            assert_eq!(rows.len(), 1);
        }));
    }
    for caller in callers {
        caller.await.unwrap();
    }
}

#[tokio::test]
async fn changes_and_row_ids_are_each_connections_own() {
    let Fixture { session: one, _folder } = open();
    run(&one, "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER UNIQUE)", Vec::new()).await.unwrap();
    let two = one.database.session();
    run(&one, "INSERT INTO t VALUES (10, 1), (11, 2)", Vec::new()).await.unwrap();
    run(&two, "INSERT INTO t VALUES (20, 3)", Vec::new()).await.unwrap();
    assert_eq!((one.changes(), one.last_insert_rowid()), (2, 11));
    assert_eq!((two.changes(), two.last_insert_rowid()), (1, 20));
    run(&one, "INSERT OR IGNORE INTO t VALUES (12, 3)", Vec::new()).await.unwrap();
    assert_eq!((one.changes(), one.last_insert_rowid()), (0, 11));
    run(&one, "UPDATE t SET n = n + 100", Vec::new()).await.unwrap();
    assert_eq!((one.changes(), one.last_insert_rowid()), (3, 11));
    run(&one, "CREATE TABLE u (a)", Vec::new()).await.unwrap();
    assert_eq!(one.changes(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn long_reads_move_to_a_thread_and_give_the_same_rows() {
    let Fixture { session, _folder } = open();
    let counted =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) SELECT i FROM n";
    for count in [10, 999, 1001, 100_000] {
        let answer = session.execute(counted.to_owned(), vec![Value::Integer(count)]).await.unwrap();
        let (columns, rows) = answer.collect().await.unwrap();
        assert_eq!(columns, ["i"]);
        let sum: i64 = rows.iter().map(|row| if let Value::Integer(n) = row.values[0] { n } else { 0 }).sum();
        assert_eq!((i64::try_from(rows.len()).unwrap(), sum), (count, count * (count + 1) / 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_statements_are_interrupted_and_others_go_on() {
    let Fixture { session, _folder } = open();
    run(&session, "CREATE TABLE t (id INTEGER PRIMARY KEY, n)", Vec::new()).await.unwrap();
    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
    let read = format!("{endless} SELECT sum(i) FROM n");
    let read = run(&session, &read, Vec::new());
    let write = format!("{endless} INSERT INTO t (n) SELECT sum(i) FROM n");
    let other = session.database.session();
    let (read, write, small) = tokio::join!(
        read,
        run(&session, &write, Vec::new()),
        run(&other, "INSERT INTO t (id) VALUES (1)", Vec::new())
    );
    assert!(read.unwrap_err().contains("took longer"));
    assert!(write.unwrap_err().contains("took longer"));
    small.unwrap();
    assert_eq!(number(&session, "SELECT count(*) FROM t").await, 1);
}

#[tokio::test]
async fn texts_that_are_no_sql_and_wrong_numbers_of_parameters_fail_at_the_end() {
    let Fixture { session, _folder } = open();
    for (sql, parameters) in [("SELEC", vec![]), ("SELECT ?1", vec![]), ("SELECT 1", vec![Value::Null])] {
        let answer = session.execute(sql.to_owned(), parameters).await.unwrap();
        answer.collect().await.unwrap_err();
    }
}
