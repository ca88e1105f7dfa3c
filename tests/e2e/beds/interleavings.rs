//! Whatever is done at once, the tables keep their promises.

use proptest::{prelude::*, test_runner::Config};
use serde_json::{Value, json};

use super::{Corner, Elder, place, room, single};
use crate::{client::Answer, people, server::Server};

/// Something that somebody does with one of the elders, or one of the homes.
#[derive(Clone, Debug)]
enum Act {
    Offer(bool),
    Answer(bool),
    Apply,
    Withdraw,
    Admit,
    Discharge,
    Assess(i64),
    Counts(i64, i64),
    Change(bool),
    Remove,
    Look,
}

fn act() -> impl Strategy<Value = (usize, usize, Act)> {
    let act = prop_oneof![
        7 => any::<bool>().prop_map(Act::Offer),
        7 => prop::bool::weighted(0.6).prop_map(Act::Answer),
        2 => Just(Act::Apply),
        1 => Just(Act::Withdraw),
        2 => Just(Act::Admit),
        1 => Just(Act::Discharge),
        1 => (0_i64..7).prop_map(Act::Assess),
        3 => (0_i64..5, 0_i64..3).prop_map(|(beds, occupied)| Act::Counts(beds, occupied)),
        1 => any::<bool>().prop_map(Act::Change),
        1 => Just(Act::Remove),
        2 => Just(Act::Look),
    ];
    (0_usize..5, 0_usize..2, act)
}

fn take(corner: &Corner<'_>, elders: &[Elder], (who, which, act): &(usize, usize, Act)) {
    let elder = &elders[*who];
    let name = ["a", "b"][*which];
    let id = corner.id(name);
    let tell = |step: &str, body: &Value| corner.tell(&format!("applications/{}/{step}", elder.0), body);
    let answer: Answer = match act {
        Act::Offer(true) => corner.offer_first(elder, &id),
        Act::Offer(false) => tell("offers", &place(&id)),
        Act::Answer(yes) => {
            let seen = corner.seen(elder);
            let offer = seen["offer"]["id"].as_str().unwrap_or("F000000000000").to_owned();
            corner.answer(elder, &offer, if *yes { "accept" } else { "decline" })
        }
        Act::Apply => corner.apply(&people::elder(3), &[&id]),
        Act::Withdraw => corner.withdraw(elder),
        Act::Admit => corner.step(elder, "admit"),
        Act::Discharge => corner.step(elder, "discharge"),
        Act::Assess(level) => tell("assess", &json!({"care_level": level, "assessed_on": "2026-01-05"})),
        Act::Counts(maximum, occupied) => {
            let seen = corner.get(&format!("institutions/{id}/rooms/single/counts")).send();
            let tag = seen.header("etag").unwrap_or("\"1\"").to_owned();
            corner.set_counts(&id, &tag, *maximum, *occupied)
        }
        Act::Change(with_single) => {
            let mut body = corner.body();
            let double = room("double", &[1], 1, (2, 0));
            body["rooms"] = if *with_single { json!([single(3, 0), double]) } else { json!([double]) };
            corner.put(name, &body)
        }
        Act::Remove => corner.delete(&id),
        Act::Look => corner.get(&format!("institutions?q={}&min_available=1", corner.tag)).send(),
    };
    assert!(matches!(answer.status, 200 | 201 | 204 | 404 | 409 | 412 | 422 | 503), "{act:?}: {answer:?}");
}

