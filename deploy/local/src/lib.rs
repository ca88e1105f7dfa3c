//! Minzheng on one machine: the local stand-in for `spin up`, and the commands around it.
//!
//! # Design
//! A small host on Wasmtime. It reads the same `spin.toml` and runtime config as Spin and offers a component just
//! the interfaces that the application uses. `manifest` reads the files; `app` puts the components behind their
//! routes; `instance` makes and drops instances; `host` is what an instance can call; `sqlite` and `stores` keep its
//! data; `http` is the door. The commands are in `cli` and the modules named after them.

mod app;
mod builder;
mod cli;
mod client;
mod engine;
mod files;
mod host;
mod http;
mod instance;
mod keys;
mod limits;
mod log;
mod manifest;
mod openapi;
mod places;
mod seed;
mod sqlite;
mod stores;
mod token;
mod up;
mod variables;
mod watch;

pub use cli::main;
pub use seed::{SampleOrganisation, beds_sample, donation_sample, volunteer_sample};
