//! The commands beside `up`, and what they say when something is wrong.

use std::process::Output;

use serde_json::Value;

use crate::harness::{App, MANIFEST};

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn fails(app: &App, arguments: &[&str]) -> String {
    let output: Output = app.command(arguments).output().unwrap();
    assert!(!output.status.success(), "{output:?}");
    assert_eq!(text(&output.stdout), "");
    text(&output.stderr)
}

const UP: [&str; 7] =
    ["up", "--no-build", "--no-sample", "--listen", "127.0.0.1:0", "--runtime-config", "config.toml"];

#[test]
fn a_faulty_manifest_is_told_with_file_line_and_label() {
    let app = App::new();
    let manifest = MANIFEST
        .replace("component = \"beta\"", "component = \"gamma\"")
        .replace("key_value_stores = [\"main\"]", "key_value_stores = [\"main\"]\nai_models = [\"x\"]");
    std::fs::write(app.path("spin.toml"), manifest).unwrap();
    let told = fails(&app, &UP);
    assert!(told.contains("spin.toml:12:13: no component `gamma`"), "{told}");
    assert!(told.contains("spin.toml:23:1: `component.alpha.ai_models` is a feature of Spin"), "{told}");
}

#[test]
fn a_label_without_a_place_is_told() {
    let app = App::new();
    std::fs::write(
        app.path("config.toml"),
        "[sqlite_database.main]\ntype = \"spin\"\npath = \".spin/a.db\"\n",
    )
    .unwrap();
    let told = fails(&app, &UP);
    assert!(
        told.contains(
            "spin.toml:21:29: component `alpha` is granted `other`, but the runtime config has no `[sqlite_database.other]`"
        ),
        "{told}"
    );
    assert!(told.contains("spin.toml:22:21: component `alpha` is granted `main`"), "{told}");
}

#[test]
fn a_missing_variable_is_named_and_a_missing_component_file_too() {
    let app = App::new();
    let output = app.command(&UP).env_remove("SPIN_VARIABLE_KEY").output().unwrap();
    let told = text(&output.stderr);
    assert!(told.contains("required variables have no value: `key` (set SPIN_VARIABLE_KEY)"), "{told}");
    std::fs::remove_file(app.path("beta.wasm")).unwrap();
    let told = fails(&app, &UP);
    assert!(told.contains("component `beta`: can't read the component"), "{told}");
    assert!(told.contains("beta.wasm; was it built? (`minzheng build`)"), "{told}");
}

#[test]
fn a_component_with_a_strange_import_is_told_at_the_start() {
    let app = App::new();
    // The same length, so that the file stays whole.
    let mut wasm = std::fs::read(app.path("alpha.wasm")).unwrap();
    let (from, to) = (b"spin:variables/variables@3.0.0", b"spin:variablez/variables@3.0.0");
    while let Some(at) = wasm.windows(from.len()).position(|bytes| bytes == from) {
        wasm[at..at + to.len()].copy_from_slice(to);
    }
    std::fs::write(app.path("alpha.wasm"), wasm).unwrap();
    let told = fails(&app, &UP);
    assert!(told.contains("component `alpha` ("), "{told}");
    assert!(told.contains("imports what the local runtime doesn't have"), "{told}");
    assert!(told.contains("spin:variablez/variables@3.0.0"), "{told}");
}

#[test]
fn a_taken_port_is_told() {
    let app = App::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let told = fails(&app, &["up", "--no-build", "--listen", &address, "--runtime-config", "config.toml"]);
    assert!(told.contains(&format!("can't listen on {address}")), "{told}");
}

#[test]
fn keys_are_printed_for_a_shell_and_stay_the_same() {
    let app = App::new();
    let script = format!("set -a; eval \"$({} keys)\"; set +a; env", crate::harness::PROGRAM);
    let run = || {
        let output =
            std::process::Command::new("sh").args(["-c", &script]).current_dir(app.folder.path()).output();
        let mut lines: Vec<String> = text(&output.unwrap().stdout)
            .lines()
            .filter(|line| line.starts_with("SPIN_VARIABLE_"))
            .map(str::to_owned)
            .collect();
        lines.sort();
        lines
    };
    let lines = run();
    assert_eq!(lines.len(), 4);
    let value = |index: usize| lines[index].split_once('=').unwrap().1;
    assert!(lines[0].starts_with("SPIN_VARIABLE_CERTIFICATE_KEYS=") && value(0).len() == 43);
    assert!(lines[1].starts_with("SPIN_VARIABLE_INDEX_KEY=") && value(1) != value(0));
    assert!(value(2).starts_with("k1:"));
    let jwks: Value = serde_json::from_str(value(3)).unwrap();
    assert_eq!(jwks["keys"][0]["crv"], "Ed25519");
    assert_eq!(run(), lines);
}

