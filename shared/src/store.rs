//! The SQL wrapper: one connection per instance, migrations, typed decoding.
//!
//! # Design
//! Spin runs each statement on its own (no transaction survives between calls on every backend), so a change is one
//! statement and this wrapper offers nothing else. A row is decoded by column name, and a wrong type is an error that
//! names the statement and the column, where the SDK's own `get` would answer `None` for a missing column, a NULL and a
//! wrong type alike.

use std::sync::Arc;

use serde::Serialize;
pub use spin_sdk::sqlite::Value;
use spin_sdk::sqlite::{self, Connection};

use crate::{divisions::DivisionCode, problem::ApiError};

mod migrate;
mod row;

pub use migrate::{Migration, statements, unless};
pub use row::{FromColumn, Row};

/// One SQL statement with the name of its file.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// The file's name without ending, for errors and logs.
    pub name: &'static str,
    /// The text.
    pub sql: &'static str,
}

impl Statement {
    /// A parameter that holds JSON.
    ///
    /// # Errors
    /// `value` has no JSON form.
    pub fn json(&self, value: &(impl Serialize + ?Sized)) -> Result<Value, StoreError> {
        serde_json::to_string(value).map(Value::Text).map_err(|error| self.unfit(&error))
    }

    /// What has no JSON form, or another one than the code takes it for.
    #[must_use]
    pub fn unfit(&self, error: &serde_json::Error) -> StoreError {
        StoreError::Failed { statement: self.name, reason: error.to_string() }
    }
}

/// What the codes of everything in a division begin with, as statements compare them; empty for no division.
#[must_use]
pub fn stem(division: Option<&DivisionCode>) -> &str {
    division.map_or("", DivisionCode::stem)
}

/// The statement in `sql/<name>.sql` of the calling crate.
#[macro_export]
macro_rules! sql {
    ($name:literal) => {
        $crate::store::Statement {
            name: $name,
            sql: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".sql")),
        }
    };
}

/// Why a statement failed. Never carries a parameter's value.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// The store is busy or full: worth trying again.
    #[error("statement `{statement}`: the store is busy: {reason}")]
    Busy {
        /// The statement's name.
        statement: &'static str,
        /// The backend's words.
        reason: String,
    },
    /// Anything else that the backend reports.
    #[error("statement `{statement}`: {reason}")]
    Failed {
        /// The statement's name.
        statement: &'static str,
        /// The backend's words.
        reason: String,
    },
    /// A column isn't what the code takes it for.
    #[error("statement `{statement}`, column `{column}`: expected {expected}, found {found}")]
    Column {
        /// The statement's name.
        statement: &'static str,
        /// The column's name.
        column: String,
        /// The wanted type.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy { .. } => Self::unavailable(error),
            StoreError::Failed { .. } | StoreError::Column { .. } => Self::internal(error),
        }
    }
}

fn failure(statement: &'static str, error: &sqlite::Error) -> StoreError {
    let reason = error.to_string();
    // The interface carries a lock conflict only as text; no decision about state hangs on it.
    let busy = matches!(error, sqlite::Error::DatabaseFull)
        || ["database is locked", "database table is locked", "busy"]
            .iter()
            .any(|word| reason.contains(word));
    if busy { StoreError::Busy { statement, reason } } else { StoreError::Failed { statement, reason } }
}

/// An open database. Kept for the life of an instance.
pub struct Db {
    connection: Connection,
}

impl Db {
    /// Opens the database `label` and brings it to the state that `migrations` describe.
    ///
    /// # Errors
    /// The label isn't granted, the backend is out of reach, or a migration fails.
    pub async fn open(label: &'static str, migrations: &[Migration]) -> Result<Self, StoreError> {
        let connection = Connection::open(label).await.map_err(|error| failure("open", &error))?;
        let db = Self { connection };
        // A libSQL server keeps its own durability and refuses these.
        let durable = Statement { name: "pragma", sql: "PRAGMA synchronous = FULL" };
        let _ = db.rows(&durable, []).await;
        migrate::bring_up_to_date(&db, migrations).await?;
        Ok(db)
    }

    /// Runs a statement and returns its rows.
    ///
    /// # Errors
    /// The backend refuses or fails.
    pub async fn rows(
        &self,
        statement: &Statement,
        parameters: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<Row>, StoreError> {
        let name = statement.name;
        let result = self
            .connection
            .execute(statement.sql, parameters)
            .await
            .map_err(|error| failure(name, &error))?;
        let columns: Arc<[String]> = result.columns().into();
        // A constraint's refusal arrives only with the end of the rows.
        let rows = result.collect().await.map_err(|error| failure(name, &error))?;
        Ok(rows.into_iter().map(|row| Row::new(name, Arc::clone(&columns), row.values)).collect())
    }

    /// Runs a statement and returns its first row.
    ///
    /// # Errors
    /// The backend refuses or fails.
    pub async fn row(
        &self,
        statement: &Statement,
        parameters: impl IntoIterator<Item = Value>,
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(statement, parameters).await?.into_iter().next())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::statements;
    use crate::{LIMITS, MAP, PLUMBING};

    #[test]
    fn every_migration_can_be_run_twice_and_every_statement_fits_its_tables() {
        let database = rusqlite::Connection::open_in_memory().unwrap();
        for migration in [PLUMBING, MAP, LIMITS].repeat(2) {
            for statement in statements(migration.sql) {
                database
                    .execute_batch(statement)
                    .unwrap_or_else(|error| panic!("{}: {error}", migration.name));
            }
        }
        let mut checked = 0;
        for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("sql")).unwrap() {
            let file = file.unwrap().path();
            let sql = std::fs::read_to_string(&file).unwrap();
            database.prepare(&sql).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            checked += 1;
        }
        assert!(checked > 10, "{checked}");
    }
}
