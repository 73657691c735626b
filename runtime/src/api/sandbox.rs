//! One script's world.

use crate::api::config::Config;
use crate::api::script::Script;
use crate::api::template::Template;
use crate::error::Error;
use crate::grants::limits::Limits;
use crate::host::interrupt::{Halt, InterruptHandle};
use crate::host::stdio::{Input, Sink};
use crate::lua::compiled::Compiled;
use crate::lua::exports::{self, Export};
use crate::lua::guest::{Guest, halt_of, lacks_stack};
use crate::lua::version::LuaVersion;
use crate::outcome::{End, GuestUsage, LuaError, Outcome, Stop, Stopped, Usage};
use crate::value::Value;
use crate::value::function::Owner;
use bstr::ByteSlice;
use luago_abi::lua::status::{DONE, FAILED, INCOMPLETE, NO_MEMORY};
use std::fmt;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument;

/// One Lua interpreter with what was granted to it. Nothing is shared between two
/// sandboxes.
///
/// A sandbox runs any number of scripts, which share its globals. After an error
/// of Lua it can run again; once it has been stopped or has exited it is dead.
///
/// ```
/// use luago::{Engine, LuaVersion, Sandbox, Script};
///
/// let engine = Engine::new()?;
/// let mut sandbox = Sandbox::builder(&engine).lua(LuaVersion::Lua53).build()?;
/// sandbox.run(&Script::new("first", "x = 1"))?;
/// let outcome = sandbox.run(&Script::new("second", "assert(x == 2, 'x is not 2')"))?;
/// assert_eq!(outcome.error().unwrap().message, "second:1: x is not 2");
/// # Ok::<(), luago::Error>(())
/// ```
pub struct Sandbox {
    pub(crate) guest: Guest,
    pub(crate) config: Arc<Config>,
    /// As it was built, before anything was registered.
    pub(crate) origin: Arc<Config>,
    pub(crate) template: Option<Template>,
    pub(crate) owner: Arc<Owner>,
    pub(crate) limits: Limits,
    pub(crate) is_dead: bool,
    /// The time of all calls, in ticks of the engine's clock.
    ticks: u64,
    /// What had been used when the current call began, and what the last one has used.
    begun: Meter,
    last_call: Meter,
    /// Fuel used when the guest was halted; what came after was the host's wish.
    fuel_at_halt: Option<u64>,
}

/// What has been used, in the counts of a clock.
#[derive(Clone, Copy, Default)]
pub(crate) struct Meter {
    ticks: u64,
    fuel: Option<u64>,
    output: u64,
    host_calls: u64,
}

/// What became of a line typed by a person.
///
/// ```
/// use luago::{Engine, Line, Sandbox};
///
/// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
/// assert!(matches!(sandbox.run_line("for i = 1, 2 do")?, Line::Incomplete));
/// assert!(matches!(sandbox.run_line("for i = 1, 2 do end")?, Line::Done(_)));
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Debug, Clone)]
pub enum Line {
    /// It was run.
    Done(Outcome),
    /// It is the beginning of something; ask for more.
    Incomplete,
}

impl Sandbox {
    pub(crate) fn with_guest(
        guest: Guest,
        config: Arc<Config>,
        owner: Arc<Owner>,
        template: Option<Template>,
    ) -> Sandbox {
        let limits = config.limits.clone();
        Sandbox {
            guest,
            origin: Arc::clone(&config),
            config,
            template,
            owner,
            limits,
            is_dead: false,
            ticks: 0,
            begun: Meter::default(),
            last_call: Meter::default(),
            fuel_at_halt: None,
        }
    }

    /// Runs a script to its end. Blocks the thread; [`run_async`](Self::run_async) does
    /// not.
    ///
    /// # Errors
    ///
    /// [`Error::is_dead`] after a stop or an exit. What the script itself does
    /// wrong is in the [`Outcome`].
    pub fn run(&mut self, script: &Script) -> Result<Outcome, Error> {
        for argument in &script.args {
            let outcome = self.with_input(&[argument], |guest| {
                guest.call(exports::ARGUMENT, argument.len() as u32)
            })?;
            if !outcome.is_returned() {
                return Ok(outcome);
            }
        }
        let span = tracing::info_span!("run", script = %script.display_name()).entered();
        let outcome =
            self.with_input(&script.input(), |guest| guest.call(exports::RUN, script.parameters()));
        drop(span);
        outcome
    }

    /// Runs a script to its end in a future, under any executor. While the script waits
    /// for an asynchronous host function the executor's thread is free, and every few
    /// milliseconds of a script that computes others have their turn.
    ///
    /// Dropping the future ends the script where it is, and what it waited for; the sandbox
    /// is dead then.
    pub async fn run_async(&mut self, script: &Script) -> Result<Outcome, Error> {
        let span = tracing::info_span!("run", script = %script.display_name());
        self.run_now(script).instrument(span).await
    }

