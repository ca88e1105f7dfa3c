//! End to end, over HTTP, through the built components.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what went wrong by panicking"
)]

mod beds;
mod client;
mod corner;
mod coverage;
mod crowd;
mod donation;
mod marriage;
mod people;
mod portal;
mod server;
mod volunteer;
