//! How a run ended.

use crate::value::Value;
use bstr::{BStr, BString, ByteSlice};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How a run ended, and what it used.
///
/// ```
/// use luago::{Engine, Sandbox, Script};
///
/// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
/// let outcome = sandbox.run(&Script::new("sum", "local sum = 1 + 1"))?;
/// assert!(outcome.is_returned() && outcome.usage.peak_memory > 0);
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Outcome {
    /// How it ended.
    pub end: End,
    /// What the sandbox has used since it was built.
    pub usage: Usage,
}

impl Outcome {
    /// Whether the script ran to its end.
    pub fn is_returned(&self) -> bool {
        matches!(self.end, End::Returned)
    }

    /// The error that the script raised and did not catch.
    pub fn error(&self) -> Option<&LuaError> {
        match &self.end {
            End::Error(error) => Some(error),
            _ => None,
        }
    }

    /// What stopped the script.
    pub fn stop(&self) -> Option<&Stop> {
        match &self.end {
            End::Stopped(stopped) => Some(&stopped.stop),
            _ => None,
        }
    }
}

/// The ways in which a run can end.
///
/// ```
/// use luago::{End, Engine, Sandbox, Script};
///
/// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
/// let outcome = sandbox.run(&Script::new("exit", "os.exit(3)"))?;
/// assert_eq!(outcome.end, End::Exited(3));
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum End {
    /// The script ran to its end.
    Returned,
    /// The script called `os.exit` with this code.
    Exited(i32),
    /// The script raised an error and did not catch it.
    Error(LuaError),
    /// Something outside the script's reach stopped it.
    Stopped(Stopped),
    /// Whoever read the script's output has closed it.
    OutputClosed,
}

/// An error that a script raised and did not catch.
///
/// ```
/// use luago::{Engine, Sandbox, Script};
///
/// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
/// let rule = sandbox.load(&Script::new("rule", "error({ code = 7 })"))?;
/// let error = sandbox.call::<()>(&rule, ()).unwrap_err();
/// let value = &error.lua_error().unwrap().value;
/// assert_eq!(value.get("code").and_then(|code| code.as_i64()), Some(7));
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct LuaError {
    /// The message, as the standalone interpreter would print it. Bytes that are not
    /// UTF-8 are U+FFFD here; [`message_bytes`](LuaError::message_bytes) has them as they are.
    pub message: String,
    /// `stack traceback:` and its lines; empty where Lua makes none, as for an
    /// error of syntax.
    pub traceback: String,
    /// What was raised: a table if the script raised one, and a [`Value::Error`] for an
    /// error of a host function. Nil for what cannot be passed, such as a coroutine.
    #[serde(skip)]
    pub value: Value,
    #[serde(skip)]
    pub(crate) source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    /// Message and traceback, where they are no text.
    #[serde(skip)]
    pub(crate) bytes: Option<Arc<(BString, BString)>>,
}

impl LuaError {
    /// The message with all its bytes, which need not be UTF-8.
    ///
    /// ```
    /// use luago::{Engine, Sandbox, Script};
    ///
    /// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
    /// let outcome = sandbox.run(&Script::new("latin", r"error('caf\233', 0)"))?;
    /// let error = outcome.error().unwrap();
    /// assert_eq!(error.message, "caf\u{fffd}");
    /// assert_eq!(error.message_bytes(), &b"caf\xe9"[..]);
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn message_bytes(&self) -> &BStr {
        let bytes = self.bytes.as_ref().map(|bytes| bytes.0.as_bstr());
        bytes.unwrap_or(self.message.as_bytes().as_bstr())
    }

    /// The traceback with all its bytes; names in it need not be UTF-8.
    pub fn traceback_bytes(&self) -> &BStr {
        let bytes = self.bytes.as_ref().map(|bytes| bytes.1.as_bstr());
        bytes.unwrap_or(self.traceback.as_bytes().as_bstr())
    }

    /// The error that a host function returned, if that is what was raised.
    ///
    /// The last 16 errors of a sandbox's host functions are kept for this, and none whose
    /// message and causes are together longer than 32 KiB: of such a one Lua and the host have
    /// the text alone, since that is likely to be what a script has passed in.
    ///
    /// ```
    /// use luago::{Engine, Sandbox};
    ///
    /// let engine = Engine::new()?;
    /// let mut sandbox = Sandbox::builder(&engine)
    ///     .function("read", |_, ()| std::fs::read_to_string("/no/such/file"))
    ///     .build()?;
    /// let error = sandbox.call::<()>("read", ()).unwrap_err();
    /// let lua = error.lua_error().unwrap();
    /// assert!(lua.host_error::<std::io::Error>().is_some());
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn host_error<E: std::error::Error + 'static>(&self) -> Option<&E> {
        let source: &(dyn std::error::Error + 'static) = &**self.source.as_ref()?;
        source.downcast_ref()
    }
}

impl fmt::Debug for LuaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LuaError")
            .field("message", &self.message)
            .field("traceback", &self.traceback)
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

/// Equal if message, traceback and value are.
impl PartialEq for LuaError {
    fn eq(&self, other: &LuaError) -> bool {
        self.message == other.message
            && self.traceback == other.traceback
            && self.value == other.value
    }
}

impl std::error::Error for LuaError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source: &(dyn std::error::Error + 'static) = &**self.source.as_ref()?;
        Some(source)
    }
}

