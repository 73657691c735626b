//! Interpreters of Lua that were changed.

use crate::measure::{alone, cache, measure};
use crate::wat::Guest;
use luago::{
    Context, Engine, GoGrant, GoModule, Limits, LuaVersion, Outcome, Sandbox, SandboxBuilder,
    Script, Stop, Value,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// An interpreter that understands no Lua, but has what one is to have. Its mailbox is at
/// [`MAILBOX`], and it does what `run` says instead of the script.
struct Interpreter {
    /// Pages of memory.
    pages: u32,
    /// The body of `luago_run`, with `$i` and `$j`.
    run: &'static str,
    /// Functions and globals.
    more: &'static str,
}

/// The fields of the mailbox: where a frame is, its length, its values, and whether there are
/// functions in it.
const MAILBOX: u32 = 0x2000;

impl Interpreter {
    fn wasm(&self) -> Vec<u8> {
        let Interpreter { pages, run, more } = self;
        let source = format!(
            r#"(module
            (import "luago" "call" (func $call (param i32) (result i32)))
            (import "luago" "start" (func $start (param i32 i32) (result i32)))
            (import "luago" "wait" (func $wait (param i32) (result i32)))
            (import "luago" "completed" (func $completed (result i32)))
            (import "luago" "timer" (func $timer (param i32 f64)))
            (import "luago" "abandon" (func $abandon (param i32 i32)))
            (import "luago" "event" (func $event (param i32 i32 i32)))
            (import "luago" "guest" (func $guest (param i32 i32) (result i32)))
            (memory (export "memory") {pages})
            (func $send (param $at i32) (param $len i32) (param $count i32) (param $functions i32)
                (i32.store (i32.const {MAILBOX}) (local.get $at))
                (i32.store offset=4 (i32.const {MAILBOX}) (local.get $len))
                (i32.store offset=8 (i32.const {MAILBOX}) (local.get $count))
                (i32.store offset=12 (i32.const {MAILBOX}) (local.get $functions)))
            (func $slot (param $at i32) (param $tag i32) (param $aux i32) (param $payload i64)
                (i32.store (local.get $at) (local.get $tag))
                (i32.store offset=4 (local.get $at) (local.get $aux))
                (i64.store offset=8 (local.get $at) (local.get $payload)))
            {more}
            (func (export "luago_run") (param i32 i32 i32) (result i32) (local $i i32) (local $j i32)
                {run} (i32.const 0))
            (func (export "luago_abi_1"))
            (func (export "luago_mailbox") (result i32) (i32.const {MAILBOX}))
            (func (export "luago_input") (param i32) (result i32) (i32.const 0x10000))
            (func (export "luago_call") (param i32 i32 i32) (result i32) (i32.const 0))
            (func (export "luago_interrupt"))
            (func (export "luago_load") (param i32 i32 i32) (result i32) (i32.const 0))
            (func (export "luago_get") (param i32 i32) (result i32) (i32.const 0))
            (func (export "luago_set") (param i32 i32 i32) (result i32) (i32.const 0))
            (func (export "luago_preload") (param i32) (result i32) (i32.const 0))
            (func (export "luago_set_path") (param i32) (result i32) (i32.const 0))
            (func (export "luago_traceback"))
            (func (export "luago_report") (result i32) (i32.const 1024))
            (func (export "luago_error_value") (result i32) (i32.const 1))
            (func (export "luago_release"))
            (func (export "luago_trace") (param i32))
            (func (export "luago_close")))"#
        );
        wat::parse_str(&source).unwrap_or_else(|error| panic!("{error}"))
    }

    /// A sandbox for it, with functions that a host may have.
    fn sandbox(&self, memory: u64, deadline: Duration) -> SandboxBuilder {
        self.sandbox_in(&self.engine(), memory, deadline)
    }

    fn engine(&self) -> Engine {
        let engine = Engine::builder().cache_dir(cache());
        engine.interpreter(LuaVersion::Lua54, self.wasm()).build().unwrap()
    }

    fn sandbox_in(&self, engine: &Engine, memory: u64, deadline: Duration) -> SandboxBuilder {
        Sandbox::builder(engine)
            .limits(Limits::default().memory(memory).deadline(deadline))
            .function("nothing", |_, ()| Ok::<_, String>(()))
            .function("echo", |_, value: Value| Ok::<_, String>(value))
            .async_function("never", |_: Context, ()| std::future::pending::<Result<(), String>>())
    }
}

