//! The native baseline: the measured routes, served by plain axum, tokio and rusqlite.
//!
//! The statements, the rules, the views, the extractors and the door are the functions' own; only what reaches them
//! through the host differs. Reads run on a small pool of connections.

pub(crate) mod beds;
pub(crate) mod donation;
pub(crate) mod marriage;
pub(crate) mod volunteer;

mod copies;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
};

use anyhow::{Context as _, ensure};
use axum::Router;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use rusqlite::{Connection, params_from_iter, types::Value};
use serde::de::DeserializeOwned;
use shared::{
    door::Door,
    privacy::Keys,
    problem::{ApiError, ApiResult},
};
use tokio::sync::oneshot;

use crate::server::command;

/// Reads at once; twice the cores of a small machine.
const READERS: usize = 4;

type Row = Vec<Value>;
type Answer = rusqlite::Result<Option<Row>>;

/// Serves a router on a free port of this machine, which is printed, until the process is ended.
fn serve(router: Router) -> anyhow::Result<()> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(READERS).build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("listening on http://{}", listener.local_addr()?);
        let door = Arc::new(Door::new());
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let (door, router) = (door.clone(), router.clone());
            tokio::spawn(async move {
                let service = service_fn(move |request| {
                    let (door, router) = (door.clone(), router.clone());
                    async move { door.serve(request, async || Ok(router)).await }
                });
                http1::Builder::new().serve_connection(TokioIo::new(stream), service).await
            });
        }
    })
}

fn open(database: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(database)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}

/// Runs a statement to its end.
fn first_row(connection: &Connection, sql: &str, parameters: Row) -> Answer {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query(params_from_iter(parameters))?;
    let mut first = None;
    while let Some(row) = rows.next()? {
        let values = (0..columns).map(|column| row.get(column)).collect::<rusqlite::Result<Row>>()?;
        first.get_or_insert(values);
    }
    Ok(first)
}

/// Connections that read one database.
struct Readers {
    database: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    fn of(database: &Path) -> Self {
        Self { database: database.to_owned(), idle: Mutex::default() }
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let pooled = lock(&self.idle).pop();
        let connection = pooled.map_or_else(|| open(&self.database), Ok)?;
        let found = read(&connection);
        lock(&self.idle).push(connection);
        found
    }

    /// The same on a thread that may wait.
    async fn read_apart<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> ApiResult<T> {
        let readers = self.clone();
        let read = tokio::task::spawn_blocking(move || readers.read(read)).await;
        read.map_err(ApiError::internal)?.map_err(ApiError::internal)
    }

    fn first_row(&self, sql: &str, parameters: Row) -> Answer {
        self.read(|connection| first_row(connection, sql, parameters))
    }
}

type Job = (&'static str, Row, oneshot::Sender<Answer>);

/// The connection that writes, on a thread of its own: each statement its own durable transaction, no grouped commits.
struct Writer(mpsc::Sender<Job>);

impl Writer {
    fn of(database: &Path) -> rusqlite::Result<Self> {
        let (writer, jobs) = mpsc::channel::<Job>();
        let connection = open(database)?;
        std::thread::spawn(move || {
            for (sql, parameters, reply) in jobs {
                // Whoever asked may be gone.
                let _ = reply.send(first_row(&connection, sql, parameters));
            }
        });
        Ok(Self(writer))
    }

    async fn first_row(&self, sql: &'static str, parameters: Row) -> ApiResult<Option<Row>> {
        let (reply, answer) = oneshot::channel();
        self.0.send((sql, parameters, reply)).map_err(ApiError::internal)?;
        answer.await.map_err(ApiError::internal)?.map_err(ApiError::internal)
    }
}

/// What the runtime with a state folder takes from its own keys, as `minzheng keys` prints it.
struct Variables(String);

impl Variables {
    fn of(state: &Path) -> anyhow::Result<Self> {
        let arguments = ["keys".as_ref(), "--state-dir".as_ref(), state.as_os_str()];
        let output = command("runtime", &arguments)?.output()?;
        ensure!(output.status.success(), "no keys: {}", String::from_utf8_lossy(&output.stderr));
        Ok(Self(String::from_utf8(output.stdout)?))
    }

    fn get(&self, name: &str) -> anyhow::Result<&str> {
        let line = self.0.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix("='"));
        line.and_then(|value| value.strip_suffix('\'')).with_context(|| format!("no {name}"))
    }

    fn keys(&self) -> anyhow::Result<Keys> {
        Ok(Keys::parse(self.get("SPIN_VARIABLE_SEAL_KEYS")?, self.get("SPIN_VARIABLE_INDEX_KEY")?)?)
    }
}

/// A column that holds JSON.
fn json<T: DeserializeOwned>(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<T> {
    serde_json::from_str(&row.get::<_, String>(column)?).map_err(unfit)
}

/// A column that holds a word of the API.
fn word<T: DeserializeOwned>(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<T> {
    serde_json::from_value(row.get::<_, String>(column)?.into()).map_err(unfit)
}

fn unfit(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
}

fn text(text: &str) -> Value {
    text.to_owned().into()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Copies the live database `from`, schema and rows, to the new file `to`.
pub(crate) fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let to = to.to_str().context("the path of the temporary folder is no text")?;
    Connection::open(from)?.execute("VACUUM INTO ?1", [to])?;
    Ok(())
}
