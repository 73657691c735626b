//! What Lua asks of Go guests.

use super::event::{DoneStatus, WaitsFor};
use super::instance::{Instance, Local, put, values_of};
use super::scheduler::{Bridge, Ended, Started, Turn};
use super::task::{Place, Status, Task};
use super::worker::Request;
use crate::frame::encode::{EncodeRules, Encoder};
use crate::frame::transfer::{Checked, Parcel};
use crate::go::guest::{Answer, CancelKind, EventKind};
use crate::stopping::Halt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The number of the function that gives the next value of a stream.
const NEXT_VALUE: u32 = u32::MAX;

/// The most calls into Go guests that can be under way in one sandbox.
const MAX_TASKS: usize = 1 << 17;

impl Bridge {
    /// Calls a function that does not block, here and now.
    #[inline]
    pub fn call(
        &mut self,
        id: (usize, u32),
        values: &Checked<'_>,
        encoder: &mut Encoder,
        turn: &mut Turn,
    ) -> Result<Ended, Halt> {
        let (guest, function) = id;
        let place = Place { guest, instance: 0 };
        self.core.release();
        if self.local(place).is_none()
            && let Err(why) = self.start_instance(place, turn)?
        {
            return Ok(self.core.raise(encoder, &why));
        }
        if let Some(why) = self.refusal(place, values) {
            self.core.to_release.extend(values.functions());
            return Ok(self.refuse(id, &why, encoder));
        }
        let answer = self.enter(place, turn, |guest| {
            let (count, len) = put(guest, values)?;
            guest.call(function, count, len)
        })?;
        self.core.to_release.extend(values.functions());
        match answer {
            Some(answer) => Ok(self.finish_call(id, answer, encoder)),
            None => Ok(self.core.raise_dead(encoder, &self.guests[guest].dead)),
        }
    }

    /// Why an instance cannot take the segments in a frame, if it cannot.
    fn refusal(&mut self, place: Place, values: &Checked<'_>) -> Option<String> {
        if !values.has_segments() {
            return None;
        }
        let why = values.refusal(match self.instance(place)? {
            Instance::Local(local) => local.guest.handles(),
            Instance::Worker(worker) => &worker.handles,
        })?;
        let name = &self.guests.get(place.guest)?.granted.name;
        Some(format!("the Go guest '{name}' cannot take a segment: {why}"))
    }

    /// The guest, if it runs on this thread and is prepared.
    #[inline]
    pub fn prepared(&mut self, guest: usize, run: u64) -> Option<&mut Local> {
        match self.guests.get_mut(guest)?.instances.first_mut()? {
            Some(Instance::Local(local)) if local.is_prepared(run) => Some(local),
            _ => None,
        }
    }

    /// Takes what a guest has written over, to be shown.
    pub fn collect_output(&mut self, guest: usize) {
        let place = Place { guest, instance: 0 };
        let output = self.local(place).map(|local| local.guest.take_output());
        self.core.output.join(output.unwrap_or_default());
    }

    /// A guest has died of a call.
    pub fn died_in_call(
        &mut self,
        guest: usize,
        why: &str,
        now: Duration,
        encoder: &mut Encoder,
    ) -> Ended {
        self.die(Place { guest, instance: 0 }, why, now);
        self.core.raise(encoder, why)
    }

    /// Reads the answer of a call that did not block.
    pub fn finish_call(
        &mut self,
        (guest, function): (usize, u32),
        answer: Answer,
        encoder: &mut Encoder,
    ) -> Ended {
        let local = self.guests.get(guest).and_then(|guest| guest.instances.first());
        let Some(Some(Instance::Local(local))) = local else {
            return self.core.raise(encoder, "the Go guest is gone");
        };
        let memory = local.guest.memory();
        let checked = local
            .guest
            .outbox_frame(answer.len())
            .ok_or_else(|| "it is outside the memory".to_string())
            .and_then(|frame| {
                let rules = &self.core.parts.transfer;
                Checked::new(memory, frame, answer.count(), rules, local.guest.handles())
                    .map_err(|error| error.message().to_string())
            });
        let status = Status::new(u32::from(answer.status())).unwrap_or(Status::Error);
        let rules = &self.core.parts.encode;
        let written = checked.and_then(|checked| {
            encoder
                .transfer(rules, &checked, |_| false, |_| 0)
                .map(|()| checked.count)
                .map_err(|error| error.message().to_string())
        });
        match written {
            Ok(count) => Ended { count, is_error: !status.is_ok() },
            Err(why) => {
                let name = self.function_name(guest, function);
                self.core.raise(encoder, &format!("bad result of '{name}': {why}"))
            }
        }
    }

