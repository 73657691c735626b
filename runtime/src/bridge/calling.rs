//! What Lua asks of Go guests.

use super::guest_events::results;
use super::instance_id::InstanceId;
use super::runner::Request;
use super::scheduler::{Bridge, Core, Ended};
use super::streams::Stream;
use super::task::Status;
use super::turn::Turn;
use crate::frame::encoder::Encoder;
use crate::frame::owned::OwnedFrame;
use crate::frame::rules::EncodeRules;
use crate::frame::validated::ValidatedFrame;
use crate::go::guest::{Answer, CancelKind};
use crate::host::interrupt::Halt;
use std::time::Duration;

impl Bridge {
    /// Calls a function that does not block, here and now.
    #[inline]
    pub fn call(
        &mut self,
        id: (usize, u32),
        values: &ValidatedFrame<'_>,
        encoder: &mut Encoder,
        turn: &mut Turn,
    ) -> Result<Ended, Halt> {
        let (guest, function) = id;
        let instance = InstanceId { guest, instance: 0 };
        self.core.accounts.release();
        if self.guests.local(instance).is_none()
            && let Err(why) = self.start_instance(instance, turn)?
        {
            return Ok(self.core.raise(encoder, &why));
        }
        if let Some(why) = self.cannot_take(instance, values) {
            self.core.accounts.give_back(values.functions());
            return Ok(self.refuse(id, &why, encoder));
        }
        let answer = self.enter(instance, turn, |guest| {
            let (count, len) = guest.put(values)?;
            guest.call(function, count, len)
        })?;
        self.core.accounts.give_back(values.functions());
        match answer {
            Some(answer) => Ok(self.finish_call(id, answer, encoder)),
            None => Ok(self.core.raise(encoder, self.guests.why_dead(guest))),
        }
    }

    /// Takes what a guest has written over, to be shown.
    pub fn collect_output(&mut self, guest: usize) {
        let Some(local) = self.guests.local(InstanceId { guest, instance: 0 }) else { return };
        self.core.accounts.write(local.guest.take_output());
    }

    /// A guest has died of a call.
    pub fn exited_in_call(
        &mut self,
        guest: usize,
        why: &str,
        now: Duration,
        encoder: &mut Encoder,
    ) -> Ended {
        self.guest_exited(InstanceId { guest, instance: 0 }, why, now);
        self.core.raise(encoder, why)
    }

    /// Reads the answer of a call that did not block.
    pub fn finish_call(
        &mut self,
        (guest, function): (usize, u32),
        answer: Answer,
        encoder: &mut Encoder,
    ) -> Ended {
        let Some(local) = self.guests.local(InstanceId { guest, instance: 0 }) else {
            return self.core.raise(encoder, self.guests.why_dead(guest));
        };
        let rules = &self.core.parts.transfer;
        let validated = match local.guest.outbox_frame(answer.len()) {
            Some(frame) => {
                let (memory, handles) = (local.guest.memory(), local.guest.handles());
                ValidatedFrame::new(memory, frame, answer.count(), rules, handles)
                    .map_err(|error| error.message().to_string())
            }
            None => Err("it is outside the memory".to_string()),
        };
        let status = Status::new(u32::from(answer.status())).unwrap_or(Status::Error);
        // Functions and streams belong to tasks, and this is none.
        let written = validated.and_then(|values| {
            if !values.is_small() {
                let held = self.core.parts.ledger.reserve(values.cost());
                encoder.held = held.map_err(|overdrawn| overdrawn.to_string())?;
            }
            results(encoder, &self.core.parts.encode, &values, |_| false, |_| None)
        });
        match written {
            Ok(count) => Ended { count, is_error: !status.is_ok() },
            Err(why) => {
                let name = self.guests.function_name(guest, function);
                self.core.raise(encoder, &format!("bad result of '{name}': {why}"))
            }
        }
    }

    /// Lua does not wait any more for what it has a call id of.
    pub fn abandon(
        &mut self,
        call_id: u32,
        kind: CancelKind,
        reason: Option<&str>,
        turn: &mut Turn,
    ) -> Result<(), Halt> {
        self.core.timers.remove(call_id);
        self.core.turn_down(call_id, turn.now);
        if let Some(id) = self.core.tasks.of_ticket(call_id) {
            self.end_task(id, kind, reason, turn)?;
        }
        self.settle(turn)
    }

    /// Writes an error of a few words.
    pub fn raise(&self, encoder: &mut Encoder, message: &str) -> Ended {
        self.core.raise(encoder, message)
    }

    /// Writes why a function was not called.
    pub fn refuse(&self, id: (usize, u32), why: &str, encoder: &mut Encoder) -> Ended {
        let name = self.guests.function_name(id.0, id.1);
        self.core.raise(encoder, &format!("bad arguments to '{name}': {why}"))
    }

    /// Lua has taken the results of a task.
    pub fn acknowledge(&mut self, call_id: u32, now: Duration) {
        self.core.acknowledge(call_id, now);
    }

    /// Lua does not read a stream any more.
    pub fn drop_stream(&mut self, stream: u32, turn: &mut Turn) -> Result<(), Halt> {
        let Some(Stream { instance, id }) = self.core.streams.remove(stream) else { return Ok(()) };
        self.ask(instance, &Request::DropStream(id), turn)?;
        self.settle(turn)
    }
}

impl Core {
    /// Writes an error of a few words.
    pub(super) fn raise(&self, encoder: &mut Encoder, message: &str) -> Ended {
        encoder.clear();
        let frame = OwnedFrame::error(&[message], None);
        let rules: &EncodeRules = &self.parts.encode;
        let written = encoder.transfer(rules, &frame.validated(), |_| false, |_| None);
        Ended { count: u32::from(written.is_ok()), is_error: true }
    }
}
