//! Every database and key-value store of the application, opened when first asked for.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;

use crate::host::{RowResult, Value};
use crate::manifest::RuntimeConfig;
use crate::sqlite::{Answer, Database, Session};

/// The stores by label, shared by all components.
pub(crate) struct Stores {
    databases: Files,
    key_value: Files,
}

struct Files {
    paths: BTreeMap<String, PathBuf>,
    open: Mutex<BTreeMap<String, Arc<Database>>>,
    time_limit: Duration,
}

impl Stores {
    /// Stores at the places that `config` names; one statement may run for `time_limit`.
    pub(crate) fn new(config: &RuntimeConfig, time_limit: Duration) -> Self {
        let files = |files: &BTreeMap<String, crate::manifest::StoreFile>| Files {
            paths: files.iter().map(|(label, file)| (label.clone(), file.0.clone())).collect(),
            open: Mutex::default(),
            time_limit,
        };
        Self { databases: files(&config.sqlite_databases), key_value: files(&config.key_value_stores) }
    }

    /// A connection to a database; `None` when there is no such label.
    pub(crate) fn database(&self, label: &str) -> anyhow::Result<Option<Arc<Session>>> {
        Ok(self.databases.open(label)?.map(|database| database.session()))
    }

    /// A key-value store; `None` when there is no such label.
    pub(crate) fn key_value(&self, label: &str) -> anyhow::Result<Option<KeyValue>> {
        let Some(database) = self.key_value.open(label)? else { return Ok(None) };
        Ok(Some(KeyValue { session: database.session(), label: label.to_owned() }))
    }

    /// Finishes all writes.
    pub(crate) fn close(&self) {
        for files in [&self.databases, &self.key_value] {
            for database in files.open.lock().unwrap_or_else(PoisonError::into_inner).values() {
                database.close();
            }
        }
    }
}

impl Files {
    fn open(&self, label: &str) -> anyhow::Result<Option<Arc<Database>>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(database) = open.get(label) {
            return Ok(Some(database.clone()));
        }
        let Some(path) = self.paths.get(label) else { return Ok(None) };
        if let Some(folder) = path.parent() {
            crate::files::make_private_folder(folder)?;
        }
        let database = Database::open(path, self.time_limit)
            .with_context(|| format!("can't open `{label}` at {}", path.display()))?;
        open.insert(label.to_owned(), database.clone());
        Ok(Some(database))
    }
}

/// An open key-value store: the table that Spin keeps one in, so that both can use the file.
#[derive(Clone)]
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct KeyValue {
    session: Arc<Session>,
    label: String,
}

impl KeyValue {
    /// Makes the table, if this file is new.
    pub(crate) async fn prepare(&self) -> Result<(), String> {
        let table = "CREATE TABLE IF NOT EXISTS spin_key_value (
            store TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (store, key))";
        self.session.execute(table.to_owned(), Vec::new()).await?.collect().await.map(drop)
    }

    async fn run(&self, sql: &str, rest: impl IntoIterator<Item = Value>) -> Result<Answer, String> {
        let parameters = std::iter::once(Value::Text(self.label.clone())).chain(rest).collect();
        self.session.execute(sql.to_owned(), parameters).await
    }

    async fn first(&self, sql: &str, key: String) -> Result<Option<Value>, String> {
        let (_, rows) = self.run(sql, [Value::Text(key)]).await?.collect().await?;
        Ok(rows.into_iter().next().and_then(first_value))
    }

    pub(crate) async fn get(&self, key: String) -> Result<Option<Vec<u8>>, String> {
        let sql = "SELECT value FROM spin_key_value WHERE store = ?1 AND key = ?2";
        Ok(self.first(sql, key).await?.map(|value| match value {
            Value::Blob(bytes) => bytes,
            Value::Text(text) => text.into_bytes(),
            _ => Vec::new(),
        }))
    }

    pub(crate) async fn exists(&self, key: String) -> Result<bool, String> {
        let sql = "SELECT 1 FROM spin_key_value WHERE store = ?1 AND key = ?2";
        Ok(self.first(sql, key).await?.is_some())
    }

    pub(crate) async fn set(&self, key: String, value: Vec<u8>) -> Result<(), String> {
        let sql = "INSERT INTO spin_key_value (store, key, value) VALUES (?1, ?2, ?3)
            ON CONFLICT (store, key) DO UPDATE SET value = excluded.value";
        self.run(sql, [Value::Text(key), Value::Blob(value)]).await?.collect().await.map(drop)
    }

    pub(crate) async fn delete(&self, key: String) -> Result<(), String> {
        let sql = "DELETE FROM spin_key_value WHERE store = ?1 AND key = ?2";
        self.run(sql, [Value::Text(key)]).await?.collect().await.map(drop)
    }

    /// All keys, one a row.
    pub(crate) async fn keys(&self) -> Result<Answer, String> {
        self.run("SELECT key FROM spin_key_value WHERE store = ?1", []).await
    }
}

fn first_value(row: RowResult) -> Option<Value> {
    row.values.into_iter().next()
}
