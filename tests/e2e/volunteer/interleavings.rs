//! Whatever is done at once, the tables keep their promises.

use proptest::{prelude::*, test_runner::Config};
use serde_json::{Value, json};

use super::{Corner, Volunteer, shift, soon, tomorrow};
use crate::{client::Answer, server::Server};

/// Something that somebody does with one of the volunteers, or one of the shifts.
#[derive(Clone, Debug)]
enum Act {
    SignUp,
    Withdraw,
    Leave,
    CheckIn,
    CheckOut,
    Confirm,
    Correct(i64),
    Dispute,
    Cancel,
    Close,
    AddShift,
    Certify,
    Look,
}

fn act() -> impl Strategy<Value = (usize, usize, Act)> {
    let act = prop_oneof![
        10 => Just(Act::SignUp),
        6 => Just(Act::Withdraw),
        1 => Just(Act::Leave),
        3 => Just(Act::CheckIn),
        2 => Just(Act::CheckOut),
        2 => Just(Act::Confirm),
        4 => (0_i64..45).prop_map(Act::Correct),
        4 => Just(Act::Dispute),
        1 => Just(Act::Cancel),
        1 => Just(Act::Close),
        1 => Just(Act::AddShift),
        1 => Just(Act::Certify),
        1 => Just(Act::Look),
    ];
    (0_usize..5, 0_usize..5, act)
}

/// A shift, and the opportunity that it belongs to.
type Shift = (String, String);

fn take(
    corner: &Corner<'_>,
    (people, shifts): (&[Volunteer], &[Shift]),
    (who, which, act): &(usize, usize, Act),
) {
    let who = &people[*who];
    let (shift, opportunity) = &shifts[*which];
    let scan = |what: &str| corner.scan(who, shift, what, &json!({"code": corner.code(shift)}));
    let entry = || {
        let list = corner.look(&format!("record?organisation_id={}&limit=100", corner.id("org")));
        let items = list["items"].as_array().unwrap();
        let own = |entry: &&Value| entry["volunteer_no"] == json!(who.no);
        let here = items.iter().filter(own).find(|entry| entry["shift_id"] == json!(shift));
        let entry = here.or(items.iter().find(own)).or(items.first());
        entry.map_or("E000000000000".to_owned(), |entry| entry["entry"].as_str().unwrap().to_owned())
    };
    let answer: Answer = match act {
        Act::SignUp => corner.sign_up(who, shift),
        Act::Withdraw => corner.withdraw(who, shift),
        Act::Leave => corner.call("DELETE", "volunteers/me").bearer(&who.token).send(),
        Act::CheckIn => scan("check-in"),
        Act::CheckOut => scan("check-out"),
        Act::Confirm => corner.confirm(&entry()),
        Act::Correct(minutes) => corner.correct(&entry(), *minutes),
        Act::Dispute => corner.dispute(who, &entry(), &json!({"reason": "other", "note": "样例"})),
        Act::Cancel => corner.cancel(shift),
        Act::Close => corner.step(opportunity, "close"),
        Act::AddShift => corner.tell(&format!("opportunities/{opportunity}/shifts"), &tomorrow(1, 1)),
        Act::Certify => corner.certify(who, &json!({})),
        Act::Look => corner.get(&format!("opportunities?q={}&available=true", corner.tag)).send(),
    };
    assert!(matches!(answer.status, 200 | 201 | 204 | 401 | 404 | 409 | 503), "{act:?}: {answer:?}");
}

