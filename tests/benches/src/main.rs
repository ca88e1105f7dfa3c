//! The benchmark: the app on the local runtime against the same logic as a native server, side by side.
//!
//! One program in three roles, so that `cargo run` builds all there is to measure: the load generator, the runtime and
//! the baseline, each a process of its own. It only ever loads servers that it started itself on this machine.

mod baseline;
mod beds;
mod donation;
mod load;
mod marriage;
mod places;
mod server;
mod volunteer;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context as _, ensure};
use clap::Parser;
use load::{Measured, Work, drive};
use server::{ROLE, Server, command};

const WARM_UP: Duration = Duration::from_secs(2);

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
    /// Measure one function
    #[arg(long, value_parser = ["marriage", "donation", "beds", "volunteer"])]
    only: Option<String>,
}

fn main() -> ExitCode {
    let result = match std::env::var(ROLE).as_deref() {
        Ok("runtime") => return minzheng::main(),
        Ok("marriage") => file(1).and_then(|database| baseline::marriage::serve(&database)),
        Ok("donation") => file(1).and_then(|database| baseline::donation::serve(&database, &file(2)?)),
        Ok("beds") => file(1).and_then(|database| baseline::beds::serve(&database, &file(2)?, &file(3)?)),
        Ok("volunteer") => {
            file(1).and_then(|database| baseline::volunteer::serve(&database, &file(2)?, &file(3)?))
        }
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

fn file(nth: usize) -> anyhow::Result<PathBuf> {
    std::env::args_os().nth(nth).map(PathBuf::from).context("a file is missing")
}

fn measure(options: &Options) -> anyhow::Result<()> {
    if !options.no_build {
        let status = command("runtime", &["build"])?.status()?;
        ensure!(status.success(), "the components can't be built: {status}");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if options.only.as_deref().is_none_or(|only| only == "marriage") {
        runtime.block_on(marriage::run(options))?;
    }
    if options.only.as_deref().is_none_or(|only| only == "donation") {
        runtime.block_on(donation::run(options))?;
    }
    if options.only.as_deref().is_none_or(|only| only == "beds") {
        runtime.block_on(beds::run(options))?;
    }
    if options.only.as_deref().is_none_or(|only| only == "volunteer") {
        runtime.block_on(volunteer::run(options))?;
    }
    Ok(())
}

fn print_head() {
    println!(
        "| Work | Connections | App, 1/s | Native, 1/s | Ratio | App p50/p99, ms | Native p50/p99, ms | p99 ratio |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
}

fn print_size(component: &str) {
    if let Ok(file) = std::fs::metadata(format!("target/wasm32-wasip2/component/{component}.wasm")) {
        let bytes = u32::try_from(file.len()).unwrap_or(u32::MAX);
        println!("| Component `{component}`, MB | {:.2} | – |", f64::from(bytes) / 1e6);
    }
}

/// A staff token of the runtime with this state.
fn token(state: &Path, role: &str) -> anyhow::Result<String> {
    let state = state.to_str().context("the path of the temporary folder is no text")?;
    let arguments = ["token", "--role", role, "--area", "310000", "--state-dir", state];
    let output = command("runtime", &arguments)?.output()?;
    ensure!(output.status.success(), "no token: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

async fn side_by_side(
    options: &Options,
    (name, work, connections): (&str, &Work, usize),
    (wasm, native): (&Server, &Server),
) -> anyhow::Result<()> {
    let (mut of_wasm, mut of_native) = (Measured::default(), Measured::default());
    let time = Duration::from_secs(options.seconds);
    for server in [wasm, native] {
        drive(server.address, connections, WARM_UP, work).await?;
    }
    for _ in 0..options.rounds {
        of_wasm.add(drive(wasm.address, connections, time, work).await?);
        of_native.add(drive(native.address, connections, time, work).await?);
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

fn start_runtime(state: &Path) -> anyhow::Result<Server> {
    let state = state.to_str().context("the path of the temporary folder is no text")?;
    let arguments =
        ["up", "--no-build", "--no-sample", "--quiet", "--listen", "127.0.0.1:0", "--state-dir", state];
    Server::start("runtime", &arguments)
}
