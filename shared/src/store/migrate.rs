//! Migrations: applied once, in order, also when several instances start together.
//!
//! # Design
//! Nothing wraps several statements in one transaction on every backend. So one instance takes a lease, runs the
//! statements one by one and notes each finished file; a holder that dies leaves a lease that runs out, and the next
//! one runs the unfinished file from its start. Every statement of a migration therefore has to be repeatable
//! (`IF NOT EXISTS`, `ON CONFLICT`); a native test runs each file twice. What SQL can't say so, such as a new column, has a
//! comment `-- unless: SELECT …` before it and is passed over where that has a row.

use super::{Db, Statement, StoreError, Value};
use crate::privacy;

/// One file of `migrations/`.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// The file's name, e.g. `0001_offices`.
    pub name: &'static str,
    /// Its text: statements as [`statements`] splits them.
    pub sql: &'static str,
}

const CREATE: Statement = Statement {
    name: "create_migration",
    sql: "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT",
};
const CREATE_LEASE: Statement = Statement {
    name: "create_migration_lease",
    sql: "CREATE TABLE IF NOT EXISTS migration_lease (id INTEGER PRIMARY KEY CHECK (id = 1), holder TEXT NOT NULL, \
          expires_at INTEGER NOT NULL) STRICT",
};
const APPLIED: Statement = Statement { name: "read_migrations", sql: "SELECT name FROM migration" };
const TAKE_LEASE: Statement = Statement {
    name: "take_migration_lease",
    sql: "INSERT INTO migration_lease (id, holder, expires_at) VALUES (1, ?1, unixepoch() + 30) \
          ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at \
          WHERE migration_lease.expires_at <= unixepoch() OR migration_lease.holder = excluded.holder \
          RETURNING holder",
};
const FREE_LEASE: Statement = Statement {
    name: "free_migration_lease",
    sql: "DELETE FROM migration_lease WHERE id = 1 AND holder = ?1",
};
const NOTE: Statement = Statement {
    name: "note_migration",
    sql: "INSERT INTO migration (name, applied_at) VALUES (?1, unixepoch()) ON CONFLICT (name) DO NOTHING",
};
const WAL: Statement = Statement { name: "journal_mode", sql: "PRAGMA journal_mode = WAL" };

/// How often an instance looks whether another one has finished, and how long it waits in between: 5 s in all.
const PATIENCE: u32 = 100;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);

pub(super) async fn bring_up_to_date(db: &Db, migrations: &[Migration]) -> Result<(), StoreError> {
    if is_current(db, migrations).await? {
        return Ok(());
    }
    // The journal mode is the file's own; a libSQL server refuses it and has its own.
    let _ = db.rows(&WAL, []).await;
    db.rows(&CREATE, []).await?;
    db.rows(&CREATE_LEASE, []).await?;
    let holder = privacy::hex(&privacy::random::<16>());
    for _ in 0..PATIENCE {
        if db.row(&TAKE_LEASE, [Value::Text(holder.clone())]).await?.is_some() {
            return run(db, holder, migrations).await;
        }
        spin_sdk::time::sleep(PAUSE).await;
        if is_current(db, migrations).await? {
            return Ok(());
        }
    }
    Err(StoreError::Busy {
        statement: TAKE_LEASE.name,
        reason: "another instance is migrating the database".to_owned(),
    })
}

async fn is_current(db: &Db, migrations: &[Migration]) -> Result<bool, StoreError> {
    // Fails only where the table isn't there yet.
    let applied = names(&db.rows(&APPLIED, []).await.unwrap_or_default())?;
    Ok(migrations.iter().all(|migration| applied.iter().any(|name| name == migration.name)))
}

async fn run(db: &Db, holder: String, migrations: &[Migration]) -> Result<(), StoreError> {
    let result = apply(db, &holder, migrations).await;
    db.rows(&FREE_LEASE, [Value::Text(holder)]).await?;
    result
}

async fn apply(db: &Db, holder: &str, migrations: &[Migration]) -> Result<(), StoreError> {
    let applied = names(&db.rows(&APPLIED, []).await?)?;
    for migration in migrations.iter().filter(|migration| !applied.iter().any(|name| name == migration.name))
    {
        for sql in statements(migration.sql) {
            if let Some(done) = unless(sql)
                && db.row(&Statement { name: migration.name, sql: done }, []).await?.is_some()
            {
                continue;
            }
            db.rows(&Statement { name: migration.name, sql }, []).await?;
        }
        db.rows(&NOTE, [Value::from(migration.name)]).await?;
        db.row(&TAKE_LEASE, [Value::from(holder)]).await?;
    }
    Ok(())
}

fn names(rows: &[super::Row]) -> Result<Vec<String>, StoreError> {
    rows.iter().map(|row| row.get("name")).collect()
}

/// The statements of a migration file: each ends with a `;` at the end of a line, a trigger with a line `END;`.
pub fn statements(sql: &str) -> impl Iterator<Item = &str> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        let start = rest.trim_start();
        if start.is_empty() {
            return None;
        }
        let is_trigger = start
            .lines()
            .find(|line| !line.trim_start().starts_with("--") && !line.trim().is_empty())
            .is_some_and(|line| line.trim_start().starts_with("CREATE TRIGGER"));
        let mut end = 0;
        for line in start.split_inclusive('\n') {
            end += line.len();
            let line = line.trim_end();
            let ends = if is_trigger {
                line == "END;"
            } else {
                line.ends_with(';') && !line.trim_start().starts_with("--")
            };
            if ends {
                break;
            }
        }
        let (statement, after) = start.split_at_checked(end)?;
        rest = after;
        Some(statement.trim_end())
    })
    .filter(|statement| {
        statement.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with("--"))
    })
}

/// The query in a comment `-- unless: ` before a statement: where it has a row, the statement was run before.
#[must_use]
pub fn unless(statement: &str) -> Option<&str> {
    let comments =
        statement.lines().map(str::trim).take_while(|line| line.is_empty() || line.starts_with("--"));
    comments.filter_map(|line| line.strip_prefix("-- unless: ")).last()
}

#[cfg(test)]
mod tests {
    use super::{statements, unless};

    #[test]
    fn a_statement_that_cannot_be_repeated_says_how_one_knows_that_it_was_run() {
        let sql = "-- a column\n\n-- unless: SELECT 1 FROM a\nALTER TABLE a ADD COLUMN y;\n-- more\nDROP TABLE a;\n";
        let found: Vec<_> = statements(sql).map(unless).collect();
        assert_eq!(found, [Some("SELECT 1 FROM a"), None]);
        assert_eq!(unless("SELECT 1\n-- unless: SELECT 1 FROM a"), None, "behind the statement");
    }

    #[test]
    fn triggers_stay_whole_and_comments_alone_are_no_statement() {
        let sql = "-- a table; with a comment\nCREATE TABLE a (x);\n\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n  \
                   DELETE FROM a;\n  DELETE FROM a;\nEND;\n-- the end;\n";
        let parts: Vec<_> = statements(sql).collect();
        assert_eq!(parts.len(), 2, "{parts:?}");
        assert!(parts[1].starts_with("CREATE TRIGGER") && parts[1].ends_with("END;"));
    }
}
