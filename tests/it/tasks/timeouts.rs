//! `luago.timeout`, where what it ends computes.

use luago_test_support::command::lua;
use luago_test_support::sandboxes::{result, sandbox};
use std::time::{Duration, Instant};

for_each_version! {
    fn a_timeout_of_a_deep_stack_ends_its_task_alone(lua) {
        let mut sandbox = sandbox(lua);
        let timeouts: i64 = result(&mut sandbox, "
            local luago, n = require 'luago', 0
            local function f() f() end
            local function body() while true do pcall(f) end end
            for i = 1, 30 do
                local ok, err = pcall(luago.timeout, 0.02, body)
                if not ok and err:find 'timed out after 0.02 s' then n = n + 1 end
            end
            return n");
        assert_eq!(timeouts, 30);
    }

    fn a_timeout_holds_for_a_task_that_its_function_waits_for(lua) {
        let mut sandbox = sandbox(lua);
        let start = Instant::now();
        let (ok, why, went_on): (bool, String, bool) = result(&mut sandbox, "
            local luago, is_over, n = require 'luago', false, 0
            local child
            local ok, err = pcall(luago.timeout, 0.05, function()
                child = luago.spawn(function()
                    while not is_over do n = n + 1 end
                    return n
                end)
                return child:await()
            end)
            is_over = true
            -- It is a task of its own, and goes on where it was.
            return ok, err, child:await() == n");
        assert!(!ok && why.contains("timed out after 0.05 s") && went_on, "{lua}: {why}");
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    }

    fn of_timeouts_in_each_other_the_one_that_is_over_ends(lua) {
        let mut sandbox = sandbox(lua);
        let (ok, why): (bool, String) = result(&mut sandbox, "
            local luago = require 'luago'
            return pcall(luago.timeout, 0.03, function()
                pcall(luago.timeout, 60, function() while true do end end)
                return 'the outer one is done'
            end)");
        assert!(!ok && why.contains("timed out after 0.03 s"), "{lua}: {why}");
        // Where it cannot be left, too.
        let (ok, why): (bool, String) = result(&mut sandbox, "
            local luago = require 'luago'
            return pcall(luago.timeout, 0.03, function()
                pcall(luago.timeout, 60, coroutine.wrap(function() while true do end end))
                return 'the outer one is done'
            end)");
        assert!(!ok && why.contains("timed out after 0.03 s"), "{lua}: {why}");
    }

    fn a_message_handler_that_computes_is_ended_with_its_task(lua) {
        let mut sandbox = sandbox(lua);
        let (ok, why): (bool, String) = result(&mut sandbox, "
            local luago = require 'luago'
            return pcall(luago.timeout, 0.05, function()
                xpcall(error, function() while true do end end)
            end)");
        assert!(!ok && why.contains("timed out after 0.05 s"), "{lua}: {why}");
    }

    fn a_hook_of_the_script_stays_when_other_time_is_up(lua) {
        let mut sandbox = sandbox(lua);
        let (lines, is_there): (i64, bool) = result(&mut sandbox, "
            local luago = require 'luago'
            luago.spawn(function() luago.sleep(0.02) end)
            local lines = 0
            local function hook() lines = lines + 1 end
            local is_there = luago.timeout(60, function()
                pcall(luago.timeout, 0.02, function() while true do end end)
                debug.sethook(hook, 'l')
                local start = os.clock()
                while os.clock() - start < 0.1 do
                    -- Time of its own is up meanwhile.
                end
                local found = debug.gethook()
                debug.sethook()
                return found == hook
            end)
            return lines, is_there");
        assert!(is_there && lines > 20, "{lua}: {lines}");
    }

    fn any_number_of_tasks_can_sleep_where_they_cannot_be_left(lua) {
        let mut sandbox = sandbox(lua);
        let done: i64 = result(&mut sandbox, "
            local luago, n = require 'luago', 0
            local tasks = {}
            for i = 1, 300 do
                tasks[i] = luago.spawn(function()
                    coroutine.wrap(function() luago.sleep(0.001) n = n + 1 end)()
                end)
            end
            for i = 1, 300 do tasks[i]:await() end
            return n");
        assert_eq!(done, 300);
    }

    fn many_timeouts_of_loops_end_their_tasks_alone(lua) {
        let code = "local luago = require 'luago'
            for i = 1, 300 do
                assert(not pcall(luago.timeout, 0.002, function() while true do end end))
            end
            print 'done'";
        assert_eq!(self::lua(lua).exec(code).run().out(), "done\n");
    }
}
