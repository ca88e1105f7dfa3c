//! Named functions over `sql/`; the only user of SQL. Decides nothing.

pub(crate) mod alerts;
pub(crate) mod applications;
pub(crate) mod institutions;
pub(crate) mod stats;

#[cfg(test)]
mod tests;
