//! Scripts that tamper with what lies between them and the host, through the debug library.

use luago::{Error, Script, Value, Variadic};
use luago_test_support::sandboxes::{builder, limits};
use luago_test_support::versions::Lua;
use std::time::{Duration, Instant};

/// Runs code in a sandbox with all kinds of host functions. Any end will do, if it comes,
/// and the sandbox is then either dead or works; the host must not panic or hang.
fn survives(lua: Lua, code: &str) {
    let mut sandbox = builder(lua)
        .limits(limits().deadline(Duration::from_secs(2)).memory(64 << 20))
        .function("echo", |_, values: Variadic<Value>| Ok::<_, String>(values))
        .function("fail", |_, ()| Err::<(), _>(std::io::Error::other("failed")))
        .async_function("wait", |_, yields: u64| async move {
            let mut left = yields;
            std::future::poll_fn(move |context| {
                context.waker().wake_by_ref();
                left = left.saturating_sub(1);
                if left == 0 { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
            })
            .await;
            Ok::<_, String>(yields)
        })
        .build()
        .unwrap();
    let made = sandbox.create_function(|_, _: Value| Ok::<_, String>(1)).unwrap();
    sandbox.set("made", made).unwrap();
    let code = format!("local luago = require 'luago' {code}");
    let chunk = sandbox.load(&Script::new("tampering", code.clone())).unwrap();
    let start = Instant::now();
    let ended = sandbox.call::<Variadic<Value>>(&chunk, ());
    let took = start.elapsed();
    assert!(took < Duration::from_secs(4), "{lua}: {code}: {took:?}");
    let again = |sandbox: &mut luago::Sandbox| -> Result<i64, Error> {
        let chunk = sandbox.load(&Script::new("after", "return 41 + 1"))?;
        sandbox.call(&chunk, ())
    };
    let result = again(&mut sandbox);
    if sandbox.is_dead() {
        sandbox.reset().unwrap();
        assert_eq!(again(&mut sandbox).unwrap(), 42, "{lua}: {code}: {ended:?}");
    } else {
        let is_told = result.as_ref().map_or_else(|e| !e.to_string().is_empty(), |n| *n == 42);
        assert!(is_told, "{lua}: {code}: {ended:?}, then {result:?}");
    }
}

fn survives_all(lua: Lua, codes: &[&str]) {
    codes.iter().for_each(|code| survives(lua, code));
}

for_each_version! {
    fn numbers_of_functions_can_be_anything(lua) {
        for number in ["'x'", "{}", "nil", "-1", "0", "0/0", "1e300", "2^31 + 1", "2^32 - 1", "99", "3"] {
            for function in ["echo", "wait", "made"] {
                survives(lua, &format!("for i = 1, 4 do debug.setupvalue({function}, i, {number}) end
                    return pcall({function}, 1)"));
            }
        }
    }

    fn parts_of_asynchronous_functions_can_be_called_alone(lua) {
        survives_all(lua, &[
            "local function up(name) for i = 1, 9 do local n, f = debug.getupvalue(wait, i)
                if n == name then return f end end end
                local start, finish = up 'start', up 'finish'
                for _, call_id in ipairs {0, 1, 12345, 2^32 - 1, -1} do pcall(finish, call_id) end",
            "for i = 1, 9 do local n, f = debug.getupvalue(wait, i) if n == 'start' then f(1, 2) end end",
            "for i = 1, 9 do local n, f = debug.getupvalue(wait, i) if n == 'start' then
                for j = 1, 5 do f(3, 5) end end end",
            "for i = 1, 9 do local n, f = debug.getupvalue(wait, i) if n == 'start' then
                local task = luago.spawn(function() f(3, 5) return f(3, 5) end) return task:await() end end",
        ]);
    }

    fn the_registry_can_be_emptied_or_filled_with_anything(lua) {
        for value in ["nil", "5", "{}", "print", "'x'"] {
            for use_ in ["return echo(1)", "return function() end, {echo}", "error('x')",
                "return pcall(fail)", "return wait(3)", "return luago.spawn(wait, 2):await()",
                "fail()", "return tostring(select(2, pcall(fail)))"] {
                survives(lua, &format!("local r = debug.getregistry()
                    for k in pairs(r) do if type(k) == 'number' and r[k] ~= _G then r[k] = {value} end end {use_}"));
            }
        }
        survives(lua, "local r = debug.getregistry() for k in pairs(r) do r[k] = nil end return wait(1)");
    }

    fn errors_of_the_host_can_be_made_into_anything(lua) {
        for field in ["id", "message", "causes", "where"] {
            for value in ["nil", "-1", "0/0", "1/0", "2^60", "{}", "'x'", "print", "{1, 2}", "e", "{e}", "('x'):rep(2000000)"] {
                survives(lua, &format!("local _, e = pcall(fail) e.{field} = {value}
                    pcall(tostring, e) pcall(echo, e) pcall(function() return e .. 'x' end) error(e)"));
            }
        }
        survives_all(lua, &[
            "local _, e = pcall(fail) for i = 1, 1000 do e.causes[i] = 'c' .. i end return e, echo(e)",
            "local _, e = pcall(fail) debug.setmetatable(e, {__tostring = function() return 5 end}) error(e)",
            "local _, e = pcall(fail) local m = debug.getmetatable(e) for k in pairs(m) do m[k] = nil end error(e)",
            "local _, e = pcall(fail) debug.getmetatable(e).__tostring = function() error(e) end error(e)",
            "local _, e = pcall(fail) debug.getmetatable(e).__tostring = fail error(e)",
            "local _, e = pcall(fail) local m = debug.getmetatable(e)
                return setmetatable({message = 'm', id = 3, causes = {'a'}}, m), setmetatable({}, m)",
            "local _, e = pcall(fail) local m = debug.getmetatable(e) setmetatable(m, m) m.__index = m error(m)",
            "local _, e = pcall(fail) for _, f in pairs(debug.getmetatable(e)) do
                if type(f) == 'function' then for _, x in ipairs {1, 'x', print, io.stdout, {}} do pcall(f, x) pcall(f, x, x) end pcall(f) end end",
        ]);
    }

    fn tasks_can_be_taken_apart(lua) {
        survives_all(lua, &[
            "local t = luago.spawn(wait, 5) (debug.setuservalue or debug.setfenv)(t, {})
                collectgarbage() collectgarbage() t:await()",
            "local t = luago.spawn(wait, 5) debug.getmetatable(t).__index.await(io.stdout)",
            "local t = luago.spawn(wait, 5) local r = debug.getregistry()
                r['luago.task'] = debug.getmetatable(io.stdout) debug.getmetatable(t).__index.await(io.stdout)",
            "local t = luago.spawn(wait, 5) local r = debug.getregistry()
                r['luago.task'] = debug.getmetatable(io.stdout) debug.getmetatable(t).__index.status(io.stdout)",
            "debug.setmetatable(luago.spawn(wait, 5), nil) collectgarbage()",
            "debug.getmetatable(luago.spawn(wait, 5)).__gc = print collectgarbage()",
        ]);
    }

    fn coroutines_of_tasks_can_be_resumed_by_others(lua) {
        for argument in ["nil", "77", "'x'", "{}"] {
            survives(lua, &format!("local co
                local t = luago.spawn(function() co = coroutine.running() wait(20) return 1 end)
                luago.spawn(function() coroutine.resume(co, {argument}) coroutine.resume(co) end)
                return pcall(t.await, t)"));
        }
        survives_all(lua, &[
            "local co local t = luago.spawn(function() co = coroutine.running() wait(20) end)
                luago.spawn(function() if coroutine.close then coroutine.close(co) end
                debug.sethook(co, function() error('hook') end, '', 1) end) return pcall(t.await, t)",
            "local t t = luago.spawn(function() return pcall(coroutine.wrap(function() t:await() end)) end) return t:await()",
            "debug.sethook(function() luago.spawn(print) end, '', 100) for i = 1, 10000 do end debug.sethook()",
        ]);
    }

    fn functions_of_create_function_can_be_dropped_by_hand(lua) {
        survives_all(lua, &[
            "for i = 1, 3 do local _, u = debug.getupvalue(made, i) if type(u) == 'userdata' then
                debug.getmetatable(u).__gc(u) debug.getmetatable(u).__gc(u) return pcall(made) end end",
            "for i = 1, 3 do local _, u = debug.getupvalue(made, i) if type(u) == 'userdata' then
                pcall(debug.getmetatable(u).__gc, io.stdout) pcall(debug.getmetatable(u).__gc) end end",
            "debug.setupvalue(made, 2, 5) collectgarbage() made() made = nil collectgarbage()",
            "debug.getregistry()['luago.owned'].__gc = function() made() error('x') end made = nil collectgarbage()",
        ]);
    }

    fn the_functions_behind_calls_can_be_called_by_hand(lua) {
        survives(lua, "local r = debug.getregistry() local all = {}
            for k, f in pairs(r) do if type(f) == 'function' then all[#all + 1] = f end end
            for _, f in ipairs(all) do
                if f ~= luago.spawn then
                    for _, x in ipairs {1, 'x', print, io.stdout, {}, false} do pcall(f, x) end
                    pcall(f)
                end
            end");
    }
}
