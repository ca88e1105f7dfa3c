//! Whatever clients do at once, the tables keep their promises.

use proptest::{prelude::*, test_runner::Config};
use serde_json::json;

use super::{API, Office, day_ahead, slot};
use crate::{people, server::Server};

/// Something that a client does.
#[derive(Clone, Debug)]
enum Step {
    Hold(u32),
    BookHeld(u32),
    Book(u32),
    BookTheSameMan(u32),
    Move(u32),
    Cancel,
    Wait,
    LeaveOrAccept(bool),
}

fn step() -> impl Strategy<Value = Step> {
    let hour = 9_u32..=10;
    prop_oneof![
        hour.clone().prop_map(Step::Hold),
        hour.clone().prop_map(Step::BookHeld),
        hour.clone().prop_map(Step::Book),
        hour.clone().prop_map(Step::BookTheSameMan),
        hour.prop_map(Step::Move),
        Just(Step::Cancel),
        Just(Step::Wait),
        any::<bool>().prop_map(Step::LeaveOrAccept),
    ]
}

/// One client's memory of what it got.
#[derive(Default)]
struct Client {
    appointments: Vec<(String, String)>,
    places: Vec<(String, String)>,
}

impl Client {
    fn take(&mut self, office: &Office<'_>, step: &Step, shared_man: &serde_json::Value) {
        let names = |answer: &crate::client::Answer| (answer.status == 201).then(|| super::made(answer));
        match step {
            Step::Hold(hour) => drop(office.hold(&slot(3, *hour))),
            Step::BookHeld(hour) => {
                let held = office.hold(&slot(3, *hour));
                if held.status == 201 {
                    let mut booking = office.booking(&slot(3, *hour), &people::couple());
                    booking["hold"] = held.json()["hold"].clone();
                    self.appointments.extend(names(&office.post("appointments").json(&booking).send()));
                }
            }
            Step::Book(hour) => {
                self.appointments.extend(names(&office.book(&slot(3, *hour), &people::couple())));
            }
            Step::BookTheSameMan(hour) => {
                let parties = json!([shared_man, people::woman()]);
                self.appointments.extend(names(&office.book(&slot(3, *hour), &parties)));
            }
            Step::Move(hour) => {
                if let Some((reference, token)) = self.appointments.last() {
                    let path = format!("{API}/appointments/{reference}");
                    let body = json!({"start": slot(3, *hour)});
                    office.server.call("PATCH", &path).bearer(token).json(&body).send();
                }
            }
            Step::Cancel => {
                if let Some((reference, token)) = self.appointments.pop() {
                    office.post(&format!("appointments/{reference}/cancel")).bearer(&token).send();
                }
            }
            Step::Wait => {
                let day = day_ahead(3);
                let body = json!({
                    "office_id": office.id, "service": "marriage", "from": day, "to": day,
                    "parties": people::couple(),
                });
                self.places.extend(names(&office.post("waitlist").json(&body).send()));
            }
            Step::LeaveOrAccept(accept) => {
                if let Some((reference, token)) = self.places.pop() {
                    if *accept {
                        let path = format!("waitlist/{reference}/accept");
                        self.appointments.extend(names(&office.post(&path).bearer(&token).send()));
                    } else {
                        let path = format!("{API}/waitlist/{reference}");
                        office.server.call("DELETE", &path).bearer(&token).send();
                    }
                }
            }
        }
    }
}

/// What has to hold at every moment, read in one snapshot.
pub(super) fn check_tables(database: &rusqlite::Connection) {
    let none = |what: &str, sql: &str| {
        let found: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(found, 0, "{what}");
    };
    none(
        "slots with more bookings and live holds than seats",
        "SELECT count(*) FROM slot AS s WHERE s.booked + (SELECT count(*) FROM hold AS h WHERE h.office_id = s.office_id
           AND h.service = s.service AND h.start = s.start AND h.expires_at > unixepoch()) > s.capacity",
    );
    none(
        "slots whose count is not that of their appointments",
        "SELECT count(*) FROM slot AS s WHERE s.booked <> (SELECT count(*) FROM appointment AS a
           WHERE a.office_id = s.office_id AND a.service = s.service AND a.start = s.start AND a.status <> 'cancelled')",
    );
    none(
        "people with two active appointments for one service",
        "SELECT count(*) FROM (SELECT 1 FROM party WHERE active = 1 GROUP BY person, service HAVING count(*) > 1)",
    );
    none(
        "appointments without an audit entry",
        "SELECT count(*) FROM appointment AS a WHERE NOT EXISTS (
           SELECT 1 FROM audit AS e WHERE e.subject = a.reference AND e.action = 'appointment.booked')",
    );
    none(
        "accepted places without an appointment",
        "SELECT count(*) FROM waitlist AS w WHERE w.status = 'accepted' AND NOT EXISTS (
           SELECT 1 FROM appointment AS a WHERE a.reference = w.appointment)",
    );
}

#[test]
#[cfg_attr(another_server, ignore = "looks into the server's tables")]
fn random_interleavings_never_oversell_or_double_anything() {
    let server = Server::start();
    let config = Config { cases: 12, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let clients = prop::collection::vec(prop::collection::vec(step(), 4..10), 6);
    proptest!(config, |(scripts in clients)| {
        let office = Office::on(&server, 2);
        let man = people::man();
        std::thread::scope(|scope| {
            let threads: Vec<_> = scripts
                .iter()
                .map(|script| {
                    let (office, man) = (&office, &man);
                    scope.spawn(move || {
                        let mut client = Client::default();
                        script.iter().for_each(|step| client.take(office, step, man));
                    })
                })
                .collect();
            let database = server.database("marriage");
            while threads.iter().any(|thread| !thread.is_finished()) {
                check_tables(&database);
            }
        });
        check_tables(&server.database("marriage"));
    });
}