    /// Starts a task in a goroutine, which may end at once.
    pub fn start(
        &mut self,
        id: (usize, u32),
        values: &Checked<'_>,
        ticket: u32,
        timeout: Option<Duration>,
        encoder: &mut Encoder,
        turn: &mut Turn,
    ) -> Result<Started, Halt> {
        let (guest, function) = id;
        let place = Place { guest, instance: self.choose(guest) };
        self.start_at(place, function, None, values, ticket, timeout, encoder, turn)
    }

    /// Asks for the next value of a stream.
    pub fn next_value(
        &mut self,
        stream: u32,
        ticket: u32,
        timeout: Option<Duration>,
        encoder: &mut Encoder,
        turn: &mut Turn,
    ) -> Result<Started, Halt> {
        let Some(open) = self.core.streams.get(stream) else {
            if let Some(why) = self.core.streams.take_cut_off(stream) {
                return Ok(Started::Ended(self.core.raise(encoder, &why)));
            }
            return Ok(Started::Ended(Ended { count: 0, is_error: false }));
        };
        let values = Parcel::integer(i64::from(open.id));
        let values = values.checked();
        self.start_at(open.place, NEXT_VALUE, Some(stream), &values, ticket, timeout, encoder, turn)
    }

    /// The instance that has the least to do.
    fn choose(&self, guest: usize) -> usize {
        let Some(guest) = self.guests.get(guest) else { return 0 };
        let tasks = |instance: &Option<Instance>| instance.as_ref().map_or(0, Instance::tasks);
        let instances = guest.instances.iter().zip(&guest.spent).enumerate();
        instances
            .filter(|(_, (_, spent))| !**spent)
            .min_by_key(|(_, (instance, _))| tasks(instance))
            .map_or(0, |(index, _)| index)
    }

    #[expect(clippy::too_many_arguments, reason = "each is a part of the call")]
    fn start_at(
        &mut self,
        place: Place,
        function: u32,
        stream: Option<u32>,
        values: &Checked<'_>,
        ticket: u32,
        timeout: Option<Duration>,
        encoder: &mut Encoder,
        turn: &mut Turn,
    ) -> Result<Started, Halt> {
        self.core.release();
        if self.instance(place).is_none()
            && let Err(why) = self.start_instance(place, turn)?
        {
            self.core.to_release.extend(values.functions());
            return Ok(Started::Ended(self.core.raise(encoder, &why)));
        }
        if let Some(why) = self.refusal(place, values) {
            self.core.to_release.extend(values.functions());
            return Ok(Started::Ended(self.refuse((place.guest, function), &why, encoder)));
        }
        if self.core.tasks.len() >= MAX_TASKS {
            self.core.to_release.extend(values.functions());
            let why = format!("more than {MAX_TASKS} calls into Go guests are under way");
            return Ok(Started::Ended(self.core.raise(encoder, &why)));
        }
        let id = self.core.next_task();
        let number = self.core.recorder.number();
        let guest = Arc::clone(&self.guests[place.guest].granted.name);
        let mut task = Task::new(place, number, guest, ticket);
        task.stream = stream;
        task.handles.extend(values.functions());
        if self.core.recorder.is_on() {
            let functions = &self.guests[place.guest].functions;
            let name = functions.get(function as usize).map_or("next", |f| f.name.as_str());
            task.start(&mut self.core.recorder, turn.now, name);
        }
        // The sandbox's own deadline is told to the guest, too.
        let left = turn.entry.deadline.map(|(at, _)| at.saturating_duration_since(Instant::now()));
        let told = timeout.into_iter().chain(left).min();
        task.deadline = timeout.and_then(|left| Instant::now().checked_add(left));
        let most = self.core.parts.transfer.bytes;
        if let Some(Instance::Worker(worker)) = self.instance(place) {
            if !worker.has_room(values.size() as u64, most) {
                let why = format!(
                    "more than {most} bytes wait for workers to take them (limit value_bytes)"
                );
                task.ticket = None;
                self.core.finish(task, DoneStatus::Error, None, turn.now);
                return Ok(Started::Ended(self.core.raise(encoder, &why)));
            }
            let values = values.to_parcel();
            let entry = turn.entry;
            worker.send(Request::Start { task: id, function, values, timeout: told, entry });
            worker.tasks += 1;
            self.keep(id, task, turn.now);
            return Ok(Started::Waiting);
        }
        if let (Some(deadline), Some(local)) = (task.deadline, self.local(place)) {
            local.deadlines.insert((deadline, id));
        }
        let entered = self.enter(place, turn, |guest| {
            let (count, len) = put(guest, values)?;
            guest.start_task(id, function, count, len, told)
        });
        let entered = match entered {
            Ok(entered) => entered,
            Err(halt) => {
                // The sandbox is over, and the task is in no list that ends with it.
                task.ticket = None;
                self.core.finish(task, DoneStatus::Dead, None, turn.now);
                return Err(halt);
            }
        };
        let Some(events) = entered else {
            // It died of it.
            task.ticket = None;
            self.core.finish(task, DoneStatus::Dead, None, turn.now);
            let ended = self.core.raise_dead(encoder, &self.guests[place.guest].dead);
            return Ok(Started::Ended(ended));
        };
        if events == 1
            && let Some(ended) = self.ended_at_once(place, id, &mut task, encoder)
        {
            if let (Some(deadline), Some(local)) = (task.deadline, self.local(place)) {
                local.deadlines.remove(&(deadline, id));
            }
            let status = if ended.is_error { DoneStatus::Error } else { DoneStatus::Ok };
            task.ticket = None;
            self.core.finish(task, status, None, turn.now);
            return Ok(Started::Ended(ended));
        }
        if let Some(instance) = self.instance(place) {
            *instance.tasks_mut() += 1;
        }
        self.keep(id, task, turn.now);
        self.take_events(place, events, turn)?;
        // It may be done now, together with others.
        Ok(match self.core.take_reply(ticket, encoder, turn.now) {
            Some(ended) => Started::Ended(ended),
            None => Started::Waiting,
        })
    }

