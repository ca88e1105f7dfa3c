//! What routes that give a file out have in common.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};

use super::{Column, MAX_ROWS, Turn, Writer};
use crate::problem::{ApiError, ApiResult};

/// How many rows are read at once: all of them would be in memory twice, once as a row and once in the file.
const READ_AT_ONCE: usize = 1_000;

/// Takes a [`Turn`] and writes a file of up to [`MAX_ROWS`] rows, those behind the id `after`; also the id of its last row,
/// where there are more.
///
/// `read` gives at most so many rows behind an id, in the order of ids; `cells` gives a row's id and its cells.
///
/// # Errors
/// 503 while the instance is at another file; what `read` reports.
pub async fn export<T, F: Future<Output = ApiResult<Vec<T>>>, const N: usize>(
    columns: &[Column; N],
    mut after: String,
    read: impl Fn(String, i64) -> F,
    cells: impl Fn(T) -> (String, [String; N]),
) -> ApiResult<(Vec<u8>, Option<String>)> {
    let _turn = Turn::take()?;
    let mut writer = Writer::new(columns).map_err(ApiError::internal)?;
    let mut written = 0;
    let more = loop {
        // Behind the last row of a full file, one more tells whether there are more.
        let limit = READ_AT_ONCE.min((MAX_ROWS - written).max(1));
        let rows = read(after.clone(), i64::try_from(limit).map_err(ApiError::internal)?).await?;
        if written == MAX_ROWS {
            break !rows.is_empty();
        }
        let is_last = rows.len() < limit;
        for row in rows {
            let (id, cells) = cells(row);
            writer.push(&cells).map_err(ApiError::internal)?;
            written += 1;
            after = id;
        }
        if is_last {
            break false;
        }
    };
    Ok((writer.finish().map_err(ApiError::internal)?, more.then_some(after)))
}

/// The answer that gives a file out under a name; `next` is where the next one is, as a `Link` (RFC 8288).
///
/// # Errors
/// 500 where `name` or `next` fit into no header.
pub fn answer(file: Vec<u8>, name: &str, next: Option<&str>) -> ApiResult<Response> {
    let mut response = file.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    headers.insert(header::CONTENT_DISPOSITION, disposition.map_err(ApiError::internal)?);
    if let Some(next) = next {
        let next = HeaderValue::from_str(&format!("<{next}>; rel=\"next\"")).map_err(ApiError::internal)?;
        headers.insert(header::LINK, next);
    }
    Ok(response)
}
