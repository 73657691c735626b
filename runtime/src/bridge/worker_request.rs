//! What the thread of a sandbox asks of its workers.

use crate::frame::transfer::OwnedFrame;
use crate::go::guest::{CancelKind, Entry};
use crate::memory::imports::Notify;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What is asked of a worker.
pub(super) enum WorkerRequest {
    Start {
        task: u32,
        function: u32,
        values: OwnedFrame,
        timeout: Option<Duration>,
        entry: Entry,
    },
    Deliver {
        call: u32,
        is_error: bool,
        values: OwnedFrame,
    },
    Cancel {
        task: u32,
        kind: CancelKind,
        reason: Option<OwnedFrame>,
    },
    DropStream(u32),
    Close,
    /// What goroutines wait for at rings may have come; which they are stands in [`Wakes`].
    Wake,
}

/// Goroutines of one worker that rings have woken, until it looks. However often a ring wakes
/// one, it is here once, and there is one request to look.
#[derive(Default)]
pub(super) struct Wakes {
    calls: Mutex<BTreeSet<u32>>,
    /// How many requests to look there have been.
    requests: AtomicU64,
}

impl Wakes {
    /// What wakes a goroutine, from any thread; nothing once nobody can give requests any more.
    pub fn notify(self: &Arc<Wakes>, requests: &Arc<Sender<WorkerRequest>>) -> Notify {
        let wakes = Arc::clone(self);
        // The thread ends when nobody can ask it for anything but itself.
        let requests = Arc::downgrade(requests);
        Arc::new(move |call| {
            let Some(requests) = requests.upgrade() else { return };
            let mut calls = wakes.calls.lock().unwrap_or_else(PoisonError::into_inner);
            let is_first = calls.is_empty();
            calls.insert(call);
            if is_first {
                wakes.requests.fetch_add(1, Ordering::Relaxed);
                let _ = requests.send(WorkerRequest::Wake);
            }
        })
    }

    pub fn take(&self) -> BTreeSet<u32> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }
}
