use axum::{body::Body, response::Response};
use http::{Method, Request, header};
use http_body_util::BodyExt as _;
use shared::door::Door;

use crate::assets::VERSION;

const PATHS: [&str; 17] = [
    "/",
    "/marriage",
    "/marriage/appointment",
    "/marriage/waitlist",
    "/beds",
    "/beds/institution",
    "/beds/application",
    "/beds/alert",
    "/donation",
    "/donation/point",
    "/donation/pledge",
    "/donation/receipt",
    "/volunteer",
    "/volunteer/opportunity",
    "/volunteer/register",
    "/volunteer/me",
    "/volunteer/certificate",
];

/// The futures here never wait for anything.
fn now<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

fn ask(method: Method, path: &str, headers: &[(header::HeaderName, &str)]) -> Response {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let door = Door::new();
    now(door.serve(request.body(Body::empty()).unwrap(), async || Ok(crate::routes()))).unwrap()
}

fn get(path: &str, headers: &[(header::HeaderName, &str)]) -> Response {
    ask(Method::GET, path, headers)
}

fn body(response: Response) -> Vec<u8> {
    now(response.into_body().collect()).unwrap().to_bytes().to_vec()
}

fn text(response: Response) -> String {
    String::from_utf8(body(response)).unwrap()
}

fn head(response: &Response, name: header::HeaderName) -> &str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[test]
fn every_page_answers_in_chinese_unless_english_is_preferred() {
    for path in PATHS {
        let zh = get(path, &[]);
        assert_eq!(zh.status(), 200, "{path}");
        assert_eq!(head(&zh, header::CONTENT_TYPE), "text/html; charset=utf-8");
        assert_eq!(head(&zh, header::CONTENT_LANGUAGE), "zh-CN");
        assert!(text(zh).contains("<html lang=\"zh-CN\">"), "{path}");
        let en = get(path, &[(header::ACCEPT_LANGUAGE, "en-GB,en;q=0.9")]);
        assert!(text(en).contains("<html lang=\"en\">"), "{path}");
    }
}

#[test]
fn a_chosen_language_is_remembered_and_beats_the_browsers() {
    let chosen = get("/marriage?service=marriage&lang=en", &[]);
    assert!(head(&chosen, header::SET_COOKIE).starts_with("lang=en; Path=/;"));
    assert_eq!(head(&chosen, header::CONTENT_LANGUAGE), "en");
    let later = get("/", &[(header::COOKIE, "a=b; lang=en"), (header::ACCEPT_LANGUAGE, "zh-CN")]);
    assert_eq!(head(&later, header::CONTENT_LANGUAGE), "en");
    assert_eq!(head(&later, header::SET_COOKIE), "");
    let nonsense = get("/?lang=fr", &[(header::COOKIE, "lang=fr")]);
    assert_eq!(head(&nonsense, header::CONTENT_LANGUAGE), "zh-CN");
}

