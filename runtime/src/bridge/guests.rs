//! The Go guests of a sandbox, and their instances.

use super::instance::Instance;
use super::instance_id::InstanceId;
use super::local::Local;
use super::runner::Runner;
use crate::go::guest::GoFunction;
use crate::go::module::GoModule;
use crate::grants::go_grant::{GoGrant, Restart};
use crate::outcome::GuestUsage;
use std::collections::HashMap;
use std::sync::Arc;

/// A Go guest that a sandbox was granted.
#[derive(Debug, Clone)]
pub(crate) struct Granted {
    pub name: Arc<str>,
    pub module: GoModule,
    pub grant: GoGrant,
}

/// A Go guest with its instances, which are started when they are first needed.
struct Guest {
    granted: Granted,
    instances: Vec<Option<Instance>>,
    functions: Arc<[GoFunction]>,
    /// Which instances have died, and are not to be started again.
    spent: Vec<bool>,
    /// Why it cannot be used any more.
    dead: Option<String>,
}

impl Guest {
    fn least_busy(&self) -> usize {
        let tasks =
            |instance: &Option<Instance>| instance.as_ref().map_or(0, |one| one.runner().tasks());
        let instances = self.instances.iter().zip(&self.spent).enumerate();
        instances
            .filter(|(_, (_, spent))| !**spent)
            .min_by_key(|(_, (instance, _))| tasks(instance))
            .map_or(0, |(index, _)| index)
    }
}

pub(super) struct Guests {
    list: Vec<Guest>,
    /// Where each worker is, by its number.
    workers: HashMap<u64, InstanceId>,
    last_worker: u64,
    /// Why one died last.
    last_exit: Option<String>,
}

impl Guests {
    pub fn new(granted: &[Granted]) -> Guests {
        let guest = |granted: &Granted| Guest {
            granted: granted.clone(),
            instances: (0..granted.grant.workers.max(1)).map(|_| None).collect(),
            functions: Arc::new([]),
            spent: vec![false; granted.grant.workers.max(1) as usize],
            dead: None,
        };
        Guests {
            list: granted.iter().map(guest).collect(),
            workers: HashMap::new(),
            last_worker: 0,
            last_exit: None,
        }
    }

