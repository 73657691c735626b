//! Go guests on threads of their own, as the sandbox's thread has them.

use super::inbox::{Idle, Inbox};
use super::runner::{Cost, Request, RequestStatus, Runner};
use super::turn::{Turn, reason_to_stop};
use super::worker_request::{Wakes, WorkerRequest};
use super::worker_thread::{Parts, Plan, Thread};
use crate::frame::owned::OwnedFrame;
use crate::go::guest::{Entry, Exit, GoFunction};
use crate::host::interrupt::InterruptHandle;
use crate::ledger::Ledger;
use crate::memory::{Attachments, Handles};
use crate::outcome::GuestUsage;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How often a start that takes long is looked at.
const PATIENCE: Duration = Duration::from_millis(5);

/// A Go guest on a thread of its own. The thread ends with it.
pub(super) struct Worker {
    pub id: u64,
    requests: Option<Arc<Sender<WorkerRequest>>>,
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
    ) -> Result<(Worker, Vec<GoFunction>), Exit> {
        let interrupt = InterruptHandle::new(Arc::clone(&plan.ticker));
        let starting = Starting { worker: Some(interrupt.clone()) };
        let (requests, received) = channel();
        let requests = Arc::new(requests);
        let wakes = Arc::new(Wakes::default());
        let parts = Parts {
            interrupt: interrupt.clone(),
            notify: wakes.notify(&requests),
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
                Err(exit) => (None, Err(exit)),
            };
            let is_awaited = ready.send(told).is_ok();
            drop(ready);
            if let Some(mut thread) = thread.filter(|_| is_awaited) {
                thread.run(&received);
            }
        };
        let spawned = std::thread::Builder::new().name("luago-worker".to_string()).spawn(run);
        if let Err(error) = spawned {
            return Err(Exit::Guest(format!("no thread could be started for it: {error}")));
        }
        let (functions, handles) = loop {
            match is_ready.recv_timeout(PATIENCE) {
                Ok(told) => break told?,
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(halt) = reason_to_stop(&entry, sandbox) {
                        return Err(Exit::Sandbox(halt));
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Exit::Guest("its thread ended at once".to_string()));
                }
            }
        };
        starting.ends();
        let requests = Some(requests);
        let idle = Idle::default();
        Ok((Worker { id, requests, handles, interrupt, sent: 0, wakes, idle, tasks: 0 }, functions))
    }

    /// It has said that it is idle.
    pub fn is_now(&mut self, idle: Idle) {
        self.idle = idle;
    }

    fn send(&mut self, request: WorkerRequest) {
        self.sent += 1;
        if let Some(requests) = &self.requests {
            // A worker that is gone has said so, or will have.
            let _ = requests.send(request);
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
        self.requests = None;
        self.interrupt.interrupt();
    }
}

impl Runner for Worker {
    fn ask(
        &mut self,
        request: &Request<'_>,
        turn: &mut Turn,
        ledger: &Arc<Ledger>,
    ) -> Result<RequestStatus, Exit> {
        let request = match *request {
            Request::Start { task, function, values, timeout, .. } => {
                let Ok(values) = OwnedFrame::copy_of(values, ledger) else {
                    return Ok(RequestStatus::Full);
                };
                self.tasks += 1;
                WorkerRequest::Start { task, function, values, timeout, entry: turn.entry }
            }
            Request::Deliver { call, is_error, values } => {
                let Ok(values) = OwnedFrame::copy_of(values, ledger) else {
                    return Ok(RequestStatus::Full);
                };
                WorkerRequest::Deliver { call, is_error, values }
            }
            Request::Cancel { task, kind, reason } => {
                WorkerRequest::Cancel { task, kind, reason: reason.map(OwnedFrame::string) }
            }
            Request::DropStream(stream) => WorkerRequest::DropStream(stream),
            Request::Close => WorkerRequest::Close,
        };
        self.send(request);
        Ok(RequestStatus::Sent)
    }

    fn take_cost(&mut self, _: &mut Turn) -> Cost {
        // Workers are not metered, and say by themselves what they have written.
        Cost::default()
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

    fn task_ended(&mut self, _: u32, _: Option<Instant>) {
        self.tasks = self.tasks.saturating_sub(1);
    }

    fn next_wake(&self) -> Option<Duration> {
        None
    }

    fn is_busy(&self) -> bool {
        false
    }

    fn can_progress(&self) -> bool {
        let Idle { handled, woken, is_at_rings, has_timer, .. } = self.idle;
        // Has it done all that it was asked, so that only others can make it go on?
        let is_idle = self.sent == handled && self.wakes.requests() == woken;
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
