//! What a guest waits for at rings.

use super::attachments::Attachments;
use super::imports::Notify;
use super::problem::Problem;
use super::ring::{Ring, Side, Waited};
use super::shared::Shared;
use super::waiters::new_owner;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Wake, Waker};

/// Waits of one guest that have not ended.
#[derive(Default)]
pub(super) struct Waits {
    list: Vec<Wait>,
}

/// How many of them there can be.
const MAX_WAITS: usize = 1 << 16;

struct Wait {
    handle: u32,
    ring: Ring,
    at: u32,
    side: Side,
    owner: u64,
    shared: Weak<Shared>,
    number: u32,
    waker: Waker,
    is_over: Arc<AtomicBool>,
}

/// Tells the guest, once.
struct Teller {
    number: u32,
    notify: Notify,
    is_over: Arc<AtomicBool>,
}

impl Wake for Teller {
    fn wake(self: Arc<Self>) {
        if !self.is_over.swap(true, Ordering::AcqRel) {
            (self.notify)(self.number);
        }
    }
}

impl Wait {
    fn end(&self) {
        self.is_over.store(true, Ordering::Release);
        if let Some(shared) = self.shared.upgrade() {
            self.ring.unwait(self.side, shared.waiters(), self.owner);
        }
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.list.iter().for_each(Wait::end);
    }
}

impl Waits {
    fn end(&mut self, is_it: impl Fn(&Wait) -> bool) {
        self.list.retain(|wait| {
            if is_it(wait) {
                wait.end();
            }
            !is_it(wait)
        });
    }

    /// Segments at whose rings the guest waits.
    fn shared(&self) -> impl Iterator<Item = Arc<Shared>> {
        let waiting = self.list.iter().filter(|wait| !wait.is_over.load(Ordering::Acquire));
        waiting.filter_map(|wait| wait.shared.upgrade())
    }
}

impl Attachments {
    fn ring(&mut self, handle: u32, at: u32) -> Option<(Arc<Shared>, Ring)> {
        let segment = self.find(handle)?;
        if segment.is_read_only() {
            // Who waits leaves word in the ring.
            self.fail(Problem::ReadOnly.to_string());
            return None;
        }
        match Ring::of(&segment, at as usize) {
            Ok(ring) => Some((Arc::clone(segment.shared()), ring)),
            Err(error) => {
                self.fail(error.to_string());
                None
            }
        }
    }

    /// Has the guest wait; whether it has to.
    pub(super) fn ring_wait(
        &mut self,
        handle: u32,
        at: u32,
        side: Side,
        number: u32,
        notify: Notify,
    ) -> Option<Waited> {
        let (shared, ring) = self.ring(handle, at)?;
        let list = &mut self.waits.list;
        if list.len() >= MAX_WAITS {
            self.fail("the guest waits at too many rings");
            return None;
        }
        let is_over = Arc::new(AtomicBool::new(false));
        let teller = Teller { number, notify, is_over: Arc::clone(&is_over) };
        let owner = new_owner();
        let waker = Waker::from(Arc::new(teller));
        match ring.wait(side, shared.waiters(), owner, &waker) {
            Ok(Waited::Ready) => Some(Waited::Ready),
            Ok(Waited::Registered) => {
                let shared = Arc::downgrade(&shared);
                let wait = Wait { handle, ring, at, side, owner, shared, number, waker, is_over };
                self.waits.list.push(wait);
                Some(Waited::Registered)
            }
            Err(error) => {
                self.fail(error.to_string());
                None
            }
        }
    }

    /// Has the guest wait no more at a side of a ring.
    pub(super) fn ring_unwait(&mut self, handle: u32, at: u32, side: Side) {
        self.waits.end(|wait| (wait.handle, wait.at, wait.side) == (handle, at, side));
    }

    /// Does anybody in the guest wait at a ring?
    pub fn is_waiting(&self) -> bool {
        self.waits.list.iter().any(|wait| !wait.is_over.load(Ordering::Acquire))
    }

    /// The numbers of those that have been woken, which are not kept any longer.
    pub fn take_woken(&mut self) -> Vec<u32> {
        let mut woken = Vec::new();
        self.waits.list.retain(|wait| {
            let is_over = wait.is_over.load(Ordering::Acquire);
            if is_over {
                woken.push(wait.number);
            }
            !is_over
        });
        woken
    }

    /// Nobody in the guest waits under that number any more.
    pub fn abandon_wait(&mut self, number: u32) {
        self.waits.end(|wait| wait.number == number);
    }

    /// Nobody in the guest waits any more.
    pub fn abandon_waits(&mut self) {
        self.waits.end(|_| true);
    }

    /// Those that wait at a ring in a segment that the guest has closed are to see that.
    pub(super) fn wake_waits(&mut self, handle: u32) {
        let of_it = |wait: &&Wait| wait.handle == handle;
        self.waits.list.iter().filter(of_it).for_each(|wait| {
            wait.waker.wake_by_ref();
            wait.end();
        });
    }

    /// Wakes up who waits on a side of a ring.
    pub(super) fn ring_wake(&mut self, handle: u32, at: u32, side: Side) {
        if let Some((shared, ring)) = self.ring(handle, at) {
            ring.wake(side, shared.waiters());
        }
    }

    /// How often the guest holds a segment.
    fn holds(&self, shared: &Shared) -> usize {
        self.handles.holds(shared.id()) + self.attached_times(shared.id())
    }
}

/// Can one of those that wait at rings be woken by somebody who is not among them? `guests`
/// are all that run on one thread, of which none can run while all of them wait.
pub(crate) fn has_hope<'a>(guests: impl Iterator<Item = &'a Attachments> + Clone) -> bool {
    let is_held_elsewhere = guests.clone().flat_map(|guest| guest.waits.shared()).any(|shared| {
        let held: usize = guests.clone().map(|guest| guest.holds(&shared)).sum();
        // One is held here.
        Arc::strong_count(&shared) > held + 1
    });
    // Somebody may have woken one of them and let go in between.
    let is_woken = |guest: &Attachments| {
        guest.waits.list.iter().any(|wait| wait.is_over.load(Ordering::Acquire))
    };
    is_held_elsewhere || guests.clone().any(is_woken)
}
