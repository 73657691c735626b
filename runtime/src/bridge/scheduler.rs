//! The bridge of one sandbox: who has what, and how everything gets on.

use super::accounts::Accounts;
use super::callbacks::Callbacks;
use super::guests::Guests;
use super::inbox::{Inbox, WorkerMessage};
use super::instance::Instance;
use super::instance_id::InstanceId;
use super::local::Local;
use super::outbox::{Message, Outbox};
use super::parts::Parts;
use super::recorder::Recorder;
use super::runner::{Request, Runner};
use super::streams::Streams;
use super::tasks::Tasks;
use super::timers::Timers;
use super::turn::Turn;
use super::worker_thread::BUDGET;
use crate::frame::owned::OwnedFrame;
use crate::host::interrupt::Halt;
use crate::memory::{Attachments, waits};
use crate::outcome::GuestUsage;
use std::sync::Arc;
use std::time::Duration;

/// How many messages guests get at a time, before Lua has its turn again.
const MESSAGES: usize = 1024;

/// How what was asked of a Go guest went, if it went at once. The values are in the
/// encoder that was passed.
pub(crate) struct Ended {
    pub count: u32,
    pub is_error: bool,
}

/// A call that was started.
pub(crate) enum Started {
    Ended(Ended),
    Waiting,
}

/// The Go guests of one sandbox, and all that is under way between them and Lua.
pub(crate) struct Bridge {
    pub(super) guests: Guests,
    pub(super) core: Core,
}

/// What is under way. What guests have left in their memory is read into this.
pub(super) struct Core {
    pub parts: Parts,
    pub tasks: Tasks,
    pub callbacks: Callbacks,
    pub streams: Streams,
    pub timers: Timers,
    pub outbox: Outbox,
    pub accounts: Accounts,
    pub recorder: Recorder,
    pub inbox: Arc<Inbox>,
}

impl Core {
    /// Counts what the start of a guest has cost.
    pub fn settle_start(&mut self, local: &mut Local, turn: &mut Turn) {
        self.accounts.settle(local.take_cost(turn));
    }
}

impl Bridge {
    pub fn new(parts: Parts) -> Bridge {
        Bridge {
            guests: Guests::new(&parts.guests),
            core: Core {
                tasks: Tasks::default(),
                callbacks: Callbacks::default(),
                streams: Streams::default(),
                timers: Timers::default(),
                outbox: Outbox::default(),
                accounts: Accounts::new(Arc::clone(&parts.owner)),
                recorder: Recorder::new(parts.subscriber.clone()),
                inbox: Inbox::new(Arc::clone(&parts.ledger)),
                parts,
            },
        }
    }

    pub fn recorder(&mut self) -> &mut Recorder {
        &mut self.core.recorder
    }

    pub fn timers(&mut self) -> &mut Timers {
        &mut self.core.timers
    }

    pub fn accounts(&mut self) -> &mut Accounts {
        &mut self.core.accounts
    }

    pub fn inbox(&self) -> &Arc<Inbox> {
        &self.core.inbox
    }

    #[inline]
    pub fn has_output(&self) -> bool {
        self.core.accounts.has_output()
    }

    /// Goroutines of cancelled tasks that did not return.
    pub fn leaked(&self) -> u64 {
        self.core.tasks.leaked()
    }

    /// What a guest has and had.
    pub fn usage(&self, name: &str) -> Option<GuestUsage> {
        self.guests.usage(name)
    }

    /// Whether a task may have to end while it runs.
    #[inline]
    pub fn has_ends(&self) -> bool {
        self.core.timers.has_ends()
    }

    /// Whether anything is under way that depends on the time.
    #[inline]
    pub fn is_timed(&self) -> bool {
        self.core.tasks.has_asked() || !self.core.tasks.is_empty()
    }

