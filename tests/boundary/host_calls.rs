//! What passes between Lua and host functions.

use crate::measure::{Cost, alone, measure};
use crate::wat::sandbox;
use luago::{Context, LuaVersion, Outcome, Sandbox, SandboxBuilder, Script, Stop, Value};
use serde::{Serialize, Serializer};
use std::future::poll_fn;
use std::task::Poll;

/// Runs each test for each version of Lua, in a process of its own.
macro_rules! for_each_version {
    ($(fn $name:ident($lua:ident) $body:block)*) => {
        for_each_version! { @ $([$name $lua $body])* }
    };
    (@ $($test:tt)*) => {
        mod lua51 { use super::*; $(for_each_version! { one lua51 Lua51 $test })* }
        mod lua52 { use super::*; $(for_each_version! { one lua52 Lua52 $test })* }
        mod lua53 { use super::*; $(for_each_version! { one lua53 Lua53 $test })* }
        mod lua54 { use super::*; $(for_each_version! { one lua54 Lua54 $test })* }
        mod lua55 { use super::*; $(for_each_version! { one lua55 Lua55 $test })* }
    };
    (one $module:ident $version:ident [$name:ident $lua:ident $body:block]) => {
        #[test]
        fn $name() {
            let $lua = LuaVersion::$version;
            alone(concat!("host_calls::", stringify!($module), "::", stringify!($name)), || $body);
        }
    };
}

const MIB: u64 = 1 << 20;

/// A sandbox of so much memory, with functions that do what functions of hosts do.
fn host(lua: LuaVersion, memory: u64) -> SandboxBuilder {
    sandbox(memory)
        .lua(lua)
        .function("echo", |_, value: Value| Ok::<_, String>(value))
        .function("echo_text", |_, text: String| Ok::<_, String>(text))
        .function("size", |_, value: Value| {
            Ok::<_, String>(value.as_sequence().map_or(0, <[Value]>::len))
        })
        .function("fail", |_, key: String| Err::<(), _>(format!("no such key: {key}")))
        .function("many", |_, (count, text): (usize, String)| Ok::<_, String>(Many { count, text }))
        .async_function("never", |_: Context, value: Value| async move {
            std::future::pending::<()>().await;
            drop(value);
            Ok::<_, String>(())
        })
        .async_function("soon", |_: Context, size: usize| async move {
            once().await;
            Ok::<_, String>("x".repeat(size))
        })
}

/// A list of the same text, which the host has only once.
struct Many {
    count: usize,
    text: String,
}

impl Serialize for Many {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(std::iter::repeat_n(&self.text, self.count))
    }
}

