//! Databases and key-value stores through the component.

use serde_json::json;

use crate::harness::App;

#[test]
fn statements_bring_back_what_sqlite_has() {
    let app = App::new();
    let up = app.run(&[]);
    let answers = up.sql(&[
        ("CREATE TABLE t (id INTEGER PRIMARY KEY, text, real, blob, empty)", json!([])),
        ("INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5) RETURNING id", json!([5, "婚姻", 1.5, [0, 255], null])),
        ("SELECT * FROM t WHERE id = ? AND text = ?", json!([5, "婚姻"])),
        ("SELECT 1 WHERE 0", json!([])),
    ]);
    assert_eq!(answers[1]["rows"], json!([[5]]), "{answers}");
    assert_eq!((&answers[1]["changes"], &answers[1]["rowid"]), (&json!(1), &json!(5)));
    assert_eq!(answers[2]["columns"], json!(["id", "text", "real", "blob", "empty"]));
    assert_eq!(answers[2]["rows"], json!([[5, "婚姻", 1.5, [0, 255], null]]));
    assert_eq!(answers[3]["rows"], json!([]));
    let waiting = json!({ "statements": [
        ["INSERT INTO t (id) VALUES (6)", []],
        ["SELECT count(*) FROM t", []],
        ["INSERT INTO t (id) VALUES (6)", []],
    ]});
    let answers = up.post("/sql/waiting", &waiting);
    assert_eq!((&answers[0]["changes"], &answers[0]["rowid"]), (&json!(1), &json!(6)));
    assert_eq!(answers[1]["rows"], json!([[2]]));
    assert!(answers[2]["error"].as_str().unwrap().contains("UNIQUE constraint failed: t.id"), "{answers}");
}

#[test]
fn a_constraint_fails_at_the_result_and_a_transaction_at_the_call() {
    let app = App::new();
    let up = app.run(&[]);
    let answers = up.sql(&[
        ("CREATE TABLE t (id INTEGER PRIMARY KEY)", json!([])),
        ("INSERT INTO t VALUES (1)", json!([])),
        ("INSERT INTO t VALUES (1)", json!([])),
        ("BEGIN", json!([])),
        ("SELECT 2; SELECT 3", json!([])),
        ("NO SQL", json!([])),
        ("SELECT ?1", json!([])),
    ]);
    let error = |index: usize| answers[index]["error"].as_str().unwrap_or_default();
    assert_eq!(answers[2]["at"], "result");
    assert_eq!(error(2), "Error::Io(\"UNIQUE constraint failed: t.id\")");
    assert_eq!(answers[3]["at"], "call");
    assert!(error(3).contains("transactions that span statements aren't supported"), "{answers}");
    assert_eq!(answers[4]["rows"], json!([[2]]));
    assert!(error(5).contains("syntax error"), "{answers}");
    assert_eq!(answers[6]["at"], "result");
}

#[test]
fn only_granted_labels_open_and_others_might_not_exist() {
    let app = App::new();
    let up = app.run(&[]);
    for (database, error) in [
        ("secret", "Error::AccessDenied"),
        ("nowhere", "Error::AccessDenied"),
        ("default", "Error::AccessDenied"),
    ] {
        let answer = up.post("/sql", &json!({ "database": database, "statements": [] }));
        assert_eq!(answer, json!({ "at": "open", "error": error }));
        let answer = up.post("/key-value", &json!({ "store": database, "steps": [] }));
        assert_eq!(answer, error);
    }
    // The same code runs as beta, which is granted nothing.
    let inside = "/call?url=http://beta.spin.internal/key-value";
    let answer = crate::client::send(up.address, "POST", inside, &[], "{}");
    assert_eq!(answer.status, 415, "{answer:?}");
    let other = up.post("/sql", &json!({ "database": "other", "statements": [["SELECT 1", []]] }));
    assert_eq!(other[0]["rows"], json!([[1]]));
}

#[test]
fn a_hundred_thousand_rows_and_keys_arrive_one_by_one() {
    let app = App::new();
    let up = app.run(&["--max-memory", "32"]);
    let count = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
        SELECT i, 'some text that makes a row a little longer' FROM n";
    let answer = up.post("/sql/count", &json!({ "statements": [[count, []]] }));
    assert_eq!(answer, json!({ "count": 100_000, "sum": 5_000_050_000_i64 }));

    up.post("/key-value", &json!({ "steps": [{ "set": ["a", "b"] }] }));
    let file = rusqlite::Connection::open(app.path(".spin/main-kv.db")).unwrap();
    let fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 99999)
        INSERT INTO spin_key_value SELECT 'main', printf('key-%06d', i), 'x' FROM n";
    file.execute(fill, []).unwrap();
    let answer = up.post("/key-value", &json!({ "steps": ["count-keys"] }));
    assert_eq!(answer, json!([[100_000, 99_999 * 10 + 1]]));
}

