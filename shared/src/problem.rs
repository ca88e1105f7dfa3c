//! Refusals: one error type for every function, answered as RFC 9457 `application/problem+json`.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::i18n::{Lang, Text};

/// What `Result` means in a handler.
pub type ApiResult<T> = Result<T, ApiError>;

/// A refusal: what the caller is told, and, apart from it, what the log says. Boxed, because every `Result` carries it.
#[derive(Clone, Debug)]
pub struct ApiError(Box<Refusal>);

#[derive(Clone, Debug)]
struct Refusal {
    status: StatusCode,
    code: Cow<'static, str>,
    detail: Text,
    faults: Vec<Fault>,
    headers: Vec<(HeaderName, HeaderValue)>,
    log: Option<String>,
}

/// One fault of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// RFC 6901 pointer into the body, or `/name` for the query parameter `name`.
    pub pointer: String,
    /// Stable code, `snake_case`.
    pub code: &'static str,
    /// What is wrong, for a person.
    pub message: Text,
}

/// A refusal as it is written on the wire (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// A URI reference that names the kind of problem: `/problems/<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// 状态的名称 · The name of the status.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// 发生了什么 · What happened.
    pub detail: String,
    /// A stable code for programs.
    pub code: String,
    /// Names this request in the logs of the service.
    pub trace_id: String,
    /// Every fault of the input at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub errors: Option<Vec<ProblemFault>>,
}

/// One fault of the input, as it is written on the wire.
#[derive(Serialize, ToSchema)]
pub struct ProblemFault {
    /// RFC 6901 pointer into the body; `/name` for a query parameter.
    pub pointer: String,
    /// A stable code for programs.
    pub code: String,
    /// 错在哪里 · What is wrong.
    pub message: String,
}

impl ApiError {
    fn new(status: StatusCode, code: impl Into<Cow<'static, str>>, detail: Text) -> Self {
        let code = code.into();
        Self(Box::new(Refusal { status, code, detail, faults: Vec::new(), headers: Vec::new(), log: None }))
    }

    fn logged(mut self, log: impl std::fmt::Display) -> Self {
        self.0.log = Some(log.to_string());
        self
    }

    /// 400: the body or the query can't be read at all.
    #[must_use]
    pub fn unreadable(detail: Text) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unreadable", detail)
    }

    /// 401: no credential, or one that doesn't hold.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            Text::new("缺少有效的凭证。", "A valid credential is missing."),
        )
        .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// 403: known, but not allowed: wrong role, area or owner.
    #[must_use]
    pub fn forbidden(detail: Text) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// 404: no such thing, or one that the caller may not know of.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            Text::new("没有找到所请求的内容。", "What was asked for was not found."),
        )
    }

    /// 405: the path exists, the method doesn't; the door adds `Allow`.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            Text::new("此路径不支持该方法。", "This path does not take that method."),
        )
    }

    /// 409: at odds with the current state, for the reason that `code` names.
    #[must_use]
    pub fn conflict(code: &'static str, detail: Text) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 409: what a change was decided on has changed before it was written.
    #[must_use]
    pub fn changed_meanwhile() -> Self {
        Self::conflict(
            "changed_meanwhile",
            Text::new("内容刚被更改，请重新读取后再试。", "It has just changed: read it again."),
        )
    }

    /// 412: `If-Match` names another version than the current one.
    #[must_use]
    pub fn precondition_failed() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "precondition_failed",
            Text::new("内容已被更改，请重新读取后再试。", "It has changed since it was read: read it again."),
        )
    }

    /// 428: the change needs an `If-Match`.
    #[must_use]
    pub fn precondition_required() -> Self {
        Self::new(
            StatusCode::PRECONDITION_REQUIRED,
            "precondition_required",
            Text::new("此更改需要 If-Match 请求头。", "This change needs an If-Match header."),
        )
    }

    /// 413: the body is larger than `limit` bytes.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            Text::of(
                format!("请求内容超过 {limit} 字节的上限。"),
                format!("The body is larger than the limit of {limit} bytes."),
            ),
        )
    }

    /// 415: a content type other than the one this path takes.
    #[must_use]
    pub fn unsupported_media_type(wanted: &'static str) -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            Text::of(
                format!("请求内容的类型应为 {wanted}。"),
                format!("The content type has to be {wanted}."),
            ),
        )
    }

    /// 422: well-formed but invalid; names every fault at once.
    #[must_use]
    pub fn invalid(faults: Vec<Fault>) -> Self {
        let code = match faults.as_slice() {
            [only] => only.code,
            _ => "invalid",
        };
        let detail = Text::of(
            format!("请求内容有 {} 处错误。", faults.len()),
            match faults.len() {
                1 => "The input has 1 fault.".to_owned(),
                n => format!("The input has {n} faults."),
            },
        );
        let mut error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
        error.0.faults = faults;
        error
    }

    /// 422 for one reason that no single field carries.
    #[must_use]
    pub fn unprocessable(code: &'static str, detail: Text) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }

    /// 429: more requests than the caller may send; carries `Retry-After`.
    #[must_use]
    pub fn too_many_requests(retry_after_s: u32) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            Text::new("请求过于频繁，请稍后再试。", "Too many requests: try again later."),
        )
        .with_header(header::RETRY_AFTER, HeaderValue::from(retry_after_s))
    }

    /// 500: a fault of the service. `log` says what happened, the caller gets a trace id.
    pub fn internal(log: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            Text::new(
                "服务内部出错，请稍后再试。",
                "Something went wrong inside the service: try again later.",
            ),
        )
        .logged(log)
    }

    /// 503: busy or full for the moment; carries `Retry-After`.
    pub fn unavailable(log: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            Text::new("服务繁忙，请稍后再试。", "The service is busy: try again shortly."),
        )
        .logged(log)
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("2"))
    }

    /// The same refusal with everything that led to it.
    #[must_use]
    pub fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        self.0.faults = faults;
        self
    }

    /// The same refusal with one more header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The faults of the input.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.0.faults
    }

    /// What only the log may say.
    #[must_use]
    pub fn log(&self) -> Option<&str> {
        self.0.log.as_deref()
    }

    /// The answer in one language, under the request's trace id.
    #[must_use]
    pub fn render(&self, lang: Lang, trace_id: &str) -> Response {
        let body = ProblemBody {
            kind: format!("/problems/{}", self.0.code),
            title: title(self.0.status).in_lang(lang).to_owned(),
            status: self.0.status.as_u16(),
            detail: self.0.detail.in_lang(lang).to_owned(),
            code: self.0.code.clone().into_owned(),
            trace_id: trace_id.to_owned(),
            errors: (!self.0.faults.is_empty()).then(|| {
                self.0
                    .faults
                    .iter()
                    .map(|fault| ProblemFault {
                        pointer: fault.pointer.clone(),
                        code: fault.code.to_owned(),
                        message: fault.message.in_lang(lang).to_owned(),
                    })
                    .collect()
            }),
        };
        let mut response = (self.0.status, serde_json::to_vec(&body).unwrap_or_default()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in &self.0.headers {
            headers.insert(name.clone(), value.clone());
        }
        response
    }
}

