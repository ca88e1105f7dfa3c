//! The files that `build/` made, and how they are served: packed where the browser takes it, and not at all where it
//! has them already.

use axum::{
    body::Body,
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use shared::problem::{ApiError, ApiResult};

/// A file with everything that its answers need.
pub(crate) struct File {
    /// Its content type.
    pub(crate) kind: &'static str,
    /// Names its content; weak, for the plain and the packed form share it.
    pub(crate) etag: &'static str,
    /// As it is.
    pub(crate) plain: &'static [u8],
    /// Packed with gzip.
    pub(crate) gzip: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Under the current version a file never changes. A page of another version may still ask for its own: it gets what
/// there is now, for this once.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK: HeaderValue = HeaderValue::from_static("no-cache");

/// `GET /assets/{version}/{name}`.
pub(crate) async fn serve(
    Path((version, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let (_, file) = ASSETS.iter().find(|(known, _)| *known == name).ok_or_else(ApiError::not_found)?;
    let mut response = file.answer(StatusCode::OK, &headers);
    let caching = if version == VERSION { FOREVER } else { ASK };
    response.headers_mut().insert(header::CACHE_CONTROL, caching);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

impl File {
    /// The file, or 304 where `If-None-Match` names it.
    pub(crate) fn answer(&self, status: StatusCode, headers: &HeaderMap) -> Response {
        let known = status == StatusCode::OK && names(headers, self.etag);
        let packed = accepts_gzip(headers);
        let mut response = match (known, packed) {
            (true, _) => StatusCode::NOT_MODIFIED.into_response(),
            (_, true) => (status, Body::from(self.gzip)).into_response(),
            (_, false) => (status, Body::from(self.plain)).into_response(),
        };
        let answer = response.headers_mut();
        answer.insert(header::ETAG, HeaderValue::from_static(self.etag));
        if !known {
            answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        }
        if packed && !known {
            answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}

/// The comma-separated values of a header, however many lines it has.
fn values<'h>(headers: &'h HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &'h str> + 'h {
    let lines = headers.get_all(name).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim)
}

fn names(headers: &HeaderMap, etag: &str) -> bool {
    let bare = |tag: &str| tag.trim_start_matches("W/").to_owned();
    values(headers, header::IF_NONE_MATCH).any(|tag| tag == "*" || bare(tag) == bare(etag))
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    values(headers, header::ACCEPT_ENCODING).any(|value| {
        let (coding, quality) = value.split_once(";q=").unwrap_or((value, "1"));
        coding.trim().eq_ignore_ascii_case("gzip") && quality.trim().parse::<f32>().is_ok_and(|q| q > 0.0)
    })
}
