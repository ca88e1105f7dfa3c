//! The marriage function.
