//! Where stores live: the runtime config file.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use toml::de::DeTable;

use super::table::{Source, Table};
use super::{Faults, Manifest};

/// A parsed runtime config with every path resolved.
#[derive(Debug, Default)]
pub(crate) struct RuntimeConfig {
    /// Database files by label.
    pub(crate) sqlite_databases: BTreeMap<String, StoreFile>,
    /// Key-value files by label.
    pub(crate) key_value_stores: BTreeMap<String, StoreFile>,
}

/// The file behind a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoreFile(pub(crate) PathBuf);

/// What relative paths in a runtime config start from.
pub(crate) struct Places<'p> {
    /// The working directory: for databases.
    pub(crate) working: &'p Path,
    /// The application's folder: for key-value stores.
    pub(crate) application: &'p Path,
    /// The state folder: what a leading `.spin` stands for.
    pub(crate) state: &'p Path,
}

impl Places<'_> {
    fn resolve(&self, path: &str, base: &Path) -> StoreFile {
        let path = Path::new(path);
        let state = path.strip_prefix(".spin").or_else(|_| path.strip_prefix("./.spin"));
        StoreFile(match state {
            Ok(rest) => self.state.join(rest),
            Err(_) => base.join(path),
        })
    }
}

impl RuntimeConfig {
    /// Reads the file at `path`, and checks that it gives every store that `manifest` grants.
    pub(crate) fn read(
        path: Option<&Path>,
        manifest: &Manifest,
        places: &Places<'_>,
    ) -> anyhow::Result<Self> {
        let (path, text) = match path {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("can't read the runtime config {}", path.display()))?;
                (path, text)
            }
            None => (Path::new("runtime config"), String::new()),
        };
        let config = parse(path, &text, places)?;
        config.check(manifest)?;
        Ok(config)
    }

    /// Every label that a component is granted must have a file.
    fn check(&self, manifest: &Manifest) -> anyhow::Result<()> {
        let text = std::fs::read_to_string(&manifest.path)?;
        let mut faults = Faults::new(&manifest.path);
        for (name, component) in &manifest.components {
            for label in &component.sqlite_databases {
                if !self.sqlite_databases.contains_key(&label.value) {
                    let message = missing(name, &label.value, "sqlite_database");
                    faults.add(&text, &label.span, message);
                }
            }
            for label in &component.key_value_stores {
                if !self.key_value_stores.contains_key(&label.value) {
                    let message = missing(name, &label.value, "key_value_store");
                    faults.add(&text, &label.span, message);
                }
            }
        }
        Ok(faults.into_result(())?)
    }
}

fn missing(component: &str, label: &str, section: &str) -> String {
    format!(
        "component `{component}` is granted `{label}`, but the runtime config has no `[{section}.{label}]`"
    )
}

pub(super) fn parse(path: &Path, text: &str, places: &Places<'_>) -> Result<RuntimeConfig, Faults> {
    let (mut source, document) = Source::parse(path, text)?;
    let mut root = Table::new("", document.get_ref() as &DeTable<'_>, 0..0);
    // Spin opens `default` without being told where.
    let mut config = RuntimeConfig {
        sqlite_databases: BTreeMap::from([(
            "default".to_owned(),
            places.resolve(".spin/sqlite_db.db", places.working),
        )]),
        key_value_stores: BTreeMap::from([(
            "default".to_owned(),
            places.resolve(".spin/sqlite_key_value.db", places.application),
        )]),
    };
    if let Some(table) = root.table(&mut source, "sqlite_database") {
        let files = stores(&mut source, &table, &["libsql"], |path| places.resolve(path, places.working));
        config.sqlite_databases.extend(files);
    }
    if let Some(table) = root.table(&mut source, "key_value_store") {
        let others = ["redis", "azure_cosmos", "aws_dynamo"];
        let files = stores(&mut source, &table, &others, |path| places.resolve(path, places.application));
        config.key_value_stores.extend(files);
    }
    root.finish(
        &mut source,
        &["variables_provider", "variable_provider", "llm_compute", "outbound_http", "state_dir"],
    );
    source.into_result(config)
}

fn stores(
    source: &mut Source<'_>,
    section: &Table<'_, '_>,
    others: &[&str],
    resolve: impl Fn(&str) -> StoreFile,
) -> Vec<(String, StoreFile)> {
    let mut files: Vec<(String, StoreFile)> = Vec::new();
    for (label, mut table) in section.tables(source) {
        let Some(kind) = table.required(source, "type") else { continue };
        if kind.value != "spin" {
            refuse(source, &kind.span, &table.label, &kind.value, others);
            continue;
        }
        if let Some(path) = table.required(source, "path") {
            let file = resolve(&path.value);
            if let Some((other, _)) = files.iter().find(|(_, known)| *known == file) {
                source.fault(&path.span, format!("`{}.path` is already the file of `{other}`", table.label));
            }
            files.push((label.value, file));
        }
        table.finish(source, &[]);
    }
    files
}

fn refuse(source: &mut Source<'_>, span: &Range<usize>, label: &str, kind: &str, others: &[&str]) {
    let message = if others.contains(&kind) {
        format!(
            "`{label}.type`: the local runtime keeps stores in files (`type = \"spin\"`); run `{kind}` under Spin"
        )
    } else {
        format!("`{label}.type`: no such type `{kind}`; the local runtime knows \"spin\"")
    };
    source.fault(span, message);
}
