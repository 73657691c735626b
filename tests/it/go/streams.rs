//! Streams of Go in loops of Lua.

use super::guests::{plain, timeless};
use luago_test_support::sandboxes::run;

for_each_version! {
    fn a_stream_is_read_to_its_end(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            for _, stream in ipairs {fixtures.count, fixtures.ticks} do
                local seen = {}
                for v in stream(5) do seen[#seen + 1] = v end
                assert(table.concat(seen, ' ') == '1 2 3 4 5')
                for _ in stream(0) do error 'there is none' end
            end
            local seen = {}
            for i, text in fixtures.pairs {'a', 'b'} do seen[#seen + 1] = i .. text end
            assert(table.concat(seen, ' ') == '1a 2b')
            local stream = fixtures.count(1)
            assert(stream() == 1 and stream() == nil and stream() == nil)
            luago.sleep(0.001)
            assert(fixtures.open_streams() == 0)");
    }

    fn an_error_in_a_stream_is_raised_and_ends_it(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            for stream, words in pairs {breaking = 'the line is cut', panicking = 'in a stream'} do
                local seen = 0
                local why = caught(function()
                    for v in fixtures[stream](3) do seen = v end
                end)
                assert(seen == 3 and why:find(words, 1, true), why)
            end
            assert(fixtures.add_task(1, 2) == 3)");
    }

    fn a_stream_that_is_collected_is_over_in_go(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            local function peek(stream) assert(stream() == 1) end
            for _, make in ipairs {fixtures.count, fixtures.ticks} do
                peek(make(100))
                assert(fixtures.open_streams() == 1, fixtures.open_streams())
                collectgarbage() collectgarbage()
                luago.sleep(0.002)
                assert(fixtures.open_streams() == 0, fixtures.open_streams())
            end");
    }

    fn a_stream_makes_its_values_while_lua_does_other_things(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            local others = 0
            luago.spawn(function()
                for _ = 1, 3 do luago.sleep(0.001) others = others + 1 end
            end)
            for v in fixtures.slow_ticks(2) do
                if v == 5 then break end
            end
            assert(others == 3, others)");
    }

    fn a_task_that_waits_for_a_stream_can_be_cancelled(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            local seen = 0
            local task = luago.spawn(function()
                -- A loop over the stream could not leave its coroutine in 5.1.
                local stream = fixtures.slow_ticks(3)
                repeat seen = stream() until not seen
            end)
            luago.sleep(0.01)
            assert(task:cancel() and task:status() == 'cancelled')
            local before = seen
            luago.sleep(0.01)
            assert(seen == before)
            assert(caught(luago.timeout, 0.005, function()
                for _ in fixtures.slow_ticks(50) do end
            end):find('timed out', 1, true))");
    }

    fn streams_are_read_by_several_tasks(lua) {
        let mut sandbox = plain(lua);
        run(&mut sandbox, "
            local sums = {}
            for i = 1, 4 do
                sums[i] = luago.spawn(function()
                    local sum = 0
                    for v in (i % 2 == 0 and fixtures or more).ticks(i * 10) do sum = sum + v end
                    return sum
                end)
            end
            local a, b, c, d = luago.all(sums[1], sums[2], sums[3], sums[4])
            assert(a == 55 and b == 210 and c == 465 and d == 820)");
    }
}

for_versions! { [lua_5_4 "5.4", lua_5_5 "5.5"]
    fn a_stream_is_closed_by_its_block_and_by_its_loop(lua) {
        let mut sandbox = timeless(lua);
        run(&mut sandbox, "
            do
                local stream <close> = fixtures.ticks(100)
                assert(stream() == 1 and fixtures.open_streams() == 1)
            end
            luago.sleep(0.001)
            assert(fixtures.open_streams() == 0)
            local stream = fixtures.ticks(100)
            for v in stream, nil, nil, stream do
                if v == 3 then break end
            end
            luago.sleep(0.001)
            assert(fixtures.open_streams() == 0 and stream() == nil)");
    }
}
