//! Tasks: one waits, others go on.

use luago::{Context, Sandbox, SandboxBuilder, Value};
use luago_test_support::sandboxes::{builder, call, limits, load, refusal, result, run};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

/// What happened on the host, in order.
type Events = Arc<Mutex<Vec<String>>>;

/// Doors that are open once somebody has opened them.
#[derive(Default)]
struct Doors {
    open: Vec<String>,
    waiting: Vec<Waker>,
}

/// `wait(door)` answers with the door's name when `open(door)` has been called, so that the
/// order of events depends on no clock. `note(text)` notes an event.
fn doors(builder: SandboxBuilder) -> (Sandbox, Events) {
    let (doors, events) = (Arc::new(Mutex::new(Doors::default())), Events::default());
    let (opened, noted) = (doors.clone(), events.clone());
    let open = move |_: &Context, door: String| {
        let mut doors = opened.lock().unwrap();
        doors.open.push(door);
        std::mem::take(&mut doors.waiting).into_iter().for_each(Waker::wake);
        Ok::<_, String>(())
    };
    let wait = move |_: Context, door: String| {
        let doors = doors.clone();
        std::future::poll_fn(move |context| {
            let mut doors = doors.lock().unwrap();
            if doors.open.contains(&door) {
                return Poll::Ready(Ok::<_, String>(door.clone()));
            }
            doors.waiting.push(context.waker().clone());
            Poll::Pending
        })
    };
    let note = move |_: &Context, text: String| {
        noted.lock().unwrap().push(text);
        Ok::<_, String>(())
    };
    let builder = builder.function("open", open).function("note", note);
    let mut sandbox = builder.async_function("wait", wait).build().unwrap();
    run(&mut sandbox, "luago = require 'luago'");
    (sandbox, events)
}

fn tasks(builder: SandboxBuilder) -> Sandbox {
    doors(builder).0
}

