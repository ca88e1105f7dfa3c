//! End to end, over HTTP, through the built components.

mod client;
mod coverage;
mod marriage;
mod people;
mod portal;
mod server;
