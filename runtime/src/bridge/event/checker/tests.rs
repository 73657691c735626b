//! Traces of random lives pass; with one fault put in, each fails with that fault's words.

use super::TraceChecker;
use crate::bridge::event::{BridgeEvent, DoneStatus, Phase, WaitsFor};
use proptest::collection::vec;
use proptest::prelude::*;
use std::time::Duration;

fn check(trace: &[BridgeEvent]) -> Result<(), String> {
    let mut checker = TraceChecker::new();
    for event in trace {
        checker.feed(event)?;
    }
    checker.finish()
}

/// A valid trace: each number says what happens next to one of the tasks that are alive.
fn lived(choices: &[(u8, u8, u16)]) -> Vec<BridgeEvent> {
    let mut trace = Vec::new();
    let mut alive = vec![(1_u64, Phase::Start)];
    let mut tasks = 1;
    let mut time = Duration::ZERO;
    push(&mut trace, 1, None, Phase::Start, time);
    let statuses = [DoneStatus::Ok, DoneStatus::Panic, DoneStatus::Cancelled, DoneStatus::Dead];
    for (which, what, pause) in choices {
        time += Duration::from_nanos(u64::from(*pause));
        let count = alive.len();
        if count == 0 {
            break;
        }
        let (task, last) = &mut alive[usize::from(*which) % count];
        let next = match (*last, what % 8) {
            (Phase::Start | Phase::Resume, 0..=2) => Phase::Pause,
            (Phase::Pause, 0..=3) => Phase::Resume,
            (Phase::Start | Phase::Pause | Phase::Resume, 7) => {
                Phase::Done(statuses[usize::from(what / 8) % statuses.len()])
            }
            (Phase::Done(_), 0..=3) => Phase::Released,
            _ => {
                tasks += 1;
                let parent = (what / 8).is_multiple_of(2).then_some(*task);
                push(&mut trace, tasks, parent, Phase::Start, time);
                alive.push((tasks, Phase::Start));
                continue;
            }
        };
        push(&mut trace, *task, None, next, time);
        *last = next;
        alive.retain(|(_, last)| *last != Phase::Released);
    }
    for (task, last) in alive {
        if !matches!(last, Phase::Done(_)) {
            push(&mut trace, task, None, Phase::Done(DoneStatus::Cancelled), time);
        }
        push(&mut trace, task, None, Phase::Released, time);
    }
    trace
}

fn push(
    trace: &mut Vec<BridgeEvent>,
    task: u64,
    parent: Option<u64>,
    phase: Phase,
    time: Duration,
) {
    trace.push(BridgeEvent {
        seq: trace.len() as u64 + 1,
        time,
        task,
        parent,
        coroutine: None,
        goroutine: None,
        guest: None,
        name: None,
        phase,
        waits_for: (phase == Phase::Pause).then_some(WaitsFor::Timer),
    });
}

fn any_trace() -> impl Strategy<Value = Vec<BridgeEvent>> {
    vec(any::<(u8, u8, u16)>(), 0..120).prop_map(|choices| lived(&choices))
}

/// Numbers events anew, so that a fault is not found by its number.
fn numbered(mut trace: Vec<BridgeEvent>) -> Vec<BridgeEvent> {
    for (index, event) in trace.iter_mut().enumerate() {
        event.seq = index as u64 + 1;
    }
    trace
}

/// Where one of the events is that are as wanted.
fn instance(
    trace: &[BridgeEvent],
    pick: prop::sample::Index,
    wanted: impl Fn(usize, &BridgeEvent) -> bool,
) -> Option<usize> {
    let places: Vec<usize> =
        trace.iter().enumerate().filter(|(at, it)| wanted(*at, it)).map(|(at, _)| at).collect();
    (!places.is_empty()).then(|| places[pick.index(places.len())])
}

/// The next thing that happens to the same task.
fn next_of(trace: &[BridgeEvent], at: usize) -> Option<Phase> {
    trace[at + 1..].iter().find(|it| it.task == trace[at].task).map(|it| it.phase)
}

