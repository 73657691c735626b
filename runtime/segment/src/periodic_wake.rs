//! Looking again after a while, where no barrier reaches the threads of guests.

use crate::side::Side;
use crate::waiters::Waiters;
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// For how long a wake-up can be lost.
const PATIENCE: Duration = Duration::from_millis(1);

struct PendingWake {
    due: Instant,
    waiters: Waiters,
    at: u32,
    side: Side,
    owner: u64,
}

/// The way to the thread that does it, of which a process has one at most.
static THREAD: LazyLock<Option<Sender<PendingWake>>> = LazyLock::new(|| {
    let (sender, receiver) = channel();
    let thread = std::thread::Builder::new().name("luago rings".to_string());
    thread.spawn(move || run(&receiver)).ok().map(|_| sender)
});

fn run(pending: &Receiver<PendingWake>) {
    // All are due after the same time, so they come in their order.
    for wake in pending {
        std::thread::sleep(wake.due.saturating_duration_since(Instant::now()));
        wake.waiters.wake_owner(wake.at, wake.side, wake.owner);
    }
}

/// Wakes `owner` a little later, if it still waits then.
pub(crate) fn later(waiters: &Waiters, at: u32, side: Side, owner: u64) {
    let wake =
        PendingWake { due: Instant::now() + PATIENCE, waiters: waiters.clone(), at, side, owner };
    let sent = THREAD.as_ref().is_some_and(|thread| thread.send(wake).is_ok());
    if !sent {
        waiters.wake_owner(at, side, owner);
    }
}
