//! The application as `spin.toml` describes it.
//!
//! Reads manifest version 2. What Spin knows and this runtime doesn't is a fault, never ignored, and all faults of
//! a file are told at once.

mod fault;
mod outbound;
mod parse;
mod runtime_config;
mod table;
mod template;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

pub(crate) use fault::Faults;
pub(crate) use outbound::AllowedHost;
pub(crate) use outbound::INTERNAL_SUFFIX;
pub(crate) use runtime_config::Places;
pub(crate) use runtime_config::{RuntimeConfig, StoreFile};
pub(crate) use table::Located;
pub(crate) use template::Template;

/// A parsed and checked `spin.toml`.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// Where it was read.
    pub(crate) path: PathBuf,
    /// The application's variables.
    pub(crate) variables: BTreeMap<String, Variable>,
    /// HTTP routes, in the order of the file.
    pub(crate) routes: Vec<Route>,
    /// The components, by name.
    pub(crate) components: BTreeMap<String, Component>,
}

/// A variable of the application.
#[derive(Debug)]
pub(crate) struct Variable {
    /// What it is when nothing sets it; absent when it is required.
    pub(crate) default: Option<String>,
}

/// A route and the component behind it.
#[derive(Debug)]
pub(crate) struct Route {
    /// The pattern as written: `/path`, `/path/:name` or `/path/...`; `None` for a private one.
    pub(crate) pattern: Option<String>,
    /// The component's name.
    pub(crate) component: String,
}

/// A component: its code and what it may touch.
#[derive(Debug, Default)]
pub(crate) struct Component {
    /// The Wasm file, relative to the manifest.
    pub(crate) source: PathBuf,
    /// The variables it sees, as templates over the application's.
    pub(crate) variables: BTreeMap<String, Template>,
    /// Environment variables.
    pub(crate) environment: BTreeMap<String, String>,
    /// Databases it may open.
    pub(crate) sqlite_databases: Vec<Located<String>>,
    /// Key-value stores it may open.
    pub(crate) key_value_stores: Vec<Located<String>>,
    /// Hosts it may call.
    pub(crate) allowed_outbound_hosts: Vec<AllowedHost>,
    /// How it is built.
    pub(crate) build: Option<Build>,
}

/// How a component is built.
#[derive(Clone, Debug)]
pub(crate) struct Build {
    /// Shell commands, run one after the other.
    pub(crate) commands: Vec<String>,
    /// Where they run, relative to the manifest.
    pub(crate) workdir: PathBuf,
    /// Globs, relative to the working directory, of the files that the component is made of.
    pub(crate) watch: Vec<String>,
}

impl Manifest {
    /// Reads the manifest at `path`.
    ///
    /// # Errors
    /// When the file can't be read, or with all of its [`Faults`].
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?;
        Ok(parse::manifest(path, &text)?)
    }

    /// The folder that relative paths start from.
    #[must_use]
    pub(crate) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
    }

    /// The manifest `name` in `start` or the nearest folder above it.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn find(start: &Path, name: &str) -> anyhow::Result<PathBuf> {
        start
            .ancestors()
            .map(|folder| folder.join(name))
            .find(|candidate| candidate.is_file())
            .with_context(|| format!("no {name} in {} or in a folder above it", start.display()))
    }

    /// The functions of the API: `(name, component)` of every route `/api/v1/<name>/...`.
    #[must_use]
    pub(crate) fn functions(&self) -> Vec<(&str, &str)> {
        self.routes
            .iter()
            .filter_map(|route| {
                let name = route.pattern.as_deref()?.strip_prefix("/api/v1/")?.strip_suffix("/...")?;
                (!name.contains('/')).then_some((name, route.component.as_str()))
            })
            .collect()
    }
}
