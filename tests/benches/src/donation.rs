//! Donation: the twenty nearest points among a hundred thousand, and a file of twenty thousand taken in.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, ensure};
use csv::{Reader, StringRecord, Writer};
use http::Method;
use serde_json::Value;
use shared::geo::Position;

use crate::{
    Options, baseline,
    load::{Measured, Work, drive},
    places, print_head, print_size,
    server::Server,
    side_by_side, start_runtime, token,
};

const POINTS: usize = 100_000;
const FEW: usize = 1_000;
const SEED: u64 = 1;
/// How many different places ask.
const PLACES: usize = 500;
/// 人民广场: where the search stands whose cost is compared between a thousand points and a hundred thousand.
const CENTRE: Position = Position { lat: 31.2304, lon: 121.4737 };
const BASE: &str = "/api/v1/donation/points";

/// Measures searches and imports.
pub(crate) async fn run(options: &Options) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let (many, few) = (folder.path().join("many"), folder.path().join("few"));
    let files = minzheng::donation_sample(POINTS, SEED);
    let rows = rows(&files)?;

    let wasm = start_runtime(&many)?;
    let mut imports = Vec::new();
    for file in &files {
        imports.push((file.lines().count() - 1, import(&wasm, &many, file.clone()).await?));
    }
    places::walk(&wasm, BASE).await?;
    // The baseline reads what the app wrote, in files of its own.
    let (database, copies) = (folder.path().join("truth.db"), folder.path().join("copies.db"));
    baseline::copy(&many.join("donation.db"), &database)?;
    baseline::copy(&many.join("donation-kv.db"), &copies)?;
    let native = Server::start("donation", &[&database, &copies])?;
    let near = |at: &Position| format!("{BASE}?near={},{}&radius_m=3000", at.lat, at.lon);
    let paths: Arc<[String]> = rows.iter().step_by(POINTS / PLACES).map(|(at, _)| near(at)).collect();
    for path in paths.iter().take(20) {
        let (_, from_wasm) = wasm.send(Method::GET, path, None, String::new()).await?;
        let (_, from_native) = native.send(Method::GET, path, None, String::new()).await?;
        ensure!(from_wasm == from_native, "the two servers answer differently: {path}");
    }

    println!("\n### Donation: {POINTS} points\n");
    print_head();
    let work = Work::Reads { paths, sent: Arc::default() };
    for connections in [16, 64] {
        side_by_side(options, ("Nearest 20 within 3 km", &work, connections), (&wasm, &native)).await?;
    }

    // The same neighbourhood with nothing around it: the thousand points nearest to the centre.
    let small = start_runtime(&few)?;
    import(&small, &few, nearest(&files, rows, FEW)?).await?;
    places::walk(&small, BASE).await?;
    let path = near(&CENTRE);
    let (_, of_few) = small.send(Method::GET, &path, None, String::new()).await?;
    let (_, of_many) = wasm.send(Method::GET, &path, None, String::new()).await?;
    ensure!(ids(&of_few)? == ids(&of_many)?, "the two searches find different points");
    let work = Work::Reads { paths: [path].into(), sent: Arc::default() };
    let time = std::time::Duration::from_secs(options.seconds);
    let (mut with_few, mut with_many) = (Measured::default(), Measured::default());
    for _ in 0..=options.rounds {
        with_few.add(drive(small.address, 16, time, &work).await?);
        with_many.add(drive(wasm.address, 16, time, &work).await?);
    }
    println!("\n| The same 20 points found among | 1/s | Cost |\n|---|---:|---:|");
    println!("| {FEW} | {:.0} | 1 |", with_few.throughput());
    println!(
        "| {POINTS} | {:.0} | {:.2} |",
        with_many.throughput(),
        with_few.throughput() / with_many.throughput()
    );

    println!("\n| | App | Native |\n|---|---:|---:|");
    for (rows, seconds) in imports {
        println!("| Import of {rows} rows in one call, s | {seconds:.1} | – |");
    }
    println!("| Resident after the load, MB | {:.1} | {:.1} |", wasm.resident_mb()?, native.resident_mb()?);
    print_size("donation");
    Ok(())
}

/// Takes in a file; how many seconds it took.
async fn import(server: &Server, state: &Path, file: String) -> anyhow::Result<f64> {
    places::import(server, BASE, &token(state, "donation_manager")?, file).await
}

fn rows(files: &[String]) -> anyhow::Result<Vec<(Position, StringRecord)>> {
    let mut rows = Vec::new();
    for file in files {
        for row in Reader::from_reader(file.as_bytes()).into_records() {
            let row = row?;
            let degrees = |column| anyhow::Ok(row.get(column).context("a row without a position")?.parse()?);
            rows.push((Position::new(degrees(5)?, degrees(6)?)?, row));
        }
    }
    Ok(rows)
}

/// A file of the points nearest to the centre.
fn nearest(
    files: &[String],
    mut rows: Vec<(Position, StringRecord)>,
    count: usize,
) -> anyhow::Result<String> {
    let header = files.first().and_then(|file| file.lines().next()).context("no header")?;
    rows.sort_by_key(|(at, _)| at.distance_m(&CENTRE));
    let mut file = Writer::from_writer(Vec::new());
    file.write_record(header.split(','))?;
    for (_, row) in rows.iter().take(count) {
        file.write_record(row)?;
    }
    Ok(String::from_utf8(file.into_inner()?)?)
}

fn ids(page: &[u8]) -> anyhow::Result<Vec<String>> {
    let page: Value = serde_json::from_slice(page)?;
    let items = page.get("items").and_then(Value::as_array).context("no items")?;
    Ok(items.iter().filter_map(|item| Some(item.get("id")?.as_str()?.to_owned())).collect())
}
