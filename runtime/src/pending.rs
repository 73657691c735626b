//! Host functions that have not answered yet.

use crate::host_function::{Answer, Reply};
use futures_util::future::{AbortHandle, abortable};
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// What a sandbox waits for, shared with whoever waits for it.
#[derive(Clone, Default)]
pub(crate) struct Pending {
    inner: Arc<Mutex<Inner>>,
}

/// An answer on its way, and the ticket that it is for.
type Running = Pin<Box<dyn Future<Output = (u32, Option<Reply>)> + Send>>;

#[derive(Default)]
struct Inner {
    /// Made when it is first needed, as most sandboxes wait for nothing.
    running: Option<FuturesUnordered<Running>>,
    /// Tickets that are ready, which the guest has not been told of.
    ready: VecDeque<u32>,
    replies: HashMap<u32, Reply>,
    /// What drops those that run.
    handles: HashMap<u32, AbortHandle>,
}

/// How many answers a sandbox can wait for.
pub(crate) const MAX_PENDING: usize = 1 << 16;

impl Pending {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Is there no room for another?
    pub fn is_full(&self) -> bool {
        self.lock().running.as_ref().is_some_and(|running| running.len() >= MAX_PENDING)
    }

    /// Are there more answers than a guest leaves that takes what it has asked for?
    pub fn is_flooded(&self) -> bool {
        self.lock().replies.len() >= 2 * MAX_PENDING
    }

    /// Starts an answer, which is the result if it is there already.
    pub fn start(&self, ticket: u32, mut answer: Answer) -> Option<Reply> {
        if let Poll::Ready(reply) = answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Some(reply);
        }
        let mut inner = self.lock();
        let (answer, handle) = abortable(answer);
        inner.handles.insert(ticket, handle);
        let running = inner.running.get_or_insert_default();
        running.push(Box::pin(async move { (ticket, answer.await.ok()) }));
        None
    }

    /// A ticket whose answer has come from elsewhere.
    pub fn finish(&self, ticket: u32, reply: Reply) {
        let mut inner = self.lock();
        inner.ready.push_back(ticket);
        inner.replies.insert(ticket, reply);
    }

    /// A ticket that waited for nothing but to be told.
    pub fn announce(&self, ticket: u32) {
        self.lock().ready.push_back(ticket);
    }

    /// An answer that the guest has not been told of.
    pub fn take_early(&self, ticket: u32) -> Option<Reply> {
        let mut inner = self.lock();
        let reply = inner.replies.remove(&ticket)?;
        inner.ready.retain(|ready| *ready != ticket);
        Some(reply)
    }

    /// Drops an answer that nobody waits for any more.
    pub fn abandon(&self, ticket: u32) {
        let mut inner = self.lock();
        inner.ready.retain(|ready| *ready != ticket);
        let reply = inner.replies.remove(&ticket);
        let handle = inner.handles.remove(&ticket);
        drop(inner);
        drop(reply);
        if let Some(handle) = handle {
            handle.abort();
            // It is dropped when it is next polled.
            let _ = self.poll(&mut Context::from_waker(Waker::noop()));
        }
    }

    /// Lets the answers get on; ready when there is one to take.
    pub fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut inner = self.lock();
        let Inner { running, ready, replies, handles } = &mut *inner;
        if let Some(running) = running {
            while let Poll::Ready(Some((ticket, reply))) = running.poll_next_unpin(context) {
                let Some(reply) = reply else { continue };
                handles.remove(&ticket);
                ready.push_back(ticket);
                replies.insert(ticket, reply);
            }
        }
        if ready.is_empty() { Poll::Pending } else { Poll::Ready(()) }
    }

    /// Is there anything to wait for or to take?
    pub fn is_waiting(&self) -> bool {
        let inner = self.lock();
        inner.running.as_ref().is_some_and(|running| !running.is_empty()) || !inner.ready.is_empty()
    }

    /// Is there an answer to take?
    pub fn has_ready(&self) -> bool {
        !self.lock().ready.is_empty()
    }

    /// A ticket whose answer has come.
    pub fn next_ready(&self) -> Option<u32> {
        self.lock().ready.pop_front()
    }

    pub fn take(&self, ticket: u32) -> Option<Reply> {
        self.lock().replies.remove(&ticket)
    }

    /// Drops all of them, and with them what they were doing.
    pub fn cancel(&self) {
        // Outside the lock: what is dropped may be anything.
        let old = std::mem::take(&mut *self.lock());
        drop(old);
    }
}
