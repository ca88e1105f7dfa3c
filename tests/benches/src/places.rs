//! What functions with places on a map have in common: files that are taken in, and a walk over every place.

use std::time::Instant;

use anyhow::{Context as _, ensure};
use http::{Method, StatusCode};
use serde_json::Value;

use crate::server::Server;

/// Takes in a file of the places under `base`; how many seconds it took.
pub(crate) async fn import(server: &Server, base: &str, token: &str, file: String) -> anyhow::Result<f64> {
    let began = Instant::now();
    let (status, body) = server.send_csv(&format!("{base}/import"), token, file).await?;
    ensure!(status == StatusCode::OK, "import: {status} {}", String::from_utf8_lossy(&body));
    Ok(began.elapsed().as_secs_f64())
}

/// Reads every place once, so that every copy is made; the places.
pub(crate) async fn walk(server: &Server, base: &str) -> anyhow::Result<Vec<Value>> {
    let (mut cursor, mut places) = (String::new(), Vec::new());
    loop {
        let path = format!("{base}.geojson?limit=5000{cursor}");
        let (status, body) = server.send(Method::GET, &path, None, String::new()).await?;
        ensure!(status == StatusCode::OK, "{path}: {status}");
        let mut page: Value = serde_json::from_slice(&body)?;
        let features = page.get_mut("features").and_then(Value::as_array_mut).context("no features")?;
        places.extend(features.iter_mut().filter_map(|feature| Some(feature.get_mut("properties")?.take())));
        match page.get("next_cursor").and_then(Value::as_str) {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(places),
        }
    }
}
