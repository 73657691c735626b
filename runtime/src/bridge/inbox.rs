//! Where workers and rings leave what they have to say, for the thread of the sandbox.
//!
//! What is said once is a line in a list, and taken from the sandbox's ledger. What can be
//! said any number of times before somebody listens, that a worker is idle or that a ring has
//! woken somebody, is kept once.

use super::instance_id::InstanceId;
use crate::frame::owned::OwnedFrame;
use crate::go::guest::Event;
use crate::go::output::Chunks;
use crate::ledger::{Ledger, Overdrawn, Reservation};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// What a worker says.
pub(super) enum WorkerMessage {
    /// An event with its values, or why they cannot be passed on.
    Event {
        event: Event,
        values: Result<OwnedFrame, String>,
    },
    Output(Chunks),
    Exited(String),
}

/// A worker has done all that it was asked up to a request, and only a timer can wake it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Idle {
    pub handled: u64,
    /// How often it has been woken by rings.
    pub woken: u64,
    /// Whether it waits at rings, where others may come.
    pub is_at_rings: bool,
    pub has_timer: bool,
    pub goroutines: u32,
    pub peak_memory: u64,
}

/// All that has been said since somebody listened.
#[derive(Default)]
pub(super) struct Batch {
    pub said: VecDeque<(u64, WorkerMessage, Reservation)>,
    /// What workers have said last of being idle. All else that they said came before it, or
    /// makes no difference to it.
    pub idle: BTreeMap<u64, Idle>,
    /// Calls of goroutines of the sandbox's thread for which something may have come.
    pub woken: BTreeSet<(InstanceId, u32)>,
    /// What Lua waits for at a ring may have come; its guest knows which.
    wakes_lua: bool,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.said.is_empty() && self.idle.is_empty() && self.woken.is_empty() && !self.wakes_lua
    }
}

/// What a line takes of the ledger beside its values.
const LINE: u64 = 320;

#[derive(Default)]
struct Inner {
    batch: Batch,
    waker: Option<Waker>,
}

pub(crate) struct Inbox {
    inner: Mutex<Inner>,
    ledger: Arc<Ledger>,
}

impl Inbox {
    pub fn new(ledger: Arc<Ledger>) -> Arc<Inbox> {
        Arc::new(Inbox { inner: Mutex::default(), ledger })
    }

    /// What is left here is taken from this.
    pub fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leave(&self, leave: impl FnOnce(&mut Batch)) {
        let mut inner = self.lock();
        leave(&mut inner.batch);
        let waker = inner.waker.take();
        drop(inner);
        waker.inspect(Waker::wake_by_ref);
    }

    /// Leaves a line of a worker.
    pub(super) fn send(&self, worker: u64, said: WorkerMessage) -> Result<(), Overdrawn> {
        let held = self.ledger.reserve(LINE)?;
        self.leave(|batch| batch.said.push_back((worker, said, held)));
        Ok(())
    }

    /// Leaves a worker's last line, for which there is always room.
    pub(super) fn send_last(&self, worker: u64, why: String) {
        self.leave(|batch| {
            batch.said.push_back((worker, WorkerMessage::Exited(why), Reservation::default()))
        });
    }

    pub(super) fn send_idle(&self, worker: u64, idle: Idle) {
        self.leave(|batch| {
            batch.idle.insert(worker, idle);
        });
    }

    /// Wakes up Lua, as what a task waits for at a ring may have come.
    pub fn wake_lua(&self) {
        self.leave(|batch| batch.wakes_lua = true);
    }

    /// Wakes up a goroutine that waits at a ring.
    pub(super) fn wake_go(&self, instance: InstanceId, call: u32) {
        self.leave(|batch| {
            batch.woken.insert((instance, call));
        });
    }

    /// Takes all that has been said.
    pub(super) fn take(&self) -> Batch {
        std::mem::take(&mut self.lock().batch)
    }

    /// Ready when there is something to take.
    pub fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut inner = self.lock();
        if !inner.batch.is_empty() {
            return Poll::Ready(());
        }
        inner.waker = Some(context.waker().clone());
        Poll::Pending
    }
}
