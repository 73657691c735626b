//! Waiting for the other end of a ring, without losing a wake-up.
//!
//! Who waits is noted, then sets its flag, has all threads run a barrier, and looks once more.
//! Who publishes stores its index, and then looks at the flag. Whichever of the two comes
//! first, one sees the other: either the waiting side finds what was published, or the
//! publishing side finds the flag, and wakes.

use super::header::{Indices, Ring};
use crate::error::{Error, Problem};
use crate::side::Side;
use crate::waiters::Waiters;
use crate::{barrier, periodic_wake};
use std::sync::atomic::Ordering::{Acquire, Relaxed, SeqCst};
use std::task::Waker;

/// How waiting began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// There is something to do already.
    Ready,
    /// The waker is called once there can be.
    Registered,
}

impl Ring {
    /// Begins to wait on a side. A sender has stored in its flag how many bytes it needs. After
    /// it was woken, or was told that there is something to do, a side has to look again: it can
    /// have been woken for nothing.
    ///
    /// `owner` is who waits, and has one waker at most on each side of each ring. Fails if too
    /// many wait in the segment.
    pub fn wait(
        &self,
        side: Side,
        waiters: &Waiters,
        owner: u64,
        waker: &Waker,
    ) -> Result<Waited, Error> {
        let raise = || match side {
            Side::Sender => {}
            Side::Receiver => self.waits(side).store(1, SeqCst),
        };
        if !waiters.register(self.at, side, owner, waker, raise) {
            let why = "too many wait on the rings of one segment; use several segments";
            return Err(Error::new(Problem::Unavailable(why.to_string())));
        }
        barrier::heavy();
        if !self.must_wait(side) {
            self.unwait(side, waiters, owner);
            return Ok(Waited::Ready);
        }
        // Under Miri all threads are the host's, whose own barrier is enough.
        if !barrier::reaches_all() && !cfg!(miri) {
            periodic_wake::later(waiters, self.at, side, owner);
        }
        Ok(Waited::Registered)
    }

    /// Takes a wait back.
    pub fn unwait(&self, side: Side, waiters: &Waiters, owner: u64) {
        waiters.remove(self.at, side, owner, || self.waits(side).store(0, Relaxed));
    }

    /// Wakes who waits on a side.
    pub fn wake(&self, side: Side, waiters: &Waiters) {
        waiters.wake(self.at, side, || self.waits(side).store(0, Relaxed));
    }

    /// Whether there is nothing to do for a side. If the ring is broken there is: to find that
    /// out.
    fn must_wait(&self, side: Side) -> bool {
        if self.closed(side.other()).load(Acquire) != 0 || !self.is_marked() {
            return false;
        }
        let indices = Indices {
            tail: self.index(Side::Sender).load(Acquire),
            head: self.index(Side::Receiver).load(Acquire),
        };
        let Ok(used) = self.used(&indices) else { return false };
        match side {
            Side::Receiver => used == 0,
            // Somebody has set the flag back since: there may be room.
            Side::Sender => !self.has_room(used, self.waits(side).load(Relaxed)),
        }
    }

    /// Whether there is as much room as a sender waits for, if it waits.
    #[inline]
    pub(crate) fn has_room(&self, used: u32, needed: u32) -> bool {
        needed <= self.capacity - used || used == 0
    }
}

/// An end that can wait.
pub(crate) trait Waits {
    /// Sees to it that it is not woken any more.
    fn stop_waiting(&mut self);
}

/// An end that is not woken any more once nobody waits for it.
pub(crate) struct Waiting<'a, E: Waits>(pub &'a mut E);

impl<E: Waits> Drop for Waiting<'_, E> {
    fn drop(&mut self) {
        self.0.stop_waiting();
    }
}
