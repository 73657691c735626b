//! What guests wait for.

use crate::wat::{Guest, run, sandbox};
use luago::GoGrant;

/// Without a bound a call goes over all of the guest's memory twice, for a few units of fuel.
#[test]
fn a_guest_waits_for_no_more_than_a_few_thousand_things_at_once() {
    let poll = |count: u32, answer: i32| {
        format!(
            "(if (i32.ne (i32.const {answer}) (call $poll (i32.const 0x100000)
                (i32.const 0x200000) (i32.const {count}) (i32.const 64)))
                (then unreachable))"
        )
    };
    let guest = Guest {
        pages: 200,
        start: format!("{}{}(call $done (local.get $task))", poll(5000, 28), poll(4096, 0)),
        imports: "(import \"wasi_snapshot_preview1\" \"poll_oneoff\"
            (func $poll (param i32 i32 i32 i32) (result i32)))"
            .to_string(),
        ..Guest::default()
    };
    let mut sandbox = sandbox(16 << 20).go("r", guest.module(), GoGrant::new()).build().unwrap();
    run(&mut sandbox, "assert(require('r').f() == nil)");
}
