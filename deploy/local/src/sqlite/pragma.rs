//! Pragmas: which connection they concern.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::Answer;
use crate::host::{RowResult, Value};

/// A pragma as SQLite understood it.
pub(super) struct Pragma {
    /// Its name in lower case.
    pub(super) name: String,
    /// Its argument.
    pub(super) value: Option<String>,
}

/// Where a pragma runs.
pub(super) enum Place {
    /// It only looks.
    Reader,
    /// It writes to the file, in a transaction.
    Group,
    /// It concerns the guest's own connection.
    Session,
    /// It concerns the writer's connection or the file, outside of a transaction.
    Writer,
    /// It would break what others rely on.
    Nowhere,
}

impl Pragma {
    pub(super) fn place(&self) -> Place {
        match (self.name.as_str(), &self.value) {
            ("journal_mode" | "synchronous" | "busy_timeout" | "foreign_keys", _) => Place::Session,
            (
                "integrity_check" | "quick_check" | "foreign_key_check" | "foreign_key_list" | "table_info"
                | "table_xinfo" | "table_list" | "index_list" | "index_info" | "index_xinfo"
                | "database_list" | "page_count" | "freelist_count" | "data_version" | "compile_options"
                | "function_list" | "collation_list" | "module_list" | "pragma_list",
                _,
            )
            | (
                "user_version" | "application_id" | "schema_version" | "page_size" | "encoding"
                | "auto_vacuum",
                None,
            ) => Place::Reader,
            ("user_version" | "application_id", Some(_)) => Place::Group,
            (
                "wal_checkpoint" | "wal_autocheckpoint" | "optimize" | "analysis_limit"
                | "incremental_vacuum" | "auto_vacuum" | "page_size" | "encoding" | "cache_size"
                | "temp_store" | "mmap_size" | "journal_size_limit" | "secure_delete" | "shrink_memory",
                _,
            ) => Place::Writer,
            _ => Place::Nowhere,
        }
    }

    /// The answer to a pragma about the guest's own connection; `None` when the writer has to give it.
    ///
    /// The journal is always a write-ahead log and commits always reach the disk: a request for less is accepted
    /// and more is kept, which SQLite allows.
    pub(super) fn answer(&self, foreign_keys: &AtomicBool) -> Result<Option<Answer>, String> {
        let value = self.value.as_deref();
        let answer = match (self.name.as_str(), value) {
            ("journal_mode", _) => one("journal_mode", Value::Text("wal".to_owned())),
            ("synchronous", Some(level)) if !matches!(level.to_lowercase().as_str(), "3" | "extra") => {
                nothing()
            }
            ("busy_timeout", wanted) => {
                let wanted = wanted.and_then(|text| text.parse().ok()).unwrap_or(5000);
                one("timeout", Value::Integer(wanted))
            }
            ("foreign_keys", None) => one("foreign_keys", Value::Integer(foreign_keys.load(Relaxed).into())),
            ("foreign_keys", Some(text)) => {
                let on = match text.to_lowercase().as_str() {
                    "1" | "on" | "yes" | "true" => true,
                    "0" | "off" | "no" | "false" => false,
                    _ => return Err(format!("PRAGMA foreign_keys is on or off, not {text}")),
                };
                foreign_keys.store(on, Relaxed);
                nothing()
            }
            _ => return Ok(None),
        };
        Ok(Some(answer))
    }
}

fn one(column: &str, value: Value) -> Answer {
    Answer::ready(vec![column.to_owned()], vec![RowResult { values: vec![value] }])
}

fn nothing() -> Answer {
    Answer::ready(Vec::new(), Vec::new())
}
