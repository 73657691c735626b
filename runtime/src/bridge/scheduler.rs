//! The bridge of one sandbox: who has what, and how everything gets on.

use super::accounts::Accounts;
use super::callbacks::Callbacks;
pub(crate) use super::guests::Granted;
use super::guests::Guests;
use super::inbox::{Inbox, Said};
use super::instance::{Asked, Instance, Request, Seat};
use super::local::Local;
use super::outbox::{Letter, Outbox};
use super::recorder::{Recorder, Subscriber};
use super::streams::Streams;
use super::task::Place;
use super::tasks::Tasks;
use super::timers::Timers;
use super::worker_thread::BUDGET;
use crate::engine::Engine;
use crate::engine::ticker::Ticker;
use crate::frame::encode::EncodeRules;
use crate::frame::transfer::{Checked, Parcel, TransferRules};
use crate::go::guest::{Death, Entry, GoGuest};
use crate::host::interrupt::{Halt, InterruptHandle};
use crate::host::pending::Pending;
use crate::host::wasi::FileRoom;
use crate::ledger::{Ledger, Overdrawn};
use crate::memory::{Attachments, Budget, waits};
use crate::outcome::{GuestUsage, Stop};
use crate::value::function::Owner;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many letters guests get at a time, before Lua has its turn again.
const LETTERS: usize = 1024;

/// The steps of the host after which it looks at the clock.
const STEPS: u64 = 4096;

/// Under which conditions guests are entered now.
pub(crate) struct Turn {
    pub entry: Entry,
    /// What the sandbox's clock shows.
    pub now: Duration,
    /// The number of the sandbox's run, or 0.
    pub run: u64,
    /// Steps that the host has made for guests since it looked at the clock.
    pub steps: u64,
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

/// The Go guests of one sandbox, and all that is under way between them and Lua.
pub(crate) struct Bridge {
    pub(super) guests: Guests,
    pub(super) core: Core,
}

/// What is under way. What guests have left in their memory is read into this.
pub(super) struct Core {
    pub parts: Parts,
    pub tasks: Tasks,
    pub callbacks: Callbacks,
    pub streams: Streams,
    pub timers: Timers,
    pub outbox: Outbox,
    pub accounts: Accounts,
    pub recorder: Recorder,
    pub inbox: Arc<Inbox>,
}

/// Why a sandbox has to stop, if it has.
pub(super) fn reason_to_stop(entry: &Entry, interrupt: &InterruptHandle) -> Option<Halt> {
    if interrupt.is_interrupted() {
        return Some(Halt::Stop(Stop::Interrupted));
    }
    let (at, limit) = entry.deadline?;
    (Instant::now() >= at).then_some(Halt::Stop(Stop::Deadline { limit }))
}

impl Turn {
    pub fn new(entry: Entry, now: Duration, run: u64) -> Turn {
        Turn { entry, now, run, steps: 0 }
    }

    /// Counts steps that the host makes because a guest wants it to, and looks now and then
    /// whether the sandbox has to stop.
    #[inline]
    pub fn spend(&mut self, steps: u64, interrupt: &InterruptHandle) -> Result<(), Halt> {
        self.steps += steps;
        if self.steps < STEPS {
            return Ok(());
        }
        self.steps = 0;
        reason_to_stop(&self.entry, interrupt).map_or(Ok(()), Err)
    }
}

impl Core {
    /// Counts what the start of a guest has cost.
    pub fn settle_start(&mut self, local: &mut Local, turn: &mut Turn) {
        self.accounts.settle(local.take_spent(turn));
    }
}

impl Bridge {
    pub fn new(parts: Parts) -> Bridge {
        Bridge {
            guests: Guests::new(&parts.guests),
            core: Core {
                tasks: Tasks::default(),
                callbacks: Callbacks::default(),
                streams: Streams::default(),
                timers: Timers::default(),
                outbox: Outbox::default(),
                accounts: Accounts::new(&parts),
                recorder: Recorder::new(parts.subscriber.clone()),
                inbox: Inbox::new(Arc::clone(&parts.ledger)),
                parts,
            },
        }
    }

    pub fn recorder(&mut self) -> &mut Recorder {
        &mut self.core.recorder
    }

    pub fn timers(&mut self) -> &mut Timers {
        &mut self.core.timers
    }

    pub fn accounts(&mut self) -> &mut Accounts {
        &mut self.core.accounts
    }

    pub fn inbox(&self) -> &Arc<Inbox> {
        &self.core.inbox
    }

