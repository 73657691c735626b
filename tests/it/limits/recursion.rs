//! Recursion of every kind ends as an error of Lua.

use luago_test_support::command::lua;
use luago_test_support::versions::Lua;

/// The code, which prints `ok` at its end, ends well or with an error of Lua.
#[track_caller]
fn survives(version: Lua, code: &str) -> String {
    let code = format!("{code} print('ok')");
    let ran = lua(version).args(["--timeout", "60s"]).exec(&code).run();
    assert!(ran.code == 0 || ran.code == 1, "{ran:#?}");
    if ran.code == 0 {
        assert!(ran.stdout.ends_with("ok\n"), "{ran:#?}");
    }
    format!("{}{}", ran.stdout, ran.stderr)
}

/// The code overflows a stack of Lua's, which says so and can be caught.
#[track_caller]
fn overflows(version: Lua, code: &str) {
    let said = survives(version, &format!("print(pcall(function() {code} end))"));
    assert!(said.starts_with("false\t"), "{said}");
    assert!(
        said.contains("overflow") || said.contains("too many") || said.contains("error in error"),
        "{said}"
    );
}

const LOAD: &str = "local load = loadstring or load ";

for_each_version! {
    fn recursion_in_lua_overflows(lua) {
        overflows(lua, "local function f() return 1 + f() end f()");
    }

    fn recursion_through_pcall_overflows(lua) {
        let said = survives(lua, "local function f() local ok, m = pcall(f) if not ok then error(m, 0) end end print(pcall(f))");
        assert!(said.contains("overflow"), "{said}");
    }

    fn recursion_through_pcall_that_goes_on_is_survived(lua) {
        survives(lua, "local n = 0 local function f() n = n + 1 if n < 1000000 then pcall(f) end end f()");
    }

    fn recursion_through_xpcall_is_survived(lua) {
        survives(lua, "local function f() xpcall(f, f) end f()");
    }

    fn recursion_through_gsub_overflows(lua) {
        overflows(lua, "local function f() return (('x'):gsub('x', f)) end f()");
    }

    fn recursion_through_coroutines_overflows(lua) {
        overflows(lua, "local function f() return coroutine.wrap(f)() end f()");
    }

    fn recursion_through_resume_is_survived(lua) {
        survives(lua, "local n = 0 local function f() n = n + 1 if n < 100000 then coroutine.resume(coroutine.create(f)) end end f()");
    }

    fn recursion_through_coroutines_and_pcall_is_survived(lua) {
        survives(lua, "local n = 0 local function f() n = n + 1 if n < 100000 then pcall(coroutine.wrap(f)) end end f()");
    }

    fn recursion_through_index_overflows(lua) {
        overflows(lua, "local t = setmetatable({}, {__index = function(t, k) return t[k] end}) return t.x");
    }

    fn recursion_through_newindex_overflows(lua) {
        overflows(lua, "local t = setmetatable({}, {__newindex = function(t, k, v) t[k] = v end}) t.x = 1");
    }

    fn a_loop_of_index_tables_is_an_error(lua) {
        let said = survives(lua, "local t = {} setmetatable(t, {__index = t}) print(pcall(function() return t.x end))");
        assert!(said.contains("loop"), "{said}");
    }

    fn a_long_chain_of_index_tables_is_survived(lua) {
        survives(lua, "local t = {x = 1} for i = 1, 10000 do t = setmetatable({}, {__index = t}) end
            print(pcall(function() return t.x end))");
    }

    fn a_long_chain_of_call_metamethods_is_survived(lua) {
        survives(lua, "local f = print for i = 1, 100000 do f = setmetatable({}, {__call = f}) end print(pcall(f))");
    }

    fn recursion_through_tostring_overflows(lua) {
        overflows(lua, "local t = setmetatable({}, {__tostring = function(t) return tostring(t) end}) tostring(t)");
    }

    fn recursion_through_concat_overflows(lua) {
        overflows(lua, "local t = setmetatable({}, {__concat = function(a, b) return a .. b end}) return t .. 'x'");
    }

    fn recursion_through_comparison_overflows(lua) {
        overflows(lua, "local mt = {} mt.__lt = function(a, b) return a < b end
            return setmetatable({}, mt) < setmetatable({}, mt)");
    }

    fn recursion_through_equality_overflows(lua) {
        overflows(lua, "local mt = {} mt.__eq = function(a, b) return a == b end
            return setmetatable({}, mt) == setmetatable({}, mt)");
    }

    fn recursion_through_sort_overflows(lua) {
        overflows(lua, "local function f() table.sort({3, 1, 2}, function(a, b) f() return a < b end) end f()");
    }

    fn recursion_through_load_is_survived(lua) {
        survives(lua, "local n = 0 local function f() n = n + 1 if n < 1000 then load(f) end return nil end print(load(f))");
    }

    fn recursion_through_require_is_survived(lua) {
        survives(lua, "package.preload.a = function() package.loaded.a = nil return require 'a' end print(pcall(require, 'a'))");
    }

    fn recursion_through_error_handlers_is_survived(lua) {
        survives(lua, "print(xpcall(error, function() error('again') end))
            local function handler() return handler() + 1 end print(xpcall(error, handler))
            local function f() xpcall(error, f) end f()");
    }

    fn recursion_through_finalizers_is_survived(lua) {
        survives(lua, "local function make() local x
            if newproxy then x = newproxy(true) getmetatable(x).__gc = function() make() collectgarbage() end
            else x = setmetatable({}, {__gc = function() make() collectgarbage() end}) end end
            make() collectgarbage() collectgarbage()");
    }

    fn recursion_in_a_stack_overflow_handler_is_survived(lua) {
        survives(lua, "local function f() return 1 + f() end
            print((xpcall(f, function(m) return f() end)))
            print((xpcall(f, debug.traceback)))");
    }

    fn stack_overflows_can_be_caught_again_and_again(lua) {
        let said = survives(lua, "local function f() return 1 + f() end
            for i = 1, 4 do assert(not pcall(f)) end
            for i = 1, 2 do assert(not coroutine.resume(coroutine.create(f))) end print('done')");
        assert!(said.contains("done\nok"), "{said}");
    }

    fn nested_parentheses_are_survived(lua) {
        survives(lua, &format!("{LOAD} print(load('return ' .. ('('):rep(100000) .. '1' .. (')'):rep(100000)))"));
    }

    fn nested_tables_in_code_are_survived(lua) {
        survives(lua, &format!("{LOAD} print(load('return ' .. ('{{'):rep(100000) .. ('}}'):rep(100000)))"));
    }

    fn nested_functions_in_code_are_survived(lua) {
        survives(lua, &format!("{LOAD} print(load(('return function() '):rep(10000) .. (' end'):rep(10000)))"));
    }

    fn nested_blocks_in_code_are_survived(lua) {
        survives(lua, &format!("{LOAD} print(load(('do '):rep(100000) .. ('end '):rep(100000)))
            print(load(('if x then '):rep(100000) .. ('end '):rep(100000)))
            print(load(('while x do '):rep(100000) .. ('end '):rep(100000)))"));
    }

    fn long_concatenations_in_code_are_survived(lua) {
        survives(lua, &format!("{LOAD} print(load('return ' .. ('a..'):rep(100000) .. 'a'))"));
    }

    fn long_powers_and_negations_in_code_are_survived(lua) {
        survives(lua, &format!("{LOAD} print(load('return ' .. ('2^'):rep(100000) .. '2'))
            print(load('return ' .. ('- '):rep(100000) .. '2'))
            print(load('return ' .. ('not '):rep(100000) .. 'x'))"));
    }

    fn long_calls_and_indices_in_code_are_survived(lua) {
        survives(lua, &format!("{LOAD} print(load('return f' .. ('()'):rep(100000)))
            print(load('return f' .. ('.x'):rep(100000)))
            print(load('return ' .. ('f('):rep(100000) .. (')'):rep(100000)))
            print(load('return ' .. ('a['):rep(100000) .. (']'):rep(100000)))"));
    }

    fn long_assignments_in_code_are_survived(lua) {
        survives(lua, &format!("{LOAD} print(load(('a,'):rep(100000) .. 'a = 1'))
            print(load(('x = 1 if a then elseif b then ')..('elseif c then '):rep(20000)..'end'))"));
    }

    fn long_patterns_are_survived(lua) {
        survives(lua, "for _, piece in ipairs {'x?', '(x)', '(', 'x-', 'x*', '[x]', '%b()', '()', '.-', '%f[x]', 'x'} do
            print(piece, pcall(string.find, ('x'):rep(100000), piece:rep(100000))) end");
    }

    fn long_single_patterns_on_long_subjects_are_survived(lua) {
        survives(lua, "local s = ('x'):rep(1000000)
            for _, p in ipairs {'^(x*)$', '^x-$', '^.-y', '(x+)$', '[^y]*y?$', '%w+', '^(.-)$'} do
            print(p, (pcall(string.find, s, p))) end");
    }

    fn deep_data_is_collected(lua) {
        survives(lua, "local t = {} for i = 1, 1000000 do t = {t} end t = nil collectgarbage() collectgarbage()
            local f = print for i = 1, 100000 do local g = f f = function() return g end end f = nil collectgarbage()
            local c for i = 1, 10000 do local d = c c = coroutine.create(function() return d end) end c = nil collectgarbage()");
    }

    fn many_results_and_arguments_are_survived(lua) {
        survives(lua, "local unpack = unpack or table.unpack local t = {} for i = 1, 2000000 do t[i] = i end
            print(pcall(function() return select('#', unpack(t)) end))
            print(pcall(function() return select('#', unpack(t, 1, 5000)) end))
            print(pcall(function() return #string.char(unpack(t, 1, 200)) end))
            print((pcall(string.byte, ('x'):rep(3000000), 1, -1)))
            print(pcall(coroutine.wrap(function(...) return select('#', ...) end), unpack(t, 1, 5000)))");
    }

    fn deep_string_formats_are_survived(lua) {
        survives(lua, "print(pcall(string.format, ('%s'):rep(100000), 1))
            print(pcall(string.format, '%' .. ('0'):rep(100000) .. 'd', 1))
            print(pcall(string.format, '%99999999999d', 1))");
    }

    fn a_hook_that_recurses_is_survived(lua) {
        survives(lua, "local n = 0 local function hook() n = n + 1 if n < 100000 then local x = tostring(n) end end
            debug.sethook(hook, 'crl', 1) local function f(n) if n > 0 then return f(n - 1) end end f(1000) debug.sethook()");
    }

    fn yields_across_deep_recursion_are_survived(lua) {
        survives(lua, "local function f(n) if n == 0 then coroutine.yield('deep') else f(n - 1) end return n end
            local c = coroutine.wrap(f) print(c(10000)) print(c())");
    }
}

for_versions! {
    [lua_5_4 "5.4", lua_5_5 "5.5"]

    fn recursion_through_close_is_survived(lua) {
        survives(lua, "local function f() local x <close> = setmetatable({}, {__close = f}) end print(pcall(f))
            local function g() local x <close> = setmetatable({}, {__close = function() error('x') end}) g() end print((pcall(g)))");
    }

    fn nested_coroutine_close_is_survived(lua) {
        survives(lua, "local function f()
            local c = coroutine.create(function() local x <close> = setmetatable({}, {__close = f}) coroutine.yield() end)
            coroutine.resume(c) coroutine.close(c) end print(pcall(f))");
    }
}
