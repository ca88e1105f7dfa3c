//! Bodies with limits.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, Sleep};
use wasmtime_wasi_http::{Error, WasiBody};

use super::Problem;

/// Bodies up to this size, that of a form, don't wait for each other.
const SMALL: usize = 64 << 10;

/// A body that is there as a whole.
pub(crate) struct Arrived<'a> {
    pub(crate) body: WasiBody,
    /// The place of a large one, to be kept for as long as it is in memory.
    pub(crate) place: Option<SemaphorePermit<'a>>,
}

/// Takes a body in as a whole, so that a client that sends slowly, or stops in the middle, occupies no instance: the
/// requests beside it, and those that wait for it, would suffer.
///
/// A body takes one of the `places` once it turns out to be large, so that as many as fit into memory are there at
/// once, and whoever only says that they will send much holds up nobody.
pub(crate) async fn arrived(
    mut body: Incoming,
    limit: u64,
    patience: Duration,
    places: &Semaphore,
) -> Result<Arrived<'_>, Problem> {
    if body.is_end_stream() {
        return Ok(Arrived { body: body.map_err(Error::from).boxed_unsync(), place: None });
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut whole = BytesMut::new();
    let mut place = None;
    let mut deadline = Instant::now() + patience;
    loop {
        let frame = match tokio::time::timeout_at(deadline, body.frame()).await {
            Ok(None) => break,
            Ok(Some(Ok(frame))) => frame,
            // Whoever breaks off doesn't read the answer.
            Ok(Some(Err(_))) | Err(_) => return Err(Problem::SlowBody),
        };
        let Ok(data) = frame.into_data() else { continue };
        if whole.len() + data.len() > limit {
            drop((whole, place));
            drain(body).await;
            return Err(Problem::BodyTooLarge);
        }
        if place.is_none() && whole.len() + data.len() > SMALL {
            let asked = Instant::now();
            let taken = tokio::time::timeout(patience, places.acquire()).await;
            place = Some(taken.map_err(|_| Problem::Busy)?.map_err(|_| Problem::Busy)?);
            // The wait was ours, not the client's.
            deadline += asked.elapsed();
        }
        whole.extend_from_slice(&data);
    }
    let body = Full::new(whole.freeze()).map_err(|never: Infallible| match never {}).boxed_unsync();
    Ok(Arrived { body, place })
}

/// Reads and forgets a body, so that its sender gets to read the answer.
pub(crate) async fn drain(mut body: Incoming) {
    const AT_MOST: usize = 64 << 20;
    const PATIENCE: Duration = Duration::from_secs(5);
    let reading = async {
        let mut read = 0;
        while let Some(Ok(frame)) = body.frame().await {
            read += frame.data_ref().map_or(0, Bytes::len);
            if read > AT_MOST {
                break;
            }
        }
    };
    // However far that came.
    let _ = tokio::time::timeout(PATIENCE, reading).await;
}

/// An answer's body that fails when its component stops writing it.
pub(crate) struct Paced {
    body: WasiBody,
    patience: Duration,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    /// A body whose frames may each take `patience`.
    pub(crate) fn new(body: WasiBody, patience: Duration) -> Self {
        Self { body, patience, alarm: None }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) {
            this.alarm = None;
            return Poll::Ready(frame);
        }
        let patience = this.patience;
        let alarm = this.alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        alarm.as_mut().poll(context).map(|()| Some(Err(Error::HttpResponseTimeout)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
