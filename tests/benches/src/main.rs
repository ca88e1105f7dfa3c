//! The benchmark: the app on the local runtime against the same logic as a native server, side by side.
//!
//! One program in three roles, so that `cargo run` builds all there is to measure: the load generator, the runtime and
//! the baseline, each a process of its own. It only ever loads servers that it started itself on this machine.

mod baseline;
mod load;
mod server;

use std::{
    path::Path,
    process::ExitCode,
    sync::{Arc, atomic::AtomicU64},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use clap::Parser;
use http::{Method, StatusCode};
use load::{Measured, Work, drive};
use server::{ROLE, Server, command};

const OFFICE: &str = "bench";
const WARM_UP: Duration = Duration::from_secs(2);
const STARTS: usize = 5;
const COMPONENT: &str = "target/wasm32-wasip2/component/marriage.wasm";

/// 基准测试 · Measures the app on the local runtime against the same logic as a native server
#[derive(Parser)]
#[command(name = "cargo bench-app")]
struct Options {
    /// Length of a round
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// Rounds of each server, in turn
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=10))]
    rounds: u8,
    /// Run the components as they are
    #[arg(long)]
    no_build: bool,
}

fn main() -> ExitCode {
    let result = match std::env::var(ROLE).as_deref() {
        Ok("runtime") => return minzheng::main(),
        Ok("baseline") => std::env::args_os()
            .nth(1)
            .context("no database")
            .and_then(|database| baseline::serve(Path::new(&database))),
        _ => measure(&Options::parse()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> anyhow::Result<()> {
    if !options.no_build {
        let status = command("runtime", &["build"])?.status()?;
        ensure!(status.success(), "the components can't be built: {status}");
    }
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run(options))
}

async fn run(options: &Options) -> anyhow::Result<()> {
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
    let native = Server::start("baseline", &[&copy])?;
    let (_, from_wasm) = wasm.send(Method::GET, &path, None, String::new()).await?;
    let (_, from_native) = native.send(Method::GET, &path, None, String::new()).await?;
    ensure!(from_wasm == from_native, "the two servers answer differently");
    tokio::time::sleep(Duration::from_secs(5)).await;
    let idle = (wasm.resident_mb()?, native.resident_mb()?);

    println!(
        "| Work | Connections | App, 1/s | Native, 1/s | Ratio | App p50/p99, ms | Native p50/p99, ms | p99 ratio |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
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
    let mut keyed = checked(drive(wasm.address, 64, time, &booking(true, &couples)).await?)?;
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
    if let Ok(file) = std::fs::metadata(COMPONENT) {
        let bytes = u32::try_from(file.len()).unwrap_or(u32::MAX);
        println!("| Component `marriage`, MB | {:.2} | – |", f64::from(bytes) / 1e6);
    }
    Ok(())
}

async fn side_by_side(
    options: &Options,
    (name, work, connections): (&str, &Work, usize),
    (wasm, native): (&Server, &Server),
) -> anyhow::Result<()> {
    let (mut of_wasm, mut of_native) = (Measured::default(), Measured::default());
    let time = Duration::from_secs(options.seconds);
    for server in [wasm, native] {
        checked(drive(server.address, connections, WARM_UP, work).await?)?;
    }
    for _ in 0..options.rounds {
        of_wasm.add(checked(drive(wasm.address, connections, time, work).await?)?);
        of_native.add(checked(drive(native.address, connections, time, work).await?)?);
    }
    let (p99_wasm, p99_native) = (of_wasm.percentile_ms(99), of_native.percentile_ms(99));
    println!(
        "| {name} | {connections} | {:.0} | {:.0} | {:.2} | {:.1} / {p99_wasm:.1} | {:.1} / {p99_native:.1} | {:.1} |",
        of_wasm.throughput(),
        of_native.throughput(),
        of_wasm.throughput() / of_native.throughput(),
        of_wasm.percentile_ms(50),
        of_native.percentile_ms(50),
        p99_wasm / p99_native,
    );
    Ok(())
}

/// Refuses a measurement with wrong answers in it.
fn checked(measured: Measured) -> anyhow::Result<Measured> {
    if let Some(first) = &measured.first_error {
        bail!("{} wrong answers, the first: {first}", measured.errors);
    }
    Ok(measured)
}

fn start_runtime(state: &Path) -> anyhow::Result<Server> {
    let state = state.to_str().context("the path of the temporary folder is no text")?;
    let arguments =
        ["up", "--no-build", "--no-sample", "--quiet", "--listen", "127.0.0.1:0", "--state-dir", state];
    Server::start("runtime", &arguments)
}

/// Makes an office with seats for every couple of the benchmark; when its slots begin.
async fn set_up(runtime: &Server, state: &Path) -> anyhow::Result<Arc<[String]>> {
    let state = state.to_str().context("the path of the temporary folder is no text")?;
    let arguments = ["token", "--role", "admin", "--area", "310000", "--state-dir", state];
    let output = command("runtime", &arguments)?.output()?;
    ensure!(output.status.success(), "no token: {}", String::from_utf8_lossy(&output.stderr));
    let token = String::from_utf8(output.stdout)?;
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
        let (status, answer) = runtime.send(Method::PUT, &path, Some(token.trim()), body.to_string()).await?;
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
