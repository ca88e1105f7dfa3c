//! The OpenAPI documents of the functions, kept in the repository so that a change of the API shows in review.

use std::path::Path;

use anyhow::{Context as _, bail};

use crate::client::Client;
use crate::manifest::Manifest;

/// Fetches every function's document from the application at `url` and writes it to `folder`; with `check` it
/// compares instead.
///
/// # Errors
/// When a document can't be had, or with `check` when one differs.
pub(crate) async fn run(manifest: &Manifest, url: &str, folder: &Path, check: bool) -> anyhow::Result<()> {
    let client = Client::new(url)?;
    let mut different = Vec::new();
    for (function, _) in manifest.functions() {
        let path = format!("/api/v1/{function}/openapi.json");
        let answer = client.get(&path).await?;
        if !answer.status.is_success() {
            bail!("GET {path} answered {}", answer.status);
        }
        let document = answer.json().with_context(|| format!("GET {path}"))?;
        // A `Value` keeps its keys sorted, so that the text depends on nothing but the content.
        let text = format!("{}\n", serde_json::to_string_pretty(&document)?);
        let file = folder.join(format!("{function}.json"));
        if !check {
            std::fs::create_dir_all(folder)?;
            std::fs::write(&file, text).with_context(|| format!("can't write {}", file.display()))?;
            println!("{}", crate::places::short(&file));
        } else if std::fs::read_to_string(&file).ok().as_deref() != Some(&text) {
            different.push(crate::places::short(&file));
        }
    }
    if !different.is_empty() {
        bail!("out of date: {}; run `minzheng openapi` and look at the difference", different.join(", "));
    }
    Ok(())
}
