//! What a Lua guest asks of its Go guests: calls, tasks, streams, and what they call in turn.

use super::caller::{among_others, fuel_used, now, out_of_bounds, split};
use super::fast_path;
use super::state::State;
use crate::bridge::event::WaitsFor;
use crate::bridge::launching::Launch;
use crate::bridge::lua_calls::NextCall;
use crate::bridge::of_go;
use crate::bridge::scheduler::{Bridge, Ended, Started};
use crate::bridge::turn::Turn;
use crate::frame::encoder::Encoder;
use crate::frame::rules::TransferRules;
use crate::frame::validated::ValidatedFrame;
use crate::go::guest::Entry;
use crate::host::function::Written;
use crate::host::interrupt::Halt;
use crate::host::mailbox::{Sent, broken};
use crate::memory::Handles;
use crate::memory::bytes::GuestBytes;
use crate::outcome::Stop;
use luago_abi::IMPORT_MODULE;
use luago_abi::lua::{go_call, imports, reply as replies};
use std::sync::Arc;
use std::time::Duration;
use wasmtime::{AsContext, AsContextMut, Caller, Linker};

type Result<T> = wasmtime::Result<T>;

pub(super) fn add_to_linker(linker: &mut Linker<State>) -> Result<()> {
    linker.func_wrap(
        IMPORT_MODULE,
        imports::START,
        |caller: Caller<'_, State>, id: u32, call_id: u32| {
            among_others(caller, |caller| start(caller, id, call_id))
        },
    )?;
    linker.func_wrap(IMPORT_MODULE, imports::IS_DETERMINISTIC, |caller: Caller<'_, State>| {
        i32::from(caller.data().clock.is_virtual())
    })?;
    linker.func_wrap(IMPORT_MODULE, imports::NOW, |caller: Caller<'_, State>| {
        now(&caller).as_secs_f64()
    })?;
    linker.func_wrap(IMPORT_MODULE, imports::EVENT, event)?;
    linker.func_wrap(IMPORT_MODULE, imports::GUEST, guest)?;
    linker.func_wrap(
        IMPORT_MODULE,
        imports::NEXT_VALUE,
        |caller: Caller<'_, State>, stream: u32, call_id: u32| {
            among_others(caller, |caller| next_value(caller, stream, call_id))
        },
    )?;
    linker.func_wrap(IMPORT_MODULE, imports::DROP_STREAM, drop_stream)?;
    linker.func_wrap(IMPORT_MODULE, imports::NEXT_CALL, |caller: Caller<'_, State>| {
        among_others(caller, next_call)
    })?;
    linker.func_wrap(
        IMPORT_MODULE,
        imports::ANSWER,
        |caller: Caller<'_, State>, call: u32, kind: i32| {
            among_others(caller, |caller| answer(caller, call, kind))
        },
    )?;
    linker.func_wrap(IMPORT_MODULE, imports::OUTPUT, output)?;
    Ok(())
}

/// Under which conditions a Go guest is entered now.
#[inline]
fn turn(caller: &Caller<'_, State>) -> Turn {
    let state = caller.data();
    let is_metered = state.fuel_limit != u64::MAX || state.clock.is_virtual();
    let used = if is_metered { fuel_used(caller) } else { 0 };
    let time = if is_metered { state.clock.running(used) } else { Duration::ZERO };
    let entry = Entry {
        deadline: state.control.limit(),
        task_deadline: None,
        fuel: is_metered.then(|| state.fuel_limit.saturating_sub(used)),
        now: state.clock.is_virtual().then_some(time),
    };
    let now = match !is_metered && state.needs_time() {
        true => state.clock.running(used),
        false => time,
    };
    Turn::new(entry, now, state.control.run())
}

/// Does something with the bridge, and settles what it cost.
#[inline]
pub(super) fn with_bridge<T>(
    caller: &mut Caller<'_, State>,
    run: impl FnOnce(
        &GuestBytes<'_>,
        &mut Bridge,
        &mut Encoder,
        &mut Turn,
    ) -> std::result::Result<T, Halt>,
) -> Result<T> {
    let mut turn = turn(caller);
    let is_metered = turn.entry.fuel.is_some();
    let (mut memory, state) = split(caller)?;
    let fuel_limit = state.fuel_limit;
    let (bridge, encoder) = state.bridge();
    let result = run(memory.bytes(), bridge, encoder, &mut turn);
    let fuel = bridge.accounts().take_fuel();
    let slept = bridge.accounts().take_slept();
    state.announce_output(&mut memory);
    // It may have been long enough for the ticker to go to rest.
    state.need_ticks();
    if is_metered {
        state.clock.skip(slept);
        let left = caller.as_context().get_fuel()?.saturating_sub(fuel);
        caller.as_context_mut().set_fuel(left)?;
    }
    result.map_err(|halt| match halt {
        // It was told what was left, and the limit is that of the whole.
        Halt::Stop(Stop::Fuel { .. }) => Halt::Stop(Stop::Fuel { limit: fuel_limit }).into(),
        halt => halt.into(),
    })
}

