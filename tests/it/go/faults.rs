//! Whatever a Go guest does wrong ends with an error that says what, and nothing else does.

use super::guests::{build, build_as, fixtures, granted, plain, prepared};
use luago::{Error, GoGrant, GoModule, Restart, Sandbox, Stop};
use luago_test_support::sandboxes::engine;
use luago_test_support::sandboxes::{builder, limits, result, run};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The guest's other calls and the other guest go on; what was raised says all of `says`.
#[track_caller]
fn ends_the_call(sandbox: &mut Sandbox, provoke: &str, says: &[&str]) -> String {
    let why: String = result(sandbox, &format!("return caught(function() {provoke} end)"));
    for text in says {
        assert!(why.contains(text), "{provoke}: no '{text}' in: {why}");
    }
    run(sandbox, "assert(more.add_task(1, 2) == 3)");
    why
}

/// The fault ends its guest and nothing else: without a restart the guest stays dead and
/// says so, with one it begins anew.
#[track_caller]
fn ends_the_guest(grant: &GoGrant, provoke: &str, says: &[&str]) {
    for restart in [Restart::Never, Restart::OnFailure] {
        let mut sandbox = granted("5.4", grant.clone().restart(restart));
        run(&mut sandbox, "assert(fixtures.count_up() == 1 and fixtures.count_up() == 2)");
        let why = ends_the_call(&mut sandbox, provoke, says);
        assert!(why.contains("the Go guest 'fixtures'"), "{provoke}: {why}");
        if restart == Restart::OnFailure {
            run(
                &mut sandbox,
                "assert(fixtures.count_up() == 1) assert(fixtures.add_task(2, 3) == 5)",
            );
        } else {
            let again = ends_the_call(&mut sandbox, "fixtures.count_up()", says);
            let remedy = "grant it a restart on failure to have it started again";
            assert!(again.contains(remedy), "{again}");
            ends_the_call(&mut sandbox, "fixtures.add_task(1, 2)", says);
        }
        assert!(sandbox.close().unwrap().is_returned());
    }
}

#[test]
fn a_guest_that_exits_is_dropped() {
    ends_the_guest(&GoGrant::new(), "fixtures.exit(3)", &["ended itself with os.Exit(3)"]);
    ends_the_guest(&GoGrant::new(), "fixtures.exit_directly(0)", &["ended itself with os.Exit(0)"]);
}

#[test]
fn a_guest_with_a_panic_in_a_plain_goroutine_is_dropped() {
    let says = ["died of a panic: oh no", "goroutine", "panicWithStack", "faults.go"];
    ends_the_guest(&GoGrant::new(), "fixtures.panic_in_goroutine('oh no')", &says);
}

#[test]
fn a_guest_without_memory_is_dropped() {
    let grant = GoGrant::new().memory(16 << 20);
    let says = ["ran out of memory: its limit is 16777216 bytes; grant it more"];
    ends_the_guest(&grant, "fixtures.hoard()", &says);
    ends_the_guest(&grant, "fixtures.grow(64)", &says);
}

/// Where a sandbox writes to.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl std::io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a guest that has run out of memory says, however much Go prints of its goroutines, and
/// that nobody has to read that.
#[track_caller]
fn runs_out_of_memory(grant: &GoGrant) {
    let said = Shared::default();
    let builder = builder("5.4").stderr(said.clone());
    let mut sandbox = prepared(builder, grant.clone().restart(Restart::OnFailure));
    run(&mut sandbox, "fixtures.crowd(5000)");
    let says = ["ran out of memory: its limit is 67108864 bytes", "runtime: out of memory: cannot"];
    ends_the_call(&mut sandbox, "fixtures.write_and_grow('a log\\n', 60)", &says);
    run(&mut sandbox, "assert(fixtures.add_task(2, 3) == 5)");
    assert_eq!(said.text(), "a log\n");
}

