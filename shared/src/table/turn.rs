//! One file at a time.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::problem::{ApiError, ApiResult};

/// Whether an instance is at a file: a second one beside it might not fit into its memory.
static IS_BUSY: AtomicBool = AtomicBool::new(false);

/// The right to be at a file, until it is dropped.
#[derive(Debug)]
pub struct Turn(());

impl Turn {
    /// Takes it.
    ///
    /// # Errors
    /// 503 with `Retry-After` while another request of the instance has it.
    pub fn take() -> ApiResult<Self> {
        if IS_BUSY.swap(true, Ordering::AcqRel) {
            return Err(ApiError::unavailable("the instance is at another file"));
        }
        Ok(Self(()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        IS_BUSY.store(false, Ordering::Release);
    }
}
