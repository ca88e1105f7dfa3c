//! Named functions over `sql/`; the only user of SQL. Decides nothing.

pub(crate) mod appointments;
pub(crate) mod availability;
pub(crate) mod offices;
pub(crate) mod schedules;
pub(crate) mod seats;
pub(crate) mod waitlist;
