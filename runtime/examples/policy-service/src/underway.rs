//! The calls that are under way, so that all of them can be stopped at the end.

use luago::InterruptHandle;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

#[derive(Default)]
pub(crate) struct Underway {
    calls: Mutex<Calls>,
}

#[derive(Default)]
struct Calls {
    last: u64,
    handles: HashMap<u64, InterruptHandle>,
    is_over: bool,
}

/// A call that is under way until this is dropped.
pub(crate) struct Entry<'a> {
    underway: &'a Underway,
    number: u64,
}

impl Underway {
    /// Notes a call, or stops it at once if it comes after the end.
    pub fn enter(&self, handle: InterruptHandle) -> Entry<'_> {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.is_over {
            handle.interrupt();
        }
        calls.last += 1;
        let number = calls.last;
        calls.handles.insert(number, handle);
        Entry { underway: self, number }
    }

    /// Stops all calls, and those that are still to come.
    pub fn interrupt(&self) {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.is_over = true;
        calls.handles.values().for_each(InterruptHandle::interrupt);
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        let mut calls = self.underway.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.handles.remove(&self.number);
    }
}
