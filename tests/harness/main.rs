//! What `luago-harness` does, seen from outside.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cli;

mod corpus;
mod go;
mod imports;
mod layers;
mod matrix;
mod oracle;
mod perf;
mod reports;
mod shadow;
