//! Bodies with limits.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::Sleep;
use wasmtime_wasi_http::{Error, WasiBody};

use super::Problem;

/// Takes a body in as a whole, so that a client that sends slowly, or stops in the middle, occupies no instance: the
/// requests beside it, and those that wait for it, would suffer.
pub(crate) async fn arrived(body: Incoming, limit: u64, patience: Duration) -> Result<WasiBody, Problem> {
    if body.is_end_stream() {
        return Ok(body.map_err(Error::from).boxed_unsync());
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    match tokio::time::timeout(patience, Limited::new(body, limit).collect()).await {
        Ok(Ok(whole)) => {
            Ok(Full::new(whole.to_bytes()).map_err(|never: Infallible| match never {}).boxed_unsync())
        }
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Problem::BodyTooLarge),
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