impl fmt::Display for LuaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if !self.traceback.is_empty() {
            write!(f, "\n{}", self.traceback)?;
        }
        Ok(())
    }
}

/// A stop, and where the script was.
///
/// ```
/// use luago::{End, Engine, Limits, Sandbox, Script, Stop};
///
/// let limits = Limits::default().fuel(1_000_000);
/// let mut sandbox = Sandbox::builder(&Engine::new()?).limits(limits).build()?;
/// let outcome = sandbox.run(&Script::new("spin", "while true do end"))?;
/// let End::Stopped(stopped) = outcome.end else { panic!() };
/// assert_eq!(stopped.stop, Stop::Fuel { limit: 1_000_000 });
/// assert!(stopped.traceback.contains("spin:1:"));
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// What stopped the script.
    pub stop: Stop,
    /// The stacks of the running coroutines, innermost first; empty when the
    /// guest could not tell any more.
    pub traceback: String,
}

/// What stopped a script. No `pcall` can catch it.
///
/// ```
/// use luago::{Stop};
///
/// let stop = Stop::Output { limit: 1024 };
/// assert_eq!(stop.kind(), "output");
/// assert_eq!(stop.to_string(), "the output limit of 1024 bytes was reached");
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stop {
    /// The deadline passed.
    Deadline {
        /// The deadline.
        limit: Duration,
    },
    /// The fuel was used up.
    Fuel {
        /// The fuel that there was.
        limit: u64,
    },
    /// More memory was needed than the limit allows.
    Memory {
        /// The limit in bytes.
        limit: u64,
    },
    /// More was written than the limit allows.
    Output {
        /// The limit in bytes.
        limit: u64,
    },
    /// [`InterruptHandle::interrupt`](crate::InterruptHandle::interrupt) was called.
    Interrupted,
    /// The guest wrote to a [segment](crate::Segment) that it was granted only to read, past
    /// the checks of its own interpreter.
    ReadOnlySegment,
    /// The guest broke a rule of WebAssembly, which only a script that corrupts
    /// its own interpreter can make it do.
    Fault {
        /// What it did.
        message: String,
    },
}

impl Stop {
    /// A short name for reports: `deadline`, `fuel`, `memory`, `output`,
    /// `interrupted`, `read-only segment` or `fault`.
    pub fn kind(&self) -> &'static str {
        match self {
            Stop::Deadline { .. } => "deadline",
            Stop::Fuel { .. } => "fuel",
            Stop::Memory { .. } => "memory",
            Stop::Output { .. } => "output",
            Stop::Interrupted => "interrupted",
            Stop::ReadOnlySegment => "read-only segment",
            Stop::Fault { .. } => "fault",
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Deadline { limit } => write!(f, "the deadline of {limit:?} passed"),
            Stop::Fuel { limit } => write!(f, "the fuel limit of {limit} was used up"),
            Stop::Memory { limit } => write!(f, "the memory limit of {limit} bytes was reached"),
            Stop::Output { limit } => write!(f, "the output limit of {limit} bytes was reached"),
            Stop::Interrupted => f.write_str("the script was interrupted"),
            Stop::ReadOnlySegment => {
                f.write_str("the guest wrote to a segment that it was granted only to read")
            }
            Stop::Fault { message } => write!(f, "the guest failed: {message}"),
        }
    }
}

/// What a sandbox has used since it was built, or what one call has used.
///
/// ```
/// use luago::{Engine, Sandbox, Script};
///
/// let mut sandbox = Sandbox::builder(&Engine::new()?)
///     .function("now", |_, ()| Ok::<_, String>(0))
///     .build()?;
/// sandbox.run(&Script::new("calls", "now() now()"))?;
/// assert_eq!(sandbox.last_usage().host_calls, 2);
/// sandbox.call::<i64>("now", ())?;
/// assert_eq!((sandbox.last_usage().host_calls, sandbox.usage().host_calls), (1, 3));
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Time spent running, counting what the host did for the script.
    pub wall: Duration,
    /// Fuel used, where fuel is metered.
    pub fuel: Option<u64>,
    /// The most memory the guest has had, in bytes.
    pub peak_memory: u64,
    /// Bytes written to standard output and standard error.
    pub output: u64,
    /// Calls of host functions.
    pub host_calls: u64,
    /// Calls into Go guests that were cancelled and whose goroutines have not returned, in
    /// the sandbox's life.
    pub leaked: u64,
    /// Functions and loops of Lua that the sandbox has machine code of: see
    /// [`Compile`](crate::Compile).
    pub compiled: u64,
}

/// What a Go guest has and had, all its workers together.
///
/// ```no_run
/// use luago::{Engine, GoGrant, GoModule, Sandbox, Script};
///
/// let engine = Engine::new()?;
/// let geo = GoModule::from_file(&engine, "geo.wasm")?;
/// let mut sandbox = Sandbox::builder(&engine).go("geo", geo, GoGrant::new()).build()?;
/// sandbox.run(&Script::new("map", "require('geo').load('alps')"))?;
/// let usage = sandbox.guest_usage("geo").ok_or("not started")?;
/// println!("{} bytes, {} goroutines", usage.peak_memory, usage.goroutines);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GuestUsage {
    /// Instances that are running.
    pub instances: u32,
    /// The most memory that they have had, in bytes.
    pub peak_memory: u64,
    /// Calls that are under way.
    pub tasks: u64,
    /// Goroutines of calls, and of `luago.Go`, that run or wait.
    pub goroutines: u64,
}