/// What is ready when it is asked for the second time.
async fn once() {
    let mut is_asked = false;
    poll_fn(|context| {
        if std::mem::replace(&mut is_asked, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Runs code that is to end well or with the error `done`, and measures it.
#[track_caller]
fn run(sandbox: &mut Sandbox, code: &str) -> Cost {
    let script = Script::new("test", code);
    let (outcome, cost) = measure(|| sandbox.run(&script).unwrap());
    check(&outcome);
    cost
}

#[track_caller]
fn check(outcome: &Outcome) {
    let is_done = outcome.error().is_some_and(|error| error.message.ends_with("done"));
    assert!(outcome.is_returned() || is_done, "{outcome:?}");
}

// Lua itself may have no memory for the longest of these strings.
const REPLIES: &str = "
    for size = 7, 1, -1 do
        local _, s = pcall(string.rep, 'x', size * 1048576)
        for i = 1, 64 do pcall(echo, s) pcall(echo_text, s) end
        s = nil collectgarbage() collectgarbage()
    end
    -- None of them is in the way of what has room.
    for i = 1, 64 do assert(#echo(string.rep('y', 50000)) == 50000) end";

const ERRORS: &str = "
    for size = 7, 1, -1 do
        local _, s = pcall(string.rep, 'x', size * 1048576)
        for i = 1, 20 do assert(not pcall(fail, s)) end
        s = nil collectgarbage() collectgarbage()
    end
    local ok, err = pcall(fail, string.rep('x', 200000))
    assert(not ok and #err.message == 200013)";

const ARGUMENTS: &str = "
    local luago = require 'luago'
    for _, size in ipairs {6 * 1048576, 1048576, 100000, 1000} do
        local _, s = pcall(string.rep, 'x', size)
        for i = 1, 500 do luago.spawn(never, s) end
        luago.sleep(0.01)
    end
    error('done')";

for_each_version! {
    fn replies_that_lua_has_no_memory_for_do_not_stay(lua) {
        let mut sandbox = host(lua, 16 * MIB).build().unwrap();
        run(&mut sandbox, REPLIES).within(16 * MIB);
    }

    fn errors_with_much_text_are_not_kept(lua) {
        let mut sandbox = host(lua, 16 * MIB).build().unwrap();
        run(&mut sandbox, ERRORS).within(16 * MIB);
    }

    fn arguments_of_calls_that_wait_are_counted(lua) {
        let mut sandbox = host(lua, 16 * MIB).build().unwrap();
        run(&mut sandbox, ARGUMENTS).within(16 * MIB);
    }

    fn many_calls_that_wait_are_counted(lua) {
        let mut sandbox = host(lua, 64 * MIB).build().unwrap();
        let code = "
            local luago = require 'luago'
            local ok, err = pcall(function()
                for i = 1, 60000 do luago.spawn(never, i) end
                luago.sleep(0.01)
            end)
            error('done')";
        let (outcome, cost) = measure(|| sandbox.run(&Script::new("test", code)).unwrap());
        // Lua may have no memory left for the error.
        if !matches!(outcome.stop(), Some(Stop::Memory { .. })) {
            check(&outcome);
        }
        cost.within(64 * MIB);
    }

    fn a_string_that_a_table_holds_often_is_copied_as_often_as_there_is_room(lua) {
        let mut sandbox = host(lua, 16 * MIB).build().unwrap();
        run(&mut sandbox, "
            local s = string.rep('x', 1048576)
            s = s .. s .. s .. s
            local ok, err = pcall(size, {s, s, s, s, s, s, s, s, s})
            assert(not ok and tostring(err):find('limit host_bytes', 1, true), tostring(err))
            pcall(echo, {s, s, s})
            s = string.rep('x', 100000)
            assert(size {s, s, s, s, s, s, s, s, s} == 9)").within(16 * MIB);
    }

    fn results_of_functions_are_written_as_far_as_there_is_room(lua) {
        let mut sandbox = host(lua, 16 * MIB).build().unwrap();
        run(&mut sandbox, "
            local s = string.rep('x', 1000000)
            for i = 1, 10 do assert(not pcall(many, 60, s)) end
            s = string.rep('x', 100000)
            assert(#many(10, s) == 10)").within(16 * MIB);
    }

    fn small_tables_count_as_what_they_become(lua) {
        let mut sandbox = host(lua, 32 * MIB).build().unwrap();
        run(&mut sandbox, "
            local one, list = {a = 1}, {}
            for i = 1, 300000 do list[i] = one end
            for i = 1, 3 do pcall(size, list) end
            for i = 5001, 300000 do list[i] = nil end
            assert(size(list) == 5000)").within(32 * MIB);
    }

    fn answers_that_wait_to_be_taken_are_counted(lua) {
        let mut sandbox = host(lua, 16 * MIB).build().unwrap();
        run(&mut sandbox, "
            local luago = require 'luago'
            -- Lua has all of its memory, so that what the host frees does not become Lua's:
            -- allocators keep some of it.
            local fill, part = {}, string.rep('x', 100000)
            pcall(function() for i = 1, 200 do fill[i] = part .. i end end)
            fill = nil
            collectgarbage() collectgarbage()
            for _, size in ipairs {1048576, 50000} do
                local good, tasks = 0, {}
                for i = 1, 500 do
                    tasks[i] = luago.spawn(function()
                        local ok, text = pcall(soon, size)
                        if ok and #text == size then good = good + 1 end
                    end)
                end
                for i = 1, 500 do tasks[i]:await() end
                assert(good > 0)
            end").within(16 * MIB);
    }

    fn the_value_of_an_error_is_told_as_far_as_there_is_room(lua) {
        let mut sandbox = host(lua, 16 * MIB).build().unwrap();
        let code = "local s = string.rep('x', 1048576) s = s .. s .. s .. s
            error({s, s, s, s, s, s, s, s, s})";
        let (outcome, cost) = measure(|| sandbox.run(&Script::new("test", code)).unwrap());
        assert!(outcome.error().is_some(), "{outcome:?}");
        cost.within(16 * MIB);
    }
}

#[test]
fn nothing_stays_in_a_future_either() {
    alone("host_calls::nothing_stays_in_a_future_either", || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        for code in [REPLIES, ERRORS, ARGUMENTS] {
            let mut sandbox = host(LuaVersion::Lua54, 16 * MIB).build().unwrap();
            let script = Script::new("test", code);
            let (outcome, cost) = measure(|| runtime.block_on(sandbox.run_async(&script)).unwrap());
            check(&outcome);
            cost.within(16 * MIB);
        }
    });
}

#[test]
fn panics_with_what_a_script_says_are_cut() {
    alone("host_calls::panics_with_what_a_script_says_are_cut", || {
        std::panic::set_hook(Box::new(|_| {}));
        let mut sandbox = sandbox(16 * MIB)
            .function("get", |_, key: String| -> Result<(), String> { panic!("no {key}") })
            .build()
            .unwrap();
        run(
            &mut sandbox,
            "
            local s = string.rep('x', 3 * 1048576)
            for i = 1, 20 do
                local ok, err = pcall(get, s)
                assert(not ok and #tostring(err) < 5000)
            end",
        )
        .within(16 * MIB);
    });
}
