use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

use serde_json::{Value, json};

use super::{API, Corner, Volunteer, tomorrow};
use crate::{client::Call, corner::Ground, people, server::Server};

/// What a volunteer was told before the end, of a shift.
type Told = Mutex<Vec<(Volunteer, String, String)>>;

/// What was sent with a key and never answered: the path, the token, the key and the body.
type Open = Mutex<Vec<(String, String, String, Value)>>;

#[test]
#[cfg_attr(another_server, ignore = "kills the server")]
fn what_was_answered_survives_a_kill_in_the_middle_of_a_load_and_a_retry_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let server = Server::start_in(&state);
    let corner = Corner::on(&server);
    let made: Vec<_> = (0..3).map(|_| corner.offer("项目", json!({"shifts": [tomorrow(60, 40)]}))).collect();
    let people = corner.volunteers(36);
    let (manager, tag, lat, lon) = (corner.manager.clone(), corner.tag.clone(), corner.lat, corner.lon);
    let url = format!("{}{API}", server.url);
    let (told, open, stop) = (Told::default(), Open::default(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for n in 0..12_usize {
            let (url, shifts, own) =
                (&url, [0, 1, 2].map(|k| made[k].shifts[0].as_str()), &people[3 * n..3 * n + 3]);
            let (told, open, stop, tag) = (&told, &open, &stop, &tag);
            scope.spawn(move || {
                let signs = |round: usize, who: &Volunteer, shift: &str, key: String| {
                    let path = format!("shifts/{shift}/signups");
                    let body = json!({"health_confirmed": true});
                    let call = Call::new("POST", format!("{url}/{path}")).bearer(&who.token).json(&body);
                    match call.header("idempotency-key", &key).try_send() {
                        Ok(answer) if answer.status == 201 => {
                            told.lock().unwrap().push((
                                who.clone(),
                                shift.to_owned(),
                                "confirmed".to_owned(),
                            ));
                        }
                        Ok(answer) => {
                            assert!(answer.status == 409 || answer.status == 503, "{round}: {answer:?}");
                        }
                        Err(_) => open.lock().unwrap().push((path, who.token.clone(), key, body)),
                    }
                };
                for round in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let (who, shift) = (&own[round % 3], shifts[round / 3 % 3]);
                    signs(round, who, shift, format!("{tag}-{n}-{round}"));
                    if stop.load(Ordering::Relaxed) || round % 4 == 3 {
                        continue;
                    }
                    let call =
                        Call::new("DELETE", format!("{url}/shifts/{shift}/signups/mine")).bearer(&who.token);
                    match call.try_send() {
                        Ok(answer) if answer.status == 204 => {
                            told.lock().unwrap().push((
                                who.clone(),
                                shift.to_owned(),
                                "withdrawn".to_owned(),
                            ));
                        }
                        Ok(answer) => assert!(matches!(answer.status, 404 | 503), "{answer:?}"),
                        // Without an answer either may be.
                        Err(_) => told.lock().unwrap().push((who.clone(), shift.to_owned(), String::new())),
                    }
                    if round == 5 {
                        let body = people::volunteer();
                        let key = format!("{tag}-r-{n}");
                        let call = Call::new("POST", format!("{url}/volunteers")).json(&body);
                        if call.header("idempotency-key", &key).try_send().is_err() {
                            open.lock().unwrap().push(("volunteers".to_owned(), String::new(), key, body));
                        }
                    }
                }
            });
        }
        crate::beds::eventually("some steps are taken", || told.lock().unwrap().len() >= 150);
        server.kill();
        stop.store(true, Ordering::Relaxed);
    });
    let server = Server::start_in(&state);
    let corner = Corner(Ground { server: &server, api: API, tag, lat, lon, manager });
    let (told, open) = (told.into_inner().unwrap(), open.into_inner().unwrap());
    println!("{} answers, {} requests without one", told.len(), open.len());
    for who in &people {
        for made in &made {
            let shift = &made.shifts[0];
            let mut own = told.iter().filter(|(one, of, _)| one.no == who.no && of == shift);
            let Some((_, _, last)) = own.next_back() else { continue };
            let is_open =
                open.iter().any(|(path, token, ..)| *token == who.token && path.contains(shift.as_str()));
            if !last.is_empty() && !is_open {
                assert_eq!(corner.place(who, shift).0, *last, "{who:?} {shift}");
            }
        }
    }
    // Sent again, what was not answered is done once, whether or not it was done before.
    for (path, token, key, body) in &open {
        let send = || {
            let call = corner.post(path).header("idempotency-key", key).json(body);
            let call = if token.is_empty() { call } else { call.bearer(token) };
            call.send()
        };
        let mut answer = send();
        // The claim of a holder that died is a lease, which ends by itself.
        if answer.status == 409 && answer.json()["code"] == "idempotency_in_progress" {
            server.change("volunteer", "UPDATE idempotency SET lease_until = 0 WHERE answer IS NULL");
            answer = send();
        }
        assert!(matches!(answer.status, 201 | 409), "{answer:?}");
        if answer.status == 201 {
            assert_eq!(send().text, answer.text);
        }
    }
    let database = server.database("volunteer");
    super::interleavings::check_tables(&database);
    for made in &made {
        super::interleavings::check_answers(&corner, &made.id);
    }
    let sound: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    assert_eq!(corner.look("audit/verify")["intact"], true);
    // And it goes on.
    corner.newcomer(&made[0].shifts[0]);
}