/// What has to hold at every moment, read in one snapshot each.
pub(super) fn check_tables(database: &rusqlite::Connection) {
    let none = |what: &str, sql: &str| {
        let found: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(found, 0, "{what}");
    };
    none(
        "shifts whose counts are not those of the sign-ups, or more than there is room for",
        "SELECT count(*) FROM shift AS h WHERE h.confirmed > h.capacity OR h.waitlisted > h.waitlist_capacity
           OR (h.confirmed, h.waitlisted) IS NOT
             (SELECT count(*) FILTER (WHERE status = 'confirmed'), count(*) FILTER (WHERE status = 'waitlisted')
              FROM signup AS s WHERE s.shift = h.id)",
    );
    none(
        "shifts to come with a free place while somebody waits",
        "SELECT count(*) FROM shift AS h WHERE h.confirmed < h.capacity AND h.waitlisted > 0
           AND h.cancelled_at IS NULL AND h.starts_at > unixepoch() + 5",
    );
    none(
        "places in a shift that was cancelled",
        "SELECT count(*) FROM shift AS h WHERE h.cancelled_at IS NOT NULL AND h.confirmed + h.waitlisted > 0",
    );
    none(
        "sign-ups at another time than their shift",
        "SELECT count(*) FROM signup AS s JOIN shift AS h ON h.id = s.shift
           WHERE (s.starts_at, s.ends_at) IS NOT (h.starts_at, h.ends_at)",
    );
    none(
        "volunteers in two places at once",
        "SELECT count(*) FROM signup AS a JOIN signup AS b ON b.volunteer = a.volunteer AND b.no > a.no
           AND b.starts_at < a.ends_at AND b.ends_at > a.starts_at
           WHERE a.status IN ('confirmed', 'waitlisted') AND b.status IN ('confirmed', 'waitlisted')",
    );
    none(
        "places to come of somebody who left",
        "SELECT count(*) FROM signup AS s JOIN volunteer AS v ON v.no = s.volunteer
           WHERE v.status = 'withdrawn' AND s.status IN ('confirmed', 'waitlisted') AND s.starts_at > v.changed_at",
    );
    none(
        "volunteers whose minutes are not those of their entries",
        "SELECT count(*) FROM volunteer AS v WHERE v.total_minutes <>
           (SELECT coalesce(sum(r.counted), 0) FROM record AS r WHERE r.volunteer = v.no)",
    );
    none(
        "entries that are not what their last step left behind",
        "SELECT count(*) FROM record AS r WHERE (r.step, r.status, r.minutes, r.counted) IS NOT
           (SELECT s.step, s.status, s.minutes, s.counted FROM record_step AS s WHERE s.record = r.id ORDER BY s.step DESC LIMIT 1)
           OR r.step <> (SELECT count(*) FROM record_step AS s WHERE s.record = r.id)",
    );
    none(
        "volunteers with two entries for a shift",
        "SELECT count(*) FROM (SELECT 1 FROM record GROUP BY shift, volunteer HAVING count(*) > 1)",
    );
    none(
        "words or names of somebody who left",
        "SELECT (SELECT count(*) FROM record_step AS s JOIN record AS r ON r.id = s.record JOIN volunteer AS v ON v.no = r.volunteer
                 WHERE v.status = 'withdrawn' AND s.note IS NOT NULL)
              + (SELECT count(*) FROM certificate AS c JOIN volunteer AS v ON v.no = c.volunteer
                 WHERE v.status = 'withdrawn' AND c.name IS NOT NULL)",
    );
    none(
        "cells whose count is not that of what is published there",
        "SELECT count(*) FROM cell AS c WHERE c.points <>
           (SELECT count(*) FROM opportunity AS o WHERE o.cell = c.id AND o.status = 'published')",
    );
    none("versions that two cells share", "SELECT count(*) - count(DISTINCT version) FROM cell");
    none(
        "opportunities that end at another time than their last shift",
        "SELECT count(*) FROM opportunity AS o WHERE o.ends_at < (SELECT max(h.ends_at) FROM shift AS h WHERE h.opportunity = o.id)",
    );
    none(
        "steps without an audit entry or an event",
        "SELECT count(*) FROM record_step AS s WHERE
           (SELECT count(*) FROM audit AS a WHERE a.subject = s.record AND a.action = 'record.' || s.kind) <>
           (SELECT count(*) FROM record_step AS o WHERE o.record = s.record AND o.kind = s.kind)
           OR NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.subject = s.record AND o.type = 'volunteer.record.' || s.kind)",
    );
    none(
        "sign-ups without an event that says how they stand",
        "SELECT count(*) FROM signup AS s WHERE NOT EXISTS (
           SELECT 1 FROM outbox AS o WHERE o.subject = s.id AND o.type LIKE 'volunteer.signup.%'
             AND o.data ->> '$.status' = s.status)",
    );
}

