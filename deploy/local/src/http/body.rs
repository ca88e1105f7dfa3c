//! Bodies with limits.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::Sleep;
use wasmtime_wasi_http::{Error, WasiBody};

use super::Problem;

/// A request's body that fails once it is larger than allowed.
struct Limited<B> {
    body: B,
    left: u64,
    exceeded: Arc<AtomicBool>,
}

impl<B> Limited<B> {
    /// A body of at most `limit` bytes, and a flag that is set when it was larger.
    fn new(body: B, limit: u64) -> (Self, Arc<AtomicBool>) {
        let exceeded = Arc::<AtomicBool>::default();
        (Self { body, left: limit, exceeded: exceeded.clone() }, exceeded)
    }
}

impl<B> Body for Limited<B>
where
    B: Body<Data = Bytes> + Unpin,
    Error: From<B::Error>,
{
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let frame = match std::task::ready!(Pin::new(&mut self.body).poll_frame(context)) {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
            None => return Poll::Ready(None),
        };
        let length = frame.data_ref().map_or(0, |data| data.len() as u64);
        match self.left.checked_sub(length) {
            Some(left) => {
                self.left = left;
                Poll::Ready(Some(Ok(frame)))
            }
            None => {
                self.exceeded.store(true, Relaxed);
                Poll::Ready(Some(Err(Error::HttpRequestBodySize(None))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Takes a body in as a whole, so that a client that sends slowly, or stops in the middle, occupies no instance: the
/// requests beside it, and those that wait for it, would suffer.
pub(crate) async fn arrived(body: Incoming, limit: u64, patience: Duration) -> Result<WasiBody, Problem> {
    if body.is_end_stream() {
        return Ok(body.map_err(Error::from).boxed_unsync());
    }
    let (body, exceeded) = Limited::new(body, limit);
    match tokio::time::timeout(patience, body.collect()).await {
        Ok(Ok(whole)) => {
            Ok(Full::new(whole.to_bytes()).map_err(|never: Infallible| match never {}).boxed_unsync())
        }
        Ok(Err(_)) if exceeded.load(Relaxed) => Err(Problem::BodyTooLarge),
        // Whoever breaks off doesn't read the answer.
        Ok(Err(_)) | Err(_) => Err(Problem::SlowBody),
    }
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
