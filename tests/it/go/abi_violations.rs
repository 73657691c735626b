//! A guest that breaks the ABI harms nobody but itself.

use super::guests::{build, fixtures};
use luago::{GoGrant, GoModule, Sandbox};
use luago_test_support::sandboxes::engine;
use luago_test_support::sandboxes::{builder, limits, result, run};
use std::sync::OnceLock;
use std::time::Duration;

fn violator() -> GoModule {
    static MODULE: OnceLock<GoModule> = OnceLock::new();
    MODULE.get_or_init(|| GoModule::from_file(engine(), build("violator")).unwrap()).clone()
}

fn sandbox(violation: &str) -> Sandbox {
    builder("5.4")
        .limits(limits().deadline(None))
        .go(
            "violator",
            violator(),
            GoGrant::new().env("VIOLATION", violation).busy(Duration::from_secs(5)),
        )
        .go("fixtures", fixtures(), GoGrant::new())
        .build()
        .unwrap()
}

/// What calling the violator gives, by a task and directly: its result or its error. The other
/// guest and the host live on.
fn told(violation: &str) -> [String; 2] {
    let mut sandbox = sandbox(violation);
    let told: Vec<String> = result(
        &mut sandbox,
        "
        local function told(name)
            local ok, violator = pcall(require, 'violator')
            if not ok then return tostring(violator) end
            return tostring(select(2, pcall(violator[name], ('x'):rep(20000))))
        end
        local task, direct = told 'violate', told 'violate_directly'
        local fixtures = require 'fixtures'
        assert(fixtures.add_task(1, 2) == 3 and fixtures.add(1, 2) == 3)
        return {task, direct}",
    );
    run(&mut sandbox, "assert(require('fixtures').add_task(1, 2) == 3)");
    assert!(sandbox.close().unwrap().is_returned());
    told.try_into().unwrap()
}

#[track_caller]
fn says(violation: &str, expected: &[&str]) {
    for why in told(violation) {
        let has = |part: &&str| why.contains(part);
        assert!(expected.iter().all(has), "{violation}: expected {expected:?} in: {why}");
    }
}

#[test]
fn the_guest_is_good_as_long_as_it_violates_nothing() {
    assert_eq!(told(""), ["42", "42"]);
}

#[test]
fn what_the_guest_says_of_itself_is_checked_when_it_starts() {
    for violation in [
        "block outside",
        "inbox outside",
        "inbox endless",
        "functions outside",
        "functions endless",
        "functions half",
        "functions nameless",
        "functions named outside",
    ] {
        says(
            violation,
            &["the Go guest 'violator' broke the ABI", "build it with the luago Go package"],
        );
    }
}

#[test]
fn room_that_is_not_there_ends_the_guest() {
    says("no room", &["the Go guest 'violator' broke the ABI", "no room for what it is sent"]);
    says("room outside", &["the Go guest 'violator' broke the ABI", "outside its memory"]);
}

#[test]
fn results_that_cannot_be_are_errors() {
    for violation in [
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
        for why in told(violation) {
            assert!(why.contains("violator"), "{violation}: {why}");
            assert!(why != "42" && !why.contains("attempt to"), "{violation}: {why}");
        }
    }
}

#[test]
fn frames_and_events_outside_the_memory_end_the_guest() {
    for violation in ["events endless", "events elsewhere", "frame outside", "frame endless"] {
        let [why, _] = told(violation);
        assert!(why.contains("the Go guest 'violator' broke the ABI"), "{violation}: {why}");
    }
    for violation in ["outbox outside", "frame endless"] {
        let [_, why] = told(violation);
        assert!(why.contains("violator"), "{violation}: {why}");
    }
    let [why, _] = told("event of no kind");
    assert!(why.contains("the Go guest 'violator' broke the ABI"), "{why}");
}

#[test]
fn events_that_fit_no_task_change_nothing() {
    for violation in
        ["event of another task", "done twice", "call after the end", "abandon of nothing"]
    {
        assert_eq!(told(violation)[0], "42", "{violation}");
    }
}

#[test]
fn calls_of_what_was_not_passed_or_granted_are_answered_with_errors() {
    // The violator ends its task when it is answered, with the status that it was given.
    for violation in ["call of an unknown function", "call of nothing", "call number 0"] {
        let [outcome, _] = told(violation);
        assert!(outcome == "42" || outcome.contains("violator"), "{violation}: {outcome}");
    }
}

#[test]
fn other_lies_leave_the_host_alive() {
    for violation in [
        "never done",
        "status",
        "report outside",
        "events from nowhere",
        "fewer values than slots",
        "unknown stream",
    ] {
        let _ = told(violation);
    }
    let [why, _] = told("never done");
    assert!(why.contains("deadlock"), "{why}");
}
