//! What guests leave for the host.

use super::CALL;
use crate::measure::{alone, measure};
use crate::wat::{Guest, run, sandbox};
use luago::{GoGrant, Limits, Script, Stop};
use std::time::Duration;

/// A guest with so many events of a kind, all of which have one frame of a million nils.
fn heavy(events: u32) -> Guest {
    let leave = |task: &str| {
        format!(
            "(loop $next
                (call $event (local.get $i) (i32.const 4) {task} (local.get $i)
                    (i32.const 1000000) (i32.const 0x300000) (i32.const 16000000) (i32.const 0))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $i) (i32.const {events}))))
             (i32.const {events})"
        )
    };
    Guest { pages: 320, start: leave("(local.get $task)"), ..Guest::default() }
}

const DEADLINE: Duration = Duration::from_millis(500);

fn limits() -> Limits {
    Limits::default().memory(16 << 20).deadline(DEADLINE)
}

#[test]
fn events_that_are_much_work_end_with_the_deadline() {
    alone("bridge::events::events_that_are_much_work_end_with_the_deadline", || {
        let module = heavy(60_000).module();
        for workers in [0, 1] {
            let grant = GoGrant::new().workers(workers);
            let builder = sandbox(0).limits(limits()).go("r", module.clone(), grant);
            let mut sandbox = builder.build().unwrap();
            let script = Script::new("test", CALL);
            let (outcome, cost) = measure(|| sandbox.run(&script).unwrap());
            cost.by(DEADLINE).within(16 << 20 | 64 << 20);
            assert_eq!(outcome.stop(), Some(&Stop::Deadline { limit: DEADLINE }), "{outcome:?}");
        }
    });
}

#[test]
fn events_that_are_much_work_end_with_an_interrupt() {
    alone("bridge::events::events_that_are_much_work_end_with_an_interrupt", || {
        let module = heavy(60_000).module();
        for workers in [0, 1] {
            let grant = GoGrant::new().workers(workers);
            let builder = sandbox(16 << 20).go("r", module.clone(), grant);
            let mut sandbox = builder.build().unwrap();
            let handle = sandbox.interrupt_handle();
            let interrupting = std::thread::spawn(move || {
                std::thread::sleep(DEADLINE);
                handle.interrupt();
            });
            let script = Script::new("test", CALL);
            let (outcome, cost) = measure(|| sandbox.run(&script).unwrap());
            cost.by(DEADLINE);
            assert_eq!(outcome.stop(), Some(&Stop::Interrupted), "{outcome:?}");
            interrupting.join().unwrap();
        }
    });
}

#[test]
fn streams_of_results_that_are_refused_do_not_pile_up() {
    alone("bridge::events::streams_of_results_that_are_refused_do_not_pile_up", || {
        // 100,000 streams, and then a function that it was never given.
        let module = Guest {
            pages: 320,
            start: "(local.set $j (i32.const 0x300000))
                (loop $next
                    (call $slot (local.get $j) (i32.const 11) (i32.const 0) (i64.const 1))
                    (local.set $j (i32.add (local.get $j) (i32.const 16)))
                    (local.set $i (i32.add (local.get $i) (i32.const 1)))
                    (br_if $next (i32.lt_u (local.get $i) (i32.const 50000))))
                (call $slot (local.get $j) (i32.const 7) (i32.const 0) (i64.const 77))
                (call $event (i32.const 0) (i32.const 1) (local.get $task) (i32.const 0)
                    (i32.const 50001) (i32.const 0x300000) (i32.const 800016) (i32.const 0))
                (i32.const 1)"
                .into(),
            ..Guest::default()
        }
        .module();
        let mut sandbox = sandbox(16 << 20).go("r", module, GoGrant::new()).build().unwrap();
        let code = "local r = require 'r'
            for i = 1, 200 do
                local ok, why = pcall(r.f)
                assert(not ok)
                -- As long as there is room for telling the guest.
                if i == 1 then
                    assert(tostring(why):find 'a function of a call that is over', why)
                end
            end";
        let (_, cost) = measure(|| run(&mut sandbox, code));
        cost.within((16 << 20) + (20 << 20));
    });
}

#[test]
fn reports_of_a_guest_fill_no_log() {
    alone("bridge::events::reports_of_a_guest_fill_no_log", || {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static LINES: AtomicUsize = AtomicUsize::new(0);
        struct Count;
        impl tracing::Subscriber for Count {
            fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
                *metadata.level() <= tracing::Level::WARN
            }
            fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
                tracing::span::Id::from_u64(1)
            }
            fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
            fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
            fn event(&self, _: &tracing::Event<'_>) {
                LINES.fetch_add(1, Ordering::Relaxed);
            }
            fn enter(&self, _: &tracing::span::Id) {}
            fn exit(&self, _: &tracing::span::Id) {}
        }
        tracing::subscriber::set_global_default(Count).unwrap();
        let module = Guest {
            pages: 128,
            start: "(loop $next
                (call $event (local.get $i) (i32.const 4) (i32.const 0) (i32.const 0)
                    (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $i) (i32.const 100000))))
             (call $event (local.get $i) (i32.const 1) (local.get $task) (i32.const 0)
                (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
             (i32.const 100001)"
                .into(),
            ..Guest::default()
        }
        .module();
        let mut sandbox = sandbox(16 << 20).go("r", module, GoGrant::new()).build().unwrap();
        run(&mut sandbox, "local r = require 'r' r.f() r.f()");
        let lines = LINES.load(Ordering::Relaxed);
        assert!((1..=100).contains(&lines), "{lines} lines");
    });
}
