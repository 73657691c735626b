//! Functions of the C library that call Lua, which calls them: however they are nested, that is
//! an error of Lua, and never the end of the interpreter's stack.

use luago::{End, Script};
use luago_test_support::sandboxes::sandbox;

/// Each without an end of its own.
const NESTS: &[&str] = &[
    "local function f() return (string.gsub('aaaa', 'a', f)) end pcall(f)",
    "local function f()
        return (string.gsub(string.rep('a', 3000), '((((((((((.))))))))))', f))
    end pcall(f)",
    // An error handler may go a little deeper than what it is called for.
    "local function f() return (string.gsub('aaaa', 'a', f)) end
    xpcall(f, function() return f() end)
    xpcall(f, function() xpcall(f, f) return f() end)",
    "local function f() return (string.gsub('aaaa', 'a', f)) end xpcall(f, debug.traceback)",
    "local function f() table.sort({5, 4, 3, 2, 1}, function(a, b) f() return a < b end) end
    pcall(f)",
    "local function f()
        table.sort({5, 4, 3}, function() return (string.gsub('aa', 'a', f)) end)
    end pcall(f)",
    "local function f() pcall(f) end pcall(f)",
    "local code = {'(', '{', 'function() return ', '-', 'not ', 'a .. ', 'a ^ '}
    for _, item in ipairs(code) do
        for _, times in ipairs {150, 190, 199, 250, 5000} do
            local load = loadstring or load
            load('return ' .. item:rep(times))
        end
    end",
    "local t = setmetatable({}, {})
    getmetatable(t).__tostring = function(x) return string.format('%s %10.5f %q', x, 1e300, 'x') end
    pcall(tostring, t) pcall(string.format, '%s', t) pcall(print, t)",
    "local t = setmetatable({}, {__index = function(t, k) return table.concat(t, ',', 1, 9) end})
    pcall(table.concat, t, ',', 1, 9)",
    "local t t = setmetatable({}, {
        __concat = function(a, b) return a .. b end,
        __index = function(t, k) return (table.unpack or unpack)(t, 1, 3) end,
        __lt = function(a, b) return a < b end, __eq = function(a, b) return a == b end,
        __len = function(t) return #t end, __call = function(t) return 1 + t() end})
    pcall(function() return t .. 'a' end) pcall(function() return t[1] end)
    pcall(function() return t < t end) pcall(function() return #t end) pcall(t)",
    "local function f() local c = coroutine.wrap(f) c() end pcall(f)",
    "local function f()
        coroutine.wrap(function() return (string.gsub('aaaa', 'a', f)) end)()
    end pcall(f)",
    "local function f()
        debug.sethook(function() debug.traceback(string.rep('x', 10000)) end, 'c')
        return (string.gsub('aaaa', 'a', f))
    end pcall(f) debug.sethook()",
    "local function f()
        return (string.gsub('aaaa', 'a', function() return os.date('%c %x %X %Y') .. f() end))
    end pcall(f)",
    "local function f()
        package.preload.x, package.loaded.x = function() f() end, nil
        require 'x'
    end pcall(f)",
    "local load = loadstring or load
    local function f() load(string.dump(load('return 1')))() return (string.gsub('a', 'a', f)) end
    pcall(f)",
    "local f = (loadstring or load)[[
        local function f() local x <close> = setmetatable({}, {__close = function() f() end}) end
        pcall(f)]]
    if f then f() end",
];

for_each_version! {
    fn what_nests_in_the_c_library_without_end_is_an_error_of_lua(lua) {
        for code in NESTS {
            let mut sandbox = sandbox(lua);
            let outcome = sandbox.run(&Script::new("nest", *code)).unwrap();
            assert!(matches!(outcome.end, End::Returned), "{lua}: {code}: {outcome:?}");
            // It is as good as before.
            let outcome = sandbox.run(&Script::new("after", "return #('x'):rep(5)")).unwrap();
            assert!(matches!(outcome.end, End::Returned), "{lua}: {code}: {outcome:?}");
        }
    }
}
