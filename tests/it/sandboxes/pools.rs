//! Pools of sandboxes.

use luago::{PooledSandbox, SandboxPool, Stop, Template};
use luago_test_support::sandboxes::{builder, call, limits, result, run, sandbox};
use luago_test_support::{folders, wait_until};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::Poll;
use std::time::{Duration, Instant};

fn template(code: &str) -> Template {
    let mut sandbox = sandbox("5.4");
    run(&mut sandbox, code);
    sandbox.into_template().unwrap()
}

fn pool(size: usize) -> SandboxPool {
    SandboxPool::new(template("n = 0 function count() n = n + 1 return n end"), size).unwrap()
}

for_each_version! {
    fn a_pool_hands_out_fresh_sandboxes(lua) {
        let mut first = sandbox(lua);
        run(&mut first, "n = 0 function count() n = n + 1 return n end");
        let pool = SandboxPool::new(first.into_template().unwrap(), 2).unwrap();
        for _ in 0..10 {
            let (mut one, mut other) = (pool.get().unwrap(), pool.get().unwrap());
            assert_eq!(one.call::<i64>("count", ()).unwrap(), 1);
            assert_eq!(one.call::<i64>("count", ()).unwrap(), 2);
            assert_eq!(other.call::<i64>("count", ()).unwrap(), 1);
            call::<()>(&mut other, "os.exit(1)", ()).unwrap_err();
        }
        assert_eq!((pool.size(), pool.in_use()), (2, 0));
    }
}

#[test]
fn there_are_never_more_sandboxes_than_the_pool_has_places() {
    let pool = pool(3);
    let (alive, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..25 {
                    let mut sandbox = pool.get().unwrap();
                    most.fetch_max(alive.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    assert_eq!(sandbox.call::<i64>("count", ()).unwrap(), 1);
                    assert!(pool.in_use() <= 3);
                    alive.fetch_sub(1, Ordering::SeqCst);
                }
            });
        }
    });
    let most = most.into_inner();
    assert!((1..=3).contains(&most), "{most} at a time");
    assert_eq!(pool.in_use(), 0);
}

#[test]
fn who_waits_longest_is_first() {
    let pool = pool(1);
    let mut held = Some(pool.get().unwrap());
    let mut queue: Vec<_> = (0..6).map(|n| (n, Box::pin(pool.get_async()))).collect();
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    for (_, place) in &mut queue {
        assert!(place.as_mut().poll(&mut context).is_pending());
    }
    let mut order = Vec::new();
    while !queue.is_empty() {
        drop(held.take());
        // The last to come asks first, and in vain.
        let mut index = queue.len();
        while held.is_none() && index > 0 {
            index -= 1;
            if let Poll::Ready(sandbox) = queue[index].1.as_mut().poll(&mut context) {
                held = Some(sandbox.unwrap());
                order.push(queue.remove(index).0);
            }
        }
        assert!(held.is_some(), "nobody gets the place");
    }
    assert_eq!(order, [0, 1, 2, 3, 4, 5]);
}

#[test]
fn a_thread_that_waits_gets_the_place_that_comes_free() {
    let pool = pool(1);
    let held = pool.get().unwrap();
    let (got, has_got) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| got.send(pool.get().unwrap().call::<i64>("count", ()).unwrap()).unwrap());
        assert!(has_got.recv_timeout(Duration::from_millis(30)).is_err());
        drop(held);
        assert_eq!(has_got.recv_timeout(Duration::from_secs(60)), Ok(1));
    });
}

#[test]
fn a_wait_that_is_too_long_is_busy() {
    let pool = pool(1);
    let held = pool.get().unwrap();
    for wait in [Duration::ZERO, Duration::from_millis(30)] {
        let start = Instant::now();
        let error = pool.get_timeout(wait).unwrap_err();
        assert!(start.elapsed() >= wait);
        assert!(error.is_busy());
        assert_eq!(
            error.to_string(),
            "all 1 sandboxes of the pool are in use, and none came back in time; wait longer, or \
             make the pool larger"
        );
    }
    drop(held);
    assert!(pool.get_timeout(Duration::ZERO).is_ok());
    // Who has given up does not hold the place that comes free.
    assert!(pool.get_timeout(Duration::MAX).is_ok());
}

