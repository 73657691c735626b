//! How a running guest is stopped.

use crate::outcome::Stop;
use crate::ticker::Ticker;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long the interpreter may take to stop itself, which gives the exact line,
/// before it is trapped.
///
/// With [`LAST_WORDS`] and a tick before each of them and after, a run is over 45 ms after its
/// deadline, in whatever state the interpreter is.
const GRACE: Duration = Duration::from_millis(15);

/// How long all that is asked of a guest after it was stopped may take together.
const LAST_WORDS: Duration = Duration::from_millis(15);

/// The same after an error, where no deadline says so.
const ERROR: Duration = Duration::from_secs(1);

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
    last_words: Option<LastWords>,
    /// How many runs there have been.
    runs: u64,
}

/// What is asked of a guest after its run.
#[derive(Clone, Copy)]
struct LastWords {
    /// When all of it has to be over; in a deterministic run, fuel says so.
    until: Option<Instant>,
    /// Was the run stopped? An interrupt has nothing more to stop then.
    is_stopped: bool,
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
        Control { interrupt, deadline: None, asked: None, last_words: None, runs: 0 }
    }

    /// Starts a run.
    #[inline]
    pub fn begin(&mut self, deadline: Option<Duration>) {
        self.asked = None;
        self.last_words = None;
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

    /// The run is over, and the guest is asked about it, for what is left of the time for
    /// that: from a stop on, a moment; after an error as long as the run itself. True if this
    /// is the first time.
    pub fn begin_last_words(&mut self, is_stopped: bool, is_deterministic: bool) -> bool {
        let is_first = self.last_words.is_none();
        if is_first {
            let now = Instant::now();
            let until = match self.deadline() {
                _ if is_stopped => now + LAST_WORDS,
                Some(deadline) => deadline.max(now + LAST_WORDS),
                None => now + ERROR,
            };
            let until = (!is_deterministic).then_some(until);
            self.last_words = Some(LastWords { until, is_stopped });
        }
        is_first
    }

    /// Decides at a tick.
    pub fn tick(&mut self) -> Tick {
        if let Some(LastWords { until, is_stopped }) = self.last_words {
            let is_over = until.is_some_and(|until| Instant::now() >= until);
            let is_stopped_now = !is_stopped && self.interrupt.is_interrupted();
            return if is_over || is_stopped_now { Tick::Trap } else { Tick::Continue };
        }
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
        self.deadline.is_some()
            || self.asked.is_some()
            || self.last_words.is_some()
            || self.interrupt.is_interrupted()
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
