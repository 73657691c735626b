//! Host functions that have not answered yet.

use crate::frame::rules::EncodeRules;
use crate::host::function::{Answer, Reply};
use crate::ledger::Reservation;
use futures_util::future::{AbortHandle, abortable};
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// What a sandbox waits for, shared with whoever waits for it.
#[derive(Clone)]
pub(crate) struct Pending {
    shared: Arc<Shared>,
}

struct Shared {
    /// For what is said in place of an answer that there is no room for.
    rules: EncodeRules,
    inner: Mutex<Inner>,
}

/// An answer on its way, and the call id that it is for.
type Running = Pin<Box<dyn Future<Output = (u32, Option<Reply>)> + Send>>;

#[derive(Default)]
struct Inner {
    /// Made when it is first needed, as most sandboxes wait for nothing.
    running: Option<FuturesUnordered<Running>>,
    /// Call ids that are ready, which the guest has not been told of, each with the number of
    /// its turn. Those that are not wanted any more stay until theirs comes.
    queue: VecDeque<(u32, u64)>,
    /// Which turn of a call id is good.
    ready: HashMap<u32, Ready>,
    turns: u64,
    /// Whether there was no room to keep a call id.
    is_overdrawn: bool,
    replies: HashMap<u32, Reply>,
    /// What drops those that run.
    handles: HashMap<u32, AbortHandle>,
}

struct Ready {
    turn: u64,
    /// What it takes, if it waited for nothing that is counted anyway.
    _held: Reservation,
}

/// How many answers a sandbox can wait for.
pub(crate) const MAX_PENDING: usize = 1 << 16;

/// The bytes that each of them takes, beside its arguments: a future, what wakes it, and a
/// small answer.
pub(crate) const WAITING: u64 = 1024;

/// The bytes that a call id takes which is ready.
const CALL_ID: u64 = 128;

/// Call ids whose bytes are too few to matter.
const UNCOUNTED: usize = 1024;

impl Inner {
    /// Notes that a call id is ready, unless that is known.
    fn push(&mut self, call_id: u32, held: Reservation) {
        self.turns += 1;
        let turn = self.turns;
        self.ready.entry(call_id).or_insert_with(|| {
            self.queue.push_back((call_id, turn));
            Ready { turn, _held: held }
        });
    }

    fn is_good(&self, call_id: u32, turn: u64) -> bool {
        self.ready.get(&call_id).is_some_and(|ready| ready.turn == turn)
    }

    fn remove(&mut self, call_id: u32) {
        self.ready.remove(&call_id);
        // Those that are not wanted are not to pile up.
        if self.queue.len() > 64 && self.queue.len() > 4 * self.ready.len() {
            let ready = &self.ready;
            self.queue
                .retain(|(call_id, turn)| ready.get(call_id).is_some_and(|r| r.turn == *turn));
        }
    }
}

