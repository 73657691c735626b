//! An HTTP service that asks a Lua policy whether a request is allowed.
//!
//! Each request runs in a sandbox of its own, with a deadline and a memory limit. The
//! policy can look things up in a database. It is loaded again when its file changes,
//! and no request is lost meanwhile. `README.md` has the whole story.

mod access;
mod answer;
mod database;
mod host;
mod loader;
mod metrics;
mod outcome;
mod policy;
mod reload;
mod runtime;
mod service;
mod settings;
mod underway;

pub use access::{Request, Verdict};
pub use answer::Failure;
pub use loader::LoadError;
pub use policy::Policy;
pub use runtime::runtime;
pub use service::{Service, StartError};
pub use settings::{Guest, Settings};
