//! Go guests are started when Lua first asks for one.

use super::instance::Instance;
use super::instance_id::InstanceId;
use super::local::Local;
use super::scheduler::Bridge;
use super::turn::Turn;
use super::worker::Worker;
use super::worker_thread::Plan;
use super::{MAX_FUNCTIONS, function_id};
use crate::frame::encoder::Encoder;
use crate::frame::rules::EncodeRules;
use crate::go::guest::{Environment, Exit, GoFunction, GoGuest};
use crate::host::interrupt::Halt;
use luago_abi::lua::function::ASYNC;
use std::sync::Arc;

impl Bridge {
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        self.guests.find(name)
    }

    /// What a guest calls one of its functions, once it has been started.
    pub fn name_of(&self, guest: usize, function: u32) -> Option<&str> {
        let function = self.guests.functions(guest).get(function as usize)?;
        Some(&function.name)
    }

    /// Writes the functions of a guest as a table, after it has been started.
    pub fn open(
        &mut self,
        guest: usize,
        turn: &mut Turn,
        rules: &EncodeRules,
        encoder: &mut Encoder,
    ) -> Result<Result<(), String>, Halt> {
        if let Err(why) = self.start_instance(InstanceId { guest, instance: 0 }, turn)? {
            return Ok(Err(why));
        }
        let granted = self.guests.granted(guest);
        let has_workers = granted.is_some_and(|granted| granted.grant.workers > 0);
        let functions = self.guests.functions(guest).iter().enumerate().map(|(index, function)| {
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
        instance: InstanceId,
        turn: &mut Turn,
    ) -> Result<Result<(), String>, Halt> {
        let Some(granted) = self.guests.granted(instance.guest) else {
            return Ok(Err("there is no such Go guest".to_string()));
        };
        if let Some(why) = self.guests.dead(instance.guest) {
            let remedy = "grant it a restart on failure to have it started again";
            return Ok(Err(format!("{why} ({remedy})")));
        }
        let has_workers = granted.grant.workers > 0;
        if self.guests.instance(instance).is_some() {
            return Ok(Ok(()));
        }
        let started = match has_workers {
            true => self.start_worker(instance, turn),
            false => self.start_local(instance, turn),
        };
        let (started, functions) = match started {
            Ok(started) => started,
            Err(Exit::Sandbox(halt)) => return Err(halt),
            Err(Exit::Guest(why)) => {
                self.guests.note_failed_start(instance.guest, &why);
                return Ok(Err(why));
            }
        };
        if functions.len() > MAX_FUNCTIONS {
            let name = self.guests.name(instance.guest);
            return Ok(Err(format!(
                "the Go guest '{name}' has more than {MAX_FUNCTIONS} functions"
            )));
        }
        self.guests.add(instance, started, functions);
        Ok(Ok(()))
    }

    fn start_local(
        &mut self,
        instance: InstanceId,
        turn: &mut Turn,
    ) -> Result<(Instance, Vec<GoFunction>), Exit> {
        let granted = self.granted_at(instance)?;
        let parts = &self.core.parts;
        let inbox = Arc::clone(&self.core.inbox);
        let environment = Environment {
            interrupt: parts.interrupt.clone(),
            ticker: Arc::clone(&parts.ticker),
            deterministic: parts.deterministic,
            metered: parts.is_metered,
            sharing: parts.engine.sharing,
            budget: Arc::clone(&parts.budget),
            room: parts.room.clone(),
            notify: Arc::new(move |call| inbox.wake_go(instance, call)),
        };
        let mut guest = GoGuest::start(
            &parts.engine,
            &granted.module,
            &granted.name,
            &granted.grant,
            environment,
            &turn.entry,
        )?;
        guest.set_traced(self.core.recorder.is_on());
        let functions = guest.take_functions();
        let mut local = Local::new(guest);
        self.core.settle_start(&mut local, turn);
        Ok((Instance::Local(Box::new(local)), functions))
    }

    fn start_worker(
        &mut self,
        instance: InstanceId,
        turn: &Turn,
    ) -> Result<(Instance, Vec<GoFunction>), Exit> {
        let granted = self.granted_at(instance)?.clone();
        let parts = &self.core.parts;
        let plan = Plan {
            engine: parts.engine.clone(),
            module: granted.module,
            name: granted.name,
            grant: granted.grant,
            ticker: Arc::clone(&parts.ticker),
            budget: Arc::clone(&parts.budget),
            room: parts.room.clone(),
            rules: parts.transfer,
            is_traced: self.core.recorder.is_on(),
        };
        let id = self.guests.next_worker();
        let inbox = Arc::clone(&self.core.inbox);
        let (worker, functions) = Worker::start(id, plan, turn.entry, inbox, &parts.interrupt)?;
        Ok((Instance::Worker(worker), functions))
    }

    fn granted_at(&self, instance: InstanceId) -> Result<&super::guests::Granted, Exit> {
        let granted = self.guests.granted(instance.guest);
        granted.ok_or_else(|| Exit::Guest("there is no such Go guest".to_string()))
    }
}
