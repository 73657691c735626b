//! The polling page of each guest, by which the host reaches one that runs, from any thread.
//!
//! It lies behind all memory that the guest can get ([`PAGE`]), at a place that the host has for
//! the guest and wasmtime never gives it. The guest's polls read it, and no instruction of the
//! guest can write it: an interpreter whose memory was damaged is reached as well.
//!
//! A tick asks a guest that runs to look what is to be done. If it has not for several ticks, as
//! it is in a loop of C that calls nothing, and it has to stop, it is trapped.
#![expect(unsafe_code, reason = "maps a page behind a guest's memory")]

use super::safepoints::{PAGE, STOP, TICK};
use crate::platform::shared_pages::SharedPages;
use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Ticks after which a guest that has not looked is trapped, if it has to stop.
const PATIENCE: u32 = 3;

/// The pages of all guests of one engine.
pub(crate) struct PollingPages {
    pages: SharedPages,
    used: Mutex<Used>,
    start: Instant,
}

#[derive(Default)]
struct Used {
    slots: Vec<Arc<Slot>>,
    /// Which page is behind the memory that starts there. It stays when a guest ends: the next
    /// one in its place has the same.
    by_base: HashMap<usize, usize>,
}

/// What the ticker knows of a guest. Each is on a cache line of its own.
#[repr(align(64))]
struct Slot {
    state: AtomicU8,
    /// Whether an interrupt is to stop what runs.
    heeds_interrupt: AtomicBool,
    /// Ticks for which the guest has not looked.
    unanswered: AtomicU32,
    /// When it has to stop, in nanoseconds after the start of the pages.
    stop_at: AtomicU64,
    /// Set when it is to be stopped at once.
    interrupt: Mutex<Arc<AtomicBool>>,
}

/// The guest does not run, or waits for the host.
const IDLE: u8 = 0;
const RUNNING: u8 = 1;
/// It is about to be trapped; whoever ends the run waits until that is done.
const STOPPING: u8 = 2;

const NEVER: u64 = u64::MAX;

/// The page of one guest.
pub(crate) struct PollingPage {
    pages: Arc<PollingPages>,
    slot: Arc<Slot>,
    index: usize,
}

impl PollingPages {
    /// Pages for so many places of memory, made as they are needed.
    pub fn new(count: usize) -> io::Result<Arc<PollingPages>> {
        Ok(Arc::new(PollingPages {
            pages: SharedPages::new(count)?,
            used: Mutex::default(),
            start: Instant::now(),
        }))
    }

    /// The page of a guest whose memory starts there.
    ///
    /// # Safety
    ///
    /// From `base`, 4 GiB are reserved for the memory of a guest, which has less than [`PAGE`] of
    /// it at all times, and so are for all guests that will be there until that is given back
    /// with the engine.
    pub unsafe fn page(
        self: &Arc<PollingPages>,
        base: usize,
        interrupt: &Arc<AtomicBool>,
    ) -> io::Result<PollingPage> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let index = match used.by_base.get(&base) {
            Some(&index) => index,
            None => {
                let index = used.slots.len();
                if index >= self.pages.count() {
                    return Err(io::Error::other("there are more places than polling pages"));
                }
                // SAFETY: nothing is there: the guest never gets so much memory.
                unsafe { self.pages.map(index, base + PAGE as usize) }?;
                used.slots.push(Arc::new(Slot {
                    state: AtomicU8::new(IDLE),
                    heeds_interrupt: AtomicBool::new(false),
                    unanswered: AtomicU32::new(0),
                    stop_at: AtomicU64::new(NEVER),
                    interrupt: Mutex::default(),
                }));
                used.by_base.insert(base, index);
                index
            }
        };
        let slot = Arc::clone(&used.slots[index]);
        drop(used);
        *slot.interrupt.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(interrupt);
        Ok(PollingPage { pages: Arc::clone(self), slot, index })
    }

    /// Asks all guests that run to look, and traps those that have to stop and did not.
    pub fn tick(&self) {
        let now = self.nanoseconds(Instant::now());
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        for (index, slot) in used.slots.iter().enumerate() {
            if slot.state.load(Ordering::Relaxed) != RUNNING {
                continue;
            }
            self.pages.byte(index, TICK).store(1, Ordering::Relaxed);
            let unanswered = slot.unanswered.fetch_add(1, Ordering::Relaxed) + 1;
            if unanswered >= PATIENCE && slot.has_to_stop(now) {
                let begun = slot.state.compare_exchange(
                    RUNNING,
                    STOPPING,
                    Ordering::Acquire,
                    Ordering::Relaxed,
                );
                if begun.is_ok() {
                    self.pages.byte(index, STOP).store(1, Ordering::Relaxed);
                    slot.state.store(RUNNING, Ordering::Release);
                }
            }
        }
    }

    fn nanoseconds(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.start).as_nanos()).unwrap_or(NEVER)
    }
}

