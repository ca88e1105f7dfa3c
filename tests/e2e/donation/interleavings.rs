//! Whatever is done at once, the tables keep their promises.

use proptest::{prelude::*, test_runner::Config};
use serde_json::{Value, json};

use super::{Corner, lines};
use crate::server::Server;

/// Something that somebody does with one of two gifts.
#[derive(Clone, Debug)]
enum Act {
    Cancel,
    Receive(i64),
    Sort(i64),
    Dispatch(i64),
    Deliver,
    Fill(bool),
    Move(i32),
    Remove,
    Pledge,
}

fn act() -> impl Strategy<Value = (usize, Act)> {
    let act = prop_oneof![
        1 => Just(Act::Cancel),
        3 => (1_i64..6).prop_map(Act::Receive),
        3 => (1_i64..6).prop_map(Act::Sort),
        6 => (1_i64..3).prop_map(Act::Dispatch),
        5 => Just(Act::Deliver),
        2 => any::<bool>().prop_map(Act::Fill),
        2 => (0_i32..5).prop_map(Act::Move),
        1 => Just(Act::Remove),
        2 => Just(Act::Pledge),
    ];
    (0_usize..2, act)
}

fn take(corner: &Corner<'_>, gifts: &[(String, String)], (which, act): &(usize, Act)) {
    let gift = &gifts[*which];
    let step = |step: &str, body: Value| corner.step(&gift.0, step, &body);
    let books = |quantity: i64| lines(&[("books", quantity)]);
    let id = corner.id("a");
    let answer = match act {
        Act::Cancel => corner.cancel(gift),
        Act::Receive(quantity) => step("receive", json!({"items": books(*quantity)})),
        Act::Sort(quantity) => step("sort", json!({"items": books(*quantity)})),
        Act::Dispatch(quantity) => {
            step("dispatch", json!({"destination": "样例", "items": books(*quantity)}))
        }
        Act::Deliver => {
            let seen = corner.read_pledge(gift);
            let sent = seen["dispatches"].as_array().unwrap();
            let waiting = sent.iter().find(|sent| sent.get("delivered_at").is_none());
            step("deliver", json!({"dispatch": waiting.map(|sent| &sent["id"])}))
        }
        Act::Fill(full) => {
            corner.set_items(&id, &json!([{"item": "books", "state": if *full { "full" } else { "urgent" }}]))
        }
        Act::Move(cells) => {
            let mut body = corner.body();
            body["location"] = corner.location(f64::from(*cells) * 700.0, 0.0);
            corner.put("a", &body)
        }
        Act::Remove => corner.delete(&id),
        Act::Pledge => corner.pledge(&id, &books(1)),
    };
    assert!(matches!(answer.status, 200 | 201 | 204 | 404 | 409 | 422 | 503), "{act:?}: {answer:?}");
}

