//! The steps in the lives of tasks, as a subscriber sees them.

pub(crate) mod checker;
mod json;

use std::sync::Arc;
use std::time::Duration;

/// One step in the life of a task of a sandbox: of a Lua coroutine that the scheduler runs,
/// or of a call into a Go guest.
///
/// The life of a task is `start → (pause ↔ resume)* → done → released`, with exactly one
/// of each but pauses and resumes. A task can be done while it is paused, when it is
/// cancelled or when its guest dies. All events of a sandbox are one sequence, whatever
/// thread a guest runs on; a [`TraceChecker`](crate::TraceChecker) says whether a sequence
/// keeps these rules.
///
/// # As JSON
///
/// An event is one flat object, and a trace is one object a line. What is not known or does
/// not apply is left out. Names and meanings stay as they are; a later version can add
/// fields and words, so a reader should pass over those that it does not know.
///
/// | field | | |
/// |---|---|---|
/// | `seq` | integer | number of the event in the sandbox's life, from 1, without gaps |
/// | `time` | number | seconds since the sandbox was built |
/// | `task` | integer | the task |
/// | `parent` | integer | the task that started it |
/// | `coroutine` | integer | the Lua coroutine that runs it |
/// | `goroutine` | integer | the goroutine that runs it |
/// | `guest` | string | the Go guest that it runs in; left out for Lua |
/// | `name` | string | name of the function, when it starts |
/// | `phase` | string | `start`, `pause`, `resume`, `done` or `released` |
/// | `status` | string | with `done`: `ok`, `error`, `panic`, `goexit`, `cancelled`, `timed-out`, `dead` or `leaked` |
/// | `waits_for` | string | with `pause`: `task`, `call`, `timer`, `host` or `goroutines` |
/// | `waits_for_task` | integer | with `task` and `call`: the task that it waits for |
/// | `waits_for_name` | string | with `host`: the host function that it waits for |
///
/// ```
/// use luago::{BridgeEvent, DoneStatus, Phase};
///
/// let line = r#"{"seq":7,"time":0.000123,"task":3,"guest":"geo","phase":"done","status":"error"}"#;
/// let event: BridgeEvent = serde_json::from_str(line)?;
/// assert_eq!(event.time.as_micros(), 123);
/// assert_eq!(event.phase, Phase::Done(DoneStatus::Error));
/// assert_eq!(serde_json::to_string(&event)?, line);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BridgeEvent {
    /// The number of the event in the sandbox's life, from 1.
    pub seq: u64,
    /// When it happened, counted from when the sandbox was built.
    pub time: Duration,
    /// The task that it happened to.
    pub task: u64,
    /// The task that started it; none for what the host started.
    pub parent: Option<u64>,
    /// The Lua coroutine that runs the task.
    pub coroutine: Option<u64>,
    /// The goroutine that runs the task, if it is known.
    pub goroutine: Option<u64>,
    /// The Go guest that the task runs in; none is Lua.
    pub guest: Option<Arc<str>>,
    /// The name of the function that the task runs, when it starts.
    pub name: Option<Arc<str>>,
    /// What happened.
    pub phase: Phase,
    /// What a task that pauses waits for.
    pub waits_for: Option<WaitsFor>,
}

/// What happens to a task.
///
/// ```
/// use luago::{DoneStatus, Phase};
///
/// assert_ne!(Phase::Done(DoneStatus::Ok), Phase::Released);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// It begins.
    Start,
    /// It waits, and others can run.
    Pause,
    /// It goes on.
    Resume,
    /// It has ended; nothing of it runs any more.
    Done(DoneStatus),
    /// What it held is free again: the other side has acknowledged that it is done.
    Released,
}

/// How a task ended.
///
/// ```
/// use luago::DoneStatus;
///
/// assert_eq!(serde_json::to_string(&DoneStatus::TimedOut)?, r#""timed-out""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DoneStatus {
    /// With results.
    Ok,
    /// With an error that it returned or raised.
    Error,
    /// With a panic of Go.
    Panic,
    /// By `runtime.Goexit`.
    Goexit,
    /// It was cancelled.
    Cancelled,
    /// Its time was over.
    TimedOut,
    /// Its guest died.
    Dead,
    /// It was cancelled, and its goroutine did not return within the grace period.
    Leaked,
}

/// What a task waits for.
///
/// ```
/// use luago::WaitsFor;
///
/// assert_ne!(WaitsFor::Task(1), WaitsFor::Host("fetch".into()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitsFor {
    /// The end of this task, which it awaits.
    Task(u64),
    /// The answer to a call into another guest, which this task gives.
    Call(u64),
    /// A time.
    Timer,
    /// The host function of this name.
    Host(Arc<str>),
    /// Something that goroutines of its own guest do.
    Goroutines,
}
