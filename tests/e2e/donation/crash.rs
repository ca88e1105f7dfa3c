use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

use serde_json::json;

use super::{API, Corner, lines, made};
use crate::{client::Call, corner::Ground, server::Server};

#[test]
#[cfg_attr(another_server, ignore = "kills the server")]
fn what_was_answered_survives_a_kill_in_the_middle_of_a_load() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let server = Server::start_in(&state);
    let corner = Corner::on(&server);
    let (id, body, manager, tag) =
        (corner.point("a", json!({})), corner.body(), corner.manager.clone(), corner.tag.clone());
    let (lat, lon, url) = (corner.lat, corner.lon, format!("{}{API}", server.url));
    let (pledged, received, points) =
        (Mutex::new(Vec::new()), Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for n in 0..16 {
            let (url, id, body, manager, tag) = (&url, &id, &body, &manager, &tag);
            let (pledged, received, points, stop) = (&pledged, &received, &points, &stop);
            scope.spawn(move || {
                let send =
                    |call: Call, status: u16| call.try_send().ok().filter(|answer| answer.status == status);
                let donor = json!({"anonymous": true});
                let gift = json!({"point_id": id, "items": lines(&[("books", 3)]), "donor": donor});
                let staff = |method, path: &str| Call::new(method, format!("{url}/{path}")).bearer(manager);
                for round in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let call = Call::new("POST", format!("{url}/pledges"));
                    let Some(answer) = send(call.json(&gift), 201) else { continue };
                    let gift = made(&answer);
                    pledged.lock().unwrap().push(gift.clone());
                    if round % 2 == 0 {
                        let call = staff("POST", &format!("pledges/{}/receive", gift.0)).json(&json!({}));
                        received.lock().unwrap().extend(send(call, 200).map(|_| gift));
                    }
                    if round % 4 == 0 {
                        let name = format!("c{n}-{round}");
                        let call = staff("PUT", &format!("points/{tag}-{name}")).json(body);
                        points.lock().unwrap().extend(send(call, 200).map(|_| name));
                    }
                }
            });
        }
        while pledged.lock().unwrap().len() < 150 {
            super::wait(20);
        }
        server.kill();
        stop.store(true, Ordering::Relaxed);
    });
    let server = Server::start_in(&state);
    let corner = Corner(Ground { server: &server, api: API, tag, lat, lon, manager });
    let (pledged, received, points) =
        (pledged.into_inner().unwrap(), received.into_inner().unwrap(), points.into_inner().unwrap());
    println!("{} pledges, {} received, {} points were answered", pledged.len(), received.len(), points.len());
    assert!(!received.is_empty() && !points.is_empty());
    for gift in &pledged {
        assert_eq!(corner.read_pledge(gift)["items"][0]["pledged"], 3);
    }
    for gift in &received {
        let seen = corner.read_pledge(gift);
        assert_eq!((&seen["status"], super::amounts(&seen, "books")), (&json!("received"), [3, 3, 0, 0, 0]));
        let number = seen["receipt"]["number"].as_str().unwrap();
        corner.get(&format!("receipts/{number}")).send().expect(200);
    }
    for name in &points {
        corner.get(&format!("points/{}", corner.id(name))).send().expect(200);
    }
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = corner.search(&format!("limit=100&q={}{cursor}", corner.tag));
        found.extend(corner.own(&page));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert!(points.iter().all(|name| found.contains(name)), "searches find them too");
    let database = server.database("donation");
    super::interleavings::check_tables(&database);
    let sound: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    assert_eq!(corner.get("audit/verify").bearer(&corner.manager).send().expect(200)["intact"], true);
}
