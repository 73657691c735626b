//! Functions of Lua that Go guests call: from the event to Lua, and the answer back.

use super::callbacks::{CALL, Call, MAX_CALLS, Outgoing};
use super::event::WaitsFor;
use super::guest_events::{Values, results};
use super::guest_frames::refusal;
use super::guests::Granted;
use super::instance_id::InstanceId;
use super::scheduler::{Bridge, Core};
use super::turn::Turn;
use crate::frame::encoder::Encoder;
use crate::frame::owned::OwnedFrame;
use crate::frame::validated::ValidatedFrame;
use crate::go::guest::Event;
use crate::host::interrupt::Halt;
use std::sync::Arc;
use std::time::Duration;

/// The longest name of a function of Lua that is looked at; longer ones were not granted.
const MAX_NAME: u32 = 255;

/// A call of Lua that has been put into its frame.
pub(crate) enum NextCall {
    Call { call: u32, count: u32 },
    Abandoned(u32),
}

impl Core {
    /// A guest calls a function of Lua, which it was passed or whose name it was granted; why
    /// it cannot.
    pub(super) fn called(
        &mut self,
        instance: InstanceId,
        event: &Event,
        values: Values<'_>,
        granted: &Granted,
        now: Duration,
    ) -> Result<(), String> {
        let values = values.map_err(|why| refusal(&granted.name, &why))?;
        let Some(task) = self.tasks.get_mut(event.task) else { return Ok(()) };
        let name = if event.target == 0 {
            let name = values.first_text(MAX_NAME + 1);
            if !granted.grant.allows(&name) {
                let guest = &granted.name;
                return Err(format!(
                    "the Go guest '{guest}' was not granted the function '{name}'"
                ));
            }
            name
        } else if task.functions.has(event.target) {
            "a function of Lua".to_string()
        } else {
            return Err("a function of Lua was called after its task".to_string());
        };
        if self.callbacks.is_full() {
            return Err(format!("more than {MAX_CALLS} calls of Lua are under way"));
        }
        let ledger = &self.parts.ledger;
        let _held = ledger.reserve(CALL).map_err(|overdrawn| overdrawn.to_string())?;
        let values =
            OwnedFrame::copy_of(&values, ledger).map_err(|overdrawn| overdrawn.to_string())?;
        if self.recorder.is_on() {
            task.resume(&mut self.recorder, now, event.goroutine);
            task.pause(&mut self.recorder, now, WaitsFor::Host(Arc::from(name)));
        }
        let (number, task, target) = (event.number, event.task, event.target);
        self.callbacks.add(Call { instance, number, task, target, values, _held });
        Ok(())
    }
}

impl Bridge {
    /// Puts what Go has called into a frame for Lua.
    pub fn next_call(
        &mut self,
        encoder: &mut Encoder,
        turn: &mut Turn,
    ) -> Result<Option<NextCall>, Halt> {
        while let Some(next) = self.core.callbacks.next() {
            let (number, instance, inner, task, target, values) = match next {
                Outgoing::Abandoned(number) => return Ok(Some(NextCall::Abandoned(number))),
                Outgoing::Call { number, instance, inner, task, target, values } => {
                    (number, instance, inner, task, target, values)
                }
            };
            encoder.clear();
            let parts = &self.core.parts;
            let task = self.core.tasks.get(task);
            let owns = |id: u32| task.is_some_and(|task| task.functions.has(id));
            let validated = values.validated();
            let written = parts
                .ledger
                .reserve(validated.cost())
                .map_err(|overdrawn| overdrawn.to_string())
                .and_then(|held| {
                    encoder.held = held;
                    if target == 0 {
                        return results(encoder, &parts.encode, &validated, owns, |_| None);
                    }
                    encoder.function(&parts.encode, target).map_err(|error| error.to_string())?;
                    results(encoder, &parts.encode, &validated, owns, |_| None)
                        .map(|count| count + 1)
                });
            match written {
                Ok(count) => return Ok(Some(NextCall::Call { call: number, count })),
                Err(why) => {
                    self.core.callbacks.remove(number);
                    let why = refusal(self.guests.name(instance.guest), &why);
                    let error = OwnedFrame::error(&[&why], None);
                    self.deliver(instance, inner, true, &error.validated(), turn)?;
                }
            }
        }
        self.settle(turn)?;
        Ok(None)
    }

    /// Answers a call with why what Lua gave cannot be passed on.
    pub fn answer_error(&mut self, call: u32, why: &str, turn: &mut Turn) -> Result<(), Halt> {
        let error =
            OwnedFrame::error(&[&format!("what Lua gave cannot be passed on: {why}")], None);
        self.answer(call, true, &error.validated(), turn)
    }

    /// Lua has answered a call of a Go guest.
    pub fn answer(
        &mut self,
        call: u32,
        is_error: bool,
        values: &ValidatedFrame<'_>,
        turn: &mut Turn,
    ) -> Result<(), Halt> {
        let Some(call) = self.core.callbacks.remove(call) else {
            self.core.accounts.give_back(values.functions());
            return Ok(());
        };
        let is_passed = match self.core.tasks.get_mut(call.task) {
            Some(task) => {
                task.resume(&mut self.core.recorder, turn.now, 0);
                task.pass(values.functions())
            }
            None => {
                self.core.accounts.give_back(values.functions());
                Ok(())
            }
        };
        match is_passed {
            Ok(()) => self.deliver(call.instance, call.number, is_error, values, turn)?,
            Err(overdrawn) => {
                self.core.accounts.give_back(values.functions());
                let error = OwnedFrame::error(&[&overdrawn.to_string()], None);
                self.deliver(call.instance, call.number, true, &error.validated(), turn)?;
            }
        }
        if let Some(task) = self.core.tasks.get_mut(call.task) {
            task.pause(&mut self.core.recorder, turn.now, WaitsFor::Goroutines);
        }
        self.settle(turn)
    }
}
