//! What may be seen while a random program runs.

use super::program::{Body, Mode, Program, Step, any_step, body_of};
use luago::{BridgeEvent, DoneStatus, Phase};
use std::collections::HashMap;

/// What the program notes: what, of which task, and two details.
pub type Note = (String, u64, Option<String>, Option<String>);

/// What is known of one task.
#[derive(Debug, Default)]
struct Seen {
    act: String,
    guest: usize,
    has_begun: bool,
    /// It was asked to end, and that was no mistake.
    is_cancelled: bool,
    /// Something that cancels tasks had it in hand.
    may_be_cancelled: bool,
    /// Its last status, if nothing comes after that.
    end: Option<String>,
    /// What awaiting it gave.
    outcome: Option<(bool, String)>,
}

/// What a program can lead to.
struct Possible {
    /// By guest, with the first at 1.
    exits: [bool; 3],
    /// Tasks may wait for each other.
    is_stuck: bool,
    has_timeouts: bool,
    /// How many calls do not listen when they are cancelled.
    stubborn: bool,
}

const ENDS: [&str; 4] = ["done", "failed", "cancelled", "dropped"];
const FAILING: [&str; 6] =
    ["panic", "goexit", "fail", "nil_dereference", "panic_in_luago_go", "die"];
const ENDLESS: [&str; 3] = ["until_done", "forever", "spin_until_done"];

impl Possible {
    fn of(program: &Program) -> Possible {
        let has = |is: &dyn Fn(&Step) -> bool| any_step(&program.steps, is);
        let has_body = |is: &dyn Fn(&Body) -> bool| has(&|step| body_of(step).is_some_and(is));
        let waits = |step: &Step| {
            matches!(
                step,
                Step::Await { .. } | Step::AwaitBare { .. } | Step::All { .. } | Step::Race { .. }
            )
        };
        let is_stuck =
            has_body(&|body| ENDLESS.contains(&body.act) || any_step(&body.steps, &waits))
                || has(&|step| match step {
                    Step::Scope { steps, .. } | Step::Nest { steps, .. } => any_step(steps, &waits),
                    _ => false,
                });
        let can_exit =
            |guest| has_body(&|body| body.act == "die" && body.guest == Some(guest)) || is_stuck;
        Possible {
            exits: [false, can_exit(1), can_exit(2)],
            is_stuck,
            has_timeouts: has(&|step| matches!(step, Step::Timeout { .. }))
                || matches!(program.mode, Mode::Deadline(_)),
            stubborn: has_body(&|body| ["stubborn", "forever", "yielding"].contains(&body.act))
                || has(&|step| matches!(step, Step::Stream { .. })),
        }
    }
}

/// Says what was seen and cannot be.
pub fn check_notes(program: &Program, notes: &[Note]) -> Result<(), String> {
    let possible = Possible::of(program);
    let mut tasks: HashMap<u64, Seen> = HashMap::new();
    for (index, note) in notes.iter().enumerate() {
        let (what, uid, a, b) = note;
        let (a, b) = (a.as_deref().unwrap_or_default(), b.as_deref().unwrap_or_default());
        let wrong = |why: &str| {
            let tail = &notes[index.saturating_sub(30)..=index];
            Err(format!("note {index}: {why}: {note:?}\nlast notes: {tail:#?}"))
        };
        match what.as_str() {
            "wrong" => return wrong("the program has seen it"),
            "nested" => continue,
            "stream" => {
                let is_known = a == "true"
                    || ["the line is cut", "in a stream", "raised by", "cancelled", "timed out"]
                        .iter()
                        .chain(EXPECTED)
                        .any(|known| b.contains(known));
                if !is_known {
                    return wrong("a stream failed in an unknown way");
                }
                continue;
            }
            "spawn" => {
                let guest = b.parse().unwrap_or_default();
                let seen = Seen { act: a.to_string(), guest, ..Seen::default() };
                if tasks.insert(*uid, seen).is_some() {
                    return wrong("it was there already");
                }
                continue;
            }
            _ => {}
        }
        let Some(seen) = tasks.get_mut(uid) else { return wrong("no such task") };
        match what.as_str() {
            "begin" if seen.has_begun && seen.act == "lua" => return wrong("it began twice"),
            "begin" if seen.is_cancelled && seen.act == "lua" => {
                return wrong("it began after it was cancelled");
            }
            "begin" => seen.has_begun = true,
            "end" => {}
            "may_cancel" => seen.may_be_cancelled = true,
            "status" | "final" => {
                if let Some(end) = &seen.end
                    && end != a
                {
                    return wrong(&format!("it was {end} before"));
                }
                if what == "final" && !ENDS.contains(&a) {
                    return wrong("it is not over");
                }
                if ENDS.contains(&a) {
                    seen.end = Some(a.to_string());
                    if let Some(why) = refused_end(seen, a, &possible) {
                        return wrong(why);
                    }
                }
            }
            "cancel" => {
                if a == "true" && (seen.is_cancelled || ENDS.contains(&b)) {
                    return wrong("it was over or cancelled already");
                }
                if a == "false"
                    && !seen.is_cancelled
                    && !seen.may_be_cancelled
                    && !ENDS.contains(&b)
                {
                    return wrong("it could have been cancelled");
                }
                // What raises is the end of the task itself, or of one around it.
                seen.is_cancelled |= a != "false";
            }
            "await" | "called" => {
                let outcome = (a == "true", b.to_string());
                if what == "await"
                    && let Some(before) = &seen.outcome
                    && before.0 != outcome.0
                    && !is_about_the_waiter(&outcome.1)
                    && !is_about_the_waiter(&before.1)
                {
                    return wrong(&format!("it ended as {before:?} before"));
                }
                if let Some(why) = refused_outcome(*uid, seen, &outcome, &possible) {
                    return wrong(why);
                }
                seen.outcome = Some(outcome);
            }
            _ => return wrong("an unknown note"),
        }
    }
    Ok(())
}

