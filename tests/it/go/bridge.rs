//! Values, errors and waits between Lua and Go.

use super::guests::{plain, prepared, timeless};
use luago::{Error, GoGrant, Sandbox, Value};
use luago_test_support::sandboxes::{builder, call, limits, refusal, result, run};
use luago_test_support::versions::number;
use std::time::Duration;

for_each_version! {
    fn values_of_every_kind_pass_both_ways(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, r"
            for _, echo in ipairs {fixtures.echo, fixtures.echo_direct} do
                for _, v in ipairs {true, false, 0, -7, 1.5, 2^40, '', 'text', 'a\0b\255'} do
                    assert(echo(v) == v, tostring(v))
                end
                assert(echo(nil) == nil)
                assert(echo(1/0) == 1/0 and echo(-1/0) == -1/0)
                local nan = echo(0/0) assert(nan ~= nan)
                local list = echo {1, 'two', {3}}
                assert(#list == 3 and list[1] == 1 and list[2] == 'two' and list[3][1] == 3)
                local map = echo {x = 1, y = {z = false}}
                assert(map.x == 1 and map.y.z == false)
                assert(next(echo {}) == nil)
            end
            assert(fixtures.kind(1) == 'int64' or fixtures.kind(1) == 'float64', fixtures.kind(1))
            assert(fixtures.kind('a') == 'string' and fixtures.kind(nil) == '<nil>')
            assert(fixtures.kind {} == '[]interface {}' and fixtures.kind {a = 1} == 'map[string]interface {}')");
    }

    fn structs_are_tables_with_their_fields(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            assert(fixtures.distance({x = 0, y = 0}, {x = 3, y = 4}) == 5)
            assert(fixtures.distance({}, {x = 1}) == 1)
            assert(fixtures.distance({x = 0, y = 0, color = 'red'}, {x = 3, y = 4}) == 5)
            local back = fixtures.nest {
                points = {{x = 1, y = 2, label = 'p'}, {x = 3}}, tags = {a = 1}, wait = 1.5}
            assert(back.points[1].label == 'p' and back.points[2].label == nil)
            assert(back.points[2].x == 3 and back.points[2].y == 0)
            assert(back.tags.a == 1 and back.wait == 3 and back.next.wait == 1.5)
            assert(back.next.next == nil and back.hidden == nil)
            local n, more, none = fixtures.many(1, nil, 'x')
            assert(n == 3 and more[1] == 1 and none == nil)");
    }

    fn a_bad_argument_is_named_with_its_path(lua) {
        let mut sandbox = plain(lua);
        for (code, expected) in [
            ("fixtures.add('x', 1)", "bad argument #1 to 'add' (expected "),
            ("fixtures.add_task(1, {})", "bad argument #2 to 'add_task' (expected "),
            ("fixtures.distance({x = 0}, {x = 'far'})", "bad argument #2 to 'distance' (field 'x'"),
            ("fixtures.nest {points = {{}, {y = true}}}", "points"),
            ("fixtures.byte(256)", "bad argument #1 to 'byte'"),
            ("fixtures.integer(1.5)", "bad argument #1 to 'integer'"),
        ] {
            let why = refusal(call::<()>(&mut sandbox, code, ()));
            assert!(why.contains(expected), "{code}: {why}");
        }
    }

    fn integers_pass_exactly_or_are_refused(lua) {
        let mut sandbox = plain(lua);
        if number(lua) >= 53 {
            run(&mut sandbox, "
                assert(fixtures.integer(math.maxinteger) == math.maxinteger)
                assert(fixtures.integer(math.mininteger) == math.mininteger)
                assert(math.type(fixtures.integer(3)) == 'integer' and math.type(fixtures.integer(3.0)) == 'integer')
                assert(fixtures.large() == 9007199254740993)");
        } else {
            run(&mut sandbox, "assert(fixtures.integer(2^53) == 2^53)");
            let why = refusal(call::<()>(&mut sandbox, "fixtures.large()", ()));
            assert!(why.contains("9007199254740993"), "{why}");
        }
        let why = refusal(call::<()>(&mut sandbox, "fixtures.largest()", ()));
        assert!(why.contains("18446744073709551615"), "{why}");
    }

    fn bytes_pass_whole(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, r"
            assert(fixtures.reverse 'abc\0\255' == '\255\0cba' and fixtures.reverse '' == '')
            for _, size in ipairs {4000, 4096, 4097, 50000, 524288} do
                local text = ('ab'):rep(size) .. '!'
                local back = fixtures.reverse(text)
                assert(#back == #text and back == text:reverse(), size)
                assert(fixtures.echo(text) == text and fixtures.echo_direct(text) == text)
            end");
    }

    fn errors_keep_their_causes_and_say_where(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            local ok, e = pcall(function() fixtures.fail 'Rome' end)
            assert(not ok and e.message == 'cannot find Rome', e.message)
            assert(#e.causes == 2 and e.causes[1] == 'map is bad')
            assert(e.causes[2] == 'no such place' and e.stack == nil)
            assert(tostring(e):find('cannot find Rome: map is bad: no such place', 1, true))
            assert(tostring(e):find('^test:%d+: '), tostring(e))
            local ok, e = pcall(fixtures.fail_directly, 'Rome')
            assert(not ok and #e.causes == 1 and e.causes[1] == 'no such place')
            local ok, e = pcall(fixtures.fail_joined)
            assert(tostring(e):find('first', 1, true) and tostring(e):find('second', 1, true))");
    }

    fn an_error_of_go_reaches_the_host_with_its_causes(lua) {
        let mut sandbox = plain(lua);
        let error: Error = call::<()>(&mut sandbox, "fixtures.fail 'Rome'", ()).unwrap_err();
        let raised = error.lua_error().unwrap();
        assert!(raised.message.contains("cannot find Rome: map is bad: no such place"));
        assert!(matches!(raised.value, Value::Error(_)), "{:?}", raised.value);
    }

    fn only_the_coroutine_that_calls_waits(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            local log = {}
            local first = luago.spawn(function()
                log[#log + 1] = 'waits'
                fixtures.wait(1, 'door')
                log[#log + 1] = 'goes on'
            end)
            local second = luago.spawn(function()
                log[#log + 1] = 'opens'
                fixtures.open_for_good 'door'
            end)
            log[#log + 1] = 'main'
            luago.all(first, second)
            assert(table.concat(log, ', ') == 'main, waits, opens, goes on')");
    }

    fn functions_of_go_are_spawned_like_those_of_lua(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            local direct = luago.spawn(fixtures.add, 1, 2)
            local slow, fast = luago.spawn(fixtures.nap, 1, 5000), luago.spawn(fixtures.nap, 2, 1)
            assert(direct:await() == 3)
            assert(luago.race(slow, fast) == 2 and slow:status() == 'cancelled')
            local a, b = luago.all(luago.spawn(fixtures.quick, 1), luago.spawn(more.quick, 2))
            assert(a == 1 and b == 2)
            local list = luago.all {luago.spawn(fixtures.quick, 3)}
            assert(list[1] == 3)");
    }

    fn guests_know_nothing_of_each_other(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            assert(fixtures.count_up() == 1 and fixtures.count_up_task() == 2 and more.count_up() == 1)
            assert(luago.guest 'fixtures'.count_up() == 3 and require 'fixtures' == fixtures)
            assert(not pcall(luago.guest, 'nobody') and not pcall(require, 'nobody'))");
        let why = refusal(call::<()>(&mut sandbox, "luago.guest 'nobody'", ()));
        assert!(why.contains("the sandbox was not granted a Go guest 'nobody'"), "{why}");
    }

    fn cancelling_ends_the_context_with_a_cause(lua) {
        let mut sandbox = timeless(lua);
        run(&mut sandbox, "
            local task = luago.spawn(fixtures.until_done)
            luago.sleep(0.001)
            assert(task:status() == 'waiting' and task:cancel('no use') == true)
            assert(task:status() == 'cancelled' and task:cancel() == false)
            assert(caught(task.await, task):find('the task was cancelled: no use', 1, true))
            luago.sleep(0.001)
            local cause = fixtures.last_cause()
            assert(cause:find('context canceled; ', 1, true) == 1, cause)
            assert(cause:find('no use', 1, true) and cause:find('cancelled=true', 1, true), cause)");
    }

    fn a_task_that_is_cancelled_before_it_begins_never_does(lua) {
        let mut sandbox = timeless(lua);
        run(&mut sandbox, "
            local task = luago.spawn(fixtures.begin)
            assert(task:status() == 'ready' and task:cancel())
            luago.sleep(0.001)
            assert(fixtures.began() == 0)");
    }

    fn a_timeout_is_a_deadline_of_the_context(lua) {
        let mut sandbox = timeless(lua);
        run(&mut sandbox, "
            assert(fixtures.time_left() == nil)
            local left = luago.timeout(5, fixtures.time_left)
            assert(left > 4 and left <= 5, left)
            local inner = luago.timeout(5, function() return luago.timeout(100, fixtures.time_left) end)
            assert(inner > 4 and inner <= 5, inner)
            assert(caught(luago.timeout, 0.01, fixtures.until_done):find('timed out after 0.01 s', 1, true))
            luago.sleep(0.02)
            local cause = fixtures.last_cause()
            assert(cause:find('deadline=true', 1, true), cause)");
    }

    fn the_deadline_of_the_sandbox_is_one_of_every_context(lua) {
        let mut sandbox = plain(lua);
        let left: f64 = result(&mut sandbox, "return fixtures.time_left()");
        assert!(left > 50.0 && left <= 60.0, "{left}");
    }

    fn where_lua_cannot_yield_a_wait_drives_go(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            local list = {3, 1, 2}
            table.sort(list, function(a, b) return fixtures.add_task(a, 0) < fixtures.add_task(b, 0) end)
            assert(list[1] == 1 and list[3] == 3)
            local ticks = 0
            local other = luago.spawn(function()
                for _ = 1, 3 do luago.sleep(0.001) ticks = ticks + 1 end
            end)
            local value = ('x'):gsub('x', function() return tostring(fixtures.nap(7, 300)) end)
            assert(tonumber(value) == 7 and ticks == 3, ticks)
            local sum = setmetatable({}, {__add = function(_, n) return fixtures.nap(n, 1) end}) + 5
            assert(sum == 5)
            assert(coroutine.wrap(function() return fixtures.nap(8, 1) end)() == 8)");
    }

    fn a_timeout_reaches_a_wait_that_cannot_yield(lua) {
        let mut sandbox = timeless(lua);
        run(&mut sandbox, "
            local why = caught(luago.timeout, 0.01, function()
                ('a'):gsub('a', function() luago.timeout(5, fixtures.until_done) end)
            end)
            assert(why:find('timed out after 0.01 s', 1, true), why)
            assert(fixtures.add_task(1, 2) == 3)");
    }

    fn the_coroutine_of_a_task_that_has_ended_is_dead(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            local co
            local task = luago.spawn(function()
                co = coroutine.running()
                return print, 'argument'
            end)
            luago.sleep(0)
            assert(task:status() == 'done' and coroutine.status(co) == 'dead')
            local ok, why = coroutine.resume(co)
            assert(not ok and why:find('cannot resume', 1, true), why)
            local f, argument, more = task:await()
            assert(f == print and argument == 'argument' and more == nil)");
    }

    fn an_error_of_go_that_is_too_large_to_pass_says_so(lua) {
        let limits = limits().value_bytes(1000);
        let mut sandbox = prepared(builder(lua).limits(limits), GoGrant::new());
        run(&mut sandbox, "
            local why = caught(fixtures.fail, ('x'):rep(990))
            assert(why:find('value_bytes', 1, true), why)");
    }

    fn what_ends_as_its_call_fails_is_not_told_to_the_next_call(lua) {
        let mut sandbox = timeless(lua);
        for _ in 0..10 {
            // As the first of them is cancelled, the others find that they are done.
            let code = "
                luago.spawn(fixtures.until_done)
                for i = 1, 5 do luago.spawn(fixtures.nap, i, 1) end
                luago.sleep(0)
                local start = os.clock()
                while os.clock() - start < 0.005 do end
                error('on purpose')";
            is_refused(&mut sandbox, code, "on purpose");
            run(&mut sandbox, "
                collectgarbage()
                -- What was freed is something else by now.
                local junk = {}
                for i = 1, 400 do junk[i] = {coroutine.create(function() end), ('x'):rep(i)} end
                for _ = 1, 3 do assert(fixtures.add_task(1, 2) == 3) end");
        }
    }

    fn a_failure_that_comes_too_late_for_a_timeout_is_part_of_it(lua) {
        let late = |_: &luago::Context, (): ()| -> Result<(), String> {
            std::thread::sleep(Duration::from_millis(30));
            Err("too late".to_string())
        };
        let builder = builder(lua).limits(limits().deadline(None)).function("late", late);
        let mut sandbox = prepared(builder, GoGrant::new());
        run(&mut sandbox, "
            for _, f in ipairs {
                function() luago.timeout(5, late) end,
                function() ('a'):gsub('a', function() luago.timeout(5, late) end) end,
            } do
                local why = caught(luago.timeout, 0.01, f)
                assert(why:find('timed out after 0.01 s', 1, true), why)
            end");
    }

    fn a_call_of_go_that_is_abandoned_while_finalizers_wait_is_let_go_once(lua) {
        let mut sandbox = timeless(lua);
        run(&mut sandbox, "
            if _VERSION == 'Lua 5.5' then
                collectgarbage('param', 'pause', 0) collectgarbage('param', 'stepsize', 1)
            elseif _VERSION == 'Lua 5.4' then collectgarbage('incremental', 0, 1000, 1)
            else collectgarbage('setpause', 0) end
            local left = 0
            local function finalizer() left = left - 1 luago.sleep(0) end
            local function litter()
                if left > 10 then return end
                left = left + 1
                if newproxy then getmetatable(newproxy(true)).__gc = finalizer
                else setmetatable({}, {__gc = finalizer}) end
            end
            for _ = 1, 40 do
                caught(luago.timeout, 0.002, fixtures.apply_one, function()
                    while true do litter() coroutine.yield() end
                end, 1)
                local seen = 0
                for _ = 1, 4 do luago.spawn(function() luago.sleep(0.001) seen = seen + 1 end) end
                collectgarbage()
                -- What was freed too early is something else by now.
                local junk = {}
                for i = 1, 400 do junk[i] = {coroutine.create(litter), ('x'):rep(i)} end
                while seen < 4 do luago.sleep(0.001) end
            end");
    }

    fn a_task_cancelled_between_its_result_and_its_turn_gives_nothing(lua) {
        let mut sandbox = timeless(lua);
        run(&mut sandbox, "
            for i = 1, 50 do
                local task = luago.spawn(fixtures.nap, i, 1)
                local last = luago.spawn(function()
                    -- Whoever comes first ends the other.
                    fixtures.nap(0, 1)
                    task:cancel()
                end)
                pcall(task.await, task) last:await()
                local status = task:status()
                assert(status == 'cancelled' or status == 'done', status)
                assert(fixtures.quick(i) == i)
            end");
    }
}

#[track_caller]
fn is_refused(sandbox: &mut Sandbox, code: &str, expected: &str) {
    let why = refusal(call::<()>(sandbox, code, ()));
    assert!(why.contains(expected), "{code}: {why}");
}

for_each_version! {
    fn misuse_of_tasks_is_named(lua) {
        let mut sandbox = plain(lua);
        for (code, expected) in [
            ("luago.spawn()", "bad argument #1 to 'spawn' (function expected"),
            ("luago.spawn(3)", "bad argument #1 to 'spawn' (function expected"),
            ("luago.sleep(-1)", "cannot sleep for less than no time"),
            ("luago.sleep('x')", "number expected, got string"),
            ("luago.sleep(0/0)", "cannot sleep for less than no time"),
            ("luago.timeout(-1, print)", "a timeout cannot be less than no time"),
            ("luago.timeout(1)", "function expected"),
            ("luago.all(1)", "task expected"),
            ("luago.race({1})", "task expected"),
            ("luago.spawn(print).await(3)", "task expected"),
            ("luago.spawn(print):cancel({})", "string expected, got table"),
            ("local t t = luago.spawn(function() t:await() end) t:await()", "a task cannot wait for itself"),
            ("local a, b a = luago.spawn(function() b:await() end)
              b = luago.spawn(function() a:await() end) a:await()",
             "every task waits for another, and none for the host"),
        ] {
            is_refused(&mut sandbox, code, expected);
        }
        run(&mut sandbox, "
            assert(select('#', luago.all()) == 0 and select('#', luago.race()) == 0)
            assert(tostring(luago.spawn(fixtures.quick, 1)):find('^task') or _VERSION < 'Lua 5.3')
            assert(getmetatable(luago.spawn(fixtures.quick, 1)) == 'task')
            assert(getmetatable(fixtures.count(1)) == 'stream')");
    }
}

for_versions! { [lua_5_4 "5.4", lua_5_5 "5.5"]
    fn a_task_that_fails_as_it_is_cancelled_holds_up_no_other(lua) {
        let mut sandbox = timeless(lua);
        run(&mut sandbox, "
            local bad = setmetatable({}, {__close = function() error 'cannot close' end})
            local behind
            local fails = luago.spawn(function()
                local held <close> = bad
                coroutine.yield() coroutine.yield() coroutine.yield()
            end)
            local cancels = luago.spawn(function()
                coroutine.yield()
                -- It is ready, and not the last that is.
                behind = luago.spawn(fixtures.quick, 7)
                fails:cancel()
            end)
            cancels:await()
            assert(behind:await() == 7)
            assert(fails:status() == 'failed')
            assert(caught(fails.await, fails):find('cannot close', 1, true))");
    }

    fn a_task_ends_with_the_block_that_closes_it(lua) {
        let mut sandbox = timeless(lua);
        run(&mut sandbox, "
            local kept
            do
                local task <close> = luago.spawn(fixtures.until_done)
                kept = task
                luago.sleep(0.001)
                assert(kept:status() == 'waiting')
            end
            assert(kept:status() == 'cancelled')
            luago.sleep(0.001)
            assert(fixtures.last_cause():find('cancelled=true', 1, true))");
    }
}
