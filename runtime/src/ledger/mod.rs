//! What the host keeps for one sandbox, and how much that may be.
//!
//! Every byte that the host holds on to because a guest asked for it is reserved in the
//! sandbox's ledger, and the [`Reservation`] is kept beside the bytes and dropped with them. The
//! memory of the Lua guest stands in the same ledger, so that both together never take more than
//! the memory limit and `host_bytes`, whichever of them takes it.

pub mod quota;

use crate::ledger::quota::{Quota, Refused, Shares};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The account of one sandbox: how many bytes its guests and the host on their behalf have in
/// use, and how many they may. Its guests may run on several threads.
#[derive(Debug)]
pub(crate) struct Ledger {
    most: u64,
    used: AtomicU64,
    /// How often there was no room.
    refusals: AtomicU64,
    /// How many of the process's quotas it holds.
    shares: Shares,
}

/// Bytes that are reserved in a ledger until this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Reservation {
    ledger: Option<Arc<Ledger>>,
    bytes: u64,
}

/// One unit of a quota, until it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    ledger: Arc<Ledger>,
    quota: &'static Quota,
}

/// There was no room for so many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Overdrawn;

impl fmt::Display for Overdrawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the host keeps as much for this sandbox as it may (limit host_bytes)")
    }
}

impl std::error::Error for Overdrawn {}

impl Ledger {
    /// One for a guest of so much memory, and so many bytes of the host's.
    pub fn new(memory: u64, host_bytes: u64) -> Arc<Ledger> {
        Arc::new(Ledger {
            most: memory.saturating_add(host_bytes),
            used: AtomicU64::new(0),
            refusals: AtomicU64::new(0),
            shares: Shares::default(),
        })
    }

    /// One that has room for everything, for what belongs to no sandbox.
    pub fn endless() -> Arc<Ledger> {
        Ledger::new(u64::MAX, 0)
    }

    /// Reserves bytes, which are given back when the result is dropped.
    pub fn reserve(self: &Arc<Ledger>, bytes: u64) -> Result<Reservation, Overdrawn> {
        self.charge(bytes)?;
        Ok(Reservation { ledger: Some(Arc::clone(self)), bytes })
    }

    /// Takes one unit of a quota of `size`, of which this sandbox may hold `most`.
    pub fn acquire(
        self: &Arc<Ledger>,
        quota: &'static Quota,
        most: u64,
        size: u64,
    ) -> Result<Permit, Refused> {
        quota.acquire(&self.shares, most, size)?;
        Ok(Permit { ledger: Arc::clone(self), quota })
    }

    /// How many bytes could be reserved now.
    pub fn room(&self) -> u64 {
        self.most.saturating_sub(self.used.load(Ordering::Relaxed))
    }

    /// Takes bytes that nobody gives back but by [`credit`](Self::credit): the memory of a
    /// guest, which only grows.
    pub fn charge(&self, bytes: u64) -> Result<(), Overdrawn> {
        let fits = |used: u64| used.checked_add(bytes).filter(|then| *then <= self.most);
        match self.used.try_update(Ordering::Relaxed, Ordering::Relaxed, fits) {
            Ok(_) => Ok(()),
            Err(_) => {
                self.refusals.fetch_add(1, Ordering::Relaxed);
                Err(Overdrawn)
            }
        }
    }

    /// How often something has been refused.
    pub fn refusals(&self) -> u64 {
        self.refusals.load(Ordering::Relaxed)
    }

    /// Gives bytes back.
    pub fn credit(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Reservation {
    /// How many bytes these are.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Reserves more in the same ledger.
    pub fn grow(&mut self, bytes: u64) -> Result<(), Overdrawn> {
        if let Some(ledger) = &self.ledger {
            ledger.charge(bytes)?;
            self.bytes += bytes;
        }
        Ok(())
    }

    /// Gives back all but so many.
    pub fn shrink_to(&mut self, bytes: u64) {
        self.shrink(self.bytes.saturating_sub(bytes));
    }

    /// Gives some of the bytes back, or all that there are.
    pub fn shrink(&mut self, bytes: u64) {
        let bytes = bytes.min(self.bytes);
        self.bytes -= bytes;
        if let Some(ledger) = &self.ledger {
            ledger.credit(bytes);
        }
    }

    /// Puts the bytes of another one to these, which are of the same ledger.
    pub fn join(&mut self, mut other: Reservation) {
        if self.ledger.is_none() {
            self.ledger = other.ledger.take();
        } else {
            other.ledger = None;
        }
        self.bytes += std::mem::take(&mut other.bytes);
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if let Some(ledger) = &self.ledger {
            ledger.credit(self.bytes);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.quota.release(&self.ledger.shares);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::quota::Resource;
    use proptest::prelude::*;

    #[test]
    fn what_does_not_fit_is_refused_and_takes_nothing() {
        let ledger = Ledger::new(60, 40);
        let held = ledger.reserve(70).unwrap();
        assert_eq!(ledger.reserve(31).unwrap_err(), Overdrawn);
        assert_eq!(ledger.room(), 30);
        drop(held);
        assert_eq!(ledger.room(), 100);
    }

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let ledger = Ledger::new(60, 40);
        let mut held = ledger.reserve(100).unwrap();
        held.shrink_to(30);
        held.shrink_to(70);
        assert_eq!((held.bytes(), ledger.room()), (30, 70));
    }

    #[test]
    fn nothing_is_of_no_ledger_and_can_grow_into_no_one_elses() {
        let mut nothing = Reservation::default();
        nothing.grow(u64::MAX).unwrap();
        assert_eq!(nothing.bytes(), 0);
    }

    #[test]
    fn a_permit_goes_back_to_its_quota_when_it_is_dropped() {
        static QUOTA: Quota = Quota::of(Resource::Descriptor);
        let ledger = Ledger::endless();
        let one = ledger.acquire(&QUOTA, 1, 100).unwrap();
        assert_eq!(ledger.acquire(&QUOTA, 1, 100).unwrap_err(), Refused::AtLimit);
        drop(one);
        assert!(ledger.acquire(&QUOTA, 1, 100).is_ok());
    }

    #[test]
    fn an_endless_ledger_has_room_for_everything() {
        let ledger = Ledger::endless();
        let held = ledger.reserve(u64::MAX - 1).unwrap();
        assert_eq!(held.bytes(), u64::MAX - 1);
    }

    proptest! {
        #[test]
        fn the_room_is_what_the_holders_have_left(
            steps in prop::collection::vec((0usize..8, 0u64..200, 0u8..5), 0..100),
        ) {
            let ledger = Ledger::new(300, 200);
            let mut holders: Vec<Reservation> = Vec::new();
            for (at, bytes, what) in steps {
                let room = ledger.room();
                match what {
                    0 => match ledger.reserve(bytes) {
                        Ok(held) => holders.push(held),
                        Err(Overdrawn) => prop_assert!(bytes > room),
                    },
                    1 if at < holders.len() => {
                        let grown = holders[at].grow(bytes);
                        prop_assert_eq!(grown.is_ok(), bytes <= room);
                    }
                    2 if at + 1 < holders.len() => {
                        let other = holders.remove(at + 1);
                        holders[at].join(other);
                    }
                    3 if at < holders.len() => holders[at].shrink(bytes),
                    _ if at < holders.len() => drop(holders.remove(at)),
                    _ => {}
                }
                let held: u64 = holders.iter().map(Reservation::bytes).sum();
                prop_assert_eq!(ledger.room(), 500 - held);
            }
        }
    }
}
