//! What routes that take a file in have in common.

use std::borrow::Cow;

use axum::body::{Body, Bytes};
use chrono::{DateTime, Utc};
use http::{HeaderMap, Request, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::{RowFault, Table, Turn, decode};
use crate::{
    auth::Staff,
    door::read_body,
    i18n::Lang,
    problem::{ApiError, ApiResult},
    store::{Db, Statement, StoreError, Value},
};

/// The largest file, 8 MiB.
pub const FILE_LIMIT: usize = 8 * 1024 * 1024;
/// How many rows are brought to the store at once.
const STAGED_AT_ONCE: usize = 500;

/// A file that arrived, and the [`Turn`] to be at it.
pub struct Upload {
    /// The request's headers.
    pub headers: HeaderMap,
    /// The file as it came.
    pub bytes: Bytes,
    charset: Option<String>,
    _turn: Turn,
}

impl Upload {
    /// Takes a turn and receives the file.
    ///
    /// # Errors
    /// 415 where it is no `text/csv`, 503 while the instance is at another file, 413 beyond [`FILE_LIMIT`], 400 where it
    /// breaks off.
    pub async fn receive(request: Request<Body>) -> ApiResult<Self> {
        let (parts, body) = request.into_parts();
        let charset = charset(&parts.headers)?;
        let turn = Turn::take()?;
        let bytes = read_body(body, FILE_LIMIT).await?;
        Ok(Self { headers: parts.headers, bytes, charset, _turn: turn })
    }

    /// The file's text; see [`decode`].
    ///
    /// # Errors
    /// 422 `charset` or `encoding`.
    pub fn text(&self) -> ApiResult<Cow<'_, str>> {
        decode(&self.bytes, self.charset.as_deref()).map_err(|rejection| rejection.at(""))
    }
}

/// The charset parameter of `text/csv`.
fn charset(headers: &HeaderMap) -> ApiResult<Option<String>> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = kind.split(';');
    if !parts.next().unwrap_or_default().trim().eq_ignore_ascii_case("text/csv") {
        return Err(ApiError::unsupported_media_type("text/csv"));
    }
    let mut parameters = parts.filter_map(|part| part.trim().split_once('='));
    let charset = parameters.find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    Ok(charset.map(|(_, value)| value.to_owned()))
}

/// The statements with which a function takes a file in.
#[derive(Clone, Copy, Debug)]
pub struct Intake {
    /// Keeps a part of a file that nobody sees yet: the import's id, the part's number, now, and its rows as a JSON array.
    pub stage: Statement,
    /// Applies all parts, if they are as many rows as there should be and may be applied: the import's id, now, the actor,
    /// the number of rows, and how the codes of the actor's area begin. Gives `created`, `updated` and `restored`.
    pub import: Statement,
    /// Gives the same of an import that was applied before.
    pub read: Statement,
}

impl Intake {
    /// Takes rows in, in one statement, after they were staged. `json` gives a row as the statement takes it apart.
    ///
    /// # Errors
    /// 409 where a row may not be applied by now; what `json` and the store report.
    pub async fn take_in<T>(
        &self,
        db: &Db,
        (id, staff): (&str, &Staff),
        rows: Vec<(u64, T)>,
        json: impl Fn(&T) -> serde_json::Result<String>,
        now: DateTime<Utc>,
    ) -> ApiResult<Counts> {
        let count = i64::try_from(rows.len()).map_err(ApiError::internal)?;
        let (id, now) = (Value::from(id), Value::Integer(now.timestamp()));
        let store = |no, part| {
            let parameters = [id.clone(), Value::Integer(no), now.clone(), Value::Text(part)];
            async move { db.rows(&self.stage, parameters).await.map(drop) }
        };
        stage(rows, json, store).await?;
        let actor = Value::from(staff.subject.as_str());
        let area = Value::from(staff.area.stem());
        let written =
            match db.row(&self.import, [id.clone(), now, actor, Value::Integer(count), area]).await? {
                Some(row) => Some(row),
                // The same request was here before and did not live to say so.
                None => db.row(&self.read, [id]).await?,
            };
        let row = written.ok_or_else(ApiError::changed_meanwhile)?;
        Ok(Counts {
            created: row.get("created")?,
            updated: row.get("updated")?,
            restored: row.get("restored")?,
        })
    }
}

/// Brings rows near, some at a time, and lets them go: a large file is in memory often enough. `store` keeps a part, of
/// which it gets the number, from 0, and its rows as a JSON array.
pub(super) async fn stage<T, F: Future<Output = Result<(), StoreError>>>(
    rows: Vec<(u64, T)>,
    json: impl Fn(&T) -> serde_json::Result<String>,
    store: impl Fn(i64, String) -> F,
) -> ApiResult<()> {
    let mut rows = rows.into_iter().map(|(_, row)| row).peekable();
    for no in 0.. {
        if rows.peek().is_none() {
            break;
        }
        let mut part = String::from("[");
        for row in rows.by_ref().take(STAGED_AT_ONCE) {
            if part.len() > 1 {
                part.push(',');
            }
            part.push_str(&json(&row).map_err(ApiError::internal)?);
        }
        part.push(']');
        store(no, part).await?;
    }
    Ok(())
}

/// What becomes of the good rows of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many are new.
    pub created: i64,
    /// How many were there already.
    pub updated: i64,
    /// How many of those had been removed.
    pub restored: i64,
}

/// 导入结果 · What an import did, or with `dry_run` would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Imported {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Rows of the file.
    pub rows: usize,
    /// How many were not there before.
    pub created: i64,
    /// How many were.
    pub updated: i64,
    /// 恢复 · Of those that were there before: how many had been removed, and are back.
    pub restored: i64,
    /// Every fault of the file; of an import that was done there are none.
    pub faults: Vec<ImportFault>,
}

/// 导入错误 · One faulty cell or row.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportFault {
    /// The line of the file, from 1.
    pub line: u64,
    /// The column, as the file's header names it; empty where the whole row is at fault.
    pub column: String,
    /// A stable code.
    pub code: &'static str,
    /// 错在哪里 · What is wrong.
    pub message: String,
}

impl Imported {
    /// What an import of the file would do, told in one language.
    #[must_use]
    pub fn dry<T>(table: &Table<T>, counts: Counts, lang: Lang) -> Self {
        let faults = table.faults.iter().map(|fault| ImportFault::new(fault, lang)).collect();
        Self { dry_run: true, faults, ..Self::done(table.count, counts) }
    }

    /// What an import of so many rows did.
    #[must_use]
    pub fn done(rows: usize, Counts { created, updated, restored }: Counts) -> Self {
        Self { dry_run: false, rows, created, updated, restored, faults: Vec::new() }
    }
}

impl ImportFault {
    /// A fault in one language.
    #[must_use]
    pub fn new(fault: &RowFault, lang: Lang) -> Self {
        Self {
            line: fault.line,
            column: fault.column.clone(),
            code: fault.code,
            message: fault.message.in_lang(lang).to_owned(),
        }
    }
}
