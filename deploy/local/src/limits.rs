//! What one request, one instance and the whole runtime may use.

use std::time::Duration;

/// The limits of a running application.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// Memory of one instance, in bytes.
    pub(crate) memory: usize,
    /// Time from a request's arrival to its answer.
    pub(crate) request_time: Duration,
    /// The largest request body, in bytes.
    pub(crate) body: u64,
    /// Requests worked on at once.
    pub(crate) requests: usize,
    /// Open connections.
    pub(crate) connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 128 << 20,
            request_time: Duration::from_secs(10),
            // An import may be 8 MiB; a form around it needs a little more.
            body: (8 << 20) + (64 << 10),
            requests: 128,
            connections: 1024,
        }
    }
}

/// Requests that one instance works on at once.
pub(crate) const PER_INSTANCE: usize = 16;
/// Requests after which an instance is replaced, so that what a guest leaks doesn't stay.
pub(crate) const INSTANCE_LIFE: usize = 10_000;
/// How long an instance without a request is kept.
pub(crate) const IDLE: Duration = Duration::from_secs(60);
