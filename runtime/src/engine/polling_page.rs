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
    count: usize,
    /// Slots side by side: the ticker looks at all of them, and most guests do not run.
    chunks: Vec<Arc<[Slot]>>,
    /// Which page is behind the memory that starts there. It stays when a guest ends: the next
    /// one in its place has the same.
    by_base: HashMap<usize, usize>,
}

/// Slots in a chunk.
const CHUNK: usize = 64;

/// What the ticker knows of a guest. Each is on a cache line of its own.
#[derive(Default)]
#[repr(align(64))]
struct Slot {
    /// The number of the run, and in the two lowest bits whether it goes on. A tick that was
    /// meant for one run finds another number.
    state: AtomicU32,
    /// Whether an interrupt is to stop what runs.
    heeds_interrupt: AtomicBool,
    /// Whether ticks are to come for as long as it runs, also if it does not look.
    needs_ticks: AtomicBool,
    /// Ticks for which the guest has not looked.
    unanswered: AtomicU32,
    /// When it has to stop, in nanoseconds after the start of the pages.
    stop_at: AtomicU64,
    /// Set when it is to be stopped at once.
    interrupt: Mutex<Option<Arc<AtomicBool>>>,
}

/// The guest does not run, or waits for the host.
const IDLE: u32 = 0;
const RUNNING: u32 = 1;
/// It is about to be trapped; whoever ends the run waits until that is done.
const STOPPING: u32 = 2;
const PHASE: u32 = 3;

const NEVER: u64 = u64::MAX;

/// The page of one guest.
pub(crate) struct PollingPage {
    pages: Arc<PollingPages>,
    chunk: Arc<[Slot]>,
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
                let index = used.count;
                if index >= self.pages.count() {
                    return Err(io::Error::other("there are more places than polling pages"));
                }
                // SAFETY: nothing is there: the guest never gets so much memory.
                unsafe { self.pages.map(index, base + PAGE as usize) }?;
                if index / CHUNK == used.chunks.len() {
                    used.chunks.push((0..CHUNK).map(|_| Slot::default()).collect());
                }
                used.count += 1;
                used.by_base.insert(base, index);
                index
            }
        };
        let chunk = Arc::clone(&used.chunks[index / CHUNK]);
        drop(used);
        let page = PollingPage { pages: Arc::clone(self), chunk, index };
        let mut place = page.slot().interrupt.lock().unwrap_or_else(PoisonError::into_inner);
        *place = Some(Arc::clone(interrupt));
        drop(place);
        Ok(page)
    }

    /// Asks all guests that run to look, and traps those that have to stop and did not. Whether
    /// any of them needs the next tick, too.
    pub fn tick(&self) -> bool {
        let now = self.nanoseconds(Instant::now());
        let mut is_needed = false;
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        for (index, slot) in used.chunks.iter().flat_map(|chunk| chunk.iter()).enumerate() {
            let state = slot.state.load(Ordering::Acquire);
            if state & PHASE != RUNNING {
                continue;
            }
            is_needed |= slot.needs_ticks.load(Ordering::Relaxed);
            self.pages.byte(index, TICK).store(1, Ordering::Relaxed);
            let unanswered = slot.unanswered.fetch_add(1, Ordering::Relaxed) + 1;
            if unanswered >= PATIENCE && slot.has_to_stop(now) {
                let stopping = state & !PHASE | STOPPING;
                let begun = slot.state.compare_exchange(
                    state,
                    stopping,
                    Ordering::AcqRel,
                    Ordering::Relaxed,
                );
                if begun.is_ok() {
                    self.pages.byte(index, STOP).store(1, Ordering::Relaxed);
                    slot.state.store(state, Ordering::Release);
                }
            }
        }
        is_needed
    }

    fn nanoseconds(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.start).as_nanos()).unwrap_or(NEVER)
    }
}

impl Slot {
    fn has_to_stop(&self, now: u64) -> bool {
        let is_interrupted = || {
            let interrupt = self.interrupt.lock().unwrap_or_else(PoisonError::into_inner);
            interrupt.as_ref().is_some_and(|interrupt| interrupt.load(Ordering::Relaxed))
        };
        self.stop_at.load(Ordering::Relaxed) <= now
            || (self.heeds_interrupt.load(Ordering::Relaxed) && is_interrupted())
    }
}

impl PollingPage {
    fn slot(&self) -> &Slot {
        &self.chunk[self.index % CHUNK]
    }

    fn byte(&self, offset: usize) -> &AtomicU8 {
        self.pages.pages.byte(self.index, offset)
    }

    /// The guest is about to run, and has to stop then at the latest. In a future, it has to give
    /// others their turn.
    #[inline]
    pub fn enter(&self, stop_at: Option<Instant>, heeds_interrupt: bool, is_async: bool) {
        self.slot().needs_ticks.store(is_async || stop_at.is_some(), Ordering::Relaxed);
        let stop_at = stop_at.map_or(NEVER, |at| self.pages.nanoseconds(at));
        self.slot().stop_at.store(stop_at, Ordering::Relaxed);
        self.slot().heeds_interrupt.store(heeds_interrupt, Ordering::Relaxed);
        self.begin();
    }

