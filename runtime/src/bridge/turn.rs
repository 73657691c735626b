//! One turn of the bridge: under which conditions guests are entered, and what it has cost.

use crate::go::guest::Entry;
use crate::host::interrupt::{Halt, InterruptHandle};
use crate::outcome::Stop;
use std::time::{Duration, Instant};

/// The steps of the host after which it looks at the clock.
pub(super) const STEPS: u64 = 4096;

/// Under which conditions guests are entered now.
pub(crate) struct Turn {
    pub entry: Entry,
    /// What the sandbox's clock shows.
    pub now: Duration,
    /// The number of the sandbox's run, or 0.
    pub run: u64,
    /// Steps that the host has made for guests since it looked at the clock.
    pub steps: u64,
}

/// Why a sandbox has to stop, if it has.
pub(super) fn reason_to_stop(entry: &Entry, interrupt: &InterruptHandle) -> Option<Halt> {
    if interrupt.is_interrupted() {
        return Some(Halt::Stop(Stop::Interrupted));
    }
    let (at, limit) = entry.deadline?;
    (Instant::now() >= at).then_some(Halt::Stop(Stop::Deadline { limit }))
}

impl Turn {
    pub fn new(entry: Entry, now: Duration, run: u64) -> Turn {
        Turn { entry, now, run, steps: 0 }
    }

    /// Counts steps that the host makes because a guest wants it to, and looks now and then
    /// whether the sandbox has to stop.
    #[inline]
    pub fn spend(&mut self, steps: u64, interrupt: &InterruptHandle) -> Result<(), Halt> {
        self.steps += steps;
        if self.steps < STEPS {
            return Ok(());
        }
        self.steps = 0;
        reason_to_stop(&self.entry, interrupt).map_or(Ok(()), Err)
    }
}
