//! Things of which a process has only so many, and how sandboxes share them.
//!
//! Who has some already can have another only as long as what he has is at most an eighth of
//! what is left. So no sandbox can take the last one away from the others: a greedy one ends
//! up with a ninth, however large the pot is.

use std::sync::atomic::{AtomicU64, Ordering};

/// What part of what is left one holder can have.
const SHARE: u64 = 8;

/// A number of things that all sandboxes share.
#[derive(Debug)]
pub(crate) struct Pot {
    kind: Kind,
    taken: AtomicU64,
}

/// What is in a pot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    SegmentFile,
    Mapping,
    Descriptor,
}

/// How many things of each kind one sandbox has.
#[derive(Debug, Default)]
pub(crate) struct Shares {
    taken: [AtomicU64; 3],
}

/// Why there is no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The sandbox has as many as it may.
    Bound,
    /// The process has too few left to give this sandbox another.
    Spent,
}

impl Pot {
    pub const fn of(kind: Kind) -> Pot {
        Pot { kind, taken: AtomicU64::new(0) }
    }

    /// Takes one for a sandbox that may have `most` at once; `size` is how many there are in
    /// the pot with those that are taken.
    pub fn take(&self, shares: &Shares, most: u64, size: u64) -> Result<(), Refused> {
        let own = |own: u64| (own < most).then_some(own + 1);
        let share = self.share(shares);
        let Ok(own) = share.try_update(Ordering::Relaxed, Ordering::Relaxed, own) else {
            return Err(Refused::Bound);
        };
        let all =
            |all: u64| (own <= size.saturating_sub(all) / SHARE && all < size).then_some(all + 1);
        if self.taken.try_update(Ordering::Relaxed, Ordering::Relaxed, all).is_err() {
            share.fetch_sub(1, Ordering::Relaxed);
            return Err(Refused::Spent);
        }
        Ok(())
    }

    /// Puts one back that the sandbox has.
    pub fn put_back(&self, shares: &Shares) {
        self.share(shares).fetch_sub(1, Ordering::Relaxed);
        self.taken.fetch_sub(1, Ordering::Relaxed);
    }

    fn share<'a>(&self, shares: &'a Shares) -> &'a AtomicU64 {
        &shares.taken[self.kind as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pot() -> Pot {
        Pot::of(Kind::Mapping)
    }

    #[test]
    fn a_sandbox_has_at_most_what_it_may() {
        let (pot, shares) = (pot(), Shares::default());
        assert_eq!(pot.take(&shares, 2, 1000), Ok(()));
        assert_eq!(pot.take(&shares, 2, 1000), Ok(()));
        assert_eq!(pot.take(&shares, 2, 1000), Err(Refused::Bound));
        pot.put_back(&shares);
        assert_eq!(pot.take(&shares, 2, 1000), Ok(()));
    }

    #[test]
    fn each_kind_is_counted_for_itself() {
        let shares = Shares::default();
        for kind in [Kind::SegmentFile, Kind::Mapping, Kind::Descriptor] {
            let pot = Pot::of(kind);
            assert_eq!(pot.take(&shares, 1, 1000), Ok(()), "{kind:?}");
            assert_eq!(pot.take(&shares, 1, 1000), Err(Refused::Bound), "{kind:?}");
        }
    }

    #[test]
    fn greedy_sandboxes_leave_some_for_one_that_has_none() {
        let pot = pot();
        let mut most = Vec::new();
        for _ in 0..20 {
            let shares = Shares::default();
            let mut count = 0;
            while pot.take(&shares, u64::MAX, 1000).is_ok() {
                count += 1;
            }
            most.push(count);
        }
        assert_eq!(most[0], 112);
        assert_eq!(pot.take(&Shares::default(), 1, 1000), Ok(()), "{most:?}");
    }

    #[test]
    fn an_empty_pot_gives_nothing() {
        assert_eq!(pot().take(&Shares::default(), 5, 0), Err(Refused::Spent));
    }
}
