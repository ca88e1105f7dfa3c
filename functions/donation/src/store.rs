//! Named functions over `sql/`; the only user of SQL. Decides nothing.

pub(crate) mod cells;
pub(crate) mod pledges;
pub(crate) mod points;
pub(crate) mod reports;
pub(crate) mod stats;

use shared::divisions::DivisionCode;

/// What the codes of everything in a division begin with; empty for no division.
fn stem(division: Option<&DivisionCode>) -> &str {
    division.map_or("", DivisionCode::stem)
}

#[cfg(test)]
mod tests;
