//! A guest that breaks the ABI harms nobody but itself.

use super::guests::{acts, build};
use crate::support::sandboxes::engine;
use crate::support::sandboxes::{builder, limits, result, run};
use luago::{GoGrant, GoModule, Sandbox};
use std::sync::OnceLock;
use std::time::Duration;

fn liar() -> GoModule {
    static MODULE: OnceLock<GoModule> = OnceLock::new();
    MODULE.get_or_init(|| GoModule::from_file(engine(), build("liar")).unwrap()).clone()
}

fn sandbox(lie: &str) -> Sandbox {
    builder("5.4")
        .limits(limits().deadline(None))
        .go("liar", liar(), GoGrant::new().env("LIE", lie).busy(Duration::from_secs(5)))
        .go("acts", acts(), GoGrant::new())
        .build()
        .unwrap()
}

/// What calling the liar gives, by a task and directly: its result or its error. The other
/// guest and the host live on.
fn told(lie: &str) -> [String; 2] {
    let mut sandbox = sandbox(lie);
    let told: Vec<String> = result(
        &mut sandbox,
        "
        local function told(name)
            local ok, liar = pcall(require, 'liar')
            if not ok then return tostring(liar) end
            return tostring(select(2, pcall(liar[name], ('x'):rep(20000))))
        end
        local task, direct = told 'lie', told 'lie_directly'
        local acts = require 'acts'
        assert(acts.add_task(1, 2) == 3 and acts.add(1, 2) == 3)
        return {task, direct}",
    );
    run(&mut sandbox, "assert(require('acts').add_task(1, 2) == 3)");
    assert!(sandbox.close().unwrap().is_returned());
    told.try_into().unwrap()
}

#[track_caller]
fn says(lie: &str, expected: &[&str]) {
    for why in told(lie) {
        let has = |part: &&str| why.contains(part);
        assert!(expected.iter().all(has), "{lie}: expected {expected:?} in: {why}");
    }
}

#[test]
fn the_guest_is_good_as_long_as_it_does_not_lie() {
    assert_eq!(told(""), ["42", "42"]);
}

#[test]
fn what_the_guest_says_of_itself_is_checked_when_it_starts() {
    for lie in [
        "block outside",
        "inbox outside",
        "inbox endless",
        "functions outside",
        "functions endless",
        "functions half",
        "functions nameless",
        "functions named outside",
    ] {
        says(lie, &["the Go guest 'liar' broke the ABI", "build it with the luago Go package"]);
    }
}

#[test]
fn room_that_is_not_there_ends_the_guest() {
    says("no room", &["the Go guest 'liar' broke the ABI", "no room for what it is sent"]);
    says("room outside", &["the Go guest 'liar' broke the ABI", "outside its memory"]);
}

#[test]
fn results_that_cannot_be_are_errors() {
    for lie in [
        "bad tag",
        "string outside",
        "string endless",
        "sequence endless",
        "table endless",
        "table with a nil key",
        "error of nothing",
        "error of numbers",
        "unknown function",
        "deep",
        "more values than slots",
        "half a slot",
    ] {
        for why in told(lie) {
            assert!(why.contains("liar"), "{lie}: {why}");
            assert!(why != "42" && !why.contains("attempt to"), "{lie}: {why}");
        }
    }
}

#[test]
fn frames_and_events_outside_the_memory_end_the_guest() {
    for lie in ["events endless", "events elsewhere", "frame outside", "frame endless"] {
        let [why, _] = told(lie);
        assert!(why.contains("the Go guest 'liar' broke the ABI"), "{lie}: {why}");
    }
    for lie in ["outbox outside", "frame endless"] {
        let [_, why] = told(lie);
        assert!(why.contains("liar"), "{lie}: {why}");
    }
    let [why, _] = told("event of no kind");
    assert!(why.contains("the Go guest 'liar' broke the ABI"), "{why}");
}

#[test]
fn events_that_fit_no_task_change_nothing() {
    for lie in ["event of another task", "done twice", "call after the end", "abandon of nothing"] {
        assert_eq!(told(lie)[0], "42", "{lie}");
    }
}

#[test]
fn calls_of_what_was_not_passed_or_granted_are_answered_with_errors() {
    // The liar ends its task when it is answered, with the status that it was given.
    for lie in ["call of an unknown function", "call of nothing", "call number 0"] {
        let [outcome, _] = told(lie);
        assert!(outcome == "42" || outcome.contains("liar"), "{lie}: {outcome}");
    }
}

#[test]
fn other_lies_leave_the_host_alive() {
    for lie in [
        "never done",
        "status",
        "report outside",
        "events from nowhere",
        "fewer values than slots",
        "unknown stream",
    ] {
        let _ = told(lie);
    }
    let [why, _] = told("never done");
    assert!(why.contains("deadlock"), "{why}");
}