fn is_done(event: &BridgeEvent) -> bool {
    matches!(event.phase, Phase::Done(_))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_valid_trace_passes(trace in any_trace()) {
        prop_assert_eq!(check(&trace), Ok(()));
    }

    #[test]
    fn a_gap_in_the_numbers_is_found(mut trace in any_trace(), pick: prop::sample::Index) {
        let at = pick.index(trace.len());
        trace[at..].iter_mut().for_each(|event| event.seq += 1);
        prop_assert!(check(&trace).unwrap_err().contains("the next number is"));
    }

    #[test]
    fn a_number_that_comes_twice_is_found(mut trace in any_trace(), pick: prop::sample::Index) {
        let at = pick.index(trace.len());
        trace[at..].iter_mut().for_each(|event| event.seq -= 1);
        prop_assert!(check(&trace).unwrap_err().contains("the next number is"));
    }

    #[test]
    fn a_time_that_goes_back_is_found(mut trace in any_trace(), pick: prop::sample::Index) {
        let at = 1 + pick.index(trace.len() - 1);
        trace[at - 1].time = trace[at].time + Duration::from_nanos(1);
        prop_assert!(check(&trace).unwrap_err().contains("the time goes back"));
    }

    #[test]
    fn a_missing_start_is_found(mut trace in any_trace(), pick: prop::sample::Index) {
        let at = instance(&trace, pick, |_, it| it.phase == Phase::Start).unwrap();
        trace.remove(at);
        prop_assert!(check(&numbered(trace)).unwrap_err().contains("was never started"));
    }

    #[test]
    fn a_second_start_is_found(mut trace in any_trace(), pick: prop::sample::Index) {
        let at = instance(&trace, pick, |_, it| it.phase == Phase::Start).unwrap();
        trace.insert(at + 1, trace[at].clone());
        prop_assert!(check(&numbered(trace)).unwrap_err().contains("was started already"));
    }

    #[test]
    fn a_parent_that_starts_later_or_never_is_found(mut trace in any_trace(), pick: prop::sample::Index) {
        let at = instance(&trace, pick, |_, it| it.phase == Phase::Start).unwrap();
        let later = trace.iter().map(|it| it.task).max().unwrap();
        for parent in [trace[at].task, later, later + 1] {
            trace[at].parent = Some(parent);
            prop_assert!(check(&trace).unwrap_err().contains("which was never started"));
        }
    }

    #[test]
    fn a_missing_pause_is_found(mut trace in any_trace(), pick: prop::sample::Index) {
        let at = instance(&trace, pick, |at, it| {
            it.phase == Phase::Pause && next_of(&trace, at) == Some(Phase::Resume)
        });
        prop_assume!(at.is_some());
        trace.remove(at.unwrap());
        prop_assert!(check(&numbered(trace)).unwrap_err().contains("resumes, but it is not paused"));
    }

    #[test]
    fn a_missing_resume_is_found(mut trace in any_trace(), pick: prop::sample::Index) {
        let at = instance(&trace, pick, |at, it| {
            it.phase == Phase::Resume && next_of(&trace, at) == Some(Phase::Pause)
        });
        prop_assume!(at.is_some());
        trace.remove(at.unwrap());
        prop_assert!(check(&numbered(trace)).unwrap_err().contains("pauses, but it is paused already"));
    }

    #[test]
    fn a_second_pause_or_resume_is_found(mut trace in any_trace(), pick: prop::sample::Index) {
        let at = instance(&trace, pick, |_, it| matches!(it.phase, Phase::Pause | Phase::Resume));
        prop_assume!(at.is_some());
        let at = at.unwrap();
        trace.insert(at + 1, trace[at].clone());
        let violation = check(&numbered(trace)).unwrap_err();
        prop_assert!(violation.ends_with("is paused already") || violation.ends_with("is not paused"));
    }

    #[test]
    fn a_task_that_is_never_done_is_found(mut trace in any_trace(), pick: prop::sample::Index) {
        let at = instance(&trace, pick, |_, it| is_done(it)).unwrap();
        let task = trace[at].task;
        let mut cut = trace.clone();
        trace.remove(at);
        prop_assert!(check(&numbered(trace)).unwrap_err().contains("is released, but it is not done"));
        cut.retain(|it| it.task != task || !(is_done(it) || it.phase == Phase::Released));
        prop_assert!(check(&numbered(cut)).unwrap_err().contains("was started, but never done"));
    }

    #[test]
    fn a_task_that_is_done_twice_is_found(mut trace in any_trace(), pick: prop::sample::Index) {
        let at = instance(&trace, pick, |_, it| is_done(it)).unwrap();
        trace.insert(at + 1, trace[at].clone());
        prop_assert!(check(&numbered(trace)).unwrap_err().contains("is done, but it was done already"));
    }

    #[test]
    fn anything_but_a_release_after_the_end_is_found(mut trace in any_trace(), pick: prop::sample::Index) {
        let at = instance(&trace, pick, |_, it| is_done(it)).unwrap();
        for phase in [Phase::Start, Phase::Pause, Phase::Resume] {
            let late = BridgeEvent { phase, ..trace[at].clone() };
            trace.insert(at + 1, late);
            prop_assert!(check(&numbered(trace.clone())).unwrap_err().contains("but it was done already"));
            trace.remove(at + 1);
        }
    }

    #[test]
    fn a_missing_release_is_found(mut trace in any_trace(), pick: prop::sample::Index) {
        let at = instance(&trace, pick, |_, it| it.phase == Phase::Released).unwrap();
        trace.remove(at);
        prop_assert!(check(&numbered(trace)).unwrap_err().contains("is done, but it was never released"));
    }

    #[test]
    fn anything_after_the_release_is_found(trace in any_trace(), pick: prop::sample::Index) {
        let at = instance(&trace, pick, |_, it| it.phase == Phase::Released).unwrap();
        let done = Phase::Done(DoneStatus::Ok);
        for phase in [Phase::Start, Phase::Pause, Phase::Resume, done, Phase::Released] {
            let mut trace = trace.clone();
            trace.insert(at + 1, BridgeEvent { phase, ..trace[at].clone() });
            prop_assert!(check(&numbered(trace)).unwrap_err().contains("but it was released already"));
        }
    }
}

#[test]
fn no_events_are_a_valid_trace() {
    assert_eq!(check(&[]), Ok(()));
}
