//! What Go guests have to say, from the events that they leave to the replies that tasks get.

use super::event::{DoneStatus, WaitsFor};
use super::guest_frames::{check_count, event, refusal, steps, values_of};
use super::guests::Granted;
use super::instance_id::InstanceId;
use super::outbox::Message;
use super::scheduler::{Bridge, Core, Ended, Started};
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
use std::time::{Duration, Instant};

/// The most of a guest's report that gets into the log of the host.
const MAX_REPORT: u32 = 1024;

/// What is read of an event: its values, or why they cannot be passed on.
pub(super) type Values<'a> = Result<ValidatedFrame<'a>, String>;

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

    /// Takes the events that the start of a task has left. If all that has happened is that it
    /// has ended, its results go straight to Lua, which is the shortest way that a call can go.
    #[inline]
    pub(super) fn take_events_of_start(
        &mut self,
        id: u32,
        task: Task,
        events: u32,
        encoder: &mut Encoder,
        turn: &mut Turn,
    ) -> Result<Started, Halt> {
        let (instance, call_id) = (task.instance, task.call_id);
        if events == 1
            && let Some(ended) = self.ended_at_once(id, &task, encoder)
        {
            self.note_finished(instance, Some((id, task.deadline)));
            let status = if ended.is_error { DoneStatus::Error } else { DoneStatus::Ok };
            self.core.end_unseen(task, status, turn.now);
            return Ok(Started::Ended(ended));
        }
        self.core.keep(id, task, turn.now);
        self.take_events(instance, events, turn)?;
        self.settle(turn)?;
        // It may be done now, together with others.
        let ended = call_id.and_then(|call_id| self.core.take_reply(call_id, encoder, turn.now));
        Ok(ended.map_or(Started::Waiting, Started::Ended))
    }

    /// The results of a task, if its end is the only event.
    fn ended_at_once(&mut self, id: u32, task: &Task, encoder: &mut Encoder) -> Option<Ended> {
        let local = self.guests.local(task.instance)?;
        let event = local.guest.event(0)?;
        if event.kind != EventKind::Done || event.task != id {
            return None;
        }
        let parts = &self.core.parts;
        let values = values_of(&mut local.guest, &event, &parts.transfer).ok()?.ok()?;
        let status = Status::new(event.number)?;
        if values.streams().next().is_some() {
            return None;
        }
        if !values.is_small() {
            encoder.held = parts.ledger.reserve(values.cost()).ok()?;
        }
        let count =
            results(encoder, &parts.encode, &values, |id| task.functions.has(id), |_| None).ok()?;
        let ended = Ended { count, is_error: !status.is_ok() };
        if let Some(stream) = task.stream
            && (ended.count == 0 || ended.is_error)
        {
            self.core.streams.remove(stream);
        }
        Some(ended)
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
    /// A task has been started, and goes on.
    pub(super) fn keep(&mut self, id: u32, mut task: Task, now: Duration) {
        task.pause(&mut self.recorder, now, WaitsFor::Goroutines);
        self.recorder.will_wait(WaitsFor::Call(task.number));
        self.tasks.keep(id, task);
    }

    /// A task that is in no list yet is over.
    #[inline]
    pub(super) fn end_unseen(&mut self, mut task: Task, status: DoneStatus, now: Duration) {
        task.call_id = None;
        self.finish(task, status, None, now);
    }

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