#[test]
fn a_guest_without_memory_is_not_taken_for_one_that_floods_and_what_go_prints_is_in_the_error() {
    for grant in [GoGrant::new(), GoGrant::new().workers(1), GoGrant::new().output(6)] {
        runs_out_of_memory(&grant);
    }
    for start in ["memory", "crowd"] {
        let grant = GoGrant::new().env("AT_START", start);
        for grant in [grant.clone(), grant.workers(1)] {
            let said = Shared::default();
            let builder = builder("5.4").stderr(said.clone()).go("fixtures", fixtures(), grant);
            let mut sandbox = builder.build().unwrap();
            let loads =
                luago_test_support::sandboxes::call::<()>(&mut sandbox, "require 'fixtures'", ());
            let why = luago_test_support::sandboxes::refusal(loads);
            assert!(why.contains("ran out of memory: its limit is 67108864 bytes"), "{why}");
            assert_eq!(said.text(), "");
        }
    }
}

#[test]
fn a_guest_that_floods_standard_error_is_dropped() {
    let grant = GoGrant::new().output(1 << 16);
    let says = ["wrote too much: it may write 65536 bytes to standard output and standard error"];
    ends_the_guest(&grant, "fixtures.flood(1)", &says);
}

#[test]
fn a_guest_that_computes_without_a_break_is_dropped_after_its_busy_time() {
    let grant = GoGrant::new().busy(Duration::from_millis(60));
    let says = ["did not yield: it computed for more than the 60ms"];
    ends_the_guest(&grant, "fixtures.spin()", &says);
    ends_the_guest(&grant, "fixtures.spin_directly()", &says);
}