/// What everybody and staff see of a shift is the same.
pub(super) fn check_answers(corner: &Corner<'_>, opportunity: &str) {
    let read = corner.read(opportunity);
    for shift in read["shifts"].as_array().unwrap() {
        let list = corner.list(shift["id"].as_str().unwrap());
        let count = |status: &str| list.iter().filter(|signup| signup["status"] == status).count();
        assert_eq!(
            (&shift["confirmed"], &shift["waitlisted"]),
            (&json!(count("confirmed")), &json!(count("waitlisted")))
        );
        let positions: Vec<_> = list.iter().filter_map(|signup| signup["position"].as_u64()).collect();
        assert_eq!(positions, (1..=u64::try_from(count("waitlisted")).unwrap()).collect::<Vec<_>>());
        let free = shift["capacity"].as_i64().unwrap() - shift["confirmed"].as_i64().unwrap();
        assert_eq!(shift["remaining"], free);
    }
}

#[test]
#[cfg_attr(another_server, ignore = "looks into the server's tables")]
fn random_interleavings_lose_and_double_no_place_and_no_minute() {
    let server = Server::start();
    let config = Config { cases: 12, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let clients = prop::collection::vec(prop::collection::vec(act(), 4..14), 6);
    proptest!(config, |(scripts in clients)| {
        let corner = Corner::on(&server);
        let people = corner.volunteers(5);
        // Two that overlap, of which one is full, one about now, one later, and one that has begun with some people there.
        let first = corner.offer("甲", json!({"shifts": [shift((25, 60), 5, 0), tomorrow(1, 3)]}));
        let second = corner.offer("乙", json!({"shifts": [shift((super::DAY + 60, 60), 2, 1), shift((2 * super::DAY, 60), 1, 4)]}));
        let begun = corner.offer("丙", json!({"shifts": [soon()]}));
        for who in &people[..4] {
            corner.sign_up(who, &first.shifts[1]).expect(201);
            corner.sign_up(who, &begun.shifts[0]).expect(201);
        }
        for who in &people[..2] {
            corner.check(who, &begun.shifts[0], "check-in").expect(200);
        }
        corner.pass(&begun.shifts[0], 110);
        let of = |made: &super::Opportunity| made.shifts.iter().map(|id| (id.clone(), made.id.clone())).collect::<Vec<_>>();
        let shifts = [of(&first), of(&second), of(&begun)].concat();
        std::thread::scope(|scope| {
            let threads: Vec<_> = scripts
                .iter()
                .map(|script| {
                    let (corner, people, shifts) = (&corner, &people, &shifts);
                    scope.spawn(move || script.iter().for_each(|act| take(corner, (people, shifts), act)))
                })
                .collect();
            let database = server.database("volunteer");
            while threads.iter().any(|thread| !thread.is_finished()) {
                check_tables(&database);
            }
        });
        check_tables(&server.database("volunteer"));
        let list = corner.search(&format!("limit=100&q={}", corner.tag));
        for made in [&first, &second, &begun] {
            check_answers(&corner, &made.id);
            let found: Option<&Value> = list["items"].as_array().unwrap().iter().find(|item| item["id"] == made.id);
            let there = corner.read(&made.id);
            let is_to_come = |shift: &&Value| !matches!(shift["status"].as_str(), Some("started" | "cancelled"));
            let to_come: Vec<_> = there["shifts"].as_array().unwrap().iter().filter(is_to_come).cloned().collect();
            let is_found = there["status"] == "published" && !to_come.is_empty();
            prop_assert_eq!(found.map(|item| item["shifts"].clone()), is_found.then(|| json!(to_come)));
        }
    });
    let database = server.database("volunteer");
    let sound: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    // What it is about did happen.
    let sql = "SELECT count(DISTINCT action) FROM audit WHERE action IN ('signup.promoted', 'signup.waitlisted',
                 'signup.withdrawn', 'signup.cancelled', 'volunteer.withdrawn', 'record.corrected', 'record.disputed')";
    let happened: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
    assert!(happened >= 5, "{happened} of 7");
}
