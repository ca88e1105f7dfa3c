use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

use super::{API, Office, slot};
use crate::{people, server::Server};

#[test]
#[cfg_attr(another_server, ignore = "kills the server")]
fn what_was_answered_survives_a_kill_in_the_middle_of_a_load() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let server = Server::start_in(&state);
    let office = Office::on(&server, 400);
    let (url, id) = (server.url.clone(), office.id);
    let answered = Mutex::new(Vec::new());
    let stop = AtomicBool::new(false);
    let starts: Vec<_> = [3, 4, 5].iter().flat_map(|day| [9, 10, 11].map(|hour| slot(*day, hour))).collect();
    std::thread::scope(|scope| {
        for n in 0..16 {
            let (url, id, starts, answered, stop) = (&url, &id, &starts, &answered, &stop);
            scope.spawn(move || {
                for start in starts.iter().cycle().skip(n) {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let body = serde_json::json!({
                        "office_id": id, "service": "marriage", "start": start, "parties": people::couple(),
                    });
                    let call = crate::client::Call::new("POST", format!("{url}{API}/appointments"));
                    if let Ok(answer) = call.json(&body).try_send()
                        && answer.status == 201
                    {
                        answered.lock().unwrap().push(super::made(&answer));
                    }
                }
            });
        }
        while answered.lock().unwrap().len() < 100 {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        server.kill();
        stop.store(true, Ordering::Relaxed);
    });
    let server = Server::start_in(&state);
    for (reference, token) in answered.lock().unwrap().iter() {
        let path = format!("{API}/appointments/{reference}");
        assert_eq!(server.get(&path).bearer(token).send().expect(200)["status"], "confirmed");
    }
    let database = server.database("marriage");
    super::interleavings::check_tables(&database);
    let sound: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
}
