//! The door of every function: one place where requests come in and answers go out.
//!
//! It gives each request a trace id and a language, renders every refusal as problem+json, logs a 5xx once, and
//! sets the headers that every answer carries.

use std::{convert::Infallible, sync::OnceLock};

use axum::{Router, body::Body, extract::FromRequestParts, response::Response};
use http::{HeaderMap, HeaderValue, Request, StatusCode, header, request::Parts};
use http_body_util::BodyExt as _;
use tower_service::Service as _;

use crate::{
    i18n::Lang,
    problem::{ApiError, ApiResult},
};

/// What the door knows of a request; handlers extract it.
#[derive(Clone, Debug)]
pub struct Context {
    /// The language of the answer.
    pub lang: Lang,
    /// Names the request in logs: 32 hexadecimal digits (W3C Trace Context).
    pub trace_id: String,
}

/// The entry to one function; holds its router, which is built once per instance.
pub struct Door {
    router: OnceLock<Router>,
}

impl Door {
    /// A door whose router is built by the first request.
    #[must_use]
    pub const fn new() -> Self {
        Self { router: OnceLock::new() }
    }

    /// Answers one request; `routes` builds the router where this instance has none yet.
    ///
    /// # Errors
    /// Never: the type is what an HTTP service asks for.
    pub async fn serve<B>(
        &self,
        request: Request<B>,
        routes: impl AsyncFnOnce() -> ApiResult<Router>,
    ) -> Result<Response, Infallible>
    where
        B: http_body::Body<Data = bytes::Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let context = Context { lang: Lang::of(request.headers()), trace_id: trace_id(request.headers()) };
        let answered = match self.router(routes).await {
            Ok(mut router) => {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(context.clone());
                router.call(request).await
            }
            Err(error) => Ok(axum::response::IntoResponse::into_response(error)),
        };
        answered.map(|response| finish(response, &context))
    }

    async fn router(&self, routes: impl AsyncFnOnce() -> ApiResult<Router>) -> ApiResult<Router> {
        if let Some(router) = self.router.get() {
            return Ok(router.clone());
        }
        let router = routes().await?;
        Ok(self.router.get_or_init(|| router).clone())
    }
}

impl Default for Door {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Sync> FromRequestParts<S> for Context {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> ApiResult<Self> {
        parts.extensions.get().cloned().ok_or_else(|| ApiError::internal("a request came past the door"))
    }
}

fn trace_id(headers: &HeaderMap) -> String {
    let given = headers
        .get("traceparent")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split('-').nth(1))
        .filter(|id| id.len() == 32 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
        .filter(|id| id.bytes().any(|b| b != b'0'));
    given.map_or_else(|| crate::privacy::hex(&crate::privacy::random::<16>()), str::to_owned)
}

fn finish(mut response: Response, context: &Context) -> Response {
    if let Some(error) = refusal(&mut response) {
        if error.status().is_server_error() {
            log(&error, &context.trace_id);
        }
        let allow = response.headers_mut().remove(header::ALLOW);
        response = error.render(context.lang, &context.trace_id);
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    let length = http_body::Body::size_hint(response.body()).exact();
    let bodiless = matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.entry(header::X_CONTENT_TYPE_OPTIONS).or_insert(HeaderValue::from_static("nosniff"));
    if let Some(length) = length.filter(|_| !bodiless) {
        headers.entry(header::CONTENT_LENGTH).or_insert(HeaderValue::from(length));
    }
    response
}

/// The refusal in an answer: a handler's own, or what axum's routing means by a bare status.
fn refusal(response: &mut Response) -> Option<ApiError> {
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        return Some(error);
    }
    let status = response.status();
    let own = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().starts_with(b"text/html") || kind.as_bytes().starts_with(b"application/problem")
    });
    match status.as_u16() {
        _ if own || status.as_u16() < 400 => None,
        404 => Some(ApiError::not_found()),
        405 => Some(ApiError::method_not_allowed()),
        400..=499 => Some(ApiError::unreadable(crate::i18n::Text::new(
            "无法读取请求的路径。",
            "The path of the request can't be read.",
        ))),
        code => Some(ApiError::internal(format!("a handler answered {code} without a reason"))),
    }
}

fn log(error: &ApiError, trace_id: &str) {
    let line = serde_json::json!({
        "level": "error",
        "trace_id": trace_id,
        "status": error.status().as_u16(),
        "code": error.code(),
        "message": error.log(),
    });
    eprintln!("{line}");
}

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// 413 where it is larger, 400 where it breaks off.
pub async fn read_body(body: Body, limit: usize) -> ApiResult<bytes::Bytes> {
    match http_body_util::Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(ApiError::too_large(limit)),
        Err(_) => Err(ApiError::unreadable(crate::i18n::Text::new(
            "请求内容没有完整到达。",
            "The body did not arrive whole.",
        ))),
    }
}
