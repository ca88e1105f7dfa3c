//! The OpenAPI documents of the functions, kept in the repository so that a change of the API shows in review.
//!
//! # Design
//! A component answers with the committed document, because the code that makes it would be a fifth of the component. So
//! a function with `examples/openapi.rs` is asked natively, by running that; any other is asked over HTTP.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::client::Client;
use crate::manifest::Manifest;

/// Whether every function of the manifest has a program that prints its document.
pub(crate) fn can_print_all(manifest: &Manifest) -> bool {
    manifest.functions().iter().all(|(function, _)| printer(manifest, function).is_file())
}

fn printer(manifest: &Manifest, function: &str) -> PathBuf {
    manifest.folder().join("functions").join(function).join("examples/openapi.rs")
}

/// Runs the program that prints a function's document.
fn printed(manifest: &Manifest, function: &str) -> anyhow::Result<String> {
    let folder = manifest.folder();
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "run",
            "--quiet",
            "--locked",
            "--package",
            function,
            "--example",
            &format!("{function}-openapi"),
        ])
        .current_dir(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("can't run the example `{function}-openapi`"))?;
    if !output.status.success() {
        bail!("the example `{function}-openapi` failed ({})", output.status);
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("the example `{function}-openapi` printed no text"))
}

async fn fetched(client: &Client, function: &str) -> anyhow::Result<String> {
    let path = format!("/api/v1/{function}/openapi.json");
    let answer = client.get(&path).await?;
    if !answer.status.is_success() {
        bail!("GET {path} answered {}", answer.status);
    }
    let document = answer.json().with_context(|| format!("GET {path}"))?;
    // A `Value` keeps its keys sorted, so that the text depends on nothing but the content.
    Ok(format!("{}\n", serde_json::to_string_pretty(&document)?))
}

/// Writes every function's document to `folder`, from the application at `url` or, without one, from the sources; with
/// `check` it compares instead.
///
/// # Errors
/// When a document can't be had, or with `check` when one differs.
pub(crate) async fn run(
    manifest: &Manifest,
    url: Option<&str>,
    folder: &Path,
    check: bool,
) -> anyhow::Result<()> {
    let client = url.map(Client::new).transpose()?;
    let mut different = Vec::new();
    for (function, _) in manifest.functions() {
        let text = match &client {
            Some(client) => fetched(client, function).await?,
            None => printed(manifest, function)?,
        };
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