    fn keep(&mut self, id: u32, mut task: Task, now: Duration) {
        task.pause(&mut self.core.recorder, now, WaitsFor::Goroutines);
        self.core.recorder.will_wait(WaitsFor::Call(task.number));
        if let Some(ticket) = task.ticket {
            self.core.by_ticket.insert(ticket, id);
        }
        self.core.tasks.insert(id, task);
    }

    /// Reads the results if the only thing that happened is that the task ended, the
    /// shortest way that a call can go.
    fn ended_at_once(
        &mut self,
        place: Place,
        id: u32,
        task: &mut Task,
        encoder: &mut Encoder,
    ) -> Option<Ended> {
        let guest = self.guests.get_mut(place.guest)?;
        let Some(Instance::Local(local)) = guest.instances.get_mut(place.instance)? else {
            return None;
        };
        let event = local.guest.event(0)?;
        if event.kind != EventKind::Done || event.task != id {
            return None;
        }
        let values = values_of(&mut local.guest, &event, &self.core.parts.transfer).ok()?.ok()?;
        let status = Status::new(event.number)?;
        if values.streams().next().is_some() {
            return None;
        }
        let handles = &task.handles;
        let rules = &self.core.parts.encode;
        encoder.transfer(rules, &values, |id| handles.contains(&id), |_| 0).ok()?;
        let ended = Ended { count: values.count, is_error: !status.is_ok() };
        if let Some(stream) = task.stream
            && (ended.count == 0 || ended.is_error)
        {
            self.core.streams.remove(stream);
        }
        Some(ended)
    }

    /// Lua does not wait any more for what it has a ticket of.
    pub fn abandon(
        &mut self,
        ticket: u32,
        kind: CancelKind,
        reason: Option<&str>,
        turn: &mut Turn,
    ) -> Result<(), Halt> {
        self.core.timers.remove(ticket);
        self.core.acknowledge(ticket, turn.now);
        match self.core.by_ticket.get(&ticket) {
            Some(&id) => self.ask(id, kind, reason, turn),
            None => Ok(()),
        }
    }

    /// Has a task end.
    pub(super) fn ask(
        &mut self,
        id: u32,
        kind: CancelKind,
        reason: Option<&str>,
        turn: &mut Turn,
    ) -> Result<(), Halt> {
        let Some(task) = self.core.tasks.get_mut(&id) else { return Ok(()) };
        if let Some(ticket) = task.ticket.take() {
            self.core.by_ticket.remove(&ticket);
        }
        if task.asked.is_some() {
            return Ok(());
        }
        let status = match kind {
            CancelKind::TimedOut => DoneStatus::TimedOut,
            _ => DoneStatus::Cancelled,
        };
        task.asked = Some((status, turn.now));
        let place = task.place;
        self.core.asked += 1;
        let reason = reason.map(Parcel::string);
        if let Some(Instance::Worker(worker)) = self.instance(place) {
            worker.send(Request::Cancel { task: id, kind, reason });
            return Ok(());
        }
        let events = self.enter(place, turn, |guest| {
            let (count, len) = match &reason {
                Some(reason) => put(guest, &reason.checked())?,
                None => (0, 0),
            };
            guest.cancel(id, kind, count, len)
        })?;
        self.take_events(place, events.unwrap_or(0), turn)
    }

