//! Calls in futures, and functions of the host that take their time.

use luago::{Context, Engine, Function, Sandbox, SandboxBuilder, Script, Stop, Value};
use luago_test_support::folders::compile_cache;
use luago_test_support::sandboxes::{builder, call, limits, load, refusal, result, run};
use luago_test_support::versions::number;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Poll, Wake, Waker};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

/// An executor that is none of tokio's.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut std::task::Context::from_waker(&waker)) {
            Poll::Ready(result) => return result,
            Poll::Pending => std::thread::park_timeout(Duration::from_secs(60)),
        }
    }
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

fn multi_thread() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap()
}

/// A sleep that needs no runtime.
fn nap(milliseconds: u64) -> impl Future<Output = ()> + Send {
    let done = Arc::new(AtomicBool::new(false));
    let mut is_started = false;
    std::future::poll_fn(move |context| {
        if done.load(Ordering::SeqCst) {
            return Poll::Ready(());
        }
        if !is_started {
            is_started = true;
            let (done, waker) = (done.clone(), context.waker().clone());
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(milliseconds));
                done.store(true, Ordering::SeqCst);
                waker.wake();
            });
            return Poll::Pending;
        }
        // Another waker than the first may have come: look again soon.
        let waker = context.waker().clone();
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(1));
            waker.wake();
        });
        Poll::Pending
    })
}

/// Counts what is alive.
#[derive(Clone, Default)]
struct Alive(Arc<AtomicU64>);

struct Life(Arc<AtomicU64>);

impl Alive {
    fn begin(&self) -> Life {
        self.0.fetch_add(1, Ordering::SeqCst);
        Life(self.0.clone())
    }

