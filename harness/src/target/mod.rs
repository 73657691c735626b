//! What runs a script: native Lua or the sandbox. Both give an [`Observation`].

mod build;
mod go;
mod job;
mod native;
mod observation;
mod pair;
mod sandbox;
mod targets;

pub use go::{GoBuilds, GoChoice, Toolchain};
pub use job::{Bounds, Job};
pub use observation::{End, Observation};
pub use pair::{Backend, Metering, Pair, Target};
pub use sandbox::GrantedGuest;
pub use targets::Targets;
