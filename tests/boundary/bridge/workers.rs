//! Guests on threads of their own.

use super::CALL;
use crate::measure::{alone, measure};
use crate::wat::{Guest, sandbox};
use luago::{GoGrant, GoModule, Limits, Sandbox, Script, Stop};
use luago_test_support::wait_until;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_millis(300);

fn with_worker(module: &GoModule, limits: Limits) -> Sandbox {
    let grant = GoGrant::new().workers(1);
    sandbox(0).limits(limits.memory(16 << 20)).go("r", module.clone(), grant).build().unwrap()
}

/// Threads of workers in this process.
fn workers() -> usize {
    let names = std::fs::read_dir("/proc/self/task")
        .unwrap()
        .filter_map(|thread| std::fs::read_to_string(thread.unwrap().path().join("comm")).ok());
    names.filter(|name| name.starts_with("luago-worker")).count()
}

/// Waits until no worker is left.
#[track_caller]
fn all_end() {
    wait_until("no worker is left", || workers() == 0);
}

#[test]
fn a_worker_that_never_gets_ready_is_waited_for_until_the_deadline() {
    alone(
        "bridge::workers::a_worker_that_never_gets_ready_is_waited_for_until_the_deadline",
        || {
            let module =
                Guest { initialize: "(loop $l (br $l))".into(), ..Guest::default() }.module();
            let mut sandbox = with_worker(&module, Limits::default().deadline(DEADLINE));
            let (outcome, cost) = measure(|| sandbox.run(&Script::new("test", CALL)).unwrap());
            cost.by(DEADLINE);
            assert_eq!(outcome.stop(), Some(&Stop::Deadline { limit: DEADLINE }), "{outcome:?}");
            all_end();
        },
    );
}

#[test]
fn a_worker_that_never_gets_ready_is_waited_for_until_an_interrupt() {
    alone(
        "bridge::workers::a_worker_that_never_gets_ready_is_waited_for_until_an_interrupt",
        || {
            let module =
                Guest { initialize: "(loop $l (br $l))".into(), ..Guest::default() }.module();
            let mut sandbox = with_worker(&module, Limits::default());
            let handle = sandbox.interrupt_handle();
            std::thread::spawn(move || {
                std::thread::sleep(DEADLINE);
                handle.interrupt();
            });
            let (outcome, cost) = measure(|| sandbox.run(&Script::new("test", CALL)).unwrap());
            cost.by(DEADLINE);
            assert_eq!(outcome.stop(), Some(&Stop::Interrupted), "{outcome:?}");
            all_end();
        },
    );
}

/// A worker that goes on reporting, whether somebody listens or not.
fn talker() -> GoModule {
    Guest {
        // There is always more to do.
        start: "(i32.store (i32.const 1072) (i32.const 1)) (i32.const 0)".into(),
        poll: "(loop $next
            (call $event (local.get $i) (i32.const 4) (i32.const 0) (i32.const 0)
                (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $next (i32.lt_u (local.get $i) (i32.const 1000))))
         (i32.const 1000)"
            .into(),
        ..Guest::default()
    }
    .module()
}

#[test]
fn what_a_worker_says_while_nobody_listens_is_bounded() {
    alone("bridge::workers::what_a_worker_says_while_nobody_listens_is_bounded", || {
        let mut sandbox = with_worker(&talker(), Limits::default());
        let code = "local luago, r = require 'luago', require 'r'
            local task = luago.spawn(r.f)
            luago.spawn(function() end)
            luago.sleep(0)
            local clock = os.clock
            local start = clock()
            while clock() - start < 1 do end
            local ok, why = pcall(task.await, task)
            assert(not ok and tostring(why):find 'limit host_bytes', why)";
        let script = Script::new("test", code);
        let (outcome, cost) = measure(|| sandbox.run(&script).unwrap());
        assert!(outcome.is_returned(), "{outcome:?}");
        cost.within(16 << 20);
        drop(sandbox);
        all_end();
    });
}

#[test]
fn a_sandbox_that_is_dropped_ends_the_work_of_its_workers() {
    alone("bridge::workers::a_sandbox_that_is_dropped_ends_the_work_of_its_workers", || {
        // Each of its events is a frame of a million values.
        let module = Guest {
            pages: 320,
            start: "(loop $next
                (call $event (local.get $i) (i32.const 4) (i32.const 0) (i32.const 0)
                    (i32.const 1000000) (i32.const 0x300000) (i32.const 16000000) (i32.const 0))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $i) (i32.const 60000))))
             (i32.const 60000)"
                .into(),
            ..Guest::default()
        }
        .module();
        let mut sandbox = with_worker(&module, Limits::default().deadline(DEADLINE));
        let outcome = sandbox.run(&Script::new("test", CALL)).unwrap();
        assert_eq!(outcome.stop(), Some(&Stop::Deadline { limit: DEADLINE }), "{outcome:?}");
        drop(sandbox);
        all_end();
    });
}
