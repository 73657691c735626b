//! Go guests on threads of their own, as the sandbox's thread has them.

use super::inbox::{Idle, Inbox};
use super::instance::{Asked, Request, Seat, Spent};
use super::scheduler::{Turn, reason_to_stop};
use super::worker_thread::{Parts, Plan, Thread};
use crate::frame::transfer::Parcel;
use crate::go::guest::{CancelKind, Death, Entry, GoFunction};
use crate::host::interrupt::InterruptHandle;
use crate::ledger::Ledger;
use crate::memory::wait_list::Notify;
use crate::memory::{Attachments, Handles};
use crate::outcome::GuestUsage;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often a start that takes long is looked at.
const PATIENCE: Duration = Duration::from_millis(5);

/// What is asked of a worker.
pub(super) enum Order {
    Start {
        task: u32,
        function: u32,
        values: Parcel,
        timeout: Option<Duration>,
        entry: Entry,
    },
    Deliver {
        call: u32,
        is_error: bool,
        values: Parcel,
    },
    Cancel {
        task: u32,
        kind: CancelKind,
        reason: Option<Parcel>,
    },
    DropStream(u32),
    Close,
    /// What goroutines wait for at rings may have come; which they are stands in [`Wakes`].
    Wake,
}

/// Goroutines of one worker that rings have woken, until it looks. However often a ring wakes
/// one, it is here once, and there is one order to look.
#[derive(Default)]
pub(super) struct Wakes {
    calls: Mutex<BTreeSet<u32>>,
    /// How many orders to look there have been.
    orders: AtomicU64,
}

impl Wakes {
    /// What wakes a goroutine, from any thread; nothing once nobody can give orders any more.
    pub fn notify(self: &Arc<Wakes>, orders: &Arc<Sender<Order>>) -> Notify {
        let wakes = Arc::clone(self);
        // The thread ends when nobody can ask it for anything but itself.
        let orders = Arc::downgrade(orders);
        Arc::new(move |call| {
            let Some(orders) = orders.upgrade() else { return };
            let mut calls = wakes.calls.lock().unwrap_or_else(PoisonError::into_inner);
            let is_first = calls.is_empty();
            calls.insert(call);
            if is_first {
                wakes.orders.fetch_add(1, Ordering::Relaxed);
                let _ = orders.send(Order::Wake);
            }
        })
    }

    pub fn take(&self) -> BTreeSet<u32> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn orders(&self) -> u64 {
        self.orders.load(Ordering::Relaxed)
    }
}

/// A Go guest on a thread of its own. The thread ends with it.
pub(super) struct Worker {
    pub id: u64,
    orders: Option<Arc<Sender<Order>>>,
    /// The segments that its guest knows.
    handles: Handles,
    interrupt: InterruptHandle,
    sent: u64,
    wakes: Arc<Wakes>,
    /// What it has said last of being idle.
    idle: Idle,
    tasks: usize,
}

