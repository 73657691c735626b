//! What runs a script: native Lua or the sandbox. Both give the same kind of
//! observation.

mod build;
mod go;
mod job;
mod native;
mod observation;
mod pair;
mod sandbox;
mod targets;

pub use go::{Asked, GoBuilds, Toolchain};
pub use job::{Bounds, Job};
pub use observation::{End, Observation};
pub use pair::{Metering, Pair, Place, Target};
pub use sandbox::Granted;
pub use targets::Targets;
