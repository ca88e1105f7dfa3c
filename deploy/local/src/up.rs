//! `minzheng up`: the whole application on this machine.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::app::App;
use crate::http::Server;
use crate::keys::Keys;
use crate::limits::Limits;
use crate::log::Log;
use crate::manifest::Manifest;
use crate::places::Where;
use crate::stores::Stores;
use crate::token::Claims;
use crate::{builder, seed, variables, watch};

/// What `up` is to do.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) place: Where,
    pub(crate) listen: SocketAddr,
    pub(crate) limits: Limits,
    pub(crate) sample: bool,
    pub(crate) build: bool,
    pub(crate) watch: bool,
    pub(crate) quiet: bool,
}

/// Runs until told to stop.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let manifest = Arc::new(options.place.manifest()?);
    options.place.runtime_config(&manifest)?;
    if options.build {
        let manifest = manifest.clone();
        tokio::task::spawn_blocking(move || builder::build(&manifest, None)).await??;
    }
    let (server, app, log) = start(&options, &manifest).await?;
    let address = server.address()?;
    let url = format!("http://{address}");
    println!("listening on {url}");
    tokio::spawn(watch::files(app.clone()));
    if options.watch {
        let manifest = manifest.clone();
        std::thread::Builder::new().name("watch".to_owned()).spawn(move || watch::sources(&manifest))?;
    }
    let greeting = greet(options.place.state_dir.clone(), options.sample, url);
    tokio::spawn(async move {
        if let Err(error) = greeting.await {
            eprintln!("the sample data couldn't be loaded: {error:#}");
        }
    });
    let patience = options.limits.request_time + Duration::from_secs(1);
    server.serve(app.clone(), stop_signal()?, patience).await;
    tokio::task::spawn_blocking(move || app.close()).await?;
    log.flush();
    Ok(())
}

/// Loads the application and listens; [`Server::serve`] sets it going.
pub(crate) async fn start(
    options: &Options,
    manifest: &Arc<Manifest>,
) -> anyhow::Result<(Server, Arc<App>, Log)> {
    let config = options.place.runtime_config(manifest)?;
    let variables = variables::resolve(manifest, &options.place.state_dir, |name| std::env::var(name).ok())?;
    // Before the components are loaded, so that who connects early is answered as soon as they are.
    let server = Server::bind(options.listen, options.limits.connections).await?;
    let log = if options.quiet { Log::quiet() } else { Log::start() };
    let stores = Arc::new(Stores::new(&config, options.limits.request_time));
    let (manifest, limits, app_log) = (manifest.clone(), options.limits.clone(), log.clone());
    let app = tokio::task::spawn_blocking(move || {
        App::load(&manifest, &variables, stores, limits, app_log, &|done| eprintln!("{done}"))
    });
    Ok((server, app.await??, log))
}

/// Loads the sample data if it is wanted, then says what to try.
async fn greet(state: PathBuf, sample: bool, url: String) -> anyhow::Result<()> {
    if sample {
        let began = Instant::now();
        let token = admin_token(&state)?;
        if let seed::Outcome::Loaded(count) = seed::run(&seed::Options { url: url.clone(), token }).await? {
            eprintln!("loaded {count} sample records in {:.1} s", began.elapsed().as_secs_f32());
        }
    }
    println!(
        "
民政公共服务已启动 · The civil-affairs services are running. Ctrl-C 停止 stops.
  门户 portal                 {url}/
  婚姻登记机关 offices        curl {url}/api/v1/marriage/offices
  捐赠接收点 donation points  {url}/donation
                              curl '{url}/api/v1/donation/points?q=xuhui'
  养老床位 care beds          {url}/beds
                              curl '{url}/api/v1/beds/institutions?care_level=3&min_available=1'
  志愿服务 volunteering       {url}/volunteer
                              curl '{url}/api/v1/volunteer/opportunities?division_code=310104'
  工作人员令牌 staff token    cargo run -qp minzheng -- token --area 310101 \\
                              --role registrar,donation_manager,care_manager,volunteer_manager
  接口文档 API                {url}/api/v1/marriage/openapi.json"
    );
    Ok(())
}

/// A token that may do everything, from the local key.
pub(crate) fn admin_token(state: &std::path::Path) -> anyhow::Result<String> {
    let claims = Claims {
        role: vec!["admin".to_owned()],
        area: "310000".to_owned(),
        institution: None,
        name: "示例数据".to_owned(),
        subject: None,
        hours: 1,
    };
    crate::token::issue(&Keys::open(state)?, &claims)
}

/// Done at the first Ctrl-C or SIGTERM; a second one ends the process at once.
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let (stop, stopped) = tokio::sync::oneshot::channel();
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .context("can't listen for SIGTERM")?;
    tokio::spawn(async move {
        let mut signal = async || {
            #[cfg(unix)]
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            #[cfg(not(unix))]
            let _ = tokio::signal::ctrl_c().await;
        };
        signal().await;
        eprintln!("正在结束 · finishing what is in flight; once more to stop at once");
        // Nobody waits any more when the server has ended by itself.
        let _ = stop.send(());
        signal().await;
        std::process::exit(130);
    });
    Ok(async move {
        let _ = stopped.await;
    })
}
