//! Sandboxes for Lua scripts that nobody should have to trust, and for Go programs that
//! these call.
//!
//! A [`Sandbox`] is a real PUC Lua interpreter, 5.1 to 5.5, compiled to WebAssembly. It
//! can do only what it was granted, and it can be stopped. Rust and Lua call each other
//! with values of any type that serde knows. So do Lua and Go guests, each of which is a
//! sandbox of its own.
//!
//! ```
//! use luago::{Engine, Limits, Sandbox, Script};
//! use serde::{Deserialize, Serialize};
//! use std::time::Duration;
//!
//! #[derive(Serialize)]
//! struct Request {
//!     user: String,
//!     size: u64,
//! }
//!
//! #[derive(Debug, PartialEq, Deserialize)]
//! struct Verdict {
//!     allow: bool,
//!     reason: Option<String>,
//! }
//!
//! let engine = Engine::new()?;
//! let mut sandbox = Sandbox::builder(&engine)
//!     .limits(Limits::default().deadline(Duration::from_secs(1)))
//!     .function("quota", |_, user: String| match user.as_str() {
//!         "ana" => Ok(4096),
//!         other => Err(format!("nobody is called '{other}'")),
//!     })
//!     .build()?;
//! let policy = sandbox.load(&Script::new("policy", r#"
//!     function check(request)
//!         local allow = request.size <= quota(request.user)
//!         return { allow = allow, reason = not allow and "too large" or nil }
//!     end
//! "#))?;
//! sandbox.call::<()>(&policy, ())?; // defines `check`
//!
//! let request = Request { user: "ana".to_string(), size: 9000 };
//! let verdict: Verdict = sandbox.call("check", request)?;
//! assert_eq!(verdict, Verdict { allow: false, reason: Some("too large".to_string()) });
//!
//! let request = Request { user: "bob".to_string(), size: 1 };
//! let error = sandbox.call::<Verdict>("check", request).unwrap_err();
//! let lua_error = error.lua_error().expect("it is Lua's");
//! assert!(lua_error.message.ends_with("nobody is called 'bob'"));
//! # Ok::<(), luago::Error>(())
//! ```
//!
//! # Where to look
//!
//! | | |
//! |---|---|
//! | what a process has once | [`Engine`] |
//! | what is granted, and what bounds a script | [`Capabilities`], [`Limits`] |
//! | running a whole script | [`Sandbox::run`], with an [`Outcome`] |
//! | calls into Lua, and globals | [`Sandbox::load`], [`Sandbox::call`], [`Sandbox::get`], [`Sandbox::set`] |
//! | values whose type is not known beforehand | [`Value`], [`Table`] |
//! | functions of Lua that Rust holds | [`Function`] |
//! | functions of Rust that Lua calls | [`SandboxBuilder::function`], [`SandboxBuilder::async_function`], [`Module`], [`Context`] |
//! | calls that are futures | [`Sandbox::call_async`], [`Sandbox::run_async`] |
//! | a loaded sandbox to start others from | [`Template`], [`SandboxPool`] |
//! | Go programs that Lua and Rust call | [`SandboxBuilder::go`], [`GoModule`], [`GoGrant`], [`Sandbox::guest_function`], [`Sandbox::guest_usage`] |
//! | what tasks do | [`SandboxBuilder::on_event`], [`BridgeEvent`], [`TraceChecker`] |
//! | what a Go module says of itself | [`GoMetadata`] |
//! | what a sandbox can cost the host, at most | [a table](cost) |
//! | memory that the host and guests share | [`Segment`], [`View`], [`layout!`], [`ring()`], and a [chapter](segment) |
//! | stopping a sandbox from outside | [`InterruptHandle`] |
//!
//! # Values
//!
//! Arguments and results are types that implement serde's `Serialize` and `Deserialize`.
//! A tuple, or an array of fixed length, is several values, `()` is none, and a
//! [`Variadic`] is any number. Inside of values, a struct or a map is a table, a vector is
//! a table with the keys 1 to n, `None` is nil, and a variant is its name or a table of
//! one pair. A vector of bytes is a sequence as well; a string of any bytes is a
//! [`BString`].
//!
//! # Errors
//!
//! What a whole script does to itself is an [`Outcome`]. A call that gives no value gives
//! an [`Error`]: of the host, such as [`Error::is_conversion`], or what the script did
//! instead, with [`Error::lua_error`], [`Error::stop`] and [`Error::end`]. After an error
//! of Lua a sandbox can be called again. After a stop, other than one for memory, it is
//! dead, until [`Sandbox::reset`] makes it new. What goes wrong with a segment in the host's
//! hands is a [`SegmentError`], of which `?` makes an [`Error`].
//!
//! # Tasks
//!
//! In Lua, `require "luago".spawn(f, ...)` starts a task. Its method `await` gives the
//! results of `f`, or raises its error; `cancel` ends it; `status` names its state: `ready`,
//! `running`, `waiting`, `done`, `failed`, `cancelled` or `dropped`. Tasks take turns where
//! they wait for a function of [`async_function`](SandboxBuilder::async_function) or of a Go
//! guest, for each other (`luago.all`, `luago.race`), for a time (`luago.sleep`), or in
//! `coroutine.yield`. `luago.timeout(seconds, f, ...)` runs a task for so long at most. A call
//! is over when all tasks that it has spawned are; an error that nobody awaited is the call's
//! error.
//!
//! # Go guests
//!
//! A Go program that imports the Go package `github.com/luago-project/luago/guests/go/luago` is
//! compiled with `GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared`, loaded as a [`GoModule`],
//! and granted to a sandbox by name. It is started when the script requires it. Each call of it is
//! a goroutine, and only the coroutine that called waits; functions that are declared not to
//! block are called at once. A guest that fails or dies raises an error in Lua and nothing
//! else. [`GoGrant`] has what it may reach and spend.
//!
//! A Go guest runs on a stack of its own ([`GoGrant::stack`]), whatever thread calls it.
//!
//! # Segments
//!
//! A [`Segment`] is memory that the host, Lua and Go see at once: passing it copies nothing. In
//! it are bytes, numbers and structs, as a [`View`] has them, or the messages of a
//! [`ring`](ring()). The module [`segment`] has the chapter about it.
//!
//! ```
//! use luago::{Engine, Sandbox, Script, Segment};
//!
//! let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
//! let rule = sandbox.load(&Script::new("rule", "local s = ... s:u8(1, s:u8(2) + 1) return s:sub(2)"))?;
//! let segment = Segment::new(4096)?;
//! segment.write_at(0, b"\x00\x29")?;
//! let part: Segment = sandbox.call(&rule, &segment)?;
//! assert_eq!(segment.to_vec()?[..2], *b"\x2a\x29");
//! assert_eq!(part.len(), 4095);
//! # Ok::<(), luago::Error>(())
//! ```

