//! The host's own answers: RFC 9457 problems.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use wasmtime_wasi_http::WasiBody;

use super::{Language, Trace};

/// Why the host answers instead of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    NotFound,
    BodyTooLarge,
    SlowBody,
    Internal,
    Busy,
    Timeout,
}

struct Text {
    title: [&'static str; 2],
    detail: [&'static str; 2],
}

impl Problem {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::SlowBody => StatusCode::REQUEST_TIMEOUT,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::BodyTooLarge => "too_large",
            Self::SlowBody => "request_timeout",
            Self::Internal => "internal",
            Self::Busy => "busy",
            Self::Timeout => "timeout",
        }
    }

    fn text(self) -> Text {
        match self {
            Self::NotFound => Text {
                title: ["未找到", "Not found"],
                detail: ["这个地址下没有任何内容。", "There is nothing at this address."],
            },
            Self::BodyTooLarge => Text {
                title: ["内容过大", "Content too large"],
                detail: ["请求内容超过了允许的大小。", "The body is larger than allowed."],
            },
            Self::SlowBody => Text {
                title: ["接收超时", "Request timeout"],
                detail: ["请求内容没有在规定时间内完整到达。", "The body did not arrive whole in time."],
            },
            Self::Internal => Text {
                title: ["内部错误", "Internal error"],
                detail: [
                    "服务处理请求时出错，请稍后再试；如需帮助，请提供 trace_id。",
                    "The service failed on this request. Try again later; quote the trace_id when you ask for help.",
                ],
            },
            Self::Busy => Text {
                title: ["服务繁忙", "Busy"],
                detail: ["当前请求过多，请稍后再试。", "Too many requests at the moment. Try again shortly."],
            },
            Self::Timeout => Text {
                title: ["处理超时", "Timed out"],
                detail: ["服务未能在规定时间内作答。", "The service took too long to answer."],
            },
        }
    }

    /// The answer, in the caller's language.
    pub(crate) fn response(self, language: Language, trace: &Trace) -> Response<WasiBody> {
        let Text { title: [title_zh, title_en], detail: [detail_zh, detail_en] } = self.text();
        let (title, detail) = match language {
            Language::Chinese => (title_zh, detail_zh),
            Language::English => (title_en, detail_en),
        };
        let body = serde_json::json!({
            "type": format!("/problems/{}", self.code()),
            "title": title,
            "status": self.status().as_u16(),
            "detail": detail,
            "code": self.code(),
            "trace_id": trace.id(),
        });
        let mut response = plain(self.status(), body.to_string());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self == Self::Busy {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// An answer that is all there.
pub(crate) fn plain(status: StatusCode, body: impl Into<Bytes>) -> Response<WasiBody> {
    let body = Full::new(body.into()).map_err(|never| match never {}).boxed_unsync();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}
