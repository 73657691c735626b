//! Calls that are under way.

use crate::measure::{alone, measure};
use crate::wat::{Guest, run, sandbox};
use luago::GoGrant;

#[test]
fn calls_that_never_end_count_as_memory_of_their_sandbox() {
    alone("bridge::tasks::calls_that_never_end_count_as_memory_of_their_sandbox", || {
        let module = Guest { start: "(i32.const 0)".into(), ..Guest::default() }.module();
        let mut sandbox = sandbox(64 << 20).go("r", module, GoGrant::new()).build().unwrap();
        let code = "local luago, r = require 'luago', require 'r'
            local tasks, why = {}
            for i = 1, 200000 do
                local ok, task = pcall(luago.spawn, r.f)
                if not ok then why = tostring(task) break end
                if task:status() == 'failed' then why = tostring(select(2, pcall(task.await, task))) break end
                tasks[i] = task
            end
            tasks = nil
            assert(why and (why:find 'limit host_bytes' or why:find 'not enough memory'), why)
            os.exit(0)";
        let (outcome, cost) = measure(|| sandbox.run(&luago::Script::new("test", code)).unwrap());
        println!("{outcome:?}");
        cost.within(64 << 20);
    });
}

#[test]
fn functions_passed_to_a_call_are_looked_up_in_no_time() {
    alone("bridge::tasks::functions_passed_to_a_call_are_looked_up_in_no_time", || {
        // The inbox is too small for them: there is room at 0x300000. A result of a million
        // functions, all of them the last of those.
        let module = Guest {
            pages: 640,
            more: "(global $last (mut i64) (i64.const 0))".into(),
            start: "(local.set $j (i32.const 0x1400000))
                (global.set $last (i64.load (i32.add (i32.const 0x2ffff8) (local.get $len))))
                (loop $next
                    (call $slot (local.get $j) (i32.const 7) (i32.const 0) (global.get $last))
                    (local.set $j (i32.add (local.get $j) (i32.const 16)))
                    (local.set $i (i32.add (local.get $i) (i32.const 1)))
                    (br_if $next (i32.lt_u (local.get $i) (i32.const 1000000))))
                (call $event (i32.const 0) (i32.const 1) (local.get $task) (i32.const 0)
                    (i32.const 1000000) (i32.const 0x1400000) (i32.const 16000000) (i32.const 0))
                (i32.const 1)"
                .into(),
            room: "(i32.const 0x300000)".into(),
            ..Guest::default()
        }
        .module();
        let mut sandbox = sandbox(64 << 20).go("r", module, GoGrant::new()).build().unwrap();
        let code = "local r, list = require 'r', {}
            for i = 1, 50000 do list[i] = function() return i end end
            print(pcall(r.f, list))";
        let (_, cost) = measure(|| run(&mut sandbox, code));
        cost.by(std::time::Duration::from_secs(2));
    });
}
