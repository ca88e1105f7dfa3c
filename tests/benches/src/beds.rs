//! Beds: homes near a place and cheap ones in a district, among as many as the city has and among twenty thousand; counts
//! that are set, and beds that are offered.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, atomic::AtomicU64},
};

use anyhow::{Context as _, ensure};
use http::Method;
use serde_json::Value;

use crate::{
    Options, baseline,
    load::{Room, Work, change_counts, decline_offer},
    places, print_head, print_size,
    server::{Server, connect},
    side_by_side, start_runtime, token,
};

const SEED: u64 = 1;
const CITY: usize = 700;
const MANY: usize = 20_000;
const CONNECTIONS: [usize; 2] = [16, 64];
/// How many different places ask.
const PLACES: usize = 500;
/// How many rooms are written to in one way: one for each connection, and one to compare the servers by.
const ROOMS: usize = 65;
const BASE: &str = "/api/v1/beds/institutions";
/// What two servers never have in common.
const OWN: [&str; 11] = [
    "reference",
    "application",
    "token",
    "id",
    "links",
    "at",
    "created_at",
    "made_at",
    "expires_at",
    "confirmed_at",
    "updated_at",
];

/// The app and the baseline with the same homes.
struct Pair {
    wasm: Server,
    native: Server,
    homes: Vec<Value>,
    token: Arc<str>,
    import_s: f64,
}

/// Measures searches, counts and offers.
pub(crate) async fn run(options: &Options) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut rows = Vec::new();
    for homes in [CITY, MANY] {
        let pair = Pair::start(&folder.path().join(homes.to_string()), homes).await?;
        println!("\n### Beds: {homes} homes\n");
        print_head();
        pair.searches(options).await?;
        if homes == CITY {
            pair.writes(options).await?;
        }
        rows.push(format!("| Import of {homes} rows in one call, s | {:.1} | – |", pair.import_s));
        let (wasm, native) = (pair.wasm.resident_mb()?, pair.native.resident_mb()?);
        rows.push(format!("| Resident after the load, {homes} homes, MB | {wasm:.1} | {native:.1} |"));
    }
    println!("\n| | App | Native |\n|---|---:|---:|\n{}", rows.join("\n"));
    print_size("beds");
    Ok(())
}

impl Pair {
    async fn start(folder: &Path, homes: usize) -> anyhow::Result<Self> {
        let (state, database, copies) =
            (folder.join("state"), folder.join("truth.db"), folder.join("copies.db"));
        let wasm = start_runtime(&state)?;
        let token = token(&state, "care_manager")?;
        let mut import_s = 0.0;
        for file in minzheng::beds_sample(homes, SEED) {
            import_s += places::import(&wasm, BASE, &token, file).await?;
        }
        let homes = places::walk(&wasm, BASE).await?;
        // The baseline reads what the app wrote, in files of its own.
        baseline::copy(&state.join("beds.db"), &database)?;
        baseline::copy(&state.join("beds-kv.db"), &copies)?;
        let native = Server::start("beds", &[&database, &copies, &state])?;
        Ok(Self { wasm, native, homes, token: token.into(), import_s })
    }

    async fn searches(&self, options: &Options) -> anyhow::Result<()> {
        let districts: BTreeSet<_> = self.homes.iter().filter_map(district).collect();
        let cheapest = districts.iter().map(|district| format!("{BASE}?division_code={district}&sort=price"));
        let near = |home: &Value| {
            let at = home.get("location")?;
            let (lat, lon) = (at.get("lat")?, at.get("lon")?);
            Some(format!("{BASE}?near={lat},{lon}&radius_m=5000&care_level=3&min_available=1"))
        };
        let nearest = self.homes.iter().step_by((self.homes.len() / PLACES).max(1)).filter_map(near);
        let name = "Nearest 20 within 5 km, care level 3, a free bed";
        self.reads(options, name, nearest.collect()).await?;
        self.reads(options, "Cheapest 20 of a district", cheapest.collect()).await
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
        let rooms: Vec<Room> = self.homes.iter().filter_map(free_room).collect();
        let (counted, offered) = rooms.split_at_checked(ROOMS).context("too few homes with a free bed")?;
        ensure!(offered.len() >= ROOMS, "too few homes with a free bed");
        // Nobody of the load is this person.
        let people = AtomicU64::new(1);
        for (counted, offered) in counted.iter().zip(offered).skip(ROOMS - 1).take(1) {
            let of_wasm = write_once(&self.wasm, (counted, offered), &self.token).await?;
            let of_native = write_once(&self.native, (counted, offered), &self.token).await?;
            ensure!(of_wasm == of_native, "the two servers answer differently: {of_wasm:?} {of_native:?}");
        }
        let token = self.token.clone();
        let work = Work::Counts { rooms: counted.into(), token: token.clone() };
        self.measure(options, "Counts read, then set (2 requests)", &work).await?;
        let work = Work::Offers { rooms: offered.into(), token, people: people.into() };
        self.measure(options, "Application, offer, declined (3 requests)", &work).await
    }

    async fn measure(&self, options: &Options, name: &str, work: &Work) -> anyhow::Result<()> {
        for connections in CONNECTIONS {
            side_by_side(options, (name, work, connections), (&self.wasm, &self.native)).await?;
        }
        Ok(())
    }
}

/// The answers to every kind of write, without what is each server's own.
async fn write_once(
    server: &Server,
    (counted, offered): (&Room, &Room),
    token: &str,
) -> anyhow::Result<Vec<Value>> {
    let mut sender = connect(server.address).await?;
    let counts = change_counts(&mut sender, counted, token).await?;
    let [made, offer, declined] = decline_offer(&mut sender, offered, token, 0).await?;
    let shared = |answer: http::Response<bytes::Bytes>| {
        let mut answer: Value = serde_json::from_slice(answer.body())?;
        forget_own(&mut answer);
        Ok(answer)
    };
    [counts, made, offer, declined].into_iter().map(shared).collect()
}

fn forget_own(value: &mut Value) {
    match value {
        Value::Object(members) => members.iter_mut().for_each(|(name, value)| {
            if OWN.contains(&name.as_str()) { *value = Value::Null } else { forget_own(value) }
        }),
        Value::Array(items) => items.iter_mut().for_each(forget_own),
        _ => {}
    }
}

fn district(home: &Value) -> Option<String> {
    Some(home.get("division_code")?.as_str()?.get(..6)?.to_owned())
}

/// Rooms of a home that have a free bed.
fn free_room(home: &Value) -> Option<Room> {
    let room =
        home.get("rooms")?.as_array()?.iter().find(|room| {
            room.get("available").and_then(Value::as_i64).is_some_and(|available| available > 0)
        })?;
    Some(Room {
        institution: home.get("id")?.as_str()?.to_owned(),
        kind: room.get("room_type")?.as_str()?.to_owned(),
        care_level: room.get("care_levels")?.get(0)?.as_u64()?,
    })
}
