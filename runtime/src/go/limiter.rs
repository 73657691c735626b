//! The memory of a Go guest.

use crate::ledger::Reservation;
use wasmtime::ResourceLimiter;

/// Functions in a guest's table: twice as many as a module can have. Each takes 8 bytes.
const MAX_TABLE_ELEMENTS: usize = 1 << 18;

/// Holds a guest to its memory limit, remembers what it had, and whether it wanted more.
///
/// Windows for segments are no part of the limit. But the guest makes them out of memory that
/// it has to have first, and it may never give what it has made. So until it does, what it has
/// beyond its limit is taken from the account of the sandbox, in which the memory of Lua and
/// what the host keeps stand as well: whatever the guest does with it, all together never take
/// more than was granted.
pub(crate) struct Limiter {
    limit: u64,
    /// What of its memory is windows.
    windows: u64,
    /// What it may have beyond the limit and the windows.
    loan: Reservation,
    /// Its memory, and the most that it had of it without windows.
    size: u64,
    peak: u64,
    refused: Option<u64>,
}

impl Limiter {
    pub fn new(limit: u64) -> Limiter {
        Limiter { limit, windows: 0, loan: Reservation::default(), size: 0, peak: 0, refused: None }
    }

    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// The most memory that the guest has had, in bytes.
    pub fn peak(&self) -> u64 {
        self.peak.max(self.size.saturating_sub(self.windows))
    }

    /// Where what it has beyond its limit is taken from.
    pub fn set_loan(&mut self, loan: Reservation) {
        self.loan = loan;
    }

    /// Lets its memory become so large; false if the sandbox has not so much left.
    pub fn lend(&mut self, size: u64) -> bool {
        let more = self.beyond(size).saturating_sub(self.loan.bytes());
        self.loan.grow(more).is_ok()
    }

    /// So much of its memory, which is so large, are windows. What it was lent for them goes
    /// back.
    pub fn set_windows(&mut self, bytes: u64, size: u64) {
        self.windows = bytes;
        self.loan.shrink_to(self.beyond(size));
        self.peak = self.peak();
    }

    fn beyond(&self, size: u64) -> u64 {
        size.saturating_sub(self.limit).saturating_sub(self.windows)
    }

    /// How much memory it asked for in vain.
    pub fn refused(&self) -> Option<u64> {
        self.refused
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let desired = desired as u64;
        if self.beyond(desired) > self.loan.bytes() {
            self.refused = Some(desired);
            return Ok(false);
        }
        self.size = desired;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= MAX_TABLE_ELEMENTS)
    }

    fn instances(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        1
    }

    fn memories(&self) -> usize {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Ledger;

    #[test]
    fn what_is_beyond_the_limit_is_taken_from_the_sandbox_until_it_is_a_window() {
        let ledger = Ledger::new(90, 10);
        let mut limiter = Limiter::new(50);
        limiter.set_loan(ledger.reserve(0).unwrap());
        let grows = |limiter: &mut Limiter, to| limiter.memory_growing(0, to, None).unwrap();
        assert!(grows(&mut limiter, 50) && !grows(&mut limiter, 51));
        assert!(!limiter.lend(151) && limiter.lend(130));
        assert_eq!(ledger.room(), 20);
        assert!(grows(&mut limiter, 120) && !grows(&mut limiter, 131));
        limiter.set_windows(60, 120);
        assert_eq!((ledger.room(), limiter.peak()), (90, 60));
        assert!(grows(&mut limiter, 120) && !grows(&mut limiter, 121));
        drop(limiter);
        assert_eq!(ledger.room(), 100);
    }
}
