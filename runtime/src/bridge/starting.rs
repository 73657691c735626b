//! Go guests are started when Lua first asks for one.

use super::instance::{Instance, Local};
use super::scheduler::{Bridge, Turn};
use super::task::Place;
use super::worker::{Plan, Worker};
use super::{MAX_FUNCTIONS, function_id};
use crate::frame::encode::{EncodeRules, Encoder};
use crate::go::grant::Restart;
use crate::go::guest::{Death, GoFunction, GoGuest, Surroundings};
use crate::stopping::Halt;
use std::sync::Arc;

/// That Lua is to wait for a function as for an asynchronous one.
const ASYNC: u32 = 1;

impl Bridge {
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        self.guests.iter().position(|guest| guest.granted.name.as_bytes() == name)
    }

    /// Writes the functions of a guest as a table, after it has been started.
    pub fn open(
        &mut self,
        guest: usize,
        turn: &mut Turn,
        rules: &EncodeRules,
        encoder: &mut Encoder,
    ) -> Result<Result<(), String>, Halt> {
        if let Err(why) = self.start_instance(Place { guest, instance: 0 }, turn)? {
            return Ok(Err(why));
        }
        let guest_ = &self.guests[guest];
        let has_workers = guest_.granted.grant.workers > 0;
        let functions = guest_.functions.iter().enumerate().map(|(index, function)| {
            let is_direct = function.is_non_blocking && !has_workers;
            let kind = if is_direct { 0 } else { ASYNC };
            (function.name.as_str(), function_id(guest, index), kind)
        });
        let written = encoder.functions(rules, functions);
        Ok(written.map_err(|error| error.message().to_string()))
    }

    /// Sees to it that an instance runs; why it cannot.
    pub(super) fn start_instance(
        &mut self,
        place: Place,
        turn: &mut Turn,
    ) -> Result<Result<(), String>, Halt> {
        let Some(guest) = self.guests.get_mut(place.guest) else {
            return Ok(Err("there is no such Go guest".to_string()));
        };
        if let Some(why) = &guest.dead {
            let remedy = "grant it a restart on failure to have it started again";
            return Ok(Err(format!("{why} ({remedy})")));
        }
        if guest.instances.get(place.instance).is_some_and(Option::is_some) {
            return Ok(Ok(()));
        }
        let granted = guest.granted.clone();
        let started = if granted.grant.workers > 0 {
            self.start_worker(place, turn)
        } else {
            self.start_local(place, turn)
        };
        let (instance, functions) = match started {
            Ok(started) => started,
            Err(Death::Sandbox(halt)) => return Err(halt),
            Err(Death::Guest(why)) => {
                if granted.grant.restart == Restart::Never {
                    self.guests[place.guest].dead = Some(why.clone());
                }
                return Ok(Err(why));
            }
        };
        let guest = &mut self.guests[place.guest];
        if functions.len() > MAX_FUNCTIONS {
            return Ok(Err(format!(
                "the Go guest '{}' has more than {MAX_FUNCTIONS} functions",
                granted.name
            )));
        }
        if guest.functions.is_empty() {
            guest.functions = functions.into();
        }
        guest.instances[place.instance] = Some(instance);
        Ok(Ok(()))
    }

    fn start_local(
        &mut self,
        place: Place,
        turn: &mut Turn,
    ) -> Result<(Instance, Vec<GoFunction>), Death> {
        let parts = &self.core.parts;
        let granted = &self.guests[place.guest].granted;
        let inbox = Arc::clone(&self.core.inbox);
        let surroundings = Surroundings {
            interrupt: parts.interrupt.clone(),
            ticker: Arc::clone(&parts.ticker),
            deterministic: parts.deterministic,
            metered: parts.is_metered,
            sharing: parts.engine.sharing(),
            budget: Arc::clone(&parts.budget),
            notify: Arc::new(move |call| inbox.wake_go(place, call)),
        };
        let mut guest = GoGuest::start(
            &parts.engine,
            &granted.module,
            &granted.name,
            &granted.grant,
            surroundings,
            &turn.entry,
        )?;
        guest.set_traced(self.core.recorder.is_on());
        if let Some(fuel) = &mut turn.entry.fuel {
            let used = guest.fuel_used();
            *fuel = fuel.saturating_sub(used);
            self.core.fuel += used;
        }
        let functions = guest.take_functions();
        Ok((Instance::Local(Box::new(Local::new(guest))), functions))
    }

    fn start_worker(
        &mut self,
        place: Place,
        turn: &Turn,
    ) -> Result<(Instance, Vec<GoFunction>), Death> {
        let parts = &self.core.parts;
        let granted = &self.guests[place.guest].granted;
        let plan = Plan {
            engine: parts.engine.clone(),
            module: granted.module.clone(),
            name: Arc::clone(&granted.name),
            grant: granted.grant.clone(),
            ticker: Arc::clone(&parts.ticker),
            budget: Arc::clone(&parts.budget),
            rules: parts.transfer,
            is_traced: self.core.recorder.is_on(),
        };
        self.core.last_worker += 1;
        let id = self.core.last_worker;
        let inbox = Arc::clone(&self.core.inbox);
        let (worker, functions) = Worker::start(id, plan, turn.entry, inbox)?;
        self.core.workers.insert(id, place);
        Ok((Instance::Worker(worker), functions))
    }
}