    #[inline]
    pub fn has_output(&self) -> bool {
        self.core.accounts.has_output()
    }

    /// Goroutines of cancelled tasks that did not return.
    pub fn leaked(&self) -> u64 {
        self.core.tasks.leaked()
    }

    /// What a guest has and had.
    pub fn usage(&self, name: &str) -> Option<GuestUsage> {
        self.guests.usage(name)
    }

    /// May a task have to end while it runs?
    #[inline]
    pub fn has_ends(&self) -> bool {
        self.core.timers.has_ends()
    }

    /// Is anything under way that depends on the time?
    #[inline]
    pub fn is_timed(&self) -> bool {
        self.core.tasks.has_asked() || !self.core.tasks.is_empty()
    }

    /// Lets everything get on that can: timers, workers, and guests of this thread.
    pub fn advance(&mut self, turn: &mut Turn) -> Result<(), Halt> {
        self.core.accounts.release();
        while let Some(ticket) = self.core.timers.due(turn.now) {
            self.core.parts.pending.announce(ticket);
        }
        let batch = self.core.inbox.take();
        for (worker, said, held) in batch.said {
            self.hear(worker, said, turn)?;
            drop(held);
        }
        for (worker, idle) in batch.idle {
            let place = self.guests.place_of_worker(worker);
            if let Some(Instance::Worker(worker)) =
                place.and_then(|place| self.guests.instance(place))
            {
                worker.is_now(idle);
            }
        }
        for (place, call) in batch.woken {
            self.deliver(place, call, false, &Parcel::default().checked(), turn)?;
        }
        self.settle(turn)?;
        for guest in 0..self.guests.len() {
            self.poll(Place { guest, instance: 0 }, turn)?;
        }
        self.settle(turn)?;
        self.give_up_leaked(turn);
        Ok(())
    }

    /// Runs the goroutines of a guest of this thread, if any may be ready.
    fn poll(&mut self, place: Place, turn: &mut Turn) -> Result<(), Halt> {
        let Some(local) = self.guests.local(place) else { return Ok(()) };
        let is_due = local.timer.is_some_and(|at| at <= turn.now);
        if !local.may_run && !is_due {
            return Ok(());
        }
        let Some(polled) = self.enter(place, turn, |guest| guest.poll(Some(BUDGET)))? else {
            return Ok(());
        };
        let now = turn.now;
        if let Some(local) = self.guests.local(place) {
            local.may_run = polled.is_busy || polled.events > 0;
            local.timer = polled.timer.map(|left| now.saturating_add(left));
        }
        self.take_events(place, polled.events, turn)
    }

    /// Takes what a worker has said.
    fn hear(&mut self, worker: u64, said: Said, turn: &mut Turn) -> Result<(), Halt> {
        let Some(place) = self.guests.place_of_worker(worker) else { return Ok(()) };
        match said {
            Said::Event { event, values } => self.take_workers_event(place, &event, values, turn),
            Said::Output(output) => {
                self.core.accounts.write(output);
                Ok(())
            }
            Said::Died(why) => {
                self.die(place, &why, turn.now);
                Ok(())
            }
        }
    }

    /// Gives guests what has been put down for them, as much as there is time for. Only where
    /// no entry is under way.
    pub(super) fn settle(&mut self, turn: &mut Turn) -> Result<(), Halt> {
        for _ in 0..LETTERS {
            let Some((place, letter)) = self.core.outbox.next() else { return Ok(()) };
            match letter {
                Letter::Answer { call, is_error, values } => {
                    self.deliver(place, call, is_error, &values.checked(), turn)?;
                }
                Letter::DropStream(stream) => {
                    self.ask(place, &Request::DropStream(stream), turn)?;
                }
            }
        }
        Ok(())
    }

    /// Answers a call of a guest, now.
    pub(super) fn deliver(
        &mut self,
        place: Place,
        call: u32,
        is_error: bool,
        values: &Checked<'_>,
        turn: &mut Turn,
    ) -> Result<(), Halt> {
        if let Some(why) = self.cannot_take(place, values) {
            let error = Parcel::error(&[&why], None);
            return self.tell(place, call, true, &error.checked(), turn).map(drop);
        }
        if !self.tell(place, call, is_error, values, turn)? {
            // There is room for this: what is of the host's own is not counted.
            let error = Parcel::error(&[&Overdrawn.to_string()], None);
            self.tell(place, call, true, &error.checked(), turn)?;
        }
        Ok(())
    }