fn run(sandbox: &mut Sandbox) -> Outcome {
    sandbox.run(&Script::new("test", "")).unwrap()
}

const MIB: u64 = 1 << 20;
const SECOND: Duration = Duration::from_secs(1);

#[test]
fn functions_that_are_sent_and_never_taken_back_end_the_guest() {
    alone("interpreters::functions_that_are_sent_and_never_taken_back_end_the_guest", || {
        let interpreter = Interpreter {
            pages: 512,
            run: "
                (local.set $i (i32.const 0x100000))
                (loop $fill
                    (call $slot (local.get $i) (i32.const 7) (i32.const 0) (i64.extend_i32_u (local.get $i)))
                    (local.set $i (i32.add (local.get $i) (i32.const 16)))
                    (br_if $fill (i32.lt_u (local.get $i) (i32.const 16048576))))
                (loop $more
                    (call $send (i32.const 0x100000) (i32.const 15000000) (i32.const 937500) (i32.const 1))
                    (drop (call $call (i32.const 1)))
                    (br $more))",
            more: "",
        };
        let mut sandbox = interpreter.sandbox(32 * MIB, 5 * SECOND).build().unwrap();
        let (outcome, cost) = measure(|| run(&mut sandbox));
        let stop = outcome.stop().map(Stop::to_string).unwrap_or_default();
        assert!(stop.contains("does not take back the functions"), "{outcome:?}");
        cost.within(32 * MIB);
    });
}

#[test]
fn tasks_that_never_end_are_told_of_without_end_but_not_kept() {
    alone("interpreters::tasks_that_never_end_are_told_of_without_end_but_not_kept", || {
        let interpreter = Interpreter {
            pages: 4,
            run: "(loop $more
                (call $event (i32.const 0) (local.get $i) (i32.const 0))
                (call $event (i32.const 2) (local.get $i) (i32.const 0))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br $more))",
            more: "",
        };
        let events = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&events);
        let sandbox = interpreter.sandbox(2 * MIB, SECOND).on_event(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
        });
        let mut sandbox = sandbox.build().unwrap();
        let (outcome, cost) = measure(|| run(&mut sandbox));
        assert!(outcome.stop().is_some(), "{outcome:?}");
        assert!(events.load(Ordering::Relaxed) > 10_000);
        cost.within(2 * MIB).by(SECOND);
    });
}

#[test]
fn a_task_that_pauses_is_found_at_once_among_those_that_run() {
    alone("interpreters::a_task_that_pauses_is_found_at_once_among_those_that_run", || {
        let interpreter = Interpreter {
            pages: 4,
            run: "
                (loop $begin
                    (call $event (i32.const 0) (local.get $i) (i32.const 0))
                    (call $event (i32.const 2) (local.get $i) (i32.const 0))
                    (local.set $i (i32.add (local.get $i) (i32.const 1)))
                    (br_if $begin (i32.lt_u (local.get $i) (i32.const 60000))))
                (loop $pause
                    (call $event (i32.const 1) (local.get $j) (i32.const 0))
                    (call $event (i32.const 2) (local.get $j) (i32.const 0))
                    (local.set $j (i32.add (local.get $j) (i32.const 1)))
                    (br_if $pause (i32.lt_u (local.get $j) (i32.const 60000))))",
            more: "",
        };
        let sandbox = interpreter.sandbox(16 * MIB, 20 * SECOND).on_event(|_| {});
        let mut sandbox = sandbox.build().unwrap();
        let (outcome, cost) = measure(|| run(&mut sandbox));
        assert!(outcome.is_returned(), "{outcome:?}");
        cost.within(16 * MIB).by(SECOND);
    });
}

#[test]
fn timers_that_are_due_and_never_taken_end_where_the_room_does() {
    alone("interpreters::timers_that_are_due_and_never_taken_end_where_the_room_does", || {
        let interpreter = Interpreter {
            pages: 4,
            run: "(loop $more
                (call $timer (local.get $i) (f64.const 0))
                (drop (call $wait (i32.const 0)))
                (local.set $i (i32.add (local.get $i) (i32.const 2)))
                (br $more))",
            more: "",
        };
        let mut sandbox = interpreter.sandbox(2 * MIB, 3 * SECOND).build().unwrap();
        let (outcome, cost) = measure(|| run(&mut sandbox));
        assert!(outcome.stop().is_some(), "{outcome:?}");
        cost.within(2 * MIB).by(3 * SECOND);
    });
}