impl Pending {
    /// One whose answers are written by these rules, and counted where they say.
    pub fn new(rules: EncodeRules) -> Pending {
        Pending { shared: Arc::new(Shared { rules, inner: Mutex::default() }) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.shared.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is no room for another.
    pub fn is_full(&self) -> bool {
        self.lock().running.as_ref().is_some_and(|running| running.len() >= MAX_PENDING)
    }

    /// Whether there are more answers than a guest leaves that takes what it has asked for.
    pub fn is_flooded(&self) -> bool {
        let inner = self.lock();
        inner.is_overdrawn || inner.replies.len() >= 2 * MAX_PENDING
    }

    /// Starts an answer, which is the result if it is there already, and holds on to what it
    /// takes until the guest has that.
    pub fn start(&self, call_id: u32, mut answer: Answer, held: Reservation) -> Option<Reply> {
        if let Poll::Ready(reply) = answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Some(reply);
        }
        let mut inner = self.lock();
        let (answer, handle) = abortable(answer);
        inner.handles.insert(call_id, handle);
        let running = inner.running.get_or_insert_default();
        running.push(Box::pin(async move {
            let mut reply = answer.await.ok();
            if let Some(reply) = &mut reply {
                // The arguments are gone, but not what is beside them.
                let mut held = held;
                held.shrink(held.bytes().saturating_sub(WAITING));
                reply.encoder.held.join(held);
            }
            (call_id, reply)
        }));
        None
    }

    /// A call id whose answer has come from elsewhere.
    pub fn finish(&self, call_id: u32, mut reply: Reply) {
        reply.charge(&self.shared.rules);
        let mut inner = self.lock();
        inner.push(call_id, Reservation::default());
        inner.replies.insert(call_id, reply);
    }

    /// A call id that waited for nothing but to be told. A guest that takes none of them until
    /// there is no room for another is [flooded](Self::is_flooded).
    pub fn announce(&self, call_id: u32) {
        let mut inner = self.lock();
        if inner.ready.len() < UNCOUNTED {
            return inner.push(call_id, Reservation::default());
        }
        match self.shared.rules.ledger.reserve(CALL_ID) {
            Ok(held) => inner.push(call_id, held),
            Err(_) => inner.is_overdrawn = true,
        }
    }

    /// An answer that the guest has not been told of.
    pub fn take_early(&self, call_id: u32) -> Option<Reply> {
        let mut inner = self.lock();
        let reply = inner.replies.remove(&call_id)?;
        inner.remove(call_id);
        Some(reply)
    }

    /// Drops an answer that nobody waits for any more.
    pub fn abandon(&self, call_id: u32) {
        let mut inner = self.lock();
        inner.remove(call_id);
        let reply = inner.replies.remove(&call_id);
        let handle = inner.handles.remove(&call_id);
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
        while let Some(running) = &mut inner.running
            && let Poll::Ready(Some((call_id, reply))) = running.poll_next_unpin(context)
        {
            let Some(reply) = reply else { continue };
            inner.handles.remove(&call_id);
            inner.push(call_id, Reservation::default());
            inner.replies.insert(call_id, reply);
        }
        if inner.ready.is_empty() { Poll::Pending } else { Poll::Ready(()) }
    }

    /// Whether there is anything to wait for or to take.
    pub fn is_waiting(&self) -> bool {
        let inner = self.lock();
        inner.running.as_ref().is_some_and(|running| !running.is_empty()) || !inner.ready.is_empty()
    }

    /// Whether there is an answer to take.
    pub fn has_ready(&self) -> bool {
        !self.lock().ready.is_empty()
    }

    /// A call id whose answer has come.
    pub fn next_ready(&self) -> Option<u32> {
        let mut inner = self.lock();
        loop {
            let (call_id, turn) = inner.queue.pop_front()?;
            if inner.is_good(call_id, turn) {
                inner.ready.remove(&call_id);
                return Some(call_id);
            }
        }
    }

    pub fn take(&self, call_id: u32) -> Option<Reply> {
        self.lock().replies.remove(&call_id)
    }

    /// Drops all of them, and with them what they were doing.
    pub fn cancel(&self) {
        // Outside the lock: what is dropped may be anything.
        let old = std::mem::take(&mut *self.lock());
        drop(old);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::encoder::Encoder;
    use crate::frame::tests::encode_rules;
    use crate::ledger::Ledger;
    use proptest::prelude::*;

    fn pending(room: u64) -> (Pending, Arc<Ledger>) {
        let ledger = Ledger::new(room, 0);
        let rules = EncodeRules { ledger: Arc::clone(&ledger), ..encode_rules() };
        (Pending::new(rules), ledger)
    }

    fn reply(text: &str) -> Reply {
        let mut encoder = Encoder::new();
        encoder.value(&encode_rules(), text).unwrap();
        Reply { encoder, count: 1, is_error: false }
    }

    #[test]
    fn an_answer_that_there_is_no_room_for_becomes_an_error() {
        let (pending, ledger) = pending(10_000);
        pending.finish(1, reply(&"x".repeat(9000)));
        pending.finish(2, reply(&"x".repeat(9000)));
        assert!(ledger.room() < 1000);
        assert!(!pending.take(1).unwrap().is_error);
        assert!(pending.take(2).unwrap().is_error);
        assert_eq!(ledger.room(), 10_000);
    }

    #[test]
    fn tickets_that_are_ready_and_never_taken_end_where_the_room_does() {
        let (pending, ledger) = pending(12_800);
        for call_id in 0..1_000_000 {
            pending.announce(call_id);
        }
        assert!(pending.is_flooded());
        assert_eq!(ledger.room(), 0);
        assert_eq!(pending.lock().ready.len(), 1124);
        for call_id in 0..1124 {
            assert_eq!(pending.next_ready(), Some(call_id));
        }
        assert_eq!((pending.next_ready(), ledger.room()), (None, 12_800));
    }

    proptest! {
        #[test]
        fn tickets_come_in_their_order_without_those_that_were_abandoned(
            steps in prop::collection::vec((0u32..20, 0u8..4), 0..300),
        ) {
            let (pending, _) = pending(0);
            let mut model: Vec<u32> = Vec::new();
            for (call_id, what) in steps {
                match what {
                    0 => {
                        pending.abandon(call_id);
                        model.retain(|ready| *ready != call_id);
                    }
                    1 => {
                        let first = (!model.is_empty()).then(|| model.remove(0));
                        prop_assert_eq!(pending.next_ready(), first);
                    }
                    _ => {
                        pending.announce(call_id);
                        if !model.contains(&call_id) {
                            model.push(call_id);
                        }
                    }
                }
                prop_assert_eq!(pending.has_ready(), !model.is_empty());
            }
        }
    }
}
