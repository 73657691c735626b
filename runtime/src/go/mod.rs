//! The Go guest: one instance of a Go program that serves calls.

pub mod buildinfo;
mod caller;
pub mod check;
pub mod control_block;
pub mod engine;
pub mod exit;
pub mod guest;
pub mod limiter;
pub mod metadata;
pub mod module;
pub mod output;
pub mod platform;
pub mod poll;
pub mod signatures;
pub mod stack;
pub mod state;
pub mod wasi;

#[cfg(test)]
mod tests;
