//! The command line.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};

use crate::keys::Keys;
use crate::limits::Limits;
use crate::places::Where;
use crate::token::Claims;
use crate::{builder, openapi, seed, token, up};

/// 民政公共服务 · Civil-affairs services on this machine.
#[derive(Debug, Parser)]
#[command(name = "minzheng", version, about)]
struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// 构建并启动 · Build the components and run them; sample data goes into an empty state
    Up(Up),
    /// 构建组件 · Build the components as the manifest says
    Build(Build),
    /// 示例数据 · Load the sample data into a running application
    Seed(Seed),
    /// 样例接收点 · Write made-up donation points as CSV files, for measuring and trying out
    ///
    /// 全部为虚构数据，不可当作真实信息公布 · All of it is made up, and every row says so: nothing to show to citizens as
    /// real. The points are distributed over the districts as residents are; the days on which states of items end count
    /// from today. A file has at most 20,000 rows, as many as POST /api/v1/donation/points/import takes; a file that is
    /// there already is left alone.
    SamplePoints(Sample),
    /// 样例养老机构 · Write made-up care homes as CSV files, for measuring and trying out
    ///
    /// 全部为虚构数据，不可当作真实信息公布 · All of it is made up, and every row says so: nothing to show to citizens as
    /// real. The homes are distributed over the districts as residents are. A file has at most 20,000 rows, as many as
    /// POST /api/v1/beds/institutions/import takes; a file that is there already is left alone.
    SampleInstitutions(Sample),
    /// 开发令牌 · Print a staff token for development, signed with the local key
    Token(Token),
    /// 本地密钥 · Make the local keys once, and print them as variables for `spin up`
    ///
    /// For a shell: set -a; eval "$(minzheng keys)"; set +a
    Keys(StateDir),
    /// 接口文档 · Write the functions' OpenAPI documents, or check that they are current
    Openapi(Openapi),
}

#[derive(Debug, Args)]
struct Up {
    #[command(flatten)]
    place: Where,
    /// The address to listen at; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, 3000)))]
    listen: SocketAddr,
    /// Don't load sample data
    #[arg(long)]
    no_sample: bool,
    /// Run the components as they are
    #[arg(long)]
    no_build: bool,
    /// Build again when sources change
    #[arg(long)]
    watch: bool,
    /// Don't log requests or what components print
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    limits: LimitArgs,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
struct LimitArgs {
    /// Memory of one instance, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 128, value_parser = clap::value_parser!(u16).range(1..=4096))]
    max_memory: u16,
    /// Time for one request, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    request_timeout: Duration,
    /// Requests worked on at once
    #[arg(long, value_name = "COUNT", default_value_t = 128, value_parser = clap::value_parser!(u16).range(1..=512))]
    max_requests: u16,
    /// Open connections
    #[arg(long, value_name = "COUNT", default_value_t = 1024, value_parser = clap::value_parser!(u16).range(1..))]
    max_connections: u16,
}

#[derive(Debug, Args)]
struct Build {
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, Args)]
struct StateDir {
    /// The folder that holds the keys
    #[arg(long, value_name = "FOLDER", default_value = ".spin")]
    state_dir: PathBuf,
}

#[derive(Debug, Args)]
struct Seed {
    /// The running application
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3000")]
    url: String,
    /// A staff token with the role admin [default: one made with the local key]
    #[arg(long)]
    token: Option<String>,
    #[command(flatten)]
    state: StateDir,
}

