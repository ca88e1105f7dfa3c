use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

use serde_json::{Value, json};

use super::{API, Corner, Elder, place};
use crate::{client::Call, corner::Ground, people, server::Server};

/// What was answered before the end: the application, its offer, and the last step.
type Told = Mutex<Vec<(Elder, String, &'static str)>>;

#[test]
#[cfg_attr(another_server, ignore = "kills the server")]
fn what_was_answered_survives_a_kill_in_the_middle_of_a_load() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let server = Server::start_in(&state);
    let corner = Corner::on(&server);
    let homes: Vec<_> = (0..4).map(|n| corner.beds(&format!("h{n}"), 1_000, 0)).collect();
    let counted = corner.beds("counted", 10, 0);
    let (manager, tag, lat, lon) = (corner.manager.clone(), corner.tag.clone(), corner.lat, corner.lon);
    let url = format!("{}{API}", server.url);
    let (told, counts, stop) = (Told::default(), Mutex::new((10, 0)), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for n in 0..12_usize {
            let (url, home, manager, told, stop) = (&url, &homes[n % 4], &manager, &told, &stop);
            scope.spawn(move || {
                let send = |path: &str, token: Option<&str>, body: &Value, status: u16| {
                    let call = Call::new("POST", format!("{url}/{path}")).json(body);
                    let call = if let Some(token) = token { call.bearer(token) } else { call };
                    call.try_send().ok().filter(|answer| answer.status == status).map(|answer| answer.json())
                };
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                for round in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let body = super::application(&people::elder(3), &[home]);
                    let Some(made) = send("applications", None, &body, 201) else { continue };
                    let elder = (text(&made["reference"]), text(&made["token"]));
                    let mut body = place(home);
                    body["out_of_order_reason"] = json!("emergency");
                    let path = format!("applications/{}/offers", elder.0);
                    let Some(offer) = send(&path, Some(manager), &body, 201) else {
                        told.lock().unwrap().push((elder, String::new(), "made"));
                        continue;
                    };
                    let offer = text(&offer["id"]);
                    let (word, status) =
                        [("accept", "accepted"), ("decline", "declined"), ("", "offered")][round % 3];
                    let path = format!("{path}/{offer}/{word}");
                    let answered = word.is_empty() || send(&path, Some(&elder.1), &json!({}), 200).is_some();
                    // Without an answer either may be.
                    told.lock().unwrap().push((elder, offer, if answered { status } else { "" }));
                }
            });
        }
        let (url, manager, counted, counts, stop) = (&url, &manager, &counted, &counts, &stop);
        scope.spawn(move || {
            for n in 0..1_000_000_i64 {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let path = format!("{url}/institutions/{counted}/rooms/single/counts");
                let Ok(seen) = Call::new("GET", path.clone()).try_send() else { continue };
                let Some(tag) = seen.header("etag") else { continue };
                let (maximum, occupied) = (10 + n, n % 10);
                let call = Call::new("PUT", path).bearer(manager).header("if-match", tag);
                let call = call.json(&json!({"maximum": maximum, "occupied": occupied}));
                if call.try_send().is_ok_and(|answer| answer.status == 200) {
                    *counts.lock().unwrap() = (maximum, occupied);
                }
            }
        });
        super::eventually("some steps are taken", || told.lock().unwrap().len() >= 120);
        server.kill();
        stop.store(true, Ordering::Relaxed);
    });
    let server = Server::start_in(&state);
    let corner = Corner(Ground { server: &server, api: API, tag, lat, lon, manager });
    let told = told.into_inner().unwrap();
    println!("{} applications were answered", told.len());
    for (elder, offer, step) in &told {
        let seen = corner.seen(elder);
        let status = match *step {
            "accepted" => Some("accepted"),
            "declined" => Some("waiting"),
            "offered" => Some("offered"),
            _ => None,
        };
        if let Some(status) = status {
            assert_eq!(seen["status"], status, "{seen}");
        }
        if !offer.is_empty() {
            assert_eq!(seen["offers"][0]["id"], *offer, "{seen}");
        }
    }
    assert!(told.iter().any(|(_, _, step)| *step == "accepted"));
    let (maximum, occupied) = counts.into_inner().unwrap();
    let [now, taken, ..] = corner.beds_of(&counted);
    assert!(
        now >= maximum && (now > maximum || taken == occupied),
        "{now} {taken} after {maximum} {occupied}"
    );
    let database = server.database("beds");
    super::interleavings::check_tables(&database);
    super::interleavings::check_answers(&corner);
    let sound: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    assert_eq!(corner.look("audit/verify")["intact"], true);
    // And it goes on.
    let elder = corner.elder(3, &[&homes[0]]);
    corner.offer_first(&elder, &homes[0]).expect(201);
}
