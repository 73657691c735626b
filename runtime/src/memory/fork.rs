//! A process that forks: its copy is to have no segment in the memory of its guests, as
//! nobody there knows of the other side.
//!
//! In the copy only what a handler of signals may do can be done. So the places are kept in
//! an array that is only looked through, under a lock that the parent holds while it forks.
#![expect(unsafe_code, reason = "runs inside of fork")]

use crate::platform::fork;
use std::cell::UnsafeCell;
use std::collections::BTreeMap;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

struct Places {
    is_locked: AtomicBool,
    mapped: UnsafeCell<BTreeMap<usize, usize>>,
}

// SAFETY: the map is touched only by who holds the lock.
unsafe impl Sync for Places {}

static PLACES: Places =
    Places { is_locked: AtomicBool::new(false), mapped: UnsafeCell::new(BTreeMap::new()) };

impl Places {
    fn lock(&self) {
        while self
            .is_locked
            .compare_exchange_weak(false, true, Ordering::Acquire, Ordering::Relaxed)
            .is_err()
        {
            std::thread::yield_now();
        }
    }

    fn unlock(&self) {
        self.is_locked.store(false, Ordering::Release);
    }

    fn with(&self, change: impl FnOnce(&mut BTreeMap<usize, usize>)) {
        self.lock();
        // SAFETY: the lock is held.
        change(unsafe { &mut *self.mapped.get() });
        self.unlock();
    }
}

/// Sees to it that forks are noticed.
pub(crate) fn prepare() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        fork::notice(fork::Hooks { before, in_parent, in_child });
    });
}

/// Notes a mapping over a guest's memory.
pub(crate) fn add(address: usize, len: usize) {
    PLACES.with(|mapped| {
        mapped.insert(address, len);
    });
}

/// Forgets one.
pub(crate) fn remove(address: usize) {
    PLACES.with(|mapped| {
        mapped.remove(&address);
    });
}

extern "C" fn before() {
    PLACES.lock();
}

extern "C" fn in_parent() {
    PLACES.unlock();
}

extern "C" fn in_child() {
    // SAFETY: this thread, the only one in the copy, has the lock from before.
    let mapped = unsafe { &*PLACES.mapped.get() };
    for (&address, &len) in mapped {
        // SAFETY: the range is a guest's, which does not run, and stays mapped.
        unsafe { fork::take_out(address, len) };
    }
    PLACES.unlock();
}

#[cfg(test)]
pub(crate) mod tests;