#[test]
fn pages_are_kept_from_running_anything_but_their_own_files() {
    for path in PATHS.into_iter().chain(["/nothing/here"]) {
        let page = get(path, &[]);
        let policy = head(&page, header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(head(&page, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(head(&page, header::REFERRER_POLICY), "no-referrer");
    }
}

#[test]
fn a_page_that_the_browser_has_is_not_sent_again() {
    let first = get("/marriage", &[]);
    assert_eq!(head(&first, header::CACHE_CONTROL), "private, no-cache");
    let tag = head(&first, header::ETAG).to_owned();
    let again = get("/marriage", &[(header::IF_NONE_MATCH, &format!("\"other\", {tag}"))]);
    assert_eq!(again.status(), 304);
    assert_eq!(head(&again, header::ETAG), tag);
    assert_eq!(body(again), b"");
    let english = get("/marriage", &[(header::IF_NONE_MATCH, &tag), (header::COOKIE, "lang=en")]);
    assert_eq!(english.status(), 200);
}

#[test]
fn files_are_packed_for_whoever_takes_gzip() {
    let path = format!("/assets/{VERSION}/portal.css");
    let plain = get(&path, &[]);
    let packed = get(&path, &[(header::ACCEPT_ENCODING, "gzip, deflate, br")]);
    let refused = get(&path, &[(header::ACCEPT_ENCODING, "gzip;q=0, br")]);
    assert_eq!(head(&plain, header::CONTENT_ENCODING), "");
    assert_eq!(head(&refused, header::CONTENT_ENCODING), "");
    assert_eq!(head(&packed, header::CONTENT_ENCODING), "gzip");
    assert_eq!(head(&packed, header::VARY), "accept-encoding");
    let (plain, packed) = (body(plain), body(packed));
    assert!(packed.starts_with(&[0x1f, 0x8b]) && packed.len() * 2 < plain.len());
}

#[test]
fn a_file_is_kept_for_ever_only_under_its_own_version() {
    let current = get(&format!("/assets/{VERSION}/booking.js"), &[]);
    assert_eq!(head(&current, header::CONTENT_TYPE), "text/javascript; charset=utf-8");
    assert_eq!(head(&current, header::CACHE_CONTROL), "public, max-age=31536000, immutable");
    let older = get("/assets/0123456789abcdef/booking.js", &[]);
    assert_eq!(older.status(), 200);
    assert_eq!(head(&older, header::CACHE_CONTROL), "no-cache");
    for unknown in ["/assets/x/nothing.js", "/assets/x/words.txt", "/assets/x/..%2flib.rs"] {
        assert_eq!(get(unknown, &[]).status(), 404, "{unknown}");
    }
}

#[test]
fn head_says_how_long_the_page_is_and_sends_none_of_it() {
    let whole = body(get("/", &[])).len();
    let response = ask(Method::HEAD, "/", &[]);
    assert_eq!(response.status(), 200);
    assert_eq!(head(&response, header::CONTENT_LENGTH), whole.to_string());
    assert_eq!(body(response), b"");
}

#[test]
fn an_unknown_path_is_a_page_for_people_in_both_languages() {
    let response = get("/no/such/page", &[(header::ACCEPT, "text/html,*/*;q=0.8")]);
    assert_eq!(response.status(), 404);
    assert_eq!(head(&response, header::CONTENT_TYPE), "text/html; charset=utf-8");
    let html = text(response);
    assert!(html.contains("没有这个页面") && html.contains("Page not found"));
    assert_eq!(get("/no/such/page", &[]).status(), 404);
}

#[test]
fn an_unknown_path_is_a_problem_for_programs() {
    let json = (header::ACCEPT, "application/json");
    for (method, path, headers) in [
        (Method::GET, "/api/v1/nothing", vec![]),
        (Method::GET, "/api/", vec![(header::ACCEPT, "text/html")]),
        (Method::GET, "/nothing", vec![json]),
        (Method::POST, "/nothing", vec![]),
    ] {
        let response = ask(method, path, &headers);
        assert_eq!(response.status(), 404, "{path}");
        assert_eq!(head(&response, header::CONTENT_TYPE), "application/problem+json", "{path}");
        let problem: serde_json::Value = serde_json::from_slice(&body(response)).unwrap();
        assert_eq!(problem["code"], "not_found");
    }
}

#[test]
fn a_page_takes_no_other_method() {
    let response = ask(Method::POST, "/marriage", &[]);
    assert_eq!(response.status(), 405);
    assert_eq!(head(&response, header::ALLOW), "GET,HEAD");
    assert_eq!(head(&response, header::CONTENT_TYPE), "application/problem+json");
}

#[test]
fn a_slash_too_many_is_forgiven_and_leads_nowhere_else() {
    let response = get("/marriage/?service=marriage", &[]);
    assert_eq!(response.status(), 308);
    assert_eq!(head(&response, header::LOCATION), "/marriage?service=marriage");
    assert_eq!(get("//example.org/", &[]).status(), 404);
}
