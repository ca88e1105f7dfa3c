//! Bounded extractors: what a handler takes apart of a request.

use std::hash::{DefaultHasher, Hasher as _};

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, OptionalFromRequest, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    door::read_body,
    i18n::Text,
    input::{self, Object},
    problem::{ApiError, ApiResult},
};

/// The largest JSON body, 64 KiB.
pub const BODY_LIMIT: usize = 64 * 1024;

/// A JSON body of at most [`BODY_LIMIT`] bytes, not yet judged.
pub struct Json {
    value: Value,
    bytes: Bytes,
}

impl Json {
    /// Reads the body; see [`input::read`].
    ///
    /// # Errors
    /// 422 with every fault.
    pub fn read<T>(&self, build: impl FnOnce(&Object<'_>) -> Option<T>) -> ApiResult<T> {
        input::read(&self.value, build)
    }

    /// The body as it came, for comparing a repeated request with the first.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl<S: Send + Sync> FromRequest<S> for Json {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> ApiResult<Self> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(ApiError::unsupported_media_type("application/json"));
        }
        let bytes = read_body(request.into_body(), BODY_LIMIT).await?;
        let value = serde_json::from_slice(&bytes).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            ApiError::unreadable(Text::of(
                format!("请求内容不是有效的 JSON(第 {line} 行第 {column} 列)。"),
                format!("The body is no valid JSON (line {line}, column {column})."),
            ))
        })?;
        Ok(Self { value, bytes })
    }
}

impl<S: Send + Sync> OptionalFromRequest<S> for Json {
    type Rejection = ApiError;

    /// None where there is no body at all, whatever the headers call it.
    async fn from_request(request: Request, state: &S) -> ApiResult<Option<Self>> {
        let (head, body) = request.into_parts();
        let bytes = read_body(body, BODY_LIMIT).await?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let request = Request::from_parts(head, bytes.into());
        <Self as FromRequest<S>>::from_request(request, state).await.map(Some)
    }
}

/// The query, as an object of strings.
pub struct Query(Value);

impl Query {
    /// Reads the query; see [`input::read`].
    ///
    /// # Errors
    /// 422 with every fault; a parameter's pointer is `/name`.
    pub fn read<T>(&self, build: impl FnOnce(&Object<'_>) -> Option<T>) -> ApiResult<T> {
        input::read(&self.0, build)
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> ApiResult<Self> {
        let query = parts.uri.query().unwrap_or_default();
        if query.len() > 4096 {
            return Err(ApiError::unreadable(Text::new("查询参数过长。", "The query is too long.")));
        }
        let mut fields = Map::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (Some(name), Some(value)) = (decode(name), decode(value)) else {
                return Err(ApiError::unreadable(Text::new(
                    "查询参数的编码有误。",
                    "The query is not encoded well.",
                )));
            };
            if fields.insert(name, Value::String(value)).is_some() {
                return Err(ApiError::unreadable(Text::new(
                    "查询参数重复。",
                    "A parameter of the query stands twice.",
                )));
            }
        }
        Ok(Self(Value::Object(fields)))
    }
}

/// Undoes `application/x-www-form-urlencoded` of one name or value; `None` where it is malformed.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// One parameter of the path; unreadable ones are a thing that doesn't exist.
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| ApiError::not_found())
    }
}

/// A JSON answer.
///
/// # Errors
/// 500 where `body` has no JSON form.
pub fn json(status: StatusCode, body: &impl Serialize) -> ApiResult<Response> {
    Ok(raw_json(status, serde_json::to_vec(body).map_err(ApiError::internal)?))
}

/// A JSON answer of bytes that are JSON already.
#[must_use]
pub fn raw_json(status: StatusCode, body: Vec<u8>) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

/// A public answer that caches may keep: `ETag` of its bytes, and 304 where the caller has it already.
///
/// # Errors
/// 500 where `body` has no JSON form.
pub fn cacheable_json(
    headers: &HeaderMap,
    cache_control: &'static str,
    body: &impl Serialize,
) -> ApiResult<Response> {
    cacheable(headers, cache_control, serde_json::to_vec(body).map_err(ApiError::internal)?)
}

/// As [`cacheable_json`], of bytes that are JSON already.
///
/// # Errors
/// None in practice: an `ETag` of hexadecimal digits is always a header value.
pub fn cacheable(headers: &HeaderMap, cache_control: &'static str, bytes: Vec<u8>) -> ApiResult<Response> {
    // No secret and no signature hangs on it: the standard hash is enough, and a tenth of the work of SHA-256.
    let mut hasher = DefaultHasher::new();
    hasher.write(&bytes);
    let tag = format!("\"{:016x}{:x}\"", hasher.finish(), bytes.len());
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let unchanged = known
        .flat_map(|list| list.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|candidate| candidate == tag || candidate == "*");
    let mut response =
        if unchanged { StatusCode::NOT_MODIFIED.into_response() } else { raw_json(StatusCode::OK, bytes) };
    let answer_headers = response.headers_mut();
    answer_headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control));
    answer_headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    answer_headers.insert(header::ETAG, HeaderValue::from_str(&tag).map_err(ApiError::internal)?);
    Ok(response)
}

/// As [`cacheable`], of GeoJSON (RFC 7946).
///
/// # Errors
/// As [`cacheable`].
pub fn cacheable_geojson(
    headers: &HeaderMap,
    cache_control: &'static str,
    bytes: Vec<u8>,
) -> ApiResult<Response> {
    let mut response = cacheable(headers, cache_control, bytes)?;
    if let Some(kind) = response.headers_mut().get_mut(header::CONTENT_TYPE) {
        *kind = HeaderValue::from_static("application/geo+json");
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_encoding_is_undone_and_nonsense_refused() {
        assert_eq!(decode("a+b%E5%8C%BA").as_deref(), Some("a b区"));
        assert_eq!(decode("%E5%8C"), None);
        assert_eq!(decode("%G1"), None);
        assert_eq!(decode("%1"), None);
    }
}
