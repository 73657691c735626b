//! Writes to segments that a guest can only read, and to windows where no segment is.
//!
//! If the guest's own code writes there, wasmtime makes a trap of the signal. But it is the
//! host's code that does what `memory.copy` and `memory.fill` ask for, and a signal in there
//! would end the process. So at the first of them private zeros are mapped over the whole
//! segment in that guest: the write has its way, without a signal for each page, and nobody
//! else sees it. What the guest reads there from then on does not matter, as it is about to
//! end: it is told to stop in the same moment, which it does as soon as the write is
//! over, also where there is no deadline. What a write that cannot be refused any more takes
//! of memory is thus what one instruction writes; large fills and copies are made in pieces,
//! between which the epoch is looked at.
#![expect(unsafe_code, reason = "maps in a handler of signals")]

use super::mapping;
use super::windows;
use crate::platform::faults;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use wasmtime::Store;

/// How many read-only segments a guest can have mapped.
const MAX_READ_ONLY: usize = 64;

/// The read-only segments of one guest, for the handler of signals. It runs on the thread
/// that the guest runs on, which is also the one that changes this.
#[derive(Default)]
pub(crate) struct Watch {
    read_only: OnceLock<Box<[WatchedRange; MAX_READ_ONLY]>>,
    /// From the first window to the end of the last one. What is between them is the guest's
    /// alone, and can be written.
    start: AtomicUsize,
    end: AtomicUsize,
    /// Where the guest has written, if it has; else 0.
    hit: AtomicUsize,
    /// Whether no segment was there.
    was_free: AtomicBool,
}

/// Addresses of one of them; 0 to 0 where there is none.
struct WatchedRange {
    start: AtomicUsize,
    end: AtomicUsize,
}

/// What to do about a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// It is none of ours, or the guest's code is to trap.
    PassOn,
    /// Go on where it came from; the guest is to be looked at soon.
    GoOn,
}

impl Watch {
    /// Watches a range; false if there are too many.
    pub(crate) fn add(&self, range: Range<usize>) -> bool {
        let empty = || WatchedRange { start: AtomicUsize::new(0), end: AtomicUsize::new(0) };
        let watched = self.read_only.get_or_init(|| Box::new(std::array::from_fn(|_| empty())));
        let free = watched.iter().find(|one| one.end.load(Ordering::Relaxed) == 0);
        let Some(one) = free else { return false };
        one.start.store(range.start, Ordering::Relaxed);
        one.end.store(range.end, Ordering::Release);
        true
    }

    /// Watches windows as well.
    pub(crate) fn set_windows(&self, span: Range<usize>) {
        self.start.store(span.start, Ordering::Relaxed);
        self.end.store(span.end, Ordering::Release);
    }

    /// Watches it no longer.
    pub(crate) fn remove(&self, start: usize) {
        for one in self.watched() {
            if one.start.load(Ordering::Relaxed) == start {
                one.end.store(0, Ordering::Release);
                one.start.store(0, Ordering::Relaxed);
            }
        }
    }

    fn watched(&self) -> impl Iterator<Item = &WatchedRange> {
        self.read_only.get().into_iter().flat_map(|watched| watched.iter())
    }

    /// Whether the guest has written to a read-only segment.
    #[inline]
    pub(crate) fn was_hit(&self) -> bool {
        self.hit.load(Ordering::Acquire) != 0
    }

    /// Whether, if it has, no segment was there.
    pub(crate) fn was_free(&self) -> bool {
        self.was_free.load(Ordering::Acquire)
    }

    /// Called in the handler: only reads and writes atomics, and maps.
    fn handle(&self, address: usize, is_guest_code: bool) -> Answer {
        for one in self.watched() {
            let end = one.end.load(Ordering::Acquire);
            let start = one.start.load(Ordering::Relaxed);
            if !(start..end).contains(&address) {
                continue;
            }
            self.hit.store(address, Ordering::Release);
            // SAFETY: the range is a mapping of a segment over a guest's memory, which is
            // there as long as it is watched.
            let goes_on = !is_guest_code && unsafe { mapping::make_private(start, end - start) };
            return if goes_on { Answer::GoOn } else { Answer::PassOn };
        }
        let (end, start) = (self.end.load(Ordering::Acquire), self.start.load(Ordering::Relaxed));
        if !(start..end).contains(&address) {
            return Answer::PassOn;
        }
        self.was_free.store(true, Ordering::Release);
        self.hit.store(address, Ordering::Release);
        // Windows are multiples of this, and so far from the first one.
        let step = windows::STEP as usize;
        let block = address - (address - start) % step;
        // SAFETY: between the first window and the last one, only windows cannot be written.
        // What is replaced belongs to a window to its end: the guest's copy of a segment, of
        // which it can make zeros itself, or a mapping, which is only taken out of its memory.
        let goes_on = !is_guest_code && unsafe { mapping::make_private(block, step) };
        if goes_on { Answer::GoOn } else { Answer::PassOn }
    }
}

/// Has a store watch its guest, whose machine code is in `code`. `stop` has it looked at soon; it
/// is called in the handler, and so may only write atomics.
pub(crate) fn install<T>(
    store: &mut Store<T>,
    watch: Arc<Watch>,
    code: Range<*const u8>,
    stop: impl Fn() + Send + Sync + 'static,
) {
    let code = code.start as usize..code.end as usize;
    // In the handler atomics are read and mmap is called, which Linux allows there.
    faults::handle(store, move |address, counter| {
        match watch.handle(address, code.contains(&counter)) {
            Answer::PassOn => false,
            Answer::GoOn => {
                stop();
                true
            }
        }
    });
}
