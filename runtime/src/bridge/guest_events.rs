//! What Go guests have to say.

use super::callbacks::{CALL, Call, MAX_CALLS, Outgoing};
use super::event::{DoneStatus, WaitsFor};
use super::guest_frames::{check_count, event, refusal, steps, values_of};
use super::instance_id::InstanceId;
use super::outbox::Message;
use super::scheduler::{Bridge, Core, Ended};
use super::streams::Stream;
use super::task::{Status, Task};
use super::turn::Turn;
use crate::frame::encoder::Encoder;
use crate::frame::owned::OwnedFrame;
use crate::frame::rules::EncodeRules;
use crate::frame::validated::ValidatedFrame;
use crate::go::guest::{Event, EventKind, Exit};
use crate::host::function::Reply;
use crate::host::interrupt::Halt;
use crate::ledger::Overdrawn;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::guests::Granted;

/// The longest name of a function of Lua that is looked at; longer ones were not granted.
const MAX_NAME: u32 = 255;

/// The most of a guest's report that gets into the log of the host.
const MAX_REPORT: u32 = 1024;

/// A call of Lua that has been put into its frame.
pub(crate) enum NextCall {
    Call { call: u32, count: u32 },
    Abandoned(u32),
}

/// What is read of an event: its values, or why they cannot be passed on.
type Values<'a> = Result<ValidatedFrame<'a>, String>;

/// A task that its guest has ended: its number, and until when it had time.
type Finished = (u32, Option<Instant>);

