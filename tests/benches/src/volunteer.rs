//! Volunteering: opportunities near a place and in a district among fifty thousand shifts; sign-ups that are taken back.

use std::{path::Path, sync::Arc};

use anyhow::{Context as _, ensure};
use chrono::Utc;
use http::{Method, StatusCode};
use minzheng::SampleOrganisation;
use serde_json::Value;
use shared::calendar;

use crate::{
    Options, baseline,
    load::{Work, publish, register, sign_up_and_withdraw},
    print_head, print_size,
    server::{Server, connect},
    side_by_side, start_runtime, token,
};

const SEED: u64 = 1;
const ORGANISATIONS: usize = 400;
/// With three shifts each, about.
const OPPORTUNITIES: usize = 17_000;
const CONNECTIONS: [usize; 2] = [16, 64];
/// How many different places ask.
const PLACES: usize = 500;
/// How many connections publish opportunities.
const FILLERS: usize = 8;
/// How many volunteers sign up: one for each connection, and one to compare the servers by.
const VOLUNTEERS: usize = 65;
const BASE: &str = "/api/v1/volunteer";
/// What two servers never have in common.
const OWN: [&str; 2] = ["id", "signed_up_at"];

/// The app and the baseline with the same opportunities and volunteers.
struct Pair {
    wasm: Server,
    native: Server,
    /// As searches show them.
    found: Vec<Value>,
    tokens: Arc<[String]>,
}

/// Measures searches and sign-ups.
pub(crate) async fn run(options: &Options) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let pair = Pair::start(folder.path()).await?;
    let shifts: usize = pair.found.iter().map(|one| shifts(one).count()).sum();
    println!("\n### Volunteering: {} opportunities with {shifts} shifts\n", pair.found.len());
    print_head();
    pair.searches(options).await?;
    pair.writes(options).await?;
    let (wasm, native) = (pair.wasm.resident_mb()?, pair.native.resident_mb()?);
    println!("\n| | App | Native |\n|---|---:|---:|");
    println!("| Resident after the load, {shifts} shifts, MB | {wasm:.1} | {native:.1} |");
    print_size("volunteer");
    Ok(())
}

fn shifts(opportunity: &Value) -> impl Iterator<Item = &Value> {
    opportunity.get("shifts").and_then(Value::as_array).into_iter().flatten()
}

impl Pair {
    async fn start(folder: &Path) -> anyhow::Result<Self> {
        let (state, database, copies) =
            (folder.join("state"), folder.join("truth.db"), folder.join("copies.db"));
        let wasm = start_runtime(&state)?;
        let token = token(&state, "volunteer_manager")?;
        let today = calendar::day_of(Utc::now());
        let sample = minzheng::volunteer_sample(today, (ORGANISATIONS, OPPORTUNITIES), SEED);
        fill(&wasm, &token, sample).await?;
        let found = walk(&wasm).await?;
        let mut tokens = Vec::new();
        let mut sender = connect(wasm.address).await?;
        for person in 0..u64::try_from(VOLUNTEERS)? {
            tokens.push(register(&mut sender, person).await?);
        }
        // The baseline reads what the app wrote, in files of its own.
        baseline::copy(&state.join("volunteer.db"), &database)?;
        baseline::copy(&state.join("volunteer-kv.db"), &copies)?;
        let native = Server::start("volunteer", &[&database, &copies, &state])?;
        Ok(Self { wasm, native, found, tokens: tokens.into() })
    }

    async fn searches(&self, options: &Options) -> anyhow::Result<()> {
        let near = |one: &Value| {
            let at = one.get("location")?;
            let (lat, lon) = (at.get("lat")?, at.get("lon")?);
            Some(format!("{BASE}/opportunities?near={lat},{lon}&radius_m=5000&available=true"))
        };
        let step = (self.found.len() / PLACES).max(1);
        let nearest = self.found.iter().step_by(step).filter_map(near);
        self.reads(options, "Nearest 20 within 5 km, a free place", nearest.collect()).await?;
        let of_skill = |one: &Value| {
            let code = one.get("division_code")?.as_str()?.get(..6)?;
            Some(format!("{BASE}/opportunities?division_code={code}&skill=teaching"))
        };
        let by_date = self.found.iter().step_by(step).filter_map(of_skill);
        self.reads(options, "Next 20 of a district, one skill", by_date.collect()).await
    }