/// What has to hold at every moment, read in one snapshot.
pub(super) fn check_tables(database: &rusqlite::Connection) {
    let none = |what: &str, sql: &str| {
        let found: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(found, 0, "{what}");
    };
    none(
        "rooms whose beds do not add up",
        "SELECT count(*) FROM room WHERE available <> maximum - occupied - reserved OR available < 0
           OR reserved < 0 OR occupied < placed OR placed < 0",
    );
    none(
        "rooms that keep other beds than those of open offers",
        "SELECT count(*) FROM room AS r WHERE r.reserved <> (SELECT count(*) FROM application AS a
           WHERE a.institution = r.institution AND a.room_type = r.room_type AND a.status = 'offered')",
    );
    none(
        "rooms with other people than those who have a bed there",
        "SELECT count(*) FROM room AS r WHERE r.placed <> (SELECT count(*) FROM application AS a
           WHERE a.institution = r.institution AND a.room_type = r.room_type AND a.status IN ('accepted', 'admitted'))",
    );
    none(
        "rooms whose beds are not those of the steps",
        "SELECT count(*) FROM room AS r WHERE (r.reserved, r.placed) IS NOT
           (SELECT coalesce(sum(s.reserved), 0), coalesce(sum(s.occupied), 0) FROM application_step AS s
            WHERE s.institution = r.institution AND s.room_type = r.room_type)",
    );
    none(
        "beds of rooms that there are not",
        "SELECT count(*) FROM application AS a WHERE a.status IN ('offered', 'accepted', 'admitted')
           AND NOT EXISTS (SELECT 1 FROM room AS r WHERE r.institution = a.institution AND r.room_type = a.room_type)",
    );
    none(
        "people who wait or have a bed twice",
        "SELECT count(*) FROM (SELECT person FROM application
           WHERE status IN ('waiting', 'offered', 'accepted', 'admitted') GROUP BY person HAVING count(*) > 1)",
    );
    none(
        "applications whose status or step is not that of their last step",
        "SELECT count(*) FROM application AS a WHERE (a.step, a.status) IS NOT
           (SELECT s.step, s.status FROM application_step AS s WHERE s.reference = a.reference ORDER BY s.step DESC LIMIT 1)
           OR a.step <> (SELECT count(*) FROM application_step AS s WHERE s.reference = a.reference)",
    );
    none(
        "offers that were answered twice",
        "SELECT count(*) FROM (SELECT 1 FROM application_step WHERE kind IN ('accepted', 'declined', 'expired')
           GROUP BY offer HAVING count(*) > 1)",
    );
    none(
        "places in a queue of somebody who does not wait, or none of somebody who does",
        "SELECT count(*) FROM preference AS p JOIN application AS a USING (reference)
           WHERE p.queued <> (a.status = 'waiting') OR p.rank <> a.precedence + p.setback
             OR p.no <> a.no OR p.care_level <> a.care_level",
    );
    none(
        "setbacks that are not those of the steps",
        "SELECT count(*) FROM preference AS p WHERE p.setback <> (SELECT 1000 * count(*) FROM application_step AS s
           WHERE s.reference = p.reference AND s.institution = p.institution AND s.room_type = p.room_type
             AND s.kind IN ('declined', 'expired'))",
    );
    none(
        "somebody who waits for a room that there is not",
        "SELECT count(*) FROM preference AS p JOIN application AS a USING (reference)
           WHERE a.status IN ('waiting', 'offered')
           AND NOT EXISTS (SELECT 1 FROM room AS r WHERE r.institution = p.institution AND r.room_type = p.room_type)",
    );
    none(
        "cells whose count is not that of their homes",
        "SELECT count(*) FROM cell AS c WHERE c.points <>
           (SELECT count(*) FROM institution AS i WHERE i.cell = c.id AND i.removed_at IS NULL)",
    );
    none("versions that two cells share", "SELECT count(*) - count(DISTINCT version) FROM cell");
    none(
        "steps without an audit entry or an event",
        "SELECT count(*) FROM application_step AS s WHERE
           (SELECT count(*) FROM audit AS a WHERE a.subject = s.reference AND a.action = 'application.' || s.kind) <>
           (SELECT count(*) FROM application_step AS o WHERE o.reference = s.reference AND o.kind = s.kind)
           OR NOT EXISTS (SELECT 1 FROM outbox AS o
                          WHERE o.subject = s.reference AND o.type = 'beds.application.' || s.kind)",
    );
    none(
        "alerts without exactly one event",
        "SELECT (SELECT count(*) FROM alert) - (SELECT count(*) FROM outbox WHERE type = 'beds.subscription.matched')",
    );
}

/// What every room says by the API.
pub(super) fn check_answers(corner: &Corner<'_>) {
    let list = corner.search(&format!("limit=100&q={}", corner.tag));
    for home in list["items"].as_array().unwrap() {
        for room in home["rooms"].as_array().unwrap() {
            let [maximum, occupied, reserved, available] = super::beds(room);
            assert_eq!(available, maximum - occupied - reserved, "{home}");
            assert!(available >= 0 && occupied >= 0 && reserved >= 0, "{home}");
        }
    }
}

#[test]
#[cfg_attr(another_server, ignore = "looks into the server's tables")]
fn random_interleavings_lose_and_double_no_bed() {
    let server = Server::start();
    let config = Config { cases: 12, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let clients = prop::collection::vec(prop::collection::vec(act(), 4..12), 6);
    proptest!(config, |(scripts in clients)| {
        let corner = Corner::on(&server);
        let homes = [corner.beds("a", 2, 0), corner.beds("b", 1, 0)];
        let elders: Vec<_> = (0..5).map(|n| corner.elder(n, &[&homes[0], &homes[1]])).collect();
        corner.subscribe(&json!({"division_code": super::DISTRICT}));
        std::thread::scope(|scope| {
            let threads: Vec<_> = scripts
                .iter()
                .map(|script| {
                    let (corner, elders) = (&corner, &elders);
                    scope.spawn(move || script.iter().for_each(|act| take(corner, elders, act)))
                })
                .collect();
            let database = server.database("beds");
            while threads.iter().any(|thread| !thread.is_finished()) {
                check_tables(&database);
            }
        });
        check_tables(&server.database("beds"));
        check_answers(&corner);
        for home in &homes {
            let there = corner.get(&format!("institutions/{home}")).send();
            let list = corner.search(&format!("q={}", corner.tag));
            let found = list["items"].as_array().unwrap().iter().find(|found| found["id"] == *home);
            let there = (there.status == 200).then(|| there.json());
            prop_assert_eq!(found, there.as_ref());
        }
    });
}