for_each_version! {
    fn a_task_gives_its_results_to_who_awaits_it(lua) {
        let mut sandbox = tasks(builder(lua));
        run(&mut sandbox, "
            local task = luago.spawn(function(...) return select('#', ...), ... end, 'a', nil, 3)
            assert(task:status() == 'ready')
            for i = 1, 2 do
                local n, a, b, c = task:await()
                assert(n == 3 and a == 'a' and b == nil and c == 3)
            end
            assert(task:status() == 'done')
            assert(select('#', luago.spawn(function() end):await()) == 0)
            local big = {} for i = 1, 3000 do big[i] = i end
            local back = {luago.spawn(function() return (unpack or table.unpack)(big) end):await()}
            assert(#back == 3000 and back[3000] == 3000)");
    }

    fn while_one_task_waits_others_go_on(lua) {
        let (mut sandbox, events) = doors(builder(lua));
        let log: String = result(&mut sandbox, "
            local log = {}
            local function say(text) log[#log + 1] = text end
            local first = luago.spawn(function() say 'first waits' wait 'a' say 'first goes on' open 'b' end)
            local second = luago.spawn(function() say 'second opens' open 'a' wait 'b' say 'second goes on' end)
            say 'main'
            assert(first:status() == 'ready')
            first:await() second:await()
            return table.concat(log, ', ')");
        assert_eq!(log, "main, first waits, second opens, first goes on, second goes on");
        assert!(events.lock().unwrap().is_empty());
    }

    fn a_task_whose_coroutine_the_script_resumes_fails_and_the_sandbox_lives(lua) {
        let mut sandbox = tasks(builder(lua));
        let seen: String = result(&mut sandbox, "
            local inner
            local task = luago.spawn(function()
                inner = coroutine.running()
                return wait 'a'
            end)
            luago.sleep(0)
            local said = {}
            for _, answer in ipairs {false, 7, 'x'} do
                local ok, e = coroutine.resume(inner, answer)
                said[#said + 1] = tostring(ok)
            end
            open 'a'
            luago.sleep(0.01)
            return table.concat(said, ' ') .. ' ' .. task:status()");
        assert_eq!(seen, "false false false cancelled");
        let word: String = result(&mut sandbox, "open 'b' return luago.spawn(wait, 'b'):await()");
        assert_eq!(word, "b");
    }

    fn a_sleep_longer_than_any_clock_ends_in_a_virtual_one_and_harms_nobody(lua) {
        let capabilities = luago::Capabilities::default().deterministic(1);
        let mut sandbox = builder(lua)
            .limits(luago::Limits::default().fuel(100_000_000))
            .capabilities(capabilities)
            .build()
            .unwrap();
        run(&mut sandbox, "
            local luago = require 'luago'
            for _ = 1, 3 do luago.sleep(1e300) end
            luago.sleep(math.huge)
            pcall(luago.timeout, 1e300, luago.sleep, 1e18)
            assert(os.clock() > 1e18 and os.time())");
        run(&mut sandbox, "assert(1)");
    }

    fn a_task_is_waiting_running_done_or_failed(lua) {
        let mut sandbox = tasks(builder(lua));
        let seen: Vec<String> = result(&mut sandbox, "
            local seen = {}
            local own
            local waits = luago.spawn(function() wait 'a' end)
            own = luago.spawn(function() seen[1] = own:status() seen[2] = waits:status() open 'a' end)
            local fails = luago.spawn(error, 'x')
            own:await() waits:await() pcall(fails.await, fails)
            seen[3] = waits:status() seen[4] = fails:status()
            return seen");
        assert_eq!(seen, ["running", "waiting", "done", "failed"]);
    }

    fn waits_of_several_tasks_pass_at_the_same_time(lua) {
        let mut sandbox = builder(lua)
            .async_function("nap", |_, n: u64| {
                let until = Instant::now() + Duration::from_millis(n);
                std::future::poll_fn(move |context| {
                    if Instant::now() >= until {
                        return Poll::Ready(Ok::<_, String>(()));
                    }
                    let waker = context.waker().clone();
                    std::thread::spawn(move || {
                        std::thread::sleep(until.saturating_duration_since(Instant::now()));
                        waker.wake();
                    });
                    Poll::Pending
                })
            })
            .build()
            .unwrap();
        let start = Instant::now();
        run(&mut sandbox, "local luago, all = require 'luago', {}
            for i = 1, 20 do all[i] = luago.spawn(nap, 100) end
            for i = 1, 20 do all[i]:await() end");
        let took = start.elapsed();
        assert!(took >= Duration::from_millis(100) && took < Duration::from_millis(1500), "{took:?}");
    }

    fn an_error_of_a_task_is_raised_where_it_is_awaited(lua) {
        let mut sandbox = tasks(builder(lua));
        run(&mut sandbox, "
            local task = luago.spawn(function() wait 'a' error({code = 5}) end)
            open 'a'
            for i = 1, 2 do
                local ok, err = pcall(task.await, task)
                assert(not ok and err.code == 5)
            end
            assert(task:status() == 'failed')
            local bad = luago.spawn(function() wait(5, {}) wait({}) end)
            local ok, err = pcall(function() bad:await() end)
            assert(not ok and tostring(err):find('bad argument #1 to \\'wait\\'', 1, true), tostring(err))");
    }

    fn an_error_that_nobody_awaits_fails_the_call(lua) {
        let mut sandbox = tasks(builder(lua));
        let error = call::<i64>(&mut sandbox, "
            local function deep() error('oops') end
            luago.spawn(function() wait 'a' deep() end)
            open 'a'
            return 1", ()).unwrap_err();
        let error = error.lua_error().unwrap();
        assert_eq!(error.message, "test:2: oops");
        assert_eq!(error.value, Value::from("test:2: oops"));
        assert!(error.traceback.contains("\ttest:2: in ") && error.traceback.contains("\ttest:3: in "), "{lua}: {error}");
        assert_eq!(result::<i64>(&mut sandbox, "return 1"), 1);
        let outcome = sandbox.run(&luago::Script::new("run", "luago.spawn(error, 'x', 0)")).unwrap();
        assert_eq!(outcome.error().unwrap().message, "x", "{lua}");
    }

    fn a_call_ends_when_all_its_tasks_have_ended(lua) {
        let (mut sandbox, events) = doors(builder(lua));
        let n: i64 = result(&mut sandbox, "
            luago.spawn(function()
                wait 'a' note 'one'
                luago.spawn(function() wait 'b' note 'three' end)
                note 'two' open 'b'
            end)
            luago.spawn(function() open 'a' end)
            note 'returns' return 7");
        assert_eq!(n, 7);
        assert_eq!(*events.lock().unwrap(), ["returns", "one", "two", "three"]);
        run(&mut sandbox, "luago.spawn(note, 'four')");
        assert_eq!(events.lock().unwrap()[4..], ["four"]);
    }

    fn tasks_that_wait_for_each_other_are_an_error(lua) {
        let mut sandbox = tasks(builder(lua));
        let stuck = "every task waits for another, and none for the host";
        let text = refusal(call::<()>(&mut sandbox, "
            local own own = luago.spawn(function() own:await() end) own:await()", ()));
        assert!(text.ends_with("a task cannot wait for itself"), "{lua}: {text}");
        let text = refusal(call::<()>(&mut sandbox, "
            local a, b
            a = luago.spawn(function() b:await() end)
            b = luago.spawn(function() a:await() end)
            a:await()", ()));
        assert!(text.ends_with(stuck), "{lua}: {text}");
        let text = refusal(call::<()>(&mut sandbox, "
            local a, b
            a = luago.spawn(function() b:await() end)
            b = luago.spawn(function() a:await() end)", ()));
        assert!(text.ends_with(stuck), "{lua}: {text}");
        assert_eq!(result::<String>(&mut sandbox, "open 'x' return wait 'x'"), "x");
    }

    fn a_task_that_yields_lets_others_go_first(lua) {
        let mut sandbox = tasks(builder(lua));
        let log: String = result(&mut sandbox, "
            local log = {}
            local function task(name)
                return luago.spawn(function()
                    for i = 1, 3 do log[#log + 1] = name .. i coroutine.yield() end
                    return name
                end)
            end
            local a, b = task 'a', task 'b'
            assert(a:await() .. b:await() == 'ab')
            return table.concat(log, ' ')");
        assert_eq!(log, "a1 b1 a2 b2 a3 b3");
        run(&mut sandbox, "
            local spins = 0
            luago.spawn(function() wait 'never before' end)
            local spin = luago.spawn(function()
                while spins < 10000 do spins = spins + 1 coroutine.yield() end open 'never before' end)
            spin:await()");
    }

    fn coroutines_inside_a_task_are_its_own(lua) {
        let mut sandbox = tasks(builder(lua));
        let log: String = result(&mut sandbox, "
            local log = {}
            local task = luago.spawn(function()
                local co = coroutine.wrap(function()
                    coroutine.yield(wait 'a') coroutine.yield(wait 'b')
                end)
                log[#log + 1] = co() log[#log + 1] = co()
                local ok, err = pcall(function() wait 'c' error('caught', 0) end)
                log[#log + 1] = err
            end)
            luago.spawn(function() for _, door in ipairs {'a', 'b', 'c'} do open(door) coroutine.yield() end end)
            task:await()
            return table.concat(log, ' ')");
        assert_eq!(log, "a b caught");
    }

    fn a_thousand_tasks_wait_at_the_same_time(lua) {
        let mut sandbox = tasks(builder(lua));
        let sum: i64 = result(&mut sandbox, "
            local all, sum = {}, 0
            for i = 1, 1000 do
                all[i] = luago.spawn(function() wait(i % 2 == 0 and 'even' or 'odd') return i end)
            end
            luago.spawn(function() open 'odd' coroutine.yield() open 'even' end)
            for i = 1000, 1, -1 do sum = sum + all[i]:await() end
            return sum");
        assert_eq!(sum, 500_500);
    }

    fn tasks_spawn_tasks_and_await_them(lua) {
        let mut sandbox = tasks(builder(lua));
        let sum: i64 = result(&mut sandbox, "
            local function tree(depth)
                if depth == 0 then return 1 end
                local left, right = luago.spawn(tree, depth - 1), luago.spawn(tree, depth - 1)
                return left:await() + right:await()
            end
            return tree(7)");
        assert_eq!(sum, 128);
        run(&mut sandbox, "
            local shared = luago.spawn(function() wait 'a' return 'shared' end)
            local all = {}
            for i = 1, 10 do all[i] = luago.spawn(function() return shared:await() .. i end) end
            open 'a'
            for i = 1, 10 do assert(all[i]:await() == 'shared' .. i) end");
    }

    fn a_call_that_fails_drops_its_tasks_and_what_they_wait_for(lua) {
        struct Life(Arc<AtomicU64>);
        impl Drop for Life {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::SeqCst);
            }
        }
        let alive = Arc::new(AtomicU64::new(0));
        let count = alive.clone();
        let hang = move |_: Context, ()| {
            count.fetch_add(1, Ordering::SeqCst);
            let life = Life(count.clone());
            async move {
                std::future::pending::<()>().await;
                drop(life);
                Ok::<_, String>(())
            }
        };
        let mut sandbox = tasks(builder(lua).async_function("hang", hang));
        let failures = ["error('oops', 0)", "luago.spawn(error, 'oops', 0):await()"];
        for code in failures {
            let text = refusal(call::<()>(&mut sandbox, &format!("
                held = luago.spawn(hang)
                for i = 1, 9 do luago.spawn(hang) end
                luago.spawn(function() coroutine.yield() end):await()
                {code}"), ()));
            assert_eq!(text, "oops", "{lua}");
            assert_eq!(alive.load(Ordering::SeqCst), 0, "{lua}: {code}");
            assert_eq!(result::<String>(&mut sandbox, "return held:status()"), "dropped");
            let text = refusal(call::<()>(&mut sandbox, "held:await()", ()));
            assert!(text.ends_with("the call that the task belonged to has failed"), "{text}");
            assert_eq!(result::<String>(&mut sandbox,
                "luago.spawn(open, 'z'):await() return luago.spawn(wait, 'z'):await()"), "z");
        }
    }

    fn a_deadline_ends_tasks_that_compute_and_tasks_that_wait(lua) {
        for code in ["luago.spawn(function() while true do end end)",
            "luago.spawn(function() while true do coroutine.yield() end end)",
            "luago.spawn(wait, 'never')",
            "luago.spawn(wait, 'never') luago.spawn(function() pcall(wait, 'never') end):await()"] {
            let limits = limits().deadline(Duration::from_millis(50));
            let mut sandbox = tasks(builder(lua).limits(limits));
            let chunk = load(&mut sandbox, code);
            let start = Instant::now();
            let error = sandbox.call::<()>(&chunk, ()).unwrap_err();
            let took = start.elapsed();
            assert_eq!(error.stop().map(luago::Stop::kind), Some("deadline"), "{lua}: {code}: {error}");
            assert!(took < Duration::from_millis(1050), "{lua}: {code}: {took:?}");
        }
    }

    fn spawning_what_is_no_function_is_an_error(lua) {
        let mut sandbox = tasks(builder(lua));
        let text = refusal(call::<()>(&mut sandbox, "luago.spawn({})", ()));
        assert!(text.starts_with("test:1: bad argument #1 to 'spawn' (function expected"), "{text}");
        let text = refusal(call::<()>(&mut sandbox, "luago.spawn(print).await(5)", ()));
        assert!(text.contains("bad argument #1 to 'await' "), "{lua}: {text}");
    }
}
