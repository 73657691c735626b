//! The steady tick by which deadlines are noticed.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

/// How often a running guest looks at its deadline.
pub(crate) const TICK: Duration = Duration::from_millis(5);

/// Ticks without work before the ticker rests.
const LINGER: u32 = 400;

/// Advances the epoch of some engines while anything has a deadline.
pub(crate) struct Ticker {
    users: AtomicUsize,
    resting: AtomicBool,
    lock: Mutex<()>,
    wake: Condvar,
    engines: Mutex<Vec<wasmtime::EngineWeak>>,
}

/// Keeps the ticker going.
pub(crate) struct Ticking(Arc<Ticker>);

impl Ticker {
    /// Starts the thread, which ends when the ticker is dropped.
    pub fn start() -> std::io::Result<Arc<Ticker>> {
        let ticker = Arc::new(Ticker {
            users: AtomicUsize::new(0),
            resting: AtomicBool::new(false),
            lock: Mutex::new(()),
            wake: Condvar::new(),
            engines: Mutex::new(Vec::new()),
        });
        let weak = Arc::downgrade(&ticker);
        std::thread::Builder::new().name("luago-ticker".to_string()).spawn(move || run(&weak))?;
        Ok(ticker)
    }

    pub fn add(&self, engine: &wasmtime::Engine) {
        self.engines.lock().unwrap_or_else(PoisonError::into_inner).push(engine.weak());
    }

    /// Ticks until the answer is dropped.
    pub fn ticking(self: &Arc<Ticker>) -> Ticking {
        self.users.fetch_add(1, Ordering::SeqCst);
        if self.resting.load(Ordering::SeqCst) {
            let _guard = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
            self.wake.notify_one();
        }
        Ticking(Arc::clone(self))
    }

    /// Ticks once, now.
    pub fn tick(&self) {
        for engine in self.engines.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            if let Some(engine) = engine.upgrade() {
                engine.increment_epoch();
            }
        }
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.users.fetch_sub(1, Ordering::SeqCst);
    }
}

fn run(ticker: &Weak<Ticker>) {
    let mut idle = 0;
    while let Some(ticker) = ticker.upgrade() {
        if ticker.users.load(Ordering::SeqCst) > 0 {
            idle = 0;
            ticker.tick();
        } else {
            idle += 1;
        }
        if idle < LINGER {
            drop(ticker);
            std::thread::sleep(TICK);
            continue;
        }
        let guard = ticker.lock.lock().unwrap_or_else(PoisonError::into_inner);
        ticker.resting.store(true, Ordering::SeqCst);
        if ticker.users.load(Ordering::SeqCst) == 0 {
            // Wakes now and then, so that the thread ends with its engine.
            let _ = ticker.wake.wait_timeout(guard, Duration::from_secs(2));
        }
        ticker.resting.store(false, Ordering::SeqCst);
    }
}
