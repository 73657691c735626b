//! Nothing that a guest does costs the host more time or memory than was granted.
//!
//! Each test runs its guest in a process of its own and measures that, so what it sees is the
//! guest's doing and nobody else's. `LUAGO_STRICT=1` holds times to what is promised, which
//! needs a machine that has nothing else to do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod measure;
mod wat;

mod bridge;
mod bulk;
mod cache;
mod commands;
mod files;
mod host_calls;
mod interpreters;
mod modules;
mod polls;
mod segments;
mod shared;
mod stops;