#[test]
fn a_token_is_printed_and_nothing_else() {
    use base64::Engine as _;
    let app = App::new();
    let arguments =
        ["token", "--role", "registrar,auditor", "--area", "310101", "--institution", "i1", "--hours", "2"];
    let output = app.command(&arguments).output().unwrap();
    let token = text(&output.stdout);
    assert_eq!(token.lines().count(), 1);
    let claims = token.trim().split('.').nth(1).unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["roles"], serde_json::json!(["registrar", "auditor"]));
    assert_eq!((&claims["iss"], &claims["aud"]), (&"minzheng-local".into(), &"minzheng".into()));
    assert_eq!((&claims["area"], &claims["institution"]), (&"310101".into(), &"i1".into()));
    let (from, until) = (claims["iat"].as_u64().unwrap(), claims["exp"].as_u64().unwrap());
    assert_eq!(until - from, 7200);
    let told = fails(&app, &["token", "--role", "registrar", "--area", "huangpu"]);
    assert!(told.contains("a division code has 6, 9 or 12 digits"), "{told}");
}

#[test]
fn documents_are_written_once_and_checked_after() {
    let app = App::new();
    let manifest = MANIFEST.replace("route = \"/exact\"", "route = \"/api/v1/beta/...\"");
    std::fs::write(app.path("spin.toml"), manifest).unwrap();
    let run = |more: &[&str]| {
        app.command(&["openapi", "--runtime-config", "config.toml"]).args(more).output().unwrap()
    };
    assert!(!run(&["--check"]).status.success(), "nothing is written yet");
    let written = run(&[]);
    assert!(written.status.success(), "{written:?}");
    assert_eq!(text(&written.stdout), "tests/openapi/beta.json\n");
    let document = std::fs::read_to_string(app.path("tests/openapi/beta.json")).unwrap();
    assert!(document.starts_with("{\n  \"info\": {\n    \"title\": \"a guest\","), "{document}");
    assert!(run(&["--check"]).status.success());
    std::fs::write(app.path("tests/openapi/beta.json"), document.replace("a guest", "another")).unwrap();
    let told = text(&run(&["--check"]).stderr);
    assert!(told.contains("out of date: tests/openapi/beta.json"), "{told}");
    let up = app.run(&[]);
    assert!(run(&["--url", &format!("http://{}", up.address)]).status.success());
    assert!(run(&["--check"]).status.success());
}

#[test]
fn build_commands_run_where_the_manifest_says_and_a_failure_is_told() {
    let app = App::new();
    let build = |name: &str, command: &str| {
        format!("[component.{name}.build]\nworkdir = \"sub\"\ncommand = \"{command}\"\n")
    };
    let with = |first: &str, second: &str| {
        let manifest = format!("{MANIFEST}{}{}", build("alpha", first), build("beta", second));
        std::fs::write(app.path("spin.toml"), manifest).unwrap();
    };
    std::fs::create_dir(app.path("sub")).unwrap();
    with("echo once >> built && env > environment", "echo once >> built && env > environment");
    let mut command = app.command(&["build"]);
    command.env("RUSTFLAGS", "--nonsense").env("CARGO_PKG_NAME", "outer").env("CARGO_HOME_KEPT", "1");
    assert!(command.status().unwrap().success());
    assert_eq!(std::fs::read_to_string(app.path("sub/built")).unwrap(), "once\n");
    let environment = std::fs::read_to_string(app.path("sub/environment")).unwrap();
    assert!(!environment.contains("RUSTFLAGS") && !environment.contains("CARGO_PKG_NAME"), "{environment}");
    assert!(environment.contains("CARGO_HOME_KEPT=1"));
    with("true", "exit 3");
    assert!(fails(&app, &["build"]).contains("`exit 3` failed (exit status: 3)"));
}

#[test]
fn every_command_has_help() {
    let app = App::new();
    for command in ["up", "build", "seed", "sample-points", "sample-institutions", "token", "keys", "openapi"]
    {
        let output = app.command(&[command, "--help"]).output().unwrap();
        assert!(output.status.success());
        assert!(text(&output.stdout).contains("Usage: minzheng"), "{command}");
    }
    let up = text(&app.command(&["up", "--help"]).output().unwrap().stdout);
    assert!(up.contains("what a leading `.spin` in the runtime config stands for"), "{up}");
}

#[test]
fn the_state_folder_moves_everything() {
    let app = App::new();
    let up = app.run(&["--state-dir", "elsewhere"]);
    up.sql(&[("CREATE TABLE t (id)", serde_json::json!([]))]);
    up.post("/key-value", &serde_json::json!({ "steps": [{ "set": ["a", "b"] }] }));
    assert!(app.path("elsewhere/main.db").exists());
    assert!(app.path("elsewhere/main-kv.db").exists());
    assert!(!app.path(".spin").exists());
}
