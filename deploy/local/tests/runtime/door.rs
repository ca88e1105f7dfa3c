//! Routes, headers, limits on what comes in, calls between components, grants.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use serde_json::json;

use crate::client::{raw, send};
use crate::harness::App;

#[test]
fn the_most_specific_route_answers_and_its_headers_say_so() {
    let app = App::new();
    let up = app.run(&[]);
    let headers = |path: &str| up.get(path).json()["headers"].clone();

    let exact = headers("/exact?q=1");
    assert_eq!(exact["spin-matched-route"], "/exact");
    assert_eq!(exact["spin-path-info"], "");
    assert_eq!(exact["spin-full-url"], "http://app.test/exact?q=1");

    let named = headers("/items/7/parts/%E5%A9%9A");
    assert_eq!(named["spin-raw-component-route"], "/items/:item/parts/:part");
    assert_eq!(named["spin-component-route"], "/items/:item/parts/:part");
    assert_eq!(named["spin-path-match-item"], "7");
    assert_eq!(named["spin-path-match-part"], "%E5%A9%9A");

    let below = headers("/beta/a/b");
    assert_eq!(below["spin-matched-route"], "/beta/...");
    assert_eq!(below["spin-component-route"], "/beta");
    assert_eq!(below["spin-path-info"], "/a/b");
    assert_eq!(below["spin-base-path"], "/");
    assert!(below["spin-client-addr"].as_str().unwrap().starts_with("127.0.0.1:"));

    assert_eq!(headers("/elsewhere")["spin-matched-route"], "/...");
    assert_eq!(up.get("/.well-known/spin/health").body, "OK");
}

#[test]
fn a_client_cannot_speak_for_the_host() {
    let app = App::new();
    let up = app.run(&[]);
    let spoofed = [
        ("spin-client-addr", "8.8.8.8:1"),
        ("Spin-Full-Url", "http://evil"),
        ("spin-path-match-item", "spoofed"),
        ("spin-anything", "x"),
        ("x-kept", "yes"),
    ];
    let seen = send(up.address, "GET", "/echo", &spoofed, "").json()["headers"].clone();
    assert!(seen["spin-client-addr"].as_str().unwrap().starts_with("127.0.0.1:"));
    assert_eq!(seen["spin-full-url"], "http://app.test/echo");
    assert_eq!(seen["spin-path-match-item"], json!(null));
    assert_eq!(seen["spin-anything"], json!(null));
    assert_eq!(seen["x-kept"], "yes");
}

#[test]
fn a_trace_is_kept_or_made_and_is_in_the_log_without_the_query() {
    let app = App::new();
    let up = app.run(&[]);
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let seen = send(up.address, "GET", "/echo?id_number=310101", &[("traceparent", trace)], "").json();
    assert_eq!(seen["headers"]["traceparent"], trace);
    let log = up.log("trace_id=0af7651916cd43dd8448eb211c80319c");
    let line = log.lines().find(|line| line.contains("0af7651916cd43dd8448eb211c80319c")).unwrap();
    assert!(line.contains("method=GET path=/echo status=200 ms="), "{line}");
    assert!(line.contains("component=alpha"), "{line}");
    assert!(!log.contains("310101"), "{log}");
    let made = up.get("/echo").json()["headers"]["traceparent"].as_str().unwrap().to_owned();
    assert_eq!(made.len(), 55);
}

#[test]
fn an_unknown_path_is_a_problem_in_the_callers_language() {
    let app = App::new();
    let manifest = crate::harness::MANIFEST.replace("route = \"/...\"", "route = \"/alpha/...\"");
    std::fs::write(app.path("spin.toml"), manifest).unwrap();
    let up = app.run(&[]);
    let chinese = up.get("/nowhere");
    assert_eq!(chinese.problem(404, "not_found")["title"], "未找到");
    assert_eq!(chinese.header("content-language"), Some("zh-CN"));
    let english = send(up.address, "GET", "/nowhere", &[("accept-language", "en-GB, zh;q=0.5")], "");
    assert_eq!(english.problem(404, "not_found")["title"], "Not found");
    let head = send(up.address, "HEAD", "/nowhere", &[], "");
    assert_eq!((head.status, head.body.as_str()), (404, ""));
    assert!(head.header("content-length").unwrap().parse::<usize>().unwrap() > 0);
}

#[test]
fn a_body_over_the_limit_is_refused_however_it_comes() {
    let app = App::new();
    let up = app.run(&[]);
    let fits = "x".repeat(8 << 20);
    assert_eq!(send(up.address, "POST", "/body", &[], &fits).body, (8 << 20).to_string());
    let large = "x".repeat(9 << 20);
    send(up.address, "POST", "/body", &[], &large).problem(413, "too_large");
    let mut chunked =
        b"POST /body HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..9 {
        chunked.extend_from_slice(format!("{:x}\r\n{}\r\n", 1 << 20, &large[..1 << 20]).as_bytes());
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    raw(up.address, &chunked).unwrap().problem(413, "too_large");
    // A client that asks first is told before it sends anything.
    let asks = format!(
        "POST /body HTTP/1.1\r\nhost: a\r\nconnection: close\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        64 << 20
    );
    raw(up.address, asks.as_bytes()).unwrap().problem(413, "too_large");
}

