//! Where calls, values, tasks and copies meet: each of these has gone wrong once.

use luago::{Context, Error, Function, HostError, Module, Sandbox, Stop, Value, Variadic};
use luago_test_support::sandboxes::{builder, call, limits, load, refusal, result, run, sandbox};
use luago_test_support::versions::Lua;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

/// `garbage(f)` leaves something behind that calls `f` when it is collected.
const GARBAGE: &str = "
    local function garbage(f)
        if newproxy then getmetatable(newproxy(true)).__gc = f
        else setmetatable({}, {__gc = f}) end
    end ";

/// A sandbox whose finalizers have host functions of all kinds to call.
fn collecting(lua: Lua) -> Sandbox {
    builder(lua)
        .function("echo", |_, value: Value| Ok::<_, String>(value))
        .function("other", |_, values: Variadic<Value>| Ok::<_, String>(values))
        .function("strings", |_, n: usize| Ok::<_, String>(vec!["x".repeat(3000); n]))
        .function("text", |_, ()| Ok::<_, String>("y".repeat(3000)))
        .function("fail", |_, ()| Err::<(), _>("no"))
        .function("take", |_, errors: Vec<HostError>| Ok::<_, String>(errors.len()))
        .build()
        .unwrap()
}

fn poll_to_the_end(
    sandbox: &mut Sandbox,
    function: &Function,
    mut between: impl FnMut(),
) -> Result<Value, Error> {
    let mut call = pin!(sandbox.call_async(function, ()));
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        let polled = call.as_mut().poll(&mut std::task::Context::from_waker(Waker::noop()));
        if let Poll::Ready(result) = polled {
            return result;
        }
        between();
    }
    panic!("the call never ends");
}

