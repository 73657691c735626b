//! How a running guest is stopped.

use crate::outcome::Stop;
use crate::ticker::Ticker;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long the interpreter may take to stop itself, which gives the exact line,
/// before it is trapped.
const GRACE: Duration = Duration::from_millis(20);

/// Stops a sandbox from another thread. Cloned freely; does nothing once the
/// sandbox is gone.
///
/// ```
/// use luago::{Engine, Sandbox, Script, Stop};
///
/// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
/// let handle = sandbox.interrupt_handle();
/// std::thread::spawn(move || handle.interrupt());
/// let outcome = sandbox.run(&Script::new("spin", "while true do end"))?;
/// assert_eq!(outcome.stop(), Some(&Stop::Interrupted));
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Clone)]
pub struct InterruptHandle {
    flag: Arc<AtomicBool>,
    ticker: Arc<Ticker>,
}

impl InterruptHandle {
    pub(crate) fn new(ticker: Arc<Ticker>) -> InterruptHandle {
        InterruptHandle { flag: Arc::new(AtomicBool::new(false)), ticker }
    }

    /// Stops what the sandbox runs now, or the next thing that it runs, with
    /// [`Stop::Interrupted`].
    pub fn interrupt(&self) {
        self.flag.store(true, Ordering::SeqCst);
        self.ticker.interrupt();
    }

    #[inline]
    pub(crate) fn is_interrupted(&self) -> bool {
        self.flag.load(Ordering::SeqCst)
    }
}

impl fmt::Debug for InterruptHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InterruptHandle").field("interrupted", &self.is_interrupted()).finish()
    }
}

/// Whether the current run is to go on.
pub(crate) struct Control {
    pub interrupt: InterruptHandle,
    deadline: Option<(Instant, Duration)>,
    asked: Option<(Stop, Instant)>,
    /// How many runs there have been.
    runs: u64,
}

/// What to do at a tick.
pub(crate) enum Tick {
    /// Nothing.
    Continue,
    /// Ask the interpreter to stop itself at the next instruction.
    Ask,
    /// Trap.
    Trap,
}

impl Control {
    pub fn new(interrupt: InterruptHandle) -> Control {
        Control { interrupt, deadline: None, asked: None, runs: 0 }
    }

    /// Starts a run.
    #[inline]
    pub fn begin(&mut self, deadline: Option<Duration>) {
        self.asked = None;
        self.runs += 1;
        self.deadline =
            deadline.and_then(|limit| Some((Instant::now().checked_add(limit)?, limit)));
    }

    /// Why the run must stop now, if it must.
    pub fn reason(&self) -> Option<Stop> {
        if self.interrupt.is_interrupted() {
            return Some(Stop::Interrupted);
        }
        match self.deadline {
            Some((at, limit)) if Instant::now() >= at => Some(Stop::Deadline { limit }),
            _ => None,
        }
    }

    /// Decides at a tick.
    pub fn tick(&mut self) -> Tick {
        match &self.asked {
            Some((_, at)) if at.elapsed() < GRACE => Tick::Continue,
            Some(_) => Tick::Trap,
            None => match self.reason() {
                None => Tick::Continue,
                Some(stop) => {
                    self.asked = Some((stop, Instant::now()));
                    Tick::Ask
                }
            },
        }
    }

    /// Is there anything to look out for at each tick? An interrupt from now on ticks by
    /// itself; an earlier one has ticked.
    #[inline]
    pub fn is_watched(&self) -> bool {
        self.deadline.is_some() || self.asked.is_some() || self.interrupt.is_interrupted()
    }

    /// When the run has to be over.
    #[inline]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline.map(|(at, _)| at)
    }

    /// The number of the current run, from 1.
    #[inline]
    pub fn run(&self) -> u64 {
        self.runs
    }

    /// When the run has to be over, and the limit that this follows from.
    #[inline]
    pub fn limit(&self) -> Option<(Instant, Duration)> {
        self.deadline
    }

    /// The reason for which the interpreter was asked to stop.
    pub fn asked(&self) -> Option<Stop> {
        self.asked.as_ref().map(|(stop, _)| stop.clone())
    }
}

/// Ends a guest from inside a host function.
#[derive(Debug)]
pub(crate) enum Halt {
    /// `os.exit`.
    Exit(i32),
    /// A limit was reached, or somebody asked.
    Stop(Stop),
    /// The interpreter has stopped itself, and its traceback is ready.
    StoppedItself,
    /// Whoever read the output has gone.
    OutputClosed,
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Halt {}