impl Worker {
    /// Starts a worker, and waits until it knows its functions, or the sandbox has to stop.
    pub fn start(
        id: u64,
        plan: Plan,
        entry: Entry,
        inbox: Arc<Inbox>,
        sandbox: &InterruptHandle,
    ) -> Result<(Worker, Vec<GoFunction>), Death> {
        let interrupt = InterruptHandle::new(Arc::clone(&plan.ticker));
        let starting = Starting { worker: Some(interrupt.clone()) };
        let (orders, received) = channel();
        let orders = Arc::new(orders);
        let wakes = Arc::new(Wakes::default());
        let parts = Parts {
            interrupt: interrupt.clone(),
            notify: wakes.notify(&orders),
            wakes: Arc::clone(&wakes),
        };
        let (ready, is_ready) = channel();
        let run = move || {
            let started = Thread::start(id, plan, entry, inbox, parts);
            let (thread, told) = match started {
                Ok(mut thread) => {
                    let told = (thread.take_functions(), thread.handles());
                    (Some(thread), Ok(told))
                }
                Err(death) => (None, Err(death)),
            };
            let is_awaited = ready.send(told).is_ok();
            drop(ready);
            if let Some(mut thread) = thread.filter(|_| is_awaited) {
                thread.run(&received);
            }
        };
        let spawned = std::thread::Builder::new().name("luago-worker".to_string()).spawn(run);
        if let Err(error) = spawned {
            return Err(Death::Guest(format!("no thread could be started for it: {error}")));
        }
        let (functions, handles) = loop {
            match is_ready.recv_timeout(PATIENCE) {
                Ok(told) => break told?,
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(halt) = reason_to_stop(&entry, sandbox) {
                        return Err(Death::Sandbox(halt));
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Death::Guest("its thread ended at once".to_string()));
                }
            }
        };
        starting.ends();
        let orders = Some(orders);
        let idle = Idle::default();
        Ok((Worker { id, orders, handles, interrupt, sent: 0, wakes, idle, tasks: 0 }, functions))
    }

    /// It has said that it is idle.
    pub fn is_now(&mut self, idle: Idle) {
        self.idle = idle;
    }

    fn send(&mut self, order: Order) {
        self.sent += 1;
        if let Some(orders) = &self.orders {
            // A worker that is gone has said so, or will have.
            let _ = orders.send(order);
        }
    }
}

/// A worker that is being started, and stops if nobody waits for that any more.
struct Starting {
    worker: Option<InterruptHandle>,
}

impl Starting {
    fn ends(mut self) {
        self.worker = None;
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        if let Some(worker) = &self.worker {
            worker.interrupt();
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.orders = None;
        self.interrupt.interrupt();
    }
}

impl Seat for Worker {
    fn ask(
        &mut self,
        request: &Request<'_>,
        turn: &mut Turn,
        ledger: &Arc<Ledger>,
    ) -> Result<Asked, Death> {
        let order = match *request {
            Request::Start { task, function, values, timeout } => {
                let Ok(values) = values.keep(ledger) else { return Ok(Asked::Full) };
                Order::Start { task, function, values, timeout, entry: turn.entry }
            }
            Request::Deliver { call, is_error, values } => {
                let Ok(values) = values.keep(ledger) else { return Ok(Asked::Full) };
                Order::Deliver { call, is_error, values }
            }
            Request::Cancel { task, kind, reason } => {
                Order::Cancel { task, kind, reason: reason.map(Parcel::string) }
            }
            Request::DropStream(stream) => Order::DropStream(stream),
            Request::Close => Order::Close,
        };
        self.send(order);
        Ok(Asked::Sent)
    }

    fn take_spent(&mut self, _: &mut Turn) -> Spent {
        // Workers are not metered, and say by themselves what they have written.
        Spent::default()
    }

    fn handles(&self) -> &Handles {
        &self.handles
    }

    fn segments(&self) -> Option<&Attachments> {
        None
    }

    fn tasks(&self) -> usize {
        self.tasks
    }

    fn task_began(&mut self, _: u32, _: Option<Instant>) {
        self.tasks += 1;
    }

    fn task_ended(&mut self, _: u32, _: Option<Instant>) {
        self.tasks = self.tasks.saturating_sub(1);
    }

    fn next_wake(&self) -> Option<Duration> {
        None
    }

    fn is_busy(&self) -> bool {
        false
    }

    fn has_hope(&self) -> bool {
        let Idle { handled, woken, is_at_rings, has_timer, .. } = self.idle;
        // Has it done all that it was asked, so that only others can make it go on?
        let is_idle = self.sent == handled && self.wakes.orders() == woken;
        !is_idle || has_timer || is_at_rings
    }

    fn usage(&self) -> GuestUsage {
        GuestUsage {
            instances: 1,
            peak_memory: self.idle.peak_memory,
            tasks: self.tasks as u64,
            goroutines: u64::from(self.idle.goroutines),
        }
    }
}
