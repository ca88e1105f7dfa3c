//! Databases in SQLite files: one writer that groups commits, readers beside it.
//!
//! # Design
//! Every guest connection is a [`Session`]; none of them has an SQLite connection of its own. What writes goes
//! through the database's one writer thread, which runs what is waiting as one transaction, so that one flush to
//! disk serves many callers and nobody ever meets a locked database. What only reads runs where it is called, on a
//! connection from a pool; a read that takes long or brings many rows starts again on a thread of its own and
//! streams. A caller sees its own writes because the writer answers only after the commit.

mod answer;
mod plan;
mod pragma;
mod reader;
mod writer;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use rusqlite::Connection;

pub(crate) use answer::{Answer, End, Rows};
use plan::{Kind, Plan, Planner};
use reader::Reader;
use writer::{Job, Writer};

use crate::host::Value;

/// How long a connection waits for another process that holds the file.
const BUSY: Duration = Duration::from_secs(5);
/// Statements whose plan is remembered; past that the memory starts anew.
const MAX_PLANS: usize = 2048;

/// One database file.
pub(crate) struct Database {
    path: PathBuf,
    time_limit: Duration,
    writer: Writer,
    readers: Mutex<Vec<Reader>>,
    /// Gone once the database is closed.
    planner: Mutex<Option<Planner>>,
    plans: RwLock<HashMap<String, Arc<Plan>>>,
}

/// A guest's connection: what SQLite keeps for each connection.
pub(crate) struct Session {
    pub(crate) database: Arc<Database>,
    changes: AtomicU64,
    last_insert_rowid: AtomicI64,
    foreign_keys: AtomicBool,
}

impl Session {
    /// Rows changed by the last statement that changes rows.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Relaxed)
    }

    /// The row id of the last row inserted.
    pub(crate) fn last_insert_rowid(&self) -> i64 {
        self.last_insert_rowid.load(Relaxed)
    }
}

impl Database {
    /// Opens or creates the file; a single statement may run for `time_limit`.
    pub(crate) fn open(path: &Path, time_limit: Duration) -> rusqlite::Result<Arc<Self>> {
        let writer = Writer::start(connect(path)?, path, time_limit)?;
        Ok(Arc::new(Self {
            path: path.to_owned(),
            time_limit,
            writer,
            readers: Mutex::default(),
            planner: Mutex::new(Some(Planner::new(connect(path)?))),
            plans: RwLock::default(),
        }))
    }

    /// A new connection for a guest.
    pub(crate) fn session(self: &Arc<Self>) -> Arc<Session> {
        Arc::new(Session {
            database: self.clone(),
            changes: AtomicU64::new(0),
            last_insert_rowid: AtomicI64::new(0),
            foreign_keys: AtomicBool::new(true),
        })
    }

    /// Finishes what is queued and closes every connection, the writer's last: it folds the write-ahead log in.
    pub(crate) fn close(&self) {
        self.planner.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.writer.stop();
    }

    fn plan(&self, sql: &str) -> rusqlite::Result<Arc<Plan>> {
        if let Some(plan) = self.plans.read().unwrap_or_else(PoisonError::into_inner).get(sql) {
            return Ok(plan.clone());
        }
        let plan = match &*self.planner.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(planner) => planner.plan(sql)?,
            None => return Err(rusqlite::Error::InvalidPath(self.path.clone())),
        };
        let plan = Arc::new(plan);
        let mut plans = self.plans.write().unwrap_or_else(PoisonError::into_inner);
        if plans.len() >= MAX_PLANS {
            plans.clear();
        }
        plans.insert(sql.to_owned(), plan.clone());
        Ok(plan)
    }

    fn take_reader(&self) -> rusqlite::Result<Reader> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.map_or_else(|| Reader::new(connect(&self.path)?), Ok)
    }

    fn give_back(&self, reader: Reader) {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
    }
}

impl Session {
    /// Runs the first statement of `sql`.
    ///
    /// # Errors
    /// Why the statement is refused before anything ran. A statement that fails says so at the answer's end.
    pub(crate) async fn execute(&self, sql: String, parameters: Vec<Value>) -> Result<Answer, String> {
        let plan = match self.database.plan(&sql) {
            Ok(plan) => plan,
            Err(error) => return Ok(Answer::failed(&error)),
        };
        let sql = plan.first.clone().unwrap_or(sql);
        match &plan.kind {
            Kind::Read => Ok(self.read(plan, sql, parameters).await),
            Kind::Write => Ok(self.write(plan, sql, parameters).await),
            Kind::Pragma(pragma) => match pragma.answer(&self.foreign_keys)? {
                Some(answer) => Ok(answer),
                None => Ok(self.write(plan, sql, parameters).await),
            },
            Kind::Refused(why) => Err(why.clone()),
        }
    }

    async fn read(&self, plan: Arc<Plan>, sql: String, parameters: Vec<Value>) -> Answer {
        let database = &self.database;
        let mut reader = match database.take_reader() {
            Ok(reader) => reader,
            Err(error) => return Answer::failed(&error),
        };
        if !plan.is_long() {
            match reader.read_here(&sql, &parameters) {
                Ok(Some((columns, rows))) => {
                    database.give_back(reader);
                    return Answer::ready(columns, rows);
                }
                Ok(None) => plan.set_long(true),
                Err(error) => {
                    database.give_back(reader);
                    return Answer::failed(&error);
                }
            }
        }
        reader::stream(database.clone(), reader, plan, sql, parameters).wait().await
    }

    async fn write(&self, plan: Arc<Plan>, sql: String, parameters: Vec<Value>) -> Answer {
        let job = Job {
            sql,
            parameters,
            plan: plan.clone(),
            foreign_keys: self.foreign_keys.load(Relaxed),
            last_insert_rowid: self.last_insert_rowid(),
        };
        match self.database.writer.run(job).await {
            Ok(written) => {
                if plan.changes_rows {
                    self.changes.store(written.changes, Relaxed);
                    self.last_insert_rowid.store(written.last_insert_rowid, Relaxed);
                }
                Answer::ready(written.columns, written.rows)
            }
            Err(message) => Answer::failed(&message),
        }
    }
}

/// A connection set up the way every connection of this runtime is.
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}
