//! How tasks and guests end other than by themselves.

use super::event::DoneStatus;
use super::instance::Instance;
use super::scheduler::{Bridge, Turn};
use super::task::{Place, Task};
use super::worker::Request;
use crate::frame::transfer::Parcel;
use crate::go::grant::Restart;
use crate::go::guest::{CancelKind, GoGuest};
use crate::stopping::Halt;
use std::sync::Arc;
use std::time::{Duration, Instant};

impl Bridge {
    /// Ends the guests that have tasks, since nothing is ever to happen in them.
    pub fn end_stuck(&mut self, now: Duration) {
        let mut places: Vec<Place> = self.core.tasks.values().map(|task| task.place).collect();
        places.sort_unstable_by_key(|place| (place.guest, place.instance));
        places.dedup();
        for place in places {
            let name = self.guests.get(place.guest).map_or("?", |guest| &guest.granted.name);
            let why = format!(
                "the Go guest '{name}' is in a deadlock: all its goroutines wait, and nothing is \
                 left that could wake one"
            );
            self.die(place, &why, now);
        }
    }

    /// Tasks that were asked to end and have had time enough are not waited for.
    pub(super) fn give_up_leaked(&mut self, turn: &Turn) {
        let late = |task: &Task| {
            let grace = self.guests.get(task.place.guest).map(|guest| guest.granted.grant.grace);
            task.asked
                .is_some_and(|(_, at)| turn.now >= at.saturating_add(grace.unwrap_or_default()))
        };
        let mut leaked: Vec<u32> =
            self.core.tasks.iter().filter(|(_, task)| late(task)).map(|(id, _)| *id).collect();
        leaked.sort_unstable();
        for id in leaked {
            let Some(task) = self.remove_task(id) else { continue };
            self.core.leaked += 1;
            tracing::warn!(guest = %task.guest, task = task.number, "a cancelled goroutine goes on");
            self.core.finish(task, DoneStatus::Leaked, None, turn.now);
        }
    }

    /// Takes a task out of all lists but that of who waits for it.
    pub(super) fn remove_task(&mut self, id: u32) -> Option<Task> {
        let task = self.core.tasks.remove(&id)?;
        if task.asked.is_some() {
            self.core.asked -= 1;
        }
        if let Some(instance) = self.instance(task.place) {
            let tasks = instance.tasks_mut();
            *tasks = tasks.saturating_sub(1);
            if let (Instance::Local(local), Some(deadline)) = (instance, task.deadline) {
                local.deadlines.remove(&(deadline, id));
            }
        }
        Some(task)
    }

    /// An instance is gone: all that it had to do has failed.
    pub(super) fn die(&mut self, place: Place, why: &str, now: Duration) {
        let Some(guest) = self.guests.get_mut(place.guest) else { return };
        let Some(Some(instance)) = guest.instances.get_mut(place.instance).map(Option::take) else {
            return;
        };
        let name = Arc::clone(&guest.granted.name);
        tracing::warn!(guest = %name, "the Go guest has died: {why}");
        if let Instance::Worker(worker) = &instance {
            self.core.workers.remove(&worker.id);
        }
        drop(instance);
        let message = why.to_string();
        if guest.granted.grant.restart == Restart::Never {
            if let Some(spent) = guest.spent.get_mut(place.instance) {
                *spent = true;
            }
            if guest.spent.iter().all(|spent| *spent) {
                guest.dead = Some(message.clone());
            }
        }
        let error = Parcel::error(&[&message], None);
        self.core.last_death = Some(message);
        let tasks = self.core.tasks.iter().filter(|(_, task)| task.place == place);
        let mut ids: Vec<u32> = tasks.map(|(id, _)| *id).collect();
        ids.sort_unstable();
        for id in ids {
            if let Some(task) = self.remove_task(id) {
                self.core.finish(task, DoneStatus::Dead, Some(&error), now);
            }
        }
        self.core.streams.cut_off(place, why);
        let calls = self.core.calls.iter().filter(|(_, call)| call.place == place);
        let mut calls: Vec<u32> = calls.map(|(number, _)| *number).collect();
        calls.sort_unstable();
        calls.into_iter().for_each(|number| self.core.forget_call(number));
    }

    /// Has everything end that is under way: the call of Lua that it belongs to has failed,
    /// or the sandbox closes.
    pub fn cancel_all(&mut self, kind: CancelKind, turn: &mut Turn) -> Result<(), Halt> {
        self.core.timers.clear();
        self.core.outgoing.clear();
        let calls: Vec<u32> = self.core.calls.keys().copied().collect();
        calls.into_iter().for_each(|number| self.core.forget_call(number));
        self.core.outgoing.clear();
        let mut ids: Vec<u32> = self.core.tasks.keys().copied().collect();
        ids.sort_unstable();
        for id in ids {
            self.ask(id, kind, None, turn)?;
        }
        let acknowledged: Vec<u32> = self.core.unacknowledged.keys().copied().collect();
        acknowledged.into_iter().for_each(|ticket| self.core.acknowledge(ticket, turn.now));
        Ok(())
    }

    /// Ends all guests: their tasks are cancelled, and have a while to return.
    pub fn close(&mut self, turn: &mut Turn, now: impl Fn() -> Duration) -> Result<(), Halt> {
        self.cancel_all(CancelKind::Closing, turn)?;
        let graces = self.guests.iter().map(|guest| guest.granted.grant.grace);
        let patience = graces.max().unwrap_or_default();
        // Without an end if that is beyond what the clock can show.
        let until = Instant::now().checked_add(patience);
        for guest in 0..self.guests.len() {
            self.enter(Place { guest, instance: 0 }, turn, GoGuest::close)?;
        }
        for instance in self.guests.iter_mut().flat_map(|guest| &mut guest.instances).flatten() {
            if let Instance::Worker(worker) = instance {
                worker.send(Request::Close);
            }
        }
        while !self.core.tasks.is_empty() && until.is_none_or(|at| Instant::now() < at) {
            turn.now = now();
            self.advance(turn)?;
            if !self.is_busy() && !self.core.tasks.is_empty() {
                std::thread::sleep(Duration::from_millis(1));
                for guest in 0..self.guests.len() {
                    if let Some(local) = self.local(Place { guest, instance: 0 }) {
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
        for guest in 0..self.guests.len() {
            for instance in 0..self.guests[guest].instances.len() {
                self.die(Place { guest, instance }, "the sandbox of the Go guest is over", now);
            }
        }
        self.core.recorder.lua_is_over(now);
        let acknowledged: Vec<u32> = self.core.unacknowledged.keys().copied().collect();
        acknowledged.into_iter().for_each(|ticket| self.core.acknowledge(ticket, now));
    }
}
