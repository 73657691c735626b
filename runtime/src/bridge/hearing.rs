//! What Go guests have to say.

use super::event::{DoneStatus, WaitsFor};
use super::instance::{Instance, event, refuse, values_of};
use super::scheduler::{Bridge, Call, Core, Ended, NextCall, Outgoing, Turn};
use super::streams::Stream;
use super::task::{Place, Status, Task};
use crate::frame::encode::Encoder;
use crate::frame::tag;
use crate::frame::transfer::{Checked, Parcel};
use crate::go::grant::GoGrant;
use crate::go::guest::{Death, Event, EventKind};
use crate::host_function::Reply;
use crate::stopping::Halt;
use std::time::Duration;

/// A call that is refused: its number in the guest, and the error.
type Refusal = (u32, Parcel);

impl Bridge {
    /// Takes the events that a guest of this thread has left.
    pub(super) fn take_events(
        &mut self,
        place: Place,
        count: u32,
        turn: &mut Turn,
    ) -> Result<(), Halt> {
        let mut refusals: Vec<Refusal> = Vec::new();
        for index in 0..count {
            match self.take_local_event(place, index, turn.now) {
                Ok(refusal) => refusals.extend(refusal),
                Err(Death::Sandbox(halt)) => return Err(halt),
                Err(Death::Guest(why)) => {
                    self.die(place, &why, turn.now);
                    return Ok(());
                }
            }
        }
        // Only now, as entering the guest ends what its events point to.
        for (call, error) in refusals {
            self.deliver(place, call, true, &error.checked(), turn)?;
        }
        Ok(())
    }

    fn take_local_event(
        &mut self,
        place: Place,
        index: u32,
        now: Duration,
    ) -> Result<Option<Refusal>, Death> {
        let Bridge { guests, core } = self;
        let guest = guests.get_mut(place.guest);
        let Some(guest) = guest else { return Ok(None) };
        let Some(Some(Instance::Local(local))) = guest.instances.get_mut(place.instance) else {
            return Ok(None);
        };
        let mut event = event(&mut local.guest, index)?;
        if event.kind == EventKind::Done
            && let Some(task) = core.tasks.get(&event.task)
            && task.place == place
        {
            local.tasks = local.tasks.saturating_sub(1);
            if let Some(deadline) = task.deadline {
                local.deadlines.remove(&(deadline, event.task));
            }
        }
        let grant = &guest.granted.grant;
        Ok(match values_of(&mut local.guest, &event, &core.parts.transfer)? {
            Ok(values) => core.take_event(place, &event, values, grant, now),
            Err(why) => {
                let error = refuse(&mut event, &guest.granted.name, &why);
                if event.kind == EventKind::Call {
                    return Ok(Some((event.number, error)));
                }
                core.take_event(place, &event, error.checked(), grant, now)
            }
        })
    }

    /// Takes an event of a worker.
    pub(super) fn take_event(
        &mut self,
        place: Place,
        event: Event,
        values: Checked<'_>,
        now: Duration,
    ) -> Option<Refusal> {
        let Bridge { guests, core } = self;
        let guest = guests.get_mut(place.guest)?;
        if event.kind == EventKind::Done
            && core.tasks.get(&event.task).is_some_and(|task| task.place == place)
            && let Some(Some(instance)) = guest.instances.get_mut(place.instance)
        {
            let tasks = instance.tasks_mut();
            *tasks = tasks.saturating_sub(1);
        }
        core.take_event(place, &event, values, &guest.granted.grant, now)
    }

    /// Puts what Go has called into a frame for Lua.
    pub fn next_call(
        &mut self,
        encoder: &mut Encoder,
        turn: &mut Turn,
    ) -> Result<Option<NextCall>, Halt> {
        while let Some(next) = self.core.outgoing.pop_front() {
            let number = match next {
                Outgoing::Abandoned(number) => return Ok(Some(NextCall::Abandoned(number))),
                Outgoing::Call(number) => number,
            };
            let Some(call) = self.core.calls.get_mut(&number) else { continue };
            call.is_taken = true;
            let values = std::mem::take(&mut call.values);
            self.core.held = self.core.held.saturating_sub(values.size());
            let (place, inner, target) = (call.place, call.number, call.target);
            let handles = self.core.tasks.get(&call.task).map(|task| task.handles.as_slice());
            let owns = |id: u32| handles.is_some_and(|handles| handles.contains(&id));
            let rules = &self.core.parts.encode;
            encoder.clear();
            let mut count = values.count;
            let mut written = Ok(());
            if target != 0 {
                count += 1;
                written = encoder.function(rules, target);
            }
            let written =
                written.and_then(|()| encoder.transfer(rules, &values.checked(), owns, |_| 0));
            match written {
                Ok(()) => return Ok(Some(NextCall::Call { call: number, count })),
                Err(error) => {
                    self.core.remove_call(number);
                    let guest = self.guests.get(place.guest);
                    let name = guest.map_or("?", |guest| &guest.granted.name);
                    let message =
                        format!("what the Go guest '{name}' sent cannot be passed on: {error}");
                    let error = Parcel::error(&[&message], None);
                    self.deliver(place, inner, true, &error.checked(), turn)?;
                }
            }
        }
        Ok(None)
    }
}

