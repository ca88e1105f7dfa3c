//! Pages: which language, and what a browser may do with them.

use axum::{
    extract::Request,
    handler::Handler,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use shared::{i18n::Lang, problem::ApiError};

use crate::assets::{File, PAGES};

/// A page loads only this portal's own files, runs no script and no style of its own text, sends no form anywhere, and
/// stands in no other page's frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
    trusted-types 'none'";

const SAFETY: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), "geolocation=(self), camera=(), microphone=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// The handler of one page, Chinese and English.
#[derive(Clone, Copy)]
pub(crate) struct Shown(pub(crate) &'static [File; 2]);

impl<S> Handler<(), S> for Shown {
    type Future = std::future::Ready<Response>;

    fn call(self, request: Request, _: S) -> Self::Future {
        std::future::ready(show(self.0, StatusCode::OK, request.uri(), request.headers()))
    }
}

/// Answers every path that nothing else has: a page for people, a problem for programs.
pub(crate) async fn unknown(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let reads = method == Method::GET || method == Method::HEAD;
    if !reads || uri.path().starts_with("/api/") || wants_json(&headers) {
        return ApiError::not_found().into_response();
    }
    // `/marriage/` means `/marriage`. Only paths that exist, so that this leads nowhere else.
    let meant = uri.path().trim_end_matches('/');
    if let Some((path, _)) = PAGES.iter().find(|(path, _)| !path.is_empty() && *path == meant) {
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        return Redirect::permanent(&format!("{path}{query}")).into_response();
    }
    match PAGES.iter().find(|(path, _)| path.is_empty()) {
        Some((_, page)) => show(page, StatusCode::NOT_FOUND, &uri, &headers),
        None => ApiError::not_found().into_response(),
    }
}

/// A well-known place (RFC 8615) for the public keys of certificates. A route of the manifest can't begin with a dot: the
/// router orders such a route neither before nor behind others.
pub(crate) async fn certificate_keys() -> Redirect {
    Redirect::temporary("/api/v1/volunteer/certificate-keys")
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accept.contains("json") && !accept.contains("html")
}

fn show(page: &'static [File; 2], status: StatusCode, uri: &Uri, headers: &HeaderMap) -> Response {
    let chosen = chosen(uri);
    let lang = chosen.or_else(|| remembered(headers)).unwrap_or_else(|| Lang::of(headers));
    let [zh, en] = page;
    let file = match lang {
        Lang::Zh => zh,
        Lang::En => en,
    };
    let mut response = file.answer(status, headers);
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    answer.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding, accept-language, cookie"));
    for (name, value) in SAFETY {
        answer.insert(name, HeaderValue::from_static(value));
    }
    if let Some(lang) = chosen {
        answer.insert(header::SET_COOKIE, cookie(lang));
    }
    response
}

/// The language of `?lang=`: the switch on every page, where no script runs.
fn chosen(uri: &Uri) -> Option<Lang> {
    uri.query()?.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(lang)
}

/// The language chosen before.
fn remembered(headers: &HeaderMap) -> Option<Lang> {
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix("lang=")).and_then(lang)
}

fn lang(tag: &str) -> Option<Lang> {
    [Lang::Zh, Lang::En].into_iter().find(|lang| lang.tag() == tag)
}

fn cookie(lang: Lang) -> HeaderValue {
    HeaderValue::from_static(match lang {
        Lang::Zh => "lang=zh-CN; Path=/; Max-Age=31536000; SameSite=Lax",
        Lang::En => "lang=en; Path=/; Max-Age=31536000; SameSite=Lax",
    })
}