    async fn reads(&self, options: &Options, name: &str, paths: Arc<[String]>) -> anyhow::Result<()> {
        for path in paths.iter().take(20) {
            let (_, from_wasm) = self.wasm.send(Method::GET, path, None, String::new()).await?;
            let (_, from_native) = self.native.send(Method::GET, path, None, String::new()).await?;
            ensure!(from_wasm == from_native, "the two servers answer differently: {path}");
        }
        self.measure(options, name, &Work::Reads { paths, sent: Arc::default() }).await
    }

    async fn writes(&self, options: &Options) -> anyhow::Result<()> {
        let anybody = |one: &&Value| one.pointer("/requirements/health").is_none_or(Value::is_null);
        let plain = |one: &&Value| {
            let none = |name| one.pointer(name).and_then(Value::as_array).is_none_or(Vec::is_empty);
            none("/requirements/skills") && none("/requirements/trainings")
        };
        let open = self.found.iter().filter(anybody).filter(plain).filter_map(|one| {
            let shift = shifts(one).next()?;
            Some(shift.get("id")?.as_str()?.to_owned())
        });
        let shifts: Arc<[String]> = open.take(VOLUNTEERS).collect();
        ensure!(shifts.len() == VOLUNTEERS, "too few shifts for everybody");
        let last = (shifts.last().context("no shift")?, self.tokens.last().context("nobody")?);
        let of_wasm = write_once(&self.wasm, last).await?;
        let of_native = write_once(&self.native, last).await?;
        ensure!(of_wasm == of_native, "the two servers answer differently: {of_wasm} {of_native}");
        let work = Work::Signups { shifts, tokens: self.tokens.clone() };
        self.measure(options, "Sign-up, taken back (2 requests)", &work).await
    }

    async fn measure(&self, options: &Options, name: &str, work: &Work) -> anyhow::Result<()> {
        for connections in CONNECTIONS {
            side_by_side(options, (name, work, connections), (&self.wasm, &self.native)).await?;
        }
        Ok(())
    }
}

/// The answer to a sign-up, without what is each server's own.
async fn write_once(server: &Server, (shift, token): (&String, &String)) -> anyhow::Result<Value> {
    let answer = sign_up_and_withdraw(&mut connect(server.address).await?, shift, token).await?;
    let mut answer: Value = serde_json::from_slice(answer.body())?;
    for name in OWN {
        if let Some(member) = answer.get_mut(name) {
            *member = Value::Null;
        }
    }
    Ok(answer)
}

/// Sets up organisations, and publishes what they offer, on several connections.
async fn fill(server: &Server, token: &str, sample: Vec<SampleOrganisation>) -> anyhow::Result<()> {
    let mut opportunities = Vec::new();
    for organisation in sample {
        let path = format!("{BASE}/organisations/{}", organisation.id);
        let (status, _) = server.send(Method::PUT, &path, Some(token), organisation.body.to_string()).await?;
        ensure!(status == StatusCode::OK, "{path}: {status}");
        opportunities.extend(organisation.opportunities);
    }
    let tasks: Vec<_> = opportunities
        .chunks(opportunities.len().div_ceil(FILLERS).max(1))
        .map(|part| {
            let (address, token, part) = (server.address, token.to_owned(), part.to_vec());
            tokio::spawn(async move {
                let mut sender = connect(address).await?;
                for opportunity in part {
                    publish(&mut sender, &token, &opportunity).await?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(())
}

/// Reads every opportunity once, so that every copy is made; the opportunities.
async fn walk(server: &Server) -> anyhow::Result<Vec<Value>> {
    let (mut cursor, mut found) = (String::new(), Vec::new());
    loop {
        let path = format!("{BASE}/opportunities?limit=100{cursor}");
        let (status, body) = server.send(Method::GET, &path, None, String::new()).await?;
        ensure!(status == StatusCode::OK, "{path}: {status}");
        let mut page: Value = serde_json::from_slice(&body)?;
        found.append(page.get_mut("items").and_then(Value::as_array_mut).context("no items")?);
        match page.get("next_cursor").and_then(Value::as_str) {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(found),
        }
    }
}
