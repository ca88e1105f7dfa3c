//! The one thread that writes to a database.
//!
//! # Design
//! Statements that wait are run as one transaction and committed together. A statement that fails takes back only
//! what it did itself, so the others of its group are untouched. Two things can end the whole transaction: a
//! statement (`RAISE(ROLLBACK)`, `OR ROLLBACK`, an interruption) and a commit that a constraint refuses (deferred
//! foreign keys). Nobody was answered by then, so the group is run again, each statement in a transaction of its
//! own, and each caller hears what became of its own statement. Any other failed commit is told to all of them.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};
use tokio::sync::oneshot;

use super::answer::{bind, columns, row};
use super::plan::Plan;
use super::reader::{Alarm, describe};
use crate::host::{RowResult, Value};

/// The most statements in a group, and how long one may stay open.
const GROUP: usize = 256;
const GROUP_TIME: Duration = Duration::from_millis(20);

/// A statement to run.
pub(super) struct Job {
    pub(super) sql: String,
    pub(super) parameters: Vec<Value>,
    pub(super) plan: Arc<Plan>,
    /// Whether the guest's connection enforces foreign keys.
    pub(super) foreign_keys: bool,
    /// The guest's connection's last row id so far.
    pub(super) last_insert_rowid: i64,
}

/// What a statement did.
pub(super) struct Written {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<RowResult>,
    pub(super) changes: u64,
    pub(super) last_insert_rowid: i64,
}

type Outcome = Result<Written, String>;

struct Waiting {
    job: Job,
    reply: oneshot::Sender<Outcome>,
}

impl Waiting {
    fn answer(self, outcome: Outcome) {
        // A caller that has gone needs no answer.
        let _ = self.reply.send(outcome);
    }
}

/// The handle of a writer thread.
pub(super) struct Writer {
    queue: Mutex<Option<Sender<Waiting>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, path: &Path, limit: Duration) -> rusqlite::Result<Self> {
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
        let alarm = Alarm::install(&connection);
        let (queue, jobs) = channel();
        let thread = Thread { connection, alarm, limit, jobs, foreign_keys: None };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let thread = std::thread::Builder::new()
            .name(format!("writer {name}"))
            .spawn(move || thread.run())
            .map_err(|_| rusqlite::Error::InvalidQuery)?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)) })
    }

    /// Runs a statement and waits until it is on disk.
    pub(super) async fn run(&self, job: Job) -> Outcome {
        let (reply, outcome) = oneshot::channel();
        let sent = match &*self.queue.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(queue) => queue.send(Waiting { job, reply }).is_ok(),
            None => false,
        };
        if !sent {
            return Err("the database is closed".to_owned());
        }
        outcome.await.unwrap_or_else(|_| Err("the database is closed".to_owned()))
    }

    /// Lets the thread finish what is queued, and waits for it.
    pub(super) fn stop(&self) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic there was told to its callers already.
            let _ = thread.join();
        }
    }
}

struct Thread {
    connection: Connection,
    alarm: Arc<Alarm>,
    limit: Duration,
    jobs: Receiver<Waiting>,
    /// What the connection is set to, once known.
    foreign_keys: Option<bool>,
}

impl Thread {
    fn run(mut self) {
        let mut left_over = None;
        while let Some(first) = left_over.take().or_else(|| self.jobs.recv().ok()) {
            if first.job.plan.is_alone() {
                self.alone(first);
            } else {
                left_over = self.group(first);
            }
        }
        // Leaves no log behind for a reader of the bare file.
        let _ = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }

    /// Runs `first` and what waits behind it; returns a statement that doesn't fit into the group.
    fn group(&mut self, first: Waiting) -> Option<Waiting> {
        let foreign_keys = first.job.foreign_keys;
        let begun = self.set_foreign_keys(foreign_keys).and_then(|()| self.command("BEGIN IMMEDIATE"));
        if let Err(error) = begun {
            first.answer(Err(error.to_string()));
            return None;
        }
        let began = Instant::now();
        let mut group = Vec::new();
        let mut next = Some(first);
        let mut left_over = None;
        while let Some(waiting) = next.take() {
            let outcome = self.execute(&waiting.job);
            if self.connection.is_autocommit() {
                waiting.job.plan.set_alone();
                waiting.answer(outcome);
                self.again(group);
                return None;
            }
            group.push((waiting, outcome));
            if group.len() < GROUP && began.elapsed() < GROUP_TIME {
                next = self.jobs.try_recv().ok();
            }
            if next
                .as_ref()
                .is_some_and(|next| next.job.plan.is_alone() || next.job.foreign_keys != foreign_keys)
            {
                left_over = next.take();
            }
        }
        self.commit(group);
        left_over
    }

    fn commit(&mut self, group: Vec<(Waiting, Outcome)>) {
        let Err(error) = self.command("COMMIT") else {
            for (waiting, outcome) in group {
                waiting.answer(outcome);
            }
            return;
        };
        if !self.connection.is_autocommit() {
            // Nothing of it may stay; a second failure leaves nothing to do but to say the first.
            let _ = self.command("ROLLBACK");
        }
        if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) {
            self.again(group);
            return;
        }
        for (waiting, _) in group {
            waiting.answer(Err(format!("the commit failed: {error}")));
        }
    }

    fn again(&mut self, group: Vec<(Waiting, Outcome)>) {
        for (waiting, _) in group {
            self.alone(waiting);
        }
    }

    /// Runs a statement in a transaction of its own.
    fn alone(&mut self, waiting: Waiting) {
        let outcome = match self.set_foreign_keys(waiting.job.foreign_keys) {
            Ok(()) => self.execute(&waiting.job),
            Err(error) => Err(error.to_string()),
        };
        waiting.answer(outcome);
    }

    fn execute(&self, job: &Job) -> Outcome {
        self.alarm.set(self.limit);
        let outcome = self.run_statement(job).map_err(|error| describe(&error, self.limit));
        self.alarm.clear();
        outcome
    }

    fn run_statement(&self, job: &Job) -> rusqlite::Result<Written> {
        set_last_insert_rowid(&self.connection, job.last_insert_rowid);
        let mut statement = self.connection.prepare_cached(&job.sql)?;
        bind(&mut statement, &job.parameters)?;
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(next) = rows.next()? {
            found.push(row(next, next.as_ref().column_count())?);
        }
        drop(rows);
        Ok(Written {
            columns: columns(&statement),
            rows: found,
            changes: self.connection.changes(),
            last_insert_rowid: self.connection.last_insert_rowid(),
        })
    }

    fn command(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.prepare_cached(sql)?.raw_execute().map(drop)
    }

    fn set_foreign_keys(&mut self, on: bool) -> rusqlite::Result<()> {
        if self.foreign_keys != Some(on) {
            self.connection.pragma_update(None, "foreign_keys", on)?;
            self.foreign_keys = Some(on);
        }
        Ok(())
    }
}

/// Sets what SQLite keeps for a connection to what the guest's connection had.
#[expect(unsafe_code, reason = "rusqlite has no such function")]
fn set_last_insert_rowid(connection: &Connection, rowid: i64) {
    // SAFETY: the handle is open as long as `connection` is borrowed, and is used on this thread only.
    unsafe { rusqlite::ffi::sqlite3_set_last_insert_rowid(connection.handle(), rowid) }
}
