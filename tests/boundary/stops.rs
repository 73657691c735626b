//! Deadlines and interrupts.

use crate::measure::{alone, measure};
use luago::{Engine, Limits, LuaVersion, Outcome, Sandbox, Script, Stop};
use std::time::Duration;

const DEADLINE: Duration = Duration::from_millis(300);

/// An interpreter that does nothing right: the bodies of some of its exports.
struct Hostile {
    run: &'static str,
    interrupt: &'static str,
    traceback: &'static str,
    report: &'static str,
    error_value: &'static str,
}

const GOOD: Hostile = Hostile {
    run: "(loop $l (br $l)) (i32.const 0)",
    interrupt: "",
    traceback: "",
    report: "(i32.const 1024)",
    error_value: "(i32.const 1)",
};

impl Hostile {
    fn sandbox(&self, limits: Limits) -> Sandbox {
        let Hostile { run, interrupt, traceback, report, error_value } = self;
        let source = format!(
            r#"(module
            (memory (export "memory") 64)
            (func (export "luago_abi_1"))
            (func (export "luago_mailbox") (result i32) (i32.const 8192))
            (func (export "luago_input") (param i32) (result i32) (i32.const 0x10000))
            (func (export "luago_call") (param i32 i32 i32) (result i32) (i32.const 0))
            (func (export "luago_interrupt") {interrupt})
            (func (export "luago_run") (param i32 i32 i32) (result i32) {run})
            (func (export "luago_load") (param i32 i32 i32) (result i32) (i32.const 0))
            (func (export "luago_get") (param i32 i32) (result i32) (i32.const 0))
            (func (export "luago_set") (param i32 i32 i32) (result i32) (i32.const 0))
            (func (export "luago_preload") (param i32) (result i32) (i32.const 0))
            (func (export "luago_set_path") (param i32) (result i32) (i32.const 0))
            (func (export "luago_traceback") {traceback})
            (func (export "luago_report") (result i32) {report})
            (func (export "luago_error_value") (result i32) {error_value})
            (func (export "luago_release"))
            (func (export "luago_trace") (param i32))
            (func (export "luago_close")))"#
        );
        let wasm = wat::parse_str(source).unwrap();
        let engine = Engine::builder().interpreter(LuaVersion::Lua54, wasm).build().unwrap();
        Sandbox::builder(&engine).limits(limits).build().unwrap()
    }
}

#[track_caller]
fn run(sandbox: &mut Sandbox) -> Outcome {
    let (outcome, cost) = measure(|| sandbox.run(&Script::new("test", "")).unwrap());
    cost.by(DEADLINE);
    outcome
}

const FOREVER: &str = "(loop $l (br $l))";
const FOREVER_A_NUMBER: &str = "(loop $l (br $l)) (i32.const 0)";

#[test]
fn all_that_follows_a_stop_has_one_allowance_of_time() {
    alone("stops::all_that_follows_a_stop_has_one_allowance_of_time", || {
        let limits = Limits::default().memory(16 << 20).deadline(DEADLINE);
        for hostile in [
            Hostile { traceback: FOREVER, ..GOOD },
            Hostile { report: FOREVER_A_NUMBER, ..GOOD },
            Hostile { traceback: FOREVER, report: FOREVER_A_NUMBER, ..GOOD },
            Hostile { interrupt: FOREVER, traceback: FOREVER, report: FOREVER_A_NUMBER, ..GOOD },
        ] {
            let mut sandbox = hostile.sandbox(limits.clone());
            let outcome = run(&mut sandbox);
            assert_eq!(outcome.stop(), Some(&Stop::Deadline { limit: DEADLINE }), "{outcome:?}");
        }
    });
}

#[test]
fn an_interrupt_is_over_in_time_whatever_the_interpreter_does_then() {
    alone("stops::an_interrupt_is_over_in_time_whatever_the_interpreter_does_then", || {
        let hostile =
            Hostile { interrupt: FOREVER, traceback: FOREVER, report: FOREVER_A_NUMBER, ..GOOD };
        let mut sandbox = hostile.sandbox(Limits::default().memory(16 << 20));
        let handle = sandbox.interrupt_handle();
        let interrupting = std::thread::spawn(move || {
            std::thread::sleep(DEADLINE);
            handle.interrupt();
        });
        assert_eq!(run(&mut sandbox).stop(), Some(&Stop::Interrupted));
        interrupting.join().unwrap();
    });
}

#[test]
fn what_follows_an_error_ends_with_the_deadline_of_the_run() {
    alone("stops::what_follows_an_error_ends_with_the_deadline_of_the_run", || {
        let limits = Limits::default().memory(16 << 20).deadline(DEADLINE);
        for (report, error_value) in [
            (FOREVER_A_NUMBER, GOOD.error_value),
            (GOOD.report, FOREVER_A_NUMBER),
            (FOREVER_A_NUMBER, FOREVER_A_NUMBER),
        ] {
            let hostile = Hostile { run: "(i32.const 1)", report, error_value, ..GOOD };
            let outcome = run(&mut hostile.sandbox(limits.clone()));
            let is_deadline = outcome.stop() == Some(&Stop::Deadline { limit: DEADLINE });
            assert!(is_deadline || outcome.error().is_some(), "{outcome:?}");
        }
    });
}

#[test]
fn a_stop_without_a_deadline_is_followed_by_no_endless_last_words() {
    alone("stops::a_stop_without_a_deadline_is_followed_by_no_endless_last_words", || {
        let hostile =
            Hostile { run: "unreachable", traceback: FOREVER, report: FOREVER_A_NUMBER, ..GOOD };
        let outcome = run(&mut hostile.sandbox(Limits::default().memory(16 << 20)));
        assert!(matches!(outcome.stop(), Some(Stop::Fault { .. })), "{outcome:?}");
    });
}

#[test]
fn a_deterministic_run_has_last_words_counted_in_fuel() {
    alone("stops::a_deterministic_run_has_last_words_counted_in_fuel", || {
        let hostile = Hostile { traceback: FOREVER, report: FOREVER_A_NUMBER, ..GOOD };
        let mut sandbox = hostile.sandbox(Limits::default().memory(16 << 20).fuel(1_000_000));
        let outcome = run(&mut sandbox);
        assert_eq!(outcome.stop(), Some(&Stop::Fuel { limit: 1_000_000 }), "{outcome:?}");
        assert!(sandbox.usage().fuel.unwrap() <= 1_000_000);
    });
}
