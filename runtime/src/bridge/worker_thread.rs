//! The thread of a worker: it does what it is asked, and says what comes of it.

use super::guest_frames::{check_count, event, values_of};
use super::inbox::{Idle, Inbox, WorkerMessage};
use super::worker_request::{Wakes, WorkerRequest};
use crate::engine::core::EngineCore;
use crate::engine::ticker::Ticker;
use crate::frame::owned::OwnedFrame;
use crate::frame::rules::TransferRules;
use crate::go::guest::{Entry, Environment, Exit, GoFunction, GoGuest};
use crate::go::module::GoModule;
use crate::grants::go_grant::GoGrant;
use crate::host::interrupt::InterruptHandle;
use crate::host::wasi::FileQuota;
use crate::memory::wait_list::Notify;
use crate::memory::{Budget, Handles};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How long a guest may compute before its thread looks at what is asked of it.
pub(super) const BUDGET: Duration = Duration::from_millis(5);

/// What a worker is made from.
pub(super) struct Plan {
    pub engine: Arc<EngineCore>,
    pub module: GoModule,
    pub name: Arc<str>,
    pub grant: GoGrant,
    pub ticker: Arc<Ticker>,
    pub budget: Arc<Budget>,
    pub room: FileQuota,
    pub rules: TransferRules,
    pub is_traced: bool,
}

/// What it shares with its owner.
pub(super) struct Parts {
    pub interrupt: InterruptHandle,
    pub notify: Notify,
    pub wakes: Arc<Wakes>,
}

pub(super) struct Thread {
    id: u64,
    guest: GoGuest,
    inbox: Arc<Inbox>,
    rules: TransferRules,
    entry: Entry,
    handled: u64,
    woken: u64,
    wakes: Arc<Wakes>,
}

enum Next {
    Busy,
    Idle(Option<Duration>),
}

impl Thread {
    /// Starts the guest, on the thread that is to run it.
    pub fn start(
        id: u64,
        plan: Plan,
        entry: Entry,
        inbox: Arc<Inbox>,
        parts: Parts,
    ) -> Result<Thread, Exit> {
        let environment = Environment {
            interrupt: parts.interrupt,
            ticker: plan.ticker,
            deterministic: None,
            metered: false,
            sharing: plan.engine.sharing,
            budget: plan.budget,
            room: plan.room,
            notify: parts.notify,
        };
        let mut guest = GoGuest::start(
            &plan.engine,
            &plan.module,
            &plan.name,
            &plan.grant,
            environment,
            &entry,
        )?;
        guest.set_traced(plan.is_traced);
        let (rules, wakes) = (plan.rules, parts.wakes);
        Ok(Thread { id, guest, inbox, rules, entry, handled: 0, woken: 0, wakes })
    }

    /// What the guest can do; given once.
    pub fn take_functions(&mut self) -> Vec<GoFunction> {
        self.guest.take_functions()
    }

    pub fn handles(&self) -> Handles {
        self.guest.handles().clone()
    }