#[derive(Debug, Args)]
struct Sample {
    /// How many in all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    count: u32,
    /// The same seed gives the same records
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Where the files go
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

#[derive(Debug, Args)]
struct Token {
    #[command(flatten)]
    claims: Claims,
    #[command(flatten)]
    state: StateDir,
}

#[derive(Debug, Args)]
struct Openapi {
    #[command(flatten)]
    place: Where,
    /// A running application [default: the sources, or an application that is started for this]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Compare with the files instead of writing them
    #[arg(long)]
    check: bool,
    /// The folder of the documents [default: tests/openapi beside the manifest]
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// Runs the command line.
#[must_use]
pub fn main() -> ExitCode {
    let command = Command::parse();
    let runtime =
        match tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(64).build() {
            Ok(runtime) => runtime,
            Err(error) => {
                eprintln!("error: can't start: {error}");
                return ExitCode::FAILURE;
            }
        };
    let result = runtime.block_on(run(command.action));
    runtime.shutdown_background();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(action: Action) -> anyhow::Result<()> {
    match action {
        Action::Up(up) => up::run(up.into()).await,
        Action::Build(build) => {
            let manifest = build.place.manifest()?;
            tokio::task::spawn_blocking(move || builder::build(&manifest, None)).await?
        }
        Action::Seed(seed) => load_sample(seed).await,
        Action::SamplePoints(sample) => sample.write(seed::write_donation_sample),
        Action::SampleInstitutions(sample) => sample.write(seed::write_beds_sample),
        Action::Token(token) => {
            println!("{}", token::issue(&Keys::open(&token.state.state_dir)?, &token.claims)?);
            Ok(())
        }
        Action::Keys(state) => {
            for (name, value) in Keys::open(&state.state_dir)?.variables() {
                println!("SPIN_VARIABLE_{}='{value}'", name.to_uppercase());
            }
            Ok(())
        }
        Action::Openapi(openapi) => documents(openapi).await,
    }
}

impl Sample {
    /// Writes the files with a function that takes count, seed and folder, and prints where they are.
    fn write(self, write: fn(usize, u64, &Path) -> anyhow::Result<Vec<PathBuf>>) -> anyhow::Result<()> {
        for path in write(self.count.try_into()?, self.seed, &self.out)? {
            println!("{}", path.display());
        }
        Ok(())
    }
}

async fn load_sample(seed: Seed) -> anyhow::Result<()> {
    let token = match seed.token {
        Some(token) => token,
        None => up::admin_token(&seed.state.state_dir)?,
    };
    match seed::run(&seed::Options { url: seed.url, token }).await? {
        seed::Outcome::Loaded(count) => println!("{count}"),
        seed::Outcome::NotEmpty => eprintln!("已有数据，未改动 · there is data already; nothing was changed"),
    }
    Ok(())
}

async fn documents(options: Openapi) -> anyhow::Result<()> {
    let manifest = Arc::new(options.place.manifest()?);
    let folder = options.folder.unwrap_or_else(|| manifest.folder().join("tests/openapi"));
    if options.url.is_some() || openapi::can_print_all(&manifest) {
        return openapi::run(&manifest, options.url.as_deref(), &folder, options.check).await;
    }
    let state = std::env::temp_dir().join(format!("minzheng-openapi-{}", std::process::id()));
    let up = up::Options {
        place: Where { state_dir: state.clone(), ..options.place },
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        limits: Limits::default(),
        sample: false,
        build: false,
        watch: false,
        quiet: true,
    };
    let (server, app, _) = up::start(&up, &manifest).await?;
    let url = format!("http://{}", server.address()?);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stopped = async move {
        let _ = stopped.await;
    };
    let serving = tokio::spawn(async move {
        server.serve(app.clone(), stopped, Duration::from_secs(1)).await;
        app.close();
    });
    let result = openapi::run(&manifest, Some(&url), &folder, options.check).await;
    drop(stop);
    serving.await.context("the application stopped")?;
    // Only this process knew of it.
    let _ = std::fs::remove_dir_all(state);
    result
}

impl From<Up> for up::Options {
    fn from(up: Up) -> Self {
        Self {
            place: up.place,
            listen: up.listen,
            limits: Limits {
                memory: usize::from(up.limits.max_memory) << 20,
                request_time: up.limits.request_timeout,
                requests: up.limits.max_requests.into(),
                connections: up.limits.max_connections.into(),
                ..Limits::default()
            },
            sample: !up.no_sample,
            build: !up.no_build,
            watch: up.watch,
            quiet: up.quiet,
        }
    }
}

/// A time of 0.1 to 600 seconds.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "give a number of seconds".to_owned())?;
    if (0.1..=600.0).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err("give 0.1 to 600 seconds".to_owned())
    }
}