/// The error travels as an extension: only the door knows the language and the trace id.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

fn title(status: StatusCode) -> Text {
    match status.as_u16() {
        400 => Text::new("无法读取请求", "Bad request"),
        401 => Text::new("需要凭证", "Unauthorized"),
        403 => Text::new("没有权限", "Forbidden"),
        404 => Text::new("未找到", "Not found"),
        405 => Text::new("方法不支持", "Method not allowed"),
        409 => Text::new("与当前状态冲突", "Conflict"),
        412 => Text::new("前提不成立", "Precondition failed"),
        413 => Text::new("内容过大", "Content too large"),
        415 => Text::new("类型不支持", "Unsupported media type"),
        422 => Text::new("内容无效", "Unprocessable content"),
        428 => Text::new("缺少前提", "Precondition required"),
        429 => Text::new("请求过多", "Too many requests"),
        503 => Text::new("服务繁忙", "Service unavailable"),
        _ => Text::new("服务出错", "Internal server error"),
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    async fn body(response: Response) -> serde_json::Value {
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice(&bytes).unwrap()
    }

    fn block_on<F: Future>(future: F) -> F::Output {
        let mut future = std::pin::pin!(future);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        loop {
            if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
        }
    }

    #[test]
    fn every_fault_is_named_at_once_in_the_callers_language() {
        let fault = |pointer: &str| Fault {
            pointer: pointer.to_owned(),
            code: "required",
            message: Text::new("必填。", "Required."),
        };
        let error = ApiError::invalid(vec![fault("/name"), fault("/phone")]);
        let response = error.render(Lang::En, "abc");
        assert_eq!(response.status(), 422);
        let body = block_on(body(response));
        assert_eq!(body["code"], "invalid");
        assert_eq!(body["trace_id"], "abc");
        assert_eq!(body["errors"][1]["pointer"], "/phone");
        assert_eq!(body["errors"][1]["message"], "Required.");
    }

    #[test]
    fn what_the_log_says_never_reaches_the_caller() {
        let error = ApiError::internal("secret path /var/db");
        let body = block_on(body(error.render(Lang::Zh, "abc")));
        assert!(!body.to_string().contains("secret"));
        assert_eq!(error.log(), Some("secret path /var/db"));
    }
}