/// What has to hold at every moment, read in one snapshot.
pub(super) fn check_tables(database: &rusqlite::Connection) {
    let none = |what: &str, sql: &str| {
        let found: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(found, 0, "{what}");
    };
    none(
        "items whose quantities are not those of the steps",
        "WITH moved AS (SELECT s.reference, l.value ->> 'item' AS item, s.kind, sum(l.value ->> 'quantity') AS quantity
           FROM pledge_step AS s, json_each(s.lines) AS l GROUP BY 1, 2, 3),
         kept AS (SELECT reference, item, 'pledged' AS kind, pledged AS quantity FROM pledge_item
           UNION ALL SELECT reference, item, 'received', received FROM pledge_item
           UNION ALL SELECT reference, item, 'sorted', sorted FROM pledge_item
           UNION ALL SELECT reference, item, 'dispatched', dispatched FROM pledge_item
           UNION ALL SELECT reference, item, 'delivered', delivered FROM pledge_item)
         SELECT (SELECT count(*) FROM (SELECT * FROM moved WHERE quantity <> 0 EXCEPT SELECT * FROM kept))
              + (SELECT count(*) FROM (SELECT * FROM kept WHERE quantity <> 0 EXCEPT SELECT * FROM moved))",
    );
    none(
        "items that moved more than there was",
        "SELECT count(*) FROM pledge_item
         WHERE sorted > received OR dispatched > sorted OR delivered > dispatched",
    );
    none(
        "gifts whose status or step is not that of their last step",
        "SELECT count(*) FROM pledge AS g WHERE (g.step, g.status) IS NOT
           (SELECT s.step, s.status FROM pledge_step AS s WHERE s.reference = g.reference ORDER BY s.step DESC LIMIT 1)
           OR g.step <> (SELECT count(*) FROM pledge_step AS s WHERE s.reference = g.reference)",
    );
    none(
        "receipts without a receiving, or the other way",
        "SELECT count(*) FROM pledge AS g WHERE (g.receipt IS NOT NULL) <>
           (SELECT count(*) FROM pledge_step AS s WHERE s.reference = g.reference AND s.kind = 'received')",
    );
    none(
        "gifts both cancelled and received",
        "SELECT count(*) FROM pledge AS g WHERE (SELECT count(DISTINCT s.kind) FROM pledge_step AS s
           WHERE s.reference = g.reference AND s.kind IN ('received', 'cancelled')) > 1",
    );
    none(
        "counts that are not those of the steps",
        "WITH moved AS (SELECT s.kind, l.value ->> 'item' AS item, sum(l.value ->> 'quantity') AS quantity
           FROM pledge_step AS s, json_each(s.lines) AS l GROUP BY 1, 2),
         counted AS (SELECT kind, item, sum(quantity) AS quantity FROM tally WHERE item <> '' GROUP BY 1, 2)
         SELECT (SELECT count(*) FROM (SELECT * FROM moved EXCEPT SELECT * FROM counted))
              + (SELECT count(*) FROM (SELECT * FROM counted EXCEPT SELECT * FROM moved))",
    );
    none(
        "counts of gifts that are not those of the statuses they reached",
        "WITH reached AS (SELECT status, count(DISTINCT reference) AS quantity FROM pledge_step GROUP BY 1),
         counted AS (SELECT kind, sum(quantity) AS quantity FROM tally WHERE item = '' GROUP BY 1)
         SELECT (SELECT count(*) FROM (SELECT * FROM reached EXCEPT SELECT * FROM counted))
              + (SELECT count(*) FROM (SELECT * FROM counted EXCEPT SELECT * FROM reached))",
    );
    none(
        "cells whose count is not that of their points",
        "SELECT count(*) FROM cell AS c WHERE c.points <>
           (SELECT count(*) FROM point AS p WHERE p.cell = c.id AND p.removed_at IS NULL)",
    );
    none(
        "points without a cell or without words",
        "SELECT count(*) FROM point AS p WHERE NOT EXISTS (SELECT 1 FROM cell AS c WHERE c.id = p.cell)
           OR NOT EXISTS (SELECT 1 FROM point_text AS t WHERE t.rowid = p.no)",
    );
    none("versions that two cells share", "SELECT count(*) - count(DISTINCT version) FROM cell");
    none(
        "steps without an audit entry or an event",
        "SELECT count(*) FROM pledge_step AS s WHERE
           (SELECT count(*) FROM audit AS a WHERE a.subject = s.reference AND a.action = 'pledge.' || s.kind) <>
           (SELECT count(*) FROM pledge_step AS o WHERE o.reference = s.reference AND o.kind = s.kind)
           OR NOT EXISTS (SELECT 1 FROM outbox AS o
                          WHERE o.subject = s.reference AND o.type = 'donation.pledge.' || s.kind)",
    );
}

#[test]
#[cfg_attr(another_server, ignore = "looks into the server's tables")]
fn random_interleavings_lose_and_double_nothing() {
    let server = Server::start();
    let config = Config { cases: 12, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let clients = prop::collection::vec(prop::collection::vec(act(), 4..12), 6);
    proptest!(config, |(scripts in clients)| {
        let corner = Corner::on(&server);
        let id = corner.point("a", json!({}));
        let gifts = [corner.books(&id, 5), corner.books(&id, 5)];
        std::thread::scope(|scope| {
            let threads: Vec<_> = scripts
                .iter()
                .map(|script| {
                    let (corner, gifts) = (&corner, &gifts);
                    scope.spawn(move || script.iter().for_each(|act| take(corner, gifts, act)))
                })
                .collect();
            let database = server.database("donation");
            while threads.iter().any(|thread| !thread.is_finished()) {
                check_tables(&database);
            }
        });
        check_tables(&server.database("donation"));
        let there = corner.get(&format!("points/{id}")).send();
        let found = corner.search(&format!("q={}", corner.tag))["items"].clone();
        let found = found.as_array().unwrap();
        prop_assert_eq!(found.len(), usize::from(there.status == 200));
        prop_assert!(found.iter().all(|point| point["location"] == there.json()["location"]));
    });
}