    /// Does what it is asked until nobody asks any more, or the guest dies.
    pub fn run(&mut self, requests: &Receiver<WorkerRequest>) {
        let mut timer: Option<Instant> = None;
        let mut is_busy = false;
        loop {
            let request = if is_busy {
                requests.recv_timeout(Duration::ZERO)
            } else if let Some(at) = timer {
                requests.recv_timeout(at.saturating_duration_since(Instant::now()))
            } else {
                requests.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            let next = match request {
                Ok(request) => self.handle(request),
                Err(RecvTimeoutError::Timeout) => self.poll(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            match next {
                Ok(Next::Busy) => (is_busy, timer) = (true, None),
                Ok(Next::Idle(next)) => {
                    is_busy = false;
                    timer = next.and_then(|left| Instant::now().checked_add(left));
                }
                Err(Exit::Guest(why)) => {
                    // What it has written before; there may be no room for more of that.
                    let _ = self.show();
                    return self.inbox.send_last(self.id, why);
                }
                // Where the sandbox ends it, that waits for no word; else it is to know.
                Err(Exit::Sandbox(halt)) => {
                    let why = format!("the Go guest has reached a limit of its sandbox: {halt}");
                    return self.inbox.send_last(self.id, why);
                }
            }
        }
    }

    fn handle(&mut self, request: WorkerRequest) -> Result<Next, Exit> {
        match request {
            WorkerRequest::Wake => self.woken += 1,
            _ => self.handled += 1,
        }
        match &request {
            WorkerRequest::Start { entry, .. } => self.entry = *entry,
            // What it does beside its calls belongs to none of the sandbox's runs.
            _ if self.guest.live() == 0 => self.entry.deadline = None,
            _ => {}
        }
        self.guest.prepare(&self.entry);
        let events = match request {
            WorkerRequest::Start { task, function, values, timeout, .. } => {
                let (count, len) = self.put(values)?;
                self.guest.start_task(task, function, count, len, timeout)?
            }
            WorkerRequest::Deliver { call, is_error, values } => {
                let (count, len) = self.put(values)?;
                self.guest.deliver(call, is_error, count, len)?
            }
            WorkerRequest::Cancel { task, kind, reason } => {
                let (count, len) = reason.map_or(Ok((0, 0)), |reason| self.put(reason))?;
                self.guest.cancel(task, kind, count, len)?
            }
            WorkerRequest::DropStream(stream) => self.guest.drop_stream(stream)?,
            WorkerRequest::Wake => {
                for call in self.wakes.take() {
                    let events = self.guest.deliver(call, false, 0, 0)?;
                    self.tell(events)?;
                }
                0
            }
            WorkerRequest::Close => {
                self.guest.close()?;
                0
            }
        };
        self.tell(events)?;
        self.poll()
    }

    fn poll(&mut self) -> Result<Next, Exit> {
        if self.guest.live() == 0 {
            self.entry.deadline = None;
        }
        self.guest.prepare(&self.entry);
        let polled = self.guest.poll(Some(BUDGET))?;
        self.tell(polled.events)?;
        if polled.is_busy || polled.events > 0 {
            return Ok(Next::Busy);
        }
        let idle = Idle {
            handled: self.handled,
            woken: self.woken,
            is_at_rings: self.guest.segments().is_waiting(),
            has_timer: polled.timer.is_some(),
            goroutines: self.guest.goroutines(),
            peak_memory: self.guest.peak_memory(),
        };
        self.inbox.send_idle(self.id, idle);
        Ok(Next::Idle(polled.timer))
    }

    /// Copies values into the guest; the host's copy is gone when it is entered.
    fn put(&mut self, values: OwnedFrame) -> Result<(u32, u32), Exit> {
        self.guest.put(&values.validated())
    }

    /// Leaves the events of the last entry for the sandbox.
    fn tell(&mut self, events: u32) -> Result<(), Exit> {
        check_count(&mut self.guest, events)?;
        for index in 0..events {
            // Each can be the work of milliseconds.
            self.guest.look()?;
            let event = event(&mut self.guest, index)?;
            let ledger = self.inbox.ledger();
            let values = match values_of(&mut self.guest, &event, &self.rules)? {
                Ok(values) => {
                    OwnedFrame::copy_of(&values, ledger).map_err(|overdrawn| overdrawn.to_string())
                }
                Err(why) => Err(why),
            };
            self.send(WorkerMessage::Event { event, values })?;
        }
        self.show()
    }

    /// Hands over what the guest has written.
    fn show(&mut self) -> Result<(), Exit> {
        if self.guest.has_output() {
            let output = self.guest.take_output();
            self.send(WorkerMessage::Output(output))?;
        }
        Ok(())
    }

    fn send(&mut self, said: WorkerMessage) -> Result<(), Exit> {
        self.inbox.send(self.id, said).map_err(|overdrawn| {
            let name = self.guest.name();
            Exit::Guest(format!("the Go guest '{name}' said more than is heard: {overdrawn}"))
        })
    }
}