#[test]
fn a_guest_that_computes_past_a_timeout_is_dropped_soon_after() {
    let start = Instant::now();
    let says = ["did not yield: it computed past the deadline of its task"];
    let mut sandbox = plain("5.4");
    // Whoever waits is told that the time is over; whoever calls next, what came of it.
    run(&mut sandbox, "pcall(luago.timeout, 0.05, fixtures.spin)");
    ends_the_call(&mut sandbox, "fixtures.quick(1)", &says);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_recursion_that_is_too_deep_drops_the_guest() {
    let says = ["stack"];
    ends_the_guest(&GoGrant::new().memory(256 << 20), "fixtures.recurse()", &says);
    ends_the_guest(&GoGrant::new().memory(256 << 20), "fixtures.recurse_directly()", &says);
}

#[test]
fn a_deadlock_drops_the_guest_when_all_of_lua_waits_for_it() {
    for (restart, is_dead) in [(Restart::Never, true), (Restart::OnFailure, false)] {
        let builder = builder("5.4").limits(limits().deadline(None));
        let mut sandbox = prepared(builder, GoGrant::new().restart(restart));
        run(&mut sandbox, "fixtures.count_up()");
        let says = ["the Go guest 'fixtures' is in a deadlock", "all its goroutines wait"];
        ends_the_call(&mut sandbox, "fixtures.forever()", &says);
        let is_fresh: bool = result(&mut sandbox, "return (pcall(fixtures.count_up))");
        assert_eq!(is_fresh, !is_dead);
    }
}

#[test]
fn a_direct_function_that_waits_for_nothing_drops_the_guest() {
    let says = ["deadlock"];
    ends_the_guest(&GoGrant::new(), "fixtures.block_directly()", &says);
}

#[test]
fn a_direct_function_that_sleeps_only_takes_its_time() {
    let mut sandbox = plain("5.4");
    run(&mut sandbox, "fixtures.sleep_directly() assert(fixtures.add(1, 2) == 3)");
}

for_each_version! {
    fn a_panic_ends_its_task_and_has_the_stack(lua) {
        let mut sandbox = plain(lua);
        let says = ["on purpose", "panicWithStack", "faults.go"];
        ends_the_call(&mut sandbox, "fixtures.panic('on purpose')", &says);
        run(&mut sandbox, "
            local ok, e = pcall(fixtures.panic, 'on purpose')
            assert(not ok and e.message:find('on purpose', 1, true), e.message)
            assert(e.stack:find('faults.go', 1, true), e.stack)
            assert(not e.stack:find('github.com/luago-project/luago/guests/go/luago.', 1, true), e.stack)
            assert(fixtures.count_up() == 1)");
        ends_the_call(&mut sandbox, "fixtures.panic_directly('directly')", &["directly"]);
        ends_the_call(&mut sandbox, "fixtures.panic_error()", &["wrapped: no such place"]);
        run(&mut sandbox, "assert(fixtures.count_up() == 2)");
    }

    fn runtime_errors_of_go_end_only_their_task(lua) {
        let mut sandbox = plain(lua);
        ends_the_call(&mut sandbox, "fixtures.nil_dereference()", &["nil pointer dereference"]);
        ends_the_call(&mut sandbox, "fixtures.index(7)", &["index out of range [7] with length 3"]);
        ends_the_call(&mut sandbox, "fixtures.goexit()", &["Goexit"]);
        run(&mut sandbox, "assert(fixtures.add_task(1, 2) == 3)");
    }

    fn an_error_has_room_for_its_stack_however_many_causes_it_has(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            assert(fixtures.count_up() == 1)
            local function error_of(f, ...)
                local ok, e = pcall(f, ...)
                assert(not ok and type(e) ~= 'string', tostring(e))
                return e
            end
            -- A message, its causes and the stack are 64 strings at most.
            for _, levels in ipairs {10, 60, 61, 62, 63, 64, 65, 200} do
                local e = error_of(fixtures.panic_deep, levels)
                assert(e.message == 'panic' and #e.causes == math.min(levels + 1, 62), #e.causes)
                assert(e.causes[1] == 'level' and e.stack:find('faults.go', 1, true))
            end
            for _, causes in ipairs {1, 61, 62, 63, 64, 300} do
                local e = error_of(fixtures.fail_with_causes, causes, 'a stack')
                assert(#e.causes == math.min(causes, 62) and e.stack == 'a stack')
                local e = error_of(fixtures.fail_with_causes, causes, '')
                assert(#e.causes == math.min(causes, 63) and e.stack == nil)
            end
            assert(fixtures.count_up() == 2)");
    }

    fn a_panic_under_luago_go_fails_its_task(lua) {
        let mut sandbox = plain(lua);
        ends_the_call(&mut sandbox, "fixtures.panic_in_luago_go('aside')", &["aside", "faults.go"]);
        run(&mut sandbox, "
            fixtures.panic_after_the_end('late')
            luago.sleep(0.02)
            assert(fixtures.add_task(1, 2) == 3)");
    }

    fn a_guest_that_dies_fails_every_task_that_it_has(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            local tasks = {}
            for i = 1, 5 do tasks[i] = luago.spawn(fixtures.wait, i, 'never') end
            local other = luago.spawn(more.nap, 9, 10)
            local stream = fixtures.count(10)
            assert(stream() == 1)
            luago.sleep(0.001)
            caught(fixtures.exit, 4)
            for i = 1, 5 do
                assert(caught(tasks[i].await, tasks[i]):find('os.Exit(4)', 1, true))
                assert(tasks[i]:status() == 'failed')
            end
            assert(other:await() == 9)
            assert(caught(function() return stream() end):find('os.Exit(4)', 1, true))");
        assert_eq!(sandbox.usage().leaked, 0);
    }
}

#[test]
fn a_task_that_does_not_return_is_counted_as_leaked_and_the_guest_lives() {
    let builder = builder("5.4").limits(limits().deadline(None));
    let mut sandbox = prepared(builder, GoGrant::new().grace(Duration::from_millis(5)));
    run(
        &mut sandbox,
        "
        local task = luago.spawn(fixtures.forever)
        luago.sleep(0.001)
        assert(task:cancel() == true and task:status() == 'cancelled')
        luago.sleep(0.02)
        assert(fixtures.add_task(1, 2) == 3)",
    );
    assert_eq!(sandbox.usage().leaked, 1);
    assert_eq!(sandbox.close().unwrap().usage.leaked, 1);
}

#[test]
fn a_task_that_is_left_at_the_end_is_counted_as_leaked() {
    let builder = builder("5.4").limits(limits().deadline(None));
    let mut sandbox = prepared(builder, GoGrant::new().grace(Duration::from_millis(5)));
    run(
        &mut sandbox,
        "local task = luago.spawn(fixtures.forever) luago.sleep(0.001) task:cancel()",
    );
    assert_eq!(sandbox.close().unwrap().usage.leaked, 1);
}

#[test]
fn a_guest_that_computes_politely_does_not_hold_up_lua() {
    let mut sandbox = plain("5.4");
    run(
        &mut sandbox,
        "
        local task = luago.spawn(fixtures.spin_until_done)
        luago.sleep(0.01)
        assert(task:status() == 'waiting')
        task:cancel('enough')
        assert(fixtures.add_task(1, 2) == 3)",
    );
    assert_eq!(sandbox.close().unwrap().usage.leaked, 0);
}

#[test]
fn the_deadline_of_the_sandbox_ends_a_guest_that_computes() {
    for code in ["fixtures.spin()", "fixtures.spin_directly()", "fixtures.spin_politely()"] {
        let mut sandbox = plain("5.4");
        sandbox.set_deadline(Some(Duration::from_millis(80)));
        let start = Instant::now();
        let stop = luago_test_support::sandboxes::call::<()>(&mut sandbox, code, ()).unwrap_err();
        assert!(matches!(stop.stop(), Some(Stop::Deadline { .. })), "{code}: {stop}");
        assert!(start.elapsed() < Duration::from_secs(5), "{code}: {:?}", start.elapsed());
    }
}

/// Why a module is refused.
fn refused(wasm: impl Into<Vec<u8>>) -> Error {
    let error = GoModule::new(engine(), wasm).unwrap_err();
    assert!(error.is_guest(), "{error}");
    error
}

#[track_caller]
fn is_refused(wasm: Vec<u8>, says: &[&str]) {
    let text = refused(wasm).to_string();
    for part in says {
        assert!(text.contains(part), "no '{part}' in: {text}");
    }
}

#[test]
fn a_command_is_no_guest() {
    let command = std::fs::read(build_as("exe", "fixtures")).unwrap();
    is_refused(command, &["built as a command", "-buildmode=c-shared"]);
}

#[test]
fn a_module_without_the_sdk_is_no_guest() {
    let stranger = std::fs::read(build("without_sdk")).unwrap();
    is_refused(stranger, &["exports no luago_abi_1", "import the luago Go package"]);
}

#[test]
fn a_guest_with_imports_of_its_own_is_refused_by_their_names() {
    let foreign = std::fs::read(build("foreign_import")).unwrap();
    is_refused(foreign, &["imports env.launch", "remove the //go:wasmimport"]);
}

#[test]
fn a_guest_of_another_abi_version_is_refused() {
    let mut wasm = fixtures().wasm().to_vec();
    let name = b"luago_abi_1";
    let places: Vec<usize> =
        wasm.windows(name.len()).enumerate().filter(|(_, w)| w == name).map(|(i, _)| i).collect();
    places.into_iter().for_each(|at| wasm[at + name.len() - 1] = b'7');
    is_refused(wasm, &["speaks version 7 of the ABI", "version 1", "use a newer luago"]);
}

#[test]
fn what_is_no_module_is_refused() {
    is_refused(b"package main".to_vec(), &["not a WebAssembly module"]);
    let wasm = fixtures().wasm().to_vec();
    is_refused(wasm[..wasm.len() / 2].to_vec(), &["damaged WebAssembly"]);
}
