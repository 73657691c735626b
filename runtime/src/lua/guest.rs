//! A Lua interpreter in an instance of its own.

use super::compiled::Compiled;
use super::exports::{self, Export};
use super::state::State;
use super::tick;
use crate::bridge::turn::Turn;
use crate::engine::functions::{Compile, Functions};
use crate::go::guest::Entry;
use crate::host::interrupt::Halt;
use crate::host::mailbox::FRAME_SIZE;
use crate::memory::bytes::{GuestBytes, GuestBytesMut, give_back};
use crate::value::truncate::cut;
use bstr::{BStr, BString};
use luago_abi::lua::limit::OUTPUT_SIZE;
use luago_abi::report::field;
use std::sync::Arc;
use wasmtime::{Instance, Memory, Store, TypedFunc, WasmParams, WasmResults};

/// A running interpreter.
pub(crate) struct Guest {
    pub store: Store<State>,
    instance: Instance,
    memory: Memory,
    exports: Option<Exports>,
    metered: bool,
    /// Fuel that is left for what is asked after the run.
    last_fuel: u64,
}

/// What is called often.
struct Exports {
    call: TypedFunc<(u32, u32, u32), i32>,
    input: TypedFunc<u32, u32>,
}

/// How the guest says that a call ended.
pub(crate) struct Report {
    pub message: BString,
    pub traceback: BString,
    pub trace: String,
    pub pending: Vec<u8>,
    pub out_of_memory: bool,
}

/// Fuel for what the host asks a guest before its script: it is not the script's.
const START_FUEL: u64 = 1_000_000;

/// The most that is taken over of a message, in bytes.
const MAX_MESSAGE: usize = 1 << 20;

/// The same of a traceback, whose lines show names of the script.
const MAX_TRACE: usize = 64 << 10;

/// Bytes of a guest as text.
fn text(bytes: &[u8], most: usize) -> String {
    // What is no text becomes three times as long.
    cut(BStr::new(bytes), most)
}

/// A traceback that has more than its head: nothing may have been running yet.
fn with_lines(trace: String) -> String {
    if trace.trim_end().contains('\n') { trace } else { String::new() }
}

impl Report {
    /// The message and the traceback of an error as text.
    pub fn texts(&self) -> (String, String) {
        (text(&self.message, MAX_MESSAGE), text(&self.traceback, MAX_TRACE))
    }
}

impl Guest {
    pub(super) fn new(
        store: Store<State>,
        instance: Instance,
        memory: Memory,
        metered: bool,
    ) -> Guest {
        Guest { store, instance, memory, exports: None, metered, last_fuel: 0 }
    }

    /// Asks the guest where its mailbox is.
    pub(super) fn find_mailbox(&mut self) -> wasmtime::Result<u32> {
        let find = self.export(exports::MAILBOX)?;
        self.begin()?;
        // The first sandbox is to have as much as those after it, and as little.
        if self.metered {
            self.store.set_fuel(START_FUEL)?;
        }
        let mailbox = enter(&mut self.store, &find, ())?;
        if self.metered {
            let fuel = self.store.data().fuel_limit;
            self.store.set_fuel(fuel)?;
        }
        Ok(mailbox)
    }

    /// Has functions compiled.
    pub(super) fn compile(&mut self, functions: Arc<Functions>) -> wasmtime::Result<()> {
        /// How often a function has to be found running.
        const TICKS: u32 = 2;
        // What is called once is not worth a look at what there is.
        let call = if functions.policy == Compile::Eager { 1 } else { 2 };
        let set = self.export(exports::COMPILE)?;
        self.store.data_mut().compiled = Some(Compiled::new(functions));
        self.begin()?;
        enter(&mut self.store, &set, (call, TICKS))
    }

    fn export<P: WasmParams, R: WasmResults>(
        &mut self,
        export: Export<P, R>,
    ) -> wasmtime::Result<TypedFunc<P, R>> {
        export.of(self.instance, &mut self.store)
    }

    /// The store, and what is called often in it.
    #[inline]
    fn exports(&mut self) -> wasmtime::Result<(&mut Store<State>, &Exports)> {
        if self.exports.is_none() {
            let call = self.export(exports::CALL)?;
            let input = self.export(exports::INPUT)?;
            self.exports = Some(Exports { call, input });
        }
        match &self.exports {
            Some(exports) => Ok((&mut self.store, exports)),
            None => Err(wasmtime::Error::msg("the guest has no exports")),
        }
    }

