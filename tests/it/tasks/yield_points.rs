//! Where a task can leave its coroutine: in `pcall`, in a comparator, in a function of `gsub`,
//! and in the middle of a computation whose time is up.

use luago::{Capabilities, Context, Function, Limits, Sandbox};
use luago_test_support::sandboxes::{builder, limits, load, result, run};
use proptest::prelude::*;
use std::time::Duration;

/// `luago` as a global, and `wait()`, which other tasks can use the time of.
fn sandbox(lua: &'static str) -> Sandbox {
    let wait = |_: Context, ()| async { turn().await };
    let builder = builder(lua).limits(limits().deadline(Duration::from_secs(60)));
    let mut sandbox = builder.async_function("wait", wait).build().unwrap();
    run(&mut sandbox, "luago = require 'luago'");
    sandbox
}

/// Is pending once.
async fn turn() -> Result<(), String> {
    let mut is_first = true;
    std::future::poll_fn(move |context| {
        if !std::mem::take(&mut is_first) {
            return std::task::Poll::Ready(Ok(()));
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await
}

for_each_version! {
    fn a_wait_in_pcall_in_a_comparator_or_in_gsub_holds_up_no_other_task(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "
            local function try(name, body)
                local task = luago.spawn(body)
                luago.sleep(0.01)
                assert(task:status() == 'waiting', name .. ' holds up others')
                assert(task:cancel 'enough', name)
            end
            try('pcall', function() pcall(luago.sleep, 60) end)
            try('xpcall', function() xpcall(function() luago.sleep(60) end, print) end)
            try('nested', function() pcall(pcall, pcall, luago.sleep, 60) end)
            try('sort', function()
                table.sort({4, 3, 2, 1}, function(x, y) luago.sleep(60) return x < y end)
            end)
            try('gsub', function() return (('abc'):gsub('.', function() luago.sleep(60) end)) end)
            try('all', function()
                pcall(function()
                    table.sort({2, 1}, function()
                        return pcall(('a').gsub, 'a', 'a', function() luago.sleep(60) end)
                    end)
                end)
            end)");
    }

    fn errors_after_a_wait_are_caught_by_the_innermost_pcall(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "
            local log = {}
            local function say(...) for _, v in ipairs {...} do log[#log + 1] = tostring(v) end end
            luago.spawn(function()
                local a, b = pcall(function()
                    wait()
                    say(pcall(function() wait() error('inner', 0) end))
                    say(xpcall(function() wait() error('handled', 0) end,
                               function(m) return '<' .. m .. '>' end))
                    say(pcall(function() wait() return 1, nil, 3 end))
                    wait()
                    error({})
                end)
                say(a, type(b))
                wait()
                say(select('#', pcall(function() wait() return nil, nil end)))
                say(pcall(wait), pcall(error, 5))
            end):await()
            local found = table.concat(log, ' ')
            assert(found == 'false inner false <handled> true 1 false table 3 true false 5', found)");
    }

    fn a_hundred_levels_of_pcall_can_be_left_and_come_back_to(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "
            local function down(n, pause)
                if n == 0 then pause() error('from below', 0) end
                local ok, message = pcall(down, n - 1, pause)
                pause()
                if n % 2 == 0 then error(message .. '.', 0) end
                return message .. '!'
            end
            local function text(n, pause)
                return select(2, pcall(down, n, pause))
            end
            assert(luago.spawn(text, 100, wait):await() == text(100, function() end))
            -- Many times, so that nothing of one is left for the next.
            for i = 1, 200 do
                assert(luago.spawn(text, 20, wait):await() == text(20, function() end))
            end");
    }

    fn sorting_with_waits_makes_the_same_comparisons_as_without(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "
            local function sorted(list, waits, how)
                local t, steps = {}, {}
                for i, v in ipairs(list) do t[i] = v end
                local ok, message = pcall(table.sort, t, function(a, b)
                    if waits then wait() end
                    steps[#steps + 1] = tostring(a) .. ':' .. tostring(b)
                    if how == 'always' then return true end
                    if how == 'never' then return false end
                    if how == 'fails' and #steps == 7 then error('seventh', 0) end
                    if how == 'down' then return a > b end
                    if how == 'loose' then return a <= b end
                    return a < b
                end)
                return tostring(ok) .. tostring(message) .. table.concat(steps, ' ') .. '|'
                    .. table.concat(t, ' ')
            end
            local state = 42
            local function random(n) state = (state * 1103515245 + 12345) % 2^31 return state % n end
            for _, how in ipairs {'up', 'down', 'always', 'never', 'fails', 'loose'} do
                for n = 0, 40 do
                    local list = {}
                    for i = 1, n do list[i] = random(n) end
                    local expected = sorted(list, false, how)
                    assert(luago.spawn(sorted, list, true, how):await() == expected, how .. n)
                end
            end");
    }

    fn gsub_with_waits_gives_the_same_as_without(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "
            local function replaced(text, pattern, most, how, waits)
                local asked = {}
                local ok, a, b = pcall(string.gsub, text, pattern, function(...)
                    if waits then wait() end
                    asked[#asked + 1] = table.concat({...}, ',')
                    if how == 'nil' then return nil end
                    if how == 'false' then return false end
                    if how == 'table' and #asked == 2 then return {} end
                    if how == 'number' then return #asked end
                    if how == 'error' and #asked == 2 then error('second', 0) end
                    if how == 'long' then return (...) .. ('x'):rep(500) end
                    return '<' .. (...) .. '>'
                end, most)
                return tostring(ok) .. tostring(a) .. tostring(b) .. table.concat(asked, ';')
            end
            local texts = {'', 'a', 'abc', 'aaa bbb  ccc', ('ab '):rep(100), 'x\\0y'}
            local patterns = {'', '.', '%a+', '^%a', 'b*', '()a', '(%a)(%a)', '%f[%a]%a', '%s*$', '(', 'z'}
            for _, text in ipairs(texts) do for _, pattern in ipairs(patterns) do
                for _, how in ipairs {'text', 'nil', 'false', 'table', 'number', 'error', 'long'} do
                    for _, most in ipairs {-1, 0, 1, 2, 1000} do
                        if how == 'text' or most == 1000 then
                            local expected = replaced(text, pattern, most, how, false)
                            local found = luago.spawn(replaced, text, pattern, most, how, true):await()
                            assert(found == expected, found .. '\\n' .. expected)
                        end
                    end
                end
            end end");
    }

    fn a_timeout_ends_a_function_that_computes(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "
            local function ends(name, f)
                local ok, message = pcall(luago.timeout, 0.02, f)
                assert(not ok and tostring(message):find 'timed out after 0.02 s', name .. ': ' .. tostring(message))
            end
            local function forever() while true do end end
            ends('a loop', forever)
            ends('recursion', function()
                local function f(n) if n > 0 then f(n - 1) f(n - 1) end end
                f(100)
            end)
            ends('pcall', function() while true do pcall(forever) end end)
            ends('xpcall', function() while true do xpcall(forever, forever) end end)
            ends('a coroutine', function()
                while true do coroutine.resume(coroutine.create(forever)) end
            end)
            ends('wrap', function() while true do pcall(coroutine.wrap(forever)) end end)
            ends('a comparator', function()
                table.sort({3, 2, 1}, function(a, b) forever() end)
            end)
            ends('a metamethod', function()
                local t = setmetatable({}, {__index = forever, __add = forever})
                while true do pcall(function() return t.x end) pcall(function() return t + 1 end) end
            end)
            ends('a hook of its own', function()
                while true do debug.sethook(function() end, '', 1) end
            end)
            ends('gsub', function() (('x'):rep(100)):gsub('x', forever) end)
            -- Nothing of it is left.
            local n = 0
            for i = 1, 1e5 do n = n + 1 end
            assert(luago.timeout(60, function() for i = 1, 1e5 do n = n + 1 end return n end) == 2e5)
            assert(luago.spawn(function() return 'alive' end):await() == 'alive')");
    }

    fn a_timeout_of_a_future_ends_a_function_that_computes(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "
            function spin() return luago.timeout(0.02, function() while true do end end) end");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let error = runtime.block_on(sandbox.call_async::<()>("spin", ())).unwrap_err();
        assert!(error.to_string().contains("timed out after 0.02 s"), "{error}");
    }

    fn only_the_task_whose_time_is_up_ends(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "
            local other = luago.spawn(function()
                local n = 0
                for i = 1, 20 do for j = 1, 1e4 do n = n + 1 end wait() end
                return n
            end)
            local ok = pcall(luago.timeout, 0.02, function() while true do end end)
            assert(not ok)
            assert(other:await() == 2e5)");
    }

    fn a_deterministic_timeout_ends_at_the_same_instruction_each_time(lua) {
        let count = || -> i64 {
            let mut sandbox = builder(lua)
                .limits(Limits::default().fuel(1_000_000_000))
                .capabilities(Capabilities::default().deterministic(7))
                .build()
                .unwrap();
            result(&mut sandbox, "
                local luago, n = require 'luago', 0
                local ok, message = pcall(luago.timeout, 0.01, function()
                    while true do pcall(function() n = n + 1 end) end
                end)
                assert(not ok and message:find 'timed out', message)
                return n")
        };
        let first = count();
        assert!(first > 1000, "{first}");
        assert_eq!(first, count());
    }

    fn a_task_cannot_yield_values(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "
            local task = luago.spawn(function() return coroutine.yield('lost') end)
            local ok, message = pcall(task.await, task)
            assert(not ok and message:find 'a task cannot yield values: nobody receives them$', message)
            assert(luago.spawn(function() coroutine.yield() return 'on' end):await() == 'on')
            local inside = luago.spawn(function()
                local co = coroutine.wrap(function() coroutine.yield(1) return 2 end)
                return co() + co()
            end)
            assert(inside:await() == 3)");
    }

    fn a_wrong_argument_names_the_function_that_was_called(lua) {
        let mut sandbox = sandbox(lua);
        run(&mut sandbox, "
            local task = luago.spawn(function() end)
            local function says(expected, f, ...)
                local ok, message = pcall(function(...) f(...) end, ...)
                assert(not ok)
                assert(message:find(expected, 1, true), message)
                assert(message:find '^test:%d+: ', message)
                assert(not message:find('[luago]', 1, true), message)
            end
            says(\"bad argument #1 to 'sleep' (number expected, got table)\", luago.sleep, {})
            says(\"bad argument #1 to 'sleep' (number expected, got no value)\", luago.sleep)
            says(\"bad argument #1 to 'await' (task expected, got number)\", task.await, 5)
            says(\"bad argument #2 to 'all' (task expected, got number)\", luago.all, task, 5)
            says(\"bad argument #1 to 'race' (element 2: task expected, got number)\", luago.race, {task, 5})
            says(\"bad argument #1 to 'timeout' (number expected, got table)\", luago.timeout, {}, print)
            says(\"bad argument #2 to 'timeout' (function expected, got nil)\", luago.timeout, 1, nil)
            task:await()");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// The same program in a task that waits again and again, and in none.
    #[test]
    fn protected_calls_of_5_1_do_the_same_in_a_task_that_waits(
        steps in prop::collection::vec((0u8..6, 0u8..4), 1..40),
    ) {
        let mut body = String::from("return function(pause, log)\n");
        let mut depth = 0;
        for (kind, n) in &steps {
            match kind {
                0 => {
                    body += &format!("log('in {n}') log(pcall(function(...) pause()\n");
                    depth += 1;
                }
                1 => {
                    body += &format!("log(xpcall(function() pause() log('in {n}')\n");
                    depth += 100;
                }
                2 => body += &format!("if {n} == 0 then error('error {depth}', {n}) end\n"),
                3 => body += &format!("pause() log({n}, pcall(error, {{}}))\n"),
                4 => body += &format!(
                    "local t = {{3, {n}, 2}} table.sort(t, function(a, b) pause() return a < b end) log(t[1])\n"
                ),
                _ => body += &format!(
                    "log((('ab'):gsub('.', function(c) pause() log(c) return {n} > 1 and c .. c end)))\n"
                ),
            }
        }
        // What is open is closed, the innermost first; which kind it is stands in the text.
        let mut open: Vec<u8> = Vec::new();
        for (kind, _) in &steps {
            if *kind < 2 { open.push(*kind) }
        }
        for kind in open.iter().rev() {
            body += if *kind == 0 {
                " pause() return 'x', nil end, 1, 2))\n"
            } else {
                " return 7 end, function(m) log('handled', type(m)) return 'h' end))\n"
            };
        }
        body += "end";
        let mut sandbox = sandbox("5.1");
        let make = load(&mut sandbox, &body);
        let program: Function = sandbox.call(&make, ()).unwrap();
        let text = "
            local program = ...
            local function trace(pause)
                local lines = {}
                local function log(...)
                    for i = 1, select('#', ...) do
                        local v = select(i, ...)
                        lines[#lines + 1] = type(v) == 'table' and 'table' or tostring(v)
                    end
                end
                log(pcall(program, pause, log))
                return table.concat(lines, ' ')
            end
            local plain = trace(function() end)
            local left = luago.spawn(trace, wait):await()
            return plain, left";
        let compare = load(&mut sandbox, text);
        let (plain, left): (String, String) = sandbox.call(&compare, program).unwrap();
        prop_assert_eq!(plain, left);
    }
}
