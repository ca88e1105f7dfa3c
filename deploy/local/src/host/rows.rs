//! Answers of the stores as streams and futures of the component model.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::mpsc;
use wasmtime::component::{
    Destination, FutureReader, Lift, Lower, StreamProducer, StreamReader, StreamResult, VecBuffer,
};
use wasmtime::{AsContextMut, StoreContextMut};

use super::RowResult;
use crate::sqlite::{End, Rows};

/// The rows as a stream of what `item` makes of each.
pub(super) fn answer_rows<S, T>(
    store: S,
    rows: Rows,
    item: fn(RowResult) -> T,
) -> wasmtime::Result<StreamReader<T>>
where
    S: AsContextMut,
    T: Lower + Lift + Send + Sync + Unpin + 'static,
{
    match rows {
        Rows::Ready(rows) => StreamReader::new(store, rows.into_iter().map(item).collect::<Vec<_>>()),
        Rows::Stream(batches) => StreamReader::new(store, Batches { batches, item }),
    }
}

/// The end of an answer as a future.
pub(super) fn future<S, E>(
    store: S,
    end: End,
    error: fn(String) -> E,
) -> wasmtime::Result<FutureReader<Result<(), E>>>
where
    S: AsContextMut,
    E: Lower + Lift + Send + Sync + 'static,
{
    match end {
        End::Ready(result) => {
            let result = result.map_err(error);
            FutureReader::new(store, std::future::ready(wasmtime::error::Ok(result)))
        }
        End::Later(_) => {
            FutureReader::new(store, async move { wasmtime::error::Ok(end.wait().await.map_err(error)) })
        }
    }
}

struct Batches<T> {
    batches: mpsc::Receiver<Vec<RowResult>>,
    item: fn(RowResult) -> T,
}

impl<D, T: Send + Sync + Unpin + 'static> StreamProducer<D> for Batches<T> {
    type Item = T;
    type Buffer = VecBuffer<T>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut store: StoreContextMut<'a, D>,
        mut destination: Destination<'a, T, VecBuffer<T>>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        // A reader that only asks whether there is something must not be handed rows that it may never fetch.
        if destination.remaining(&mut store) == Some(0) {
            return Poll::Ready(Ok(StreamResult::Completed));
        }
        match self.batches.poll_recv(context) {
            Poll::Ready(Some(batch)) => {
                let items: Vec<T> = batch.into_iter().map(self.item).collect();
                destination.set_buffer(items.into());
                Poll::Ready(Ok(StreamResult::Completed))
            }
            Poll::Ready(None) => Poll::Ready(Ok(StreamResult::Dropped)),
            Poll::Pending if finish => Poll::Ready(Ok(StreamResult::Cancelled)),
            Poll::Pending => Poll::Pending,
        }
    }
}
