//! Looking again after a while, where no barrier reaches the threads of guests.

use super::ring::Side;
use super::waiters::Waiters;
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// For how long a wake-up can be lost.
const PATIENCE: Duration = Duration::from_millis(1);

struct Nudge {
    due: Instant,
    waiters: Waiters,
    at: u32,
    side: Side,
    owner: u64,
}

/// The way to the thread that does it, of which a process has one at most.
static THREAD: LazyLock<Option<Sender<Nudge>>> = LazyLock::new(|| {
    let (sender, receiver) = channel();
    let thread = std::thread::Builder::new().name("luago rings".to_string());
    thread.spawn(move || run(&receiver)).ok().map(|_| sender)
});

fn run(nudges: &Receiver<Nudge>) {
    // All are due after the same time, so they come in their order.
    for nudge in nudges {
        std::thread::sleep(nudge.due.saturating_duration_since(Instant::now()));
        nudge.waiters.nudge(nudge.at, nudge.side, nudge.owner);
    }
}

/// Wakes `owner` a little later, if it still waits then.
pub(crate) fn later(waiters: &Waiters, at: u32, side: Side, owner: u64) {
    let nudge = Nudge { due: Instant::now() + PATIENCE, waiters: waiters.clone(), at, side, owner };
    let sent = THREAD.as_ref().is_some_and(|thread| thread.send(nudge).is_ok());
    if !sent {
        waiters.nudge(at, side, owner);
    }
}
