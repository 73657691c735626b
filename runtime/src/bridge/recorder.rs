//! Telling a subscriber of the lives of tasks.

use super::event::{BridgeEvent, DoneStatus, Phase, WaitsFor};
use crate::ledger::{Ledger, Reservation};
use luago_abi::lua::{cancel, end, phase};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// Who is told.
pub(crate) type Subscriber = Arc<dyn Fn(&BridgeEvent) + Send + Sync>;

/// Numbers tasks, and tells of them where somebody listens. What a guest says of its own
/// tasks is told only as far as it fits the life of one.
#[derive(Default)]
pub(crate) struct Recorder {
    subscriber: Option<Subscriber>,
    seq: u64,
    last_task: u64,
    /// Tasks of Lua that are not released, by what the guest calls them.
    lua: HashMap<u32, LuaTask>,
    /// Those that run now, each inside the one before, by when they began to.
    running: BTreeMap<u64, u64>,
    last_run: u64,
    /// What was started last, for whoever pauses next.
    waits_for: Option<WaitsFor>,
}

struct LuaTask {
    number: u64,
    parent: Option<u64>,
    state: State,
    /// Under which number it runs, if it does.
    run: u64,
    _held: Reservation,
}

/// How many tasks of Lua are told of at once. Of further ones nothing is told, nor of those
/// for which the ledger has no room.
const MAX_TOLD: usize = 1 << 16;

/// The bytes that a task takes which is told of.
const TASK: u64 = 256;

#[derive(Clone, Copy, PartialEq)]
enum State {
    Made,
    Running,
    Paused,
    Done,
}

/// What an event is about.
pub(crate) struct About {
    pub task: u64,
    pub parent: Option<u64>,
    pub guest: Option<Arc<str>>,
    pub name: Option<Arc<str>>,
    pub goroutine: Option<u64>,
    pub waits_for: Option<WaitsFor>,
}

impl About {
    pub fn task(task: u64) -> About {
        About { task, parent: None, guest: None, name: None, goroutine: None, waits_for: None }
    }
}

impl Recorder {
    pub fn new(subscriber: Option<Subscriber>) -> Recorder {
        Recorder { subscriber, ..Recorder::default() }
    }

    #[inline]
    pub fn is_on(&self) -> bool {
        self.subscriber.is_some()
    }

    /// A number for a new task.
    #[inline]
    pub fn number(&mut self) -> u64 {
        self.last_task += 1;
        self.last_task
    }

    /// The task of Lua that runs now.
    pub fn current(&self) -> Option<u64> {
        self.running.last_key_value().map(|(_, task)| *task)
    }

    /// Notes what the task of Lua that runs now is about to wait for.
    pub fn will_wait(&mut self, waits_for: WaitsFor) {
        if self.is_on() {
            self.waits_for = Some(waits_for);
        }
    }

    pub fn tell(&mut self, now: Duration, phase: Phase, about: About) {
        let Some(subscriber) = &self.subscriber else { return };
        self.seq += 1;
        let is_lua = about.guest.is_none();
        subscriber(&BridgeEvent {
            seq: self.seq,
            time: now,
            task: about.task,
            parent: about.parent,
            coroutine: is_lua.then_some(about.task),
            goroutine: about.goroutine,
            guest: about.guest,
            name: about.name,
            phase,
            waits_for: about.waits_for,
        });
    }

    /// Takes what the Lua guest says of a task.
    pub fn of_lua(
        &mut self,
        now: Duration,
        what: i32,
        task: u32,
        other: u32,
        ledger: &Arc<Ledger>,
    ) {
        if !self.is_on() {
            return;
        }
        if what == phase::START {
            let parent = self.lua.get(&other).map(|task| task.number);
            let number = self.number();
            // A guest that names two tasks alike has lost the first.
            self.release(now, task);
            if self.lua.len() < MAX_TOLD
                && let Ok(_held) = ledger.reserve(TASK)
            {
                let made = LuaTask { number, parent, state: State::Made, run: 0, _held };
                self.lua.insert(task, made);
            }
            return;
        }
        if what == phase::RELEASED {
            return self.release(now, task);
        }
        let waits_for = match self.lua.get(&other) {
            Some(other) if what == phase::PAUSE => Some(WaitsFor::Task(other.number)),
            _ => None,
        };
        let Some(lua) = self.lua.get_mut(&task) else { return };
        let mut about = About::task(lua.number);
        let (state, phase) = match (what, lua.state) {
            (phase::RESUME, State::Made) => {
                about.parent = lua.parent;
                (State::Running, Phase::Start)
            }
            (phase::RESUME, State::Paused) => (State::Running, Phase::Resume),
            (phase::PAUSE, State::Running) => {
                about.waits_for = waits_for.or_else(|| self.waits_for.take());
                (State::Paused, Phase::Pause)
            }
            (phase::DONE, State::Running | State::Paused) => {
                (State::Done, Phase::Done(status(other)))
            }
            // It never began, so nothing is told of it.
            (phase::DONE, State::Made) => {
                self.lua.remove(&task);
                return;
            }
            _ => return,
        };
        lua.state = state;
        match state {
            State::Running => {
                self.last_run += 1;
                lua.run = self.last_run;
                self.running.insert(lua.run, lua.number);
            }
            _ => {
                self.running.remove(&lua.run);
            }
        }
        self.tell(now, phase, about);
    }

    fn release(&mut self, now: Duration, task: u32) {
        let Some(lua) = self.lua.remove(&task) else { return };
        self.running.remove(&lua.run);
        match lua.state {
            State::Made => return,
            State::Running | State::Paused => {
                let phase = Phase::Done(DoneStatus::Cancelled);
                self.tell(now, phase, About::task(lua.number));
            }
            State::Done => {}
        }
        self.tell(now, Phase::Released, About::task(lua.number));
    }

    /// The Lua guest is gone, and its tasks with it.
    pub fn lua_is_over(&mut self, now: Duration) {
        let mut tasks: Vec<(u64, u32)> =
            self.lua.iter().map(|(task, lua)| (lua.number, *task)).collect();
        tasks.sort_unstable();
        tasks.into_iter().for_each(|(_, task)| self.release(now, task));
    }
}

/// How a task of Lua ended, as its guest says it.
fn status(code: u32) -> DoneStatus {
    const TIMED_OUT: u32 = end::CANCELLED + cancel::TIMED_OUT as u32;
    match code {
        end::OK => DoneStatus::Ok,
        end::ERROR => DoneStatus::Error,
        TIMED_OUT => DoneStatus::TimedOut,
        _ => DoneStatus::Cancelled,
    }
}