#[test]
fn senders_who_stop_early_hold_up_no_large_body() {
    let app = App::new();
    let up = app.run(&[]);
    let head = b"POST /body HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n";
    let stopped: Vec<TcpStream> = (0..40)
        .map(|_| {
            let mut stream = TcpStream::connect(up.address).unwrap();
            stream.write_all(head).unwrap();
            stream
        })
        .collect();
    let large = "x".repeat(1 << 20);
    assert_eq!(send(up.address, "POST", "/body", &[], &large).body, (1 << 20).to_string());
    for mut stream in stopped {
        stream.set_nonblocking(true).unwrap();
        let waiting = stream.read(&mut [0]).unwrap_err();
        assert_eq!(waiting.kind(), std::io::ErrorKind::WouldBlock, "the server still waits for the rest");
    }
}

#[test]
fn what_is_no_http_is_refused_and_costs_nobody_else() {
    let app = App::new();
    let up = app.run(&[]);
    assert_eq!(raw(up.address, b"NONSENSE\r\n\r\n").unwrap().status, 400);
    let many: String = (0..200).map(|number| format!("x-{number}: 1\r\n")).collect();
    let request = format!("GET / HTTP/1.1\r\nhost: a\r\n{many}\r\n");
    assert_eq!(raw(up.address, request.as_bytes()).unwrap().status, 431);
    assert_eq!(up.get("/echo").status, 200);
}

#[test]
fn known_lengths_are_told_and_a_stream_arrives_in_pieces() {
    let app = App::new();
    let up = app.run(&[]);
    let echo = up.get("/echo");
    assert_eq!(echo.header("content-length").unwrap().parse::<usize>().unwrap(), echo.body.len());
    let head = send(up.address, "HEAD", "/echo", &[], "");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(up.get("/trickle?ms=20").body, "one two three");
}

#[test]
fn components_call_each_other_inside_and_only_where_granted() {
    let app = App::new();
    let up = app.run(&[]);
    let inside = up.get("/call?url=http://beta.spin.internal/deep/er?x=1").json();
    assert_eq!(inside["uri"], "http://beta.spin.internal/deep/er?x=1");
    assert_eq!(inside["headers"]["spin-matched-route"], "/...");
    assert_eq!(inside["headers"]["spin-path-info"], "/deep/er");
    let body = send(up.address, "POST", "/call?url=http://beta.spin.internal/body", &[], "12345");
    assert_eq!(body.body, "5");
    // Alpha may call beta, but not itself; beta may call all of them.
    let refused = up.get("/call?url=http://alpha.spin.internal/echo");
    assert_eq!((refused.status, refused.body.as_str()), (502, "ErrorCode::HttpRequestDenied"));
    let back = up.get("/beta/call");
    assert_eq!(back.status, 200);
    let through = "/call?url=http://beta.spin.internal/call?url=http://alpha.spin.internal/echo";
    assert_eq!(up.get(through).json()["headers"]["spin-full-url"], "http://alpha.spin.internal/echo");
    up.log("refused=\"not in the component's allowed_outbound_hosts\"");
}

#[test]
fn another_host_is_called_where_granted_and_refused_elsewhere() {
    use std::io::{Read as _, Write as _};
    let app = App::new();
    let up = app.run(&[]);
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let served = std::thread::spawn(move || {
        let (mut stream, _) = other.accept().unwrap();
        let mut buffer = [0; 1024];
        let read = stream.read(&mut buffer).unwrap();
        stream.write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 5\r\n\r\nhello").unwrap();
        String::from_utf8_lossy(&buffer[..read]).into_owned()
    });
    let answer = up.get(&format!("/call?url=http://127.0.0.1:{port}/hook"));
    assert_eq!((answer.status, answer.body.as_str()), (202, "hello"));
    let request = served.join().unwrap();
    assert!(request.starts_with("GET /hook HTTP/1.1\r\n"), "{request}");
    assert!(request.contains(&format!("host: 127.0.0.1:{port}")), "{request}");
    let refused = up.get("/call?url=http://localhost:1/");
    assert_eq!(refused.body, "ErrorCode::HttpRequestDenied");
}

#[test]
fn variables_and_environment_reach_the_component_and_secrets_no_log() {
    let app = App::new();
    let mut up = app.run(&[]);
    assert_eq!(up.get("/variable?name=text").body, "<a default>");
    assert_eq!(up.get("/variable?name=key").body, "the-secret-key");
    assert!(up.get("/variable?name=plain").body.starts_with("Error::Undefined"));
    assert!(up.get("/variable?name=No-Name").body.starts_with("Error::InvalidName"));
    assert_eq!(up.get("/environment").body, "good day");
    assert_eq!(up.get("/print").body, "printed");
    up.log("component=alpha stdout=\"a line on standard output\"");
    let log = up.log("component=alpha stderr=\"a line on standard error\"");
    assert!(!log.contains("the-secret-key"));
    up.signal("-TERM");
    up.wait();
}
