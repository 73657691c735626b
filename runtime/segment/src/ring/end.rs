//! What both ends of a ring have in common.

use super::block_on::block_on;
use super::header::{FAILED, Indices, Ring};
use super::wait::Waited;
use crate::error::{Error, Problem};
use crate::segment::Segment;
use crate::side::Side;
use crate::{barrier, waiters};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::task::{Context, Poll};

/// How often one that waits looks by itself before it sleeps. Going to sleep and being woken
/// takes about as long as this.
const LOOKS: u32 = 200;

/// One end: that of the sender, or that of the receiver.
pub(crate) struct End<const IS_SENDER: bool> {
    pub ring: Ring,
    /// The part of the segment that the ring takes.
    pub segment: Segment,
    state: State,
    owner: u64,
    /// Up to which [wake-up](waiters::Waiters::wakes) in the segment it is known that the ring
    /// is open.
    open_at: Option<u64>,
    /// Whether it was noted that this end waits, since it was last not.
    waiting: bool,
    reaches_all: bool,
}

enum State {
    Open,
    Closed,
    ClosedByOther { text: Option<String> },
    Broken(&'static str),
}

impl<const IS_SENDER: bool> End<IS_SENDER> {
    const SIDE: Side = if IS_SENDER { Side::Sender } else { Side::Receiver };
    const OTHER: Side = if IS_SENDER { Side::Receiver } else { Side::Sender };

    pub fn over(segment: &Segment, at: usize) -> Result<Self, Error> {
        let ring = Ring::of(segment, at)?;
        let segment = segment.sub(at..at + ring.len())?;
        let owner = waiters::new_owner();
        let reaches_all = barrier::reaches_all();
        Ok(End {
            ring,
            segment,
            state: State::Open,
            owner,
            open_at: None,
            waiting: false,
            reaches_all,
        })
    }

    /// Checks that this end may be used. Closing an end always wakes the other, so whether it
    /// is closed is looked at only after somebody has been woken.
    #[inline]
    pub fn check(&mut self) -> Result<(), Error> {
        let wakes = Some(self.segment.waiters().wakes());
        match self.state {
            State::Open if self.open_at == wakes => Ok(()),
            State::Open => self.check_closed(wakes),
            _ => Err(self.why_not()),
        }
    }

    #[cold]
    fn check_closed(&mut self, wakes: Option<u64>) -> Result<(), Error> {
        if self.ring.closed(Self::SIDE).load(Acquire) != 0 {
            // By a guest that has had this end in between.
            self.state = State::Closed;
            return Err(self.why_not());
        }
        // A receiver takes what is left before it looks at this.
        if IS_SENDER && let Some(text) = self.other_closed() {
            return Err(self.closed_by_other(text));
        }
        self.open_at = wakes;
        Ok(())
    }

    #[cold]
    fn why_not(&self) -> Error {
        Error::new(match &self.state {
            State::Open | State::Closed => Problem::EndClosed { end: Self::SIDE.name() },
            State::ClosedByOther { text } => {
                Problem::RingClosed { by: Self::OTHER.name(), text: text.clone() }
            }
            State::Broken(how) => Problem::RingBroken(how),
        })
    }

    /// Closes this end because the other has broken the rules.
    #[cold]
    pub fn broken(&mut self, how: &'static str) -> Error {
        self.ring.close(Self::SIDE, Some("the ring is broken"));
        self.ring.wake(Self::OTHER, self.segment.waiters());
        self.state = State::Broken(how);
        self.why_not()
    }

    /// How many bytes are in use between the indices.
    #[inline]
    pub fn used(&mut self, indices: &Indices) -> Result<u32, Error> {
        self.ring.used(indices).map_err(|how| self.broken(how))
    }

    /// Reads the index of the other side.
    #[inline]
    pub fn other_index(&mut self) -> Result<u32, Error> {
        if !self.ring.is_marked() {
            return Err(self.broken("it does not begin as a ring does"));
        }
        Ok(self.ring.index(Self::OTHER).load(Acquire))
    }

    /// Publishes the index of this side. Gives what the other side waits for, or 0.
    #[inline]
    pub fn publish(&self, index: u32) -> u32 {
        self.ring.index(Self::SIDE).store(index, Release);
        barrier::light(self.reaches_all);
        self.ring.waits(Self::OTHER).load(Relaxed)
    }

    /// Wakes the other side.
    #[cold]
    pub fn wake_other(&self) {
        self.ring.wake(Self::OTHER, self.segment.waiters());
    }

    /// How the other side has closed the ring, if it has: with an error if it has given one.
    pub fn other_closed(&self) -> Option<Option<String>> {
        match self.ring.closed(Self::OTHER).load(Acquire) {
            0 => None,
            FAILED => Some(Some(self.ring.error(Self::OTHER))),
            _ => Some(None),
        }
    }

    /// Notes that the other side has closed the ring, and gives the error that says so.
    pub fn closed_by_other(&mut self, text: Option<String>) -> Error {
        self.state = State::ClosedByOther { text };
        self.why_not()
    }

    pub fn close(&mut self, text: Option<&str>) {
        if matches!(self.state, State::Closed | State::Broken(_)) {
            return;
        }
        self.stop_waiting();
        self.ring.close(Self::SIDE, text);
        self.wake_other();
        self.state = State::Closed;
    }

    /// Begins to wait.
    pub fn wait(&mut self, context: &Context<'_>) -> Result<Waited, Error> {
        self.waiting = true;
        self.ring.wait(Self::SIDE, self.segment.waiters(), self.owner, context.waker())
    }

    #[inline]
    pub fn stop_waiting(&mut self) {
        if self.waiting {
            self.waiting = false;
            self.ring.unwait(Self::SIDE, self.segment.waiters(), self.owner);
        }
    }
}

impl<const IS_SENDER: bool> Drop for End<IS_SENDER> {
    fn drop(&mut self) {
        self.stop_waiting();
    }
}

/// Polls, on a thread that sleeps while there is nothing to do. `look` is asked a few times
/// before, whether there is by now.
pub(crate) fn block<T>(
    mut look: impl FnMut() -> bool,
    poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
) -> T {
    for _ in 0..if cfg!(miri) { 1 } else { LOOKS } {
        if look() {
            break;
        }
        std::hint::spin_loop();
    }
    block_on(poll)
}
