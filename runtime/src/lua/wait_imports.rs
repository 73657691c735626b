//! What the tasks of a Lua guest wait for: answers of the host and of Go guests, and the time.

use super::bridge_imports::{sent, what_was_sent, with_bridge};
use super::caller::{among_others, now, split};
use super::state::State;
use crate::bridge::event::WaitsFor;
use crate::bridge::lazy::LazyBridge;
use crate::bridge::scheduler::Bridge;
use crate::engine::block_on::block_on;
use crate::go::guest::CancelKind;
use crate::host::interrupt::Halt;
use crate::host::mailbox::broken;
use luago_abi::IMPORT_MODULE;
use luago_abi::lua::{cancel as cancelled, imports};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};
use wasmtime::{AsContextMut, Caller, Linker};

type Result<T> = wasmtime::Result<T>;

pub(super) fn add_to_linker(linker: &mut Linker<State>) -> Result<()> {
    linker.func_wrap(IMPORT_MODULE, imports::ABANDON, abandon)?;
    linker.func_wrap(IMPORT_MODULE, imports::TIMER, timer)?;
    linker.func_wrap(IMPORT_MODULE, imports::WAIT, |caller: Caller<'_, State>, block: i32| {
        among_others(caller, |caller| wait(caller, block))
    })?;
    linker.func_wrap(IMPORT_MODULE, imports::COMPLETED, |caller: Caller<'_, State>| {
        among_others(caller, |caller| Ok(completed(caller)))
    })?;
    linker.func_wrap(IMPORT_MODULE, imports::RESULT, result)?;
    linker.func_wrap(IMPORT_MODULE, imports::CANCEL, cancel)?;
    Ok(())
}

/// Waits until something that a task waits for has happened. In a future the guest is
/// left at its next poll instead, or at the next tick, which comes at once.
fn wait(caller: &mut Caller<'_, State>, block: i32) -> Result<i32> {
    if let Some(stop) = caller.data().control.reason() {
        return Err(Halt::Stop(stop).into());
    }
    let pending = caller.data().calls.pending.clone();
    let has_bridge = caller.data().bridge.get().is_some();
    let is_ready =
        |bridge: &LazyBridge| pending.has_ready() || bridge.get().is_some_and(Bridge::has_calls);
    if has_bridge && (block == 0 || !is_ready(&caller.data().bridge)) {
        let now = now(caller);
        with_bridge(caller, |_, bridge, _, turn| {
            turn.now = now;
            bridge.advance(turn)
        })?;
    }
    let now = now(caller);
    let (_, state) = split(caller)?;
    for call_id in state.segments.take_woken() {
        pending.announce(call_id);
    }
    if pending.is_flooded() {
        return Err(broken("it does not take what it waits for"));
    }
    if block == 0 {
        let _ = pending.poll(&mut Context::from_waker(Waker::noop()));
    } else if is_ready(&state.bridge) {
        return Ok(1);
    }
    let can_progress =
        state.bridge.get().is_some_and(|bridge| bridge.can_progress(&state.segments));
    let is_waiting =
        pending.is_waiting() || state.bridge.get_mut().is_some_and(|bridge| bridge.is_waiting());
    if block == 0 || !(is_waiting || can_progress) {
        return Ok(i32::from(is_waiting || can_progress));
    }
    let mut wake = None;
    if let Some(bridge) = state.bridge.get_mut() {
        if bridge.is_busy() {
            return Ok(1);
        }
        wake = bridge.next_wake();
        if wake.is_none() && !pending.is_waiting() && !can_progress {
            bridge.end_stuck(now);
            return Ok(1);
        }
    }
    let left = wake.map(|at| at.saturating_sub(now));
    if let Some(left) = left
        && !pending.is_waiting()
        && state.clock.skip(left)
    {
        return Ok(1);
    }
    state.wake_at = left.and_then(|left| Instant::now().checked_add(left));
    if state.is_async {
        state.suspend = true;
        match &state.polling {
            Some(page) => page.demand(),
            None => caller.as_context_mut().set_epoch_deadline(0),
        }
        return Ok(1);
    }
    let control = &state.control;
    let wake_at = state.wake_at;
    let patience = || {
        let left = wake_at.map(|at| at.saturating_duration_since(Instant::now()));
        let is_over = left == Some(Duration::ZERO) || control.reason().is_some();
        (!is_over).then(|| left.map_or(PATIENCE, |left| left.min(PATIENCE)))
    };
    let inbox = state.bridge.get().map(Bridge::inbox);
    block_on(
        |context| match inbox {
            Some(inbox) if inbox.poll(context).is_ready() => Poll::Ready(()),
            _ => pending.poll(context),
        },
        patience,
    );
    if let Some(stop) = state.control.reason() {
        return Err(Halt::Stop(stop).into());
    }
    Ok(1)
}

/// How often a wait looks at the deadline and for an interrupt.
const PATIENCE: Duration = Duration::from_millis(5);

fn completed(caller: &mut Caller<'_, State>) -> u32 {
    caller.data().calls.pending.next_ready().unwrap_or(0)
}

fn result(mut caller: Caller<'_, State>, call_id: u32) -> Result<i32> {
    let now = now(&caller);
    let (mut memory, state) = split(&mut caller)?;
    if let Some(bridge) = state.bridge.get_mut() {
        bridge.acknowledge(call_id, now);
    }
    state.calls.result(&mut memory, call_id)
}

/// Sets a time at which a call id is announced.
fn timer(mut caller: Caller<'_, State>, call_id: u32, seconds: f64) -> Result<()> {
    let left = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
    let now = now(&caller);
    let (_, state) = split(&mut caller)?;
    let ledger = Arc::clone(state.ledger());
    let (bridge, _) = state.bridge();
    bridge.recorder().will_wait(WaitsFor::Timer);
    match bridge.timers().set(call_id, now.saturating_add(left), &ledger) {
        true => {
            state.need_ticks();
            Ok(())
        }
        false => Err(broken("it has set more timers than it can wait for (limit host_bytes)")),
    }
}

/// Nobody waits for a call id any more.
fn abandon(mut caller: Caller<'_, State>, call_id: u32, how: i32) -> Result<()> {
    let kind =
        if how == cancelled::TIMED_OUT { CancelKind::TimedOut } else { CancelKind::Cancelled };
    let left = what_was_sent(&mut caller)?;
    caller.data().calls.pending.abandon(call_id);
    caller.data_mut().segments.abandon_wait(call_id);
    if caller.data().bridge.get().is_none() {
        return Ok(());
    }
    with_bridge(&mut caller, |memory, bridge, _, turn| {
        let values = sent(&left, memory).ok().and_then(std::result::Result::ok);
        let reason =
            values.filter(|values| values.count == 1).map(|values| values.first_text(MAX_REASON));
        let reason = reason.filter(|reason| !reason.is_empty());
        bridge.abandon(call_id, kind, reason.as_deref(), turn)
    })
}

/// The most bytes of a reason that a Go guest is told.
const MAX_REASON: u32 = 4096;

/// The call that everything belonged to has failed.
fn cancel(mut caller: Caller<'_, State>) -> Result<()> {
    if caller.data().bridge.get().is_some() {
        with_bridge(&mut caller, |_, bridge, _, turn| {
            bridge.cancel_all(CancelKind::Cancelled, turn)
        })?;
    }
    // At last, as tasks may find as others are cancelled that they are done: no call id of this
    // call, which is an address in the guest, may be told to the next.
    caller.data_mut().segments.abandon_waits();
    caller.data().calls.pending.cancel();
    Ok(())
}
