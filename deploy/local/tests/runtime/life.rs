//! Starting, reloading, stopping.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{App, guest};

/// The test component with another version in it.
fn other_version() -> Vec<u8> {
    let mut wasm = std::fs::read(guest()).unwrap();
    let (from, to) = (b"guest-version-1", b"guest-version-2");
    let at = wasm.windows(from.len()).position(|bytes| bytes == from).unwrap();
    wasm[at..at + to.len()].copy_from_slice(to);
    wasm
}

fn compiled(app: &App) -> Vec<std::path::PathBuf> {
    let folder = app.path("target/compiled");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "cwasm"));
    files.sort();
    files
}

#[test]
fn components_are_compiled_once_and_a_damaged_copy_again() {
    use std::os::unix::fs::PermissionsExt as _;
    let app = App::alone();
    let first = app.run(&[]);
    first.log("compiled alpha in");
    drop(first);
    let files = compiled(&app);
    assert_eq!(files.len(), 1, "two components of one content");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&files[0]), mode(files[0].parent().unwrap())), (0o600, 0o700));

    let again = app.run(&[]);
    assert_eq!(again.get("/echo").status, 200);
    assert!(!again.log("path=/echo").contains("compiled"), "it was compiled again");
    drop(again);

    let mut bytes = std::fs::read(&files[0]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    std::fs::write(&files[0], bytes).unwrap();
    let damaged = app.run(&[]);
    damaged.log("compiled alpha in");
    assert_eq!(damaged.get("/echo").status, 200);
}

#[test]
fn a_start_with_compiled_components_is_quick_and_small() {
    let app = App::new();
    let began = Instant::now();
    let up = app.run(&[]);
    assert_eq!(up.get("/echo").status, 200);
    let first_answer = began.elapsed();
    println!("listening after {:?}, first answer after {first_answer:?}", up.started_in);
    assert!(first_answer < Duration::from_millis(1500), "{first_answer:?}");
    let memory = up.memory();
    println!("resident: {} MB", memory / 1_000_000);
    assert!(memory < 100_000_000, "{memory}");
}

#[test]
fn a_new_file_is_taken_over_without_losing_a_request() {
    let app = App::new();
    let up = app.run(&["--quiet"]);
    assert_eq!(up.get("/echo").json()["version"], "guest-version-1");
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut count = 0;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                assert_eq!(up.get("/sleep?ms=20").status, 200);
                count += 1;
            }
            count
        });
        // A file that is no component must not end the one that runs.
        std::fs::write(app.path("alpha.wasm"), b"half a file").unwrap();
        std::thread::sleep(Duration::from_millis(1500));
        assert_eq!(up.get("/echo").json()["version"], "guest-version-1");
        std::fs::write(app.path("alpha.wasm"), other_version()).unwrap();
        let until = Instant::now() + Duration::from_secs(20);
        while up.get("/echo").json()["version"] != "guest-version-2" {
            assert!(Instant::now() < until, "it wasn't taken over");
            std::thread::sleep(Duration::from_millis(50));
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(asking.join().unwrap() > 50);
    });
}

#[test]
fn a_changed_source_is_built_and_taken_over() {
    let app = App::new();
    let build = "[component.alpha.build]\ncommand = \"cp next.wasm alpha.wasm\"\nwatch = [\"next.*\"]\n";
    let manifest = crate::harness::MANIFEST.replace("[component.beta]", &format!("{build}[component.beta]"));
    std::fs::write(app.path("spin.toml"), manifest).unwrap();
    let up = app.run(&["--watch"]);
    assert_eq!(up.get("/echo").json()["version"], "guest-version-1");
    std::fs::write(app.path("next.wasm"), other_version()).unwrap();
    up.log("rebuilding alpha");
    up.log("component=alpha reloaded=");
    assert_eq!(up.get("/echo").json()["version"], "guest-version-2");
    // A build that fails leaves what runs.
    std::fs::remove_file(app.path("next.wasm")).unwrap();
    up.log("the last good build keeps running");
    assert_eq!(up.get("/echo").json()["version"], "guest-version-2");
}

#[test]
fn stopping_under_load_finishes_what_is_in_flight() {
    let app = App::new();
    let mut up = app.run(&[]);
    up.sql(&[("CREATE TABLE t (id INTEGER PRIMARY KEY)", json!([]))]);
    let address = up.address;
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..30)
            .map(|_| scope.spawn(move || crate::client::send(address, "GET", "/sleep?ms=600", &[], "")))
            .collect();
        std::thread::sleep(Duration::from_millis(300));
        up.signal("-TERM");
        std::thread::sleep(Duration::from_millis(100));
        let late = crate::client::try_send(address, "GET", "/echo", &[], "");
        assert!(late.is_err(), "it still accepts: {late:?}");
        for one in asked {
            assert_eq!(one.join().unwrap().body, "slept");
        }
    });
    assert!(up.wait().success());
    // The log of the database was folded in, so that the bare file is complete.
    assert!(!app.path(".spin/main.db-wal").exists());
}

#[test]
fn an_idle_connection_does_not_hold_up_the_end() {
    let app = App::new();
    let mut up = app.run(&[]);
    let _idle = std::net::TcpStream::connect(up.address).unwrap();
    std::thread::sleep(Duration::from_millis(50));
    let began = Instant::now();
    up.signal("-INT");
    assert!(up.wait().success());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}
