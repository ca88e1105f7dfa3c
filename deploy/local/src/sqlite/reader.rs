//! Reading connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode};
use tokio::sync::{mpsc, oneshot};

use super::Database;
use super::answer::{Answer, End, Rows, bind, columns, row, size};
use super::plan::Plan;
use crate::host::{RowResult, Value};

/// What a read may take on the caller's thread before it moves to its own.
const TIME_HERE: Duration = Duration::from_millis(2);
const ROWS_HERE: usize = 1000;
const BYTES_HERE: usize = 1 << 20;
/// A streamed answer travels in batches of this many rows, or of fewer large ones.
const BATCH_ROWS: usize = 256;
const BATCH_BYTES: usize = 256 << 10;
/// Instructions of SQLite's machine between two looks at the clock.
const STEP: i32 = 1000;

/// A connection that only reads, and its alarm clock.
pub(super) struct Reader {
    connection: Connection,
    alarm: Arc<Alarm>,
}

/// Interrupts statements of one connection once a moment has passed.
pub(super) struct Alarm {
    origin: Instant,
    /// Microseconds since `origin`.
    at: AtomicU64,
}

impl Alarm {
    /// Puts an alarm on `connection`, not yet set.
    pub(super) fn install(connection: &Connection) -> Arc<Self> {
        let alarm = Arc::new(Self { origin: Instant::now(), at: AtomicU64::new(u64::MAX) });
        let clock = alarm.clone();
        connection.progress_handler(STEP, Some(move || clock.has_rung()));
        alarm
    }

    pub(super) fn set(&self, after: Duration) {
        let at = self.origin.elapsed() + after;
        self.at.store(u64::try_from(at.as_micros()).unwrap_or(u64::MAX), Relaxed);
    }

    pub(super) fn clear(&self) {
        self.at.store(u64::MAX, Relaxed);
    }

    fn has_rung(&self) -> bool {
        self.origin.elapsed().as_micros() > u128::from(self.at.load(Relaxed))
    }
}

type Table = (Vec<String>, Vec<RowResult>);

impl Reader {
    pub(super) fn new(connection: Connection) -> rusqlite::Result<Self> {
        connection.pragma_update(None, "query_only", true)?;
        let alarm = Alarm::install(&connection);
        Ok(Self { connection, alarm })
    }

    /// The whole answer if it is small and quick, else `None`.
    pub(super) fn read_here(&mut self, sql: &str, parameters: &[Value]) -> rusqlite::Result<Option<Table>> {
        self.alarm.set(TIME_HERE);
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, parameters)?;
        let mut rows = statement.raw_query();
        let (mut found, mut bytes, mut width) = (Vec::new(), 0, None);
        loop {
            match rows.next() {
                Ok(Some(next)) => {
                    let width = *width.get_or_insert_with(|| next.as_ref().column_count());
                    let next = row(next, width)?;
                    bytes += size(&next);
                    found.push(next);
                    if found.len() > ROWS_HERE || bytes > BYTES_HERE {
                        return Ok(None);
                    }
                }
                Ok(None) => break,
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
                    return Ok(None);
                }
                Err(error) => return Err(error),
            }
        }
        drop(rows);
        Ok(Some((columns(&statement), found)))
    }

    /// Sends the answer in batches; returns whether it was small enough to have been read on the caller's thread.
    fn send(
        &mut self,
        sql: &str,
        parameters: &[Value],
        limit: Duration,
        head: &mut Option<oneshot::Sender<Vec<String>>>,
        batches: &mpsc::Sender<Vec<RowResult>>,
    ) -> Result<bool, String> {
        self.alarm.set(limit);
        let began = Instant::now();
        let mut statement = self.connection.prepare_cached(sql).map_err(|error| error.to_string())?;
        bind(&mut statement, parameters).map_err(|error| error.to_string())?;
        let mut rows = statement.raw_query();
        let (mut batch, mut bytes, mut count) = (Vec::new(), 0, 0);
        while let Some(next) = rows.next().map_err(|error| describe(&error, limit))? {
            let width = next.as_ref().column_count();
            if let Some(head) = head.take() {
                // When nobody is left to hear it, sending the rows will tell.
                let _ = head.send(columns(next.as_ref()));
            }
            let next = row(next, width).map_err(|error| error.to_string())?;
            bytes += size(&next);
            count += 1;
            batch.push(next);
            if batch.len() >= BATCH_ROWS || bytes >= BATCH_BYTES {
                bytes = 0;
                let full = std::mem::take(&mut batch);
                batches.blocking_send(full).map_err(|_| "the rows were not read to their end".to_owned())?;
            }
        }
        drop(rows);
        if let Some(head) = head.take() {
            let _ = head.send(columns(&statement));
        }
        if !batch.is_empty() {
            batches.blocking_send(batch).map_err(|_| "the rows were not read to their end".to_owned())?;
        }
        Ok(count < BATCH_ROWS && began.elapsed() < TIME_HERE / 4)
    }
}

/// The error's text; an interruption by the alarm says that it was one.
pub(super) fn describe(error: &rusqlite::Error, limit: Duration) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) => {
            format!("interrupted: took longer than {} s", limit.as_secs_f32())
        }
        _ => error.to_string(),
    }
}

/// Reads on a thread of its own.
pub(super) fn stream(
    database: Arc<Database>,
    mut reader: Reader,
    plan: Arc<Plan>,
    sql: String,
    parameters: Vec<Value>,
) -> PendingAnswer {
    let (head, names) = oneshot::channel();
    let (batches, rows) = mpsc::channel(2);
    let (done, end) = oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let mut head = Some(head);
        let result = reader.send(&sql, &parameters, database.time_limit, &mut head, &batches);
        database.give_back(reader);
        drop(batches);
        let _ = done.send(result.map(|small| {
            if small {
                plan.set_long(false);
            }
        }));
    });
    PendingAnswer { names, rows, end }
}

/// An answer whose columns are not known yet.
pub(super) struct PendingAnswer {
    names: oneshot::Receiver<Vec<String>>,
    rows: mpsc::Receiver<Vec<RowResult>>,
    end: oneshot::Receiver<Result<(), String>>,
}

impl PendingAnswer {
    /// Waits for the columns; a statement that fails before its first row has none.
    pub(super) async fn wait(self) -> Answer {
        let columns = self.names.await.unwrap_or_default();
        Answer { columns, rows: Rows::Stream(self.rows), end: End::Later(self.end) }
    }
}
