//! Which files the commands work on.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::manifest::{Manifest, Places, RuntimeConfig};

/// The options that say where things are.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Where {
    /// The application's manifest [default: spin.toml here or in a folder above]
    #[arg(long, visible_alias = "manifest-path", value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
    /// Where the stores live [default: deploy/runtime-config/local.toml beside the manifest]
    #[arg(long, value_name = "FILE")]
    pub(crate) runtime_config: Option<PathBuf>,
    /// The folder for databases, key-value stores and keys: what a leading `.spin` in the runtime config stands for
    #[arg(long, value_name = "FOLDER", default_value = ".spin")]
    pub(crate) state_dir: PathBuf,
}

impl Where {
    /// Finds and reads the manifest.
    pub(crate) fn manifest(&self) -> anyhow::Result<Manifest> {
        let path = match &self.manifest {
            Some(path) if path.is_dir() => path.join("spin.toml"),
            Some(path) => path.clone(),
            None => Manifest::find(&working_folder()?, "spin.toml")?,
        };
        Manifest::read(&path)
    }

    /// Reads the runtime config and checks it against the manifest.
    pub(crate) fn runtime_config(&self, manifest: &Manifest) -> anyhow::Result<RuntimeConfig> {
        let usual = manifest.folder().join("deploy/runtime-config/local.toml");
        let path = self.runtime_config.clone().or_else(|| usual.exists().then_some(usual));
        let working = working_folder()?;
        let places = Places { working: &working, application: manifest.folder(), state: &self.state_dir };
        RuntimeConfig::read(path.as_deref(), manifest, &places)
    }
}

fn working_folder() -> anyhow::Result<PathBuf> {
    std::env::current_dir().context("the working directory can't be told")
}

/// `path` as a person would write it from here.
pub(crate) fn short(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}