/// What the guest has left in its mailbox, checked.
pub(super) fn sent<'a>(
    left: &'a Left,
    memory: &GuestBytes<'a>,
) -> Result<std::result::Result<ValidatedFrame<'a>, String>> {
    let sent = left.0.ok_or_else(|| broken("it has no mailbox"))?;
    let frame = memory.get(sent.at, sent.len).ok_or_else(|| broken("a frame is elsewhere"))?;
    let validated = ValidatedFrame::new(memory.clone(), frame, sent.count, &left.1, &left.2);
    Ok(validated.map_err(|error| error.message().to_string()))
}

/// What the guest has left, what may be in it, and the segments that it knows.
pub(super) type Left = (Option<Sent>, TransferRules, Handles);

pub(super) fn what_was_sent(caller: &mut Caller<'_, State>) -> Result<Left> {
    let (memory, state) = split(caller)?;
    let sent = state.calls.mailbox.sent(memory.bytes());
    Ok((sent, state.calls.transfer_rules(), state.segments.handles.clone()))
}

/// Leaves what was written in the mailbox.
fn reply(caller: &mut Caller<'_, State>, ended: Ended) -> Result<i32> {
    let (mut memory, state) = split(caller)?;
    let Ended { count, is_error } = ended;
    state.calls.reply(&mut memory, &Written { count, is_error })
}

/// Calls a function of a Go guest that does not block.
#[inline]
pub(super) fn call(caller: &mut Caller<'_, State>, id: (usize, u32)) -> Result<i32> {
    let (mut memory, state) = split(caller)?;
    if let Some(ended) = fast_path::call(&mut memory, state, id) {
        return ended;
    }
    call_with_values(caller, id)
}

fn call_with_values(caller: &mut Caller<'_, State>, id: (usize, u32)) -> Result<i32> {
    let left = what_was_sent(caller)?;
    let ended = with_bridge(caller, |memory, bridge, encoder, turn| {
        encoder.clear();
        Ok(match sent(&left, memory) {
            Ok(Ok(values)) => Ok(bridge.call(id, &values, encoder, turn)?),
            Ok(Err(why)) => Ok(bridge.refuse(id, &why, encoder)),
            Err(error) => Err(error),
        })
    })??;
    reply(caller, ended)
}

/// Starts an asynchronous function of the host, or one of a Go guest as a task.
fn start(caller: &mut Caller<'_, State>, id: u32, call_id: u32) -> Result<i32> {
    if let Some(id) = of_go(id) {
        return start_task(caller, id, call_id);
    }
    let (mut memory, state) = split(caller)?;
    let started = state.calls.start(&mut memory, id, call_id)?;
    if started == replies::PENDING
        && let Some(bridge) = state.bridge.get_mut()
        && let Some(function) = state.calls.functions.get(id)
    {
        bridge.recorder().will_wait(WaitsFor::Host(Arc::clone(&function.name)));
    }
    Ok(started)
}

/// Starts a function of a Go guest, which may end at once.
fn start_task(caller: &mut Caller<'_, State>, id: (usize, u32), call_id: u32) -> Result<i32> {
    let left = what_was_sent(caller)?;
    let timeout = timeout(caller)?;
    let started = with_bridge(caller, |memory, bridge, encoder, turn| {
        encoder.clear();
        Ok(match sent(&left, memory) {
            Ok(Ok(values)) => {
                let (guest, function) = id;
                let launch = Launch { guest, function, values: &values, call_id, timeout };
                Ok(bridge.launch(&launch, encoder, turn)?)
            }
            Ok(Err(why)) => Ok(Started::Ended(bridge.refuse(id, &why, encoder))),
            Err(error) => Err(error),
        })
    })??;
    finish_start(caller, started)
}

fn finish_start(caller: &mut Caller<'_, State>, started: Started) -> Result<i32> {
    match started {
        Started::Ended(ended) => reply(caller, ended),
        Started::Waiting => Ok(replies::PENDING),
    }
}

