//! What happens to a running Lua guest at a tick.
//!
//! A guest that polls asks for it (`tick`), and is left, if it is to be, by a function that the
//! store gets when it is first called from a future. One that does not is looked at by wasmtime
//! when the epoch has advanced.

use super::exports;
use super::state::State;
use crate::engine::safepoints::{Answer, SUSPEND};
use crate::host::interrupt::Tick;
use futures_util::FutureExt;
use luago_abi::IMPORT_MODULE;
use luago_abi::lua::imports;
use std::task::Poll;
use wasmtime::{
    AsContextMut, Caller, Func, Instance, Linker, Store, StoreContextMut, Trap, TypedFunc,
    UpdateDeadline, Val,
};

pub(super) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap(IMPORT_MODULE, imports::TICK, |mut caller: Caller<'_, State>| {
        let answer = at_poll(caller.data_mut())?;
        wasmtime::Result::Ok(answer.map_or(0, |answer| answer as i32))
    })?;
    Ok(())
}

/// What becomes of the guest.
enum Verdict {
    GoOn,
    Trap,
    /// It is left, so that others of the executor's tasks have their turn.
    Yield,
    /// The interpreter is to stop itself at its next instruction.
    Interrupt,
    /// It is to look at the time of its tasks.
    Expire,
}

/// Called when the epoch has advanced.
pub(crate) fn at_epoch(mut store: StoreContextMut<'_, State>) -> wasmtime::Result<UpdateDeadline> {
    let state = store.data_mut();
    if std::mem::take(&mut state.suspend) {
        return Ok(UpdateDeadline::YieldCustom(1, Box::pin(wait(state))));
    }
    match look(state) {
        Verdict::GoOn => {}
        Verdict::Trap => return Ok(UpdateDeadline::Interrupt),
        Verdict::Yield => return Ok(UpdateDeadline::Yield(1)),
        Verdict::Interrupt => {
            if let Some(interrupt) = state.interrupt.clone() {
                ask(&mut store, &interrupt)?;
            }
        }
        Verdict::Expire => {
            expire(&mut store)?;
            if store.data().is_async {
                return Ok(UpdateDeadline::Yield(1));
            }
        }
    }
    Ok(UpdateDeadline::Continue(1))
}

/// Called by the guest when a poll says so. It does what the answer is by itself.
fn at_poll(state: &mut State) -> wasmtime::Result<Option<Answer>> {
    if let Some(page) = &state.polling {
        page.answer();
    }
    if state.suspend {
        return Ok(Some(Answer::Leave));
    }
    Ok(match look(state) {
        Verdict::GoOn => None,
        Verdict::Trap => return Err(Trap::Interrupt.into()),
        Verdict::Yield => Some(Answer::Leave),
        Verdict::Interrupt => Some(Answer::Interrupt),
        Verdict::Expire => Some(Answer::Expire),
    })
}

fn look(state: &mut State) -> Verdict {
    if state.segments.was_hit() {
        return Verdict::Trap;
    }
    if state.is_async {
        state.ticker.need();
    }
    state.need_ticks();
    match state.control.tick() {
        Tick::Continue if is_up(state) => Verdict::Expire,
        Tick::Continue if state.is_async => Verdict::Yield,
        Tick::Continue => Verdict::GoOn,
        Tick::Ask => Verdict::Interrupt,
        Tick::Trap => Verdict::Trap,
    }
}

/// Gives a guest that polls what it calls when it is to be left. From then on wasmtime calls it
/// on a stack of its own only.
pub(super) fn prepare_to_leave(
    instance: Instance,
    store: &mut Store<State>,
) -> wasmtime::Result<()> {
    let Some(global) = instance.get_global(&mut *store, SUSPEND) else { return Ok(()) };
    let leave = Func::wrap_async(&mut *store, |mut caller: Caller<'_, State>, (): ()| {
        Box::new(async move {
            let state = caller.data_mut();
            let page = state.polling.clone();
            if let Some(page) = &page {
                page.leave();
            }
            match std::mem::take(&mut state.suspend) {
                true => wait(state).await,
                false => yield_now().await,
            }
            if let Some(page) = &page {
                page.come_back();
            }
        })
    });
    global.set(&mut *store, Val::FuncRef(Some(leave)))?;
    store.data_mut().needs_stack = true;
    Ok(())
}

/// Lets others of the executor's tasks have their turn.
fn yield_now() -> impl Future<Output = ()> + Send {
    let mut is_over = false;
    std::future::poll_fn(move |context| {
        if std::mem::replace(&mut is_over, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
}

/// Whether the time of a task is up, which may be the one that runs.
fn is_up(state: &mut State) -> bool {
    if state.is_expiring || !state.may_expire() {
        return false;
    }
    let now = state.clock.running(0);
    let next = state.bridge.get_mut().and_then(|bridge| bridge.timers().next());
    next.is_some_and(|at| at <= now)
}

/// Has the interpreter look at the time at its next instruction.
fn expire(store: &mut StoreContextMut<'_, State>) -> wasmtime::Result<()> {
    let Some(instance) = store.data().instance else { return Ok(()) };
    // What stands in for an interpreter may have no tasks.
    let Ok(look) = exports::EXPIRE.of(instance, &mut *store) else { return Ok(()) };
    store.data_mut().is_expiring = true;
    let result = ask(store, &look);
    store.data_mut().is_expiring = false;
    result
}

/// Has the interpreter stop itself, or look at the time, at its next instruction, where it looks
/// at the epoch. While this runs, a tick traps: an interpreter whose own lists were damaged could
/// walk them for ever. One that is sound has only been unlucky, as this takes no time, and goes
/// on: it is asked again at the next tick, or trapped if it is to stop.
fn ask(
    store: &mut StoreContextMut<'_, State>,
    function: &TypedFunc<(), ()>,
) -> wasmtime::Result<()> {
    store.set_epoch_deadline(1);
    match call_at_once(store, function, ()) {
        Err(error) if error.downcast_ref() == Some(&Trap::Interrupt) => Ok(()),
        other => other,
    }
}

/// Whether a guest was trapped because it had to stop. What its polls do is what any guest can
/// do by itself: it means that only if the guest was told to.
pub(super) fn is_interrupt(error: &wasmtime::Error, is_trapped: bool) -> bool {
    match error.downcast_ref() {
        Some(Trap::Interrupt) => true,
        Some(Trap::UnreachableCodeReached) => is_trapped,
        _ => false,
    }
}

/// Calls a function that waits for nothing. On a stack of its own it is no future's meanwhile,
/// and so not left at a tick: the first poll is the last.
pub(super) fn call_at_once<P, R>(
    mut store: impl AsContextMut<Data = State>,
    function: &TypedFunc<P, R>,
    params: P,
) -> wasmtime::Result<R>
where
    P: wasmtime::WasmParams + Sync,
    R: wasmtime::WasmResults + Sync,
{
    let mut store = store.as_context_mut();
    let state = store.data_mut();
    if !state.is_async && !state.needs_stack {
        return function.call(store, params);
    }
    let is_async = std::mem::take(&mut state.is_async);
    let result = function.call_async(&mut store, params).now_or_never();
    store.data_mut().is_async = is_async;
    result.unwrap_or_else(|| Err(Trap::Interrupt.into()))
}

/// Until the host has an answer for the guest, or the guest has to stop.
fn wait(state: &State) -> impl Future<Output = ()> + Send + use<> {
    let pending = state.calls.pending.clone();
    let inbox = state.bridge.get().map(|bridge| bridge.inbox().clone());
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
