//! What browsers and programs get from the portal, and whether its files fit together.

mod files;
mod routes;