    pub fn find(&self, name: &[u8]) -> Option<usize> {
        self.list.iter().position(|guest| guest.granted.name.as_bytes() == name)
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn granted(&self, guest: usize) -> Option<&Granted> {
        self.list.get(guest).map(|guest| &guest.granted)
    }

    /// What a guest is called, for messages.
    pub fn name(&self, guest: usize) -> &str {
        self.granted(guest).map_or("?", |granted| &granted.name)
    }

    /// The functions of a guest that has been started.
    pub fn functions(&self, guest: usize) -> &[GoFunction] {
        self.list.get(guest).map_or(&[], |guest| &guest.functions)
    }

    /// The name of a function, for messages.
    pub fn function_name(&self, guest: usize, function: u32) -> String {
        let function = self.functions(guest).get(function as usize);
        let function = function.map_or("?", |function| function.name.as_str());
        match self.granted(guest) {
            Some(granted) => format!("{}.{function}", granted.name),
            None => "?".to_string(),
        }
    }

    /// All instances that there are, where they are.
    pub fn instance_ids(&self) -> Vec<InstanceId> {
        let all = self.list.iter().enumerate().flat_map(|(guest, of)| {
            let there = of.instances.iter().enumerate().filter(|(_, instance)| instance.is_some());
            there.map(move |(instance, _)| InstanceId { guest, instance })
        });
        all.collect()
    }

    pub fn runners(&self) -> impl Iterator<Item = &dyn Runner> + Clone {
        self.list.iter().flat_map(|guest| &guest.instances).flatten().map(Instance::runner)
    }

    #[inline]
    pub fn instance(&mut self, instance: InstanceId) -> Option<&mut Instance> {
        self.list.get_mut(instance.guest)?.instances.get_mut(instance.instance)?.as_mut()
    }

    #[inline]
    pub fn runner(&mut self, instance: InstanceId) -> Option<&mut dyn Runner> {
        self.instance(instance).map(Instance::runner_mut)
    }

    /// An instance that runs on the thread of the sandbox.
    #[inline]
    pub fn local(&mut self, instance: InstanceId) -> Option<&mut Local> {
        self.instance(instance)?.local()
    }

    /// An instance that runs on the thread of the sandbox, and what was granted to it.
    pub fn local_with_grant(&mut self, instance: InstanceId) -> Option<(&mut Local, &Granted)> {
        let guest = self.list.get_mut(instance.guest)?;
        let local = guest.instances.get_mut(instance.instance)?.as_mut()?.local()?;
        Some((local, &guest.granted))
    }

    /// Where a worker is.
    pub fn instance_of_worker(&self, worker: u64) -> Option<InstanceId> {
        self.workers.get(&worker).copied()
    }

    /// A number for a new worker.
    pub fn next_worker(&mut self) -> u64 {
        self.last_worker += 1;
        self.last_worker
    }

    /// The instance of a guest that has the least to do.
    pub fn choose(&self, guest: usize) -> InstanceId {
        let instance = self.list.get(guest).map_or(0, Guest::least_busy);
        InstanceId { guest, instance }
    }

    /// An instance has been started.
    pub fn add(&mut self, id: InstanceId, instance: Instance, functions: Vec<GoFunction>) {
        if let Instance::Worker(worker) = &instance {
            self.workers.insert(worker.id, id);
        }
        let Some(guest) = self.list.get_mut(id.guest) else { return };
        if guest.functions.is_empty() {
            guest.functions = functions.into();
        }
        if let Some(runner) = guest.instances.get_mut(id.instance) {
            *runner = Some(instance);
        }
    }

    /// An instance could not be started.
    pub fn note_failed_start(&mut self, guest: usize, why: &str) {
        if let Some(guest) = self.list.get_mut(guest)
            && guest.granted.grant.restart == Restart::Never
        {
            guest.dead = Some(why.to_string());
        }
    }

    /// Takes an instance out that is gone; false if there was none.
    pub fn remove(&mut self, id: InstanceId, why: &str) -> bool {
        let Some(guest) = self.list.get_mut(id.guest) else { return false };
        let Some(instance) = guest.instances.get_mut(id.instance).and_then(Option::take) else {
            return false;
        };
        if let Instance::Worker(worker) = &instance {
            self.workers.remove(&worker.id);
        }
        drop(instance);
        if guest.granted.grant.restart == Restart::Never {
            if let Some(spent) = guest.spent.get_mut(id.instance) {
                *spent = true;
            }
            if guest.spent.iter().all(|spent| *spent) {
                guest.dead = Some(why.to_string());
            }
        }
        self.last_exit = Some(why.to_string());
        true
    }

    /// Why a guest cannot be used any more, if it cannot.
    pub fn dead(&self, guest: usize) -> Option<&str> {
        self.list.get(guest)?.dead.as_deref()
    }

    /// Why a guest died that was asked for something just now.
    pub fn why_dead(&self, guest: usize) -> &str {
        self.dead(guest).or(self.last_exit.as_deref()).unwrap_or("the Go guest has died")
    }

    /// What a guest has and had.
    pub fn usage(&self, name: &str) -> Option<GuestUsage> {
        let guest = self.list.iter().find(|guest| *guest.granted.name == *name)?;
        let mut usage = GuestUsage::default();
        for instance in guest.instances.iter().flatten() {
            let one = instance.runner().usage();
            usage.instances += one.instances;
            usage.peak_memory += one.peak_memory;
            usage.goroutines += one.goroutines;
            usage.tasks += one.tasks;
        }
        (usage.instances > 0).then_some(usage)
    }
}