for_each_version! {
    fn a_deadline_stops_a_call_in_a_future_that_computes(lua) {
        let limits = limits().deadline(Duration::from_millis(50));
        let mut sandbox = builder(lua).limits(limits).build().unwrap();
        let chunk = load(&mut sandbox, "local n = 0\nwhile true do n = n + 1 end");
        let error = poll_to_the_end(&mut sandbox, &chunk, || {}).unwrap_err();
        assert_eq!(error.stop().map(Stop::kind), Some("deadline"), "{lua}: {error}");
        assert!(error.to_string().contains("\ttest:2: in "), "{lua}: {error}");
        assert!(sandbox.is_dead());
    }

    fn an_interrupt_stops_a_call_in_a_future_that_computes(lua) {
        let mut sandbox = sandbox(lua);
        let chunk = load(&mut sandbox, "while true do pcall(error) end");
        let handle = sandbox.interrupt_handle();
        let error = poll_to_the_end(&mut sandbox, &chunk, || handle.interrupt()).unwrap_err();
        assert_eq!(error.stop(), Some(&Stop::Interrupted), "{lua}: {error}");
    }

    fn results_of_the_host_are_right_while_finalizers_call_it(lua) {
        let mut sandbox = collecting(lua);
        let wrong: i64 = result(&mut sandbox, &format!("{GARBAGE} local wrong = 0
            for i = 1, 20000 do
                garbage(function() other(123, 'zzzzzzzzzzzzzzzzzzzzz') end)
                local text = 'k' .. i
                if select(2, pcall(echo, text)) ~= text then wrong = wrong + 1 end
            end
            return wrong"));
        assert_eq!(wrong, 0, "{lua}");
    }

    fn arguments_of_a_call_are_right_while_finalizers_call_the_host(lua) {
        let mut sandbox = collecting(lua);
        let chunk = load(&mut sandbox, &format!("{GARBAGE}
            for i = 1, 20 do garbage(function() other(123, 'zzzzzzzzzzzzzzzzzzzzz') end) end
            return ..."));
        for n in 0..3000 {
            let text = format!("k{n}");
            let back = sandbox.call::<Value>(&chunk, &text);
            assert_eq!(back.map_err(|error| error.to_string()), Ok(text.into()), "{lua}");
        }
    }

    fn large_results_of_the_host_are_right_while_finalizers_get_some_too(lua) {
        let mut sandbox = collecting(lua);
        let wrong: i64 = result(&mut sandbox, &format!("{GARBAGE} local wrong = 0
            for i = 1, 50 do
                for j = 1, 50 do garbage(function() return text() end) end
                local list = strings(100)
                for k = 1, 100 do if list[k] ~= ('x'):rep(3000) then wrong = wrong + 1 end end
            end
            return wrong"));
        assert_eq!(wrong, 0, "{lua}");
    }

    fn errors_as_arguments_are_right_while_finalizers_call_the_host(lua) {
        let mut sandbox = collecting(lua);
        let wrong: Vec<String> = result(&mut sandbox, &format!("{GARBAGE}
            local _, err = pcall(fail)
            local list, wrong = {{}}, {{}}
            for i = 1, 20 do list[i] = err end
            for i = 1, 20000 do
                garbage(function() other(123, 'zzzzzzzzzzzzzzzzzzzzz') end)
                local ok, n = pcall(take, list)
                if n ~= 20 then wrong[#wrong + 1] = tostring(n) end
            end
            return wrong"));
        assert!(wrong.is_empty(), "{lua}: {} times, such as {:?}", wrong.len(), wrong.first());
    }

    fn a_tree_of_tables_with_lists_and_names_takes_no_longer_for_its_depth(lua) {
        let limits = limits().deadline(Duration::from_secs(5));
        let mut sandbox = builder(lua)
            .limits(limits)
            .function("depth", |_, tree: Value| {
                Ok::<_, String>(std::iter::successors(Some(&tree), |tree| tree.get(1)).count())
            })
            .build()
            .unwrap();
        let code = "local t = {tag = 'leaf'} for i = 1, 59 do t = {tag = 'node', t} end return ";
        let tree: Value = result(&mut sandbox, &format!("{code} t"));
        assert_eq!(std::iter::successors(Some(&tree), |tree| tree.get(1)).count(), 60);
        assert_eq!(result::<usize>(&mut sandbox, &format!("{code} depth(t)")), 60);
    }

    fn an_error_that_is_too_large_is_raised_as_a_text_that_says_so(lua) {
        let mut sandbox = builder(lua)
            .limits(limits().value_bytes(120))
            .function("fail", |_, _: Variadic<Value>| Err::<(), _>("a message ".repeat(20)))
            .build()
            .unwrap();
        let code = "local t = {} local ok, err = pcall(fail, t) return ok, err, t.where";
        let (ok, why, place): (bool, String, Value) = result(&mut sandbox, code);
        assert_eq!((ok, place), (false, Value::Nil), "{lua}");
        assert!(why.contains("too large to pass (limits value_bytes and"), "{lua}: {why}");
        let again: String = result(&mut sandbox, "return (select(2, pcall(fail)))");
        assert_eq!(again, why, "{lua}");
    }

    fn an_uncaught_error_of_the_host_is_told_by_run(lua) {
        let mut sandbox =
            builder(lua).function("fail", |_, ()| Err::<(), _>("no such thing")).build().unwrap();
        let outcome = sandbox.run(&luago::Script::new("test", "fail()")).unwrap();
        assert_eq!(outcome.error().unwrap().message, "test:1: no such thing", "{lua}");
    }

    fn functions_in_values_that_are_refused_are_given_back(lua) {
        let mut sandbox = builder(lua)
            .limits(limits().value_elements(1000))
            .function("take", |_, _: Value| Ok::<_, String>(()))
            .build()
            .unwrap();
        let make = "local t = {} for i = 1, 900 do t[i] = function() end end
            for i = 901, 1100 do t[i] = i end ";
        let back = load(&mut sandbox, &format!("{make} return t"));
        let there = load(&mut sandbox, &format!("{make} pcall(take, t)"));
        let mut kilobytes = Vec::new();
        for _ in 0..40 {
            sandbox.call::<Value>(&back, ()).unwrap_err();
            sandbox.call::<Value>(&there, ()).unwrap();
            run(&mut sandbox, "collectgarbage() collectgarbage()");
            kilobytes.push(result::<f64>(&mut sandbox, "return collectgarbage('count')"));
        }
        assert!(kilobytes[39] < kilobytes[9] + 50.0, "{lua}: {kilobytes:?}");
    }

    fn the_reason_is_told_however_long_the_path(lua) {
        let mut sandbox = sandbox(lua);
        let text = refusal(call::<Value>(&mut sandbox, "local top = {} local t = top
            for i = 1, 40 do local key = ('k'):rep(30) t[key] = {} t = t[key] end
            t.x = io.stdout return top", ()));
        assert!(text.starts_with("result.kkk"), "{lua}: {text}");
        assert!(text.ends_with(": a userdata cannot be passed"), "{lua}: {text}");
    }

    fn keys_in_paths_are_quoted_as_they_are_on_the_way_in(lua) {
        let mut sandbox = sandbox(lua);
        let keys = [("'a\"b\\n'", r#"["a\"b\n"]"#), ("'\\255'", r#"["\xff"]"#), ("true", "[true]")];
        for (key, shown) in keys {
            let code = format!("return {{[{key}] = io.stdout}}");
            let text = refusal(call::<Value>(&mut sandbox, &code, ()));
            assert_eq!(text, format!("result{shown}: a userdata cannot be passed"), "{lua}");
        }
    }

    fn every_error_of_a_task_that_nobody_awaits_fails_the_call(lua) {
        let mut sandbox = sandbox(lua);
        let text = refusal(call::<()>(&mut sandbox, "local luago = require 'luago'
            local one, other = luago.spawn(error, 'one', 0), luago.spawn(error, 'other', 0)
            luago.spawn(function() end):await()
            pcall(one.await, one)", ()));
        assert_eq!(text, "other", "{lua}");
    }

    fn an_error_that_nobody_awaits_fails_the_call_when_all_tasks_have_ended_before_it(lua) {
        let mut sandbox = sandbox(lua);
        let text = refusal(call::<()>(&mut sandbox, "local luago = require 'luago'
            luago.spawn(error, 'early', 0)
            luago.spawn(function() end):await()", ()));
        assert_eq!(text, "early", "{lua}");
        assert_eq!(result::<i64>(&mut sandbox, "
            require('luago').spawn(function() end) return 1"), 1, "{lua}");
    }

    fn tasks_too_deep_in_each_other_are_an_error_of_lua(lua) {
        let mut sandbox = sandbox(lua);
        let ended = call::<(bool, i64)>(&mut sandbox, "
            local luago, depth = require 'luago', 0
            local function f()
                depth = depth + 1
                table.sort({1, 2}, function(a, b) luago.spawn(f):await() return a < b end)
            end
            return (pcall(f)), depth", ());
        match ended {
            Ok((ok, depth)) => assert!(!ok && depth > 20, "{lua}: {depth}"),
            // Of one task nobody has heard, as there was no memory to wait for it.
            Err(error) => assert_eq!(refusal::<()>(Err(error)), "not enough memory", "{lua}"),
        }
    }

    fn a_stop_drops_what_a_blocking_call_waited_for(lua) {
        struct Life(Arc<AtomicBool>);
        impl Drop for Life {
            fn drop(&mut self) {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        let is_dropped = Arc::new(AtomicBool::new(false));
        let dropped = is_dropped.clone();
        let hang = move |_: Context, ()| {
            let life = Life(dropped.clone());
            async move {
                std::future::pending::<()>().await;
                drop(life);
                Ok::<_, String>(())
            }
        };
        let limits = limits().deadline(Duration::from_millis(50));
        let mut sandbox = builder(lua).limits(limits).async_function("hang", hang).build().unwrap();
        let error = sandbox.call::<()>("hang", ()).unwrap_err();
        assert_eq!(error.stop().map(Stop::kind), Some("deadline"));
        assert!(is_dropped.load(Ordering::SeqCst), "{lua}");
    }

    fn random_numbers_that_a_script_has_seeded_are_the_same_in_all_copies(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "math.randomseed(42) math.random()");
        let template = sandbox.into_template().unwrap();
        let number = || {
            let mut copy = template.instantiate().unwrap();
            result::<f64>(&mut copy, "return math.random()").to_bits()
        };
        assert_eq!(number(), number(), "{lua}");
    }

    fn handles_are_good_for_the_copies_of_copies(lua) {
        let mut sandbox = sandbox(lua);
        let seven = load(&mut sandbox, "return 7");
        let template = sandbox.into_template().unwrap();
        let template = template.instantiate().unwrap().into_template().unwrap();
        let mut copy = template.instantiate().unwrap();
        assert_eq!(copy.call::<i64>(&seven, ()).map_err(|error| error.to_string()), Ok(7), "{lua}");
    }

    fn what_a_reset_takes_away_can_be_registered_again(lua) {
        let mut copy = sandbox(lua).into_template().unwrap().instantiate().unwrap();
        for _ in 0..2 {
            copy.function("f", |_, ()| Ok::<_, String>(1)).unwrap();
            copy.module(Module::new("m").value("x", 2)).unwrap();
            assert_eq!(result::<i64>(&mut copy, "return f() + require('m').x"), 3, "{lua}");
            copy.reset().unwrap();
            assert!(copy.get::<Value>("f").unwrap().is_nil());
        }
    }

    fn a_function_that_cannot_be_registered_does_not_take_the_name(lua) {
        let mut sandbox = sandbox(lua);
        sandbox.set("db", 1).unwrap();
        let register = |sandbox: &mut Sandbox| sandbox.function("db.get", |_, ()| Ok::<_, String>(1));
        assert_eq!(refusal(register(&mut sandbox)), "'db' is a number, not a table");
        sandbox.set("db", ()).unwrap();
        register(&mut sandbox).unwrap();
        assert_eq!(sandbox.call::<i64>("db.get", ()).unwrap(), 1);
    }
}
