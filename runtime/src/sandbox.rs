//! One script's world.

use crate::capabilities::Capabilities;
use crate::engine::Engine;
use crate::error::Error;
use crate::limits::{Limits, MemoryLimiter};
use crate::lua::guest::{Guest, State, halt_of};
use crate::lua::loader::package_path;
use crate::lua::version::LuaVersion;
use crate::outcome::{End, LuaError, Outcome, Stop, Stopped, Usage};
use crate::script::Script;
use crate::stdio::{Input, Output};
use crate::stopping::{Control, Halt, InterruptHandle};
use std::fmt;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

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
    guest: Guest,
    limits: Limits,
    wall: Duration,
    is_dead: bool,
    /// Fuel used when the guest was halted; what came after was the host's wish.
    fuel_at_halt: Option<u64>,
}

/// How a [`Sandbox`] is built. Nothing is granted by default.
pub struct SandboxBuilder {
    engine: Engine,
    version: LuaVersion,
    limits: Limits,
    capabilities: Capabilities,
    stdin: Input,
    stdout: Option<Box<dyn Write + Send>>,
    stderr: Option<Box<dyn Write + Send>>,
    terminals: [bool; 3],
}

impl SandboxBuilder {
    /// Which Lua to run; 5.4 by default.
    pub fn lua(mut self, version: LuaVersion) -> SandboxBuilder {
        self.version = version;
        self
    }

    /// What the sandbox may spend; see [`Limits`] for the defaults.
    pub fn limits(mut self, limits: Limits) -> SandboxBuilder {
        self.limits = limits;
        self
    }

    /// What the sandbox may reach; nothing by default.
    pub fn capabilities(mut self, capabilities: Capabilities) -> SandboxBuilder {
        self.capabilities = capabilities;
        self
    }

    /// What the script reads as standard input; empty by default. It is read on a
    /// thread of its own, so that a deadline can pass while nothing comes.
    pub fn stdin(mut self, input: impl Read + Send + 'static) -> SandboxBuilder {
        self.stdin = Input::new(Some(Box::new(input)));
        self
    }

    /// What the script reads as standard input, all of it: cheaper than
    /// [`stdin`](Self::stdin), as no thread is needed.
    ///
    /// ```
    /// use luago::{Engine, OutputBuffer, Sandbox, Script};
    ///
    /// let engine = Engine::new()?;
    /// let output = OutputBuffer::new();
    /// let mut sandbox = Sandbox::builder(&engine)
    ///     .stdin_bytes("3 4")
    ///     .stdout(output.clone())
    ///     .build()?;
    /// sandbox.run(&Script::new("sum", "print(io.read('n') + io.read('n'))"))?;
    /// assert_eq!(output.take(), b"7\n");
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn stdin_bytes(mut self, bytes: impl Into<Vec<u8>>) -> SandboxBuilder {
        self.stdin = Input::bytes(bytes.into());
        self
    }

    /// Where standard output goes; nowhere by default.
    pub fn stdout(mut self, output: impl Write + Send + 'static) -> SandboxBuilder {
        self.stdout = Some(Box::new(output));
        self
    }

    /// Where standard error goes; nowhere by default.
    pub fn stderr(mut self, output: impl Write + Send + 'static) -> SandboxBuilder {
        self.stderr = Some(Box::new(output));
        self
    }

    /// Which of standard input, output and error are terminals, where Lua writes
    /// line by line. None by default.
    pub fn terminals(mut self, stdin: bool, stdout: bool, stderr: bool) -> SandboxBuilder {
        self.terminals = [stdin, stdout, stderr];
        self
    }

