//! What a statement brings back.

use std::fmt::Display;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Statement, ToSql};
use tokio::sync::{mpsc, oneshot};

use crate::host::{RowResult, Value};

/// Columns at once, rows as they come, and at the end whether all went well.
pub(crate) struct Answer {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Rows,
    pub(crate) end: End,
}

/// The rows of an answer.
pub(crate) enum Rows {
    /// All of them.
    Ready(Vec<RowResult>),
    /// In batches from a thread that is still reading.
    Stream(mpsc::Receiver<Vec<RowResult>>),
}

/// How an answer ends.
pub(crate) enum End {
    /// Known.
    Ready(Result<(), String>),
    /// Known once the last row was read.
    Later(oneshot::Receiver<Result<(), String>>),
}

impl Answer {
    pub(super) fn ready(columns: Vec<String>, rows: Vec<RowResult>) -> Self {
        Self { columns, rows: Rows::Ready(rows), end: End::Ready(Ok(())) }
    }

    pub(super) fn failed(error: &impl Display) -> Self {
        Self { columns: Vec::new(), rows: Rows::Ready(Vec::new()), end: End::Ready(Err(error.to_string())) }
    }

    /// Every row, once all are there.
    ///
    /// # Errors
    /// When the statement failed.
    pub(crate) async fn collect(self) -> Result<(Vec<String>, Vec<RowResult>), String> {
        let rows = match self.rows {
            Rows::Ready(rows) => rows,
            Rows::Stream(mut batches) => {
                let mut rows = Vec::new();
                while let Some(batch) = batches.recv().await {
                    rows.extend(batch);
                }
                rows
            }
        };
        self.end.wait().await?;
        Ok((self.columns, rows))
    }
}

impl End {
    /// Waits until the statement is through.
    ///
    /// # Errors
    /// When it failed.
    pub(crate) async fn wait(self) -> Result<(), String> {
        match self {
            Self::Ready(result) => result,
            Self::Later(end) => end.await.unwrap_or_else(|_| Err("the read was given up".to_owned())),
        }
    }
}

/// Binds by position, as many as the statement has.
pub(super) fn bind(statement: &mut Statement<'_>, parameters: &[Value]) -> rusqlite::Result<()> {
    let wanted = statement.parameter_count();
    if wanted != parameters.len() {
        return Err(rusqlite::Error::InvalidParameterCount(parameters.len(), wanted));
    }
    for (index, parameter) in parameters.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, parameter)?;
    }
    Ok(())
}

pub(super) fn columns(statement: &Statement<'_>) -> Vec<String> {
    statement.column_names().into_iter().map(str::to_owned).collect()
}

pub(super) fn row(row: &rusqlite::Row<'_>, width: usize) -> rusqlite::Result<RowResult> {
    let mut values = Vec::with_capacity(width);
    for column in 0..width {
        values.push(match row.get_ref(column)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Value::Text(text.to_owned()),
                Err(error) => return Err(rusqlite::Error::Utf8Error(error)),
            },
            ValueRef::Blob(bytes) => Value::Blob(bytes.to_owned()),
        });
    }
    Ok(RowResult { values })
}

/// Roughly the memory that a row takes.
pub(super) fn size(row: &RowResult) -> usize {
    let values = row.values.iter().map(|value| match value {
        Value::Text(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
        _ => 0,
    });
    values.sum::<usize>() + row.values.len() * size_of::<Value>()
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
