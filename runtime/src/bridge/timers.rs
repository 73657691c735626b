//! Times that Lua waits for.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::time::Duration;

/// Tickets that are due at a time of the sandbox's clock.
#[derive(Default)]
pub(crate) struct Timers {
    /// By time, and then in the order in which they were set. Those that have been taken
    /// back stay until their time comes.
    heap: BinaryHeap<Reverse<(Duration, u64, u32)>>,
    /// Which setting of a ticket is good.
    set: HashMap<u32, u64>,
    count: u64,
}

/// How many timers a sandbox can have.
pub(crate) const MAX_TIMERS: usize = 1 << 17;

impl Timers {
    /// Sets the time of a ticket; false if there are too many.
    pub fn set(&mut self, ticket: u32, at: Duration) -> bool {
        if self.heap.len() >= MAX_TIMERS {
            self.sweep();
            if self.heap.len() >= MAX_TIMERS {
                return false;
            }
        }
        self.count += 1;
        self.set.insert(ticket, self.count);
        self.heap.push(Reverse((at, self.count, ticket)));
        true
    }

    pub fn remove(&mut self, ticket: u32) -> bool {
        let is_set = self.set.remove(&ticket).is_some();
        // Timeouts are mostly taken back; they are not to pile up.
        if self.heap.len() > 64 && self.heap.len() > 4 * self.set.len() {
            self.sweep();
        }
        is_set
    }

    fn sweep(&mut self) {
        let set = &self.set;
        self.heap.retain(|Reverse((_, count, ticket))| set.get(ticket) == Some(count));
    }

    /// A ticket whose time has come, the earliest first.
    pub fn due(&mut self, now: Duration) -> Option<u32> {
        loop {
            let &Reverse((at, count, ticket)) = self.heap.peek()?;
            let is_good = self.set.get(&ticket) == Some(&count);
            if is_good && at > now {
                return None;
            }
            self.heap.pop();
            if is_good {
                self.set.remove(&ticket);
                return Some(ticket);
            }
        }
    }

    /// When the next is due.
    pub fn next(&mut self) -> Option<Duration> {
        loop {
            let &Reverse((at, count, ticket)) = self.heap.peek()?;
            if self.set.get(&ticket) == Some(&count) {
                return Some(at);
            }
            self.heap.pop();
        }
    }

    pub fn clear(&mut self) {
        self.heap.clear();
        self.set.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_timer_that_is_not_taken_back_is_due_once_at_its_time(
            steps in prop::collection::vec((0u32..20, 0u64..50, any::<bool>()), 0..200),
        ) {
            let mut timers = Timers::default();
            let mut model: HashMap<u32, u64> = HashMap::new();
            for (ticket, at, is_set) in steps {
                if is_set {
                    prop_assert!(timers.set(ticket, Duration::from_nanos(at)));
                    model.insert(ticket, at);
                } else {
                    prop_assert_eq!(timers.remove(ticket), model.remove(&ticket).is_some());
                }
                let next = model.values().min().copied();
                prop_assert_eq!(timers.next(), next.map(Duration::from_nanos));
            }
            for now in 0..50 {
                let mut due = Vec::new();
                while let Some(ticket) = timers.due(Duration::from_nanos(now)) {
                    due.push(ticket);
                }
                let mut expected: Vec<u32> =
                    model.iter().filter(|(_, at)| **at == now).map(|(ticket, _)| *ticket).collect();
                due.sort_unstable();
                expected.sort_unstable();
                prop_assert_eq!(due, expected);
            }
            prop_assert_eq!(timers.next(), None);
        }
    }
}