mod api;
mod bridge;
mod engine;
mod error;
mod frame;
pub mod go;
mod grants;
mod host;
mod ledger;
mod lua;
mod memory;
mod outcome;
mod platform;
pub mod value;

#[doc = include_str!("../SEGMENTS.md")]
pub mod segment {
    pub use crate::memory::Sharing;
    #[doc(inline)]
    pub use luago_segment::{
        Error as SegmentError, ErrorKind as SegmentErrorKind, Field, Layout, Messages, Plain,
        RingReceiver, RingSender, Scalar, Segment, TryRecv, View, ViewIter, layout, ring,
    };
}

/// What becomes of tasks, as a subscriber is told, and the rules that this keeps.
///
/// [`SandboxBuilder::on_event`] subscribes.
pub mod task {
    pub use crate::bridge::event::checker::TraceChecker;
    pub use crate::bridge::event::{BridgeEvent, DoneStatus, Phase, WaitsFor};
}

#[doc = include_str!("../COST.md")]
pub mod cost {}

pub use api::builder::SandboxBuilder;
pub use api::call::Callee;
pub use api::engine::{Engine, EngineBuilder};
pub use api::pool::{PooledSandbox, SandboxPool};
pub use api::sandbox::{Line, Sandbox};
pub use api::script::Script;
pub use api::template::Template;
pub use bstr::{BStr, BString};
pub use engine::functions::Compile;
pub use error::{Error, ErrorKind};
#[doc(hidden)]
pub use frame::fuzz::fuzz_decode;
pub use grants::capabilities::{Access, Capabilities};
pub use grants::limits::Limits;
pub use host::commands::kill_commands;
pub use host::context::Context;
pub use host::interrupt::InterruptHandle;
pub use host::module::Module;
pub use host::stdio::OutputBuffer;
pub use lua::version::LuaVersion;
#[doc(inline)]
pub use luago_segment::layout;
pub use outcome::{End, LuaError, Outcome, Stop, Stopped, Usage};

// What most programs name stands here as well as in its module.
#[doc(no_inline)]
pub use go::{
    GoBuildSetting, GoDependency, GoGrant, GoImports, GoMetadata, GoModule, GuestUsage, Restart,
};
#[doc(no_inline)]
pub use segment::{
    Field, Layout, Messages, Plain, RingReceiver, RingSender, Scalar, Segment, SegmentError,
    SegmentErrorKind, Sharing, TryRecv, View, ViewIter, ring,
};
#[doc(no_inline)]
pub use task::{BridgeEvent, DoneStatus, Phase, TraceChecker, WaitsFor};
#[doc(no_inline)]
pub use value::{
    ConversionError, Float, Function, HostError, Key, Table, Value, Variadic, from_value, to_value,
};
