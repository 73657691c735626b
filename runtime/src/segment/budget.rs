//! What the guests of one sandbox may have made of segments.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many segments that its guests have made a sandbox can have. Each is an open file of
/// the process.
const MAX_MADE: u64 = 64;

/// How many files of a process segments made by guests can be, where it may open so many.
const MAX_FILES: u64 = 4096;

/// Files that segments made by guests are now, in this process.
static FILES: AtomicU64 = AtomicU64::new(0);

/// Shared by the guests of a sandbox, which may run on several threads.
#[derive(Debug)]
pub(crate) struct Budget {
    limit: u64,
    bytes: AtomicU64,
    made: AtomicU64,
}

/// A part of a budget that a segment takes up as long as it is there.
#[derive(Debug)]
pub(super) struct Charge {
    budget: Arc<Budget>,
    bytes: u64,
}

impl Budget {
    pub fn new(limit: u64) -> Arc<Budget> {
        Arc::new(Budget { limit, bytes: AtomicU64::new(0), made: AtomicU64::new(0) })
    }

    /// The most bytes that the guests may have made, and that each may have mapped.
    pub fn limit(&self) -> u64 {
        self.limit
    }

    /// Takes up a part, or says why there is none.
    pub(super) fn charge(self: &Arc<Budget>, bytes: u64) -> Result<Charge, String> {
        let limit = self.limit;
        let most_files = MAX_FILES.min(open_files() / 4);
        let take = |counter: &AtomicU64, amount: u64, most: u64| {
            let fits = |now: u64| now.checked_add(amount).filter(|then| *then <= most);
            counter.try_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_ok()
        };
        if !take(&self.bytes, bytes, limit) {
            return Err(format!(
                "a segment of {bytes} bytes is more than there is left of {limit} (limit segments)"
            ));
        }
        if !take(&self.made, 1, MAX_MADE) {
            self.bytes.fetch_sub(bytes, Ordering::Relaxed);
            return Err(format!("{MAX_MADE} segments are in use; close some of them first"));
        }
        if !take(&FILES, 1, most_files) {
            self.bytes.fetch_sub(bytes, Ordering::Relaxed);
            self.made.fetch_sub(1, Ordering::Relaxed);
            return Err("the process has too many segments open".to_string());
        }
        Ok(Charge { budget: Arc::clone(self), bytes })
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.budget.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
        self.budget.made.fetch_sub(1, Ordering::Relaxed);
        FILES.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How many files the process may open.
fn open_files() -> u64 {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    limit.current.unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_can_be_taken_up_again() {
        let budget = Budget::new(100);
        let charge = budget.charge(60).unwrap();
        assert!(budget.charge(41).unwrap_err().contains("limit segments"));
        let other = budget.charge(40).unwrap();
        drop(charge);
        assert!(budget.charge(60).is_ok());
        drop(other);
    }

    #[test]
    fn a_sandbox_has_only_so_many_segments() {
        let budget = Budget::new(u64::MAX);
        let charges: Vec<_> = (0..MAX_MADE).map(|_| budget.charge(1).unwrap()).collect();
        assert!(budget.charge(1).unwrap_err().contains("close some"));
        drop(charges);
        assert!(budget.charge(1).is_ok());
    }
}
