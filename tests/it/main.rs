//! What `luago-run` and the crate `luago` do, seen from outside.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[macro_use]
extern crate luago_test_support;

mod calls;
mod capabilities;
mod cli;
mod go;
mod go_readme;
mod limits;
mod lua;
mod sandboxes;
mod segments;
mod tasks;
