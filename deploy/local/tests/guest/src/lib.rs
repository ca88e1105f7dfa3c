//! A component that does what a test asks it to do.
#![cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only a component has a door"))]

mod data;
mod faults;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, Request};
use axum::routing::{any, get, post};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use spin_sdk::http::IntoResponse;
use tower_service::Service as _;

/// Replaced in the compiled component by the tests of reloading.
const VERSION: &str = "guest-version-1";

#[cfg_attr(target_arch = "wasm32", spin_sdk::http_service)]
async fn serve(request: spin_sdk::http::Request) -> impl IntoResponse {
    static ROUTER: OnceLock<Router> = OnceLock::new();
    let router = ROUTER.get_or_init(|| {
        Router::new()
            .route("/echo", any(echo))
            .route("/body", post(body))
            .route("/instance", get(instance))
            .route("/variable", get(variable))
            .route("/environment", get(async || std::env::var("GREETING").unwrap_or_default()))
            .route("/api/v1/{function}/openapi.json", get(document))
            .route("/print", get(print))
            .route("/call", any(call))
            .route("/sql", post(data::sql))
            .route("/sql/waiting", post(data::sql_waiting))
            .route("/sql/count", post(data::sql_count))
            .route("/sql/unread", post(data::sql_unread))
            .route("/key-value", post(data::key_value))
            .route("/panic", get(faults::panic))
            .route("/loop", get(faults::endless))
            .route("/eat", get(faults::eat))
            .route("/sleep", get(faults::sleep))
            .route("/trickle", get(faults::trickle))
            .fallback(echo)
    });
    router.clone().call(request).await
}

async fn echo(request: Request) -> axum::Json<Value> {
    let headers: serde_json::Map<_, _> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()))
        .collect();
    axum::Json(json!({
        "version": VERSION,
        "method": request.method().as_str(),
        "uri": request.uri().to_string(),
        "headers": headers,
    }))
}

async fn body(body: axum::body::Body) -> (StatusCode, String) {
    match axum::body::to_bytes(body, usize::MAX).await {
        Ok(bytes) => (StatusCode::OK, bytes.len().to_string()),
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()),
    }
}

/// Which instance this is (by when it began), and how many requests it had.
async fn instance() -> axum::Json<Value> {
    static BORN: OnceLock<u128> = OnceLock::new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let born = BORN.get_or_init(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.map(|time| time.as_nanos()).unwrap_or_default()
    });
    axum::Json(json!({ "born": born.to_string(), "count": COUNT.fetch_add(1, Relaxed) + 1 }))
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

async fn variable(Query(Name { name }): Query<Name>) -> String {
    match spin_sdk::variables::get(&name).await {
        Ok(value) => value,
        Err(error) => format!("{error:?}"),
    }
}

async fn print() -> &'static str {
    println!("a line on standard output");
    eprintln!("a line on standard error");
    "printed"
}

async fn document() -> axum::Json<Value> {
    axum::Json(json!({ "openapi": "3.1.0", "info": { "version": VERSION, "title": "a guest" }, "paths": {} }))
}

#[derive(Deserialize)]
struct Url {
    url: String,
}

async fn call(Query(Url { url }): Query<Url>, body: Bytes) -> (StatusCode, String) {
    use http_body_util::BodyExt as _;
    let response = if body.is_empty() {
        spin_sdk::http::get(&url).await
    } else {
        spin_sdk::http::post(&url, body).await
    };
    match response {
        Ok(response) => {
            let status = response.status();
            match response.into_body().collect().await {
                Ok(body) => (status, String::from_utf8_lossy(&body.to_bytes()).into_owned()),
                Err(error) => (StatusCode::BAD_GATEWAY, format!("{error:?}")),
            }
        }
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{error:?}")),
    }
}