#[test]
fn rows_that_nobody_reads_hold_nobody_up() {
    let app = App::new();
    let up = app.run(&[]);
    up.sql(&[("CREATE TABLE t (id INTEGER PRIMARY KEY)", json!([]))]);
    let count =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT i FROM n";
    for _ in 0..20 {
        assert_eq!(up.post("/sql/unread", &json!({ "statements": [[count, []]] })), json!([1]));
    }
    let answers = up.sql(&[("INSERT INTO t VALUES (1)", json!([])), ("SELECT count(*) FROM t", json!([]))]);
    assert_eq!(answers[1]["rows"], json!([[1]]));
}

#[test]
fn keys_are_set_read_counted_and_forgotten() {
    let app = App::new();
    let up = app.run(&[]);
    let steps = json!({ "steps": [
        { "get": "a" }, { "set": ["a", "1"] }, { "set": ["b", ""] }, { "set": ["a", "2"] }, { "get": "a" },
        { "get": "b" }, { "exists": "b" }, "keys", { "delete": "b" }, { "delete": "b" }, { "exists": "b" }, "keys",
    ]});
    let expected = json!([null, null, null, null, "2", "", true, ["a", "b"], null, null, false, ["a"]]);
    assert_eq!(up.post("/key-value", &steps), expected);
    drop(up);
    let again = app.run(&[]);
    assert_eq!(again.post("/key-value", &json!({ "steps": [{ "get": "a" }] })), json!(["2"]));
}

#[test]
fn every_writer_of_a_crowd_hears_of_its_own_failure() {
    let app = App::new();
    let up = app.run(&["--quiet"]);
    up.sql(&[("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER CHECK (n % 5 != 0))", json!([]))]);
    std::thread::scope(|scope| {
        for thread in 0..10 {
            let up = &up;
            scope.spawn(move || {
                for number in (0..500).filter(|number| number % 10 == thread) {
                    let insert = ("INSERT INTO t VALUES (?1, ?1)", json!([number]));
                    let answers =
                        up.sql(&[insert, ("SELECT count(*) FROM t WHERE id = ?1", json!([number]))]);
                    let failed = answers[0]["error"].is_string();
                    assert_eq!(failed, number % 5 == 0, "{number}: {answers}");
                    assert_eq!(answers[1]["rows"], json!([[i32::from(!failed)]]), "{number}");
                }
            });
        }
    });
    let total = up.sql(&[("SELECT count(*) FROM t", json!([]))]);
    assert_eq!(total[0]["rows"], json!([[400]]));
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let app = App::new();
    let mut up = app.run(&["--quiet"]);
    up.sql(&[("CREATE TABLE t (id INTEGER PRIMARY KEY)", json!([]))]);
    let acknowledged = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for thread in 0..6 {
            let (address, acknowledged) = (up.address, &acknowledged);
            scope.spawn(move || {
                for number in 0.. {
                    let id = number * 6 + thread;
                    let body = json!({ "statements": [["INSERT INTO t VALUES (?1)", [id]]] }).to_string();
                    let headers = [("content-type", "application/json")];
                    let sent = crate::client::try_send(address, "POST", "/sql", &headers, &body);
                    match sent {
                        Ok(answer) if answer.status == 200 && !answer.body.contains("error") => {
                            acknowledged.lock().unwrap().push(id);
                        }
                        _ => break,
                    }
                }
            });
        }
        std::thread::sleep(std::time::Duration::from_millis(700));
        up.child.kill().unwrap();
    });
    up.wait();
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() > 50, "{}", acknowledged.len());
    let again = app.run(&[]);
    let kept = again.sql(&[("SELECT id FROM t", json!([])), ("PRAGMA integrity_check", json!([]))]);
    let kept_ids: std::collections::BTreeSet<_> =
        kept[0]["rows"].as_array().unwrap().iter().map(|row| row[0].as_i64().unwrap()).collect();
    assert!(acknowledged.iter().all(|id| kept_ids.contains(id)));
    assert_eq!(kept[1]["rows"], json!([["ok"]]));
}
