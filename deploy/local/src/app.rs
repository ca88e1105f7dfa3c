//! The running application: its components behind its routes.

mod component;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Instant;

use anyhow::Context as _;
use http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::{Body, Incoming};
use tokio::sync::Semaphore;
use wasmtime_wasi_http::handler::{ExpirationError, InstantiationError, TrapOrPanicError};
use wasmtime_wasi_http::{Error, WasiBody};

use crate::engine::{Cache, engine};
use crate::host::{Call, Callee, Grants, linker};
use crate::http::{Arrived, Language, Paced, Problem, Router, Trace, arrived, drain, plain, prepare};
use crate::limits::Limits;
use crate::log::Log;
use crate::manifest::Manifest;
use crate::stores::Stores;
use component::Component;
pub(crate) use component::Progress;

/// The address that a component called by another sees as its client.
const INSIDE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// How many large bodies there are at once: 256 MiB of them.
const UPLOADS: usize = 32;

/// An application that answers requests.
pub(crate) struct App {
    router: Router,
    components: BTreeMap<String, Component>,
    stores: Arc<Stores>,
    limits: Limits,
    log: Log,
    /// Requests from outside that may be worked on.
    gate: Semaphore,
    /// Large bodies that are in memory at once.
    uploads: Semaphore,
    /// Calls between components: apart from the gate, because their callers hold places there.
    inner_gate: Semaphore,
}

impl App {
    /// Loads every component of `manifest`; `variables` are the application's.
    pub(crate) fn load(
        manifest: &Manifest,
        variables: &BTreeMap<String, String>,
        stores: Arc<Stores>,
        limits: Limits,
        log: Log,
        progress: Progress<'_>,
    ) -> anyhow::Result<Arc<Self>> {
        let engine = engine(limits.memory)?;
        let linker =
            linker(&engine).map_err(|error| anyhow::anyhow!("can't set up the host functions: {error:#}"))?;
        let cache = Arc::new(Cache::new(manifest.folder().join("target/compiled")));
        let inside = Arc::new(Inside::default());
        let mut components = BTreeMap::new();
        for (name, part) in &manifest.components {
            let fill = |template: &crate::manifest::Template| template.fill(variables);
            let grants = Arc::new(Grants {
                component: name.clone(),
                databases: part.sqlite_databases.iter().map(|label| label.value.clone()).collect(),
                key_value_stores: part.key_value_stores.iter().map(|label| label.value.clone()).collect(),
                outbound: part.allowed_outbound_hosts.clone(),
                variables: part.variables.iter().map(|(name, text)| (name.clone(), fill(text))).collect(),
                environment: part.environment.clone(),
                stores: stores.clone(),
                callee: inside.clone(),
                log: log.clone(),
            });
            let file = manifest.folder().join(&part.source);
            let loaded = Component::load(
                file,
                grants,
                engine.clone(),
                linker.clone(),
                cache.clone(),
                &limits,
                progress,
            )?;
            components.insert(name.clone(), loaded);
        }
        let mut router = Router::default();
        for route in &manifest.routes {
            if let Some(pattern) = &route.pattern {
                router.add(pattern, &route.component)?;
            }
        }
        let app = Arc::new(Self {
            router,
            components,
            stores,
            gate: Semaphore::new(limits.requests),
            uploads: Semaphore::new(UPLOADS),
            inner_gate: Semaphore::new(limits.requests * 4),
            limits,
            log,
        });
        inside.0.set(Arc::downgrade(&app)).ok().context("the application was loaded twice")?;
        Ok(app)
    }

    /// Answers a request from outside.
    pub(crate) async fn answer(&self, request: Request<Incoming>, client: SocketAddr) -> Response<WasiBody> {
        let began = Instant::now();
        let (parts, body) = request.into_parts();
        let trace = Trace::of(&parts.headers);
        let language = Language::of(&parts.headers);
        let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
        let waits_for_permission = parts.headers.contains_key(header::EXPECT);

        let mut component = "-";
        let response = match self.router.find(&path) {
            _ if path == "/.well-known/spin/health" => Ok(plain(StatusCode::OK, "OK")),
            None => Err(Problem::NotFound),
            Some(_) if body.size_hint().lower() > self.limits.body => {
                if !waits_for_permission {
                    drain(body).await;
                }
                Err(Problem::BodyTooLarge)
            }
            Some(found) => {
                component = found.component;
                self.run(parts, body, found, client, &trace).await
            }
        };
        let response = response.unwrap_or_else(|problem| problem.response(language, &trace));
        let millis = format_args!("{:.1}", began.elapsed().as_secs_f64() * 1000.0).to_string();
        self.log.line(
            "info",
            &[
                ("method", &method),
                ("path", &path),
                ("status", &response.status().as_u16()),
                ("ms", &millis),
                ("component", &component),
                ("trace_id", &trace),
            ],
        );
        response
    }

