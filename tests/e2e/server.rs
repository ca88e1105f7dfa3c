//! The application under test: the one of `MINZHENG_URL`, or one process of our own with a fresh state folder.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

use tempfile::TempDir;

use crate::client::Call;

const PROGRAM: &str = env!("CARGO_BIN_EXE_minzheng-under-test");

/// A running application.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) state: PathBuf,
    process: Option<Child>,
    /// Ends the process when this one ends: nobody drops what is shared.
    guard: Option<Child>,
    _folder: Option<TempDir>,
}

impl Server {
    /// The server that the tests share.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(|| match std::env::var("MINZHENG_URL") {
            Ok(url) => Self {
                url: url.trim_end_matches('/').to_owned(),
                state: std::env::var("MINZHENG_STATE_DIR").unwrap_or_else(|_| ".spin".to_owned()).into(),
                process: None,
                guard: None,
                _folder: None,
            },
            Err(_) => Self::start(),
        })
    }

    /// A server of the caller's own, with a fresh state folder.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let mut server = Self::start_in(&state);
        server._folder = Some(folder);
        server
    }

    /// A server of the caller's own, with this state folder.
    pub(crate) fn start_in(state: &Path) -> Self {
        build();
        let mut process = Command::new(PROGRAM)
            .args(["up", "--no-build", "--no-sample", "--quiet", "--listen", "127.0.0.1:0", "--manifest"])
            .arg(workspace().join("spin.toml"))
            .arg("--state-dir")
            .arg(state)
            .current_dir(workspace())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut url = None;
        let mut lines = lines.map_while(Result::ok);
        for line in lines.by_ref() {
            if let Some(address) = line.strip_prefix("listening on ") {
                url = Some(address.to_owned());
                break;
            }
        }
        // Whatever else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let url = url.expect("the runtime did not start");
        // Its input ends with this process.
        let guard = Command::new("sh")
            .args(["-c", "read _; kill -9 $0", &process.id().to_string()])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        Self { url, state: state.to_owned(), process: Some(process), guard: Some(guard), _folder: None }
    }

    /// SIGKILL.
    pub(crate) fn kill(self) {
        drop(self);
    }

    pub(crate) fn call(&self, method: &'static str, path: &str) -> Call {
        Call::new(method, format!("{}{path}", self.url))
    }

    pub(crate) fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    pub(crate) fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    /// A staff token from the server's own development key.
    pub(crate) fn staff(&self, roles: &str, area: &str) -> String {
        self.token(&["--role", roles, "--area", area])
    }

    /// The same, for somebody who works for one institution.
    pub(crate) fn staff_of(&self, institution: &str, roles: &str, area: &str) -> String {
        self.token(&["--role", roles, "--area", area, "--institution", institution])
    }

    fn token(&self, claims: &[&str]) -> String {
        let output = Command::new(PROGRAM)
            .arg("token")
            .args(claims)
            .arg("--state-dir")
            .arg(&self.state)
            .current_dir(workspace())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Looks into every file of the state folder: none may hold any of the secrets.
    #[track_caller]
    pub(crate) fn holds_nowhere(&self, secrets: &[&str]) {
        let mut files = 0;
        for entry in std::fs::read_dir(&self.state).unwrap().flatten().filter(|entry| entry.path().is_file())
        {
            files += 1;
            let bytes = std::fs::read(entry.path()).unwrap();
            for secret in secrets {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{secret} in {:?}", entry.path());
            }
        }
        assert!(files >= 2);
    }

    /// A function's database, to look at.
    pub(crate) fn database(&self, function: &str) -> rusqlite::Connection {
        let file = self.state.join(format!("{function}.db"));
        rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
    }

    /// Changes rows of a function's database behind its back, as only time would; how many.
    #[track_caller]
    pub(crate) fn change(&self, function: &str, sql: &str) -> usize {
        let file = self.state.join(format!("{function}.db"));
        let database =
            rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
        database.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
        database.execute(sql, []).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The guard first, so that it never ends another process of the same number.
        for mut process in self.guard.take().into_iter().chain(self.process.take()) {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Builds the components once for all tests.
fn build() {
    static BUILT: OnceLock<()> = OnceLock::new();
    BUILT.get_or_init(|| {
        let manifest = workspace().join("spin.toml");
        let status = Command::new(PROGRAM)
            .arg("build")
            .arg("--manifest")
            .arg(manifest)
            .current_dir(workspace())
            .status();
        assert!(status.unwrap().success(), "the components can't be built");
    });
}
