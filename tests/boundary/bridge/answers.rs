//! Calls of Lua that are refused, and answered.

use super::{CALL, compiled};
use crate::measure::{alone, measure};
use crate::wat::{Guest, run, sandbox};
use luago::GoGrant;

/// A frame with one string, at 0x3000.
const NAME: &str = r#"(call $slot (i32.const 0x3000) (i32.const 4) (i32.const 1) (i64.const 512))"#;

/// A guest that calls a function that it was not granted, again each time that this is
/// refused.
fn stubborn(times: u32) -> Guest {
    let call = "(call $event (i32.const 0) (i32.const 2) (global.get $task) (i32.const 7)
        (i32.const 1) (i32.const 0x3000) (i32.const 16) (i32.const 0))";
    Guest {
        more: "(global $task (mut i32) (i32.const 0)) (global $left (mut i32) (i32.const 0))"
            .into(),
        start: format!(
            "{NAME} (global.set $task (local.get $task))
             (global.set $left (i32.const {times})) {call} (i32.const 1)"
        ),
        deliver: format!(
            "(if (i32.eqz (global.get $left))
                (then (return (call $done (global.get $task)))))
             (global.set $left (i32.sub (global.get $left) (i32.const 1)))
             {call} (i32.const 1)"
        ),
        ..Guest::default()
    }
}

#[test]
fn calls_that_are_refused_again_and_again_make_the_hosts_stack_no_deeper() {
    alone(
        "bridge::answers::calls_that_are_refused_again_and_again_make_the_hosts_stack_no_deeper",
        || {
            let module = stubborn(300_000).module();
            let mut sandbox = sandbox(16 << 20).go("r", module, GoGrant::new()).build().unwrap();
            let (_, cost) = measure(|| run(&mut sandbox, &format!("{CALL} assert(ok, why)")));
            cost.within(16 << 20);
        },
    );
}

#[test]
fn a_go_program_that_tries_again_what_it_was_not_granted_only_gets_errors() {
    alone(
        "bridge::answers::a_go_program_that_tries_again_what_it_was_not_granted_only_gets_errors",
        || {
            let module = compiled("retry");
            for workers in [0, 1] {
                let grant = GoGrant::new().workers(workers);
                let mut sandbox = sandbox(16 << 20).go("g", module.clone(), grant).build().unwrap();
                run(
                    &mut sandbox,
                    "local g = require 'g'
                for _, n in ipairs { 10, 1000, 20000 } do assert(g.retry(n) == n) end
                g.late(20000)",
                );
                assert!(sandbox.close().unwrap().is_returned());
            }
        },
    );
}

#[test]
fn lua_has_its_turn_while_a_guest_goes_on_being_refused() {
    alone("bridge::answers::lua_has_its_turn_while_a_guest_goes_on_being_refused", || {
        let module = stubborn(u32::MAX).module();
        let mut sandbox = sandbox(16 << 20).go("r", module, GoGrant::new()).build().unwrap();
        run(
            &mut sandbox,
            "local luago, r = require 'luago', require 'r'
            local endless = luago.spawn(r.f)
            for i = 1, 10 do luago.sleep(0.001) end
            endless:cancel()",
        );
    });
}

#[test]
fn what_is_refused_together_costs_little_until_it_is_answered() {
    alone("bridge::answers::what_is_refused_together_costs_little_until_it_is_answered", || {
        let guest = |count: u32| {
            Guest {
            pages: 1024,
            start: format!(
                "{NAME} (loop $next
                    (call $event (local.get $i) (i32.const 2) (i32.const 0x7fffffff)
                        (local.get $i) (i32.const 1) (i32.const 0x3000) (i32.const 16) (i32.const 0))
                    (local.set $i (i32.add (local.get $i) (i32.const 1)))
                    (br_if $next (i32.lt_u (local.get $i) (i32.const {count}))))
                 (i32.const {count})"
            ),
            ..Guest::default()
        }
        };
        for (count, expected) in
            [(1_500_000, "more events than there is reason for"), (250_000, "limit host_bytes")]
        {
            let module = guest(count).module();
            let grant = GoGrant::new().memory(64 << 20);
            let mut sandbox = sandbox(16 << 20).go("r", module, grant).build().unwrap();
            let code = format!("{CALL} assert(not ok and why:find('{expected}'), why)");
            let (_, cost) = measure(|| run(&mut sandbox, &code));
            // The guest's own memory holds the events.
            cost.within((16 << 20) + (64 << 20));
        }
    });
}