    async fn run(
        &self,
        mut parts: http::request::Parts,
        body: Incoming,
        found: crate::http::Match<'_>,
        client: SocketAddr,
        trace: &Trace,
    ) -> Result<Response<WasiBody>, Problem> {
        let component = self.components.get(found.component).ok_or(Problem::NotFound)?;
        prepare(&mut parts, found, client, trace).ok_or(Problem::NotFound)?;
        let Arrived { body, place: _upload } =
            arrived(body, self.limits.body, self.limits.request_time, &self.uploads).await?;
        let _place = match self.gate.try_acquire() {
            Ok(place) => place,
            Err(_) => tokio::time::timeout(self.limits.request_time / 2, self.gate.acquire())
                .await
                .ok()
                .and_then(Result::ok)
                .ok_or(Problem::Busy)?,
        };
        // What the body took to arrive is the client's time, not the component's.
        self.call(component, Request::from_parts(parts, body), trace, Instant::now()).await
    }

    async fn call(
        &self,
        component: &Component,
        request: Request<WasiBody>,
        trace: &Trace,
        began: Instant,
    ) -> Result<Response<WasiBody>, Problem> {
        // The request's own alarm rings in its instance; this one is for an instance that can't hear it.
        let patience = self.limits.request_time * 2;
        let handler = component.handler();
        let result = tokio::time::timeout(patience, handler.handle((), request)).await;
        let error = match result {
            Ok(Ok(response)) => {
                let patience = self.limits.request_time;
                return Ok(response.map(|body| Paced::new(body, patience).boxed_unsync()));
            }
            Ok(Err(error)) => error,
            Err(_) => return Err(Problem::Timeout),
        };
        let problem = if error.is::<ExpirationError>() {
            Problem::Timeout
        } else if error.is::<TrapOrPanicError>() {
            let stuck = began.elapsed() >= self.limits.request_time;
            if stuck { Problem::Timeout } else { Problem::Internal }
        } else if error.is::<InstantiationError<()>>() {
            Problem::Busy
        } else {
            Problem::Internal
        };
        let cause = format!("{error:#}");
        let fields: [(&str, &dyn std::fmt::Display); 3] =
            [("component", &component.name()), ("failed", &cause), ("trace_id", trace)];
        self.log.line("error", &fields);
        Err(problem)
    }

    /// Answers a call from one component to another.
    async fn answer_inside(
        &self,
        name: &str,
        request: Request<WasiBody>,
    ) -> Result<Response<WasiBody>, Error> {
        let component = self.components.get(name).ok_or(Error::DestinationNotFound)?;
        let began = Instant::now();
        let (mut parts, body) = request.into_parts();
        let trace = Trace::of(&parts.headers);
        let language = Language::of(&parts.headers);
        let found = crate::http::Match::inside(name, parts.uri.path());
        prepare(&mut parts, found, INSIDE, &trace).ok_or(Error::HttpRequestUriInvalid)?;
        let place = tokio::time::timeout(self.limits.request_time / 2, self.inner_gate.acquire());
        let Ok(Ok(_place)) = place.await else { return Ok(Problem::Busy.response(language, &trace)) };
        let response = self.call(component, Request::from_parts(parts, body), &trace, began).await;
        Ok(response.unwrap_or_else(|problem| problem.response(language, &trace)))
    }

    /// Loads again the components whose file has changed; returns their names.
    pub(crate) fn reload(&self) -> Vec<String> {
        self.components
            .values()
            .filter(|component| component.reload())
            .map(|component| component.name().to_owned())
            .collect()
    }

    /// Finishes all writes.
    pub(crate) fn close(&self) {
        self.stores.close();
    }
}

/// The way from one component to another.
#[derive(Default)]
struct Inside(OnceLock<Weak<App>>);

impl Callee for Inside {
    fn call(&self, component: String, request: Request<WasiBody>) -> Call {
        let app = self.0.get().and_then(Weak::upgrade);
        Box::pin(async move {
            let app = app.ok_or(Error::DestinationUnavailable)?;
            app.answer_inside(&component, request).await
        })
    }
}
