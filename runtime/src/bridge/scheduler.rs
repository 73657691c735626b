//! The bridge of one sandbox.

use super::instance::{Instance, Local};
use super::recorder::{Recorder, Subscriber};
use super::streams::Streams;
use super::task::{Place, Task};
use super::timers::Timers;
use super::worker::{BUDGET, Inbox, Said};
use crate::engine::Engine;
use crate::frame::encode::EncodeRules;
use crate::frame::transfer::{Parcel, TransferRules};
use crate::function::Owner;
use crate::go::grant::GoGrant;
use crate::go::guest::{Death, Entry, GoFunction, GoGuest};
use crate::go::module::GoModule;
use crate::go::output::Chunks;
use crate::ledger::Ledger;
use crate::outcome::GuestUsage;
use crate::pending::Pending;
use crate::segment::{Attachments, Budget, waits};
use crate::stopping::{Halt, InterruptHandle};
use crate::ticker::Ticker;
use crate::wasi::FileRoom;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// Under which conditions guests are entered now.
pub(crate) struct Turn {
    pub entry: Entry,
    /// What the sandbox's clock shows.
    pub now: Duration,
    /// The number of the sandbox's run, or 0.
    pub run: u64,
}

/// How what was asked of a Go guest went, if it went at once. The values are in the
/// encoder that was passed.
pub(crate) struct Ended {
    pub count: u32,
    pub is_error: bool,
}

/// A call that was started.
pub(crate) enum Started {
    Ended(Ended),
    Waiting,
}

/// What a bridge is made from.
pub(crate) struct Parts {
    pub engine: Engine,
    pub guests: Arc<[Granted]>,
    pub owner: Arc<Owner>,
    pub transfer: TransferRules,
    pub encode: EncodeRules,
    pub pending: Pending,
    pub interrupt: InterruptHandle,
    /// What guests may make of segments.
    pub budget: Arc<Budget>,
    /// What the host keeps for this sandbox.
    pub ledger: Arc<Ledger>,
    /// What its guests may have open.
    pub room: FileRoom,
    pub ticker: Arc<Ticker>,
    pub deterministic: Option<u64>,
    pub is_metered: bool,
    pub subscriber: Option<Subscriber>,
}

/// A Go guest that a sandbox was granted.
#[derive(Debug, Clone)]
pub(crate) struct Granted {
    pub name: Arc<str>,
    pub module: GoModule,
    pub grant: GoGrant,
}

/// The Go guests of one sandbox, and all that is under way between them and Lua.
pub(crate) struct Bridge {
    pub(super) guests: Vec<Guest>,
    pub(super) core: Core,
}

/// A Go guest with its instances, which are started when they are first needed.
pub(super) struct Guest {
    pub granted: Granted,
    pub instances: Vec<Option<Instance>>,
    pub functions: Arc<[GoFunction]>,
    /// Which instances have died, and are not to be started again.
    pub spent: Vec<bool>,
    /// Why it cannot be used any more.
    pub dead: Option<String>,
}

/// What is under way.
pub(super) struct Core {
    pub parts: Parts,
    pub tasks: HashMap<u32, Task>,
    pub by_ticket: HashMap<u32, u32>,
    pub last_task: u32,
    /// What Lua has not taken yet.
    pub outgoing: VecDeque<Outgoing>,
    /// Calls that Lua has not answered yet.
    pub calls: HashMap<u32, Call>,
    pub last_call: u32,
    pub streams: Streams,
    pub recorder: Recorder,
    pub timers: Timers,
    /// Tasks whose results Lua has not taken yet, by their tickets.
    pub unacknowledged: HashMap<u32, Task>,
    /// Functions that Lua can forget once it has taken what it is given now.
    pub to_release: Vec<u32>,
    pub inbox: Arc<Inbox>,
    pub workers: HashMap<u64, Place>,
    pub last_worker: u64,
    pub output: Chunks,
    /// Tasks that were asked to end and have not.
    pub asked: usize,
    pub leaked: u64,
    /// Bytes of values that wait for Lua to take them.
    pub held: u64,
    /// The calls of Lua by the numbers that their guests know them by.
    pub numbers: HashMap<(usize, usize, u32), u32>,
    /// Why a Go guest died last.
    pub last_death: Option<String>,
    /// Fuel that Go guests have used.
    pub fuel: u64,
    /// How far Go guests have turned the virtual clock.
    pub slept: Duration,
}

/// What is for Lua to take.
pub(super) enum Outgoing {
    Call(u32),
    Abandoned(u32),
}

/// A function of Lua that a Go guest has called.
pub(super) struct Call {
    pub place: Place,
    /// Its number in the guest.
    pub number: u32,
    pub task: u32,
    /// The function's handle, or 0 if its name is the first value.
    pub target: u32,
    pub values: Parcel,
    pub is_taken: bool,
}

