//! The service under all that policies, guests and clients can do to it, for as long as is
//! asked for: answers stay right, and nothing of what it takes grows.
//!
//! `make soak SECONDS=3600` is the long form, `cargo test --test soak` the short one. One test
//! in a process of its own, as it measures the process.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../policy_service/client.rs"]
#[expect(dead_code, reason = "shared with the tests of the service, which use all of it")]
mod client;

mod asking;
mod kinds;
mod process;
mod report;
mod serving;
mod soak;
mod tally;

use std::time::Duration;

/// How long the short form asks, at least: it also asks for everything twice.
const SHORT: Duration = Duration::from_secs(12);

#[test]
fn the_service_takes_everything_and_stays_as_it_is() {
    let long = std::env::var("LUAGO_SOAK_SECONDS").ok();
    let long = long.map(|seconds| Duration::from_secs(seconds.parse().unwrap()));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // As the program has it.
        .event_interval(4)
        // So that threads that have nothing to do are gone when they are counted.
        .thread_keep_alive(Duration::from_millis(50))
        .enable_all()
        .build()
        .unwrap();
    let findings = runtime.block_on(soak::soak(long.unwrap_or(SHORT)));
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}
