//! Things of which a process has only so many, and how sandboxes share them.
//!
//! Who has some already can have another only as long as what he has is at most an eighth of
//! what is left. So no sandbox can take the last one away from the others: a greedy one ends
//! up with a ninth, however large the quota is.

use std::sync::atomic::{AtomicU64, Ordering};

/// What part of what is left one holder can have.
const SHARE: u64 = 8;

/// How many of one resource of the process sandboxes hold.
#[derive(Debug)]
pub(crate) struct Quota {
    resource: Resource,
    held: AtomicU64,
}

/// What a quota is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    SegmentFile,
    Mapping,
    Descriptor,
}

/// How many of each resource one sandbox holds.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    held: [AtomicU64; 3],
}

/// Why there is no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The sandbox has as many as it may.
    AtLimit,
    /// The process has too few left to give this sandbox another.
    Exhausted,
}

impl Quota {
    pub const fn of(resource: Resource) -> Quota {
        Quota { resource, held: AtomicU64::new(0) }
    }

    /// Takes one for a sandbox that may hold `most` at once; `size` is how many there are
    /// with those that are held.
    pub fn acquire(&self, shares: &Shares, most: u64, size: u64) -> Result<(), Refused> {
        let own = |own: u64| (own < most).then_some(own + 1);
        let share = self.share(shares);
        let Ok(own) = share.try_update(Ordering::Relaxed, Ordering::Relaxed, own) else {
            return Err(Refused::AtLimit);
        };
        let all =
            |all: u64| (own <= size.saturating_sub(all) / SHARE && all < size).then_some(all + 1);
        if self.held.try_update(Ordering::Relaxed, Ordering::Relaxed, all).is_err() {
            share.fetch_sub(1, Ordering::Relaxed);
            return Err(Refused::Exhausted);
        }
        Ok(())
    }

    /// Gives one back that the sandbox holds.
    pub fn release(&self, shares: &Shares) {
        self.share(shares).fetch_sub(1, Ordering::Relaxed);
        self.held.fetch_sub(1, Ordering::Relaxed);
    }

    fn share<'a>(&self, shares: &'a Shares) -> &'a AtomicU64 {
        &shares.held[self.resource as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota() -> Quota {
        Quota::of(Resource::Mapping)
    }

    #[test]
    fn a_sandbox_has_at_most_what_it_may() {
        let (quota, shares) = (quota(), Shares::default());
        assert_eq!(quota.acquire(&shares, 2, 1000), Ok(()));
        assert_eq!(quota.acquire(&shares, 2, 1000), Ok(()));
        assert_eq!(quota.acquire(&shares, 2, 1000), Err(Refused::AtLimit));
        quota.release(&shares);
        assert_eq!(quota.acquire(&shares, 2, 1000), Ok(()));
    }

    #[test]
    fn each_resource_is_counted_for_itself() {
        let shares = Shares::default();
        for resource in [Resource::SegmentFile, Resource::Mapping, Resource::Descriptor] {
            let quota = Quota::of(resource);
            assert_eq!(quota.acquire(&shares, 1, 1000), Ok(()), "{resource:?}");
            assert_eq!(quota.acquire(&shares, 1, 1000), Err(Refused::AtLimit), "{resource:?}");
        }
    }

    #[test]
    fn greedy_sandboxes_leave_some_for_one_that_has_none() {
        let quota = quota();
        let mut most = Vec::new();
        for _ in 0..20 {
            let shares = Shares::default();
            let mut count = 0;
            while quota.acquire(&shares, u64::MAX, 1000).is_ok() {
                count += 1;
            }
            most.push(count);
        }
        assert_eq!(most[0], 112);
        assert_eq!(quota.acquire(&Shares::default(), 1, 1000), Ok(()), "{most:?}");
    }

    #[test]
    fn an_empty_quota_gives_nothing() {
        assert_eq!(quota().acquire(&Shares::default(), 5, 0), Err(Refused::Exhausted));
    }
}
