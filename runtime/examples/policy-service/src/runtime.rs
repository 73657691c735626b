//! The executor, as policies that compute need it.

use tokio::runtime::{Builder, Runtime};

/// After how many turns of tasks a thread looks at the network and the clock.
///
/// A policy that computes lets others have their turn every 5 ms or so. With tokio's own
/// figure of 61 a few of them would keep all threads from the network for 300 ms.
const TURNS: u32 = 4;

/// An executor with a thread for each processor.
///
/// # Errors
///
/// Threads that cannot be started.
pub fn runtime() -> std::io::Result<Runtime> {
    Builder::new_multi_thread().enable_all().event_interval(TURNS).build()
}