    /// Lets everything get on that can: timers, workers, and guests of this thread.
    pub fn advance(&mut self, turn: &mut Turn) -> Result<(), Halt> {
        self.core.accounts.release();
        while let Some(call_id) = self.core.timers.due(turn.now) {
            self.core.parts.pending.announce(call_id);
        }
        let batch = self.core.inbox.take();
        for (worker, said, held) in batch.said {
            self.receive(worker, said, turn)?;
            drop(held);
        }
        for (worker, idle) in batch.idle {
            let instance = self.guests.instance_of_worker(worker);
            if let Some(Instance::Worker(worker)) =
                instance.and_then(|instance| self.guests.instance(instance))
            {
                worker.is_now(idle);
            }
        }
        for (instance, call) in batch.woken {
            self.deliver(instance, call, false, &OwnedFrame::default().validated(), turn)?;
        }
        self.settle(turn)?;
        for guest in 0..self.guests.len() {
            self.poll(InstanceId { guest, instance: 0 }, turn)?;
        }
        self.settle(turn)?;
        self.give_up_leaked(turn);
        Ok(())
    }

    /// Runs the goroutines of a guest of this thread, if any may be ready.
    fn poll(&mut self, instance: InstanceId, turn: &mut Turn) -> Result<(), Halt> {
        let Some(local) = self.guests.local(instance) else { return Ok(()) };
        let is_due = local.timer.is_some_and(|at| at <= turn.now);
        if !local.may_run && !is_due {
            return Ok(());
        }
        let Some(polled) = self.enter(instance, turn, |guest| guest.poll(Some(BUDGET)))? else {
            return Ok(());
        };
        let now = turn.now;
        if let Some(local) = self.guests.local(instance) {
            local.may_run = polled.is_busy || polled.events > 0;
            local.timer = polled.timer.map(|left| now.saturating_add(left));
        }
        self.take_events(instance, polled.events, turn)
    }

    /// Takes what a worker has said.
    fn receive(&mut self, worker: u64, said: WorkerMessage, turn: &mut Turn) -> Result<(), Halt> {
        let Some(instance) = self.guests.instance_of_worker(worker) else { return Ok(()) };
        match said {
            WorkerMessage::Event { event, values } => {
                self.take_workers_event(instance, &event, values, turn)
            }
            WorkerMessage::Output(output) => {
                self.core.accounts.write(output);
                Ok(())
            }
            WorkerMessage::Exited(why) => {
                self.guest_exited(instance, &why, turn.now);
                Ok(())
            }
        }
    }

    /// Gives guests what has been put down for them, as much as there is time for. Only where
    /// no entry is under way.
    pub(super) fn settle(&mut self, turn: &mut Turn) -> Result<(), Halt> {
        for _ in 0..MESSAGES {
            let Some((instance, message)) = self.core.outbox.next() else { return Ok(()) };
            match message {
                Message::Answer { call, is_error, values } => {
                    self.deliver(instance, call, is_error, &values.validated(), turn)?;
                }
                Message::DropStream(stream) => {
                    self.ask(instance, &Request::DropStream(stream), turn)?;
                }
            }
        }
        Ok(())
    }

    /// When something happens by itself.
    pub fn next_wake(&mut self) -> Option<Duration> {
        self.guests.runners().filter_map(Runner::next_wake).chain(self.core.timers.next()).min()
    }

    /// Whether a goroutine of this thread may be ready to run, or is to be told something.
    pub fn is_busy(&self) -> bool {
        !self.core.outbox.is_empty() || self.guests.runners().any(Runner::is_busy)
    }

    /// May a worker have something to say, sooner or later, or somebody outside something to
    /// put into a ring? `lua` are the segments of the Lua guest.
    pub fn can_progress(&self, lua: &Attachments) -> bool {
        let locals = self.guests.runners().filter_map(Runner::segments);
        waits::can_progress(locals.chain([lua])) || self.guests.runners().any(Runner::can_progress)
    }

    /// Whether there is a call for Lua to take.
    #[inline]
    pub fn has_calls(&self) -> bool {
        self.core.callbacks.has_next()
    }

    /// Whether anybody in Lua waits for a Go guest, or for the time.
    pub fn is_waiting(&mut self) -> bool {
        self.core.tasks.has_waiting() || self.has_calls() || self.core.timers.next().is_some()
    }
}
