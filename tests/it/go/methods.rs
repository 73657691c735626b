//! Methods of a guest's own types, which the SDK calls: whatever they do is the trouble of the
//! call that they belong to.

use super::guests::plain;
use luago::Sandbox;
use luago_test_support::sandboxes::{result, run};

/// The call fails with an error that says this; the guest has lost nothing of what it knew.
#[track_caller]
fn fails(sandbox: &mut Sandbox, call: &str, says: &str) {
    let why: String = result(sandbox, &format!("return caught(function() return {call} end)"));
    assert!(why.contains(says), "{call}: no '{says}' in: {why}");
    run(sandbox, "counted = counted + 1 assert(fixtures.count_up() == counted)");
}

fn counting(lua: luago_test_support::versions::Lua) -> Sandbox {
    let mut sandbox = plain(lua);
    run(&mut sandbox, "counted = 0");
    sandbox
}

const NIL: &str = "panic: runtime error: invalid memory address or nil pointer dereference";

for_each_version! {
    fn a_nil_pointer_returned_as_an_error_is_an_error_of_its_call(lua) {
        let mut sandbox = counting(lua);
        fails(&mut sandbox, "fixtures.find 'x'", NIL);
        fails(&mut sandbox, "fixtures.find_directly 'x'", NIL);
        fails(&mut sandbox, "fixtures.typed_nil_of_luago()", NIL);
        run(&mut sandbox, "
            local ok, e = pcall(fixtures.find, 'x')
            assert(e.stack:find('notFound', 1, true), e.stack)");
    }

    fn an_error_whose_methods_panic_is_an_error_of_its_call(lua) {
        let mut sandbox = counting(lua);
        for call in ["returns", "returns_directly", "gives"] {
            for kind in ["plain", "wrapped", "joined", "unwrap"] {
                fails(&mut sandbox, &format!("fixtures.{call}('{kind}', 'panic')"), "panic: misdeed");
                fails(&mut sandbox, &format!("fixtures.{call}('{kind}', 'nil')"), NIL);
                let nested = "panic: a value of type main.shown whose methods panic";
                fails(&mut sandbox, &format!("fixtures.{call}('{kind}', 'nest')"), nested);
                let says = "an error of type main.hostile whose method Error panics";
                fails(&mut sandbox, &format!("fixtures.{call}('{kind}', 'error')"), says);
            }
        }
        fails(&mut sandbox, "fixtures.returns('lua', 'panic')", "panic: misdeed");
        fails(&mut sandbox, "fixtures.gives_text 'panic'", "panic: misdeed");
        fails(&mut sandbox, "fixtures.take_text 'x'", "panic: no reader");
        fails(&mut sandbox, "fixtures.call_text(function() return 'x' end)", "panic: no reader");
    }

    fn a_panic_whose_value_panics_is_an_error_of_its_call(lua) {
        let mut sandbox = counting(lua);
        let says = "panic: an error of type main.hostile whose method Error panics";
        for call in ["panics", "panics_directly", "panics_aside"] {
            fails(&mut sandbox, &format!("fixtures.{call}('plain', 'panic')"), says);
            fails(&mut sandbox, &format!("fixtures.{call}('plain', 'nil')"), says);
            fails(&mut sandbox, &format!("fixtures.{call}('plain', 'error')"), says);
            fails(&mut sandbox, &format!("fixtures.{call}('joined', 'nest')"), "no such place");
        }
        let says = "panic: a value of type main.shown whose methods panic";
        fails(&mut sandbox, "fixtures.panics('shown', 'panic')", says);
    }

    fn a_method_that_ends_the_goroutine_ends_its_task_alone(lua) {
        let mut sandbox = counting(lua);
        let says = "runtime.Goexit ended the goroutine";
        for kind in ["plain", "wrapped", "joined", "unwrap"] {
            fails(&mut sandbox, &format!("fixtures.returns('{kind}', 'goexit')"), says);
            fails(&mut sandbox, &format!("fixtures.panics('{kind}', 'goexit')"), says);
            fails(&mut sandbox, &format!("fixtures.panics_aside('{kind}', 'goexit')"), says);
        }
        fails(&mut sandbox, "fixtures.panics('shown', 'goexit')", says);
        fails(&mut sandbox, "fixtures.gives_text 'goexit'", says);
    }

    fn an_error_that_wraps_itself_has_an_end(lua) {
        let mut sandbox = counting(lua);
        fails(&mut sandbox, "fixtures.loop 'plain'", "in a loop");
        fails(&mut sandbox, "fixtures.loop 'joined'", "loop");
        fails(&mut sandbox, "fixtures.loop 'panic'", "panic: loop");
    }

    fn a_table_of_any_keys_is_json_as_any_map(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, r#"
            assert(fixtures.json { [1] = "a", [3] = "c" } == '{"1":"a","3":"c"}')
            assert(fixtures.json { "a", x = 1, [-2] = true } == '{"-2":true,"1":"a","x":1}')
            assert(fixtures.json {} == "[]" and fixtures.json { 1, 2 } == "[1,2]")
            assert(fixtures.kind { x = 1 } == "map[string]interface {}")
            assert(fixtures.kind { "a", x = 1 } == "map[string]interface {}")
            assert(fixtures.kind { "a", ["1"] = 1 } == "map[interface {}]interface {}")
            assert(fixtures.kind { [true] = 1 } == "map[interface {}]interface {}")
            local back = fixtures.echo { "a", x = 1 }
            assert(back["1"] == "a" and back[1] == nil and back.x == 1)
            local both = fixtures.echo { "a", ["1"] = "b" }
            assert(both[1] == "a" and both["1"] == "b")"#);
    }

    fn what_a_float32_cannot_hold_is_refused(lua) {
        let mut sandbox = counting(lua);
        fails(
            &mut sandbox,
            "fixtures.narrow(1e39)",
            "bad argument #1 to 'narrow' (expected number from -3.4028234663852886e+38 to \
             3.4028234663852886e+38, got 1e+39)",
        );
        run(&mut sandbox, "
            assert(fixtures.narrow(1/0) == 1/0 and fixtures.narrow(-1/0) == -1/0 and fixtures.narrow(0.5) == 0.5)
            local nan = fixtures.narrow(0/0)
            assert(nan ~= nan)");
    }
}
