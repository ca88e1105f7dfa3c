//! Request and answer types, with their OpenAPI schemas.

mod page;
mod pledges;
mod points;
mod reports;
mod search;
mod stats;

pub use page::*;
pub use pledges::*;
pub use points::*;
pub use reports::*;
pub use search::*;
pub use stats::*;