    /// Answers a call with why what Lua gave cannot be passed on.
    pub fn answer_error(&mut self, call: u32, why: &str, turn: &mut Turn) -> Result<(), Halt> {
        let error = Parcel::error(&[&format!("what Lua gave cannot be passed on: {why}")], None);
        self.answer(call, true, &error.checked(), turn)
    }

    /// Writes an error of a few words.
    pub fn raise(&self, encoder: &mut Encoder, message: &str) -> Ended {
        self.core.raise(encoder, message)
    }

    /// Writes why a function was not called.
    pub fn refuse(&self, id: (usize, u32), why: &str, encoder: &mut Encoder) -> Ended {
        let name = self.function_name(id.0, id.1);
        self.core.raise(encoder, &format!("bad arguments to '{name}': {why}"))
    }

    /// Lua has taken the results of a task, or does not want them.
    pub fn acknowledge(&mut self, ticket: u32, now: Duration) {
        self.core.acknowledge(ticket, now);
    }

    pub fn drop_stream(&mut self, stream: u32, turn: &mut Turn) -> Result<(), Halt> {
        let Some(open) = self.core.streams.remove(stream) else { return Ok(()) };
        if let Some(Instance::Worker(worker)) = self.instance(open.place) {
            worker.send(Request::DropStream(open.id));
            return Ok(());
        }
        let events = self.enter(open.place, turn, |guest| guest.drop_stream(open.id))?;
        self.take_events(open.place, events.unwrap_or(0), turn)
    }

    /// Lua has answered a call of a Go guest.
    pub fn answer(
        &mut self,
        call: u32,
        is_error: bool,
        values: &Checked<'_>,
        turn: &mut Turn,
    ) -> Result<(), Halt> {
        let Some(call) = self.core.remove_call(call) else {
            self.core.to_release.extend(values.functions());
            return Ok(());
        };
        match self.core.tasks.get_mut(&call.task) {
            Some(task) => {
                task.handles.extend(values.functions());
                task.resume(&mut self.core.recorder, turn.now, 0);
            }
            None => self.core.to_release.extend(values.functions()),
        }
        self.deliver(call.place, call.number, is_error, values, turn)?;
        if let Some(task) = self.core.tasks.get_mut(&call.task) {
            task.pause(&mut self.core.recorder, turn.now, WaitsFor::Goroutines);
        }
        Ok(())
    }

    pub(super) fn deliver(
        &mut self,
        place: Place,
        call: u32,
        is_error: bool,
        values: &Checked<'_>,
        turn: &mut Turn,
    ) -> Result<(), Halt> {
        if let Some(why) = self.refusal(place, values) {
            let error = Parcel::error(&[&why], None);
            return self.deliver(place, call, true, &error.checked(), turn);
        }
        let most = self.core.parts.transfer.bytes;
        if let Some(Instance::Worker(worker)) = self.instance(place) {
            let has_room = worker.has_room(values.size() as u64, most);
            let refusal = "too many bytes wait for the worker to take them (limit value_bytes)";
            let values = match has_room {
                true => values.to_parcel(),
                false => Parcel::error(&[refusal], None),
            };
            let is_error = is_error || !has_room;
            worker.send(Request::Deliver { call, is_error, values });
            return Ok(());
        }
        let events = self.enter(place, turn, |guest| {
            let (count, len) = put(guest, values)?;
            guest.deliver(call, is_error, count, len)
        })?;
        self.take_events(place, events.unwrap_or(0), turn)
    }
}

impl super::scheduler::Core {
    /// Writes an error of a few words.
    pub(super) fn raise(&self, encoder: &mut Encoder, message: &str) -> Ended {
        encoder.clear();
        let parcel = Parcel::error(&[message], None);
        let rules: &EncodeRules = &self.parts.encode;
        let written = encoder.transfer(rules, &parcel.checked(), |_| false, |_| 0);
        Ended { count: u32::from(written.is_ok()), is_error: true }
    }

    pub(super) fn raise_dead(&self, encoder: &mut Encoder, why: &Option<String>) -> Ended {
        let why = why.as_deref().or(self.last_death.as_deref());
        self.raise(encoder, why.unwrap_or("the Go guest has died"))
    }
}
