//! The waits of one guest that have not ended, found by whatever they are asked for by.

use crate::ledger::Reservation;
use luago_segment::internal::{Ring, Shared, Side};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Wake, Waker};

/// How many waits of a guest there can be, with those that it has been woken from and has not
/// been told of. So many numbers, at most, stand in the inbox of its sandbox.
pub(crate) const MAX_WAITS: usize = 4096;

/// Bytes that a wait takes of the host's memory, and that are taken from the account of the
/// sandbox. Counted generously.
const WAIT_BYTES: u64 = 640;

/// Wakes up, from any thread, who waits in a guest under a number.
pub(crate) type Notify = Arc<dyn Fn(u32) + Send + Sync>;

/// A side of a ring that a guest waits at.
pub(crate) struct Wait {
    pub handle: u32,
    pub ring: Ring,
    pub at: u32,
    pub side: Side,
    pub segment: u64,
    pub shared: Weak<Shared>,
    pub number: u32,
    pub waker: Waker,
}

/// Waits of one guest that have not ended, by the number of who waits, and so from the oldest
/// to the latest.
#[derive(Default)]
pub(crate) struct WaitList {
    waits: BTreeMap<u64, Wait>,
    by_side: BTreeSet<(u32, u32, Side, u64)>,
    by_number: BTreeSet<(u32, u64)>,
    /// How many there are in each segment.
    segments: BTreeMap<u64, (Weak<Shared>, usize)>,
    wakes: Arc<Wakes>,
    held: Reservation,
}

/// What wakers, which run on any thread, and the guest have together.
#[derive(Default)]
struct Wakes {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Who has not been woken yet, and the number that it waits under.
    waiting: BTreeMap<u64, u32>,
    /// Who has been, and has not been taken.
    woken: BTreeMap<u64, u32>,
    /// Numbers that somebody was told to wake in the guest, and that the guest has not been
    /// told of. However often they are woken until then, nobody is told again.
    notified: BTreeSet<u32>,
}

impl Wakes {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the guest, once.
struct GuestWaker {
    owner: u64,
    wakes: Arc<Wakes>,
    notify: Notify,
}

impl Wake for GuestWaker {
    fn wake(self: Arc<Self>) {
        let mut wakes = self.wakes.lock();
        let Some(number) = wakes.waiting.remove(&self.owner) else { return };
        wakes.woken.insert(self.owner, number);
        let is_new = wakes.notified.insert(number);
        drop(wakes);
        if is_new {
            (self.notify)(number);
        }
    }
}

impl Wait {
    fn unwait(&self, owner: u64) {
        if let Some(shared) = self.shared.upgrade() {
            self.ring.unwait(self.side, shared.waiters(), owner);
        }
    }
}

impl WaitList {
    /// One whose waits are taken from an account.
    pub fn charged_to(held: Reservation) -> WaitList {
        let mut list = WaitList::default();
        list.held = held;
        list
    }

    /// The waker of another one, if there may be one. It can already be called before the wait is
    /// added, or [`forget`](Self::forget) is called.
    pub fn expect(&mut self, owner: u64, number: u32, notify: Notify) -> Option<Waker> {
        let mut wakes = self.wakes.lock();
        let count = self.waits.len() + wakes.notified.len();
        let bytes = (count as u64 + 1) * WAIT_BYTES;
        let is_room =
            count < MAX_WAITS && self.held.grow(bytes.saturating_sub(self.held.bytes())).is_ok();
        if !is_room {
            return None;
        }
        // What it was told under this number may be for a wait that is over.
        wakes.notified.remove(&number);
        wakes.waiting.insert(owner, number);
        drop(wakes);
        let wakes = Arc::clone(&self.wakes);
        Some(Waker::from(Arc::new(GuestWaker { owner, wakes, notify })))
    }

    /// Nobody waits after all.
    pub fn forget(&mut self, owner: u64) {
        let mut wakes = self.wakes.lock();
        wakes.waiting.remove(&owner);
        wakes.woken.remove(&owner);
    }