impl Core {
    fn take_event(
        &mut self,
        place: Place,
        event: &Event,
        values: Checked<'_>,
        grant: &GoGrant,
        now: Duration,
    ) -> Option<Refusal> {
        let is_known = self.tasks.get(&event.task).is_some_and(|task| task.place == place);
        match event.kind {
            EventKind::Done if is_known => {
                let mut task = self.tasks.remove(&event.task)?;
                if task.asked.is_some() {
                    self.asked -= 1;
                }
                task.resume(&mut self.recorder, now, event.goroutine);
                let status = Status::new(event.number).unwrap_or(Status::Error);
                self.done(task, &status, &values, now);
                None
            }
            EventKind::Call => {
                if !is_known {
                    let error = Parcel::error(&["the task that called has ended"], None);
                    return Some((event.number, error));
                }
                self.called(place, event, values, grant, now).err().map(|e| (event.number, e))
            }
            EventKind::Abandon => {
                let key = (place.guest, place.instance, event.number);
                if let Some(&number) = self.numbers.get(&key) {
                    self.forget_call(number);
                }
                None
            }
            EventKind::Report => {
                tracing::error!(report = %values.first_text(), "a goroutine of a task that is over");
                None
            }
            // It is about a task that was given up.
            EventKind::Done => None,
        }
    }

    /// A task has ended by itself.
    fn done(&mut self, mut task: Task, status: &Status, values: &Checked<'_>, now: Duration) {
        let place = task.place;
        let mut encoder = Encoder::new();
        let handles = &task.handles;
        let streams = &mut self.streams;
        let rules = &self.parts.encode;
        let written = encoder.transfer(
            rules,
            values,
            |id| handles.contains(&id),
            |id| streams.add(Stream { place, id }),
        );
        let size = (encoder.bytes().len() + encoder.large().len()) as u64;
        let written = written.map_err(|error| error.to_string()).and_then(|()| self.hold(size));
        let (ended, done) = match written {
            Ok(()) => {
                task.held = size;
                let ended = Ended { count: values.count, is_error: !status.is_ok() };
                (ended, status.to_done())
            }
            Err(error) => {
                let message = format!("bad result of a function of '{}': {error}", task.guest);
                (self.raise(&mut encoder, &message), DoneStatus::Error)
            }
        };
        if let Some(stream) = task.stream
            && (ended.count == 0 || ended.is_error)
        {
            self.streams.remove(stream);
        }
        self.finish_with(task, done, Some((encoder, ended)), now);
    }

