//! What a tenant leaves behind, looked for in the raw memory of the next one, which gets
//! the same place.

mod segments;

use super::*;
use crate::host::mailbox::broken;
use crate::{Engine, Limits};
use luago_test_support::folders::compile_cache;

const MARKER: &[u8] = b"left behind by the tenant before";

/// Fills 20 MB with the marker, and then does something else.
fn tenant(then: &str) -> Script {
    let marker = std::str::from_utf8(MARKER).unwrap();
    let fill = format!(
        "local t = {{}} for i = 1, 20 do t[i] = ('{marker}'):rep(32768) .. i end \
         kept = t  marker = '{marker}' "
    );
    Script::new("tenant", fill + then)
}

fn finds_marker(sandbox: &mut Sandbox) -> bool {
    // As far as the tenant's memory went.
    assert!(sandbox.guest.grow_to(64 << 20));
    let (memory, _) = sandbox.guest.parts();
    memory.bytes().whole().unwrap().windows(MARKER.len()).any(|bytes| bytes == MARKER)
}

fn build(engine: &Engine, limits: Limits) -> Sandbox {
    Sandbox::builder(engine).limits(limits.output(1 << 20)).build().unwrap()
}

/// Runs a tenant to its end, whatever that is, and looks at what comes after it.
fn leaves_nothing(limits: Limits, then: &str, end: impl FnOnce(&mut Sandbox)) {
    let engine = Engine::builder().max_sandboxes(1).cache_dir(compile_cache()).build().unwrap();
    let mut sandbox = build(&engine, limits.clone());
    let outcome = sandbox.run(&tenant(then)).unwrap();
    assert!(finds_marker(&mut sandbox), "the test does not see what it looks for: {outcome:?}");
    end(&mut sandbox);
    sandbox.reset().unwrap();
    assert!(!finds_marker(&mut sandbox), "after a reset");
    sandbox.run(&tenant(then)).unwrap();
    drop(sandbox);
    let mut next = build(&engine, limits);
    assert!(!finds_marker(&mut next), "in the next sandbox");
}

fn limits() -> Limits {
    Limits::default().memory(128 << 20)
}

fn nothing(_: &mut Sandbox) {}

#[test]
fn a_tenant_that_returns_leaves_nothing() {
    leaves_nothing(limits(), "", nothing);
}

#[test]
fn a_tenant_that_fails_leaves_nothing() {
    leaves_nothing(limits(), "error({marker})", nothing);
}

#[test]
fn a_tenant_that_exits_leaves_nothing() {
    leaves_nothing(limits(), "os.exit(1)", nothing);
}

#[test]
fn a_tenant_that_is_stopped_by_a_deadline_leaves_nothing() {
    let limits = limits().deadline(Duration::from_millis(500));
    leaves_nothing(limits, "while true do end", nothing);
}

#[test]
fn a_tenant_that_is_stopped_for_its_fuel_leaves_nothing() {
    leaves_nothing(limits().fuel(500_000_000), "while true do end", nothing);
}

#[test]
fn a_tenant_that_is_stopped_for_its_memory_leaves_nothing() {
    let limits = Limits::default().memory(64 << 20);
    leaves_nothing(limits, "while true do t = {marker:rep(100000), t} end", nothing);
}

#[test]
fn a_tenant_that_is_stopped_for_its_output_leaves_nothing() {
    leaves_nothing(limits(), "while true do print(marker) end", nothing);
}

#[test]
fn a_tenant_that_breaks_its_interpreter_leaves_nothing() {
    leaves_nothing(limits(), "", |sandbox| {
        let fault = sandbox.end_of(Err(broken("by a test")));
        assert!(matches!(fault, End::Stopped(_)));
    });
}

#[test]
fn a_tenant_whose_call_is_dropped_leaves_nothing() {
    leaves_nothing(limits(), "function spin() while true do end end", |sandbox| {
        let waker = std::task::Waker::noop();
        let mut call = sandbox.call_async::<()>("spin", ());
        let polled = call.as_mut().poll(&mut std::task::Context::from_waker(waker));
        assert!(polled.is_pending());
    });
}
