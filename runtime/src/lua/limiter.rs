//! How much memory a Lua guest gets.

use crate::engine::safepoints::PAGE;
use crate::ledger::Ledger;
use std::sync::Arc;
use wasmtime::ResourceLimiter;

/// Holds a guest to its memory limit and remembers what it asked for.
pub(crate) struct MemoryLimiter {
    limit: usize,
    /// What of its memory is windows for segments, and no part of the limit.
    windows: usize,
    peak: usize,
    /// Where its memory is counted beside what the host keeps, and how much of it is.
    ledger: Arc<Ledger>,
    counted: usize,
}

/// Bytes for errors on their way; less than the memory a guest starts with.
const EXCEPTION_HEAP: usize = 1 << 20;

/// Bytes of tables; a Lua guest has one of some thousand functions.
const MAX_TABLE_ELEMENTS: usize = 20_000;

impl MemoryLimiter {
    pub fn new(limit: u64, ledger: Arc<Ledger>) -> MemoryLimiter {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        MemoryLimiter { limit, windows: 0, peak: 0, ledger, counted: 0 }
    }

    /// The most memory that the guest has had, in bytes.
    pub fn peak(&self) -> u64 {
        self.peak as u64
    }

    /// So much of its memory is windows, or will be as soon as it has grown.
    pub fn set_windows(&mut self, bytes: u64) {
        self.windows = usize::try_from(bytes).unwrap_or(0);
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // Errors are objects in a small heap of their own, which is never part of the
        // limit: an error must be possible when the guest's memory is full. What
        // grows from nothing, or from less than a guest has, is that heap.
        if desired <= EXCEPTION_HEAP {
            return Ok(true);
        }
        if (1..=EXCEPTION_HEAP).contains(&current)
            || desired > self.limit.saturating_add(self.windows)
            // The polling page is behind all memory.
            || desired > PAGE as usize
        {
            return Ok(false);
        }
        let own = desired.saturating_sub(self.windows);
        if self.ledger.charge(own.saturating_sub(self.counted) as u64).is_err() {
            return Ok(false);
        }
        self.counted = self.counted.max(own);
        self.peak = self.peak.max(own);
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
}