    async fn run_now(&mut self, script: &Script) -> Result<Outcome, Error> {
        for argument in &script.args {
            let outcome = self.with_input(&[argument], |guest| {
                guest.call(exports::ARGUMENT, argument.len() as u32)
            })?;
            if !outcome.is_returned() {
                return Ok(outcome);
            }
        }
        self.begin()?;
        let result = match self.guest.put(&script.input()) {
            Ok(true) => self.left_alone(exports::RUN, script.parameters()).await,
            other => other.map(|_| NO_MEMORY),
        };
        let result = self.with_last_output(result);
        let end = self.ending(result);
        self.end();
        Ok(Outcome { end: end?, usage: self.usage() })
    }

    /// Runs an export in a future. If that is dropped, so is what the guest waits for, and
    /// the guest is left in the middle of something.
    pub(crate) async fn left_alone<P: wasmtime::WasmParams + Sync>(
        &mut self,
        export: Export<P>,
        parameters: P,
    ) -> wasmtime::Result<i32> {
        struct Left<'a> {
            guest: &'a mut Guest,
            is_over: bool,
        }
        impl Drop for Left<'_> {
            fn drop(&mut self) {
                if !self.is_over {
                    self.guest.store.data().calls.pending.cancel();
                    self.guest.kill_commands();
                    self.guest.abort_go();
                }
            }
        }
        self.is_dead = true;
        let mut left = Left { guest: &mut self.guest, is_over: false };
        let result = left.guest.call_async(export, parameters).await;
        // Of an error the caller makes an end, and aborts then.
        left.is_over = true;
        drop(left);
        self.is_dead = false;
        result
    }

    /// Requires a module, as the option `-l` of the version's interpreter does, from 5.2 on
    /// into a global of its name. From 5.4 on `GLOBAL=NAME` is another one, and without that
    /// the global of `NAME-SUFFIX` is `NAME`.
    pub fn require(&mut self, name: impl AsRef<[u8]>) -> Result<Outcome, Error> {
        let name = name.as_ref();
        let global = match self.config.version {
            LuaVersion::Lua51 | LuaVersion::Lua52 | LuaVersion::Lua53 => None,
            LuaVersion::Lua54 | LuaVersion::Lua55 => Some(name),
        };
        let (global, module) = match global.and_then(|name| name.split_once_str("=")) {
            Some((global, module)) => (Some(global), module),
            None => (global.and_then(|name| Some(name.split_once_str("-")?.0)), name),
        };
        let Some(global) = global else {
            return self
                .with_input(&[name], |guest| guest.call(exports::REQUIRE, (0, name.len() as u32)));
        };
        let global_len = global.len() + 1;
        self.with_input(&[global, b"=", module], |guest| {
            let len = (global_len + module.len()) as u32;
            guest.call(exports::REQUIRE, (global_len as u32, len))
        })
    }

    /// Sets an element of the global table `arg`.
    pub fn set_arg(&mut self, index: i32, value: impl AsRef<[u8]>) -> Result<Outcome, Error> {
        let value = value.as_ref();
        self.with_input(&[value], |guest| guest.call(exports::SET_ARG, (index, value.len() as u32)))
    }

    /// Runs a line typed by a person, and prints its results as the interactive
    /// interpreter does.
    pub fn run_line(&mut self, line: impl AsRef<[u8]>) -> Result<Line, Error> {
        let line = line.as_ref();
        let mut incomplete = false;
        let outcome = self.with_input(&[line], |guest| {
            let status = guest.call(exports::LINE, line.len() as u32)?;
            incomplete = status == INCOMPLETE;
            Ok(status)
        })?;
        Ok(if incomplete { Line::Incomplete } else { Line::Done(outcome) })
    }

    /// Closes the interpreter: finalizers run, and files are closed. A sandbox
    /// that is only dropped runs no more code.
    pub fn close(mut self) -> Result<Outcome, Error> {
        self.with_input(&[], |guest| {
            guest.close()?;
            guest.close_go()?;
            Ok(0)
        })
    }

    /// Changes the deadline of the runs that follow.
    pub fn set_deadline(&mut self, deadline: Option<Duration>) {
        self.limits = self.limits.clone().deadline(deadline);
    }

    /// Where standard output goes from now on, for a sandbox of a template or a pool as
    /// well.
    ///
    /// ```
    /// use luago::{Engine, OutputBuffer, Sandbox, Script};
    ///
    /// let template = Sandbox::builder(&Engine::new()?).build()?.into_template()?;
    /// let mut sandbox = template.instantiate()?;
    /// let output = OutputBuffer::new();
    /// sandbox.set_stdout(output.clone());
    /// sandbox.run(&Script::new("hello", "print('hello')"))?;
    /// assert_eq!(output.take(), b"hello\n");
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn set_stdout(&mut self, output: impl Write + Send + 'static) {
        self.guest.store.data_mut().output.stdout = Some(Sink::Writer(Box::new(output)));
    }

    /// Where standard error goes from now on.
    pub fn set_stderr(&mut self, output: impl Write + Send + 'static) {
        self.guest.store.data_mut().output.stderr = Some(Sink::Writer(Box::new(output)));
    }

    /// What the script reads as standard input from now on.
    pub fn set_stdin_bytes(&mut self, bytes: impl Into<Vec<u8>>) {
        self.guest.store.data_mut().input = Input::bytes(bytes.into());
    }

    /// A handle by which another thread can stop this sandbox.
    pub fn interrupt_handle(&self) -> InterruptHandle {
        self.guest.store.data().control.interrupt.clone()
    }

    /// Whether it has been stopped or has exited.
    pub fn is_dead(&self) -> bool {
        self.is_dead
    }

    /// What it has used since it was built, or since it was last reset.
    pub fn usage(&self) -> Usage {
        let state = self.guest.store.data();
        Usage {
            wall: self.config.engine.core().clock.duration(self.ticks),
            fuel: self.fuel_at_halt.or_else(|| self.guest.fuel_used()),
            peak_memory: state.limiter.peak(),
            output: state.output.written,
            host_calls: state.calls.host_calls,
            leaked: state.bridge.get().map_or(0, |bridge| bridge.leaked()),
            compiled: state.compiled.as_ref().map_or(0, Compiled::count),
        }
    }

    /// What a Go guest of this sandbox has and had; `None` if there is none of that name, or
    /// none that has been started.
    pub fn guest_usage(&self, guest: &str) -> Option<GuestUsage> {
        self.guest.store.data().bridge.get()?.usage(guest)
    }

    /// What the last call or run has used. `peak_memory` is that of the sandbox.
    pub fn last_usage(&self) -> Usage {
        let Meter { ticks, fuel, output, host_calls } = self.last_call;
        let Usage { leaked, compiled, .. } = self.usage();
        Usage {
            wall: self.config.engine.core().clock.duration(ticks),
            fuel,
            peak_memory: self.guest.store.data().limiter.peak(),
            output,
            host_calls,
            leaked,
            compiled,
        }
    }

    /// Starts the clock of a call, and forgets the functions that nobody holds any more.
    #[inline]
    pub(crate) fn begin(&mut self) -> Result<(), Error> {
        if self.is_dead {
            return Err(Error::dead());
        }
        self.begun.ticks = self.config.engine.core().clock.now();
        self.begun.fuel = self.guest.fuel_used();
        let state = self.guest.store.data_mut();
        state.control.begin(self.limits.get_deadline());
        state.calls.context.deadline = state.control.deadline();
        state.calls.begin();
        self.begun.output = state.output.written;
        self.begun.host_calls = state.calls.host_calls;
        if self.owner.has_released() {
            // A guest that fails here fails at its next call, too.
            let _ = self.guest.release();
        }
        Ok(())
    }

    /// Stops the clock.
    #[inline]
    pub(crate) fn end(&mut self) {
        let fuel = self.fuel_at_halt.or_else(|| self.guest.fuel_used());
        let state = self.guest.store.data();
        // Field by field: a struct that is put together elsewhere and copied stalls the
        // processor for longer than all this takes.
        self.last_call.output = state.output.written - self.begun.output;
        self.last_call.host_calls = state.calls.host_calls - self.begun.host_calls;
        let before = self.begun.fuel.unwrap_or(0);
        self.last_call.fuel = fuel.map(|fuel| fuel.saturating_sub(before));
        let ticks = self.config.engine.core().clock.now().saturating_sub(self.begun.ticks);
        self.last_call.ticks = ticks;
        self.ticks += ticks;
    }

    pub(crate) fn with_input(
        &mut self,
        input: &[&[u8]],
        call: impl FnOnce(&mut Guest) -> wasmtime::Result<i32>,
    ) -> Result<Outcome, Error> {
        self.begin()?;
        let result = match self.guest.put(input) {
            Ok(true) => call(&mut self.guest),
            other => other.map(|_| NO_MEMORY),
        };
        let result = self.with_last_output(result);
        let end = self.ending(result);
        self.end();
        Ok(Outcome { end: end?, usage: self.usage() })
    }

    /// Shows what Go guests have written last, which may be too much.
    #[inline]
    pub(crate) fn with_last_output(
        &mut self,
        result: wasmtime::Result<i32>,
    ) -> wasmtime::Result<i32> {
        let state = self.guest.store.data_mut();
        match state.bridge.get() {
            Some(bridge) if bridge.has_output() => {
                result.and_then(|r| state.show_output().map(|()| r))
            }
            _ => result,
        }
    }

    /// How a call of an export ended, if it began.
    pub(crate) fn ending(&mut self, result: wasmtime::Result<i32>) -> Result<End, Error> {
        if lacks_stack(&result) { Err(Error::no_stack()) } else { Ok(self.end_of(result)) }
    }

    /// How a call of an export ended.
    pub(crate) fn end_of(&mut self, result: wasmtime::Result<i32>) -> End {
        let end = match result {
            Ok(_) if self.guest.leave_segments() => {
                self.halted(&wasmtime::Trap::MemoryOutOfBounds.into())
            }
            Ok(FAILED) => self.failure(),
            Ok(NO_MEMORY) => End::Stopped(Stopped {
                stop: Stop::Memory { limit: self.limits.get_memory() },
                traceback: String::new(),
            }),
            Ok(_) => End::Returned,
            Err(error) => self.halted(&error),
        };
        if let End::Stopped(stopped) = &end {
            tracing::info!(stop = stopped.stop.kind(), "a script was stopped: {}", stopped.stop);
        }
        end
    }

    /// The script raised an error that nothing caught.
    fn failure(&mut self) -> End {
        match self.guest.report(false) {
            Some(report) if report.out_of_memory => End::Stopped(Stopped {
                stop: Stop::Memory { limit: self.limits.get_memory() },
                traceback: report.trace,
            }),
            Some(report) => {
                let (value, source) = self.error_value();
                let (message, traceback) = report.texts();
                let is_text = message == report.message && traceback == report.traceback;
                let bytes = (!is_text).then(|| Arc::new((report.message, report.traceback)));
                End::Error(LuaError { message, traceback, value, source, bytes })
            }
            None => {
                self.is_dead = true;
                let unknown = || Stop::Fault { message: "it does not say what went wrong".into() };
                let stop = self.guest.store.data().control.reason_of_run().unwrap_or_else(unknown);
                End::Stopped(Stopped { stop, traceback: String::new() })
            }
        }
    }

    /// What was raised, and the error of a host function behind it.
    fn error_value(&mut self) -> (Value, Option<Arc<dyn std::error::Error + Send + Sync>>) {
        let value = match self.guest.error_value() {
            Some(DONE) => self.read_value().unwrap_or_default(),
            _ => Value::Nil,
        };
        let source = match &value {
            Value::Error(error) => self.guest.store.data().calls.errors.get(error.id),
            _ => None,
        };
        (value, source)
    }

    /// The guest was left in the middle of something.
    fn halted(&mut self, error: &wasmtime::Error) -> End {
        self.is_dead = true;
        self.guest.store.data().calls.pending.cancel();
        self.fuel_at_halt = self.guest.fuel_used();
        self.guest.kill_commands();
        self.guest.abort_go();
        let usage_fuel = self.limits.get_fuel();
        let mut has_trace = false;
        let stop = match halt_of(error) {
            Some(Halt::Exit(code)) => return End::Exited(*code),
            Some(Halt::OutputClosed) => return End::OutputClosed,
            Some(Halt::Stop(stop)) => stop.clone(),
            Some(Halt::StoppedItself) => {
                has_trace = true;
                self.guest.store.data().control.asked().unwrap_or(Stop::Interrupted)
            }
            None if self.guest.store.data().segments.was_hit() => Stop::ReadOnlySegment,
            None => match error.downcast_ref::<wasmtime::Trap>() {
                Some(wasmtime::Trap::OutOfFuel) => {
                    Stop::Fuel { limit: usage_fuel.unwrap_or(u64::MAX) }
                }
                Some(wasmtime::Trap::Interrupt) => {
                    let control = &self.guest.store.data().control;
                    // One that has not looked in time was not asked.
                    control.asked().or_else(|| control.reason_of_run()).unwrap_or(Stop::Interrupted)
                }
                Some(trap) => Stop::Fault { message: trap.to_string() },
                None => Stop::Fault { message: format!("{error:#}") },
            },
        };
        if !has_trace {
            self.guest.trace();
        }
        let report = self.guest.report(true);
        let (traceback, pending) =
            report.map_or_else(Default::default, |report| (report.trace, report.pending));
        if !pending.is_empty() {
            // What the script printed last; the stop is already decided.
            let _ = self.guest.store.data_mut().output.write(1, &pending);
        }
        let _ = self.guest.store.data_mut().show_output();
        End::Stopped(Stopped { stop, traceback })
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("limits", &self.limits)
            .field("is_dead", &self.is_dead)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod slot_reuse;
