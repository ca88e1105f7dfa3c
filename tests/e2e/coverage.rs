//! What holds for every operation of every function, taken from the manifest and the OpenAPI documents.

use serde_json::Value;

use crate::server::{Server, workspace};

/// The functions: components whose route is `/api/v1/<name>/...`.
fn functions() -> Vec<String> {
    let manifest = std::fs::read_to_string(workspace().join("spin.toml")).unwrap();
    let routes =
        manifest.lines().filter_map(|line| line.strip_prefix("route = \"/api/v1/")?.strip_suffix("/...\""));
    let functions: Vec<_> = routes.map(str::to_owned).collect();
    assert!(!functions.is_empty());
    functions
}

fn document(function: &str) -> Value {
    let file = workspace().join(format!("tests/openapi/{function}.json"));
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// Every operation: method, path with made-up parameters, and its description.
fn operations(function: &str) -> Vec<(&'static str, String, Value)> {
    let document = document(function);
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path
            .replace("{id}", "nowhere")
            .replace("{date}", "2026-12-01")
            .replace("{reference}", "M000000000000")
            .replace("{hold}", "nothing")
            .replace("{offer}", "nothing")
            .replace("{room_type}", "single")
            .replace("{number}", "R000000000000")
            .replace("{volunteer_no}", "V000000000000")
            .replace("{entry}", "E000000000000")
            .replace("{code}", "K000000000000");
        assert!(!path.contains('{'), "{path}: a parameter without a made-up value");
        for method in ["GET", "PUT", "POST", "PATCH", "DELETE"] {
            if let Some(operation) = item.get(method.to_lowercase()) {
                all.push((method, format!("/api/v1/{function}{path}"), operation.clone()));
            }
        }
    }
    assert!(!all.is_empty());
    all
}

#[test]
fn every_function_serves_its_committed_document_and_is_healthy() {
    let server = Server::shared();
    for function in functions() {
        let served = server.get(&format!("/api/v1/{function}/openapi.json")).send().expect(200);
        assert_eq!(served, document(&function), "{function}");
        let health = server.get(&format!("/api/v1/{function}/health")).send();
        assert_eq!(health.expect(200)["status"], "ok");
    }
}

#[test]
fn every_documented_operation_is_routed_and_answers_problems_only() {
    let server = Server::shared();
    for (method, path, _) in functions().iter().flat_map(|function| operations(function)) {
        let answer = server.call(method, &path).send();
        assert_ne!(answer.status, 405, "{method} {path}");
        assert!(answer.status < 500, "{method} {path}: {answer:?}");
        if answer.status >= 400 {
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{method} {path}");
        }
    }
}

#[test]
fn every_staff_operation_is_refused_without_a_token_and_with_a_forged_one() {
    let server = Server::shared();
    let mut checked = 0;
    for (method, path, operation) in functions().iter().flat_map(|function| operations(function)) {
        let security = operation["security"].as_array().cloned().unwrap_or_default();
        // Some are open to everybody too: staff see more.
        let is_open = security.contains(&serde_json::json!({}));
        if is_open || !security.iter().any(|scheme| scheme.get("staff").is_some()) {
            continue;
        }
        checked += 1;
        let body = serde_json::json!({});
        for token in [None, Some("a.b.c"), Some("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.")] {
            let call = server.call(method, &path);
            let call = if matches!(method, "PUT" | "POST" | "PATCH") { call.json(&body) } else { call };
            let call = if let Some(token) = token { call.bearer(token) } else { call };
            call.send().refused(401, "unauthenticated");
        }
    }
    assert!(checked >= 25, "{checked}");
}

#[test]
fn what_does_not_exist_is_a_problem_and_a_wrong_method_names_the_right_ones() {
    let server = Server::shared();
    server.get("/api/v1/marriage/nothing").send().refused(404, "not_found");
    server.get("/api/v1/nothing").send().refused(404, "not_found");
    let answer = server.call("DELETE", "/api/v1/marriage/offices").send();
    answer.refused(405, "method_not_allowed");
    assert!(answer.header("allow").is_some_and(|allow| allow.contains("GET")), "{answer:?}");
}
