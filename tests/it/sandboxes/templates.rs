//! Sandboxes that start where another one has got to.

use luago::{
    Access, Capabilities, Context, End, Function, InterruptHandle, Limits, Module, OutputBuffer,
    Sandbox, Script, Stop, Template, Value,
};
use luago_test_support::sandboxes::{builder, call, limits, load, refusal, result, run, sandbox};
use luago_test_support::versions::{Lua, number};
use std::collections::HashSet;
use std::time::Duration;

fn template(mut sandbox: Sandbox, code: &str) -> Template {
    run(&mut sandbox, code);
    sandbox.into_template().unwrap()
}

fn random_numbers(template: &Template, code: &str) -> HashSet<u64> {
    let number = || result::<f64>(&mut template.instantiate().unwrap(), code).to_bits();
    (0..5).map(|_| number()).collect()
}

/// What a tenant leaves in a sandbox, in every form that Lua has.
const MARKER: &str = "
    secret = 'TENANT-SECRET'
    secrets = {secret .. '1', [secret .. '2'] = {secret .. '3'}}
    big = (secret .. ' '):rep(200000)
    function keep() return secret .. '4' .. #big end
    string.secret = secret .. '5'
    getmetatable('').secret = secret .. '6'
    package.loaded.secret = {secret}
    debug.getregistry().secret = secret .. '7'
    co = coroutine.wrap(function() local held = secret .. '8' coroutine.yield() return held end) co()
    setmetatable({}, {__gc = function() late = secret end})";

/// Looks through everything that Lua can reach.
const SEARCH: &str = "
    local seen = {}
    local function search(v, path)
        if type(v) == 'string' then
            if v:find('TENANT' .. '-SECRET', 1, true) then error('found at ' .. path) end
            return
        end
        if v == nil or seen[v] then return end
        seen[v] = true
        if type(v) == 'table' then
            for k, w in next, v do search(k, path .. '.key') search(w, path .. '.' .. tostring(k)) end
        elseif type(v) == 'function' then
            for i = 1, 255 do
                local n, up = debug.getupvalue(v, i)
                if not n then break end
                search(up, path .. '^' .. n)
            end
        elseif type(v) == 'userdata' then
            search((debug.getuservalue or debug.getfenv)(v), path .. '.user')
        end
        search(debug.getmetatable(v), path .. '.meta')
    end
    search(debug.getregistry(), 'registry') search(_G, '_G') search('', '')
    return true";

/// The ways in which a tenant can end, with the name of each.
fn tenants() -> Vec<(&'static str, Limits, &'static str, &'static str)> {
    let long = limits();
    let short = limits().deadline(Duration::from_millis(60));
    vec![
        ("return", long.clone(), "return 1", "returned"),
        ("error", long.clone(), "error(secret)", "error"),
        ("exit", long.clone(), "os.exit(3)", "exited"),
        ("deadline", short, "while true do end", "deadline"),
        ("fuel", long.clone().fuel(50_000_000), "while true do end", "fuel"),
        (
            "memory",
            long.clone().memory(16 << 20),
            "local t = {} while true do t[#t + 1] = {secret} end",
            "memory",
        ),
        ("output", long.clone().output(1000), "while true do io.write(secret) end", "output"),
        ("interrupt", long.clone(), "interrupt() while true do end", "interrupted"),
        ("panic", long, "panic()", "error"),
    ]
}

fn tenant(lua: Lua, limits: Limits) -> Sandbox {
    builder(lua)
        .limits(limits)
        .function("panic", |_, ()| -> Result<(), String> { panic!("TENANT-SECRET") })
        .function("interrupt", |ctx: &Context, ()| {
            ctx.data::<std::sync::OnceLock<InterruptHandle>>().unwrap().get().unwrap().interrupt();
            Ok::<_, String>(())
        })
        .build()
        .unwrap()
}

fn ended(result: Result<Value, luago::Error>) -> &'static str {
    match result {
        Ok(_) => "returned",
        Err(error) => match error.end() {
            Some(End::Error(_)) => "error",
            Some(End::Exited(_)) => "exited",
            Some(End::Stopped(stopped)) => stopped.stop.kind(),
            _ => panic!("{error}"),
        },
    }
}

