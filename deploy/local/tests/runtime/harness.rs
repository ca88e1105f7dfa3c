//! Starts the real program in a fresh folder.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::{Answer, send};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_minzheng");

/// The test component, built once.
pub(crate) fn guest() -> &'static Path {
    static GUEST: OnceLock<PathBuf> = OnceLock::new();
    GUEST.get_or_init(|| {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folder = workspace.join("deploy/local/tests/guest");
        let status = Command::new(PROGRAM)
            .args(["build", "--manifest"])
            .arg(folder.join("spin.toml"))
            .status()
            .unwrap();
        assert!(status.success(), "the test component can't be built");
        let built = workspace.join("target/wasm32-wasip2/component/minzheng_guest.wasm");
        built.canonicalize().unwrap()
    })
}

/// Compiled once for all tests: each has a folder of its own, but this one in common.
fn compiled() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runtime");
    std::fs::create_dir_all(&folder).unwrap();
    static WARM: OnceLock<()> = OnceLock::new();
    WARM.get_or_init(|| {
        drop(App::prepared(&folder).run(&[]));
    });
    folder
}

/// A folder with an application in it: `alpha` with a database and a store, `beta` with nothing.
pub(crate) struct App {
    pub(crate) folder: TempDir,
}

pub(crate) const MANIFEST: &str = r#"spin_manifest_version = 2
[application]
name = "test"
[variables]
plain = { default = "a default" }
key = { required = true, secret = true }
[[trigger.http]]
route = "/..."
component = "alpha"
[[trigger.http]]
route = "/exact"
component = "beta"
[[trigger.http]]
route = "/items/:item/parts/:part"
component = "beta"
[[trigger.http]]
route = "/beta/..."
component = "beta"
[component.alpha]
source = "alpha.wasm"
sqlite_databases = ["main", "other"]
key_value_stores = ["main"]
allowed_outbound_hosts = ["http://beta.spin.internal", "http://127.0.0.1:*"]
[component.alpha.variables]
text = "<{{ plain }}>"
key = "{{ key }}"
[component.alpha.environment]
GREETING = "good day"
[component.beta]
source = "beta.wasm"
allowed_outbound_hosts = ["http://*.spin.internal"]
"#;

const CONFIG: &str = r#"[sqlite_database.main]
type = "spin"
path = ".spin/main.db"
[sqlite_database.other]
type = "spin"
path = ".spin/other.db"
[sqlite_database.secret]
type = "spin"
path = ".spin/secret.db"
[key_value_store.main]
type = "spin"
path = ".spin/main-kv.db"
"#;

impl App {
    pub(crate) fn new() -> Self {
        Self::prepared(&compiled())
    }

    /// An application that shares nothing with others.
    pub(crate) fn alone() -> Self {
        let app = Self::prepared(Path::new("unused"));
        std::fs::remove_file(app.folder.path().join("target")).unwrap();
        app
    }

    fn prepared(compiled: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("spin.toml"), MANIFEST).unwrap();
        std::fs::write(at("config.toml"), CONFIG).unwrap();
        std::fs::copy(guest(), at("alpha.wasm")).unwrap();
        std::fs::copy(guest(), at("beta.wasm")).unwrap();
        std::os::unix::fs::symlink(compiled, at("target")).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.folder.path()).args(arguments).env("SPIN_VARIABLE_KEY", "the-secret-key");
        command
    }

    /// Starts it and waits until it listens.
    pub(crate) fn run(&self, arguments: &[&str]) -> Running {
        let mut all = vec!["up", "--no-build", "--no-sample", "--listen", "127.0.0.1:0"];
        all.extend(["--runtime-config", "config.toml"]);
        all.extend(arguments);
        let began = Instant::now();
        let mut child = self.command(&all).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = std::sync::Arc::new(Mutex::new(String::new()));
        let (stderr, lines) = (child.stderr.take().unwrap(), log.clone());
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                lines.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let Some(url) = line.trim().strip_prefix("listening on http://") else {
            std::thread::sleep(Duration::from_millis(100));
            panic!("it didn't start: {line}{}", log.lock().unwrap());
        };
        let address = url.parse().unwrap();
        // Keeps the pipe open for what else it prints.
        std::thread::spawn(move || for _ in stdout.lines().map_while(Result::ok) {});
        Running { child, address, log, started_in: began.elapsed() }
    }
}

/// A running application; ended when dropped.
pub(crate) struct Running {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
    log: std::sync::Arc<Mutex<String>>,
    pub(crate) started_in: Duration,
}

impl Running {
    pub(crate) fn get(&self, path: &str) -> Answer {
        send(self.address, "GET", path, &[], "")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        let answer =
            send(self.address, "POST", path, &[("content-type", "application/json")], &body.to_string());
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// Runs statements on one connection.
    pub(crate) fn sql(&self, statements: &[(&str, Value)]) -> Value {
        self.post("/sql", &json!({ "statements": statements }))
    }

    /// The log so far, once it contains `wanted`.
    pub(crate) fn log(&self, wanted: &str) -> String {
        let until = Instant::now() + Duration::from_secs(15);
        loop {
            let log = self.log.lock().unwrap().clone();
            if log.contains(wanted) {
                return log;
            }
            assert!(Instant::now() < until, "no `{wanted}` in the log:\n{log}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        let until = Instant::now() + Duration::from_secs(20);
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("it doesn't end");
    }

    /// Resident memory in bytes.
    pub(crate) fn memory(&self) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = text.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