/// Errors that anything can end with.
const EXPECTED: &[&str] = &[
    "the Go guest",
    "every task waits for another",
    "cannot wait for itself",
    "the call that the task belonged to has failed",
    "deadline exceeded",
];

/// Errors that say that who waits is to end, and nothing of what it waits for.
fn is_about_the_waiter(text: &str) -> bool {
    ["cancelled", "timed out", "every task waits", "cannot wait for itself"]
        .iter()
        .any(|known| text.contains(known))
}

fn refused_end(seen: &Seen, end: &str, possible: &Possible) -> Option<&'static str> {
    let may_have_exited = possible.exits.get(seen.guest).copied().unwrap_or(false);
    let is_lua = matches!(seen.act.as_str(), "lua" | "apply");
    match end {
        "done" if seen.is_cancelled => Some("it was cancelled and is done"),
        "done" if FAILING.contains(&seen.act.as_str()) => Some("it cannot end well"),
        "done" if ENDLESS.contains(&seen.act.as_str()) => Some("it has no end"),
        "failed"
            if !is_lua
                && !may_have_exited
                && !possible.has_timeouts
                && !possible.is_stuck
                && !FAILING.contains(&seen.act.as_str()) =>
        {
            Some("nothing could make it fail")
        }
        "cancelled" if !seen.is_cancelled && !seen.may_be_cancelled => {
            Some("nobody has cancelled it")
        }
        _ => None,
    }
}

fn refused_outcome(
    uid: u64,
    seen: &Seen,
    outcome: &(bool, String),
    possible: &Possible,
) -> Option<&'static str> {
    let (is_ok, text) = outcome;
    let act = seen.act.as_str();
    if *is_ok {
        return match act {
            _ if seen.is_cancelled => Some("a cancelled task gave results"),
            _ if FAILING.contains(&act) || ENDLESS.contains(&act) => Some("it gave results"),
            _ if text.parse::<f64>() != Ok(uid as f64) => Some("it gave another's results"),
            _ => None,
        };
    }
    let says = |known: &[&str]| known.iter().any(|known| text.contains(known));
    if is_about_the_waiter(text) || says(EXPECTED) {
        return None;
    }
    let is_right = match act {
        "panic" | "panic_in_luago_go" => says(&["on purpose"]),
        "goexit" => says(&["Goexit"]),
        "fail" => says(&["cannot find on purpose: map is bad: no such place"]),
        "nil_dereference" => says(&["nil pointer dereference"]),
        "lua" | "apply" => says(&[
            "raised by",
            "on purpose",
            "Goexit",
            "nil pointer",
            "line is cut",
            "in a stream",
        ]),
        _ => possible.has_timeouts && says(&["timeout", "deadline"]),
    };
    (!is_right).then_some("it failed with another's error")
}

/// Checks how the program itself ended, `None` if well.
pub fn check_end(program: &Program, error: Option<&str>) -> Result<(), String> {
    let Some(error) = error else { return Ok(()) };
    let known = [
        "raised by",
        "on purpose",
        "Goexit",
        "nil pointer",
        "line is cut",
        "in a stream",
        "cancelled",
        "timed out",
    ];
    let is_known = known.iter().chain(EXPECTED).any(|known| error.contains(known));
    let possible = Possible::of(program);
    if !is_known {
        return Err(format!("the program ended with an unknown error: {error}"));
    }
    if error.contains("every task waits for another") && !possible.is_stuck {
        return Err(format!("no task waits for another: {error}"));
    }
    if error.contains("deadlock") && !possible.is_stuck {
        return Err(format!("there is no deadlock: {error}"));
    }
    Ok(())
}

/// Checks what calling a guest after the program gave: nothing, or why it cannot be called.
pub fn check_probe(program: &Program, probe: &[String]) -> Result<(), String> {
    let possible = Possible::of(program);
    for (index, why) in probe.iter().enumerate() {
        let may_have_exited = possible.exits[index + 1] && !program.guests[index].restarts;
        let is_good = why.is_empty() || may_have_exited && why.contains("the Go guest");
        if !is_good {
            return Err(format!("guest {} cannot be called: {why}", index + 1));
        }
    }
    Ok(())
}

/// Checks what the events say as a whole.
pub fn check_events(
    program: &Program,
    events: &[BridgeEvent],
    leaked: Option<u64>,
) -> Result<(), String> {
    let possible = Possible::of(program);
    let count = |status| events.iter().filter(|event| event.phase == Phase::Done(status)).count();
    if let Some(leaked) = leaked
        && count(DoneStatus::Leaked) as u64 != leaked
    {
        return Err(format!("{leaked} leaked, and events tell of {}", count(DoneStatus::Leaked)));
    }
    // By a real clock the grace period can pass while the machine does other things.
    let is_exact = matches!(program.mode, Mode::Deterministic(_));
    if count(DoneStatus::Leaked) > 0 && !possible.stubborn && leaked.is_some() && is_exact {
        return Err("nothing could leak".to_string());
    }
    let is_over =
        matches!(program.mode, Mode::Deadline(_) | Mode::Dropped(_) | Mode::Interrupted(_));
    let may_have_exited = is_over || possible.exits.contains(&true);
    if count(DoneStatus::Dead) > 0 && !may_have_exited {
        return Err("no guest could die".to_string());
    }
    Ok(())
}