/// A call of Lua that has been put into its frame.
pub(crate) enum NextCall {
    Call { call: u32, count: u32 },
    Abandoned(u32),
}

impl Bridge {
    pub fn new(parts: Parts) -> Bridge {
        let guest = |granted: &Granted| Guest {
            granted: granted.clone(),
            instances: (0..granted.grant.workers.max(1)).map(|_| None).collect(),
            functions: Arc::new([]),
            spent: vec![false; granted.grant.workers.max(1) as usize],
            dead: None,
        };
        Bridge {
            guests: parts.guests.iter().map(guest).collect(),
            core: Core {
                recorder: Recorder::new(parts.subscriber.clone()),
                parts,
                tasks: HashMap::new(),
                by_ticket: HashMap::new(),
                last_task: 0,
                outgoing: VecDeque::new(),
                calls: HashMap::new(),
                last_call: 0,
                streams: Streams::default(),
                timers: Timers::default(),
                unacknowledged: HashMap::new(),
                to_release: Vec::new(),
                inbox: Arc::default(),
                workers: HashMap::new(),
                last_worker: 0,
                output: Chunks::default(),
                asked: 0,
                leaked: 0,
                held: 0,
                numbers: HashMap::new(),
                last_death: None,
                fuel: 0,
                slept: Duration::ZERO,
            },
        }
    }

    pub fn recorder(&mut self) -> &mut Recorder {
        &mut self.core.recorder
    }

    pub fn timers(&mut self) -> &mut Timers {
        &mut self.core.timers
    }

    pub fn inbox(&self) -> &Arc<Inbox> {
        &self.core.inbox
    }

    /// What Go guests have written and nobody has shown yet.
    pub fn take_output(&mut self) -> Chunks {
        std::mem::take(&mut self.core.output)
    }

    #[inline]
    pub fn has_output(&self) -> bool {
        !self.core.output.is_empty()
    }

    /// Goroutines of cancelled tasks that did not return.
    pub fn leaked(&self) -> u64 {
        self.core.leaked
    }

    /// The fuel that Go guests have used since this was last asked.
    #[inline]
    pub fn take_fuel(&mut self) -> u64 {
        std::mem::take(&mut self.core.fuel)
    }

    /// How far Go guests have turned the virtual clock since this was last asked.
    #[inline]
    pub fn take_slept(&mut self) -> Duration {
        std::mem::take(&mut self.core.slept)
    }

    /// What a guest has and had.
    pub fn usage(&self, name: &str) -> Option<GuestUsage> {
        let guest = self.guests.iter().find(|guest| *guest.granted.name == *name)?;
        let mut usage = GuestUsage::default();
        for instance in guest.instances.iter().flatten() {
            let (peak, goroutines, tasks) = match instance {
                Instance::Local(local) => {
                    let guest = &local.guest;
                    (guest.peak_memory(), guest.goroutines(), u64::from(guest.live()))
                }
                Instance::Worker(worker) => {
                    (worker.peak_memory, worker.goroutines, worker.tasks as u64)
                }
            };
            usage.instances += 1;
            usage.peak_memory += peak;
            usage.goroutines += u64::from(goroutines);
            usage.tasks += tasks;
        }
        (usage.instances > 0).then_some(usage)
    }

    /// The name of a function, for messages.
    pub fn function_name(&self, guest: usize, function: u32) -> String {
        let Some(guest) = self.guests.get(guest) else { return "?".to_string() };
        let function = guest.functions.get(function as usize);
        let name = function.map_or("?", |function| function.name.as_str());
        format!("{}.{name}", guest.granted.name)
    }

    /// Is anything under way that depends on the time?
    #[inline]
    pub fn is_timed(&self) -> bool {
        self.core.asked > 0 || !self.core.tasks.is_empty()
    }

    /// Lets everything get on that can: timers, workers, and guests of this thread.
    pub fn advance(&mut self, turn: &mut Turn) -> Result<(), Halt> {
        self.core.release();
        while let Some(ticket) = self.core.timers.due(turn.now) {
            self.core.parts.pending.announce(ticket);
        }
        while let Some((worker, said)) = self.core.inbox.pop() {
            self.hear(worker, said, turn)?;
        }
        for guest in 0..self.guests.len() {
            self.poll(Place { guest, instance: 0 }, turn)?;
        }
        if self.core.asked > 0 {
            self.give_up_leaked(turn);
        }
        Ok(())
    }

    /// Runs the goroutines of a guest of this thread, if any may be ready.
    fn poll(&mut self, place: Place, turn: &mut Turn) -> Result<(), Halt> {
        let Some(local) = self.local(place) else { return Ok(()) };
        let is_due = local.timer.is_some_and(|at| at <= turn.now);
        if !local.may_run && !is_due {
            return Ok(());
        }
        let Some(polled) = self.enter(place, turn, |guest| guest.poll(Some(BUDGET)))? else {
            return Ok(());
        };
        let now = turn.now;
        if let Some(local) = self.local(place) {
            local.may_run = polled.is_busy || polled.events > 0;
            local.timer = polled.timer.map(|left| now.saturating_add(left));
        }
        self.take_events(place, polled.events, turn)
    }