    /// The guest has looked.
    #[inline]
    pub fn answer(&self) {
        self.byte(TICK).store(0, Ordering::Relaxed);
        self.slot().unanswered.store(0, Ordering::Relaxed);
    }

    /// The guest does not run any more, or not for a while: no tick reaches it.
    #[inline]
    pub fn leave(&self) {
        let state = &self.slot().state;
        loop {
            let now = state.load(Ordering::Relaxed);
            let next = now & !PHASE | IDLE;
            match now & PHASE {
                IDLE => return,
                STOPPING => std::hint::spin_loop(),
                _ if state
                    .compare_exchange_weak(now, next, Ordering::AcqRel, Ordering::Relaxed)
                    .is_ok() =>
                {
                    return;
                }
                _ => {}
            }
        }
    }

    /// The guest runs, and nothing that was meant for what ran before reaches it.
    fn begin(&self) {
        // A run that was begun and never entered is still on.
        self.leave();
        self.answer();
        self.byte(STOP).store(0, Ordering::Relaxed);
        let state = &self.slot().state;
        let run = (state.load(Ordering::Relaxed) & !PHASE).wrapping_add(PHASE + 1);
        state.store(run | RUNNING, Ordering::Release);
    }

    /// The guest runs again.
    pub fn come_back(&self) {
        self.begin();
    }

    /// The host has done something for the guest: whatever was unanswered meanwhile is its own
    /// time. The guest is asked before it is trapped.
    #[inline]
    pub fn return_to(&self) {
        self.slot().unanswered.store(0, Ordering::Relaxed);
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

#[cfg(test)]
#[cfg(all(target_os = "linux", not(miri)))]
mod tests {
    use super::*;
    use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous, munmap};

    const RESERVED: usize = 4 << 30;

    /// Runs something with a page behind a reserved range.
    fn with_page(run: impl FnOnce(&PollingPages, &PollingPage)) {
        let pages = PollingPages::new(1).unwrap();
        let interrupt = Arc::new(AtomicBool::new(false));
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: the kernel chooses a place where nothing is.
        let base =
            unsafe { mmap_anonymous(std::ptr::null_mut(), RESERVED, ProtFlags::empty(), flags) };
        let base = base.unwrap();
        // SAFETY: all of it was reserved for this.
        let page = unsafe { pages.page(base as usize, &interrupt) }.unwrap();
        // SAFETY: as above; the same place has the same page.
        let again = unsafe { pages.page(base as usize, &interrupt) }.unwrap();
        assert_eq!(page.index, again.index);
        run(&pages, &page);
        drop(page);
        // SAFETY: nothing refers to it any more.
        unsafe { munmap(base, RESERVED) }.unwrap();
    }

    #[test]
    fn there_are_no_more_pages_than_were_asked_for() {
        with_page(|pages, page| {
            let other = pages.start.elapsed().as_nanos() as usize;
            let interrupt = Arc::new(AtomicBool::new(false));
            // SAFETY: nothing is mapped, as there is no page left.
            assert!(unsafe { page.pages.page(other, &interrupt) }.is_err());
        });
    }

    #[test]
    fn what_does_not_look_is_trapped_only_if_it_has_to_stop_and_after_some_ticks() {
        with_page(|pages, page| {
            page.enter(None, true, false);
            (0..10).for_each(|_| assert!(!pages.tick()));
            assert!(!page.is_trapped());
            page.leave();

            page.enter(Some(pages.start), true, false);
            (1..PATIENCE).for_each(|_| assert!(pages.tick()));
            assert!(!page.is_trapped());
            page.answer();
            (1..PATIENCE).for_each(|_| assert!(pages.tick()));
            assert!(!page.is_trapped());
            pages.tick();
            assert!(page.is_trapped());
            // It is asked first once the host was at work for it.
            page.return_to();
            assert!(!page.is_trapped());
            page.leave();
            (0..10).for_each(|_| assert!(!pages.tick()));
            assert!(!page.is_trapped());
        });
    }

    #[test]
    fn a_tick_that_comes_as_a_run_ends_does_not_reach_the_next_one() {
        with_page(|pages, page| {
            struct AtEnd<'a>(&'a AtomicBool);
            impl Drop for AtEnd<'_> {
                fn drop(&mut self) {
                    self.0.store(true, Ordering::Relaxed);
                }
            }
            let is_over = AtomicBool::new(false);
            let mut trapped = 0;
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    while !is_over.load(Ordering::Relaxed) {
                        pages.tick();
                    }
                });
                let _at_end = AtEnd(&is_over);
                let until = Instant::now() + std::time::Duration::from_millis(300);
                let mut spins = 0;
                // The other thread has to have had its turn.
                while Instant::now() < until || trapped == 0 {
                    spins = (spins + 1) % 200;
                    page.enter(Some(pages.start), true, false);
                    (0..spins).for_each(|_| std::hint::spin_loop());
                    trapped += u32::from(page.is_trapped());
                    page.leave();
                    page.enter(None, true, false);
                    for _ in 0..20 {
                        assert!(!page.is_trapped(), "after {trapped} that were to stop");
                        std::hint::spin_loop();
                    }
                    page.leave();
                }
            });
        });
    }
}
