//! Times that Lua waits for.

use crate::ledger::{Ledger, Reservation};
use luago_abi::lua::call_id::TIMEOUT as END;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// Call ids that are due at a time of the sandbox's clock.
#[derive(Default)]
pub(crate) struct Timers {
    /// By time, and then in the order in which they were set. Those that have been taken
    /// back stay until their time comes.
    heap: BinaryHeap<Reverse<(Duration, u64, u32)>>,
    /// Which setting of a call id is good.
    set: HashMap<u32, u64>,
    count: u64,
    /// How many of them are ends of tasks.
    ends: usize,
    /// What those in the heap take, beyond some that matter to nobody.
    held: Reservation,
}

/// How many timers a sandbox can have.
pub(crate) const MAX_TIMERS: usize = 1 << 17;

/// The bytes that a timer takes.
const TIMER: u64 = 128;

/// Timers whose bytes are too few to be counted.
const UNCOUNTED: usize = 512;

/// How many are counted at a time.
const AT_A_TIME: u64 = 64;

impl Timers {
    /// Sets the time of a call id; false if there are too many, or the ledger has no room.
    pub fn set(&mut self, call_id: u32, at: Duration, ledger: &Arc<Ledger>) -> bool {
        if self.heap.len() >= MAX_TIMERS {
            self.sweep();
            if self.heap.len() >= MAX_TIMERS {
                return false;
            }
        }
        let counted = UNCOUNTED as u64 + self.held.bytes() / TIMER;
        if self.heap.len() as u64 >= counted {
            let Ok(held) = ledger.reserve(AT_A_TIME * TIMER) else { return false };
            self.held.join(held);
        }
        self.count += 1;
        if self.set.insert(call_id, self.count).is_none() {
            self.ends += usize::from(call_id & END != 0);
        }
        self.heap.push(Reverse((at, self.count, call_id)));
        true
    }

    pub fn remove(&mut self, call_id: u32) -> bool {
        let is_set = self.forget(call_id);
        // Timeouts are mostly taken back; they are not to pile up.
        if self.heap.len() > 64 && self.heap.len() > 4 * self.set.len() {
            self.sweep();
        }
        is_set
    }

    fn forget(&mut self, call_id: u32) -> bool {
        let is_set = self.set.remove(&call_id).is_some();
        self.ends -= usize::from(is_set && call_id & END != 0);
        is_set
    }

    /// Whether there is a task whose time is up at some point.
    #[inline]
    pub fn has_ends(&self) -> bool {
        self.ends > 0
    }

    fn sweep(&mut self) {
        let set = &self.set;
        self.heap.retain(|Reverse((_, count, call_id))| set.get(call_id) == Some(count));
        self.give_back();
    }

    /// Gives back what those that are gone took.
    fn give_back(&mut self) {
        let needed = self.heap.len().saturating_sub(UNCOUNTED) as u64 * TIMER;
        let free = self.held.bytes().saturating_sub(needed);
        if free >= 2 * AT_A_TIME * TIMER {
            self.held.shrink(free - AT_A_TIME * TIMER);
        }
        if self.heap.capacity() > 4 * self.heap.len().max(UNCOUNTED) {
            self.heap.shrink_to(2 * self.heap.len());
            self.set.shrink_to(2 * self.set.len());
        }
    }

    /// A call id whose time has come, the earliest first.
    pub fn due(&mut self, now: Duration) -> Option<u32> {
        loop {
            let &Reverse((at, count, call_id)) = self.heap.peek()?;
            let is_good = self.set.get(&call_id) == Some(&count);
            if is_good && at > now {
                return None;
            }
            self.heap.pop();
            self.give_back();
            if is_good {
                self.forget(call_id);
                return Some(call_id);
            }
        }
    }

    /// When the next is due.
    pub fn next(&mut self) -> Option<Duration> {
        loop {
            let &Reverse((at, count, call_id)) = self.heap.peek()?;
            if self.set.get(&call_id) == Some(&count) {
                return Some(at);
            }
            self.heap.pop();
            self.give_back();
        }
    }

    pub fn clear(&mut self) {
        *self = Timers { count: self.count, ..Timers::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn many_timers_are_counted_until_their_time() {
        let ledger = Ledger::new(1 << 20, 0);
        let mut timers = Timers::default();
        let mut set = 0;
        while timers.set(set, Duration::from_nanos(u64::from(set)), &ledger) {
            set += 1;
        }
        assert_eq!(set, 512 + (1 << 20) / 128 / 64 * 64);
        for call_id in 0..set {
            assert_eq!(timers.due(Duration::from_secs(1)), Some(call_id));
        }
        assert!(ledger.room() >= (1 << 20) - 2 * 64 * 128);
        assert!(timers.heap.capacity() <= 4 * 512);
    }

    proptest! {
        #[test]
        fn each_timer_that_is_not_taken_back_is_due_once_at_its_time(
            steps in prop::collection::vec((0u32..20, 0u64..50, any::<bool>()), 0..200),
        ) {
            let (mut timers, ledger) = (Timers::default(), Ledger::endless());
            let mut model: HashMap<u32, u64> = HashMap::new();
            for (call_id, at, is_set) in steps {
                if is_set {
                    prop_assert!(timers.set(call_id, Duration::from_nanos(at), &ledger));
                    model.insert(call_id, at);
                } else {
                    prop_assert_eq!(timers.remove(call_id), model.remove(&call_id).is_some());
                }
                let next = model.values().min().copied();
                prop_assert_eq!(timers.next(), next.map(Duration::from_nanos));
                prop_assert_eq!(timers.has_ends(), model.keys().any(|call_id| call_id & END != 0));
            }
            for now in 0..50 {
                let mut due = Vec::new();
                while let Some(call_id) = timers.due(Duration::from_nanos(now)) {
                    due.push(call_id);
                }
                let mut expected: Vec<u32> =
                    model.iter().filter(|(_, at)| **at == now).map(|(call_id, _)| *call_id).collect();
                due.sort_unstable();
                expected.sort_unstable();
                prop_assert_eq!(due, expected);
            }
            prop_assert_eq!(timers.next(), None);
        }
    }
}
