//! Marriage: reading what is free, and booking it.

use std::{
    path::Path,
    sync::{Arc, atomic::AtomicU64},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use http::{Method, StatusCode};

use crate::{
    Options, baseline,
    load::{Work, drive},
    print_head, print_size,
    server::Server,
    side_by_side, start_runtime, token,
};

const OFFICE: &str = "bench";
const STARTS: usize = 5;

/// Measures availability and booking.
pub(crate) async fn run(options: &Options) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let state = folder.path().join("state");
    let path = format!("/api/v1/marriage/offices/{OFFICE}/availability?service=marriage");

    // Compiles what isn't compiled yet; later starts find it done.
    let runtime = start_runtime(&state)?;
    let starts = set_up(&runtime, &state).await?;
    let mut first_answers = Vec::new();
    drop(runtime);
    for _ in 0..STARTS {
        let began = Instant::now();
        let runtime = start_runtime(&state)?;
        let (status, _) = runtime.send(Method::GET, &path, None, String::new()).await?;
        ensure!(status == StatusCode::OK, "availability: {status}");
        first_answers.push(began.elapsed());
    }
    first_answers.sort_unstable();
    let first_answer = first_answers.get(STARTS / 2).copied().unwrap_or_default();

    let copy = folder.path().join("baseline.db");
    baseline::copy(&state.join("marriage.db"), &copy)?;
    let wasm = start_runtime(&state)?;
    let native = Server::start("marriage", &[&copy])?;
    let (_, from_wasm) = wasm.send(Method::GET, &path, None, String::new()).await?;
    let (_, from_native) = native.send(Method::GET, &path, None, String::new()).await?;
    ensure!(from_wasm == from_native, "the two servers answer differently");
    tokio::time::sleep(Duration::from_secs(5)).await;
    let idle = (wasm.resident_mb()?, native.resident_mb()?);

    print_head();
    let booking = |keyed, couples: &Arc<AtomicU64>| Work::Booking {
        office: OFFICE,
        starts: starts.clone(),
        couples: couples.clone(),
        keyed,
    };
    let couples = Arc::default();
    for (name, work) in
        [("Availability, a week", Work::Availability { path }), ("Booking", booking(false, &couples))]
    {
        for connections in [16, 64] {
            side_by_side(options, (name, &work, connections), (&wasm, &native)).await?;
        }
    }
    let time = Duration::from_secs(options.seconds);
    let mut keyed = drive(wasm.address, 64, time, &booking(true, &couples)).await?;
    println!(
        "| Booking with `Idempotency-Key` | 64 | {:.0} | – | – | {:.1} / {:.1} | – | – |",
        keyed.throughput(),
        keyed.percentile_ms(50),
        keyed.percentile_ms(99)
    );
    tokio::time::sleep(Duration::from_secs(5)).await;
    let after = (wasm.resident_mb()?, native.resident_mb()?);

    println!("\n| | App | Native |\n|---|---:|---:|");
    println!(
        "| First answer after start, compiled before (median of {STARTS}), ms | {} | – |",
        first_answer.as_millis()
    );
    println!("| Resident, idle after one answer, MB | {:.1} | {:.1} |", idle.0, idle.1);
    println!("| Resident, idle after the load, MB | {:.1} | {:.1} |", after.0, after.1);
    print_size("marriage");
    Ok(())
}

/// Makes an office with seats for every couple of the benchmark; when its slots begin.
async fn set_up(runtime: &Server, state: &Path) -> anyhow::Result<Arc<[String]>> {
    let token = token(state, "admin")?;
    let base = format!("/api/v1/marriage/offices/{OFFICE}");
    let office = serde_json::json!({
        "name": "基准测试登记处", "division_code": "310101", "address": "样例路 1 号", "phone": "021-12345678",
        "location": { "lat": 31.23, "lon": 121.47 }, "services": ["marriage"], "sample": true,
    });
    let hours = serde_json::json!([
        { "opens": "09:00", "closes": "11:30" },
        { "opens": "13:00", "closes": "16:30" },
    ]);
    let timetable = serde_json::json!({
        "slot_minutes": 30, "release_days": 59, "capacity": { "marriage": 1000 },
        "weekly": {
            "monday": hours, "tuesday": hours, "wednesday": hours, "thursday": hours, "friday": hours,
            "saturday": hours, "sunday": hours,
        },
    });
    for (path, body) in [(base.clone(), office), (format!("{base}/timetable"), timetable)] {
        let (status, answer) = runtime.send(Method::PUT, &path, Some(&token), body.to_string()).await?;
        ensure!(status.is_success(), "PUT {path}: {status} {}", String::from_utf8_lossy(&answer));
    }
    // From tomorrow, so that no slot begins while the benchmark runs.
    let today = shared::calendar::day_of(chrono::Utc::now());
    let (from, to) = (today + chrono::Days::new(1), today + chrono::Days::new(59));
    let path = format!("{base}/availability?service=marriage&from={from}&to={to}");
    let (status, body) = runtime.send(Method::GET, &path, None, String::new()).await?;
    ensure!(status == StatusCode::OK, "GET {path}: {status}");
    let answer: serde_json::Value = serde_json::from_slice(&body)?;
    let days = answer.get("days").and_then(serde_json::Value::as_array).context("no days")?;
    let starts: Arc<[String]> = days
        .iter()
        .filter_map(|day| day.get("slots")?.as_array())
        .flatten()
        .filter_map(|slot| Some(slot.get("start")?.as_str()?.to_owned()))
        .collect();
    ensure!(!starts.is_empty(), "the office has no slots");
    Ok(starts)
}
