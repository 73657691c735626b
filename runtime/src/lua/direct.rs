//! The shortest way from Lua to Go: numbers, booleans and nils to a function that does not
//! block, and back. The slots go from one memory to the other, and nothing else is made.

use super::guest::State;
use crate::frame::SLOT;
use crate::frame::transfer::copy_plain;
use crate::go::guest::{Answer, Death};
use crate::host::function::Written;
use crate::memory::bytes::GuestBytesMut;
use luago_abi::mailbox::field::FRAME;
use wasmtime::Result;

/// The most bytes that go this way.
const MOST: u32 = 256;

/// Calls the function, or does nothing if the call is not of this kind. The answer may be of
/// any kind.
#[inline]
pub(super) fn call(
    memory: &mut GuestBytesMut<'_>,
    state: &mut State,
    (guest, function): (usize, u32),
) -> Option<Result<i32>> {
    let exchange = &mut state.exchange;
    let sent = exchange.sent(memory.bytes())?;
    let bridge = exchange.bridge.as_deref_mut()?;
    let local = bridge.prepared(guest, state.control.run())?;
    let frame = memory.bytes().get(sent.at(), sent.len())?;
    if frame.len() != sent.count as usize * SLOT || sent.len() > MOST {
        return None;
    }
    if !copy_plain(local.guest.inbox(sent.len())?, frame, true) {
        return None;
    }
    local.may_run = true;
    match local.guest.call(function, sent.count, sent.len()) {
        Ok(answer) => {
            let is_quiet = !local.guest.has_output();
            if is_quiet && answer.status() == 0 && answer.len() <= MOST {
                let from = local.guest.outbox_frame(answer.len());
                let is_exact = exchange.encode_rules.integers_are_exact;
                let place = memory.get_mut(exchange.mailbox + FRAME, answer.len());
                if let (Some(from), Some(place)) = (from, place)
                    && from.len() == answer.count() as usize * SLOT
                    && copy_plain(place, from, is_exact)
                {
                    let left = exchange.leave_plain(memory, answer.count(), answer.len());
                    state.need_ticks();
                    return Some(left);
                }
            }
            Some(finish(memory, state, (guest, function), answer))
        }
        Err(death) => Some(died(memory, state, guest, death)),
    }
}

/// Takes an answer that is more than numbers.
#[cold]
fn finish(
    memory: &mut GuestBytesMut<'_>,
    state: &mut State,
    id: (usize, u32),
    answer: Answer,
) -> Result<i32> {
    let (bridge, encoder) = state.exchange.bridge();
    encoder.clear();
    let ended = bridge.finish_call(id, answer, encoder);
    bridge.collect_output(id.0);
    state.exchange.announce_output(memory);
    state.exchange.reply(memory, &Written { count: ended.count, is_error: ended.is_error })
}

#[cold]
fn died(
    memory: &mut GuestBytesMut<'_>,
    state: &mut State,
    guest: usize,
    death: Death,
) -> Result<i32> {
    let now = state.clock.running(0);
    let (bridge, encoder) = state.exchange.bridge();
    encoder.clear();
    bridge.collect_output(guest);
    let ended = match death {
        Death::Sandbox(halt) => return Err(halt.into()),
        Death::Guest(why) => bridge.died_in_call(guest, &why, now, encoder),
    };
    state.exchange.announce_output(memory);
    state.exchange.reply(memory, &Written { count: ended.count, is_error: ended.is_error })
}
