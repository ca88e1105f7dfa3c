//! What a component prints, line by line in the log.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

use super::Grants;

/// A longer line is cut into several.
const MAX_LINE: usize = 8 << 10;

/// Standard output or error of an instance.
pub(super) struct Lines {
    grants: Arc<Grants>,
    stream: &'static str,
    begun: Vec<u8>,
}

impl Lines {
    pub(super) fn new(grants: &Arc<Grants>, stream: &'static str) -> Self {
        Self { grants: grants.clone(), stream, begun: Vec::new() }
    }

    fn print(&self, line: &[u8]) {
        let text = String::from_utf8_lossy(line);
        let level = if self.stream == "stderr" { "warn" } else { "info" };
        self.grants
            .log
            .line(level, &[("component", &self.grants.component), (self.stream, &text.trim_end())]);
    }
}

impl IsTerminal for Lines {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Lines {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(Self::new(&self.grants, self.stream))
    }
}

impl AsyncWrite for Lines {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.begun.extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.begun.len() >= MAX_LINE {
                let line = std::mem::take(&mut self.begun);
                self.print(&line);
            }
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        if !self.begun.is_empty() {
            self.print(&self.begun);
        }
    }
}