    /// Builds the sandbox, or reports every setting that cannot work.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid`], [`Error::is_grant`] for a directory that cannot be
    /// opened, [`Error::is_busy`] when the engine is full.
    pub fn build(self) -> Result<Sandbox, Error> {
        let mut mistakes = self.limits.mistakes();
        mistakes.extend(self.capabilities.mistakes());
        if self.capabilities.deterministic.is_some() && self.limits.get_deadline().is_some() {
            mistakes.push(
                "a deadline depends on the machine and cannot be part of a deterministic run; \
                 limit the fuel instead"
                    .to_string(),
            );
        }
        if !mistakes.is_empty() {
            return Err(Error::invalid(mistakes));
        }
        let metered = self.limits.get_fuel().is_some() || self.capabilities.deterministic.is_some();
        let pre = self.engine.guest(self.version, metered)?;
        let ticker = self.engine.ticker().clone();
        let state = State::new(
            &self.capabilities,
            MemoryLimiter::new(self.limits.get_memory()),
            self.limits.get_fuel().unwrap_or(u64::MAX),
            Output {
                stdout: self.stdout,
                stderr: self.stderr,
                limit: self.limits.get_output(),
                written: 0,
            },
            self.stdin,
            self.terminals,
            Control::new(InterruptHandle::new(ticker.clone())),
            ticker,
        )?;
        let guest = pre.instantiate(state).map_err(|error| {
            if error.is::<wasmtime::PoolConcurrencyLimitError>() {
                Error::busy(self.engine.max_sandboxes())
            } else {
                Error::engine("start a sandbox", error)
            }
        })?;
        let mut sandbox = Sandbox {
            guest,
            limits: self.limits,
            wall: Duration::ZERO,
            is_dead: false,
            fuel_at_halt: None,
        };
        let default = default_package_path(pre.version);
        let variable = |name: &str| self.capabilities.variable(name).map(str::to_string);
        if let Some(path) = package_path(pre.version, variable, &default) {
            sandbox.with_input(&[path.as_bytes()], |guest| {
                guest.call("luago_set_path", path.len() as u32)
            })?;
        }
        Ok(sandbox)
    }
}

/// Where modules are looked for, as the guest was built.
fn default_package_path(version: LuaVersion) -> String {
    format!(
        "./?.lua;./?/init.lua;./lua_modules/share/lua/{version}/?.lua;\
         ./lua_modules/share/lua/{version}/?/init.lua;/usr/local/share/lua/{version}/?.lua;\
         /usr/local/share/lua/{version}/?/init.lua"
    )
}

/// What became of a line typed by a person.
#[derive(Debug, Clone)]
pub enum Line {
    /// It was run.
    Done(Outcome),
    /// It is the beginning of something; ask for more.
    Incomplete,
}

const FAILED: i32 = 1;
const INCOMPLETE: i32 = 2;

impl Sandbox {
    /// Starts building a sandbox.
    pub fn builder(engine: &Engine) -> SandboxBuilder {
        SandboxBuilder {
            engine: engine.clone(),
            version: LuaVersion::default(),
            limits: Limits::default(),
            capabilities: Capabilities::default(),
            stdin: Input::bytes(Vec::new()),
            stdout: None,
            stderr: None,
            terminals: [false; 3],
        }
    }

    /// Runs a script to its end. Blocks the thread.
    ///
    /// In a tokio runtime, call it through `spawn_blocking`: the files of granted
    /// directories are served by `wasmtime-wasi`, which panics where it is called
    /// from a task.
    ///
    /// # Errors
    ///
    /// [`Error::is_dead`] after a stop or an exit. What the script itself does
    /// wrong is in the [`Outcome`].
    pub fn run(&mut self, script: &Script) -> Result<Outcome, Error> {
        for argument in &script.args {
            let outcome = self.with_input(&[argument], |guest| {
                guest.call("luago_argument", argument.len() as u32)
            })?;
            if !outcome.is_returned() {
                return Ok(outcome);
            }
        }
        let (name, code) = (script.name.as_slice(), script.code.as_slice());
        let is_file = i32::from(script.is_file);
        self.with_input(&[name, &[0], code], |guest| {
            guest.call("luago_run", (name.len() as u32, code.len() as u32, is_file))
        })
    }

    /// Requires a module, as the interpreter's option `-l` does: `NAME`, or
    /// `GLOBAL=NAME`.
    pub fn require(&mut self, name: &str) -> Result<Outcome, Error> {
        let global = name.find('=').map_or(0, |at| at + 1);
        self.with_input(&[name.as_bytes()], |guest| {
            guest.call("luago_require", (global as u32, name.len() as u32))
        })
    }

    /// Sets an element of the global table `arg`.
    pub fn set_arg(&mut self, index: i32, value: impl AsRef<[u8]>) -> Result<Outcome, Error> {
        let value = value.as_ref();
        self.with_input(&[value], |guest| guest.call("luago_set_arg", (index, value.len() as u32)))
    }

