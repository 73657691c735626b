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
mod capabilities;
mod clock;
mod engine;
mod error;
mod guest_memory;
mod limits;
mod lua;
mod outcome;
mod sandbox;
mod script;
mod stdio;
mod stopping;
mod ticker;

pub use capabilities::{Access, Capabilities};
pub use engine::{Engine, EngineBuilder};
pub use error::Error;
pub use limits::Limits;
pub use lua::version::LuaVersion;
pub use outcome::{End, LuaError, Outcome, Stop, Stopped, Usage};
pub use sandbox::{Line, Sandbox, SandboxBuilder};
pub use script::Script;
pub use stdio::OutputBuffer;
pub use stopping::InterruptHandle;
