//! Events in the memory of a Go guest, with the frames that belong to them.

use crate::frame::rules::TransferRules;
use crate::frame::validated::ValidatedFrame;
use crate::go::guest::{Event, EventKind, Exit, GoGuest};

/// What is wrong with a guest whose frames are not in its memory.
const OUTSIDE: &str = "a frame is outside its memory";

/// The most events that one entry can leave: more than there can be tasks and calls.
const MAX_EVENTS: u32 = 1 << 18;

/// Refuses a guest that leaves more events than it can have reasons for.
pub(super) fn check_count(guest: &mut GoGuest, events: u32) -> Result<(), Exit> {
    match events <= MAX_EVENTS {
        true => Ok(()),
        false => Err(guest.broken("it leaves more events than there is reason for")),
    }
}

/// An event of those that the last entry left.
pub(super) fn event(guest: &mut GoGuest, index: u32) -> Result<Event, Exit> {
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
) -> Result<Result<ValidatedFrame<'a>, String>, Exit> {
    let (at, len, count) = match event.kind {
        EventKind::Abandon => (0, 0, 0),
        _ => (event.at, event.len, event.count),
    };
    if guest.memory().get(at, len).is_none() {
        return Err(guest.broken(OUTSIDE));
    }
    let memory = guest.memory();
    let frame = memory.get(at, len).unwrap_or_default();
    Ok(ValidatedFrame::new(memory, frame, count, rules, guest.handles())
        .map_err(|error| error.message().to_string()))
}

/// What a guest is told, or Lua, where values cannot be passed on.
pub(super) fn refusal(name: &str, why: &str) -> String {
    format!("what the Go guest '{name}' sent cannot be passed on: {why}")
}
