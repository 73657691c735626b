//! What belongs to one Go guest on the host's side.

use super::limiter::Limiter;
use super::output::Output;
use crate::engine::depth::Depth;
use crate::engine::ticker::Ticker;
use crate::grants::go_grant::GoGrant;
use crate::host::clock::Clock;
use crate::host::interrupt::{Halt, InterruptHandle};
use crate::host::wasi::{FileQuota, Files, WasiState, last_of_each};
use crate::ledger::Ledger;
use crate::memory::imports::SegmentState;
use crate::memory::shared_ranges::{HasSharedRanges, SharedRange};
use crate::memory::wait_list::Notify;
use crate::memory::{Attachments, Budget, Sharing};
use crate::outcome::Stop;
use crate::platform::names::text;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wasmtime::{Memory, StoreContextMut, UpdateDeadline};

/// How long a guest may go on after the deadline of one of its tasks: it is told by the
/// task's context, and is stopped only if it does not listen.
const LATE: Duration = Duration::from_millis(100);

/// What bounds the entries into a guest until the next [`prepare`](super::guest::GoGuest::prepare).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Entry {
    /// When the sandbox has to stop, and the limit that this follows from.
    pub deadline: Option<(Instant, Duration)>,
    /// The nearest deadline of the guest's tasks.
    pub task_deadline: Option<Instant>,
    /// What is left of the sandbox's fuel.
    pub fuel: Option<u64>,
    /// The virtual time.
    pub now: Option<Duration>,
}

/// What the guest shares with its sandbox.
pub(crate) struct Environment {
    pub interrupt: InterruptHandle,
    pub ticker: Arc<Ticker>,
    /// The seed, if clock and randomness are virtual.
    pub deterministic: Option<u64>,
    pub metered: bool,
    pub sharing: Sharing,
    pub budget: Arc<Budget>,
    /// What the guests of the sandbox may have open.
    pub room: FileQuota,
    /// What wakes up a goroutine, from any thread.
    pub notify: Notify,
}

/// Why the host ends a guest.
#[derive(Debug)]
pub(crate) enum Ending {
    /// It computed for longer than it may.
    Busy,
    /// It computed past the deadline of a task.
    Late,
    /// It wrote more than it may.
    Flood,
    /// It wrote more than the host has room for until it is shown.
    Unshown,
    /// It had said that it dies, and went on about it for longer than anybody listens.
    Dying,
    /// It wrote to a segment that it can only read.
    ReadOnly,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Ending {}

/// The guest was parked: it can go on only after its next timer or when it is entered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parked {
    /// When that was, on the guest's clock.
    pub at: Duration,
    /// How long it is from then to the next timer.
    pub timer: Option<Duration>,
}

pub(crate) struct State {
    pub limiter: Limiter,
    pub output: Output,
    pub memory: Option<Memory>,
    /// The segments that it has.
    pub segments: Attachments,
    pub clock: Clock,
    pub parked: Option<Parked>,
    /// How far the guest has turned the virtual clock by sleeping.
    pub advanced: Duration,
    pub fuel_at_start: u64,
    /// How deep its calls may go.
    pub depth: Depth,
    entry: Entry,
    is_watched: bool,
    busy: Option<Duration>,
    /// When the guest was first looked at since it was entered.
    entered: Option<Instant>,
    owner: Option<Owner>,
    notify: Option<Notify>,
    files: Files,
}

/// Who can stop the guest.
struct Owner {
    interrupt: InterruptHandle,
    ticker: Arc<Ticker>,
}

impl State {
    /// The error is a directory that cannot be opened.
    pub fn new(grant: &GoGrant, environment: Environment) -> Result<State, String> {
        let files = files_of(grant, environment.room.clone())?;
        let mut state = State::with(grant, files);
        state.clock = Clock::new(environment.deterministic);
        let Environment { interrupt, ticker, sharing, budget, notify, .. } = environment;
        state.limiter.set_loan(budget.loan());
        state.output = Output::new(grant.output, Arc::clone(budget.ledger()));
        state.segments = Attachments::new(sharing, budget);
        state.notify = Some(notify);
        state.owner = Some(Owner { interrupt, ticker });
        Ok(state)
    }

    /// The state of no guest.
    pub fn idle() -> State {
        let room = FileQuota::new(0, Ledger::endless());
        State::with(&GoGrant::new(), Files::new(Vec::new(), room, Arc::default()))
    }

    fn with(grant: &GoGrant, files: Files) -> State {
        State {
            limiter: Limiter::new(grant.memory),
            output: Output::new(grant.output, Ledger::endless()),
            memory: None,
            segments: Attachments::new(Sharing::Copied, Budget::new(0, Ledger::endless())),
            notify: None,
            clock: Clock::new(None),
            parked: None,
            advanced: Duration::ZERO,
            fuel_at_start: 0,
            depth: grant.depth(),
            entry: Entry::default(),
            is_watched: grant.busy.is_some(),
            busy: grant.busy,
            entered: None,
            owner: None,
            files,
        }
    }

