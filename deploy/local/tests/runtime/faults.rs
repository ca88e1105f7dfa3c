//! What a component does wrong stays its own affair.

use std::time::{Duration, Instant};

use crate::client::send;
use crate::harness::App;

#[test]
fn a_panic_is_a_problem_and_the_next_request_finds_a_fresh_instance() {
    let app = App::new();
    let up = app.run(&[]);
    let before = up.get("/instance").json();
    assert_eq!(up.get("/instance").json()["born"], before["born"], "instances are used again");
    up.get("/panic").problem(500, "internal");
    let english = send(up.address, "GET", "/panic", &[("accept-language", "en")], "");
    let trace = english.problem(500, "internal")["trace_id"].as_str().unwrap().to_owned();
    let log = up.log(&format!("failed=\"worker trapped or panicked\" trace_id={trace}"));
    assert!(log.contains("stderr=\"asked to\""), "{log}");
    let after = up.get("/instance").json();
    assert_ne!(after["born"], before["born"]);
    assert_eq!(after["count"], 1);
}

#[test]
fn too_much_memory_is_a_problem() {
    let app = App::new();
    let up = app.run(&["--max-memory", "32"]);
    assert_eq!(up.get("/eat?mib=16").body, (16 << 20).to_string());
    up.get("/eat?mib=40").problem(500, "internal");
    assert_eq!(up.get("/eat?mib=16").status, 200);
}

#[test]
fn an_endless_loop_is_cut_off_while_others_are_served() {
    let app = App::new();
    let up = app.run(&["--request-timeout", "1"]);
    let began = Instant::now();
    std::thread::scope(|scope| {
        let stuck = scope.spawn(|| up.get("/loop"));
        std::thread::sleep(Duration::from_millis(100));
        for _ in 0..20 {
            let asked = Instant::now();
            assert_eq!(up.get("/echo").status, 200);
            assert!(asked.elapsed() < Duration::from_millis(500), "{:?}", asked.elapsed());
        }
        stuck.join().unwrap().problem(504, "timeout");
    });
    let took = began.elapsed();
    assert!(took > Duration::from_millis(950) && took < Duration::from_millis(2500), "{took:?}");
    up.log("instance_dropped=");
}

#[test]
fn a_slow_request_times_out_alone() {
    let app = App::new();
    let up = app.run(&["--request-timeout", "1"]);
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| up.get("/sleep?ms=5000"));
        std::thread::sleep(Duration::from_millis(300));
        let beside = scope.spawn(|| up.get("/sleep?ms=900"));
        slow.join().unwrap().problem(504, "timeout");
        assert_eq!(beside.join().unwrap().body, "slept");
    });
}

#[test]
fn a_trap_takes_only_the_requests_of_its_own_instance() {
    let app = App::new();
    let up = app.run(&["--request-timeout", "5"]);
    std::thread::scope(|scope| {
        // More than one instance takes at once: some of them share the fate of the panic, none of the others.
        let sleepers: Vec<_> = (0..40).map(|_| scope.spawn(|| up.get("/sleep?ms=800").status)).collect();
        std::thread::sleep(Duration::from_millis(400));
        assert_eq!(up.get("/panic").status, 500);
        let statuses: Vec<u16> = sleepers.into_iter().map(|sleeper| sleeper.join().unwrap()).collect();
        let lost = statuses.iter().filter(|status| **status == 500).count();
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 40 - lost);
        assert!(lost <= 16, "{lost} requests were lost");
    });
    assert_eq!(up.get("/echo").status, 200);
}

#[test]
fn too_many_requests_wait_and_then_are_told_to_come_back() {
    let app = App::new();
    let up = app.run(&["--max-requests", "2", "--request-timeout", "1"]);
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..6).map(|_| scope.spawn(|| up.get("/sleep?ms=700"))).collect();
        let answers: Vec<_> = asked.into_iter().map(|one| one.join().unwrap()).collect();
        let done = answers.iter().filter(|answer| answer.status == 200).count();
        let busy: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
        assert_eq!((done, busy.len()), (2, 4));
        for answer in busy {
            answer.problem(503, "busy");
            assert_eq!(answer.header("retry-after"), Some("1"));
        }
    });
}
