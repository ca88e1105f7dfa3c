//! Named functions over `sql/`: the only user of SQL.

pub(crate) mod certificates;
pub(crate) mod opportunities;
pub(crate) mod organisations;
pub(crate) mod record;
pub(crate) mod signups;
pub(crate) mod stats;
pub(crate) mod volunteers;

#[cfg(test)]
mod tests;
