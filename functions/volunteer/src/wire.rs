//! Request and answer types, with their OpenAPI schemas.

mod certificates;
mod opportunities;
mod organisations;
mod page;
mod record;
mod search;
mod shifts;
mod signups;
mod stats;
mod volunteers;

pub use certificates::*;
pub use opportunities::*;
pub use organisations::*;
pub use page::*;
pub use record::*;
pub use search::*;
pub use shifts::*;
pub use signups::*;
pub use stats::*;
pub use volunteers::*;

use shared::privacy::Place;

/// Where a secret of a row is sealed.
pub(crate) fn place<'a>(table: &'static str, column: &'static str, row: &'a str) -> Place<'a> {
    Place { table, column, row }
}
