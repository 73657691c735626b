//! What becomes of a frame in the host's memory.

use crate::ledger::{Ledger, Overdrawn, Reservation};
use crate::value::Value;
use crate::value::conversion_error::ConversionError;
use std::sync::Arc;

/// Bytes that one call may have without a look at the ledger, so that small ones pay nothing.
pub(super) const FREE: u64 = 64 << 10;

/// How many bytes are taken from the ledger at a time, if it has as many.
pub(super) const PART: u64 = 64 << 10;

/// What a value of a sequence takes: in a list that may be half empty.
pub(super) const ITEM: u64 = 2 * size_of::<Value>() as u64;

/// What a pair takes in a map of a type that is not known here.
pub(super) const PAIR: u64 = 2 * ITEM;

/// What a field of a struct takes.
pub(super) const FIELD: u64 = 32;

/// What a function takes, beside the value that it is.
pub(super) const FUNCTION: u64 = 80;

/// The bytes of what has been made of a frame, about.
pub(super) struct Weight {
    bytes: u64,
    /// How many there may be before the ledger is asked.
    free: u64,
    held: Reservation,
}

impl Weight {
    #[inline]
    pub fn new() -> Weight {
        Weight { bytes: 0, free: FREE, held: Reservation::default() }
    }

    /// Counts no more.
    #[inline]
    pub fn allow_all(&mut self) {
        self.free = u64::MAX;
    }

    /// Counts bytes that are about to be there.
    #[inline]
    pub fn add(&mut self, bytes: u64, ledger: &Arc<Ledger>) -> Result<(), ConversionError> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.free { self.take_more(ledger) } else { Ok(()) }
    }

    #[cold]
    fn take_more(&mut self, ledger: &Arc<Ledger>) -> Result<(), ConversionError> {
        let missing = self.bytes - self.free;
        let taken = ledger.reserve(missing.max(PART)).or_else(|_| ledger.reserve(missing));
        let taken = taken.map_err(|_| ConversionError::overdrawn())?;
        self.free = self.free.saturating_add(taken.bytes());
        self.held.join(taken);
        Ok(())
    }

    /// As much again.
    #[inline]
    pub fn again(&self, ledger: &Arc<Ledger>) -> Result<Reservation, Overdrawn> {
        if self.bytes <= FREE { Ok(Reservation::default()) } else { ledger.reserve(self.bytes) }
    }

    /// The same, to the byte, and so many bytes more.
    pub fn again_with(&self, beside: u64, ledger: &Arc<Ledger>) -> Result<Reservation, Overdrawn> {
        ledger.reserve(self.bytes.saturating_add(beside))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_no_error_is_small() {
        assert!(size_of::<Value>() <= 48, "{}", size_of::<Value>());
    }

    #[test]
    fn what_is_beyond_the_free_bytes_is_taken_while_it_is_there() {
        let ledger = Ledger::new(FREE, 0);
        let mut weight = Weight::new();
        weight.add(FREE, &ledger).unwrap();
        assert_eq!(ledger.room(), FREE);
        weight.add(1, &ledger).unwrap();
        assert_eq!(ledger.room(), 0);
        weight.add(PART - 1, &ledger).unwrap();
        assert!(weight.add(1, &ledger).unwrap_err().is_limit());
        drop(weight);
        assert_eq!(ledger.room(), FREE);
    }
}