fn timeout(caller: &mut Caller<'_, State>) -> Result<Option<Duration>> {
    let (memory, state) = split(caller)?;
    Ok(state.calls.mailbox.timeout(memory.bytes()))
}

/// Asks for the next value of a stream.
fn next_value(caller: &mut Caller<'_, State>, stream: u32, call_id: u32) -> Result<i32> {
    let timeout = timeout(caller)?;
    let started = with_bridge(caller, |_, bridge, encoder, turn| {
        encoder.clear();
        bridge.next_value(stream, call_id, timeout, encoder, turn)
    })?;
    finish_start(caller, started)
}

fn drop_stream(mut caller: Caller<'_, State>, stream: u32) -> Result<()> {
    with_bridge(&mut caller, |_, bridge, _, turn| bridge.drop_stream(stream, turn))
}

/// Bytes of a name that are told of a Go guest that there is not.
const MAX_NAME: usize = 256;

/// Writes the functions of a Go guest, which is started for it.
fn guest(mut caller: Caller<'_, State>, at: u32, len: u32) -> Result<i32> {
    let rules = caller.data().calls.encode_rules.clone();
    let opened = with_bridge(&mut caller, |memory, bridge, encoder, turn| {
        encoder.clear();
        let Some(name) = memory.get(at, len) else { return Ok(None) };
        let Some(index) = bridge.find(name) else {
            // Only what stands in for an interpreter asks for another one.
            let name = String::from_utf8_lossy(&name[..name.len().min(MAX_NAME)]);
            let why = format!("the sandbox was not granted a Go guest '{name}'");
            return Ok(Some(bridge.raise(encoder, &why)));
        };
        Ok(Some(match bridge.open(index, turn, &rules, encoder)? {
            Ok(()) => Ended { count: 1, is_error: false },
            Err(why) => bridge.raise(encoder, &why),
        }))
    })?;
    reply(&mut caller, opened.ok_or_else(out_of_bounds)?)
}

/// What the guest says of one of its tasks.
fn event(mut caller: Caller<'_, State>, what: i32, task: u32, other: u32) -> Result<()> {
    let now = now(&caller);
    let (_, state) = split(&mut caller)?;
    if state.bridge.is_traced() {
        let ledger = Arc::clone(state.ledger());
        let (bridge, _) = state.bridge();
        bridge.recorder().of_lua(now, what, task, other, &ledger);
    }
    Ok(())
}

/// Hands out a call that a Go guest has made; 0 if there is none.
fn next_call(caller: &mut Caller<'_, State>) -> Result<u32> {
    if !caller.data().bridge.get().is_some_and(|bridge| bridge.has_calls()) {
        return Ok(0);
    }
    let next = with_bridge(caller, |_, bridge, encoder, turn| bridge.next_call(encoder, turn))?;
    Ok(match next {
        None => 0,
        Some(NextCall::Abandoned(call)) => call | go_call::ABANDONED,
        Some(NextCall::Call { call, count }) => {
            reply(caller, Ended { count, is_error: false })?;
            call
        }
    })
}

/// Takes the results of such a call.
fn answer(caller: &mut Caller<'_, State>, call: u32, kind: i32) -> Result<()> {
    let left = what_was_sent(caller)?;
    with_bridge(caller, |memory, bridge, _, turn| {
        Ok(match sent(&left, memory) {
            Ok(Ok(values)) => Ok(bridge.answer(call, kind != replies::VALUES, &values, turn)?),
            Ok(Err(why)) => Ok(bridge.answer_error(call, &why, turn)?),
            Err(error) => Err(error),
        })
    })?
}

/// Shows what Go guests have written.
fn output(mut caller: Caller<'_, State>) -> Result<()> {
    let (_, state) = split(&mut caller)?;
    state.show_output()
}

impl State {
    /// Shows what Go guests have written, which counts as output of the sandbox.
    pub fn show_output(&mut self) -> Result<()> {
        /// How many pieces are written before the deadline is looked at: each may be one call
        /// of the system.
        const LOOK: usize = 1024;
        let Some(bridge) = self.bridge.get_mut() else { return Ok(()) };
        for (index, (stream, bytes)) in bridge.accounts().take_output().iter().enumerate() {
            // A stream that cannot be written loses it, as with any program.
            let _ = self.output.write(stream.into(), bytes)?;
            if index % LOOK == LOOK - 1
                && let Some(stop) = self.control.reason()
            {
                return Err(Halt::Stop(stop).into());
            }
        }
        Ok(())
    }
}
