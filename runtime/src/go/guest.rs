//! A Go program in an instance of its own.

use super::control_block::ControlBlock;
pub(crate) use super::control_block::{Event, EventKind, GoFunction};
pub(crate) use super::exit::Exit;
use super::output::Chunks;
use super::stack::Stack;
use super::state::{Ending, State};
pub(crate) use super::state::{Entry, Environment};
use crate::frame::validated::ValidatedFrame;
use crate::memory::bytes::{GuestBytes, GuestBytesMut};
use crate::memory::{Attachments, Handles};
use luago_abi::go::{answer, cancel, result};
use std::time::Duration;
use wasmtime::{Memory, Store, TypedFunc, WasmParams, WasmResults};

mod starting;

/// A running Go program.
pub(crate) struct GoGuest {
    store: Store<State>,
    stack: Stack,
    memory: Memory,
    block: ControlBlock,
    exports: Exports,
    functions: Vec<GoFunction>,
    name: String,
    busy: Option<Duration>,
    metered: bool,
    /// Why it must not be entered again.
    exit: Option<String>,
}

struct Exports {
    room: TypedFunc<u32, u32>,
    call: TypedFunc<(u32, u32, u32), u64>,
    start: TypedFunc<(u32, u32, u32, u32, i64), u32>,
    deliver: TypedFunc<(u32, u32, u32, u32), u32>,
    cancel: TypedFunc<(u32, u32, u32, u32), u32>,
    drop_stream: TypedFunc<u32, u32>,
    poll: TypedFunc<i64, u32>,
    close: TypedFunc<(), ()>,
}

/// What a direct call gave. One word, as the guest returned it: a struct of several fields
/// that is copied right after it was put together stalls the processor for as long as a
/// sixth of a small call takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Answer(u64);

impl Answer {
    /// 0: results, 1: an error, 2: a panic.
    #[inline]
    pub fn status(self) -> u8 {
        self.0 as u8
    }

    /// Values in its frame.
    #[inline]
    pub fn count(self) -> u32 {
        ((self.0 >> result::COUNT_SHIFT) & 0xff_ffff) as u32
    }

    /// The bytes of its frame.
    #[inline]
    pub fn len(self) -> u32 {
        (self.0 >> result::LEN_SHIFT) as u32
    }
}

/// Where a poll left the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Polled {
    pub events: u32,
    /// Whether there is more to do at once.
    pub is_busy: bool,
    /// If it is idle: how long until it has something to do by itself.
    pub timer: Option<Duration>,
}

/// Why a task is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CancelKind {
    Cancelled = cancel::CANCELLED as isize,
    TimedOut = cancel::TIMED_OUT as isize,
    Closing = cancel::CLOSING as isize,
}

impl GoGuest {
    /// What can be called, by number: kept once for all instances, and so not here as well.
    pub fn take_functions(&mut self) -> Vec<GoFunction> {
        std::mem::take(&mut self.functions)
    }

    /// The same, for tests of a guest alone.
    #[cfg(test)]
    pub fn functions(&self) -> &[GoFunction] {
        &self.functions
    }

    /// Sets what bounds the entries from now on.
    #[inline]
    pub fn prepare(&mut self, entry: &Entry) {
        prepare(&mut self.store, self.metered, entry);
    }

    /// Fuel used since the guest was prepared.
    pub fn fuel_used(&mut self) -> u64 {
        fuel_used(&self.store, self.metered)
    }

    /// How far the guest has turned the virtual clock by sleeping since it was prepared.
    pub fn virtual_advance(&self) -> Duration {
        self.store.data().advanced
    }

