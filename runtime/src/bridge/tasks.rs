//! The calls into Go guests that are under way, and those whose end Lua has not seen.

use super::event::DoneStatus;
use super::instance_id::InstanceId;
use super::task::Task;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// The most calls into Go guests that can be under way in one sandbox.
pub(super) const MAX_TASKS: usize = 1 << 17;

#[derive(Default)]
pub(super) struct Tasks {
    running: HashMap<u32, Task>,
    by_ticket: HashMap<u32, u32>,
    /// Tasks whose results Lua has not taken yet, by their call ids.
    unacknowledged: HashMap<u32, Task>,
    /// Tasks that were asked to end and have not, by the time up to which they may take.
    asked: BTreeSet<(Duration, u32)>,
    last: u32,
    leaked: u64,
}

impl Tasks {
    /// A number that no task has.
    pub fn next_id(&mut self) -> u32 {
        loop {
            self.last = self.last.wrapping_add(1).max(1);
            if !self.running.contains_key(&self.last) {
                return self.last;
            }
        }
    }

    /// Whether there is no room for another.
    pub fn is_full(&self) -> bool {
        self.running.len() >= MAX_TASKS
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    pub fn keep(&mut self, id: u32, task: Task) {
        if let Some(call_id) = task.call_id {
            self.by_ticket.insert(call_id, id);
        }
        self.running.insert(id, task);
    }

    pub fn get(&self, id: u32) -> Option<&Task> {
        self.running.get(&id)
    }

    pub fn get_mut(&mut self, id: u32) -> Option<&mut Task> {
        self.running.get_mut(&id)
    }

    /// Takes a task out of all lists but that of who waits for it.
    pub fn take(&mut self, id: u32) -> Option<Task> {
        let task = self.running.remove(&id)?;
        if let Some((_, until)) = task.asked {
            self.asked.remove(&(until, id));
        }
        Some(task)
    }

    /// The numbers of all tasks, in their order.
    pub fn all(&self) -> Vec<u32> {
        let mut ids: Vec<u32> = self.running.keys().copied().collect();
        ids.sort_unstable();
        ids
    }

    /// The numbers of those in one instance, in their order.
    pub fn of(&self, instance: InstanceId) -> Vec<u32> {
        let tasks = self.running.iter().filter(|(_, task)| task.instance == instance);
        let mut ids: Vec<u32> = tasks.map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids
    }

    /// The instances that have tasks.
    pub fn instance_ids(&self) -> BTreeSet<InstanceId> {
        self.running.values().map(|task| task.instance).collect()
    }

    /// Which task a call id waits for.
    #[inline]
    pub fn of_ticket(&self, call_id: u32) -> Option<u32> {
        self.by_ticket.get(&call_id).copied()
    }

    /// Whether anybody in Lua waits for one.
    pub fn has_waiting(&self) -> bool {
        !self.by_ticket.is_empty()
    }

    /// Nobody waits with that call id any more.
    pub fn forget_ticket(&mut self, call_id: u32) {
        self.by_ticket.remove(&call_id);
    }

    /// Notes that a task is to end, and until when it may take; false if it was noted before.
    pub fn note_asked(&mut self, id: u32, status: DoneStatus, until: Duration) -> bool {
        let Some(task) = self.running.get_mut(&id) else { return false };
        if let Some(call_id) = task.call_id.take() {
            self.by_ticket.remove(&call_id);
        }
        if task.asked.is_some() {
            return false;
        }
        task.asked = Some((status, until));
        self.asked.insert((until, id));
        true
    }

    /// Whether any have been asked to end.
    #[inline]
    pub fn has_asked(&self) -> bool {
        !self.asked.is_empty()
    }

    /// One that was asked to end and has had time enough.
    pub fn late(&self, now: Duration) -> Option<u32> {
        self.asked.first().filter(|(until, _)| *until <= now).map(|(_, id)| *id)
    }

    /// Keeps a task whose results Lua has still to take.
    pub fn wait_for_acknowledgement(&mut self, call_id: u32, task: Task) -> Option<Task> {
        self.by_ticket.remove(&call_id);
        self.unacknowledged.insert(call_id, task)
    }

    /// Lua has taken the results of a task, or does not want them.
    #[inline]
    pub fn acknowledge(&mut self, call_id: u32) -> Option<Task> {
        self.unacknowledged.remove(&call_id)
    }

    /// The call ids of tasks whose results Lua has not taken.
    pub fn unacknowledged(&self) -> Vec<u32> {
        let mut call_ids: Vec<u32> = self.unacknowledged.keys().copied().collect();
        call_ids.sort_unstable();
        call_ids
    }

    /// Counts a goroutine that did not return.
    pub fn count_leaked(&mut self) {
        self.leaked += 1;
    }

    /// Goroutines of cancelled tasks that did not return.
    pub fn leaked(&self) -> u64 {
        self.leaked
    }
}