    #[inline]
    pub fn prepare(&mut self, entry: &Entry) {
        self.entry = *entry;
        self.is_watched =
            entry.deadline.is_some() || entry.task_deadline.is_some() || self.busy.is_some();
    }

    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// The guest is about to be entered.
    #[inline]
    pub fn enter(&mut self) {
        self.entered = None;
        self.output.enter();
        self.need_ticks();
    }

    #[inline]
    fn need_ticks(&self) {
        if let Some(owner) = &self.owner
            // An interrupt from now on ticks by itself; an earlier one has ticked.
            && (self.is_watched || owner.interrupt.is_interrupted())
        {
            owner.ticker.need();
        }
    }

    /// Why the guest must stop, if it must.
    pub fn look(&mut self) -> wasmtime::Result<()> {
        if self.segments.was_hit() {
            return Err(Ending::ReadOnly.into());
        }
        if self.owner.as_ref().is_some_and(|owner| owner.interrupt.is_interrupted()) {
            return Err(Halt::Stop(Stop::Interrupted).into());
        }
        if !self.is_watched {
            return Ok(());
        }
        let now = Instant::now();
        let entered = *self.entered.get_or_insert(now);
        if let Some((at, limit)) = self.entry.deadline
            && now >= at
        {
            return Err(Halt::Stop(Stop::Deadline { limit }).into());
        }
        if self.entry.task_deadline.is_some_and(|at| now.saturating_duration_since(at) >= LATE) {
            return Err(Ending::Late.into());
        }
        if self.busy.is_some_and(|limit| now - entered >= limit) {
            return Err(Ending::Busy.into());
        }
        Ok(())
    }

    /// The guest's clock: time since it started, or virtual time.
    pub fn now(&self, fuel: u64) -> Duration {
        match self.clock {
            Clock::Real { .. } => self.clock.running(0),
            Clock::Virtual { .. } => self.clock.running(self.virtual_nanos(fuel)),
        }
        // Go takes a clock that shows zero for a broken one.
        .max(Duration::from_nanos(1))
    }

    /// Time since 1970.
    pub fn wall(&self, fuel: u64) -> Duration {
        self.clock.wall(self.virtual_nanos(fuel))
    }

    fn virtual_nanos(&self, fuel: u64) -> u64 {
        let base = self.entry.now.unwrap_or_default().saturating_add(self.advanced);
        u64::try_from(base.as_nanos()).unwrap_or(u64::MAX).saturating_add(fuel)
    }
}

impl HasSharedRanges for State {
    #[inline]
    fn shared_ranges(&self) -> Option<&Arc<[SharedRange]>> {
        self.segments.shared_ranges()
    }
}

impl WasiState for State {
    fn memory(&self) -> Option<Memory> {
        self.memory
    }

    fn files(&mut self) -> &mut Files {
        &mut self.files
    }

    fn look(&mut self) -> wasmtime::Result<()> {
        State::look(self)
    }
}

impl SegmentState for State {
    // Go believes that all its memory is its own.
    const HOST_MAKES_ROOM: bool = false;

    fn guest_memory(&self) -> Option<Memory> {
        self.memory
    }

    fn attachments(&mut self) -> &mut Attachments {
        &mut self.segments
    }

    fn lend(&mut self, size: u64) -> bool {
        self.limiter.lend(size)
    }

    fn set_windows(&mut self, bytes: u64, size: u64) {
        self.limiter.set_windows(bytes, size);
    }

    fn notify(&mut self) -> Notify {
        self.notify.clone().unwrap_or_else(|| Arc::new(|_| {}))
    }
}

/// Called in a running guest at each tick.
pub(crate) fn at_tick(mut store: StoreContextMut<'_, State>) -> wasmtime::Result<UpdateDeadline> {
    let state = store.data_mut();
    state.look()?;
    state.need_ticks();
    Ok(UpdateDeadline::Continue(1))
}

fn files_of(grant: &GoGrant, room: FileQuota) -> Result<Files, String> {
    let reach = grant.reach();
    let mut env = vec![
        ("GOMEMLIMIT".into(), soft_limit(grant.memory).to_string().into()),
        // The directory in which Go's library starts.
        ("PWD".into(), text(reach.start().shown()).into_owned()),
    ];
    env.extend(grant.env.iter().cloned());
    let mounts = reach.mounts().map_err(|(path, error)| {
        format!("the directory {} cannot be opened: {error}", path.display())
    })?;
    Ok(Files::new(last_of_each(&env), room, Arc::new(mounts)))
}

/// Bytes at which Go's collector begins to work as hard as it takes, and not only when the
/// heap has doubled. So a program of 64 MiB can keep 53 of them alive, and not just 25; in
/// the last quarter collecting takes up to four times as long. The rest is for code and
/// constants, which Go does not count, and for memory that it cannot use again at once.
fn soft_limit(memory: u64) -> u64 {
    memory / 4 * 3
}