    /// Takes what a worker has said.
    fn hear(&mut self, worker: u64, said: Said, turn: &mut Turn) -> Result<(), Halt> {
        match said {
            Said::Ready => return Ok(()),
            Said::Woken { place, call } => {
                return self.deliver(place, call, false, &Parcel::default().checked(), turn);
            }
            _ => {}
        }
        let Some(&place) = self.core.workers.get(&worker) else { return Ok(()) };
        match said {
            Said::Ready | Said::Woken { .. } => {}
            Said::Event { event, values } => {
                let refusal = self.take_event(place, event, values.checked(), turn.now);
                if let Some((call, error)) = refusal {
                    self.deliver(place, call, true, &error.checked(), turn)?;
                }
            }
            Said::Output(output) => self.core.output.join(output),
            Said::Idle { handled, woken, is_at_rings, has_timer, goroutines, peak_memory } => {
                if let Some(Instance::Worker(worker)) = self.instance(place) {
                    worker.handled = handled;
                    worker.woken = woken;
                    worker.is_at_rings = is_at_rings;
                    worker.has_timer = has_timer;
                    worker.goroutines = goroutines;
                    worker.peak_memory = peak_memory;
                }
            }
            Said::Died(why) => self.die(place, &why, turn.now),
        }
        Ok(())
    }

    pub(super) fn instance(&mut self, place: Place) -> Option<&mut Instance> {
        self.guests.get_mut(place.guest)?.instances.get_mut(place.instance)?.as_mut()
    }

    pub(super) fn local(&mut self, place: Place) -> Option<&mut Local> {
        match self.instance(place)? {
            Instance::Local(local) => Some(local),
            Instance::Worker(_) => None,
        }
    }

    /// Enters a guest of this thread; nothing if it died of it, or is gone.
    #[inline]
    pub(super) fn enter<T>(
        &mut self,
        place: Place,
        turn: &mut Turn,
        run: impl FnOnce(&mut GoGuest) -> Result<T, Death>,
    ) -> Result<Option<T>, Halt> {
        let guest = self.guests.get_mut(place.guest);
        let instance = guest.and_then(|guest| guest.instances.get_mut(place.instance));
        let Some(Some(Instance::Local(local))) = instance else { return Ok(None) };
        local.prepare(&mut turn.entry, turn.run);
        let result = run(&mut local.guest);
        local.may_run = true;
        if let Some(fuel) = &mut turn.entry.fuel {
            let used = local.guest.fuel_used();
            *fuel = fuel.saturating_sub(used);
            self.core.fuel += used;
            self.core.slept = self.core.slept.saturating_add(local.guest.virtual_advance());
        }
        if local.guest.has_output() {
            self.core.output.join(local.guest.take_output());
        }
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Death::Sandbox(halt)) => Err(halt),
            Err(Death::Guest(why)) => {
                self.die(place, &why, turn.now);
                Ok(None)
            }
        }
    }

    /// When something happens by itself.
    pub fn next_wake(&mut self) -> Option<Duration> {
        let locals = self.guests.iter().flat_map(|guest| &guest.instances).flatten();
        let timers = locals.filter_map(|instance| match instance {
            Instance::Local(local) => local.timer,
            Instance::Worker(_) => None,
        });
        timers.chain(self.core.timers.next()).min()
    }

    /// May a goroutine of this thread be ready to run?
    pub fn is_busy(&self) -> bool {
        let mut instances = self.guests.iter().flat_map(|guest| &guest.instances).flatten();
        instances.any(|instance| matches!(instance, Instance::Local(local) if local.may_run))
    }

    /// May a worker have something to say, sooner or later, or somebody outside something to
    /// put into a ring? `lua` are the segments of the Lua guest.
    pub fn has_hope(&self, lua: &Attachments) -> bool {
        let instances = self.guests.iter().flat_map(|guest| &guest.instances).flatten();
        let locals = instances.clone().filter_map(|instance| match instance {
            Instance::Local(local) => Some(local.guest.segments()),
            Instance::Worker(_) => None,
        });
        let mut instances = instances;
        waits::has_hope(locals.chain([lua]))
            || instances.any(|instance| match instance {
                Instance::Local(_) => false,
                Instance::Worker(worker) => {
                    !worker.is_idle() || worker.has_timer || worker.is_at_rings
                }
            })
    }

    /// Is there a call for Lua to take?
    pub fn has_calls(&self) -> bool {
        !self.core.outgoing.is_empty()
    }

    /// Does anybody in Lua wait for a Go guest, or for the time?
    pub fn is_waiting(&mut self) -> bool {
        !self.core.by_ticket.is_empty() || self.has_calls() || self.core.timers.next().is_some()
    }
}