    /// Adds one that was expected.
    pub fn add(&mut self, owner: u64, wait: Wait) {
        self.by_side.insert((wait.handle, wait.at, wait.side, owner));
        self.by_number.insert((wait.number, owner));
        let of_it = self.segments.entry(wait.segment);
        of_it.or_insert_with(|| (Weak::clone(&wait.shared), 0)).1 += 1;
        self.waits.insert(owner, wait);
    }

    fn remove(&mut self, owner: u64) -> Option<Wait> {
        let wait = self.waits.remove(&owner)?;
        self.by_side.remove(&(wait.handle, wait.at, wait.side, owner));
        self.by_number.remove(&(wait.number, owner));
        if let Some(of_it) = self.segments.get_mut(&wait.segment) {
            of_it.1 -= 1;
            if of_it.1 == 0 {
                self.segments.remove(&wait.segment);
            }
        }
        self.forget(owner);
        Some(wait)
    }

    fn end(&mut self, owners: Vec<u64>) {
        for owner in owners {
            if let Some(wait) = self.remove(owner) {
                wait.unwait(owner);
            }
        }
        self.settle();
    }

    /// Ends all waits at a side of a ring.
    pub fn end_at(&mut self, handle: u32, at: u32, side: Side) {
        let range = (handle, at, side, 0)..=(handle, at, side, u64::MAX);
        let owners = self.by_side.range(range).map(|(.., owner)| *owner).collect();
        self.end(owners);
    }

    /// Ends all waits under a number.
    pub fn end_number(&mut self, number: u32) {
        let owners = self.by_number.range((number, 0)..=(number, u64::MAX));
        let owners = owners.map(|(_, owner)| *owner).collect();
        self.end(owners);
    }

    /// Ends all.
    pub fn end_all(&mut self) {
        let owners = self.waits.keys().copied().collect();
        self.end(owners);
    }

    /// Wakes all who wait at rings in what a handle stands for.
    pub fn wake_all_in(&self, handle: u32) {
        let range = (handle, 0, Side::Sender, 0)..=(handle, u32::MAX, Side::Receiver, u64::MAX);
        for &(.., owner) in self.by_side.range(range) {
            if let Some(wait) = self.waits.get(&owner) {
                wait.waker.wake_by_ref();
                wait.unwait(owner);
            }
        }
    }

    /// Whether anybody waits who has not been woken.
    pub fn is_waiting(&self) -> bool {
        !self.waits.is_empty() && !self.wakes.lock().waiting.is_empty()
    }

    /// Whether anybody has been woken who has not been taken.
    pub fn has_woken(&self) -> bool {
        !self.waits.is_empty() && !self.wakes.lock().woken.is_empty()
    }

    /// The numbers of those who have been woken, in the order in which they began to wait.
    /// They are not kept any longer.
    pub fn take_woken(&mut self) -> Vec<u32> {
        if self.waits.is_empty() {
            return Vec::new();
        }
        let woken = std::mem::take(&mut self.wakes.lock().woken);
        for owner in woken.keys() {
            self.remove(*owner);
        }
        self.settle();
        woken.into_values().collect()
    }

    /// The guest is told of a number now.
    pub fn tell(&mut self, number: u32) {
        self.wakes.lock().notified.remove(&number);
        self.settle();
    }

    /// The guest is told of all.
    pub fn tell_all(&mut self) {
        self.wakes.lock().notified.clear();
        self.settle();
    }

    /// Whether there is anything that the guest may have to be told of.
    #[inline]
    pub fn has_held(&self) -> bool {
        self.held.bytes() > 0
    }

    /// Gives back what those took that are gone.
    fn settle(&mut self) {
        let count = self.waits.len() + self.wakes.lock().notified.len();
        self.held.shrink_to(count as u64 * WAIT_BYTES);
    }

    /// Segments at whose rings there are waits.
    pub fn segments(&self) -> impl Iterator<Item = Arc<Shared>> {
        self.segments.values().filter_map(|of_it| of_it.0.upgrade())
    }
}

impl Drop for WaitList {
    fn drop(&mut self) {
        self.end_all();
    }
}
