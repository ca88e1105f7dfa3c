//! What two functions need. No table of a workflow and no noun of one.

pub mod audit;
pub mod auth;
pub mod calendar;
pub mod caller;
pub mod copies;
pub mod divisions;
pub mod door;
pub mod extract;
pub mod geo;
pub mod i18n;
pub mod idempotency;
pub mod input;
pub mod instant;
pub mod limits;
pub mod map;
pub mod meta;
pub mod names;
#[cfg(not(target_arch = "wasm32"))]
pub mod openapi;
pub mod opening_hours;
pub mod paging;
pub mod privacy;
pub mod problem;
pub mod read_model;
pub mod resident_id;
pub mod rules;
pub mod settings;
pub mod store;
pub mod table;
pub mod width;

/// The migration that every function runs before its own: audit log, outbox, idempotency claims, read-model versions.
pub const PLUMBING: store::Migration =
    store::Migration { name: "0001_plumbing", sql: include_str!("../migrations/0001_plumbing.sql") };

/// The migration that a function searched by place runs after [`PLUMBING`] and before its own: the table `cell`, which its
/// triggers write and [`copies::Copies`] reads.
pub const MAP: store::Migration =
    store::Migration { name: "0002_map", sql: include_str!("../migrations/0002_map.sql") };

/// The migration that a function with limits per caller runs after [`PLUMBING`], beside [`MAP`] if it needs that too, and
/// before its own: the table `probe`, which [`limits::Limited`] writes and counts.
pub const LIMITS: store::Migration =
    store::Migration { name: "0003_limits", sql: include_str!("../migrations/0003_limits.sql") };
