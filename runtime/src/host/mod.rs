//! What the host does for guests: functions, streams, files, clocks, commands.

pub mod calls;
pub mod clock;
pub mod commands;
pub mod context;
pub mod error_store;
pub mod function;
pub mod interrupt;
pub mod kept_replies;
pub mod mailbox;
pub mod module;
pub mod pending;
pub mod stdio;
pub mod wasi;
