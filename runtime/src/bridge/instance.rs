//! One instance of a Go guest, on the sandbox's thread or on its own.

use super::worker::Worker;
use crate::frame::transfer::{Checked, Parcel, TransferRules};
use crate::go::guest::{Death, Entry, Event, EventKind, GoGuest};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Where a Go guest runs.
pub(crate) enum Instance {
    Local(Box<Local>),
    Worker(Worker),
}

/// One that runs on the thread of the sandbox, when that has time for it.
pub(crate) struct Local {
    pub guest: GoGuest,
    /// May a goroutine be ready to run? Not known, unless it was idle and not entered since.
    pub may_run: bool,
    /// When its next timer is due, on the sandbox's clock.
    pub timer: Option<Duration>,
    /// When its tasks that have little time are out of it.
    pub deadlines: BTreeSet<(Instant, u32)>,
    /// Tasks that it has and that are not done.
    pub tasks: usize,
    /// For which run it has been prepared, or 0.
    prepared: u64,
}

impl Local {
    pub fn new(guest: GoGuest) -> Local {
        Local {
            guest,
            may_run: true,
            timer: None,
            deadlines: BTreeSet::new(),
            tasks: 0,
            prepared: 0,
        }
    }

    /// Makes ready for being entered.
    #[inline]
    pub fn prepare(&mut self, entry: &mut Entry, run: u64) {
        if self.is_prepared(run) && entry.fuel.is_none() {
            return;
        }
        entry.task_deadline = self.deadlines.first().map(|(at, _)| *at);
        self.guest.prepare(entry);
        let lasts = self.deadlines.is_empty() && entry.fuel.is_none();
        self.prepared = if lasts { run } else { 0 };
    }

    /// Need it not be prepared again in this run?
    #[inline]
    pub fn is_prepared(&self, run: u64) -> bool {
        self.prepared == run && run != 0 && self.deadlines.is_empty()
    }
}

impl Instance {
    pub fn tasks(&self) -> usize {
        match self {
            Instance::Local(local) => local.tasks,
            Instance::Worker(worker) => worker.tasks,
        }
    }

    pub fn tasks_mut(&mut self) -> &mut usize {
        match self {
            Instance::Local(local) => &mut local.tasks,
            Instance::Worker(worker) => &mut worker.tasks,
        }
    }
}

/// Copies values into a Go guest: their number, and the bytes of their frame.
#[inline]
pub(crate) fn put(guest: &mut GoGuest, values: &Checked<'_>) -> Result<(u32, u32), Death> {
    let no_room = "it has no room for what it is sent";
    let Ok(len) = u32::try_from(values.size()) else { return Err(guest.broken(no_room)) };
    let Some(at) = guest.room(len)? else { return Err(guest.broken(no_room)) };
    let receiver = values.has_segments().then(|| guest.handles().clone());
    let written =
        guest.memory_mut().get_mut(at, len).and_then(|to| values.write(to, at, receiver.as_ref()));
    match written {
        Some(()) => Ok((values.count, len)),
        None => Err(guest.broken(OUTSIDE)),
    }
}

/// What is wrong with a guest whose frames are not in its memory.
const OUTSIDE: &str = "a frame is outside its memory";

/// An event of those that the last entry left.
pub(crate) fn event(guest: &mut GoGuest, index: u32) -> Result<Event, Death> {
    guest.event(index).ok_or_else(|| guest.broken("an event is outside its memory"))
}

/// The values of an event, or why they cannot be passed on.
pub(crate) fn values_of<'a>(
    guest: &'a mut GoGuest,
    event: &Event,
    rules: &TransferRules,
) -> Result<Result<Checked<'a>, String>, Death> {
    let (at, len, count) = match event.kind {
        EventKind::Abandon => (0, 0, 0),
        _ => (event.at, event.len, event.count),
    };
    if guest.memory().get(at, len).is_none() {
        return Err(guest.broken(OUTSIDE));
    }
    let memory = guest.memory();
    let frame = memory.get(at, len).unwrap_or_default();
    Ok(Checked::new(memory, frame, count, rules, guest.handles())
        .map_err(|error| error.message().to_string()))
}

/// Makes an error of an event whose values cannot be passed on.
pub(crate) fn refuse(event: &mut Event, name: &str, why: &str) -> Parcel {
    const ERROR: u32 = 1;
    if event.kind == EventKind::Done {
        event.number = ERROR;
    }
    Parcel::error(&[&format!("what the Go guest '{name}' sent cannot be passed on: {why}")], None)
}