#[test]
fn a_future_waits_for_a_place_and_leaves_the_queue_when_dropped() {
    let pool = pool(1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let held = pool.get_async().await.unwrap();
        let mut given_up = Box::pin(pool.get_async());
        let mut next = Box::pin(pool.get_async());
        std::future::poll_fn(|context| {
            assert!(given_up.as_mut().poll(context).is_pending());
            assert!(next.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
        let timed = tokio::time::timeout(Duration::from_millis(10), pool.get_async()).await;
        assert!(timed.is_err());
        drop((given_up, held));
        let mut sandbox = next.await.unwrap();
        assert_eq!(sandbox.call_async::<i64>("count", ()).await.unwrap(), 1);
    });
    assert_eq!(pool.in_use(), 0);
}

#[test]
fn a_replaced_template_is_for_those_who_come_after() {
    let pool = pool(2);
    let mut old = pool.get().unwrap();
    assert_eq!(old.call::<i64>("count", ()).unwrap(), 1);
    pool.clone().replace(template("function count() return 'new' end"));
    assert_eq!(old.call::<i64>("count", ()).unwrap(), 2);
    assert_eq!(pool.get().unwrap().call::<String>("count", ()).unwrap(), "new");
    // A reset is to what the sandbox was made from.
    old.reset().unwrap();
    assert_eq!(old.call::<i64>("count", ()).unwrap(), 1);
}

#[test]
fn a_template_can_be_replaced_while_all_threads_use_the_pool() {
    let pool = pool(4);
    let rounds = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let n: i64 = pool.get().unwrap().call("count", ()).unwrap();
                    assert!(n == 1 || n >= 100, "{n}");
                    rounds.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for version in 0..5 {
            pool.replace(template(&format!("function count() return {} end", 100 + version)));
        }
    });
    assert_eq!(rounds.into_inner(), 400);
    assert_eq!(pool.get().unwrap().call::<i64>("count", ()).unwrap(), 104);
}

#[test]
fn a_place_is_free_again_after_a_panic() {
    let pool = pool(1);
    let used = pool.clone();
    let thread = std::thread::spawn(move || {
        let _held: PooledSandbox = used.get().unwrap();
        panic!("on purpose");
    });
    assert!(thread.join().is_err());
    assert!(pool.get_timeout(Duration::from_secs(10)).is_ok());
}

#[test]
fn a_task_of_an_executor_can_take_as_many_sandboxes_as_it_likes_and_wait_for_them() {
    let pool = pool(1);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        for i in 0..300 {
            let held = pool.get().unwrap();
            if i % 50 == 49 {
                let thread = std::thread::spawn(move || {
                    std::thread::sleep(Duration::from_millis(5));
                    drop(held);
                });
                drop(pool.get_timeout(Duration::from_secs(60)).unwrap());
                thread.join().unwrap();
            }
        }
    });
}

#[test]
fn an_engine_that_is_full_gives_the_place_of_the_pool_back() {
    let engine = luago::Engine::builder()
        .cache_dir(folders::compile_cache())
        .max_sandboxes(1)
        .build()
        .unwrap();
    let template = luago::Sandbox::builder(&engine).build().unwrap().into_template().unwrap();
    let pool = SandboxPool::new(template, 2).unwrap();
    let held = pool.get().unwrap();
    let error = pool.get().unwrap_err();
    assert!(error.is_busy() && error.to_string().starts_with("the engine already holds 1 "));
    assert_eq!(pool.in_use(), 1);
    drop(held);
    assert!(pool.get().is_ok());
}

#[test]
fn a_hostile_sandbox_does_not_delay_the_deadline_of_another() {
    let limit = Duration::from_millis(100);
    let sandbox = builder("5.4").limits(limits().memory(128 << 20)).build().unwrap();
    let pool = SandboxPool::new(sandbox.into_template().unwrap(), 4).unwrap();
    let codes = [
        "while true do end",
        "while true do local t = {} for i = 1, 1e5 do t[i] = {i} end end",
        "while true do pcall(string.rep, 'x', 100000000) end",
        "while true do pcall(string.find, ('a'):rep(1e5), ('a-'):rep(50) .. 'b') end",
    ];
    let stop = Arc::new(Mutex::new(Vec::new()));
    let late = std::thread::scope(|scope| {
        // One at a time, so that there is a processor left.
        let hostile = scope.spawn(|| {
            for code in codes {
                let mut sandbox = pool.get().unwrap();
                stop.lock().unwrap().push(sandbox.interrupt_handle());
                let error = call::<()>(&mut sandbox, code, ()).unwrap_err();
                assert_eq!(error.stop(), Some(&Stop::Interrupted), "{code}");
            }
        });
        let mut late = Vec::new();
        for index in 0..codes.len() {
            wait_until("the next one runs", || stop.lock().unwrap().len() > index);
            let mut sandbox = pool.get().unwrap();
            sandbox.set_deadline(Some(limit));
            let start = Instant::now();
            let error = call::<()>(&mut sandbox, "while true do end", ()).unwrap_err();
            late.push(start.elapsed().saturating_sub(limit));
            assert_eq!(error.stop(), Some(&Stop::Deadline { limit }));
            stop.lock().unwrap()[index].interrupt();
        }
        hostile.join().unwrap();
        late
    });
    // The machine that runs these tests may be busy.
    assert!(late.iter().all(|late| *late < Duration::from_millis(500)), "{late:?}");
    assert_eq!(result::<i64>(&mut pool.get().unwrap(), "return 1"), 1);
}
