//! Things of which a process has only so many, and how sandboxes share them.
//!
//! Who has some already can have another only as long as what he has is at most an eighth of
//! what is left. So no sandbox can take the last one away from the others: a greedy one ends
//! up with a ninth, however large the pot is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What part of what is left one holder can have.
const SHARE: u64 = 8;

/// A number of things that all sandboxes share.
#[derive(Debug)]
pub(crate) struct Pot {
    taken: AtomicU64,
}

/// What one sandbox has of a pot, and may have.
#[derive(Debug)]
pub(crate) struct Share {
    pot: &'static Pot,
    most: u64,
    taken: AtomicU64,
}

/// One thing out of a pot, until it is dropped.
#[derive(Debug)]
pub(crate) struct Taken {
    share: Arc<Share>,
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
    pub const fn new() -> Pot {
        Pot { taken: AtomicU64::new(0) }
    }

    /// For one sandbox, which may have `most` things at once.
    pub fn share(&'static self, most: u64) -> Arc<Share> {
        Arc::new(Share { pot: self, most, taken: AtomicU64::new(0) })
    }

    /// How many are taken now.
    #[cfg(test)]
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

impl Share {
    /// Takes one; `size` is how many there are in the pot with those that are taken.
    pub fn take(self: &Arc<Share>, size: u64) -> Result<Taken, Refused> {
        let own = |own: u64| (own < self.most).then_some(own + 1);
        let Ok(own) = self.taken.try_update(Ordering::Relaxed, Ordering::Relaxed, own) else {
            return Err(Refused::Bound);
        };
        let all =
            |all: u64| (own <= size.saturating_sub(all) / SHARE && all < size).then_some(all + 1);
        if self.pot.taken.try_update(Ordering::Relaxed, Ordering::Relaxed, all).is_err() {
            self.taken.fetch_sub(1, Ordering::Relaxed);
            return Err(Refused::Spent);
        }
        Ok(Taken { share: Arc::clone(self) })
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.share.taken.fetch_sub(1, Ordering::Relaxed);
        self.share.pot.taken.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_has_at_most_what_it_may() {
        static POT: Pot = Pot::new();
        let share = POT.share(2);
        let one = share.take(1000).unwrap();
        let _other = share.take(1000).unwrap();
        assert_eq!(share.take(1000).unwrap_err(), Refused::Bound);
        drop(one);
        let _again = share.take(1000).unwrap();
        assert_eq!(POT.taken(), 2);
    }

    #[test]
    fn greedy_sandboxes_leave_some_for_one_that_has_none() {
        static POT: Pot = Pot::new();
        let mut taken = Vec::new();
        let mut most = Vec::new();
        for _ in 0..20 {
            let share = POT.share(u64::MAX);
            let before = taken.len();
            while let Ok(one) = share.take(1000) {
                taken.push(one);
            }
            most.push(taken.len() - before);
        }
        assert_eq!(most[0], 112);
        assert!(POT.share(1).take(1000).is_ok(), "{most:?}");
        drop(taken);
        assert_eq!(POT.taken(), 0);
    }

    #[test]
    fn an_empty_pot_gives_nothing() {
        static POT: Pot = Pot::new();
        assert_eq!(POT.share(5).take(0).unwrap_err(), Refused::Spent);
    }
}
