//! What is asked for, and how it has to end.

use Expect::{Ends, Fails, Says, Stops};
use Service::{Patient, Strict};

/// What a policy is to do, and what has to come of it.
#[derive(Debug)]
pub struct Kind {
    /// The act in `mix.lua`.
    pub act: &'static str,
    /// The user that is named, or the Go guest.
    pub user: &'static str,
    pub service: Service,
    pub expect: Expect,
    /// How often in each round.
    pub times: usize,
    /// Whether the client goes away before the answer.
    pub leaves: bool,
}

/// Which of two services is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// The one with a deadline that only a policy without an end can miss.
    Patient,
    /// The one with the deadline of a real service.
    Strict,
}

/// How a request has to end.
#[derive(Debug)]
pub enum Expect {
    /// Allowed, with this reason after the request's mark.
    Says(&'static str),
    /// Denied, with this in the reason.
    Fails(&'static str),
    /// A failure of this kind, with this in the message.
    Ends(&'static str, &'static str),
    /// A limit of the sandbox that stops the policy, whichever is reached first.
    Stops(&'static [&'static str]),
}

/// A Go guest on the thread of the request, and one with workers.
pub const ONE: &str = "one";
pub const CROWD: &str = "crowd";

const fn kind(act: &'static str, service: Service, expect: Expect) -> Kind {
    Kind { act, user: "bo", service, expect, times: 1, leaves: false }
}

const fn go(act: &'static str, user: &'static str, service: Service, expect: Expect) -> Kind {
    Kind { act, user, service, expect, times: 1, leaves: false }
}

const fn often(times: usize, kind: Kind) -> Kind {
    Kind { times, ..kind }
}

const fn leaving(kind: Kind) -> Kind {
    Kind { leaves: true, ..kind }
}

const NO_MEMORY: &str = "not enough memory";
const DEADLINE: Expect = Stops(&["deadline"]);
const BUSY: Expect = Stops(&["deadline", "did not yield"]);

pub const KINDS: &[Kind] = &[
    often(12, kind("compute", Patient, Says("37435"))),
    often(12, kind("look_up", Patient, Says("editor 40"))),
    often(6, kind("both", Patient, Says("cy 200"))),
    often(6, kind("read", Patient, Says("text of a file"))),
    often(3, kind("segment", Patient, Says("500500"))),
    often(6, go("go_good", ONE, Patient, Says("5 BO 9 990 rested rested"))),
    often(2, go("go_good", CROWD, Patient, Says("5 BO 9 990 rested rested"))),
    often(2, go("go_segment", ONE, Patient, Says("500500"))),
    go("go_segment", CROWD, Patient, Says("500500")),
    often(3, kind("error", Patient, Ends("lua_error", "crashed at "))),
    kind("error_table", Patient, Ends("lua_error", "table")),
    kind("error_giant", Patient, Ends("lua_error", "xxxx")),
    often(3, kind("exit", Patient, Ends("exited", "os.exit(3)"))),
    kind("overflow", Patient, Stops(&["lua_error", "memory"])),
    kind("overflow_c", Patient, Ends("lua_error", "stack overflow")),
    kind("overflow_coroutines", Patient, Ends("lua_error", "policy.lua:")),
    kind("no_verdict", Patient, Ends("bad_result", "result: expected ")),
    kind("deep_verdict", Patient, Ends("bad_result", "")),
    kind("wide_verdict", Patient, Ends("bad_result", "")),
    kind("hog", Patient, Ends("memory", "the memory limit of ")),
    kind("careful_hog", Patient, Fails(NO_MEMORY)),
    kind("bomb", Patient, Ends("memory", "the memory limit of ")),
    kind("careful_bomb", Patient, Fails(NO_MEMORY)),
    kind("endless_bomb", Patient, Fails("resulting string too large")),
    kind("coroutines", Patient, Ends("memory", "the memory limit of ")),
    kind("deep_source", Patient, Fails("overflow")),
    kind("flood", Patient, Stops(&["stopped"])),
    kind("careful_flood", Patient, Stops(&["stopped"])),
    kind("large_argument", Patient, Fails("bytes")),
    kind("arguments", Patient, Says("200")),
    kind("kept_errors", Patient, Says("500")),
    kind("kept_replies", Patient, Says("true")),
    kind("waiting_arguments", Patient, Stops(&["lua_error", "memory"])),
    kind("tasks", Patient, Stops(&["lua_error", "memory"])),
    kind("tasks_left", Strict, DEADLINE),
    kind("segments", Patient, Fails("segment")),
    kind("files", Patient, Fails("/data/file")),
    kind("write", Patient, Fails("/data/new")),
    kind("escape", Patient, Fails("passwd")),
    kind("spin", Strict, DEADLINE),
    kind("careful_spin", Strict, DEADLINE),
    kind("careful_hog_spin", Strict, DEADLINE),
    kind("careful_exit_spin", Strict, DEADLINE),
    kind("pattern", Strict, DEADLINE),
    kind("sleep", Strict, DEADLINE),
    kind("finalizer", Strict, DEADLINE),
    kind("spawner", Strict, DEADLINE),
    leaving(kind("spin", Strict, DEADLINE)),
    leaving(kind("sleep", Strict, DEADLINE)),
    leaving(go("go_left", ONE, Strict, BUSY)),
    leaving(go("go_busy", CROWD, Strict, BUSY)),
    go("go_panic", ONE, Patient, Fails("panic: boom")),
    go("go_panic", CROWD, Patient, Fails("panic: boom")),
    go("go_die", ONE, Patient, Fails("died of a panic")),
    go("go_die", CROWD, Patient, Fails("died of a panic")),
    go("go_deadlock", ONE, Patient, Fails("deadlock")),
    go("go_deadlock", CROWD, Patient, Fails("deadlock")),
    go("go_exit", ONE, Patient, Fails("os.Exit(3)")),
    go("go_exit", CROWD, Patient, Fails("os.Exit(3)")),
    go("go_hog", ONE, Patient, Fails("ran out of memory")),
    go("go_hog", CROWD, Patient, Fails("ran out of memory")),
    go("go_busy", ONE, Strict, BUSY),
    go("go_busy", CROWD, Strict, BUSY),
    go("go_recurse", ONE, Patient, Fails("stack")),
    go("go_recurse", CROWD, Patient, Fails("stack")),
    go("go_flood", ONE, Patient, Fails("wrote too much")),
    go("go_flood", CROWD, Patient, Fails("wrote too much")),
    go("go_leak", ONE, Patient, Says("500")),
    go("go_leak", CROWD, Patient, Says("500")),
    go("go_refused", ONE, Patient, Says("3000")),
    go("go_refused", CROWD, Patient, Says("3000")),
    go("go_left", ONE, Strict, BUSY),
    go("go_left", CROWD, Strict, BUSY),
    go("go_arguments", ONE, Patient, Says("50")),
    go("go_arguments", CROWD, Patient, Says("50")),
];

/// A round: the numbers of all kinds, as often as each is to be asked, well mixed. The same
/// on every machine.
pub fn round() -> Vec<usize> {
    let mut round: Vec<usize> =
        KINDS.iter().enumerate().flat_map(|(at, kind)| vec![at; kind.times]).collect();
    let mut state = 1u64;
    for last in (1..round.len()).rev() {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        round.swap(last, (state >> 33) as usize % (last + 1));
    }
    round
}
