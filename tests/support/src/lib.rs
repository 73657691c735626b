//! What luago's tests share: Go guests, programs that are run, processes that are looked at.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

pub mod command;
pub mod folders;
mod go_build;
#[cfg(feature = "oracle")]
pub mod oracle;
pub mod processes;
#[cfg(feature = "sandboxes")]
pub mod sandboxes;
pub mod versions;
mod waiting;

pub use go_build::{go_build, go_build_as, go_cache};
pub use waiting::wait_until;
