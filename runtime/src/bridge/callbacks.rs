//! Functions of Lua that Go guests have called.

use super::instance_id::InstanceId;
use crate::frame::owned::OwnedFrame;
use crate::ledger::Reservation;
use std::collections::{HashMap, VecDeque};

/// What marks a number of a call as one that nobody waits for.
use luago_abi::lua::go_call::ABANDONED;

/// How many calls of Lua can be under way.
pub(super) const MAX_CALLS: usize = 1 << 16;

/// What one takes of the ledger beside its values.
pub(super) const CALL: u64 = 512;

/// A function of Lua that a Go guest has called.
pub(super) struct Call {
    pub instance: InstanceId,
    /// Its number in the guest.
    pub number: u32,
    pub task: u32,
    /// The function's handle, or 0 if its name is the first value.
    pub target: u32,
    /// What it is called with, until Lua takes it.
    pub values: OwnedFrame,
    /// What it takes of the ledger.
    pub _held: Reservation,
}

/// What Lua takes.
pub(super) enum Outgoing {
    /// A call, and what is told of it: whose it is, the function, and the values.
    Call {
        number: u32,
        instance: InstanceId,
        inner: u32,
        task: u32,
        target: u32,
        values: OwnedFrame,
    },
    /// Nobody waits any more for a call that Lua has taken.
    Abandoned(u32),
}

struct Kept {
    call: Call,
    is_taken: bool,
}

enum Next {
    Call(u32),
    Abandoned(u32),
}

#[derive(Default)]
pub(super) struct Callbacks {
    /// What Lua has not taken yet.
    outgoing: VecDeque<Next>,
    /// Calls that Lua has not answered yet.
    calls: HashMap<u32, Kept>,
    /// The same by the numbers that their guests know them by.
    numbers: HashMap<(InstanceId, u32), u32>,
    last: u32,
}

impl Callbacks {
    /// Whether there is no room for another.
    pub fn is_full(&self) -> bool {
        self.calls.len() >= MAX_CALLS
    }

    pub fn add(&mut self, call: Call) {
        let number = loop {
            self.last = (self.last.wrapping_add(1) & !ABANDONED).max(1);
            if !self.calls.contains_key(&self.last) {
                break self.last;
            }
        };
        self.numbers.insert((call.instance, call.number), number);
        self.calls.insert(number, Kept { call, is_taken: false });
        // Calls that nobody waits for any more stay here until Lua comes to them.
        if self.outgoing.len() > 64 && self.outgoing.len() > 4 * self.calls.len() {
            let calls = &self.calls;
            self.outgoing.retain(|next| match next {
                Next::Call(number) => calls.contains_key(number),
                Next::Abandoned(_) => true,
            });
        }
        self.outgoing.push_back(Next::Call(number));
    }

    /// Whether there is something for Lua to take.
    #[inline]
    pub fn has_next(&self) -> bool {
        !self.outgoing.is_empty()
    }

    pub fn next(&mut self) -> Option<Outgoing> {
        while let Some(next) = self.outgoing.pop_front() {
            let number = match next {
                Next::Abandoned(number) => return Some(Outgoing::Abandoned(number)),
                Next::Call(number) => number,
            };
            let Some(kept) = self.calls.get_mut(&number) else { continue };
            kept.is_taken = true;
            let values = std::mem::take(&mut kept.call.values);
            let Call { instance, number: inner, task, target, .. } = kept.call;
            return Some(Outgoing::Call { number, instance, inner, task, target, values });
        }
        None
    }

    /// Takes a call out of all lists but that of what Lua has to be told.
    pub fn remove(&mut self, number: u32) -> Option<Call> {
        self.take_out(number).map(|kept| kept.call)
    }

    fn take_out(&mut self, number: u32) -> Option<Kept> {
        let kept = self.calls.remove(&number)?;
        self.numbers.remove(&(kept.call.instance, kept.call.number));
        Some(kept)
    }

    /// Nobody waits for a call any more.
    fn forget(&mut self, number: u32) {
        if self.take_out(number).is_some_and(|kept| kept.is_taken) {
            self.outgoing.push_back(Next::Abandoned(number));
        }
    }

    /// The guest does not wait any more for the call that it knows by a number.
    pub fn abandon(&mut self, instance: InstanceId, inner: u32) {
        if let Some(&number) = self.numbers.get(&(instance, inner)) {
            self.forget(number);
        }
    }

    /// An instance is gone, and waits for nothing.
    pub fn forget_all_of(&mut self, instance: InstanceId) {
        let calls = self.calls.iter().filter(|(_, kept)| kept.call.instance == instance);
        let mut calls: Vec<u32> = calls.map(|(number, _)| *number).collect();
        calls.sort_unstable();
        calls.into_iter().for_each(|number| self.forget(number));
    }

    /// Lua is not going to answer any of them.
    pub fn clear(&mut self) {
        self.outgoing.clear();
        self.calls.clear();
        self.numbers.clear();
    }
}