for_each_version! {
    fn copies_start_where_the_template_is_and_are_apart(lua) {
        let template = template(sandbox(lua), "n = 5 list = {1, 2}
            function count() n = n + 1 list[#list + 1] = n return n, #list end
            co = coroutine.wrap(function() for i = 1, 9 do coroutine.yield(i) end end) co()");
        let mut copies: Vec<Sandbox> = (0..3).map(|_| template.instantiate().unwrap()).collect();
        for round in 0..3i64 {
            for copy in &mut copies {
                assert_eq!(copy.call::<(i64, i64)>("count", ()).unwrap(), (6 + round, 3 + round));
                assert_eq!(copy.call::<i64>("co", ()).unwrap(), 2 + round);
            }
        }
        let mut late = template.clone().instantiate().unwrap();
        assert_eq!(late.call::<(i64, i64)>("count", ()).unwrap(), (6, 3));
        assert!(template.size() > 0);
    }

    fn handles_from_before_are_good_for_all_copies(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "n = 0");
        let count = load(&mut sandbox, "n = n + (...) return n");
        let template = sandbox.into_template().unwrap();
        let (mut one, mut other) = (template.instantiate().unwrap(), template.instantiate().unwrap());
        assert_eq!(one.call::<i64>(&count, 2).unwrap(), 2);
        assert_eq!(one.call::<i64>(&count, 2).unwrap(), 4);
        assert_eq!(other.call::<i64>(&count, 5).unwrap(), 5);
        assert!(call::<bool>(&mut other, "return type(...) == 'function'", &count).unwrap());
        // Those of a copy are its own.
        let own: Function = result(&mut one, "return function() return 7 end");
        assert_eq!(one.call::<i64>(&own, ()).unwrap(), 7);
        assert!(other.call::<i64>(&own, ()).unwrap_err().is_foreign());
        drop(count);
        run(&mut one, "collectgarbage()");
        assert_eq!(one.call::<i64>(&own, ()).unwrap(), 7);
    }

    fn random_numbers_differ_from_copy_to_copy(lua) {
        let is_seeded = number(lua) >= 54;
        for code in ["", "first = math.random()"] {
            let template = template(sandbox(lua), code);
            let distinct = random_numbers(&template, "return math.random()").len();
            // Before 5.4 there is one sequence until a script asks for another.
            assert_eq!(distinct, if is_seeded { 5 } else { 1 }, "{lua}: {code}");
        }
        let template = template(sandbox(lua), "");
        assert_eq!(random_numbers(&template, "math.randomseed(5) return math.random()").len(), 1);
    }

    fn what_was_granted_is_granted_to_the_copies(lua) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("given"), "contents").unwrap();
        std::fs::write(folder.path().join("extra.lua"), "return 'extra'").unwrap();
        let capabilities = Capabilities::default()
            .dir(folder.path(), "d", Access::ReadOnly).modules(folder.path()).env("STAGE", "test");
        let sandbox = builder(lua)
            .capabilities(capabilities)
            .limits(limits().output(100).memory(32 << 20))
            .data(7u32)
            .function("data", |ctx, ()| Ok::<_, String>(ctx.data::<u32>().copied()))
            .async_function("later", |_, n: i64| async move { Ok::<_, String>(n) })
            .module(Module::new("m").value("x", 1).function("f", |_, ()| Ok::<_, String>("f")))
            .build()
            .unwrap();
        let template = template(sandbox, "local m = require 'm' function all()
            assert(io.open('d/given'):read('*a') == 'contents' and require 'extra' == 'extra')
            assert(os.getenv('STAGE') == 'test' and data() == 7 and later(4) == 4)
            assert(m.f() == 'f' and require('m') == m and m.x == 1)
            return not pcall(string.rep, 'x', 40000000) end");
        for _ in 0..2 {
            let mut copy = template.instantiate().unwrap();
            assert!(copy.call::<bool>("all", ()).unwrap());
            let chunk = load(&mut copy, "while true do io.write('x') end");
            let error = copy.call::<()>(&chunk, ()).unwrap_err();
            assert_eq!(error.stop(), Some(&Stop::Output { limit: 100 }), "{lua}");
            copy.reset().unwrap();
            assert!(copy.call::<bool>("all", ()).unwrap());
        }
    }

    fn deadlines_and_fuel_are_those_of_each_copy(lua) {
        let limits = Limits::default().fuel(30_000_000);
        let spent = template(builder(lua).limits(limits).build().unwrap(), "for i = 1, 100000 do end");
        for _ in 0..2 {
            let mut copy = spent.instantiate().unwrap();
            assert_eq!(copy.usage().fuel, Some(0));
            run(&mut copy, "for i = 1, 100000 do end");
            assert!(copy.usage().fuel > Some(100_000));
            let error = call::<()>(&mut copy, "while true do end", ()).unwrap_err();
            assert_eq!(error.stop(), Some(&Stop::Fuel { limit: 30_000_000 }));
        }
        let limits = Limits::default().deadline(Duration::from_millis(50));
        let mut copy = template(builder(lua).limits(limits).build().unwrap(), "").instantiate().unwrap();
        let error = call::<()>(&mut copy, "while true do end", ()).unwrap_err();
        assert_eq!(error.stop().map(Stop::kind), Some("deadline"));
    }

    fn deterministic_copies_do_the_same(lua) {
        let capabilities = Capabilities::default().deterministic(7);
        let sandbox = Sandbox::builder(luago_test_support::sandboxes::engine())
            .lua(lua.parse().unwrap()).capabilities(capabilities).build().unwrap();
        let template = template(sandbox, "x = math.random()");
        let told = || {
            let mut copy = template.instantiate().unwrap();
            let told: (f64, f64, f64, String) = result(&mut copy, "for i = 1, 1000 do x = x + math.random() end
                return x, os.time(), os.clock(), tostring({}):gsub('0x', '')");
            (told, copy.usage().fuel)
        };
        assert_eq!(told(), told());
    }

    fn a_template_can_be_large(lua) {
        let template = template(sandbox(lua), "big = ('x'):rep(30000000) list = {}
            for i = 1, 300000 do list[i] = i end");
        assert!(template.size() > 30_000_000, "{}", template.size());
        let mut copy = template.instantiate().unwrap();
        assert_eq!(result::<(usize, usize)>(&mut copy, "return #big, #list"), (30_000_000, 300_000));
        assert!(result::<bool>(&mut copy, "return big:find('[^x]') == nil and list[299999] == 299999"));
        assert!(copy.usage().peak_memory >= 30_000_000);
        run(&mut copy, "big = nil list = nil collectgarbage()");
    }

    fn a_copy_can_become_a_template(lua) {
        let first = template(sandbox(lua), "n = 1");
        let second = template(first.instantiate().unwrap(), "n = n + 1");
        assert_eq!(second.instantiate().unwrap().get::<i64>("n").unwrap(), 2);
        assert_eq!(first.instantiate().unwrap().get::<i64>("n").unwrap(), 1);
    }

    fn an_error_in_a_finalizer_does_not_break_a_template(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "n = 3
            if newproxy then getmetatable(newproxy(true)).__gc = error
            else setmetatable({}, {__gc = error}) end");
        match sandbox.into_template() {
            Ok(template) => assert_eq!(template.instantiate().unwrap().get::<i64>("n").unwrap(), 3),
            Err(error) => assert!(error.lua_error().is_some(), "{error}"),
        }
    }

    fn a_function_that_was_collected_does_not_keep_a_template_from_being_made(lua) {
        let mut sandbox = sandbox(lua);
        let made = sandbox.create_function(|_, ()| Ok::<_, String>(1)).unwrap();
        sandbox.set("made", made).unwrap();
        sandbox.set("made", ()).unwrap();
        assert!(sandbox.into_template().is_ok());
    }

    fn a_reset_makes_a_sandbox_new(lua) {
        let out = OutputBuffer::new();
        let mut built = builder(lua)
            .stdout(out.clone())
            .function("f", |_, ()| Ok::<_, String>(1))
            .global(Module::new("m").value("x", 5))
            .build()
            .unwrap();
        let chunk = "assert(mess == nil and f() == 1 and m.x == 5) mess = 1 f = nil m.x = 6 print('run')";
        for code in ["return 1", "error('x')", "os.exit(1)", "return 1"] {
            run(&mut built, chunk);
            let _ = call::<Value>(&mut built, code, ());
            let interrupt = built.interrupt_handle();
            built.reset().unwrap();
            // It is for the sandbox that was.
            interrupt.interrupt();
        }
        run(&mut built, chunk);
        assert_eq!(out.take(), b"run\n".repeat(5));
        assert_eq!(built.usage().output, 4);
        let mut copy = template(built, "").instantiate().unwrap();
        let mess = "return mess, f";
        assert_eq!(result::<(Option<i64>, Value)>(&mut copy, mess), (Some(1), Value::Nil));
        run(&mut copy, "mess = 2");
        call::<()>(&mut copy, "os.exit(1)", ()).unwrap_err();
        copy.reset().unwrap();
        assert_eq!(result::<(Option<i64>, Value)>(&mut copy, mess), (Some(1), Value::Nil));
        let text = refusal(call::<()>(&mut copy, "error('alive', 0)", ()));
        assert_eq!(text, "alive");
    }

    fn nothing_of_a_tenant_is_in_the_next_sandbox(lua) {
        for (name, limits, code, end) in tenants() {
            let fresh = template(tenant(lua, limits.clone()), "base = 1");
            let mut sandbox = tenant(lua, limits);
            let cell = std::sync::OnceLock::new();
            cell.set(sandbox.interrupt_handle()).unwrap();
            sandbox.set_data(cell);
            let result = call::<Value>(&mut sandbox, &format!("{MARKER} {code}"), ());
            assert_eq!(ended(result), end, "{lua}: {name}");
            sandbox.reset().unwrap();
            assert!(result_of_search(&mut sandbox), "{lua}: {name}: reset");
            drop(sandbox);
            assert!(result_of_search(&mut fresh.instantiate().unwrap()), "{lua}: {name}: template");
        }
    }

    fn nothing_of_a_call_that_was_dropped_is_in_the_next_sandbox(lua) {
        let mut sandbox = sandbox(lua);
        let chunk = load(&mut sandbox, &format!("{MARKER} while true do end"));
        let mut call = sandbox.call_async::<()>(&chunk, ());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        for _ in 0..3 {
            assert!(call.as_mut().poll(&mut context).is_pending());
        }
        drop(call);
        sandbox.reset().unwrap();
        assert!(result_of_search(&mut sandbox), "{lua}");
    }

    fn the_search_finds_what_there_is(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, MARKER);
        assert!(refusal(call::<bool>(&mut sandbox, SEARCH, ())).contains("found at "), "{lua}");
    }
}

fn result_of_search(sandbox: &mut Sandbox) -> bool {
    let chunk = sandbox.load(&Script::new("search", SEARCH)).unwrap();
    sandbox.call(&chunk, ()).unwrap()
}
