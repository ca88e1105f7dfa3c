//! Named functions over `sql/`; the only user of SQL. Decides nothing.

pub(crate) mod cells;
pub(crate) mod pledges;
pub(crate) mod points;
pub(crate) mod reports;
pub(crate) mod stats;

#[cfg(test)]
mod tests;