    fn count(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Functions that answer at once, later, never, or badly.
fn functions(builder: SandboxBuilder) -> Sandbox {
    builder
        .async_function("now", |_, n: i64| async move { Ok::<_, String>(n) })
        .async_function("nap", |_, n: u64| async move {
            nap(n).await;
            Ok::<_, String>(n)
        })
        .async_function("fail", |_, n: u64| async move {
            nap(n).await;
            Err::<(), _>(std::io::Error::other("the line is dead"))
        })
        .async_function("panic", |_, n: u64| async move {
            nap(n).await;
            if n < 1000 {
                panic!("after {n}")
            }
            Ok::<_, String>(())
        })
        .async_function("panic_first", |_, fails: bool| {
            assert!(!fails, "before it waits");
            async { Ok::<_, String>(()) }
        })
        .build()
        .unwrap()
}

/// A sandbox with a function that never answers, and what it holds meanwhile.
fn hanging(builder: SandboxBuilder) -> (Sandbox, Alive) {
    let alive = Alive::default();
    let count = alive.clone();
    let hang = move |_: Context, ()| {
        let life = count.begin();
        async move {
            std::future::pending::<()>().await;
            drop(life);
            Ok::<_, String>(())
        }
    };
    (builder.async_function("hang", hang).build().unwrap(), alive)
}

type CallOf<'a> = Pin<Box<dyn Future<Output = Result<Value, luago::Error>> + Send + 'a>>;

/// Polls a call until what it holds is alive.
fn poll_until_alive(call: &mut CallOf<'_>, alive: &Alive) {
    let start = Instant::now();
    while alive.count() == 0 && start.elapsed() < Duration::from_secs(60) {
        let polled = call.as_mut().poll(&mut std::task::Context::from_waker(Waker::noop()));
        assert!(polled.is_pending(), "{polled:?}");
    }
    assert_eq!(alive.count(), 1);
}

const EVERYWHERE: &str = "
    assert(now(1) == 1 and nap(2) == 2)
    local ok, n = pcall(nap, 1) assert(ok and n == 1)
    local co = coroutine.wrap(function() local a = nap(1) coroutine.yield(a) return nap(2) end)
    assert(co() == 1 and co() == 2)
    local t = {3, 1, 2} table.sort(t, function(a, b) nap(1) return a < b end)
    assert(table.concat(t) == '123')
    local m = setmetatable({}, {__index = function(_, k) return nap(k) end,
        __add = function(a, b) return nap(3) end, __call = function(_, n) return nap(n) end})
    assert(m[2] == 2 and m + 1 == 3 and m(1) == 1)
    assert(('ab'):gsub('.', function(c) return nap(1) .. c end) == '1a1b')
    for n in function(_, n) if n < 3 then return nap(n + 1) end end, nil, 0 do last = n end
    assert(last == 3)
    local collected = 0
    local function finalizer() collected = nap(1) end
    if newproxy then getmetatable(newproxy(true)).__gc = finalizer
    else setmetatable({}, {__gc = finalizer}) end
    collectgarbage() collectgarbage()
    assert(collected == 1)
    return nap(5)";

for_each_version! {
    fn a_blocking_call_waits_for_asynchronous_functions(lua) {
        let mut sandbox = functions(builder(lua));
        assert_eq!(result::<u64>(&mut sandbox, EVERYWHERE), 5);
        run(&mut sandbox, "assert(nap(1) == 1)");
        assert_eq!(sandbox.call::<u64>("nap", 3).unwrap(), 3);
    }

    fn what_cannot_pass_to_an_asynchronous_function_names_it_and_the_line_of_the_call(lua) {
        let mut sandbox = functions(builder(lua));
        let why = "bad argument #1 to 'nap' (a coroutine cannot be passed)";
        let said = result::<String>(&mut sandbox, "
            local ok, e = pcall(nap, coroutine.create(function() end))
            return e");
        assert_eq!(said, why);
        let said = result::<String>(&mut sandbox, "
            local ok, e = pcall(function()
                local x = nap(coroutine.create(function() end))
            end)
            return e");
        assert_eq!(said, format!("test:3: {why}"));
        let said = result::<String>(&mut sandbox, "
            local task = require 'luago'.spawn(nap, coroutine.create(function() end))
            local ok, e = pcall(task.await, task)
            return e");
        assert_eq!(said, why);
    }

    fn a_call_in_a_future_waits_under_a_plain_executor(lua) {
        let mut sandbox = functions(builder(lua));
        let chunk = load(&mut sandbox, EVERYWHERE);
        for _ in 0..2 {
            assert_eq!(block_on(sandbox.call_async::<u64>(&chunk, ())).unwrap(), 5);
        }
        assert_eq!(sandbox.call::<u64>(&chunk, ()).unwrap(), 5);
    }

    fn a_call_in_a_future_waits_under_tokio(lua) {
        for runtime in [current_thread(), multi_thread()] {
            let mut sandbox = builder(lua)
                .async_function("nap", |_, n: u64| async move {
                    tokio::time::sleep(Duration::from_millis(n)).await;
                    Ok::<_, String>(n)
                })
                .async_function("now", |_, n: i64| async move { Ok::<_, String>(n) })
                .build()
                .unwrap();
            let chunk = load(&mut sandbox, EVERYWHERE);
            let call = async move {
                let n = sandbox.call_async::<u64>(&chunk, ()).await.unwrap();
                let script = luago::Script::new("run", "assert(nap(2) == 2) assert(... == 'x')");
                let outcome = sandbox.run_async(&script.args(["x"])).await.unwrap();
                assert!(outcome.is_returned(), "{outcome:?}");
                n
            };
            let n = runtime.block_on(async { tokio::spawn(call).await.unwrap() });
            assert_eq!(n, 5);
        }
    }

    fn a_sandbox_moves_between_threads_from_call_to_call(lua) {
        let mut sandbox = functions(builder(lua));
        let mut chunk: Function = load(&mut sandbox, "n = (n or 0) + nap(1) return n");
        for n in 1..=4 {
            let thread = std::thread::spawn(move || {
                assert_eq!(block_on(sandbox.call_async::<u64>(&chunk, ())).unwrap(), n);
                (sandbox, chunk)
            });
            (sandbox, chunk) = thread.join().unwrap();
        }
    }

    fn errors_of_asynchronous_functions_are_errors_of_lua(lua) {
        for wait in [0, 3] {
            let mut sandbox = functions(builder(lua));
            let error = call::<()>(&mut sandbox, "fail(...)", wait).unwrap_err();
            let error = error.lua_error().unwrap();
            assert_eq!(error.message, "test:1: the line is dead");
            assert!(error.host_error::<std::io::Error>().is_some());
            let text = refusal(call::<()>(&mut sandbox, "panic(...)", wait));
            assert_eq!(text, format!("test:1: host function 'panic' panicked: after {wait}"));
            let chunk = load(&mut sandbox, "local ok, err = pcall(fail, ...) return tostring(err)");
            let text = block_on(sandbox.call_async::<String>(&chunk, wait)).unwrap();
            assert_eq!(text, "the line is dead");
        }
        let mut sandbox = functions(builder(lua));
        let text = refusal(call::<()>(&mut sandbox, "panic_first(true)", ()));
        assert_eq!(text, "test:1: host function 'panic_first' panicked: before it waits");
        let text = refusal(call::<()>(&mut sandbox, "nap('x')", ()));
        assert_eq!(text, "test:1: bad argument #1 to 'nap' (expected integer, got string \"x\")");
        assert_eq!(result::<u64>(&mut sandbox, "return nap(1)"), 1);
    }

    fn dropping_a_call_that_waits_drops_what_it_waits_for(lua) {
        let (mut sandbox, alive) = hanging(builder(lua));
        for code in ["hang()", "coroutine.wrap(hang)()", "pcall(hang)",
            "local l = require 'luago' l.spawn(hang):await()"] {
            let code = if number(lua) == 51 { code.replace("coroutine.wrap(hang)",
                "coroutine.wrap(function() hang() end)") } else { code.to_string() };
            let chunk = load(&mut sandbox, &code);
            let mut call: CallOf<'_> = sandbox.call_async(&chunk, ());
            poll_until_alive(&mut call, &alive);
            drop(call);
            assert_eq!(alive.count(), 0, "{lua}: {code}");
            assert!(sandbox.is_dead());
            sandbox.reset().unwrap();
            assert_eq!(result::<i64>(&mut sandbox, "return 1"), 1);
        }
    }

    fn dropping_a_call_that_computes_ends_it(lua) {
        let (mut sandbox, alive) = hanging(builder(lua));
        let chunk = load(&mut sandbox, "local l = require 'luago' l.spawn(hang)
            l.spawn(function() while true do end end):await()");
        let mut call: CallOf<'_> = sandbox.call_async(&chunk, ());
        poll_until_alive(&mut call, &alive);
        for _ in 0..3 {
            assert!(call.as_mut().poll(&mut std::task::Context::from_waker(Waker::noop())).is_pending());
        }
        drop(call);
        assert_eq!(alive.count(), 0);
        assert!(sandbox.is_dead());
        assert!(sandbox.call::<()>(&chunk, ()).unwrap_err().is_dead());
    }

    fn a_call_that_is_never_polled_does_nothing(lua) {
        let mut sandbox = functions(builder(lua));
        let chunk = load(&mut sandbox, "called = true");
        drop(sandbox.call_async::<()>(&chunk, ()));
        assert!(!sandbox.is_dead());
        assert_eq!(sandbox.get::<Option<bool>>("called").unwrap(), None);
    }

    fn a_deadline_counts_the_time_of_the_host(lua) {
        let limits = limits().deadline(Duration::from_millis(80));
        for in_future in [false, true] {
            let (mut sandbox, _) = hanging(builder(lua).limits(limits.clone()));
            let chunk = load(&mut sandbox, "pcall(hang) while true do end");
            let start = Instant::now();
            let ended = if in_future {
                block_on(sandbox.call_async::<()>(&chunk, ()))
            } else {
                sandbox.call::<()>(&chunk, ())
            };
            let took = start.elapsed();
            let error = ended.unwrap_err();
            assert!(matches!(error.stop(), Some(Stop::Deadline { .. })), "{lua}: {error}");
            assert!(took >= Duration::from_millis(80), "{lua}: {took:?}");
            assert!(took < Duration::from_millis(1080), "{lua}: {took:?}");
            assert!(sandbox.is_dead());
        }
    }

    fn a_stop_in_a_future_drops_what_the_call_waited_for(lua) {
        let limits = limits().deadline(Duration::from_millis(50));
        let (mut sandbox, alive) = hanging(builder(lua).limits(limits));
        let chunk = load(&mut sandbox, "hang()");
        block_on(sandbox.call_async::<()>(&chunk, ())).unwrap_err();
        assert_eq!(alive.count(), 0);
    }

    fn an_interrupt_ends_a_wait(lua) {
        for in_future in [false, true] {
            let (mut sandbox, alive) = hanging(builder(lua));
            let chunk = load(&mut sandbox, "hang()");
            let handle = sandbox.interrupt_handle();
            let thread = std::thread::spawn(move || {
                while alive.count() == 0 {
                    std::thread::sleep(Duration::from_millis(1));
                }
                std::thread::sleep(Duration::from_millis(10));
                handle.interrupt();
            });
            let ended = if in_future {
                block_on(sandbox.call_async::<()>(&chunk, ()))
            } else {
                sandbox.call::<()>(&chunk, ())
            };
            assert_eq!(ended.unwrap_err().stop(), Some(&Stop::Interrupted), "{lua}");
            thread.join().unwrap();
        }
    }

    fn an_endless_loop_lets_the_other_tasks_of_its_thread_run(lua) {
        let mut sandbox = functions(builder(lua));
        let chunk = load(&mut sandbox, "while true do end");
        let turns = current_thread().block_on(async {
            let others = tokio::spawn(async {
                for _ in 0..9 {
                    tokio::task::yield_now().await;
                }
                10
            });
            let mut call: CallOf<'_> = sandbox.call_async(&chunk, ());
            std::future::poll_fn(|context| {
                assert!(call.as_mut().poll(context).is_pending(), "it ended before the others");
                if others.is_finished() { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            others.await.unwrap()
        });
        assert_eq!(turns, 10);
        assert!(sandbox.is_dead());
    }

    fn a_search_that_goes_on_for_ever_can_be_given_up_by_the_executor(lua) {
        let mut sandbox = builder(lua).build().unwrap();
        let code = "local s = ('a'):rep(1000000) s:find('[' .. ('b'):rep(1000000) .. 'a]*z')";
        let script = Script::new("search", code);
        let start = Instant::now();
        let outcome = current_thread().block_on(async {
            tokio::time::timeout(Duration::from_millis(100), sandbox.run_async(&script)).await
        });
        assert!(outcome.is_err());
        // The search would take ten minutes.
        assert!(start.elapsed() < Duration::from_secs(10), "after {:?}", start.elapsed());
    }

    fn two_sandboxes_compute_in_turns_on_one_thread(lua) {
        let mut sandboxes = [functions(builder(lua)), functions(builder(lua))];
        let [one, other] = &mut sandboxes;
        let code = "local n = 0 for i = 1, 20 do n = n + nap(1) end return n";
        let (first, second) = (load(one, code), load(other, code));
        let sum = current_thread().block_on(async {
            let (mut first, mut second) =
                (pin!(one.call_async::<u64>(&first, ())), pin!(other.call_async::<u64>(&second, ())));
            let (mut a, mut b) = (None, None);
            std::future::poll_fn(|context| {
                if a.is_none() && let Poll::Ready(n) = first.as_mut().poll(context) { a = Some(n.unwrap()) }
                if b.is_none() && let Poll::Ready(n) = second.as_mut().poll(context) { b = Some(n.unwrap()) }
                match (a, b) { (Some(a), Some(b)) => Poll::Ready(a + b), _ => Poll::Pending }
            }).await
        });
        assert_eq!(sum, 40);
    }
}

#[test]
fn futures_of_calls_can_be_sent_to_other_threads() {
    fn is_send<T: Send>(_: &T) {}
    let mut sandbox = functions(builder("5.4"));
    is_send(&sandbox.call_async::<Value>("now", 1));
    is_send(&sandbox.run_async(&luago::Script::new("x", "")));
}

#[test]
fn as_many_as_an_engine_can_have_are_stopped_in_futures_at_the_same_time() {
    let engine = Engine::builder().max_sandboxes(3).cache_dir(compile_cache()).build().unwrap();
    let limits = limits().deadline(Duration::from_millis(50));
    let mut sandboxes: Vec<Sandbox> =
        (0..3).map(|_| Sandbox::builder(&engine).limits(limits.clone()).build().unwrap()).collect();
    let script = Script::new("loop", "while true do end");
    let mut runs: Vec<_> =
        sandboxes.iter_mut().map(|sandbox| Box::pin(sandbox.run_async(&script))).collect();
    let mut ended = Vec::new();
    block_on(std::future::poll_fn(|context| {
        runs.retain_mut(|run| match run.as_mut().poll(context) {
            Poll::Ready(outcome) => {
                ended.push(outcome.unwrap());
                false
            }
            Poll::Pending => true,
        });
        if runs.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    }));
    for outcome in ended {
        assert!(matches!(outcome.stop(), Some(Stop::Deadline { .. })), "{outcome:?}");
    }
}
