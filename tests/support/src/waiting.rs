//! Waiting for what other threads and processes do.

use std::time::{Duration, Instant};

/// Waits until something holds, and fails with `what` if it does not for a minute.
#[track_caller]
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "it never comes to this: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}
