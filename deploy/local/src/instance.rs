//! Instances of a component: made when needed, shared by requests, dropped when they trap or age.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::time::Sleep;
use wasmtime::component::GuestTaskId;
use wasmtime::{Engine, Store, StoreContextMut};
use wasmtime_wasi_http::WasiHttpView as _;
use wasmtime_wasi_http::handler::{
    HandlerState, Instance, ProxyPre, ShouldAccept, WorkerExpiration, WorkerState, WorkerStatus,
};

use crate::host::{Grants, Guest};
use crate::limits::{IDLE, INSTANCE_LIFE, Limits, PER_INSTANCE};

/// How much longer than a request's time an instance waits before all of its requests are given up: the request's
/// own alarm should go first, because it spares the others.
const GRACE: Duration = Duration::from_millis(100);
/// How many times a request's time an answer's body may take to be written.
const BODY_TIMES: u32 = 6;

/// One loaded component, and how its instances are made.
pub(crate) struct Instances {
    engine: Engine,
    pre: ProxyPre<Guest>,
    grants: Arc<Grants>,
    limits: Limits,
    /// Set once a newer version has taken over.
    retired: Arc<AtomicBool>,
}

impl Instances {
    pub(crate) fn new(engine: Engine, pre: ProxyPre<Guest>, grants: Arc<Grants>, limits: Limits) -> Self {
        Self { engine, pre, grants, limits, retired: Arc::default() }
    }

    /// Lets the instances finish what they have and take nothing more.
    pub(crate) fn retire(&self) {
        self.retired.store(true, Relaxed);
    }
}

impl HandlerState for Instances {
    type StoreData = Guest;
    type WorkerExpiration = Expiration;
    type WorkerState = Worker;

    async fn instantiate(&self) -> wasmtime::Result<Instance<Guest, Expiration, Worker>> {
        let mut store = Store::new(&self.engine, Guest::new(&self.grants, self.limits.memory));
        store.limiter(|guest| &mut guest.limits);
        store.epoch_deadline_async_yield_and_update(1);
        store.set_epoch_deadline(1);
        let made = tokio::time::timeout(self.limits.request_time, self.pre.instantiate_async(&mut store));
        let proxy = made.await.map_err(|_| wasmtime::format_err!("starting an instance took too long"))??;
        Ok(Instance {
            store,
            proxy,
            view: Guest::http,
            expiration: Expiration::new(self.limits.request_time, self.retired.clone()),
            state: Worker {
                grants: self.grants.clone(),
                request_time: self.limits.request_time,
                retired: self.retired.clone(),
            },
        })
    }
}

/// What one instance accepts, and what is said when it ends.
pub(crate) struct Worker {
    grants: Arc<Grants>,
    request_time: Duration,
    retired: Arc<AtomicBool>,
}

impl WorkerState for Worker {
    type StoreData = Guest;
    type RequestData = ();

    fn should_accept_request(&self, concurrent: usize, total: usize) -> ShouldAccept {
        if total >= INSTANCE_LIFE || self.retired.load(Relaxed) {
            ShouldAccept::Never
        } else if concurrent >= PER_INSTANCE {
            ShouldAccept::No
        } else {
            ShouldAccept::Yes
        }
    }

    fn on_request_start(
        &self,
        _: StoreContextMut<'_, Guest>,
        (): (),
        _: GuestTaskId,
    ) -> Pin<Box<dyn Future<Output = ()> + 'static + Send + Sync>> {
        Box::pin(tokio::time::sleep(self.request_time))
    }

    fn drop(&self, store: Store<Guest>, result: wasmtime::Result<()>) {
        drop(store);
        if let Err(error) = result {
            let cause = error.root_cause().to_string();
            self.grants
                .log
                .line("error", &[("component", &self.grants.component), ("instance_dropped", &cause)]);
        }
    }
}

/// When an instance is given up: idle for long, or stuck.
pub(crate) struct Expiration {
    request_time: Duration,
    retired: Arc<AtomicBool>,
    alarm: Pin<Box<Sleep>>,
}

impl Expiration {
    fn new(request_time: Duration, retired: Arc<AtomicBool>) -> Self {
        Self { request_time, retired, alarm: Box::pin(tokio::time::sleep(request_time)) }
    }
}

impl WorkerExpiration for Expiration {
    /// The alarm is moved only when it would ring too late, because moving it for every request costs more than
    /// ringing once too often.
    fn poll(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        status: WorkerStatus,
        start: Instant,
    ) -> Poll<()> {
        let allowed = match status {
            WorkerStatus::Idle if self.retired.load(Relaxed) => Duration::ZERO,
            WorkerStatus::Idle => IDLE,
            WorkerStatus::Requests => self.request_time + GRACE,
            WorkerStatus::PostReturn => self.request_time * BODY_TIMES,
        };
        let deadline = start + allowed;
        if Instant::now() >= deadline {
            return Poll::Ready(());
        }
        let soon = deadline.min(Instant::now() + self.request_time + GRACE);
        if self.alarm.deadline().into_std() > soon {
            self.alarm.as_mut().reset(soon.into());
        }
        while self.alarm.as_mut().poll(context).is_ready() {
            if Instant::now() >= deadline {
                return Poll::Ready(());
            }
            self.alarm.as_mut().reset(soon.into());
        }
        Poll::Pending
    }
}