    /// Calls an export that answers with a status.
    pub fn call<P: WasmParams + Sync>(
        &mut self,
        export: Export<P>,
        params: P,
    ) -> wasmtime::Result<i32> {
        let function = self.export(export)?;
        self.begin()?;
        enter(&mut self.store, &function, params)
    }

    /// The same in a future, which can be left and dropped while the guest waits, and
    /// now and then while it runs.
    pub async fn call_async<P: WasmParams + Sync>(
        &mut self,
        export: Export<P>,
        params: P,
    ) -> wasmtime::Result<i32> {
        let function = self.export(export)?;
        self.begin_async()?;
        let result = function.call_async(&mut self.store, params).await;
        self.store.data_mut().is_async = false;
        left(&self.store, result)
    }

    /// Calls a function of Lua: its handle, and the arguments that were sent.
    #[inline]
    pub fn call_function(&mut self, params: (u32, u32, u32)) -> wasmtime::Result<i32> {
        self.begin()?;
        let (store, exports) = self.exports()?;
        enter(store, &exports.call, params)
    }

    /// Gives a guest that has less fuel than setting it up takes enough for that; the fuel
    /// that it is to have then.
    pub fn lend_fuel(&mut self) -> Option<u64> {
        let limit = self.store.data().fuel_limit;
        (self.metered && limit < START_FUEL && self.store.set_fuel(START_FUEL).is_ok())
            .then_some(limit)
    }

    /// Lets the guest ask for the handles that it can forget.
    pub fn release(&mut self) -> wasmtime::Result<()> {
        let function = self.export(exports::RELEASE)?;
        self.begin()?;
        enter(&mut self.store, &function, ())
    }

    /// Calls the export that closes the state.
    pub fn close(&mut self) -> wasmtime::Result<()> {
        let function = self.export(exports::CLOSE)?;
        self.begin()?;
        enter(&mut self.store, &function, ())
    }

    /// Has the guest say what becomes of its tasks.
    pub fn report_tasks(&mut self) -> wasmtime::Result<()> {
        let function = self.export(exports::TRACE)?;
        self.begin()?;
        enter(&mut self.store, &function, 1)
    }

    /// Carries over what the guest has written to copies of segments. Has it written where it
    /// can only read?
    #[inline]
    pub fn leave_segments(&mut self) -> bool {
        if self.store.data().segments.is_copying() {
            let (mut memory, state) = self.parts();
            state.segments.flush(&mut memory);
        }
        self.store.data().segments.was_hit()
    }

    /// Ends the Go guests, whose tasks are cancelled and have a while to return.
    pub fn close_go(&mut self) -> wasmtime::Result<()> {
        let fuel_limit = self.store.data().fuel_limit;
        let left = self.store.get_fuel().ok();
        let state = self.store.data_mut();
        let used = left.map_or(0, |left| fuel_limit.saturating_sub(left));
        let clock = &state.clock;
        let Some(bridge) = state.bridge.get_mut() else { return Ok(()) };
        let entry = Entry {
            deadline: state.control.limit(),
            task_deadline: None,
            fuel: left,
            now: clock.is_virtual().then(|| clock.running(used)),
        };
        let mut turn = Turn::new(entry, clock.running(used), 0);
        let closed = bridge.close(&mut turn, || clock.running(used));
        // Those that are given up end at the end of their grace, which may be yet to come.
        bridge.abort(clock.running(used).max(turn.now));
        closed?;
        state.show_output()
    }

    /// Ends the commands that it has started.
    pub fn kill_commands(&mut self) {
        if let Some(commands) = &mut self.store.data_mut().commands {
            commands.kill();
        }
    }

    /// Drops the Go guests: the sandbox is over.
    pub fn abort_go(&mut self) {
        let fuel_limit = self.store.data().fuel_limit;
        let left = self.store.get_fuel().ok();
        let state = self.store.data_mut();
        let used = left.map_or(0, |left| fuel_limit.saturating_sub(left));
        let now = state.clock.running(used);
        if let Some(bridge) = state.bridge.get_mut() {
            bridge.abort(now);
        }
    }

