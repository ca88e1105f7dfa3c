//! Request and answer types, with their OpenAPI schemas.

mod appointments;
mod availability;
mod offices;
mod staff;
mod timetables;
mod waitlist;

pub use appointments::*;
pub use availability::*;
pub use offices::*;
pub use staff::*;
pub use timetables::*;
pub use waitlist::*;

use shared::instant::Instant;

/// An instant of the store, Unix seconds, as answers show it: Shanghai time.
#[must_use]
pub fn shanghai(seconds: i64) -> Instant {
    Instant::at(seconds)
}
