//! The service as its clients see it, over real connections.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod client;
mod running;

mod answers;
mod isolation;
mod load;
mod policies;
mod program;
mod reload;
mod shutdown;
