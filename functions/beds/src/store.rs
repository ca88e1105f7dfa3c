//! Named functions over `sql/`; the only user of SQL. Decides nothing.

pub(crate) mod alerts;
pub(crate) mod applications;
pub(crate) mod institutions;
pub(crate) mod stats;

use serde::Serialize;
use shared::{
    divisions::DivisionCode,
    store::{Statement, StoreError, Value},
};

/// What the codes of everything in a division begin with; empty for no division.
fn stem(division: Option<&DivisionCode>) -> &str {
    division.map_or("", DivisionCode::stem)
}

/// A parameter that holds JSON.
fn json(statement: &Statement, value: &(impl Serialize + ?Sized)) -> Result<Value, StoreError> {
    serde_json::to_string(value).map(Value::Text).map_err(|error| unfit(statement, &error))
}

/// What has no JSON form, or another one than the code takes it for.
fn unfit(statement: &Statement, error: &serde_json::Error) -> StoreError {
    StoreError::Failed { statement: statement.name, reason: error.to_string() }
}

#[cfg(test)]
mod tests;
