//! Entering Go guests, whichever thread they are on: what one is asked, what that has cost, and
//! what becomes of one that has exited.

use super::instance_id::InstanceId;
use super::local::Local;
use super::runner::{Request, RequestStatus, Runner};
use super::scheduler::Bridge;
use super::turn::{STEPS, Turn};
use crate::frame::owned::OwnedFrame;
use crate::frame::validated::ValidatedFrame;
use crate::go::guest::{Exit, GoGuest};
use crate::host::interrupt::Halt;
use crate::ledger::Overdrawn;
use std::time::Duration;

impl Bridge {
    /// Answers a call of a guest, now.
    pub(super) fn deliver(
        &mut self,
        instance: InstanceId,
        call: u32,
        is_error: bool,
        values: &ValidatedFrame<'_>,
        turn: &mut Turn,
    ) -> Result<(), Halt> {
        if let Some(why) = self.cannot_take(instance, values) {
            let error = OwnedFrame::error(&[&why], None);
            return self.tell(instance, call, true, &error.validated(), turn).map(drop);
        }
        if !self.tell(instance, call, is_error, values, turn)? {
            // There is room for this: what is of the host's own is not counted.
            let error = OwnedFrame::error(&[&Overdrawn.to_string()], None);
            self.tell(instance, call, true, &error.validated(), turn)?;
        }
        Ok(())
    }

    /// False if there is no room for it.
    fn tell(
        &mut self,
        instance: InstanceId,
        call: u32,
        is_error: bool,
        values: &ValidatedFrame<'_>,
        turn: &mut Turn,
    ) -> Result<bool, Halt> {
        let asked = self.ask(instance, &Request::Deliver { call, is_error, values }, turn)?;
        Ok(!matches!(asked, Some(RequestStatus::Full)))
    }

    /// Why an instance cannot take the segments in a frame, if it cannot.
    pub(super) fn cannot_take(
        &mut self,
        instance: InstanceId,
        values: &ValidatedFrame<'_>,
    ) -> Option<String> {
        if !values.has_segments() {
            return None;
        }
        let why = values.refusal(self.guests.runner(instance)?.handles())?;
        Some(format!(
            "the Go guest '{}' cannot take a segment: {why}",
            self.guests.name(instance.guest)
        ))
    }

    /// Asks an instance for something and takes its events; nothing if it died of it, or is
    /// gone.
    pub(super) fn ask(
        &mut self,
        instance: InstanceId,
        request: &Request<'_>,
        turn: &mut Turn,
    ) -> Result<Option<RequestStatus>, Halt> {
        let asked = self.ask_only(instance, request, turn)?;
        if let Some(RequestStatus::Events(events)) = asked {
            self.take_events(instance, events, turn)?;
        }
        Ok(asked)
    }

    /// The same, where the caller takes the events.
    #[inline]
    pub(super) fn ask_only(
        &mut self,
        instance: InstanceId,
        request: &Request<'_>,
        turn: &mut Turn,
    ) -> Result<Option<RequestStatus>, Halt> {
        turn.spend(STEPS, &self.core.parts.interrupt)?;
        let Some(runner) = self.guests.runner(instance) else { return Ok(None) };
        let asked = runner.ask(request, turn, &self.core.parts.ledger);
        let spent = runner.take_cost(turn);
        self.core.accounts.settle(spent);
        self.after_entry(instance, asked, turn.now)
    }

    /// Enters a guest of this thread; nothing if it died of it, or is gone.
    #[inline]
    pub(super) fn enter<T>(
        &mut self,
        instance: InstanceId,
        turn: &mut Turn,
        run: impl FnOnce(&mut GoGuest) -> Result<T, Exit>,
    ) -> Result<Option<T>, Halt> {
        let Some(local) = self.guests.local(instance) else { return Ok(None) };
        local.prepare(&mut turn.entry, turn.run);
        let result = run(&mut local.guest);
        local.may_run = true;
        let spent = local.take_cost(turn);
        self.core.accounts.settle(spent);
        self.after_entry(instance, result, turn.now)
    }

    /// A guest has returned, or died.
    #[inline]
    fn after_entry<T>(
        &mut self,
        instance: InstanceId,
        result: Result<T, Exit>,
        now: Duration,
    ) -> Result<Option<T>, Halt> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Exit::Sandbox(halt)) => Err(halt),
            Err(Exit::Guest(why)) => {
                self.guest_exited(instance, &why, now);
                Ok(None)
            }
        }
    }

    /// The guest, if it runs on this thread and is prepared.
    #[inline]
    pub fn prepared(&mut self, guest: usize, run: u64) -> Option<&mut Local> {
        let local = self.guests.local(InstanceId { guest, instance: 0 })?;
        local.is_prepared(run).then_some(local)
    }
}