#[test]
fn what_is_ready_is_abandoned_at_once() {
    alone("interpreters::what_is_ready_is_abandoned_at_once", || {
        let interpreter = Interpreter {
            pages: 4,
            run: "
                (loop $begin
                    (call $timer (local.get $i) (f64.const 0))
                    (local.set $i (i32.add (local.get $i) (i32.const 2)))
                    (br_if $begin (i32.lt_u (local.get $i) (i32.const 150000))))
                (drop (call $wait (i32.const 0)))
                (loop $end
                    (local.set $i (i32.sub (local.get $i) (i32.const 2)))
                    (call $abandon (local.get $i) (i32.const 0))
                    (br_if $end (local.get $i)))
                (if (call $completed) (then (unreachable)))",
            more: "",
        };
        let mut sandbox = interpreter.sandbox(16 * MIB, 20 * SECOND).build().unwrap();
        let (outcome, cost) = measure(|| run(&mut sandbox));
        assert!(outcome.is_returned(), "{outcome:?}");
        cost.within(16 * MIB).by(SECOND);
    });
}

#[test]
fn replies_that_are_asked_for_deeper_and_deeper_and_never_taken_are_counted() {
    alone(
        "interpreters::replies_that_are_asked_for_deeper_and_deeper_and_never_taken_are_counted",
        || {
            let interpreter = Interpreter {
                pages: 64,
                run: "
                    (call $slot (i32.const 0x1000) (i32.const 4) (i32.const 2000000) (i64.const 0x20000))
                    (call $deeper (i32.const 1000))",
                more: "(func $deeper (param $n i32)
                    (call $send (i32.const 0x1000) (i32.const 16) (i32.const 1) (i32.const 0))
                    (drop (call $call (i32.const 2)))
                    (if (i32.eqz (local.get $n)) (then (return)))
                    (call $deeper (i32.sub (local.get $n) (i32.const 1))))",
            };
            let mut sandbox = interpreter.sandbox(16 * MIB, 20 * SECOND).build().unwrap();
            let (outcome, cost) = measure(|| run(&mut sandbox));
            assert!(outcome.is_returned(), "{outcome:?}");
            cost.within(16 * MIB);
        },
    );
}

#[test]
fn calls_that_wait_and_are_never_asked_for_are_counted() {
    alone("interpreters::calls_that_wait_and_are_never_asked_for_are_counted", || {
        let interpreter = Interpreter {
            pages: 4,
            run: "(loop $more
                (call $send (i32.const 0x1000) (i32.const 0) (i32.const 0) (i32.const 0))
                (drop (call $start (i32.const 3) (local.get $i)))
                (local.set $i (i32.add (local.get $i) (i32.const 2)))
                (br_if $more (i32.lt_u (local.get $i) (i32.const 200000))))",
            more: "",
        };
        let mut sandbox = interpreter.sandbox(2 * MIB, 20 * SECOND).build().unwrap();
        let (outcome, cost) = measure(|| run(&mut sandbox));
        assert!(outcome.is_returned(), "{outcome:?}");
        cost.within(2 * MIB);
    });
}

#[test]
fn calls_of_go_that_never_end_are_counted() {
    alone("interpreters::calls_of_go_that_never_end_are_counted", || {
        let interpreter = Interpreter {
            pages: 4,
            // The guest is started by its name, and its first function is called.
            run: "
                (i32.store8 (i32.const 0x3000) (i32.const 114))
                (drop (call $guest (i32.const 0x3000) (i32.const 1)))
                (loop $more
                    (call $send (i32.const 0x1000) (i32.const 0) (i32.const 0) (i32.const 0))
                    (drop (call $start (i32.const 0x40000000) (local.get $i)))
                    (local.set $i (i32.add (local.get $i) (i32.const 2)))
                    (br_if $more (i32.lt_u (local.get $i) (i32.const 120000))))",
            more: "",
        };
        let engine = interpreter.engine();
        let wasm = Guest { start: "(i32.const 0)".into(), ..Guest::default() }.wasm();
        let module = GoModule::new(&engine, wasm).unwrap();
        let builder = interpreter.sandbox_in(&engine, 2 * MIB, 20 * SECOND);
        let mut sandbox = builder.go("r", module, GoGrant::new().memory(4 * MIB)).build().unwrap();
        let (outcome, cost) = measure(|| run(&mut sandbox));
        assert!(outcome.is_returned(), "{outcome:?}");
        cost.within(6 * MIB);
    });
}
