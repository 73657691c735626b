//! Who waits on the rings of a segment.

use crate::side::Side;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

/// How many may wait in one segment, so that a guest cannot make the host's list grow for ever.
const MOST: usize = 65_536;

/// The list of those who wait. Clones are the same list.
#[derive(Clone, Default)]
pub struct Waiters {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<BTreeMap<Key, Waker>>,
    wakes: AtomicU64,
}

/// Where one waits: the ring by its offset in the whole segment, in bytes, the side, and who.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    at: u32,
    side: Side,
    owner: u64,
}

/// A number for somebody who will wait, which nobody else has.
pub fn new_owner() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Waiters {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Waker>> {
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that `owner` waits, in the place of what was noted of it before. `raise` is run at
    /// a time at which nobody else changes the flag of that side. False, if too many wait.
    #[must_use]
    pub(crate) fn register(
        &self,
        at: u32,
        side: Side,
        owner: u64,
        waker: &Waker,
        raise: impl FnOnce(),
    ) -> bool {
        let waker = waker.clone();
        let mut waiting = self.lock();
        let key = Key { at, side, owner };
        if waiting.len() >= MOST && !waiting.contains_key(&key) {
            return false;
        }
        let before = waiting.insert(key, waker);
        raise();
        // Wakers are of foreign code, which is not run under the lock.
        drop(waiting);
        drop(before);
        true
    }

    /// Takes back that `owner` waits. `lower` is run if nobody is left on that side.
    pub(crate) fn remove(&self, at: u32, side: Side, owner: u64, lower: impl FnOnce()) {
        let mut waiting = self.lock();
        let before = waiting.remove(&Key { at, side, owner });
        if waiting.range(keys(at, side)).next().is_none() {
            lower();
        }
        drop(waiting);
        drop(before);
    }

    /// Wakes all who wait on that side, who are noted no more. `lower` is run before.
    pub(crate) fn wake(&self, at: u32, side: Side, lower: impl FnOnce()) {
        let mut woken = Vec::new();
        let mut waiting = self.lock();
        lower();
        while let Some((&key, _)) = waiting.range(keys(at, side)).next() {
            woken.extend(waiting.remove(&key));
        }
        drop(waiting);
        self.shared.wakes.fetch_add(1, Ordering::Release);
        woken.into_iter().for_each(Waker::wake);
    }

    /// Wakes `owner`, if it is still noted.
    pub(crate) fn wake_owner(&self, at: u32, side: Side, owner: u64) {
        let waker = self.lock().remove(&Key { at, side, owner });
        waker.into_iter().for_each(Waker::wake);
    }

    /// A number that changes with every [`wake`](Waiters::wake), and so when an end is closed.
    #[inline]
    pub(crate) fn wakes(&self) -> u64 {
        self.shared.wakes.load(Ordering::Acquire)
    }
}

fn keys(at: u32, side: Side) -> std::ops::RangeInclusive<Key> {
    Key { at, side, owner: 0 }..=Key { at, side, owner: u64::MAX }
}
