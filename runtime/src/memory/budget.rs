//! What the guests of one sandbox may have made of segments.

use crate::ledger::quota::{Quota, Refused, Resource};
use crate::ledger::{Ledger, Permit, Reservation};
use crate::platform::limits;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many segments that its guests have made a sandbox can have. Each is an open file of
/// the process.
const MAX_MADE: u64 = 64;

/// How many files of a process segments made by guests can be, where it may open twice as
/// many.
const MAX_FILES: u64 = 4096;

/// How many mappings over guests' memory a process can have. Linux allows 65,530 of all
/// kinds by default, and each of these takes up to two; the rest is for everything else.
const MAX_MAPPINGS: u64 = 16_384;

/// How many of them a sandbox can have: as much as the quota gives to one.
const MAX_MAPPED: u64 = MAX_MAPPINGS / 9;

/// Files that segments made by guests are now, in this process.
static FILES: Quota = Quota::of(Resource::SegmentFile);

/// Mappings over guests' memory that there are now, in this process.
static MAPPINGS: Quota = Quota::of(Resource::Mapping);

/// Shared by the guests of a sandbox, which may run on several threads.
#[derive(Debug)]
pub(crate) struct Budget {
    limit: u64,
    bytes: AtomicU64,
    ledger: Arc<Ledger>,
}

/// A part of a budget that a segment takes up as long as it is there.
#[derive(Debug)]
pub(crate) struct Charge {
    budget: Arc<Budget>,
    bytes: u64,
    _file: Permit,
}

impl Budget {
    pub fn new(limit: u64, ledger: Arc<Ledger>) -> Arc<Budget> {
        Arc::new(Budget { limit, bytes: AtomicU64::new(0), ledger })
    }

    /// The most bytes that the guests may have made, and that each may have mapped.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Takes up a part, or says why there is none.
    pub(crate) fn charge(self: &Arc<Budget>, bytes: u64) -> Result<Charge, String> {
        let limit = self.limit;
        let files = MAX_FILES.min(limits::open_files() / 2);
        let file = self.ledger.acquire(&FILES, MAX_MADE, files).map_err(|why| match why {
            Refused::AtLimit => format!("{MAX_MADE} segments are in use; close some of them first"),
            Refused::Exhausted => {
                "the process has too many segments open for this sandbox to have \
                               another; close some of them first, or let it open more files"
                    .to_string()
            }
        })?;
        let fits = |now: u64| now.checked_add(bytes).filter(|then| *then <= limit);
        if self.bytes.try_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_err() {
            return Err(format!(
                "a segment of {bytes} bytes is more than there is left of {limit} (limit segments)"
            ));
        }
        Ok(Charge { budget: Arc::clone(self), bytes, _file: file })
    }

    /// What the host keeps for the sandbox.
    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    /// What a guest may have beyond its limit out of the sandbox's account: nothing, to begin
    /// with.
    pub fn loan(&self) -> Reservation {
        // Nothing is always to be had.
        self.ledger.reserve(0).unwrap_or_default()
    }

    /// One mapping over a guest's memory, or why there cannot be another.
    pub(crate) fn mapping(&self) -> Result<Permit, String> {
        let permit = self.ledger.acquire(&MAPPINGS, MAX_MAPPED, MAX_MAPPINGS);
        permit.map_err(|why| match why {
            Refused::AtLimit => format!(
                "the guests of this sandbox have {MAX_MAPPED} of them mapped; close some of them \
                 first"
            ),
            Refused::Exhausted => {
                "the process has too many of them mapped for this sandbox to map \
                               another; close some of them first"
                    .to_string()
            }
        })
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.budget.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_can_be_taken_up_again() {
        let budget = Budget::new(100, Ledger::endless());
        let charge = budget.charge(60).unwrap();
        assert!(budget.charge(41).unwrap_err().contains("limit segments"));
        let other = budget.charge(40).unwrap();
        drop(charge);
        assert!(budget.charge(60).is_ok());
        drop(other);
    }

    #[test]
    fn a_sandbox_has_only_so_many_segments() {
        let budget = Budget::new(u64::MAX, Ledger::endless());
        let charges: Vec<_> = (0..MAX_MADE).map(|_| budget.charge(1).unwrap()).collect();
        assert!(budget.charge(1).unwrap_err().contains("close some"));
        drop(charges);
        assert!(budget.charge(1).is_ok());
    }
}
