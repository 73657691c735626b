//! One instance of a Go guest, wherever it runs, and what is asked of it.

use super::local::Local;
use super::scheduler::Turn;
use super::worker::Worker;
use crate::frame::transfer::{Checked, TransferRules};
use crate::go::guest::{CancelKind, Death, Event, EventKind, GoGuest};
use crate::go::output::Chunks;
use crate::ledger::Ledger;
use crate::memory::{Attachments, Handles};
use crate::outcome::GuestUsage;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What an instance is asked.
pub(super) enum Request<'a> {
    Start { task: u32, function: u32, values: &'a Checked<'a>, timeout: Option<Duration> },
    Deliver { call: u32, is_error: bool, values: &'a Checked<'a> },
    Cancel { task: u32, kind: CancelKind, reason: Option<&'a str> },
    DropStream(u32),
    Close,
}

/// What became of a request.
pub(super) enum Asked {
    /// It is done, and the guest has left so many events.
    Events(u32),
    /// It is on its way to another thread.
    Sent,
    /// There is no room for it on the way.
    Full,
}

/// What an entry into a guest has cost.
#[derive(Default)]
pub(super) struct Spent {
    pub fuel: u64,
    /// How far the guest has turned the virtual clock.
    pub slept: Duration,
    pub output: Chunks,
}

/// A Go guest in its place: on the thread of the sandbox, or on one of its own.
pub(super) trait Seat {
    /// Asks for something.
    fn ask(
        &mut self,
        request: &Request<'_>,
        turn: &mut Turn,
        ledger: &Arc<Ledger>,
    ) -> Result<Asked, Death>;

    /// What it has cost since this was last asked; what is left of the fuel of a turn.
    fn take_spent(&mut self, turn: &mut Turn) -> Spent;

    /// The segments that its guest knows.
    fn handles(&self) -> &Handles;

    /// The segments that its guest has, if it runs on the thread of the sandbox.
    fn segments(&self) -> Option<&Attachments>;

    /// Tasks that it has and that are not done.
    fn tasks(&self) -> usize;

    /// It has another task, which may have a deadline.
    fn task_began(&mut self, id: u32, deadline: Option<Instant>);

    /// One of its tasks is done.
    fn task_ended(&mut self, id: u32, deadline: Option<Instant>);

    /// When something happens in it by itself, if it runs when the sandbox has time for it.
    fn next_wake(&self) -> Option<Duration>;

    /// May a goroutine be ready to run when the sandbox has time for it?
    fn is_busy(&self) -> bool;

    /// May it have something to say by itself, sooner or later?
    fn can_progress(&self) -> bool;

    /// What it has and had.
    fn usage(&self) -> GuestUsage;
}

/// Where a Go guest runs.
pub(super) enum Instance {
    Local(Box<Local>),
    Worker(Worker),
}

impl Instance {
    #[inline]
    pub fn seat(&self) -> &dyn Seat {
        match self {
            Instance::Local(local) => &**local,
            Instance::Worker(worker) => worker,
        }
    }

    #[inline]
    pub fn seat_mut(&mut self) -> &mut dyn Seat {
        match self {
            Instance::Local(local) => &mut **local,
            Instance::Worker(worker) => worker,
        }
    }

    #[inline]
    pub fn local(&mut self) -> Option<&mut Local> {
        match self {
            Instance::Local(local) => Some(local),
            Instance::Worker(_) => None,
        }
    }
}

/// Copies values into a Go guest: their number, and the bytes of their frame.
#[inline]
pub(super) fn put(guest: &mut GoGuest, values: &Checked<'_>) -> Result<(u32, u32), Death> {
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

/// The most events that one entry can leave: more than there can be tasks and calls.
const MAX_EVENTS: u32 = 1 << 18;

/// Refuses a guest that leaves more events than it can have reasons for.
pub(super) fn check_count(guest: &mut GoGuest, events: u32) -> Result<(), Death> {
    match events <= MAX_EVENTS {
        true => Ok(()),
        false => Err(guest.broken("it leaves more events than there is reason for")),
    }
}

/// An event of those that the last entry left.
pub(super) fn event(guest: &mut GoGuest, index: u32) -> Result<Event, Death> {
    guest.event(index).ok_or_else(|| guest.broken("an event is outside its memory"))
}

/// The steps that an event takes to be looked at.
pub(super) fn steps(event: &Event) -> u64 {
    64 + u64::from(event.len) / 16
}

/// The values of an event, or why they cannot be passed on.
pub(super) fn values_of<'a>(
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

/// What a guest is told, or Lua, where values cannot be passed on.
pub(super) fn refusal(name: &str, why: &str) -> String {
    format!("what the Go guest '{name}' sent cannot be passed on: {why}")
}