    /// False if there is no room for it.
    fn tell(
        &mut self,
        place: Place,
        call: u32,
        is_error: bool,
        values: &Checked<'_>,
        turn: &mut Turn,
    ) -> Result<bool, Halt> {
        let asked = self.ask(place, &Request::Deliver { call, is_error, values }, turn)?;
        Ok(!matches!(asked, Some(Asked::Full)))
    }

    /// Why an instance cannot take the segments in a frame, if it cannot.
    pub(super) fn cannot_take(&mut self, place: Place, values: &Checked<'_>) -> Option<String> {
        if !values.has_segments() {
            return None;
        }
        let why = values.refusal(self.guests.seat(place)?.handles())?;
        Some(format!(
            "the Go guest '{}' cannot take a segment: {why}",
            self.guests.name(place.guest)
        ))
    }

    /// Asks an instance for something and takes its events; nothing if it died of it, or is
    /// gone.
    pub(super) fn ask(
        &mut self,
        place: Place,
        request: &Request<'_>,
        turn: &mut Turn,
    ) -> Result<Option<Asked>, Halt> {
        let asked = self.ask_only(place, request, turn)?;
        if let Some(Asked::Events(events)) = asked {
            self.take_events(place, events, turn)?;
        }
        Ok(asked)
    }

    /// The same, where the caller takes the events.
    #[inline]
    pub(super) fn ask_only(
        &mut self,
        place: Place,
        request: &Request<'_>,
        turn: &mut Turn,
    ) -> Result<Option<Asked>, Halt> {
        turn.spend(STEPS, &self.core.parts.interrupt)?;
        let Some(seat) = self.guests.seat(place) else { return Ok(None) };
        let asked = seat.ask(request, turn, &self.core.parts.ledger);
        let spent = seat.take_spent(turn);
        self.core.accounts.settle(spent);
        self.after_entry(place, asked, turn.now)
    }

    /// Enters a guest of this thread; nothing if it died of it, or is gone.
    #[inline]
    pub(super) fn enter<T>(
        &mut self,
        place: Place,
        turn: &mut Turn,
        run: impl FnOnce(&mut GoGuest) -> Result<T, Death>,
    ) -> Result<Option<T>, Halt> {
        let Some(local) = self.guests.local(place) else { return Ok(None) };
        local.prepare(&mut turn.entry, turn.run);
        let result = run(&mut local.guest);
        local.may_run = true;
        let spent = local.take_spent(turn);
        self.core.accounts.settle(spent);
        self.after_entry(place, result, turn.now)
    }

    /// A guest has returned, or died.
    #[inline]
    fn after_entry<T>(
        &mut self,
        place: Place,
        result: Result<T, Death>,
        now: Duration,
    ) -> Result<Option<T>, Halt> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Death::Sandbox(halt)) => Err(halt),
            Err(Death::Guest(why)) => {
                self.die(place, &why, now);
                Ok(None)
            }
        }
    }

    /// The guest, if it runs on this thread and is prepared.
    #[inline]
    pub fn prepared(&mut self, guest: usize, run: u64) -> Option<&mut Local> {
        let local = self.guests.local(Place { guest, instance: 0 })?;
        local.is_prepared(run).then_some(local)
    }

    /// When something happens by itself.
    pub fn next_wake(&mut self) -> Option<Duration> {
        self.guests.seats().filter_map(Seat::next_wake).chain(self.core.timers.next()).min()
    }

    /// May a goroutine of this thread be ready to run, or is one to be told something?
    pub fn is_busy(&self) -> bool {
        !self.core.outbox.is_empty() || self.guests.seats().any(Seat::is_busy)
    }

    /// May a worker have something to say, sooner or later, or somebody outside something to
    /// put into a ring? `lua` are the segments of the Lua guest.
    pub fn has_hope(&self, lua: &Attachments) -> bool {
        let locals = self.guests.seats().filter_map(Seat::segments);
        waits::can_progress(locals.chain([lua])) || self.guests.seats().any(Seat::has_hope)
    }

    /// Is there a call for Lua to take?
    #[inline]
    pub fn has_calls(&self) -> bool {
        self.core.callbacks.has_next()
    }

    /// Does anybody in Lua wait for a Go guest, or for the time?
    pub fn is_waiting(&mut self) -> bool {
        self.core.tasks.has_waiting() || self.has_calls() || self.core.timers.next().is_some()
    }
}
