//! Calls into Go guests as tasks: where one runs, that there is room for it, and its start.

use super::event::DoneStatus;
use super::instance_id::InstanceId;
use super::runner::{Request, RequestStatus};
use super::scheduler::{Bridge, Ended, Started};
use super::task::Task;
use super::tasks::MAX_TASKS;
use super::turn::Turn;
use crate::frame::encoder::Encoder;
use crate::frame::owned::OwnedFrame;
use crate::frame::validated::ValidatedFrame;
use crate::host::interrupt::Halt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The number of the function that gives the next value of a stream.
const NEXT_VALUE: u32 = luago_abi::go::function::STREAM_NEXT as u32;

/// A call of Lua that is to be a task.
pub(crate) struct Launch<'a> {
    pub guest: usize,
    pub function: u32,
    pub values: &'a ValidatedFrame<'a>,
    /// By what Lua waits for its end.
    pub call_id: u32,
    /// How long it may take.
    pub timeout: Option<Duration>,
}

/// What is launched, and where.
struct Flight<'a> {
    instance: InstanceId,
    function: u32,
    /// The stream of which it is the next value.
    stream: Option<u32>,
    values: &'a ValidatedFrame<'a>,
    call_id: u32,
    timeout: Option<Duration>,
}

impl Bridge {
    /// Starts a task in a goroutine, which may end at once.
    pub fn launch(
        &mut self,
        launch: &Launch<'_>,
        encoder: &mut Encoder,
        turn: &mut Turn,
    ) -> Result<Started, Halt> {
        let Launch { guest, function, values, call_id, timeout } = *launch;
        let instance = self.guests.choose(guest);
        let flight = Flight { instance, function, stream: None, values, call_id, timeout };
        self.start(&flight, encoder, turn)
    }

    /// Asks for the next value of a stream.
    pub fn next_value(
        &mut self,
        stream: u32,
        call_id: u32,
        timeout: Option<Duration>,
        encoder: &mut Encoder,
        turn: &mut Turn,
    ) -> Result<Started, Halt> {
        let Some(open) = self.core.streams.get(stream) else {
            return Ok(Started::Ended(match self.core.streams.take_cut_off(stream) {
                Some(why) => self.core.raise(encoder, &why),
                None => Ended { count: 0, is_error: false },
            }));
        };
        let values = OwnedFrame::integer(i64::from(open.id));
        let (instance, function, stream) = (open.instance, NEXT_VALUE, Some(stream));
        let values = &values.validated();
        let flight = Flight { instance, function, stream, values, call_id, timeout };
        self.start(&flight, encoder, turn)
    }

    fn start(
        &mut self,
        flight: &Flight<'_>,
        encoder: &mut Encoder,
        turn: &mut Turn,
    ) -> Result<Started, Halt> {
        self.core.accounts.release();
        let mut task = match self.admit(flight, turn)? {
            Ok(task) => task,
            Err(why) => {
                self.core.accounts.give_back(flight.values.functions());
                return Ok(Started::Ended(self.core.raise(encoder, &why)));
            }
        };
        let id = self.core.tasks.next_id();
        self.tell_of_start(flight, &task, turn.now);
        // The sandbox's own deadline is told to the guest, too.
        let left = turn.entry.deadline.map(|(at, _)| at.saturating_duration_since(Instant::now()));
        let told = flight.timeout.into_iter().chain(left).min();
        task.deadline = flight.timeout.and_then(|left| Instant::now().checked_add(left));
        let Flight { instance, function, values, .. } = *flight;
        let deadline = task.deadline;
        let request = Request::Start { task: id, function, values, timeout: told, deadline };
        let asked = match self.ask_only(instance, &request, turn) {
            Ok(asked) => asked,
            Err(halt) => {
                // The sandbox is over, and the task is in no list that ends with it.
                self.core.end_unseen(task, DoneStatus::Dead, turn.now);
                return Err(halt);
            }
        };
        let events = match asked {
            Some(RequestStatus::Events(events)) => events,
            Some(RequestStatus::Sent) => {
                self.core.keep(id, task, turn.now);
                return Ok(Started::Waiting);
            }
            Some(RequestStatus::Full) => {
                self.core.end_unseen(task, DoneStatus::Error, turn.now);
                let why = crate::ledger::Overdrawn.to_string();
                return Ok(Started::Ended(self.core.raise(encoder, &why)));
            }
            None => {
                // It died of it.
                self.core.end_unseen(task, DoneStatus::Dead, turn.now);
                let why = self.guests.why_dead(instance.guest);
                return Ok(Started::Ended(self.core.raise(encoder, why)));
            }
        };
        self.take_events_of_start(id, task, events, encoder, turn)
    }

    /// Sees to it that there is an instance for it, and room; why there is not.
    fn admit(
        &mut self,
        flight: &Flight<'_>,
        turn: &mut Turn,
    ) -> Result<Result<Task, String>, Halt> {
        let Flight { instance, function, values, .. } = *flight;
        if self.guests.instance(instance).is_none()
            && let Err(why) = self.start_instance(instance, turn)?
        {
            return Ok(Err(why));
        }
        if let Some(why) = self.cannot_take(instance, values) {
            let name = self.guests.function_name(instance.guest, function);
            return Ok(Err(format!("bad arguments to '{name}': {why}")));
        }
        if self.core.tasks.is_full() {
            return Ok(Err(format!("more than {MAX_TASKS} calls into Go guests are under way")));
        }
        let Some(granted) = self.guests.granted(instance.guest) else {
            return Ok(Err("there is no such Go guest".to_string()));
        };
        let (name, number) = (Arc::clone(&granted.name), self.core.recorder.number());
        let task = Task::new(instance, number, name, flight.call_id, &self.core.parts.ledger);
        let task = task.and_then(|mut task| {
            task.stream = flight.stream;
            task.pass(values.functions()).map(|()| task)
        });
        Ok(task.map_err(|overdrawn| overdrawn.to_string()))
    }

    fn tell_of_start(&mut self, flight: &Flight<'_>, task: &Task, now: Duration) {
        if self.core.recorder.is_on() {
            let functions = self.guests.functions(flight.instance.guest);
            let function = functions.get(flight.function as usize);
            let name = function.map_or("next", |function| function.name.as_str());
            task.start(&mut self.core.recorder, now, name);
        }
    }
}
