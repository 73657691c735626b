//! A Go guest on the thread of the sandbox, which runs when that has time for it.

use super::runner::{Cost, Request, RequestStatus, Runner};
use super::turn::Turn;
use crate::frame::owned::OwnedFrame;
use crate::go::guest::{Entry, Exit, GoGuest};
use crate::ledger::Ledger;
use crate::memory::{Attachments, Handles};
use crate::outcome::GuestUsage;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

pub(crate) struct Local {
    pub guest: GoGuest,
    /// Whether a goroutine may be ready to run. Not known, unless it was idle and not entered since.
    pub may_run: bool,
    /// When its next timer is due, on the sandbox's clock.
    pub timer: Option<Duration>,
    /// When its tasks that have little time are out of it.
    deadlines: BTreeSet<(Instant, u32)>,
    tasks: usize,
    /// For which run it has been prepared, or 0.
    prepared: u64,
}

impl Local {
    pub fn new(guest: GoGuest) -> Local {
        Local {
            guest,
            may_run: true,
            timer: None,
            deadlines: BTreeSet::new(),
            tasks: 0,
            prepared: 0,
        }
    }

    /// Makes ready for being entered.
    #[inline]
    pub fn prepare(&mut self, entry: &mut Entry, run: u64) {
        if self.is_prepared(run) && entry.fuel.is_none() {
            return;
        }
        entry.task_deadline = self.deadlines.first().map(|(at, _)| *at);
        self.guest.prepare(entry);
        let lasts = self.deadlines.is_empty() && entry.fuel.is_none();
        self.prepared = if lasts { run } else { 0 };
    }

    /// Whether it is prepared for this run, so that it need not be prepared again.
    #[inline]
    pub fn is_prepared(&self, run: u64) -> bool {
        self.prepared == run && run != 0 && self.deadlines.is_empty()
    }
}

impl Runner for Local {
    fn ask(
        &mut self,
        request: &Request<'_>,
        turn: &mut Turn,
        _ledger: &Arc<Ledger>,
    ) -> Result<RequestStatus, Exit> {
        if let Request::Start { task, deadline, .. } = *request {
            self.tasks += 1;
            self.deadlines.extend(deadline.map(|at| (at, task)));
        }
        self.prepare(&mut turn.entry, turn.run);
        self.may_run = true;
        let guest = &mut self.guest;
        let events = match *request {
            Request::Start { task, function, values, timeout, .. } => {
                let (count, len) = guest.put(values)?;
                guest.start_task(task, function, count, len, timeout)?
            }
            Request::Deliver { call, is_error, values } => {
                let (count, len) = guest.put(values)?;
                guest.deliver(call, is_error, count, len)?
            }
            Request::Cancel { task, kind, reason } => {
                let (count, len) = match reason {
                    Some(reason) => guest.put(&OwnedFrame::string(reason).validated())?,
                    None => (0, 0),
                };
                guest.cancel(task, kind, count, len)?
            }
            Request::DropStream(stream) => guest.drop_stream(stream)?,
            Request::Close => {
                guest.close()?;
                0
            }
        };
        Ok(RequestStatus::Events(events))
    }

    #[inline]
    fn take_cost(&mut self, turn: &mut Turn) -> Cost {
        let mut spent = Cost::default();
        if let Some(fuel) = &mut turn.entry.fuel {
            spent.fuel = self.guest.fuel_used();
            spent.slept = self.guest.virtual_advance();
            *fuel = fuel.saturating_sub(spent.fuel);
        }
        if self.guest.has_output() {
            spent.output = self.guest.take_output();
        }
        spent
    }

    fn handles(&self) -> &Handles {
        self.guest.handles()
    }

    fn segments(&self) -> Option<&Attachments> {
        Some(self.guest.segments())
    }

    fn tasks(&self) -> usize {
        self.tasks
    }

    fn task_ended(&mut self, id: u32, deadline: Option<Instant>) {
        self.tasks = self.tasks.saturating_sub(1);
        if let Some(at) = deadline {
            self.deadlines.remove(&(at, id));
        }
    }

    fn next_wake(&self) -> Option<Duration> {
        self.timer
    }

    fn is_busy(&self) -> bool {
        self.may_run
    }

    fn can_progress(&self) -> bool {
        false
    }

    fn usage(&self) -> GuestUsage {
        GuestUsage {
            instances: 1,
            peak_memory: self.guest.peak_memory(),
            tasks: u64::from(self.guest.live()),
            goroutines: u64::from(self.guest.goroutines()),
        }
    }
}