    #[inline]
    fn begin(&mut self) -> wasmtime::Result<()> {
        if self.store.data().interrupt.is_none() {
            let interrupt = self.export(exports::INTERRUPT)?;
            self.store.data_mut().interrupt = Some(interrupt);
        }
        let state = self.store.data();
        match &state.polling {
            Some(page) => {
                let control = &state.control;
                page.enter(control.stop_at(), control.heeds_interrupt(), state.is_async);
            }
            None => self.store.set_epoch_deadline(1),
        }
        if self.store.data().segments.is_copying() {
            let (mut memory, state) = self.parts();
            state.segments.fetch(&mut memory);
        }
        self.store.data().need_ticks();
        Ok(())
    }

    fn begin_async(&mut self) -> wasmtime::Result<()> {
        if !self.store.data().needs_stack {
            tick::prepare_to_leave(self.instance, &mut self.store)?;
        }
        self.store.data_mut().is_async = true;
        let begun = self.begin();
        self.store.data_mut().is_async = begun.is_ok();
        begun?;
        self.store.data().ticker.need();
        Ok(())
    }

    /// Puts parts one after another where the guest takes its input; false if
    /// there is no memory for them.
    pub fn put(&mut self, parts: &[&[u8]]) -> wasmtime::Result<bool> {
        let total = parts.iter().map(|part| part.len()).sum::<usize>();
        let Ok(total) = u32::try_from(total) else {
            return Ok(false);
        };
        let Some(at) = self.input(total)? else {
            return Ok(false);
        };
        let memory = GuestBytesMut::of(&self.memory, &mut self.store);
        let Some(mut into) = memory.into_mut(at, total) else {
            return Ok(false);
        };
        for part in parts {
            let (place, rest) = into.split_at_mut(part.len());
            place.copy_from_slice(part);
            into = rest;
        }
        Ok(true)
    }

    /// A place for that many bytes of input, if the guest has the memory.
    fn input(&mut self, total: u32) -> wasmtime::Result<Option<u32>> {
        self.begin()?;
        let (store, exports) = self.exports()?;
        let at = enter(store, &exports.input, total)?;
        Ok((at != 0).then_some(at))
    }

    /// Sends the frame that has been written; its size, or `None` if the guest has no
    /// memory for it.
    #[inline]
    pub fn send_frame(&mut self) -> wasmtime::Result<Option<u32>> {
        let state = self.store.data();
        let len = state.calls.frame_len();
        let at = if len as usize <= FRAME_SIZE {
            state.calls.mailbox.frame()
        } else {
            match self.input(len)? {
                Some(at) => at,
                None => return Ok(None),
            }
        };
        let (mut memory, state) = self.parts();
        Ok(state.calls.send(&mut memory, at).then_some(len))
    }

    /// The guest's memory, and what the host keeps for it.
    #[inline]
    pub fn parts(&mut self) -> (GuestBytesMut<'_>, &mut State) {
        GuestBytesMut::split(&self.memory, &mut self.store)
    }

    /// Ends the guest after all of its memory was read.
    pub fn give_back(mut self) {
        give_back(&self.memory, &mut self.store);
    }

    /// Ends the guest, whose place is free then, and gives what belonged to it. It must
    /// not be called any more.
    pub fn vacate(&mut self, placeholder: State) -> State {
        self.store.data_mut().segments.detach_all();
        let engine = self.store.engine().clone();
        std::mem::replace(&mut self.store, Store::new(&engine, placeholder)).into_data()
    }

    /// Makes windows that it has as a copy of another guest ones that it cannot write to.
    pub fn seal_windows(&mut self) -> Result<(), String> {
        let base = self.memory.data_ptr(&self.store) as usize;
        self.store.data_mut().segments.seal_windows(base)
    }

    /// Makes the guest's memory so large; false if that cannot be.
    pub fn grow_to(&mut self, bytes: usize) -> bool {
        let size = self.memory.data_size(&self.store);
        let pages = bytes.saturating_sub(size).div_ceil(1 << 16) as u64;
        pages == 0 || self.memory.grow(&mut self.store, pages).is_ok()
    }

