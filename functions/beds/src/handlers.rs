//! What each route does: parse, decide, store, respond.

pub(crate) mod applications;
pub(crate) mod exchange;
pub(crate) mod institutions;
pub(crate) mod offers;
pub(crate) mod queue;
pub(crate) mod search;
pub(crate) mod stats;
pub(crate) mod subscriptions;
pub(crate) mod upkeep;

mod access;
mod alerts;
mod steps;
mod views;

/// What readers of public data may keep, and for how long: beds come and go by the minute.
const PUBLIC: &str = "public, max-age=30";
/// How often a refused statement is tried again when what stood in its way is gone by the time it is looked at.
const ATTEMPTS: usize = 12;