impl Slot {
    fn has_to_stop(&self, now: u64) -> bool {
        let is_interrupted = || {
            let interrupt = self.interrupt.lock().unwrap_or_else(PoisonError::into_inner);
            interrupt.load(Ordering::Relaxed)
        };
        self.stop_at.load(Ordering::Relaxed) <= now
            || (self.heeds_interrupt.load(Ordering::Relaxed) && is_interrupted())
    }
}

impl PollingPage {
    fn byte(&self, offset: usize) -> &AtomicU8 {
        self.pages.pages.byte(self.index, offset)
    }

    /// The guest is about to run, and has to stop then at the latest.
    #[inline]
    pub fn enter(&self, stop_at: Option<Instant>, heeds_interrupt: bool) {
        let stop_at = stop_at.map_or(NEVER, |at| self.pages.nanoseconds(at));
        self.slot.stop_at.store(stop_at, Ordering::Relaxed);
        self.slot.heeds_interrupt.store(heeds_interrupt, Ordering::Relaxed);
        self.answer();
        self.byte(STOP).store(0, Ordering::Relaxed);
        self.slot.state.store(RUNNING, Ordering::Release);
    }

    /// The guest has looked.
    #[inline]
    pub fn answer(&self) {
        self.byte(TICK).store(0, Ordering::Relaxed);
        self.slot.unanswered.store(0, Ordering::Relaxed);
    }

    /// The guest does not run any more, or not for a while: no tick reaches it.
    #[inline]
    pub fn leave(&self) {
        while self
            .slot
            .state
            .compare_exchange_weak(RUNNING, IDLE, Ordering::Acquire, Ordering::Relaxed)
            .is_err_and(|state| state != IDLE)
        {
            std::hint::spin_loop();
        }
    }

    /// The guest runs again.
    pub fn come_back(&self) {
        self.answer();
        self.byte(STOP).store(0, Ordering::Relaxed);
        self.slot.state.store(RUNNING, Ordering::Release);
    }

    /// The host has done something for the guest: whatever was unanswered meanwhile is its own
    /// time. The guest is asked before it is trapped.
    #[inline]
    pub fn return_to(&self) {
        self.slot.unanswered.store(0, Ordering::Relaxed);
        if self.byte(STOP).load(Ordering::Relaxed) != 0 {
            self.demand();
            self.byte(STOP).store(0, Ordering::Relaxed);
        }
    }

    /// The guest is to look at its next poll. May be called by its own thread only.
    pub fn demand(&self) {
        self.byte(TICK).store(1, Ordering::Relaxed);
    }

    /// The guest is to stop at its next poll, of whatever kind. May be called by its own thread
    /// only, also in the handler of a signal.
    pub fn trap(&self) {
        self.demand();
        self.byte(STOP).store(1, Ordering::Relaxed);
    }

    /// Whether it was told to trap.
    pub fn is_trapped(&self) -> bool {
        self.byte(STOP).load(Ordering::Relaxed) != 0
    }
}
