//! What each route does: parse, decide, store, respond.

pub(crate) mod attendance;
pub(crate) mod certificates;
pub(crate) mod opportunities;
pub(crate) mod organisations;
pub(crate) mod record;
pub(crate) mod search;
pub(crate) mod signups;
pub(crate) mod stats;
pub(crate) mod volunteers;

mod access;
mod views;

/// What readers of public data may keep, and for how long: places come and go by the minute.
const PUBLIC: &str = "public, max-age=30";
/// How often a refused statement is tried again when what stood in its way is gone by the time it is looked at.
const ATTEMPTS: usize = 12;
