//! What a guest waits for at rings.

use super::attachments::Attachments;
use super::wait_list::{MAX_WAITS, Notify, Wait};
use luago_segment::internal::{Ring, SegmentParts, Shared, Side, Waited, new_owner};
use std::sync::Arc;

impl Attachments {
    fn ring(&mut self, handle: u32, at: u32) -> Option<(Arc<Shared>, Ring)> {
        let segment = self.find(handle)?;
        match Ring::of(&segment, at as usize) {
            Ok(ring) => Some((Arc::clone(segment.shared()), ring)),
            Err(error) => {
                self.fail(error.to_string());
                None
            }
        }
    }

    /// Has the guest wait; whether it has to.
    pub(crate) fn ring_wait(
        &mut self,
        handle: u32,
        at: u32,
        side: Side,
        number: u32,
        notify: Notify,
    ) -> Option<Waited> {
        let (shared, ring) = self.ring(handle, at)?;
        let owner = new_owner();
        let Some(waker) = self.waits.expect(owner, number, notify) else {
            self.fail(format!(
                "the guest waits at too many rings: {MAX_WAITS} at most, and fewer where its \
                 sandbox has no memory left for them (limit host_bytes)"
            ));
            return None;
        };
        match ring.wait(side, shared.waiters(), owner, &waker) {
            Ok(Waited::Registered) => {
                let (segment, shared) = (shared.id(), Arc::downgrade(&shared));
                let wait = Wait { handle, ring, at, side, segment, shared, number, waker };
                self.waits.add(owner, wait);
                Some(Waited::Registered)
            }
            Ok(Waited::Ready) => {
                self.waits.forget(owner);
                Some(Waited::Ready)
            }
            Err(error) => {
                self.waits.forget(owner);
                self.fail(error.to_string());
                None
            }
        }
    }

    /// Has the guest wait no more at a side of a ring.
    pub(crate) fn ring_unwait(&mut self, handle: u32, at: u32, side: Side) {
        self.waits.end_at(handle, at, side);
    }

    /// Whether anybody in the guest waits at a ring.
    pub fn is_waiting(&self) -> bool {
        self.waits.is_waiting()
    }

    /// The numbers of those that have been woken, which are not kept any longer: who calls
    /// this tells the guest of all of them.
    pub fn take_woken(&mut self) -> Vec<u32> {
        if !self.waits.has_held() {
            return Vec::new();
        }
        let woken = self.waits.take_woken();
        self.waits.tell_all();
        woken
    }

    /// Those that have been woken are not kept any longer: the guest is told of them by number.
    pub fn forget_woken(&mut self) {
        self.waits.take_woken();
    }

    /// The guest is told of a number.
    #[inline]
    pub fn tell(&mut self, number: u32) {
        if self.waits.has_held() {
            self.waits.tell(number);
        }
    }

    /// Nobody in the guest waits under that number any more.
    pub fn abandon_wait(&mut self, number: u32) {
        self.waits.end_number(number);
    }

    /// Nobody in the guest waits any more.
    pub fn abandon_waits(&mut self) {
        self.waits.end_all();
    }

    /// Those that wait at a ring in a segment that the guest has closed are to see that.
    pub(crate) fn wake_waits(&mut self, handle: u32) {
        self.waits.wake_all_in(handle);
    }

    /// Wakes up who waits on a side of a ring.
    pub(crate) fn ring_wake(&mut self, handle: u32, at: u32, side: Side) {
        if let Some((shared, ring)) = self.ring(handle, at) {
            ring.wake(side, shared.waiters());
        }
    }

    /// How often the guest holds a segment: by each handle, and where it is mapped.
    fn holds(&self, shared: &Shared) -> usize {
        let handles = self.handles.of_segment(shared.id());
        handles.into_iter().flatten().map(|handle| 1 + usize::from(self.has(handle))).sum()
    }
}

/// Whether one of those that wait at rings can be woken by somebody who is not among them.
/// `guests` are all that run on one thread, of which none can run while all of them wait.
pub(crate) fn can_progress<'a>(guests: impl Iterator<Item = &'a Attachments> + Clone) -> bool {
    // Somebody may have woken one of them and let go in between.
    if guests.clone().any(|guest| guest.waits.has_woken()) {
        return true;
    }
    guests.clone().flat_map(|guest| guest.waits.segments()).any(|shared| {
        let held: usize = guests.clone().map(|guest| guest.holds(&shared)).sum();
        // One is held here.
        Arc::strong_count(&shared) > held + 1
    })
}
