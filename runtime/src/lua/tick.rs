//! What happens to a running Lua guest at a tick.

use super::state::State;
use crate::host::interrupt::Tick;
use futures_util::FutureExt;
use luago_abi::lua::exports;
use std::task::Poll;
use wasmtime::{StoreContextMut, TypedFunc, UpdateDeadline};

/// Called in a running guest at each tick.
pub(crate) fn at_tick(mut store: StoreContextMut<'_, State>) -> wasmtime::Result<UpdateDeadline> {
    let state = store.data_mut();
    if std::mem::take(&mut state.suspend) {
        return Ok(UpdateDeadline::YieldCustom(1, Box::pin(wait(state))));
    }
    if state.segments.was_hit() {
        return Ok(UpdateDeadline::Interrupt);
    }
    if state.is_async {
        state.ticker.need();
    }
    state.need_ticks();
    match state.control.tick() {
        Tick::Continue => {
            if is_up(state) {
                expire(&mut store)?;
            }
            // Others of the executor's tasks have their turn.
            Ok(match store.data().is_async {
                true => UpdateDeadline::Yield(1),
                false => UpdateDeadline::Continue(1),
            })
        }
        Tick::Trap => Ok(UpdateDeadline::Interrupt),
        Tick::Ask => {
            if let Some(interrupt) = state.interrupt.clone() {
                ask(&mut store, &interrupt)?;
            }
            Ok(UpdateDeadline::Continue(1))
        }
    }
}

/// Is the time of a task up, which may be the one that runs?
fn is_up(state: &mut State) -> bool {
    if state.is_expiring || !state.may_expire() {
        return false;
    }
    let now = state.clock.running(0);
    let next = state.exchange.bridge.as_mut().and_then(|bridge| bridge.timers().next());
    next.is_some_and(|at| at <= now)
}

/// Has the interpreter look at the time at its next instruction.
fn expire(store: &mut StoreContextMut<'_, State>) -> wasmtime::Result<()> {
    let Some(instance) = store.data().instance else { return Ok(()) };
    // What stands in for an interpreter may have no tasks.
    let Ok(look) = instance.get_typed_func(&mut *store, exports::EXPIRE) else { return Ok(()) };
    store.data_mut().is_expiring = true;
    let result = ask(store, &look);
    store.data_mut().is_expiring = false;
    result
}

/// Has the interpreter stop itself, or look at the time, at its next instruction. While this
/// runs, a tick traps: an interpreter whose own lists were damaged could walk them for ever. One
/// that is sound has only been unlucky, as this takes no time, and goes on: it is asked again at
/// the next tick, or trapped if it is to stop.
fn ask(
    store: &mut StoreContextMut<'_, State>,
    function: &TypedFunc<(), ()>,
) -> wasmtime::Result<()> {
    store.set_epoch_deadline(1);
    let result = if std::mem::take(&mut store.data_mut().is_async) {
        // It waits for nothing and, as long as this is no future's, is not left at a tick: the
        // first poll is the last.
        let result = function.call_async(&mut *store, ()).now_or_never();
        store.data_mut().is_async = true;
        result.unwrap_or_else(|| Err(wasmtime::Trap::Interrupt.into()))
    } else {
        function.call(store, ())
    };
    match result {
        Err(error) if error.downcast_ref() == Some(&wasmtime::Trap::Interrupt) => Ok(()),
        other => other,
    }
}

/// Until the host has an answer for the guest, or the guest has to stop.
fn wait(state: &State) -> impl Future<Output = ()> + Send + use<> {
    let pending = state.exchange.pending.clone();
    let inbox = state.exchange.bridge.as_ref().map(|bridge| bridge.inbox().clone());
    let wake_at = state.wake_at;
    let interrupt = state.control.interrupt.clone();
    let deadline = state.control.deadline();
    let alarm = state.ticker.alarm();
    std::future::poll_fn(move |context| {
        let next = deadline.into_iter().chain(wake_at).min();
        let is_over = next.is_some_and(|at| std::time::Instant::now() >= at);
        let has_said = inbox.as_ref().is_some_and(|inbox| inbox.poll(context).is_ready());
        if is_over || has_said || interrupt.is_interrupted() || pending.poll(context).is_ready() {
            return Poll::Ready(());
        }
        alarm.set(next, context.waker().clone());
        // An interrupt between the question and the alarm would not have woken it.
        if interrupt.is_interrupted() { Poll::Ready(()) } else { Poll::Pending }
    })
}
