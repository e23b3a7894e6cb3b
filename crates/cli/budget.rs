//! Memory for large files, shared by all threads, so that many of them at once do not add up.
//! Not here: small files, whose buffers are bounded for each thread.

use std::sync::{Condvar, Mutex, PoisonError};

use crate::read;

/// Bytes of large files that all threads together may hold: the largest single one fits.
const TOTAL: u64 = read::MAX_IN_MEMORY;

/// Memory that is given out and comes back.
pub(crate) struct Budget {
    free: Mutex<u64>,
    freed: Condvar,
}

/// A share of a [`Budget`], given back when it is dropped.
pub(crate) struct Permit<'b> {
    budget: &'b Budget,
    bytes: u64,
}

impl Budget {
    /// The whole budget.
    pub(crate) fn new() -> Budget {
        Budget { free: Mutex::new(TOTAL), freed: Condvar::new() }
    }

    /// Waits until `bytes` are free; at most the whole budget is asked for.
    pub(crate) fn take(&self, bytes: u64) -> Permit<'_> {
        let bytes = bytes.min(TOTAL);
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self.freed.wait_while(free, |free| *free < bytes).unwrap_or_else(PoisonError::into_inner);
        *free -= bytes;
        Permit { budget: self, bytes }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.budget.free.lock().unwrap_or_else(PoisonError::into_inner) += self.bytes;
        self.budget.freed.notify_all();
    }
}
