//! Listens, and serves each connection until it ends or the server stops.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use wasmtime_wasi_http::io::TokioIo;

use super::timer::TokioTimer;
use crate::app::App;

/// How long a client may take to send the head of a request.
const HEAD_TIME: Duration = Duration::from_secs(60);
/// How large the head of a request may be.
const HEAD_BYTES: usize = 64 << 10;

/// A listening socket and the connections that came from it.
pub(crate) struct Server {
    listener: TcpListener,
    connections: Arc<Semaphore>,
    most: u32,
    stop: watch::Sender<bool>,
}

impl Server {
    /// Listens at `address`.
    pub(crate) async fn bind(address: SocketAddr, connections: usize) -> anyhow::Result<Self> {
        let listener =
            TcpListener::bind(address).await.with_context(|| format!("can't listen on {address}"))?;
        let most = u32::try_from(connections).unwrap_or(u32::MAX);
        Ok(Self {
            listener,
            connections: Arc::new(Semaphore::new(connections)),
            most,
            stop: watch::Sender::new(false),
        })
    }

    /// The address it really listens at.
    pub(crate) fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Serves `app` until `until` is done; then finishes what is in flight, for at most `patience`.
    pub(crate) async fn serve(self, app: Arc<App>, until: impl Future<Output = ()>, patience: Duration) {
        let mut until = pin!(until);
        loop {
            let accepted = tokio::select! {
                () = &mut until => break,
                accepted = self.accept() => accepted,
            };
            let Some((stream, client, permit)) = accepted else { continue };
            tokio::spawn(connection(app.clone(), stream, client, permit, self.stop.subscribe()));
        }
        drop(self.listener);
        self.stop.send_replace(true);
        let all_closed = self.connections.acquire_many(self.most);
        // Whoever isn't through by then was told by the request's own limit already.
        let _ = tokio::time::timeout(patience, all_closed).await;
    }

    /// The next connection, once there is room for it.
    async fn accept(&self) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
        let permit = self.connections.clone().acquire_owned().await.ok()?;
        match self.listener.accept().await {
            Ok((stream, client)) => Some((stream, client, permit)),
            Err(_) => {
                // Out of file handles, most likely: some will come free.
                tokio::time::sleep(Duration::from_millis(50)).await;
                None
            }
        }
    }
}

async fn connection(
    app: Arc<App>,
    stream: TcpStream,
    client: SocketAddr,
    permit: OwnedSemaphorePermit,
    mut stop: watch::Receiver<bool>,
) {
    // Without it answers wait for acknowledgements; where it can't be set they do.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let app = app.clone();
        async move { Ok::<_, Infallible>(app.answer(request, client).await) }
    });
    let mut serving = pin!(
        http1::Builder::new()
            .timer(TokioTimer)
            .header_read_timeout(HEAD_TIME)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service)
    );
    let stopped = async move { stop.wait_for(|stop| *stop).await.map(drop) };
    tokio::select! {
        _ = serving.as_mut() => {}
        _ = stopped => {
            serving.as_mut().graceful_shutdown();
            // A client that goes away in the middle is its own business.
            let _ = serving.await;
        }
    }
    drop(permit);
}