    /// Runs a line typed by a person, and prints its results as the interactive
    /// interpreter does.
    pub fn run_line(&mut self, line: &str) -> Result<Line, Error> {
        let mut incomplete = false;
        let outcome = self.with_input(&[line.as_bytes()], |guest| {
            let status = guest.call("luago_line", line.len() as u32)?;
            incomplete = status == INCOMPLETE;
            Ok(status)
        })?;
        Ok(if incomplete { Line::Incomplete } else { Line::Done(outcome) })
    }

    /// Closes the interpreter: finalizers run, and files are closed. A sandbox
    /// that is only dropped runs no more code.
    pub fn close(mut self) -> Result<Outcome, Error> {
        self.with_input(&[], |guest| guest.close().map(|()| 0))
    }

    /// Changes the deadline of the runs that follow.
    pub fn set_deadline(&mut self, deadline: Option<Duration>) {
        self.limits = self.limits.clone().deadline(deadline);
    }

    /// A handle by which another thread can stop this sandbox.
    pub fn interrupt_handle(&self) -> InterruptHandle {
        self.guest.store.data().control.interrupt.clone()
    }

    /// Has it been stopped, or has it exited?
    pub fn is_dead(&self) -> bool {
        self.is_dead
    }

    /// What it has used since it was built.
    pub fn usage(&self) -> Usage {
        let state = self.guest.store.data();
        Usage {
            wall: self.wall,
            fuel: self.fuel_at_halt.or_else(|| self.guest.fuel_used()),
            peak_memory: state.limiter.peak(),
            output: state.output.written,
        }
    }

    fn with_input(
        &mut self,
        input: &[&[u8]],
        call: impl FnOnce(&mut Guest) -> wasmtime::Result<i32>,
    ) -> Result<Outcome, Error> {
        if self.is_dead {
            return Err(Error::dead());
        }
        let start = Instant::now();
        self.guest.store.data_mut().control.begin(self.limits.get_deadline());
        let end = match self.guest.put(input) {
            Ok(true) => match call(&mut self.guest) {
                Ok(FAILED) => self.failure(),
                Ok(_) => End::Returned,
                Err(error) => self.halted(&error),
            },
            Ok(false) => End::Stopped(Stopped {
                stop: Stop::Memory { limit: self.limits.get_memory() },
                traceback: String::new(),
            }),
            Err(error) => self.halted(&error),
        };
        self.wall += start.elapsed();
        Ok(Outcome { end, usage: self.usage() })
    }

    /// The script raised an error that nothing caught.
    fn failure(&mut self) -> End {
        match self.guest.report() {
            Some(report) if report.out_of_memory => End::Stopped(Stopped {
                stop: Stop::Memory { limit: self.limits.get_memory() },
                traceback: report.trace,
            }),
            Some(report) => {
                End::Error(LuaError { message: report.message, traceback: report.traceback })
            }
            None => self.fault("it does not say what went wrong".to_string()),
        }
    }

    fn fault(&mut self, message: String) -> End {
        self.is_dead = true;
        End::Stopped(Stopped { stop: Stop::Fault { message }, traceback: String::new() })
    }

    /// The guest was left in the middle of something.
    fn halted(&mut self, error: &wasmtime::Error) -> End {
        self.is_dead = true;
        self.fuel_at_halt = self.guest.fuel_used();
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
            None => match error.downcast_ref::<wasmtime::Trap>() {
                Some(wasmtime::Trap::OutOfFuel) => {
                    Stop::Fuel { limit: usage_fuel.unwrap_or(u64::MAX) }
                }
                Some(wasmtime::Trap::Interrupt) => {
                    self.guest.store.data().control.asked().unwrap_or(Stop::Interrupted)
                }
                Some(trap) => Stop::Fault { message: trap.to_string() },
                None => Stop::Fault { message: format!("{error:#}") },
            },
        };
        if !has_trace {
            self.guest.trace();
        }
        let report = self.guest.report();
        let (traceback, pending) =
            report.map_or_else(Default::default, |report| (report.trace, report.pending));
        if !pending.is_empty() {
            // What the script printed last; the stop is already decided.
            let _ = self.guest.store.data_mut().output.write(1, &pending);
        }
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

impl fmt::Debug for SandboxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxBuilder")
            .field("version", &self.version)
            .field("limits", &self.limits)
            .field("capabilities", &self.capabilities)
            .finish_non_exhaustive()
    }
}
