//! Request and answer types, with their OpenAPI schemas.

mod applications;
mod institutions;
mod page;
mod search;
mod stats;
mod subscriptions;

pub use applications::*;
pub use institutions::*;
pub use page::*;
pub use search::*;
pub use stats::*;
pub use subscriptions::*;

use serde_json::Value;
use shared::{
    input::{Rejection, integer},
    privacy::Place,
};

use crate::domain::CareLevel;

/// What answers need to know of a moment: the ages of counts, and the instant in Unix seconds.
pub type Moment = (crate::domain::Ages, i64);

/// A care level, as a JSON number or, in a query, its digit.
fn care_level(value: &Value) -> Result<CareLevel, Rejection> {
    let number = integer(0..=6)(value)?;
    CareLevel::new(number).ok_or(Rejection::new(
        "out_of_range",
        "应在 0 与 6 之间。",
        "This has to be 0 to 6.",
    ))
}

/// Where a secret of a row is sealed.
pub(crate) fn place<'a>(table: &'static str, column: &'static str, row: &'a str) -> Place<'a> {
    Place { table, column, row }
}