    #[inline]
    pub fn memory(&self) -> GuestBytes<'_> {
        GuestBytes::of(&self.memory, &self.store)
    }

    #[inline]
    pub fn memory_mut(&mut self) -> GuestBytesMut<'_> {
        GuestBytesMut::of(&self.memory, &mut self.store)
    }

    /// The place for a small frame, which the next entry takes.
    #[inline]
    pub fn inbox(&mut self, len: u32) -> Option<&mut [u8]> {
        let at = self.block.inbox;
        (len <= self.block.inbox_size).then(|| self.memory_mut().into_mut(at, len)).flatten()
    }

    /// Where a frame of that many bytes goes, which the next entry takes; `None` if the
    /// guest has no memory for it.
    #[inline]
    pub fn room(&mut self, len: u32) -> Result<Option<u32>, Exit> {
        if len <= self.block.inbox_size {
            return Ok(Some(self.block.inbox));
        }
        let at = self.enter(|exports| &exports.room, len)?;
        if at == 0 {
            return Ok(None);
        }
        if self.memory().get(at, len).is_none() {
            return Err(self.broken("the room for a frame is outside its memory"));
        }
        Ok(Some(at))
    }

    /// Copies values to where the next entry takes them: their number, and the bytes of their
    /// frame.
    #[inline]
    pub fn put(&mut self, values: &ValidatedFrame<'_>) -> Result<(u32, u32), Exit> {
        let no_room = "it has no room for what it is sent";
        let Ok(len) = u32::try_from(values.size()) else { return Err(self.broken(no_room)) };
        let Some(at) = self.room(len)? else { return Err(self.broken(no_room)) };
        let receiver = values.has_segments().then(|| self.handles().clone());
        let mut memory = self.memory_mut();
        let place = memory.get_mut(at, len);
        match place.and_then(|to| values.write(to, at, receiver.as_ref())) {
            Some(()) => Ok((values.count, len)),
            None => Err(self.broken("a frame is outside its memory")),
        }
    }

    /// Calls a function here and now.
    #[inline]
    pub fn call(&mut self, function: u32, count: u32, len: u32) -> Result<Answer, Exit> {
        self.enter(|exports| &exports.call, (function, count, len)).map(Answer)
    }

    /// Where the frame of the last answer is.
    #[inline]
    pub fn outbox(&self) -> u32 {
        self.block.outbox(&self.memory())
    }

    /// The `len` bytes of that frame, if they are in the memory.
    #[inline]
    pub fn outbox_frame(&self, len: u32) -> Option<&[u8]> {
        self.memory().get(self.outbox(), len)
    }

    /// Starts a task; the number of events.
    pub fn start_task(
        &mut self,
        task: u32,
        function: u32,
        count: u32,
        len: u32,
        timeout: Option<Duration>,
    ) -> Result<u32, Exit> {
        // A task without time left is started and told so, and not one without a timeout.
        let timeout = timeout.map_or(0, |timeout| nanoseconds(timeout).max(1));
        let params = (task, function, count, len, timeout);
        let events = self.enter(|exports| &exports.start, params)?;
        self.validated(events)
    }

    /// Answers a call that the guest has made.
    pub fn deliver(
        &mut self,
        call: u32,
        is_error: bool,
        count: u32,
        len: u32,
    ) -> Result<u32, Exit> {
        self.store.data_mut().segments.tell(call);
        let status = if is_error { answer::RAISED } else { answer::OK };
        let params = (call, status, count, len);
        let events = self.enter(|exports| &exports.deliver, params)?;
        self.validated(events)
    }

    /// Cancels the context of a task.
    pub fn cancel(
        &mut self,
        task: u32,
        kind: CancelKind,
        count: u32,
        len: u32,
    ) -> Result<u32, Exit> {
        let events = self.enter(|exports| &exports.cancel, (task, kind as u32, count, len))?;
        self.validated(events)
    }

    /// Nobody reads that stream any more.
    pub fn drop_stream(&mut self, stream: u32) -> Result<u32, Exit> {
        let events = self.enter(|exports| &exports.drop_stream, stream)?;
        self.validated(events)
    }

    /// Lets goroutines run until there are events, nothing can run, or the time is spent.
    pub fn poll(&mut self, budget: Option<Duration>) -> Result<Polled, Exit> {
        let began = budget.map(|_| self.now());
        let polled = self.poll_once(budget)?;
        let (Some(budget), Some(began), Some(parked)) = (budget, began, self.store.data().parked)
        else {
            return Ok(polled);
        };
        // What ends the budget is a timer too. One that comes before it is the guest's own.
        let is_own = parked
            .timer
            .is_some_and(|timer| parked.at.saturating_add(timer) < began.saturating_add(budget));
        if is_own || polled.events > 0 || polled.is_busy {
            return Ok(polled);
        }
        self.poll_once(None)
    }

    fn poll_once(&mut self, budget: Option<Duration>) -> Result<Polled, Exit> {
        self.store.data_mut().parked = None;
        let budget = budget.map_or(0, |budget| nanoseconds(budget).max(1));
        let events = self.enter(|exports| &exports.poll, budget)?;
        let events = self.validated(events)?;
        let is_busy = self.block.is_busy(&self.memory());
        let parked = self.store.data().parked;
        let timer = parked.filter(|_| events == 0 && !is_busy).and_then(|parked| parked.timer);
        Ok(Polled { events, is_busy, timer })
    }

    /// Cancels all tasks and streams. The host polls afterwards.
    pub fn close(&mut self) -> Result<(), Exit> {
        self.enter(|exports| &exports.close, ())
    }

    /// One of the events that the last entry left; `None` if it is outside the memory or
    /// of no kind that there is.
    #[inline]
    pub fn event(&self, index: u32) -> Option<Event> {
        self.block.event(&self.memory(), index)
    }

    /// Why it has to stop, if it has: for work of the host's on its behalf.
    pub fn look(&mut self) -> Result<(), Exit> {
        let must = self.store.data_mut().look();
        must.map_err(|error| self.guest_exited(&error))
    }

    /// What the sandbox calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The segments that it knows.
    #[inline]
    pub fn handles(&self) -> &Handles {
        &self.store.data().segments.handles
    }

    /// The segments that it has.
    pub fn segments(&self) -> &Attachments {
        &self.store.data().segments
    }

    /// Tasks that are not done.
    pub fn live(&self) -> u32 {
        self.block.live(&self.memory())
    }

    /// Goroutines that run or wait.
    pub fn goroutines(&self) -> u32 {
        self.block.goroutines(&self.memory())
    }

    /// Says whether events are to have the numbers of goroutines.
    pub fn set_traced(&mut self, traced: bool) {
        let block = self.block;
        block.set_traced(&mut self.memory_mut(), traced);
    }

    #[inline]
    pub fn has_output(&self) -> bool {
        !self.store.data().output.is_empty()
    }

    /// What it has written to descriptors 1 and 2 since the last time.
    pub fn take_output(&mut self) -> Chunks {
        self.store.data_mut().output.take()
    }

    /// The most memory that it has had, in bytes.
    pub fn peak_memory(&self) -> u64 {
        self.store.data().limiter.peak()
    }

    /// The guest's clock.
    fn now(&self) -> Duration {
        self.store.data().now(fuel_used(&self.store, self.metered))
    }

    /// Enters the guest, unless it is dead.
    #[inline]
    fn enter<P: WasmParams, R: WasmResults>(
        &mut self,
        export: impl FnOnce(&Exports) -> &TypedFunc<P, R>,
        params: P,
    ) -> Result<R, Exit> {
        if let Some(exit) = &self.exit {
            return Err(Exit::Guest(exit.clone()));
        }
        enter(&mut self.store);
        let is_copying = self.store.data().segments.is_copying();
        if is_copying {
            let (mut memory, state) = GuestBytesMut::split(&self.memory, &mut self.store);
            state.segments.fetch(&mut memory);
        }
        let (export, store) = (export(&self.exports), &mut self.store);
        let result = self.stack.run(|| export.call(store, params));
        if self.store.data().segments.has_any() {
            self.leave();
        }
        match result {
            Ok(_) if self.store.data().segments.was_hit() => {
                Err(self.guest_exited(&Ending::ReadOnly.into()))
            }
            Ok(results) => Ok(results),
            Err(error) => Err(self.guest_exited(&error)),
        }
    }

    /// What the guest has written is carried over.
    fn leave(&mut self) {
        let (mut memory, state) = GuestBytesMut::split(&self.memory, &mut self.store);
        state.segments.flush(&mut memory);
        // The goroutines have been told by number.
        state.segments.forget_woken();
    }

    #[cold]
    fn guest_exited(&mut self, error: &wasmtime::Error) -> Exit {
        let exit = Exit::of(&self.name, self.busy, error, self.store.data_mut());
        self.exit = Some(exit.again(&self.name));
        exit
    }

    /// The guest does not keep to the ABI: it is not entered any more.
    #[cold]
    pub fn broken(&mut self, what: &str) -> Exit {
        let exit = Exit::abi(&self.name, what);
        self.exit = Some(exit.again(&self.name));
        exit
    }

    #[inline]
    fn validated(&mut self, events: u32) -> Result<u32, Exit> {
        if events == 0 || self.block.has_events(&self.memory(), events) {
            return Ok(events);
        }
        Err(self.broken("its events are outside its memory"))
    }
}

/// No segment stays in the memory of a guest that ends.
impl Drop for GoGuest {
    fn drop(&mut self) {
        self.store.data_mut().segments.detach_all();
    }
}

#[inline]
fn prepare(store: &mut Store<State>, metered: bool, entry: &Entry) {
    let fuel = entry.fuel.unwrap_or(u64::MAX);
    if metered {
        // It cannot fail in a metered engine.
        let _ = store.set_fuel(fuel);
    }
    let state = store.data_mut();
    state.fuel_at_start = fuel;
    state.advanced = Duration::ZERO;
    state.prepare(entry);
}

#[inline]
fn enter(store: &mut Store<State>) {
    store.set_epoch_deadline(1);
    store.data_mut().enter();
}

fn fuel_used(store: &Store<State>, metered: bool) -> u64 {
    // Where fuel is not metered, asking for it makes an error.
    let left = if metered { store.get_fuel().ok() } else { None };
    left.map_or(0, |left| store.data().fuel_at_start.saturating_sub(left))
}

fn nanoseconds(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}
