//! The steady tick by which deadlines are noticed.

use super::polling_page::PollingPages;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::task::Waker;
use std::time::{Duration, Instant};

/// How often a running guest looks at its deadline.
pub(crate) const TICK: Duration = Duration::from_millis(5);

/// TscClock without work before the ticker rests.
const LINGER: u32 = 400;

/// Advances the epoch of some engines, and ticks guests, while anything has a deadline.
pub(crate) struct Ticker {
    /// Whether anybody has needed a tick since the last one. Mostly read, so that threads that
    /// call guests do not slow each other down.
    needed: AtomicBool,
    resting: AtomicBool,
    lock: Mutex<()>,
    wake: Condvar,
    engines: Mutex<Vec<wasmtime::EngineWeak>>,
    pages: Mutex<Vec<Weak<PollingPages>>>,
    sleepers: Mutex<HashMap<u64, Sleeper>>,
    next_sleeper: AtomicU64,
}

struct Sleeper {
    until: Option<Instant>,
    waker: Waker,
}

/// A place among those who are to be woken; given up when it is dropped.
pub(crate) struct Alarm {
    ticker: Arc<Ticker>,
    id: u64,
}

impl Ticker {
    /// Starts the thread, which ends when the ticker is dropped.
    pub fn start() -> std::io::Result<Arc<Ticker>> {
        let ticker = Arc::new(Ticker {
            needed: AtomicBool::new(false),
            resting: AtomicBool::new(false),
            lock: Mutex::new(()),
            wake: Condvar::new(),
            engines: Mutex::new(Vec::new()),
            pages: Mutex::new(Vec::new()),
            sleepers: Mutex::default(),
            next_sleeper: AtomicU64::new(0),
        });
        let weak = Arc::downgrade(&ticker);
        std::thread::Builder::new().name("luago-ticker".to_string()).spawn(move || run(&weak))?;
        Ok(ticker)
    }

    pub fn add(&self, engine: &wasmtime::Engine) {
        self.engines.lock().unwrap_or_else(PoisonError::into_inner).push(engine.weak());
    }

    /// Ticks the guests that have these.
    pub fn add_pages(&self, pages: &Arc<PollingPages>) {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(pages));
    }

    /// Sees to it that ticks come. Who goes on needing them says so at each tick.
    pub fn need(&self) {
        if self.needed.load(Ordering::Relaxed) {
            return;
        }
        self.needed.store(true, Ordering::SeqCst);
        if self.resting.load(Ordering::SeqCst) {
            let _guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
            self.wake.notify_one();
        }
    }

    /// TscClock once, now, and wakes all who wait for something of the host.
    pub fn interrupt(&self) {
        self.need();
        self.tick();
        self.wake_sleepers(|_| true);
    }

    /// Whether a guest that runs needs the next one, too.
    fn tick(&self) -> bool {
        for engine in self.engines.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if let Some(engine) = engine.upgrade() {
                engine.increment_epoch();
            }
        }
        let mut is_needed = false;
        for pages in self.pages.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if let Some(pages) = pages.upgrade() {
                is_needed |= pages.tick();
            }
        }
        is_needed
    }

    /// A clock that needs no executor.
    pub fn alarm(self: &Arc<Ticker>) -> Alarm {
        let id = self.next_sleeper.fetch_add(1, Ordering::Relaxed);
        Alarm { ticker: Arc::clone(self), id }
    }

    fn wake_sleepers(&self, is_due: impl Fn(&Sleeper) -> bool) {
        let mut due = Vec::new();
        self.sleepers.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, sleeper| {
            let stays = !is_due(sleeper);
            if !stays {
                due.push(sleeper.waker.clone());
            }
            stays
        });
        // Without the lock: a waker may run anything.
        due.into_iter().for_each(Waker::wake);
    }

    fn has_sleepers(&self) -> bool {
        let sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        sleepers.values().any(|sleeper| sleeper.until.is_some())
    }
}

impl Alarm {
    /// Wakes at that time, within a tick, or at an interrupt.
    pub fn set(&self, until: Option<Instant>, waker: Waker) {
        self.ticker
            .sleepers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(self.id, Sleeper { until, waker });
        if until.is_some() {
            self.ticker.need();
        }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        let mut sleepers = self.ticker.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        sleepers.remove(&self.id);
    }
}

fn run(ticker: &Weak<Ticker>) {
    let mut idle = 0;
    while let Some(ticker) = ticker.upgrade() {
        // A guest that does not look cannot say that it needs more.
        let is_needed = ticker.tick();
        if ticker.needed.swap(false, Ordering::SeqCst) || is_needed || ticker.has_sleepers() {
            idle = 0;
        } else {
            idle += 1;
        }
        let now = Instant::now();
        ticker.wake_sleepers(|sleeper| sleeper.until.is_some_and(|until| until <= now));
        if idle < LINGER {
            drop(ticker);
            std::thread::sleep(TICK);
            continue;
        }
        let guard = ticker.lock.lock().unwrap_or_else(PoisonError::into_inner);
        ticker.resting.store(true, Ordering::SeqCst);
        if !ticker.needed.load(Ordering::SeqCst) {
            // Wakes now and then: the thread is to end with its engine, and a guest that
            // has been away in the host for long asks for ticks at the next one.
            let _ = ticker.wake.wait_timeout(guard, Duration::from_secs(2));
        }
        ticker.resting.store(false, Ordering::SeqCst);
    }
}
