//! The memory of a Go guest.

use wasmtime::ResourceLimiter;

/// Functions in a guest's table: twice as many as a module can have. Each takes 8 bytes.
const MAX_TABLE_ELEMENTS: usize = 1 << 18;

/// Holds a guest to its memory limit, remembers what it had, and whether it wanted more.
pub(crate) struct Limiter {
    limit: usize,
    /// What it may have beyond the limit, for segments to be mapped over.
    allowance: usize,
    peak: usize,
    refused: Option<usize>,
}

impl Limiter {
    pub fn new(limit: u64) -> Limiter {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Limiter { limit, allowance: 0, peak: 0, refused: None }
    }

    pub fn limit(&self) -> u64 {
        self.limit as u64
    }

    /// The most memory that the guest has had, in bytes.
    pub fn peak(&self) -> u64 {
        self.peak as u64
    }

    /// Lets it have so much more, for segments to be mapped over.
    pub fn allow(&mut self, bytes: u64) {
        self.allowance = self.allowance.max(usize::try_from(bytes).unwrap_or(0));
    }

    /// How much memory it asked for in vain.
    pub fn refused(&self) -> Option<u64> {
        self.refused.map(|bytes| bytes as u64)
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired > self.limit.saturating_add(self.allowance) {
            self.refused = Some(desired);
            return Ok(false);
        }
        self.peak = self.peak.max(desired.saturating_sub(self.allowance));
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
