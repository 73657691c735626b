//! The host calls Lua.

use luago::{BString, End, Function, LuaError, OutputBuffer, Script, Stop, Table, Value, Variadic};
use luago_test_support::sandboxes::{builder, call, limits, load, refusal, result, run, sandbox};
use std::collections::HashMap;
use std::sync::Arc;

/// Garbage is collected, so that weak tables show what is still held.
const COLLECT: &str = "collectgarbage() collectgarbage()";

/// The error that a call ends in.
#[track_caller]
fn error_of(sandbox: &mut luago::Sandbox, code: &str) -> LuaError {
    call::<Value>(sandbox, code, ()).unwrap_err().lua_error().unwrap().clone()
}

for_each_version! {
    fn a_chunk_is_loaded_once_and_called_often(lua) {
        let mut sandbox = sandbox(lua);
        let chunk = load(&mut sandbox, "n = (n or 0) + 1 return n, ...");
        for n in 1..=100 {
            assert_eq!(sandbox.call::<(i64, i64)>(&chunk, n * 2).unwrap(), (n, n * 2));
        }
    }

    fn chunks_side_by_side_share_the_globals(lua) {
        let mut sandbox = sandbox(lua);
        let write = load(&mut sandbox, "shared = ...");
        let read = load(&mut sandbox, "return shared");
        sandbox.call::<()>(&write, "text").unwrap();
        assert_eq!(sandbox.call::<String>(&read, ()).unwrap(), "text");
        run(&mut sandbox, "assert(shared == 'text') shared = 5");
        assert_eq!(sandbox.call::<i64>(&read, ()).unwrap(), 5);
    }

    fn an_error_of_syntax_comes_when_a_chunk_is_loaded(lua) {
        let mut sandbox = sandbox(lua);
        let error = sandbox.load(&Script::new("bad", "x = = 1")).unwrap_err();
        let error = error.lua_error().unwrap();
        assert_eq!(error.message, "bad:1: unexpected symbol near '='");
        assert_eq!(error.traceback, "");
        assert_eq!(result::<i64>(&mut sandbox, "return 1"), 1);
    }

    fn a_tuple_is_one_argument_for_each_element(lua) {
        let mut sandbox = sandbox(lua);
        let count = load(&mut sandbox, "return select('#', ...), ...");
        let mut counted = |arguments: &dyn Fn(&mut luago::Sandbox, &Function) -> Variadic<Value>| {
            Vec::from(arguments(&mut sandbox, &count))
        };
        assert_eq!(counted(&|s, f| s.call(f, ()).unwrap()), [0.into()]);
        assert_eq!(counted(&|s, f| s.call(f, 7).unwrap()), [1.into(), 7.into()]);
        assert_eq!(
            counted(&|s, f| s.call(f, (1, "x", true)).unwrap()),
            [3.into(), 1.into(), "x".into(), true.into()]
        );
        assert_eq!(
            counted(&|s, f| s.call(f, vec![1, 2]).unwrap()),
            [1.into(), vec![1.into(), 2.into()].into()]
        );
        assert_eq!(
            counted(&|s, f| s.call(f, Variadic(vec![1, 2, 3])).unwrap()),
            [3.into(), 1.into(), 2.into(), 3.into()]
        );
        assert_eq!(
            counted(&|s, f| s.call(f, ("x", Variadic(vec![1, 2]))).unwrap()),
            [3.into(), "x".into(), 1.into(), 2.into()]
        );
        assert_eq!(
            counted(&|s, f| s.call(f, (None::<i64>, Some(1), None::<i64>)).unwrap()),
            [3.into(), Value::Nil, 1.into(), Value::Nil]
        );
    }

    fn results_are_taken_as_a_tuple_takes_them(lua) {
        let mut sandbox = sandbox(lua);
        let three = load(&mut sandbox, "return 1, 'x', true");
        sandbox.call::<()>(&three, ()).unwrap();
        assert_eq!(sandbox.call::<i64>(&three, ()).unwrap(), 1);
        assert_eq!(sandbox.call::<(i64, String)>(&three, ()).unwrap(), (1, "x".to_string()));
        let four: (i64, String, bool, Option<i64>) = sandbox.call(&three, ()).unwrap();
        assert_eq!(four, (1, "x".to_string(), true, None));
        let (one, rest): (i64, Variadic<Value>) = sandbox.call(&three, ()).unwrap();
        assert_eq!((one, rest.0), (1, vec!["x".into(), true.into()]));
        let none = load(&mut sandbox, "return");
        assert_eq!(sandbox.call::<Option<i64>>(&none, ()).unwrap(), None);
        assert_eq!(sandbox.call::<Value>(&none, ()).unwrap(), Value::Nil);
        assert_eq!(sandbox.call::<Variadic<Value>>(&none, ()).unwrap().0, []);
    }

    fn thousands_of_arguments_and_results_pass(lua) {
        let mut sandbox = sandbox(lua);
        let echo = load(&mut sandbox, "return ...");
        let many: Variadic<i64> = (0..3000).collect();
        assert_eq!(sandbox.call::<Variadic<i64>>(&echo, &many).unwrap(), many);
        // More than a stack of Lua can hold are an error and no more.
        let error = sandbox.call::<()>(&echo, Variadic(vec![0; 1_010_000])).unwrap_err();
        assert!(error.lua_error().unwrap().message.contains("stack overflow"), "{error}");
        assert_eq!(sandbox.call::<i64>(&echo, 5).unwrap(), 5);
    }

    fn globals_and_fields_are_got_and_set_by_path(lua) {
        let mut sandbox = sandbox(lua);
        sandbox.set("a.b.c", 1).unwrap();
        sandbox.set("a.b.d", vec!["x"]).unwrap();
        sandbox.set("flag", true).unwrap();
        assert!(result::<bool>(&mut sandbox, "return a.b.c == 1 and a.b.d[1] == 'x' and flag"));
        assert_eq!(sandbox.get::<Table>("a.b").unwrap().len(), 2);
        assert_eq!(sandbox.get::<Option<i64>>("a.x.y.z").unwrap(), None);
        assert_eq!(sandbox.get::<Option<i64>>("flag.x").unwrap(), None);
        sandbox.set("a.b", Value::Nil).unwrap();
        assert!(result::<bool>(&mut sandbox, "return a.b == nil"));
        let text = refusal(sandbox.set("flag.x", 1));
        assert_eq!(text, "'flag' is a boolean, not a table");
        let names: HashMap<String, Option<i64>> = sandbox.get("a").unwrap();
        assert!(names.is_empty());
    }

    fn getting_and_setting_by_path_runs_no_code_of_the_script(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "t = setmetatable({}, {
            __index = function() while true do end end,
            __newindex = function() error('set') end})
            setmetatable(_G, getmetatable(t))");
        assert_eq!(sandbox.get::<Option<String>>("t.x").unwrap(), None);
        assert!(sandbox.call::<()>("nothing", ()).unwrap_err().is_missing());
        sandbox.set("t.y", 5).unwrap();
        sandbox.set("made.on.the.way", true).unwrap();
        assert_eq!(sandbox.get::<i64>("t.y").unwrap(), 5);
        assert!(sandbox.get::<bool>("made.on.the.way").unwrap());
    }

    fn functions_are_called_by_path(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "function double(n) return 2 * n end m = {f = {g = double}}");
        assert_eq!(sandbox.call::<i64>("double", 2).unwrap(), 4);
        assert_eq!(sandbox.call::<i64>("m.f.g", 3).unwrap(), 6);
        assert_eq!(sandbox.call::<String>(&"string.upper".to_string(), "x").unwrap(), "X");
        // A name is looked up at each call, a handle is not.
        let double: Function = sandbox.get("double").unwrap();
        run(&mut sandbox, "function double(n) return 3 * n end");
        assert_eq!(sandbox.call::<i64>("double", 2).unwrap(), 6);
        assert_eq!(sandbox.call::<i64>(&double, 2).unwrap(), 4);
    }

    fn a_handle_keeps_a_function_until_it_is_dropped(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "weak = setmetatable({}, {__mode = 'v'})");
        let made: Function = result(&mut sandbox, "
            local up = {} local function f() return #up end weak[1] = f return f");
        let clone = made.clone();
        drop(made);
        run(&mut sandbox, COLLECT);
        assert!(result::<bool>(&mut sandbox, "return weak[1] ~= nil"));
        assert_eq!(sandbox.call::<i64>(&clone, ()).unwrap(), 0);
        drop(clone);
        run(&mut sandbox, COLLECT);
        assert!(result::<bool>(&mut sandbox, "return weak[1] == nil"));
    }

    fn handles_inside_structures_are_kept_and_given_back(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "weak = setmetatable({}, {__mode = 'v'})");
        let mut made: HashMap<String, Vec<Function>> = result(&mut sandbox, "
            local function new(n) local f = function() return n end weak[n] = f return f end
            return {a = {new(1), new(2)}, b = {new(3)}}");
        // The third is dropped, and a fourth is never made a handle of.
        made.remove("b");
        let ignored: i64 = result(&mut sandbox, "
            local f = function() return weak end weak[4] = f return 7, {f}");
        assert_eq!(ignored, 7);
        run(&mut sandbox, COLLECT);
        let alive: Vec<bool> = result(&mut sandbox, "
            return {weak[1] ~= nil, weak[2] ~= nil, weak[3] ~= nil, weak[4] ~= nil}");
        assert_eq!(alive, [true, true, false, false]);
        let sum = load(&mut sandbox, "local t = ... return t.a[1]() + t.a[2](), t.a[1] == weak[1]");
        assert_eq!(sandbox.call::<(i64, bool)>(&sum, &made).unwrap(), (3, true));
    }

    fn thousands_of_handles_come_and_go(lua) {
        let mut sandbox = sandbox(lua);
        let make = load(&mut sandbox, "local n = ... local t = {}
            for i = 1, n do t[i] = function() return i end end return t");
        for round in 0..20 {
            let handles: Vec<Function> = sandbox.call(&make, 1000).unwrap();
            assert_eq!(sandbox.call::<i64>(&handles[round * 50], ()).unwrap(), round as i64 * 50 + 1);
        }
        run(&mut sandbox, COLLECT);
        // The references of Lua are used again: 20,000 would take more than this.
        let kilobytes: f64 = result(&mut sandbox, "return collectgarbage('count')");
        assert!(kilobytes < 400.0, "{lua}: {kilobytes} KiB");
    }

    fn a_function_of_the_host_goes_when_lua_has_no_use_for_it(lua) {
        let mut sandbox = sandbox(lua);
        let token = Arc::new(());
        let held = Arc::clone(&token);
        let add = sandbox.create_function(move |_, n: i64| {
            Ok::<_, String>(n + Arc::strong_count(&held) as i64)
        }).unwrap();
        sandbox.set("add", &add).unwrap();
        drop(add);
        run(&mut sandbox, COLLECT);
        assert_eq!(sandbox.call::<i64>("add", 1).unwrap(), 3);
        sandbox.set("add", ()).unwrap();
        for _ in 0..2 {
            run(&mut sandbox, COLLECT);
        }
        assert_eq!(Arc::strong_count(&token), 1, "{lua}");
    }

    fn a_function_of_the_host_goes_with_its_sandbox(lua) {
        let token = Arc::new(());
        let mut sandbox = sandbox(lua);
        let held = Arc::clone(&token);
        let handle = sandbox.create_function(move |_, ()| Ok::<_, String>(Arc::strong_count(&held)));
        assert_eq!(Arc::strong_count(&token), 2);
        drop(sandbox);
        assert_eq!(Arc::strong_count(&token), 1, "{lua}");
        drop(handle);
    }

    fn an_error_has_its_message_value_and_traceback(lua) {
        let mut sandbox = sandbox(lua);
        let error = error_of(&mut sandbox, "local function inner() error('oops') end\ninner()");
        assert_eq!(error.message, "test:1: oops");
        assert_eq!(error.value, Value::from("test:1: oops"));
        assert!(error.traceback.starts_with("stack traceback:\n"), "{lua}: {error}");
        assert!(error.traceback.contains("\ttest:1: in ") && error.traceback.contains("\ttest:2: in "), "{lua}: {error}");
        assert_eq!(error.to_string(), format!("{}\n{}", error.message, error.traceback));
    }

    fn any_value_can_be_an_error(lua) {
        let mut sandbox = sandbox(lua);
        let error = error_of(&mut sandbox, "error({code = 5, list = {1}})");
        assert_eq!(error.value.get("code"), Some(&5.into()));
        assert_eq!(error.message, "(error object is a table value)");
        assert!(error.traceback.starts_with("stack traceback:\n"), "{lua}: {error}");
        let error = error_of(&mut sandbox, "error(nil)");
        assert_eq!(error.value, Value::Nil);
        let error = error_of(&mut sandbox, "error(setmetatable({}, {__tostring = function() return 'told' end}))");
        assert_eq!(error.message, "told");
        let error = error_of(&mut sandbox, "error(12, 0)");
        assert_eq!((error.message.as_str(), &error.value), ("12", &12.into()));
        let error = error_of(&mut sandbox, "error(true)");
        assert_eq!((error.message.as_str(), &error.value), ("(error object is a boolean value)", &true.into()));
        let error = error_of(&mut sandbox, "error(coroutine.create(function() end))");
        assert_eq!(error.value, Value::Nil, "{lua}: {error:?}");
        let error = error_of(&mut sandbox, "error(setmetatable({}, {__tostring = function() error('again') end}))");
        assert!(!error.message.is_empty(), "{lua}: {error:?}");
    }

    fn a_message_that_is_not_utf_8_is_there_as_bytes(lua) {
        let mut sandbox = sandbox(lua);
        let error = error_of(&mut sandbox, "error('a\\255\\0b', 0)");
        assert_eq!(error.value, Value::from(BString::from(b"a\xff\0b".to_vec())));
        assert_eq!(error.message, "a\u{fffd}");
    }

    fn a_sandbox_lives_on_after_an_error(lua) {
        let mut sandbox = sandbox(lua);
        let fail = load(&mut sandbox, "count = (count or 0) + 1 error('oops')");
        for n in 1..=200 {
            assert!(sandbox.call::<()>(&fail, ()).unwrap_err().lua_error().is_some());
            assert_eq!(sandbox.get::<i64>("count").unwrap(), n);
        }
        let deep = "local function f() return 1 + f() end f()";
        assert!(refusal(call::<()>(&mut sandbox, deep, ())).contains("stack overflow"));
        assert!(refusal(call::<()>(&mut sandbox, "return ('x'):rep(-1) .. nil", ())).contains("nil"));
        assert_eq!(result::<i64>(&mut sandbox, "return 1"), 1);
    }

    fn a_sandbox_is_dead_after_a_stop(lua) {
        let limits = limits().deadline(std::time::Duration::from_millis(60));
        let mut sandbox = builder(lua).limits(limits).build().unwrap();
        let chunk = load(&mut sandbox, "while true do pcall(error) end");
        let error = sandbox.call::<()>(&chunk, ()).unwrap_err();
        assert!(matches!(error.stop(), Some(Stop::Deadline { .. })), "{lua}: {error}");
        assert!(error.to_string().starts_with("the deadline of 60ms passed\nstack traceback:\n"), "{lua}: {error}");
        assert!(sandbox.is_dead());
        assert!(sandbox.call::<()>(&chunk, ()).unwrap_err().is_dead());
    }

    fn os_exit_gives_no_result(lua) {
        let mut sandbox = sandbox(lua);
        let error = call::<i64>(&mut sandbox, "os.exit(7)", ()).unwrap_err();
        assert!(matches!(error.end(), Some(End::Exited(7))));
        assert_eq!(error.to_string(), "the script ended itself with os.exit(7) and gave no result");
        assert!(sandbox.is_dead());
    }

    fn usage_is_that_of_the_last_call_and_of_all(lua) {
        let out = OutputBuffer::new();
        let mut sandbox = builder(lua)
            .limits(limits().fuel(1_000_000_000))
            .stdout(out.clone())
            .function("host", |_, ()| Ok::<_, String>(()))
            .build()
            .unwrap();
        let chunk = load(&mut sandbox, "for i = 1, ... do host() io.write('xy') end");
        sandbox.call::<()>(&chunk, 3).unwrap();
        let first = sandbox.last_usage();
        assert_eq!((first.host_calls, first.output), (3, 6));
        sandbox.call::<()>(&chunk, 30).unwrap();
        let second = sandbox.last_usage();
        assert_eq!((second.host_calls, second.output), (30, 60));
        assert!(second.fuel > first.fuel && first.fuel > Some(0), "{first:?} {second:?}");
        let all = sandbox.usage();
        assert_eq!((all.host_calls, all.output), (33, 66));
        assert!(all.fuel >= first.fuel.zip(second.fuel).map(|(one, other)| one + other));
        assert!(all.wall >= first.wall + second.wall);
        assert_eq!(out.take().len(), 66);
    }

    fn output_of_a_call_is_written_before_it_returns(lua) {
        let out = OutputBuffer::new();
        let mut sandbox = builder(lua).stdout(out.clone()).build().unwrap();
        call::<i64>(&mut sandbox, "io.write('half a line') return 1", ()).unwrap();
        assert_eq!(out.take(), b"half a line");
        call::<i64>(&mut sandbox, "io.write('before') error('x')", ()).unwrap_err();
        assert_eq!(out.take(), b"before");
    }
}
