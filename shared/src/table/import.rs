//! What routes that take a file in have in common.

use std::borrow::Cow;

use axum::body::{Body, Bytes};
use http::{HeaderMap, Request, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::{RowFault, Table, Turn, decode};
use crate::{
    door::read_body,
    i18n::Lang,
    problem::{ApiError, ApiResult},
    store::StoreError,
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

/// Brings rows near, some at a time, and lets them go: a large file is in memory often enough. `json` gives a row as the
/// statement takes it apart, `store` keeps a part, of which it gets the number, from 0, and its rows as a JSON array.
///
/// # Errors
/// What `json` and `store` report.
pub async fn stage<T, F: Future<Output = Result<(), StoreError>>>(
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
