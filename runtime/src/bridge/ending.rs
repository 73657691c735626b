//! How tasks and guests end other than by themselves.

use super::event::DoneStatus;
use super::instance_id::InstanceId;
use super::runner::Request;
use super::scheduler::Bridge;
use super::turn::Turn;
use crate::frame::transfer::OwnedFrame;
use crate::go::guest::CancelKind;
use crate::host::interrupt::Halt;
use std::time::{Duration, Instant};

impl Bridge {
    /// Ends the guests that have tasks, since nothing is ever to happen in them.
    pub fn end_stuck(&mut self, now: Duration) {
        for instance in self.core.tasks.instance_ids() {
            let why = format!(
                "the Go guest '{}' is in a deadlock: all its goroutines wait, and nothing is \
                 left that could wake one",
                self.guests.name(instance.guest)
            );
            self.guest_exited(instance, &why, now);
        }
    }

    /// Has a task end.
    pub(super) fn end_task(
        &mut self,
        id: u32,
        kind: CancelKind,
        reason: Option<&str>,
        turn: &mut Turn,
    ) -> Result<(), Halt> {
        let Some(instance) = self.core.tasks.get(id).map(|task| task.instance) else {
            return Ok(());
        };
        let status = match kind {
            CancelKind::TimedOut => DoneStatus::TimedOut,
            _ => DoneStatus::Cancelled,
        };
        let grace = self.guests.granted(instance.guest).map(|granted| granted.grant.grace);
        let until = turn.now.saturating_add(grace.unwrap_or_default());
        if !self.core.tasks.note_asked(id, status, until) {
            return Ok(());
        }
        self.ask(instance, &Request::Cancel { task: id, kind, reason }, turn).map(drop)
    }

    /// Tasks that were asked to end and have had time enough are not waited for.
    pub(super) fn give_up_leaked(&mut self, turn: &Turn) {
        while let Some(id) = self.core.tasks.late(turn.now) {
            let Some(task) = self.core.tasks.take(id) else { return };
            if let Some(runner) = self.guests.runner(task.instance) {
                runner.task_ended(id, task.deadline);
            }
            self.core.tasks.count_leaked();
            if self.core.accounts.may_warn() {
                let (guest, task) = (&task.guest, task.number);
                tracing::warn!(%guest, task, "a cancelled goroutine goes on");
            }
            self.core.finish(task, DoneStatus::Leaked, None, turn.now);
        }
    }

    /// An instance is gone: all that it had to do has failed.
    pub(super) fn guest_exited(&mut self, instance: InstanceId, why: &str, now: Duration) {
        if !self.guests.remove(instance, why) {
            return;
        }
        if self.core.accounts.may_warn() {
            let guest = self.guests.name(instance.guest);
            tracing::warn!(%guest, "the Go guest has died: {why}");
        }
        let error = OwnedFrame::error(&[why], None);
        for id in self.core.tasks.of(instance) {
            if let Some(task) = self.core.tasks.take(id) {
                self.core.finish(task, DoneStatus::Dead, Some(&error), now);
            }
        }
        self.core.streams.cut_off(instance, why);
        self.core.callbacks.forget_all_of(instance);
        self.core.outbox.forget(instance);
    }

    /// Has everything end that is under way: the call of Lua that it belongs to has failed,
    /// or the sandbox closes.
    pub fn cancel_all(&mut self, kind: CancelKind, turn: &mut Turn) -> Result<(), Halt> {
        self.core.timers.clear();
        self.core.callbacks.clear();
        for id in self.core.tasks.all() {
            self.end_task(id, kind, None, turn)?;
        }
        for call_id in self.core.tasks.unacknowledged() {
            self.core.turn_down(call_id, turn.now);
        }
        self.settle(turn)
    }

    /// Ends all guests: their tasks are cancelled, and have a while to return.
    pub fn close(&mut self, turn: &mut Turn, now: impl Fn() -> Duration) -> Result<(), Halt> {
        self.cancel_all(CancelKind::Closing, turn)?;
        let grants = (0..self.guests.len()).filter_map(|guest| self.guests.granted(guest));
        let patience = grants.map(|granted| granted.grant.grace).max().unwrap_or_default();
        // Without an end if that is beyond what the clock can show.
        let until = Instant::now().checked_add(patience);
        for instance in self.guests.instance_ids() {
            self.ask(instance, &Request::Close, turn)?;
        }
        while !self.core.tasks.is_empty() && until.is_none_or(|at| Instant::now() < at) {
            turn.now = now();
            self.advance(turn)?;
            if !self.is_busy() && !self.core.tasks.is_empty() {
                std::thread::sleep(Duration::from_millis(1));
                for instance in self.guests.instance_ids() {
                    if let Some(local) = self.guests.local(instance) {
                        local.may_run = true;
                    }
                }
            }
        }
        turn.now = now().max(turn.now.saturating_add(patience));
        self.give_up_leaked(turn);
        Ok(())
    }

    /// The sandbox is over, and no guest is entered any more.
    pub fn abort(&mut self, now: Duration) {
        for instance in self.guests.instance_ids() {
            self.guest_exited(instance, "the sandbox of the Go guest is over", now);
        }
        self.core.recorder.lua_is_over(now);
        for call_id in self.core.tasks.unacknowledged() {
            self.core.acknowledge(call_id, now);
        }
    }
}
