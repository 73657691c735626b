//! How a running guest is stopped.

use crate::engine::ticker::Ticker;
use crate::outcome::Stop;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Ticks that the guest sees while it is given time to end. One that has not run between two
/// ticks, as the machine is busy, sees only one of them: so they stand for time that the
/// guest itself has had.
const TICKS: u32 = 3;

/// How long the interpreter may take to stop itself, which gives the exact line, before it is
/// trapped, and as many ticks.
///
/// With [`EPILOGUE`] and the first tick after the deadline, a run is over 35 ms after that on
/// a machine that has time for it, in whatever state the interpreter is.
const GRACE: Duration = Duration::from_millis(10);

/// How long all that is asked of a guest after it was stopped may take together, and as many
/// ticks.
const EPILOGUE: Duration = Duration::from_millis(10);

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

    /// What is set by an interrupt.
    pub(crate) fn flag(&self) -> &Arc<AtomicBool> {
        &self.flag
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
    asked: Option<Asked>,
    epilogue: Option<Epilogue>,
    /// How many runs there have been.
    runs: u64,
}

/// The interpreter was asked to stop itself.
struct Asked {
    why: Stop,
    at: Instant,
    /// How many ticks it has seen since.
    ticks: u32,
}

/// What is asked of a guest after its run.
struct Epilogue {
    /// How many ticks it has seen meanwhile.
    ticks: u32,
    /// When all of it has to be over; in a deterministic run, fuel says so.
    until: Option<Instant>,
    /// Whether the run was stopped. An interrupt has nothing more to stop then.
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
        Control { interrupt, deadline: None, asked: None, epilogue: None, runs: 0 }
    }

    /// Starts a run.
    #[inline]
    pub fn begin(&mut self, deadline: Option<Duration>) {
        self.asked = None;
        self.epilogue = None;
        self.runs += 1;
        self.deadline =
            deadline.and_then(|limit| Some((Instant::now().checked_add(limit)?, limit)));
    }

    /// Why the guest must stop now, if it must.
    pub fn reason(&self) -> Option<Stop> {
        let is_over = |until: Instant| Instant::now() >= until;
        match &self.epilogue {
            // The run itself has ended already; which reason this is makes no difference.
            Some(Epilogue { until: Some(until), .. }) if is_over(*until) => Some(Stop::Interrupted),
            Some(Epilogue { is_stopped: true, .. }) => None,
            _ => self.reason_of_run(),
        }
    }

    /// Why the run must stop now, or have stopped, if it must.
    pub fn reason_of_run(&self) -> Option<Stop> {
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
    pub fn begin_epilogue(&mut self, is_stopped: bool, is_deterministic: bool) -> bool {
        let is_first = self.epilogue.is_none();
        if is_first {
            let now = Instant::now();
            let until = match self.deadline() {
                _ if is_stopped => now + EPILOGUE,
                Some(deadline) => deadline.max(now + EPILOGUE),
                None => now + ERROR,
            };
            let until = (!is_deterministic).then_some(until);
            self.epilogue = Some(Epilogue { ticks: 0, until, is_stopped });
        }
        is_first
    }

    /// Decides at a tick.
    pub fn tick(&mut self) -> Tick {
        if let Some(words) = &mut self.epilogue {
            words.ticks += 1;
            let is_over = words.until.is_some_and(|until| Instant::now() >= until);
            let is_interrupted = !words.is_stopped && self.interrupt.is_interrupted();
            let is_enough = words.ticks >= TICKS && is_over;
            return if is_enough || is_interrupted { Tick::Trap } else { Tick::Continue };
        }
        if let Some(asked) = &mut self.asked {
            asked.ticks += 1;
            let is_enough = asked.ticks >= TICKS && asked.at.elapsed() >= GRACE;
            return if is_enough { Tick::Trap } else { Tick::Continue };
        }
        match self.reason_of_run() {
            None => Tick::Continue,
            Some(why) => {
                self.asked = Some(Asked { why, at: Instant::now(), ticks: 0 });
                Tick::Ask
            }
        }
    }

    /// Whether there is anything to look out for at each tick. An interrupt from now on ticks by
    /// itself; an earlier one has ticked.
    #[inline]
    pub fn is_watched(&self) -> bool {
        self.deadline.is_some()
            || self.asked.is_some()
            || self.epilogue.is_some()
            || self.interrupt.is_interrupted()
    }

    /// When what runs now has to be over: the run, or what is asked after it.
    #[inline]
    pub fn stop_at(&self) -> Option<Instant> {
        match &self.epilogue {
            Some(epilogue) => epilogue.until,
            None => self.deadline(),
        }
    }

    /// Whether an interrupt stops what runs now.
    #[inline]
    pub fn heeds_interrupt(&self) -> bool {
        !self.epilogue.as_ref().is_some_and(|epilogue| epilogue.is_stopped)
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
        self.asked.as_ref().map(|asked| asked.why.clone())
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
