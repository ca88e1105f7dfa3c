//! The `marriage` function.
pub mod domain;