    /// A task has ended, with an error unless nobody waits for it.
    pub(super) fn finish(
        &mut self,
        task: Task,
        status: DoneStatus,
        error: Option<&Parcel>,
        now: Duration,
    ) {
        let reply = error.filter(|_| task.ticket.is_some()).map(|error| {
            let mut encoder = Encoder::new();
            let rules = &self.parts.encode;
            let written = encoder.transfer(rules, &error.checked(), |_| false, |_| 0);
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
        match (task.ticket.take(), reply) {
            (Some(ticket), Some((encoder, ended))) => {
                self.by_ticket.remove(&ticket);
                let Ended { count, is_error } = ended;
                self.parts.pending.finish(ticket, Reply { encoder, count, is_error });
                self.unacknowledged.insert(ticket, task);
            }
            _ => self.let_go(task, now),
        }
    }

    /// Lua has taken the results of a task, or does not want them.
    pub fn acknowledge(&mut self, ticket: u32, now: Duration) {
        if let Some(task) = self.unacknowledged.remove(&ticket) {
            self.let_go(task, now);
        }
    }

    fn let_go(&mut self, mut task: Task, now: Duration) {
        self.held = self.held.saturating_sub(task.held);
        task.released(&mut self.recorder, now);
        // What Lua is about to be given may have them in it.
        self.to_release.append(&mut task.handles);
    }

    /// Gives functions back that were passed with what is over.
    #[inline]
    pub(super) fn release(&mut self) {
        if !self.to_release.is_empty() {
            self.parts.owner.release(self.to_release.drain(..));
        }
    }

    pub(super) fn next_task(&mut self) -> u32 {
        loop {
            self.last_task = self.last_task.wrapping_add(1).max(1);
            if !self.tasks.contains_key(&self.last_task) {
                return self.last_task;
            }
        }
    }

    /// The reply of a ticket, if it has come while its call was being started.
    pub(super) fn take_reply(
        &mut self,
        ticket: u32,
        encoder: &mut Encoder,
        now: Duration,
    ) -> Option<Ended> {
        if self.by_ticket.contains_key(&ticket) {
            return None;
        }
        let reply = self.parts.pending.take_early(ticket)?;
        self.acknowledge(ticket, now);
        *encoder = reply.encoder;
        Some(Ended { count: reply.count, is_error: reply.is_error })
    }

    /// A guest calls a function of Lua, which it was passed or whose name it was granted.
    fn called(
        &mut self,
        place: Place,
        event: &Event,
        values: Checked<'_>,
        grant: &GoGrant,
        now: Duration,
    ) -> Result<(), Parcel> {
        let Some(task) = self.tasks.get_mut(&event.task) else { return Ok(()) };
        let name: std::sync::Arc<str> = if event.target == 0 {
            let name = values.first_text();
            if !grant.allows(&name) {
                let message =
                    format!("the Go guest '{}' was not granted the function '{name}'", task.guest);
                return Err(Parcel::error(&[&message], None));
            }
            name.into()
        } else if task.handles.contains(&event.target) {
            "a function of Lua".into()
        } else {
            return Err(Parcel::error(&["a function of Lua was called after its task"], None));
        };
        if self.calls.len() >= MAX_CALLS {
            let message = format!("more than {MAX_CALLS} calls of Lua are under way");
            return Err(Parcel::error(&[&message], None));
        }
        self.hold(values.size() as u64).map_err(|why| Parcel::error(&[&why], None))?;
        let Some(task) = self.tasks.get_mut(&event.task) else { return Ok(()) };
        task.resume(&mut self.recorder, now, event.goroutine);
        task.pause(&mut self.recorder, now, WaitsFor::Host(name));
        let number = loop {
            self.last_call = (self.last_call.wrapping_add(1) & !ABANDONED).max(1);
            if !self.calls.contains_key(&self.last_call) {
                break self.last_call;
            }
        };
        let call = Call {
            place,
            number: event.number,
            task: event.task,
            target: event.target,
            values: values.to_parcel(),
            is_taken: false,
        };
        self.calls.insert(number, call);
        self.numbers.insert((place.guest, place.instance, event.number), number);
        self.outgoing.push_back(Outgoing::Call(number));
        Ok(())
    }

    /// Counts bytes that the host keeps until Lua takes them; why that is too much.
    fn hold(&mut self, size: u64) -> Result<(), String> {
        // Whatever its size, a single one is as large as the limits on values allow.
        let most = self.parts.transfer.bytes;
        if self.held > 0 && self.held.saturating_add(size) > most {
            return Err(format!(
                "more than {most} bytes wait for Lua to take them (limit value_bytes)"
            ));
        }
        self.held = self.held.saturating_add(size);
        Ok(())
    }

    /// Takes a call out of all lists but that of what Lua has to be told.
    pub(super) fn remove_call(&mut self, number: u32) -> Option<Call> {
        let call = self.calls.remove(&number)?;
        self.numbers.remove(&(call.place.guest, call.place.instance, call.number));
        self.held = self.held.saturating_sub(call.values.size());
        Some(call)
    }

    /// Nobody waits for a call any more.
    pub(super) fn forget_call(&mut self, number: u32) {
        if self.remove_call(number).is_some_and(|call| call.is_taken) {
            self.outgoing.push_back(Outgoing::Abandoned(number));
        }
    }
}

/// What marks a number of a call as one that nobody waits for.
pub(crate) const ABANDONED: u32 = 1 << 31;

/// How many calls of Lua can be under way.
const MAX_CALLS: usize = 1 << 16;

impl Checked<'_> {
    /// The first value, if it is text or an error, for messages and names.
    pub fn first_text(&self) -> String {
        let mut slots = self.slots();
        let first = match slots.next() {
            Some(slot) if slot.tag == tag::ERROR => slots.next(),
            other => other,
        };
        first.and_then(|slot| self.text(slot)).unwrap_or_default()
    }
}