    /// Calls an export after the run itself, which must end soon whatever state the
    /// interpreter is in: all of these calls have one allowance of time and of fuel together.
    /// `None` if that was not enough.
    fn epilogue<R: WasmResults + Sync>(
        &mut self,
        export: Export<(), R>,
        is_stopped: bool,
    ) -> Option<R> {
        /// Fuel for all that is asked after a run.
        const FUEL: u64 = 10_000_000;
        let function = self.export(export).ok()?;
        let state = self.store.data_mut();
        state.suspend = false;
        let is_deterministic = state.clock.is_virtual();
        if state.control.begin_epilogue(is_stopped, is_deterministic) {
            self.last_fuel = FUEL;
        }
        // What it uses is the host's wish, and none of the run's.
        let fuel = self.store.get_fuel().ok();
        if fuel.is_some() {
            let _ = self.store.set_fuel(self.last_fuel);
        }
        let _ = self.begin();
        let result = enter(&mut self.store, &function, ());
        if let Some(fuel) = fuel {
            self.last_fuel = self.store.get_fuel().unwrap_or(0);
            let _ = self.store.set_fuel(fuel);
        }
        result.ok()
    }

    /// After a trap: asks where the script was. Failure costs only the traceback.
    pub fn trace(&mut self) {
        let _ = self.epilogue(exports::TRACEBACK, true);
    }

    /// Sends the error that the run ended with as a value; the status, or `None` if that took
    /// too long.
    pub fn error_value(&mut self) -> Option<i32> {
        self.epilogue(exports::ERROR_VALUE, false)
    }

    /// How the last call ended. Works after a trap too.
    pub fn report(&mut self, is_stopped: bool) -> Option<Report> {
        let at: u32 = self.epilogue(exports::REPORT, is_stopped)?;
        let memory = GuestBytes::of(&self.memory, &self.store);
        let field = |offset: u32| memory.u32_at(at.checked_add(offset)?);
        let bytes = |at: u32, len: u32, most: usize| {
            memory.get(at, len.min(most as u32)).unwrap_or_default()
        };
        let (message, len) = (field(field::MESSAGE)?, field(field::MESSAGE_LEN)?);
        let split = field(field::TRACE_OFFSET)?.min(len);
        Some(Report {
            message: bytes(message, split, MAX_MESSAGE).into(),
            traceback: bytes(message.saturating_add(split), len - split, MAX_TRACE)
                .trim_ascii_start()
                .into(),
            trace: with_lines(text(
                bytes(field(field::TRACE)?, field(field::TRACE_LEN)?, MAX_TRACE),
                MAX_TRACE,
            )),
            pending: memory
                .get(field(field::OUTPUT)?, field(field::OUTPUT_PENDING)?.min(OUTPUT_SIZE))
                .unwrap_or_default()
                .to_vec(),
            out_of_memory: field(field::OUT_OF_MEMORY)? != 0,
        })
    }

    /// Fuel used so far.
    #[inline]
    pub fn fuel_used(&self) -> Option<u64> {
        // Where fuel is not metered, asking for it makes an error.
        let left = if self.metered { self.store.get_fuel().ok()? } else { return None };
        Some(self.store.data().fuel_limit.saturating_sub(left))
    }
}

/// Calls the guest, which has begun.
#[inline]
fn enter<P: WasmParams + Sync, R: WasmResults + Sync>(
    store: &mut Store<State>,
    function: &TypedFunc<P, R>,
    params: P,
) -> wasmtime::Result<R> {
    let result = tick::call_at_once(&mut *store, function, params);
    left(store, result)
}

/// The guest has come back, one way or the other.
#[inline]
fn left<R>(store: &Store<State>, result: wasmtime::Result<R>) -> wasmtime::Result<R> {
    let Some(page) = &store.data().polling else { return result };
    page.leave();
    result.map_err(|error| match tick::is_interrupt(&error, page.is_trapped()) {
        true => wasmtime::Trap::Interrupt.into(),
        false => error,
    })
}

/// No segment stays in the memory of a guest that ends.
impl Drop for Guest {
    fn drop(&mut self) {
        self.store.data_mut().segments.detach_all();
    }
}

/// Whether a call did not begin, as all stacks were in use.
pub(crate) fn lacks_stack(result: &wasmtime::Result<i32>) -> bool {
    result.as_ref().is_err_and(|error| error.is::<wasmtime::PoolConcurrencyLimitError>())
}

/// Why a call did not come back.
pub(crate) fn halt_of(error: &wasmtime::Error) -> Option<&Halt> {
    error.downcast_ref::<Halt>()
}
