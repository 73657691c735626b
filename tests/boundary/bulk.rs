//! What moves gigabytes is as interruptible as what moves bytes.

use crate::measure::{alone, measure};
use crate::wat::{Guest, engine};
use luago::{GoGrant, Limits, LuaVersion, Sandbox, SandboxBuilder, Script, Stop};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_millis(200);

#[track_caller]
fn stopped(builder: SandboxBuilder, memory: u64, code: &str) {
    let limits = Limits::default().memory(memory).deadline(DEADLINE);
    let mut sandbox = builder.limits(limits).build().unwrap();
    let script = Script::new("bulk", code);
    let (outcome, cost) = measure(|| sandbox.run(&script).unwrap());
    cost.by(DEADLINE);
    assert!(matches!(outcome.stop(), Some(Stop::Deadline { .. })), "{outcome:?}");
}

/// A Go guest that grows to 4 GiB less a page, and does that at once.
fn bulk(instructions: &str) {
    let start = format!("(drop (memory.grow (i32.const 65531))) {instructions} (i32.const 0)");
    let guest = Guest { start, ..Guest::default() }.module();
    let builder = Sandbox::builder(engine()).go("r", guest, GoGrant::new().memory(4 << 30));
    stopped(builder, 16 << 20, "require 'r'.f()");
}

#[test]
fn a_go_guest_that_fills_gigabytes_meets_its_deadline() {
    alone("bulk::a_go_guest_that_fills_gigabytes_meets_its_deadline", || {
        bulk("(memory.fill (i32.const 0) (i32.const 1) (i32.const 0xfffe0000))");
    });
}

#[test]
fn a_go_guest_that_copies_gigabytes_meets_its_deadline() {
    alone("bulk::a_go_guest_that_copies_gigabytes_meets_its_deadline", || {
        bulk(
            "(memory.copy (i32.const 0x7fff0000) (i32.const 0) (i32.const 0x7ff00000))
            (memory.copy (i32.const 0) (i32.const 0x7fff0000) (i32.const 0x7ff00000))",
        );
    });
}

#[test]
fn a_script_that_copies_gigabytes_meets_its_deadline() {
    alone("bulk::a_script_that_copies_gigabytes_meets_its_deadline", || {
        for version in [LuaVersion::Lua51, LuaVersion::Lua54] {
            let builder = Sandbox::builder(engine()).lua(version);
            let code = "local s = ('x'):rep(1048575):rep(1024) return #(s .. s)";
            stopped(builder, 4 << 30, code);
        }
    });
}
