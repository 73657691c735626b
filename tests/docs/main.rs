//! `README.md`, the book and the other pages of the repository say what is so.
//!
//! Blocks of Rust are doctests of the crate in `lib.rs`, and the Go guests that are shown are
//! built and called by `tests/it`. Links are checked by `docs/build.sh`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod console;
mod lua;
mod page;
mod paths;
mod reference;
mod structure;
