//! What a manifest and a runtime config say, and what they are told when they are wrong.

use std::path::Path;

use super::*;

const GOOD: &str = r#"
spin_manifest_version = 2
[application]
name = "app"
version = "0.1.0"
description = "d"
authors = ["a"]
[variables]
plain = { default = "" }
key = { required = true, secret = true }
[[trigger.http]]
route = "/api/v1/one/..."
component = "one"
[[trigger.http]]
route = { private = true }
component = "two"
[component.one]
description = "d"
source = "one.wasm"
sqlite_databases = ["one"]
key_value_stores = ["one"]
allowed_outbound_hosts = ["http://two.spin.internal", "https://*.example.org:8443"]
environment = { A = "1" }
[component.one.variables]
both = "<{{ plain }}|{{key}}>"
[component.one.build]
command = ["make a", "make b"]
workdir = "one"
watch = ["src/**/*.rs"]
[component.two]
source = "two.wasm"
"#;

fn read(text: &str) -> Result<Manifest, String> {
    parse::manifest(Path::new("spin.toml"), text).map_err(|faults| faults.to_string())
}

/// The faults of `GOOD` with one piece replaced.
fn faults(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    read(&GOOD.replacen(from, to, 1)).unwrap_err()
}

#[test]
fn a_manifest_is_read() {
    let manifest = read(GOOD).unwrap();
    assert_eq!(manifest.functions(), [("one", "one")]);
    assert_eq!(manifest.routes[1].pattern, None);
    let one = &manifest.components["one"];
    let values = BTreeMap::from([("plain".to_owned(), "p".to_owned()), ("key".to_owned(), "k".to_owned())]);
    assert_eq!(one.variables["both"].fill(&values), "<p|k>");
    assert_eq!(one.build.as_ref().unwrap().commands, ["make a", "make b"]);
    assert!(one.allowed_outbound_hosts[0].allows("http", "two.spin.internal", None));
    assert!(one.allowed_outbound_hosts[1].allows("https", "a.b.example.org", Some(8443)));
    assert!(!one.allowed_outbound_hosts[1].allows("https", "example.org", Some(8443)));
    assert!(!one.allowed_outbound_hosts[1].allows("https", "a.example.org", None));
}

#[test]
fn every_fault_names_its_place() {
    for (from, to, expected) in [
        (
            "spin_manifest_version = 2",
            "spin_manifest_version = 1",
            "spin.toml:2:25: `spin_manifest_version` must be 2",
        ),
        (
            "source = \"one.wasm\"",
            "sauce = \"one.wasm\"",
            "spin.toml:17:12: `component.one.source` is missing\n\
             spin.toml:19:1: unknown key `component.one.sauce`; known here: `allowed_outbound_hosts`, `build`, \
             `description`, `environment`, `key_value_stores`, `source`, `sqlite_databases`, `tool`, `variables`",
        ),
        (
            "source = \"two.wasm\"",
            "source = \"two.wasm\"\nfiles = [\"a\"]",
            "spin.toml:32:1: `component.two.files` is a feature of Spin that the local runtime doesn't have",
        ),
        ("component = \"two\"", "component = \"three\"", "spin.toml:16:13: no component `three`"),
        ("{{ plain }}", "{{ plane }}", "spin.toml:25:8: `component.one.variables.both`: no variable `plane`"),
        ("{{key}}", "{{key", "spin.toml:25:8: `{{` without `}}`"),
        (
            "required = true, secret",
            "secret",
            "spin.toml:10:1: variable `key` needs either `default` or `required = true`",
        ),
        (
            "\"http://two.spin.internal\"",
            "\"http://three.spin.internal\"",
            "spin.toml:22:27: no component `three` to call",
        ),
        (
            "sqlite_databases = [\"one\"]",
            "sqlite_databases = \"one\"",
            "spin.toml:20:20: `component.one.sqlite_databases` must be an array of strings, not string",
        ),
        (
            "route = { private = true }",
            "route = \"/api/v1/one/...\"",
            "spin.toml:15:9: route `/api/v1/one/...` already belongs to `one`",
        ),
        (
            "key = {",
            "Key = {",
            "spin.toml:10:1: `Key` is no name of a variable: lower-case words joined by `_`\n\
             spin.toml:25:8: `component.one.variables.both`: no variable `key`",
        ),
        (
            "name = \"app\"",
            "name = app",
            "spin.toml:4:8: string values must be quoted, expected literal string",
        ),
    ] {
        assert_eq!(faults(from, to), expected);
    }
}

