//! The rules that every sequence of events keeps.

use super::{BridgeEvent, Phase};
use std::collections::HashMap;
use std::time::Duration;

/// Checks that a sequence of events keeps the rules of a task's life:
///
/// - events are numbered from 1 without gaps, and their time never goes back;
/// - a task starts once, before anything else happens to it, and after the task that
///   started it;
/// - pauses and resumes take turns, beginning with a pause;
/// - a task is done once, and then nothing happens to it but that it is released, once;
/// - at the end every task is done and released.
///
/// After a violation the checker is of no more use: what follows may be a consequence.
///
/// ```
/// use luago::{BridgeEvent, TraceChecker};
///
/// let trace = r#"
///     {"seq":1,"time":0.1,"task":1,"phase":"start"}
///     {"seq":2,"time":0.2,"task":1,"phase":"resume"}
/// "#;
/// let mut checker = TraceChecker::new();
/// let mut violation = None;
/// for event in serde_json::Deserializer::from_str(trace).into_iter::<BridgeEvent>() {
///     violation = checker.feed(&event?).err();
/// }
/// assert_eq!(violation.as_deref(), Some("event 2: task 1 resumes, but it is not paused"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct TraceChecker {
    seq: u64,
    time: Duration,
    tasks: HashMap<u64, State>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    Paused,
    Done,
    Released,
}

impl TraceChecker {
    /// A checker that has seen nothing yet.
    pub fn new() -> TraceChecker {
        TraceChecker::default()
    }

    /// Takes the next event, and says which rule it breaks.
    pub fn feed(&mut self, event: &BridgeEvent) -> Result<(), String> {
        self.step(event).map_err(|violation| format!("event {}: {violation}", event.seq))
    }

    /// Says which task is left when no events follow: the one with the lowest number.
    pub fn finish(&self) -> Result<(), String> {
        let left = self.tasks.iter().filter(|(_, state)| **state != State::Released);
        match left.min_by_key(|(task, _)| **task) {
            None => Ok(()),
            Some((task, State::Done)) => {
                Err(format!("at the end: task {task} is done, but it was never released"))
            }
            Some((task, _)) => Err(format!("at the end: task {task} was started, but never done")),
        }
    }

    fn step(&mut self, event: &BridgeEvent) -> Result<(), String> {
        let expected = self.seq.saturating_add(1);
        if event.seq != expected {
            return Err(format!("the next number is {expected}"));
        }
        if event.time < self.time {
            return Err(format!("the time goes back from {:?} to {:?}", self.time, event.time));
        }
        self.seq = event.seq;
        self.time = event.time;
        let task = event.task;
        let state = self.tasks.get(&task).copied();
        let next = match (state, event.phase) {
            (None, Phase::Start) => {
                if let Some(parent) = event.parent.filter(|it| !self.tasks.contains_key(it)) {
                    return Err(format!(
                        "task {task} was started by task {parent}, which was never started"
                    ));
                }
                State::Running
            }
            (Some(State::Running), Phase::Pause) => State::Paused,
            (Some(State::Paused), Phase::Resume) => State::Running,
            (Some(State::Running | State::Paused), Phase::Done(_)) => State::Done,
            (Some(State::Done), Phase::Released) => State::Released,
            (state, phase) => {
                return Err(format!(
                    "task {task} {}, but it {}",
                    verb(phase),
                    why_not(state, phase)
                ));
            }
        };
        self.tasks.insert(task, next);
        Ok(())
    }
}

fn verb(phase: Phase) -> &'static str {
    match phase {
        Phase::Start => "starts",
        Phase::Pause => "pauses",
        Phase::Resume => "resumes",
        Phase::Done(_) => "is done",
        Phase::Released => "is released",
    }
}

fn why_not(state: Option<State>, phase: Phase) -> &'static str {
    match (state, phase) {
        (None, _) => "was never started",
        (Some(State::Released), _) => "was released already",
        (Some(State::Done), _) => "was done already",
        (Some(_), Phase::Start) => "was started already",
        (Some(_), Phase::Released) => "is not done",
        (Some(State::Paused), _) => "is paused already",
        (Some(State::Running), _) => "is not paused",
    }
}

#[cfg(test)]
mod tests;
