//! HTTP in front of the components: routes, headers, limits, and the host's own answers.

mod body;
mod headers;
mod language;
mod problem;
mod route;
mod server;
mod timer;
mod trace;

pub(crate) use body::{Arrived, Paced, arrived, drain};
pub(crate) use headers::prepare;
pub(crate) use language::Language;
pub(crate) use problem::{Problem, plain};
pub(crate) use route::{Match, Router, check_pattern};
pub(crate) use server::Server;
pub(crate) use trace::Trace;
