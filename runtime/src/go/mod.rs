//! Programs of Go as guests: loading them, what they may reach and spend, and what they say of
//! themselves.
//!
//! A [`GoModule`] is a program, compiled. [`SandboxBuilder::go`](crate::SandboxBuilder::go) grants
//! it to a sandbox by a name, with a [`GoGrant`].

pub(crate) mod buildinfo;
mod caller;
pub(crate) mod check;
pub(crate) mod control_block;
pub(crate) mod engine;
pub(crate) mod exit;
pub(crate) mod guest;
pub(crate) mod limiter;
pub(crate) mod metadata;
pub(crate) mod module;
pub(crate) mod output;
pub(crate) mod platform;
pub(crate) mod poll;
pub(crate) mod signatures;
pub(crate) mod stack;
pub(crate) mod state;
pub(crate) mod wasi;

pub use crate::grants::go_grant::{GoGrant, Restart};
pub use crate::outcome::GuestUsage;
pub use buildinfo::{GoBuildSetting, GoDependency};
pub use metadata::{GoImports, GoMetadata};
pub use module::GoModule;

#[cfg(test)]
mod tests;
