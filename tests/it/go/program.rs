//! Random programs of tasks.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde::Serialize;

/// A program, and the sandbox that it runs in.
#[derive(Debug, Clone)]
pub struct Program {
    pub guests: [Setup; 2],
    pub mode: Mode,
    pub steps: Vec<Step>,
}

/// How a Go guest is granted.
#[derive(Debug, Clone)]
pub struct Setup {
    pub workers: u32,
    pub restarts: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Mode {
    /// By this machine's clock.
    Real,
    /// By a virtual clock.
    Deterministic(u64),
    /// With a deadline in milliseconds, which may come while the program runs.
    Deadline(u64),
    /// In a future.
    Async,
    /// In a future that is dropped after some milliseconds.
    Dropped(u64),
    /// Interrupted after some milliseconds.
    Interrupted(u64),
}

/// What a task does.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Body {
    pub act: &'static str,
    /// The number of the guest, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guest: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how: Option<&'static str>,
    pub steps: Vec<Step>,
}

/// One step; slots hold the tasks that steps are about.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Step {
    Spawn { slot: u8, body: Body },
    Status { slot: u8, needs_slot: bool },
    Await { slot: u8, needs_slot: bool, bare: bool },
    AwaitBare { slot: u8, needs_slot: bool },
    Cancel { slot: u8, needs_slot: bool, reason: Option<&'static str> },
    CancelSelf,
    All { slots: Vec<u8> },
    Race { slots: Vec<u8> },
    Sleep { ms: u64 },
    Yield,
    Call { body: Body },
    Timeout { ms: u64, body: Body },
    Scope { body: Body, steps: Vec<Step> },
    Open { guest: u8, gate: u8 },
    Stream { guest: u8, kind: &'static str, n: u64, take: u64, how: &'static str },
    Drop { slot: u8 },
    Collect,
    Raise,
    Nest { how: &'static str, steps: Vec<Step> },
}

const SLOTS: u8 = 6;

fn slot() -> impl Strategy<Value = u8> {
    1..=SLOTS
}

fn guest() -> impl Strategy<Value = u8> {
    prop_oneof![3 => Just(1u8), 1 => Just(2u8)]
}

fn go_body() -> impl Strategy<Value = Body> {
    let plain = select(vec!["quick", "direct", "many", "wait_for", "nap"]);
    let failing = select(vec!["panic", "goexit", "fail", "nil_dereference", "panic_in_luago_go"]);
    let slow = select(vec!["stubborn", "yielding", "nap"]);
    let act = |act, guest, n| Body { act, guest: Some(guest), n: Some(n), ..Body::default() };
    prop_oneof![
        12 => (plain, guest(), 0u64..5).prop_map(move |(name, guest, n)| act(name, guest, n)),
        4 => (failing, guest()).prop_map(move |(name, guest)| act(name, guest, 0)),
        4 => (slow, guest(), 0u64..20).prop_map(move |(name, guest, n)| act(name, guest, n)),
        1 => (select(vec!["until_done", "forever"]), guest())
            .prop_map(move |(name, guest)| act(name, guest, 0)),
        1 => (select(vec!["exit", "panic", "exit", "panic", "memory"]), guest()).prop_map(
            move |(how, guest)| Body { how: Some(how), ..act("die", guest, 0) }
        ),
    ]
}

fn body(steps: BoxedStrategy<Vec<Step>>) -> impl Strategy<Value = Body> {
    let lua = |steps| Body { act: "lua", steps, ..Body::default() };
    let apply =
        |(guest, steps)| Body { act: "apply", guest: Some(guest), steps, ..Body::default() };
    prop_oneof![
        3 => go_body(),
        3 => steps.clone().prop_map(lua),
        1 => (guest(), steps).prop_map(apply),
    ]
}

fn leaf() -> impl Strategy<Value = Step> {
    let needs_slot = true;
    let slots = || {
        vec(slot(), 0..4).prop_map(|mut slots| {
            slots.sort_unstable();
            slots.dedup();
            slots
        })
    };
    let kinds = select(vec!["count", "ticks", "ticks", "breaking", "panicking"]);
    let hows = select(vec!["loop", "close", "raw", "spawn"]);
    prop_oneof![
        8 => (slot(), go_body()).prop_map(|(slot, body)| Step::Spawn { slot, body }),
        2 => slot().prop_map(move |slot| Step::Status { slot, needs_slot }),
        6 => (slot(), prop::bool::weighted(0.1))
            .prop_map(move |(slot, bare)| Step::Await { slot, needs_slot, bare }),
        1 => slot().prop_map(move |slot| Step::AwaitBare { slot, needs_slot }),
        5 => (slot(), option::of(select(vec!["enough", "", "\u{0}x"])))
            .prop_map(move |(slot, reason)| Step::Cancel { slot, needs_slot, reason }),
        1 => Just(Step::CancelSelf),
        2 => slots().prop_map(|slots| Step::All { slots }),
        2 => slots().prop_map(|slots| Step::Race { slots }),
        3 => (0u64..4).prop_map(|ms| Step::Sleep { ms }),
        2 => Just(Step::Yield),
        3 => go_body().prop_map(|body| Step::Call { body }),
        3 => (0u64..6, go_body()).prop_map(|(ms, body)| Step::Timeout { ms, body }),
        1 => (0u64..6, guest()).prop_map(|(ms, guest)| {
            // Nothing else ends it.
            let body = Body { act: "spin_until_done", guest: Some(guest), ..Body::default() };
            Step::Timeout { ms, body }
        }),
        2 => (guest(), 0u8..3).prop_map(|(guest, gate)| Step::Open { guest, gate }),
        3 => (guest(), kinds, 0u64..5, 1u64..7, hows)
            .prop_map(|(guest, kind, n, take, how)| Step::Stream { guest, kind, n, take, how }),
        2 => slot().prop_map(|slot| Step::Drop { slot }),
        2 => Just(Step::Collect),
        1 => prop::bool::weighted(0.3).prop_map(|b| if b { Step::Raise } else { Step::Collect }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    leaf().prop_recursive(3, 40, 6, |inner| {
        let steps = vec(inner, 0..6).boxed();
        let nest = select(vec!["sort", "index", "add", "gsub", "coroutine", "pcall", "collect"]);
        let bodies = || body(steps.clone());
        prop_oneof![
            5 => (slot(), bodies()).prop_map(|(slot, body)| Step::Spawn { slot, body }),
            1 => bodies().prop_map(|body| Step::Call { body }),
            2 => (0u64..6, bodies()).prop_map(|(ms, body)| Step::Timeout { ms, body }),
            2 => (bodies(), steps.clone()).prop_map(|(body, steps)| Step::Scope { body, steps }),
            2 => (nest, steps.clone()).prop_map(|(how, steps)| Step::Nest { how, steps }),
        ]
    })
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![
        6 => (0u64..1000).prop_map(Mode::Deterministic),
        3 => Just(Mode::Real),
        2 => Just(Mode::Async),
        1 => (0u64..15).prop_map(Mode::Dropped),
        1 => (1u64..15).prop_map(Mode::Deadline),
        1 => (0u64..15).prop_map(Mode::Interrupted),
    ]
}

/// Any program.
pub fn programs() -> impl Strategy<Value = Program> {
    let setup = (prop_oneof![5 => Just(0u32), 1 => 1u32..3], any::<bool>());
    let setup = setup.prop_map(|(workers, restarts)| Setup { workers, restarts });
    ([setup.clone(), setup], mode(), vec(step(), 1..40)).prop_map(|(mut guests, mode, steps)| {
        if matches!(mode, Mode::Deterministic(_)) {
            // Threads side by side are not deterministic.
            guests.iter_mut().for_each(|guest| guest.workers = 0);
        }
        Program { guests, mode, steps }
    })
}

/// Does any step, however deep, do what `is` says?
pub fn any_step(steps: &[Step], is: &dyn Fn(&Step) -> bool) -> bool {
    steps.iter().any(|step| {
        is(step)
            || inner(step).is_some_and(|inner| any_step(inner, is))
            || body_of(step).is_some_and(|body| any_step(&body.steps, is))
    })
}

/// What a step starts.
pub fn body_of(step: &Step) -> Option<&Body> {
    match step {
        Step::Spawn { body, .. }
        | Step::Call { body }
        | Step::Timeout { body, .. }
        | Step::Scope { body, .. } => Some(body),
        _ => None,
    }
}

fn inner(step: &Step) -> Option<&[Step]> {
    match step {
        Step::Scope { steps, .. } | Step::Nest { steps, .. } => Some(steps),
        _ => None,
    }
}