impl Bridge {
    /// Takes the events that a guest of this thread has left. It is not entered here, which
    /// would end what they point to: what it is to be told goes into the outbox.
    pub(super) fn take_events(
        &mut self,
        instance: InstanceId,
        count: u32,
        turn: &mut Turn,
    ) -> Result<(), Halt> {
        for index in 0..count {
            match self.take_event(instance, index, count, turn) {
                Ok(()) => {}
                Err(Exit::Sandbox(halt)) => return Err(halt),
                Err(Exit::Guest(why)) => {
                    self.guest_exited(instance, &why, turn.now);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn take_event(
        &mut self,
        instance: InstanceId,
        index: u32,
        count: u32,
        turn: &mut Turn,
    ) -> Result<(), Exit> {
        let Bridge { guests, core } = self;
        let Some((local, granted)) = guests.local_with_grant(instance) else { return Ok(()) };
        check_count(&mut local.guest, count)?;
        let event = event(&mut local.guest, index)?;
        turn.spend(steps(&event), &core.parts.interrupt).map_err(Exit::Sandbox)?;
        let values = values_of(&mut local.guest, &event, &core.parts.transfer)?;
        let finished = core.receive(instance, &event, values, granted, turn.now)?;
        self.note_finished(instance, finished);
        Ok(())
    }

    /// Takes an event of a worker.
    pub(super) fn take_workers_event(
        &mut self,
        instance: InstanceId,
        event: &Event,
        values: Result<OwnedFrame, String>,
        turn: &mut Turn,
    ) -> Result<(), Halt> {
        let Bridge { guests, core } = self;
        let Some(granted) = guests.granted(instance.guest) else { return Ok(()) };
        turn.spend(steps(event), &core.parts.interrupt)?;
        let values = values.as_ref().map(OwnedFrame::validated).map_err(String::clone);
        match core.receive(instance, event, values, granted, turn.now) {
            Ok(finished) => self.note_finished(instance, finished),
            Err(Exit::Sandbox(halt)) => return Err(halt),
            Err(Exit::Guest(why)) => self.guest_exited(instance, &why, turn.now),
        }
        Ok(())
    }

    fn note_finished(&mut self, instance: InstanceId, finished: Option<Finished>) {
        if let (Some((id, deadline)), Some(runner)) = (finished, self.guests.runner(instance)) {
            runner.task_ended(id, deadline);
        }
    }

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
}

/// Writes values that a guest has sent as values for Lua; how many there are, or why that
/// cannot be.
#[inline]
pub(super) fn results(
    encoder: &mut Encoder,
    rules: &EncodeRules,
    values: &ValidatedFrame<'_>,
    owns: impl Fn(u32) -> bool,
    stream: impl FnMut(u32) -> Option<u32>,
) -> Result<u32, String> {
    let written = encoder.transfer(rules, values, owns, stream);
    written.map(|()| values.count).map_err(|error| error.to_string())
}

impl Core {
    /// Takes what a guest says, wherever it runs. The error is the end of the guest.
    fn receive(
        &mut self,
        instance: InstanceId,
        event: &Event,
        values: Values<'_>,
        granted: &Granted,
        now: Duration,
    ) -> Result<Option<Finished>, Exit> {
        let is_known = self.tasks.get(event.task).is_some_and(|task| task.instance == instance);
        match event.kind {
            EventKind::Done if is_known => {
                let Some(mut task) = self.tasks.take(event.task) else { return Ok(None) };
                task.resume(&mut self.recorder, now, event.goroutine);
                let finished = (event.task, task.deadline);
                self.done(task, event, values, now).map_err(|over| too_much(granted, over))?;
                return Ok(Some(finished));
            }
            EventKind::Call => {
                let called = match is_known {
                    true => self.called(instance, event, values, granted, now),
                    false => Err("the task that called has ended".to_string()),
                };
                if let Err(why) = called {
                    let refused =
                        self.outbox.refuse(instance, event.number, &why, &self.parts.ledger);
                    refused.map_err(|over| too_much(granted, over))?;
                }
            }
            EventKind::Abandon => self.callbacks.abandon(instance, event.number),
            EventKind::Report => {
                if let Ok(values) = values
                    && self.accounts.may_warn()
                {
                    let report = values.first_text(MAX_REPORT);
                    tracing::error!(%report, "a goroutine of a task that is over");
                }
            }
            // It is about a task that was given up.
            EventKind::Done => {}
        }
        Ok(None)
    }

    /// A task has ended by itself.
    fn done(
        &mut self,
        mut task: Task,
        event: &Event,
        values: Values<'_>,
        now: Duration,
    ) -> Result<(), Overdrawn> {
        let instance = task.instance;
        let streams: Vec<u32> = values.iter().flat_map(ValidatedFrame::streams).collect();
        if task.call_id.is_none() {
            // Nobody wants its results.
            self.finish_with(task, DoneStatus::Ok, None, now);
            return self.drop_streams(instance, streams);
        }
        let status = Status::new(event.number).unwrap_or(Status::Error);
        let mut encoder = Encoder::new();
        let written = values.map_err(|why| refusal(&task.guest, &why)).and_then(|values| {
            let (parts, open, given) = (&self.parts, &mut self.streams, &mut task.given);
            let held = parts.ledger.reserve(values.cost()).map_err(|over| over.to_string());
            encoder.held = held.map_err(|why| bad_result(&task.guest, &why))?;
            let functions = &task.functions;
            let add = |id: u32| {
                let number = open.add(Stream { instance, id }, &parts.ledger)?;
                given.push(number);
                Some(number)
            };
            results(&mut encoder, &parts.encode, &values, |id| functions.has(id), add)
                .map_err(|why| bad_result(&task.guest, &why))
        });
        let (ended, done, refused) = match written {
            Ok(count) => (Ended { count, is_error: !status.is_ok() }, status.to_done(), Vec::new()),
            Err(why) => {
                for number in task.given.drain(..) {
                    self.streams.remove(number);
                }
                (self.raise(&mut encoder, &why), DoneStatus::Error, streams)
            }
        };
        if let Some(stream) = task.stream
            && (ended.count == 0 || ended.is_error)
        {
            self.streams.remove(stream);
        }
        self.finish_with(task, done, Some((encoder, ended)), now);
        self.drop_streams(instance, refused)
    }

    /// Has a guest told that nobody reads streams of it.
    fn drop_streams(&mut self, instance: InstanceId, streams: Vec<u32>) -> Result<(), Overdrawn> {
        let ledger = &self.parts.ledger;
        streams
            .into_iter()
            .try_for_each(|stream| self.outbox.put(instance, Message::DropStream(stream), ledger))
    }

    /// A task has ended, with an error unless nobody waits for it.
    pub(super) fn finish(
        &mut self,
        task: Task,
        status: DoneStatus,
        error: Option<&OwnedFrame>,
        now: Duration,
    ) {
        let reply = error.filter(|_| task.call_id.is_some()).map(|error| {
            let mut encoder = Encoder::new();
            let rules = &self.parts.encode;
            let written = encoder.transfer(rules, &error.validated(), |_| false, |_| None);
            (encoder, Ended { count: u32::from(written.is_ok()), is_error: true })
        });
        self.finish_with(task, status, reply, now);
    }

    fn finish_with(
        &mut self,
        mut task: Task,
        status: DoneStatus,
        reply: Option<(Encoder, Ended)>,
        now: Duration,
    ) {
        // What it was asked to, it has done, whatever it made of it.
        let status = match (&task.asked, status) {
            (Some((asked, _)), DoneStatus::Ok | DoneStatus::Error) => *asked,
            (_, status) => status,
        };
        task.done(&mut self.recorder, now, status);
        let call_id = task.call_id.take();
        if let Some(call_id) = call_id {
            self.tasks.forget_ticket(call_id);
        }
        match (call_id, reply) {
            (Some(call_id), Some((encoder, ended))) => {
                let Ended { count, is_error } = ended;
                self.parts.pending.finish(call_id, Reply { encoder, count, is_error });
                if let Some(other) = self.tasks.wait_for_acknowledgement(call_id, task) {
                    // A guest that names two tasks alike has lost the first.
                    self.let_go(other, now);
                }
            }
            _ => self.let_go(task, now),
        }
    }

    /// Lua has taken the results of a task.
    pub(super) fn acknowledge(&mut self, call_id: u32, now: Duration) {
        if let Some(task) = self.tasks.acknowledge(call_id) {
            self.let_go(task, now);
        }
    }

    /// Lua does not want the results of a task, if it has them to take.
    pub(super) fn turn_down(&mut self, call_id: u32, now: Duration) {
        let Some(mut task) = self.tasks.acknowledge(call_id) else { return };
        for number in std::mem::take(&mut task.given) {
            if let Some(stream) = self.streams.remove(number) {
                // Without room for it, the guest keeps the stream until its task has ended.
                let message = Message::DropStream(stream.id);
                let _ = self.outbox.put(stream.instance, message, &self.parts.ledger);
            }
        }
        self.let_go(task, now);
    }

    fn let_go(&mut self, mut task: Task, now: Duration) {
        task.released(&mut self.recorder, now);
        // What Lua is about to be given may have them in it.
        self.accounts.give_back(task.functions.take());
    }

    /// The reply of a call id, if it has come while its call was being started.
    pub(super) fn take_reply(
        &mut self,
        call_id: u32,
        encoder: &mut Encoder,
        now: Duration,
    ) -> Option<Ended> {
        if self.tasks.of_ticket(call_id).is_some() {
            return None;
        }
        let reply = self.parts.pending.take_early(call_id)?;
        self.acknowledge(call_id, now);
        *encoder = reply.encoder;
        Some(Ended { count: reply.count, is_error: reply.is_error })
    }

    /// A guest calls a function of Lua, which it was passed or whose name it was granted; why
    /// it cannot.
    fn called(
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

fn bad_result(guest: &str, why: &str) -> String {
    format!("bad result of a function of '{guest}': {why}")
}

/// The end of a guest that wants more said than there is room for.
fn too_much(granted: &Granted, overdrawn: Overdrawn) -> Exit {
    Exit::Guest(format!(
        "the Go guest '{}' gives reason for more answers than it takes: {overdrawn}",
        granted.name
    ))
}