#[test]
fn all_faults_are_told_at_once_and_in_order() {
    let told =
        read("spin_manifest_version = 2\n[application]\nnam = 1\n[component.a]\nsource = 1\n").unwrap_err();
    let lines: Vec<_> = told.lines().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(lines, ["spin.toml:1:1", "spin.toml:2:1", "spin.toml:3:1", "spin.toml:5:10"], "{told}");
}

fn config(text: &str) -> Result<RuntimeConfig, String> {
    let places =
        Places { working: Path::new("/cwd"), application: Path::new("/app"), state: Path::new("/state") };
    runtime_config::parse(Path::new("local.toml"), text, &places).map_err(|faults| faults.to_string())
}

#[test]
fn a_runtime_config_places_stores_as_spin_does() {
    let text = r#"
[sqlite_database.a]
type = "spin"
path = ".spin/a.db"
[sqlite_database.b]
type = "spin"
path = "data/b.db"
[sqlite_database.c]
type = "spin"
path = "/abs/c.db"
[key_value_store.a]
type = "spin"
path = ".spin/a-kv.db"
[key_value_store.b]
type = "spin"
path = "data/b-kv.db"
"#;
    let config = config(text).unwrap();
    let path = |file: &StoreFile| file.0.to_str().unwrap().to_owned();
    assert_eq!(path(&config.sqlite_databases["a"]), "/state/a.db");
    assert_eq!(path(&config.sqlite_databases["b"]), "/cwd/data/b.db");
    assert_eq!(path(&config.sqlite_databases["c"]), "/abs/c.db");
    assert_eq!(path(&config.key_value_stores["a"]), "/state/a-kv.db");
    assert_eq!(path(&config.key_value_stores["b"]), "/app/data/b-kv.db");
}

#[test]
fn what_a_runtime_config_gets_wrong_is_told_with_its_place() {
    for (text, expected) in [
        (
            "[sqlite_database.a]\ntype = \"libsql\"\nurl = \"x\"",
            "local.toml:2:8: `sqlite_database.a.type`: the local runtime keeps stores in files (`type = \"spin\"`); \
             run `libsql` under Spin",
        ),
        (
            "[key_value_store.a]\ntype = \"redis\"\nurl = \"x\"",
            "local.toml:2:8: `key_value_store.a.type`: the local runtime keeps stores in files (`type = \"spin\"`); \
             run `redis` under Spin",
        ),
        (
            "[key_value_store.a]\ntype = \"spun\"",
            "local.toml:2:8: `key_value_store.a.type`: no such type `spun`; the local runtime knows \"spin\"",
        ),
        ("[sqlite_database.a]\ntype = \"spin\"", "local.toml:1:18: `sqlite_database.a.path` is missing"),
        (
            "[sqlite_databases.a]\ntype = \"spin\"",
            "local.toml:1:2: unknown key `sqlite_databases`; known here: `key_value_store`, `sqlite_database`",
        ),
        (
            "[llm_compute]\ntype = \"spin\"",
            "local.toml:1:2: `llm_compute` is a feature of Spin that the local runtime doesn't have",
        ),
        (
            "[sqlite_database.a]\ntype = \"spin\"\npath = \"x\"\nmode = 1",
            "local.toml:4:1: unknown key `sqlite_database.a.mode`; known here: `path`, `type`",
        ),
    ] {
        assert_eq!(config(text).unwrap_err(), expected);
    }
}

#[test]
fn hosts_that_spin_would_not_take_are_faults() {
    for entry in ["example.org", "http://a/b", "http://a*.org", "ftp://a", "http://a:x", "http://self"] {
        assert!(AllowedHost::parse(entry).is_err(), "{entry}");
    }
    for entry in ["*://*:*", "http://*.spin.internal", "https://a:1..9", "redis://a:6379"] {
        assert!(AllowedHost::parse(entry).is_ok(), "{entry}");
    }
}
