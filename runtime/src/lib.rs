//! Sandboxes for Lua scripts that nobody should have to trust.
//!
//! A [`Sandbox`] is a real PUC Lua interpreter, 5.1 to 5.5, compiled to
//! WebAssembly. It can do only what it was granted, and it can be stopped.
//!
//! ```
//! use luago::{Engine, Limits, OutputBuffer, Sandbox, Script};
//! use std::time::Duration;
//!
//! # fn main() -> Result<(), luago::Error> {
//! let engine = Engine::new()?;
//! let output = OutputBuffer::new();
//! let mut sandbox = Sandbox::builder(&engine)
//!     .limits(Limits::default().deadline(Duration::from_secs(1)))
//!     .stdout(output.clone())
//!     .build()?;
//! let outcome = sandbox.run(&Script::new("hello", "print('hello from ' .. _VERSION)"))?;
//! assert!(outcome.is_returned());
//! assert_eq!(output.contents(), b"hello from Lua 5.4\n");
//! # Ok(())
//! # }
//! ```
//!
//! What a script does to itself is an [`Outcome`]; an [`Error`] is only ever the
//! host's own. See [`Limits`] for what bounds a script and [`Capabilities`] for
//! what can be granted.

mod artefact;
mod builder;
mod calling;
mod capabilities;
mod clock;
mod config;
mod context;
mod conversion_error;
mod engine;
mod error;
mod exchange;
mod frame;
mod function;
mod guest_memory;
mod handover;
mod host_error;
mod host_function;
mod limits;
mod lua;
mod module;
mod outcome;
mod park;
mod pending;
mod pool;
mod sandbox;
mod script;
mod sources;
mod stdio;
mod stopping;
mod template;
mod ticker;
mod ticks;
mod value;
mod variadic;

pub use bstr::{BStr, BString};
pub use builder::SandboxBuilder;
pub use calling::Callee;
pub use capabilities::{Access, Capabilities};
pub use context::Context;
pub use conversion_error::ConversionError;
pub use engine::{Engine, EngineBuilder};
pub use error::Error;
#[doc(hidden)]
pub use frame::fuzz::fuzz_decode;
pub use function::Function;
pub use host_error::HostError;
pub use limits::Limits;
pub use lua::version::LuaVersion;
pub use module::Module;
pub use outcome::{End, LuaError, Outcome, Stop, Stopped, Usage};
pub use pool::{PooledSandbox, SandboxPool};
pub use sandbox::{Line, Sandbox};
pub use script::Script;
pub use stdio::OutputBuffer;
pub use stopping::InterruptHandle;
pub use template::Template;
pub use value::Value;
pub use value::from_value::from_value;
pub use value::key::{Float, Key};
pub use value::table::Table;
pub use value::to_value::to_value;
pub use variadic::Variadic;
