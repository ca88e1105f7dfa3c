//! The runtime as a program: a component made for these tests, over HTTP, on a free port, in a fresh folder.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has said what it has to say"
)]

mod client;
mod commands;
mod data;
mod door;
mod faults;
mod harness;
mod life;
