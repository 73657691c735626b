//! Why a Go guest is no more, in words.

use super::limiter::Limiter;
use super::output::Output;
use super::state::{Ending, State};
use crate::host::interrupt::Halt;
use crate::ledger::Overdrawn;
use crate::outcome::Stop;
use std::time::Duration;
use wasmtime::Trap;

/// The end of a guest.
#[derive(Debug)]
pub(crate) enum Exit {
    /// The guest itself is to blame: one line that names it, then Go's own text.
    Guest(String),
    /// The sandbox has to stop, and did so while the guest ran.
    Sandbox(Halt),
}

impl Exit {
    /// The guest does not keep to the ABI.
    pub fn abi(name: &str, what: &str) -> Exit {
        Exit::Guest(format!(
            "the Go guest '{name}' broke the ABI: {what}; build it with the luago Go package and \
             without changes to that"
        ))
    }

    /// The guest could not even start.
    pub fn start(name: &str, why: &str) -> Exit {
        Exit::Guest(format!("the Go guest '{name}' cannot start: {why}"))
    }

    /// Why a call into the guest did not come back.
    pub fn of(
        name: &str,
        busy: Option<Duration>,
        error: &wasmtime::Error,
        state: &mut State,
    ) -> Exit {
        if let Some(halt) = error.downcast_ref::<Halt>() {
            return match halt {
                Halt::Exit(code) => {
                    Exit::Guest(format!("the Go guest '{name}' ended itself with os.Exit({code})"))
                }
                Halt::Stop(stop) => Exit::Sandbox(Halt::Stop(stop.clone())),
                Halt::StoppedItself => Exit::Sandbox(Halt::StoppedItself),
                Halt::OutputClosed => Exit::Sandbox(Halt::OutputClosed),
            };
        }
        let why = match (error.downcast_ref::<Ending>(), error.downcast_ref::<Trap>()) {
            (Some(Ending::Busy), _) => format!(
                "did not yield: it computed for more than the {:?} that it may at a time",
                busy.unwrap_or_default()
            ),
            (Some(Ending::Late), _) => {
                "did not yield: it computed past the deadline of its task".to_string()
            }
            (Some(Ending::Flood), _) => format!(
                "wrote too much: it may write {} bytes to standard output and standard error",
                state.output.limit()
            ),
            (Some(Ending::Unshown), _) => format!("wrote more than was shown: {Overdrawn}"),
            (Some(Ending::Dying), _) => of_itself("died", &state.limiter, &mut state.output),
            (Some(Ending::ReadOnly), _) => state.segments.violation().to_string(),
            (None, Some(Trap::MemoryOutOfBounds)) if state.segments.was_hit() => {
                state.segments.violation().to_string()
            }
            (None, Some(Trap::OutOfFuel)) => {
                let limit = state.entry().fuel.unwrap_or(u64::MAX);
                return Exit::Sandbox(Halt::Stop(Stop::Fuel { limit }));
            }
            (None, Some(Trap::StackOverflow)) => format!(
                "used up its stack of {}: a recursion in it is too deep; grant it more with \
                 stack=SIZE",
                state.depth
            ),
            // One that Go's runtime means to make after it has said why, or one of its code's own.
            (None, Some(trap)) => {
                let otherwise = format!("broke a rule of WebAssembly: {trap}");
                of_itself(&otherwise, &state.limiter, &mut state.output)
            }
            (None, None) => format!("failed: {error:#}"),
        };
        Exit::Guest(format!("the Go guest '{name}' {why}"))
    }

    /// The message for a later call of a guest that has exited.
    pub fn again(&self, name: &str) -> String {
        match self {
            Exit::Guest(why) => why.clone(),
            Exit::Sandbox(Halt::Stop(stop)) => {
                format!("the Go guest '{name}' was stopped with its sandbox: {stop}")
            }
            Exit::Sandbox(_) => format!("the Go guest '{name}' was stopped with its sandbox"),
        }
    }
}

/// What Go's runtime has said last, or something else if it has said nothing.
fn of_itself(otherwise: &str, limiter: &Limiter, output: &mut Output) -> String {
    let Some(words) = output.take_last_words() else {
        return match limiter.refused() {
            Some(_) => out_of_memory(limiter),
            None => otherwise.to_string(),
        };
    };
    let (first, rest) = words.split_once('\n').unwrap_or((&words, ""));
    let rest = rest.trim_start_matches('\n');
    let rest = if rest.is_empty() { String::new() } else { format!("\n{rest}") };
    match first.strip_prefix("fatal error: ") {
        Some(fatal) if fatal.contains("all goroutines are asleep") => {
            format!("is deadlocked: all its goroutines are asleep, and nothing can wake them{rest}")
        }
        Some(_) if limiter.refused().is_some() => format!("{}{rest}", out_of_memory(limiter)),
        Some(fatal) => format!("died of a fatal error: {fatal}{rest}"),
        None => {
            let panic = first.strip_prefix("panic: ").unwrap_or(first);
            format!("died of a panic: {panic}{rest}")
        }
    }
}

fn out_of_memory(limiter: &Limiter) -> String {
    format!("ran out of memory: its limit is {} bytes; grant it more", limiter.limit())
}
