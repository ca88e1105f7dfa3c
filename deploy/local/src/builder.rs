//! Builds the components the way the manifest says.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::manifest::{Build, Manifest};

/// The target that components are compiled for.
const TARGET: &str = "wasm32-wasip2";

/// Runs the build commands of `components`, or of all; each command once.
pub(crate) fn build(manifest: &Manifest, components: Option<&[String]>) -> anyhow::Result<()> {
    let builds = manifest.components.iter().filter_map(|(name, component)| {
        let wanted = components.is_none_or(|names| names.contains(name));
        component.build.as_ref().filter(|_| wanted)
    });
    let commands = commands(builds);
    if commands.iter().any(|(_, command)| command.contains(TARGET)) {
        ensure_target()?;
    }
    for (workdir, command) in commands {
        let folder = manifest.folder().join(workdir);
        let mut shell = shell(&command);
        shell.current_dir(if folder.as_os_str().is_empty() { Path::new(".") } else { &folder });
        let status = shell.status().with_context(|| format!("can't run `{command}`"))?;
        if !status.success() {
            bail!("`{command}` failed ({status})");
        }
    }
    Ok(())
}

/// Each command once, in order; `cargo build` commands that differ only in their package become one, so that
/// cargo compiles the packages side by side.
fn commands<'b>(builds: impl Iterator<Item = &'b Build>) -> Vec<(PathBuf, String)> {
    let mut commands: Vec<(PathBuf, String, Vec<String>)> = Vec::new();
    for build in builds {
        for command in &build.commands {
            let (rest, packages) = split_packages(command);
            match commands.iter_mut().find(|(workdir, known, _)| *workdir == build.workdir && *known == rest)
            {
                Some((_, _, known)) => {
                    let new: Vec<_> =
                        packages.into_iter().filter(|package| !known.contains(package)).collect();
                    known.extend(new);
                }
                None => commands.push((build.workdir.clone(), rest, packages)),
            }
        }
    }
    commands
        .into_iter()
        .map(|(workdir, rest, packages)| {
            let packages: String = packages.iter().map(|package| format!(" --package {package}")).collect();
            (workdir, format!("{rest}{packages}"))
        })
        .collect()
}

/// A plain `cargo build` command without its packages, and the packages; any other command as it is.
fn split_packages(command: &str) -> (String, Vec<String>) {
    let words: Vec<&str> = command.split_whitespace().collect();
    let plain = words.starts_with(&["cargo", "build"])
        && !command.contains(|letter: char| "\"'`$&|;<>()\\*?".contains(letter))
        && !words.contains(&"--");
    if !plain {
        return (command.to_owned(), Vec::new());
    }
    let (mut rest, mut packages) = (Vec::new(), Vec::new());
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word {
            "--package" | "-p" => packages.extend(words.next().map(str::to_owned)),
            _ => rest.push(word),
        }
    }
    (rest.join(" "), packages)
}

fn shell(command: &str) -> Command {
    let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    shell.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(command).stdin(Stdio::null());
    clean(&mut shell);
    shell
}

/// Forgets what an outer cargo says about the package that it runs, and flags meant for this machine's code: both
/// would make cargo build other things than the same command in a fresh shell.
fn clean(command: &mut Command) {
    const NAMES: [&str; 12] = [
        "CARGO",
        "CARGO_BUILD_RUSTFLAGS",
        "CARGO_BUILD_TARGET",
        "CARGO_CRATE_NAME",
        "CARGO_ENCODED_RUSTFLAGS",
        "CARGO_MAKEFLAGS",
        "CARGO_PRIMARY_PACKAGE",
        "CARGO_TARGET_DIR",
        "CARGO_TARGET_TMPDIR",
        "OUT_DIR",
        "RUSTFLAGS",
        "RUSTC_WORKSPACE_WRAPPER",
    ];
    const PREFIXES: [&str; 3] = ["CARGO_BIN_", "CARGO_MANIFEST_", "CARGO_PKG_"];
    for (name, _) in std::env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        if NAMES.contains(&text) || PREFIXES.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
}

/// Installs the target for components if it is missing.
fn ensure_target() -> anyhow::Result<()> {
    let mut ask = Command::new("rustc");
    clean(&mut ask);
    let output = ask.args(["--print", "target-libdir", "--target", TARGET]).output();
    let output = output.context("can't run rustc; install Rust from https://rustup.rs and try again")?;
    let folder = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    eprintln!("adding the compile target {TARGET} (rustup target add {TARGET})");
    let mut add = Command::new("rustup");
    clean(&mut add);
    let added = add.args(["target", "add", TARGET]).status();
    if added.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    bail!(
        "the compile target {TARGET} is missing and couldn't be added. With rustup: `rustup target add {TARGET}` \
         (it needs the network once). Without rustup: install your distribution's package of Rust's standard \
         library for {TARGET}."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(command: &str) -> Build {
        Build { commands: vec![command.to_owned()], workdir: PathBuf::new(), watch: Vec::new() }
    }

    fn merged(builds: &[Build]) -> Vec<String> {
        commands(builds.iter()).into_iter().map(|(_, command)| command).collect()
    }

    #[test]
    fn cargo_commands_that_differ_in_their_package_become_one() {
        let builds = [
            build("cargo build --locked --target wasm32-wasip2 --package a"),
            build("cargo build --locked --target wasm32-wasip2 -p b"),
            build("cargo build --locked --target wasm32-wasip2 --package a"),
            build("cargo build --target wasm32-wasip2 --package c"),
        ];
        assert_eq!(
            merged(&builds),
            [
                "cargo build --locked --target wasm32-wasip2 --package a --package b",
                "cargo build --target wasm32-wasip2 --package c"
            ]
        );
    }

    #[test]
    fn other_commands_stay_as_they_are_and_run_once() {
        let builds = [
            build("make  'a b' --package x"),
            build("make  'a b' --package x"),
            build("cargo build -p a && x"),
        ];
        assert_eq!(merged(&builds), ["make  'a b' --package x", "cargo build -p a && x"]);
    }
}
