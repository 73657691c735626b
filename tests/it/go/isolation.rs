//! Where Go guests run, and what of the sandbox holds for them too.

use super::guests::{fixtures, granted, plain, prepared};
use luago::{
    Access, BridgeEvent, Capabilities, GoGrant, Limits, OutputBuffer, Restart, Sandbox,
    SandboxPool, Stop,
};
use luago_test_support::sandboxes::{builder, call, limits, result, run};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

for_each_version! {
    fn a_guest_reaches_nothing_that_it_was_not_granted(lua) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("given"), "given").unwrap();
        let reach = Capabilities::default()
            .dir(folder.path(), "data", Access::ReadWrite)
            .env("STAGE", "lua only");
        let mut sandbox = prepared(builder(lua).capabilities(reach), GoGrant::new());
        run(&mut sandbox, "
            assert(fixtures.getenv 'STAGE' == '' and fixtures.getenv 'PATH' == '' and fixtures.getenv 'HOME' == '')
            for _, path in ipairs {'/data/given', 'data/given', '/etc/passwd', '.', '/'} do
                assert(not pcall(fixtures.read, path), path)
            end
            assert(not pcall(fixtures.write, '/data/new', 'x'))");
    }

    fn each_guest_has_its_own_folders_and_variables(lua) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("given"), "given").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("out")).unwrap();
        let grant = GoGrant::new()
            .dir(folder.path(), "/maps", Access::ReadOnly)
            .dir(folder.path(), "/data", Access::ReadWrite)
            .env("STAGE", "test");
        let mut sandbox = granted(lua, grant);
        run(&mut sandbox, "
            assert(fixtures.getenv 'STAGE' == 'test' and more.getenv 'STAGE' == '')
            assert(fixtures.read '/maps/given' == 'given' and not pcall(more.read, '/maps/given'))
            assert(not pcall(fixtures.write, '/maps/new', 'x'))
            fixtures.write('/data/new', 'made')
            assert(fixtures.read '/maps/new' == 'made')
            for _, path in ipairs {'/maps/out', '/maps/../etc/passwd', '/data/../../etc/passwd'} do
                assert(not pcall(fixtures.read, path), path)
            end");
        assert_eq!(std::fs::read(folder.path().join("new")).unwrap(), b"made");
    }

    fn what_linux_shows_of_processes_is_in_no_grant(lua) {
        let mut sandbox = granted(lua, GoGrant::new().dir("/", "/root", Access::ReadWrite));
        run(&mut sandbox, "
            assert(#fixtures.read '/root/etc/passwd' > 0)
            for _, path in ipairs {'/root/proc/self/environ', '/root/proc/self/mem', '/root/proc'} do
                local _, why = pcall(fixtures.read, path)
                assert(tostring(why):find 'Permission denied', why)
            end
            assert(not pcall(fixtures.list, '/root/proc') and not pcall(fixtures.write, '/root/proc/self/mem', 'x'))");
    }

    fn a_file_that_is_missing_does_not_exist_whatever_was_granted(lua) {
        let mut sandbox = granted(lua, GoGrant::new());
        run(&mut sandbox, "
            for _, path in ipairs {'/etc/app.conf', 'app.conf', '../x'} do
                local why = fixtures.why(path)
                assert(why:find '^true .*: No such file or directory$', why)
            end
            assert(fixtures.list '/' == '\"dev\"' and fixtures.list '.' == fixtures.list '/' and fixtures.list '/dev' == '\"null\"')
            assert(fixtures.temp() == 'true' and fixtures.null 'x' == '')");
    }

    fn a_guest_starts_in_its_working_directory(lua) {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        std::fs::write(folder.path().join("given"), "given").unwrap();
        std::fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9")), "").unwrap();
        let grant = GoGrant::new()
            .dir(folder.path(), "data", Access::ReadOnly)
            .working_dir("/srv/app");
        let mut sandbox = granted(lua, grant);
        run(&mut sandbox, "
            assert(fixtures.read 'data/given' == 'given' and fixtures.read '/srv/app/data/given' == 'given')
            assert(fixtures.read 'data/../data/given' == 'given' and fixtures.list '.' == '\"data\"' and fixtures.list '/srv' == '\"app\"')
            assert(fixtures.list 'data' == [[\"caf\\xe9\" \"given\" \"sub\"]], fixtures.list 'data')
            assert(fixtures.chdir 'data/sub' == '/srv/app/data/sub' and fixtures.read '../given' == 'given')
            assert(not pcall(fixtures.chdir, 'nowhere') and fixtures.chdir '/' == '/')");
    }

    fn what_go_prints_stands_where_it_was_printed(lua) {
        let (output, errors) = (OutputBuffer::new(), OutputBuffer::new());
        let builder = builder(lua).stdout(output.clone()).stderr(errors.clone());
        let mut sandbox = prepared(builder, GoGrant::new());
        run(&mut sandbox, "
            print 'one' fixtures.print 'two' io.write 'three ' fixtures.print_directly 'four' print 'five'
            fixtures.complain 'six' io.stderr:write 'seven\\n'
            luago.all(luago.spawn(fixtures.print, 'eight'), luago.spawn(print, 'nine'))");
        sandbox.close().unwrap();
        let text = String::from_utf8(output.take()).unwrap();
        assert!(text.starts_with("one\ntwo\nthree four\nfive\n"), "{text}");
        assert!(text.contains("eight\n") && text.contains("nine\n"), "{text}");
        assert_eq!(errors.take(), b"six\nseven\n");
    }

    fn workers_share_the_tasks_of_a_guest(lua) {
        let mut sandbox = granted(lua, GoGrant::new().workers(3));
        run(&mut sandbox, "
            local tasks = {}
            for i = 1, 12 do tasks[i] = luago.spawn(fixtures.add_task, i, 100) end
            local sums = luago.all(tasks)
            for i = 1, 12 do assert(sums[i] == 100 + i) end
            -- Each has a state of its own.
            for i = 1, 6 do tasks[i] = luago.spawn(fixtures.nap, i, 10) end
            for i = 1, 6 do assert(tasks[i]:await() == i) end
            assert(fixtures.add(1, 2) == 3)
            local stream, seen = fixtures.count(5), 0
            for v in stream do seen = seen + v end
            assert(seen == 15)
            assert(fixtures.apply_one(function(n) return n * 2 end, 4) == 8)
            assert(not pcall(fixtures.fail, 'Rome'))
            local waits = luago.spawn(fixtures.until_done)
            luago.sleep(0.005)
            assert(waits:cancel() and waits:status() == 'cancelled')");
        sandbox.close().unwrap();
    }
}

#[test]
fn workers_compute_side_by_side() {
    let mut sandbox = granted("5.4", GoGrant::new().workers(2));
    run(&mut sandbox, "luago.all(luago.spawn(fixtures.work, 1), luago.spawn(fixtures.work, 1))");
    let start = Instant::now();
    run(&mut sandbox, "
        local a, b = luago.spawn(fixtures.work, 300), luago.spawn(fixtures.work, 300)
        local ticks = 0
        while a:status() ~= 'done' or b:status() ~= 'done' do luago.sleep(0.01) ticks = ticks + 1 end
        assert(ticks > 5, ticks)");
    // By the clock, so it holds on one busy core too: both look at the same time.
    assert!(start.elapsed() < Duration::from_millis(3000), "{:?}", start.elapsed());
}

#[test]
fn a_worker_that_dies_takes_only_its_own_tasks_with_it() {
    for restart in [Restart::Never, Restart::OnFailure] {
        let mut sandbox = granted("5.4", GoGrant::new().workers(2).restart(restart));
        run(&mut sandbox, "
            local one, other = luago.spawn(fixtures.nap, 1, 40), luago.spawn(fixtures.nap, 2, 40)
            luago.sleep(0.005)
            local why = caught(fixtures.exit, 3)
            assert(why:find(\"the Go guest 'fixtures' ended itself with os.Exit(3)\", 1, true), why)
            local good = 0
            for _, task in ipairs {one, other} do
                local ok, why = pcall(task.await, task)
                if ok then good = good + 1 else assert(tostring(why):find('os.Exit(3)', 1, true)) end
            end
            assert(good == 1, good)
            assert(more.add_task(1, 2) == 3)");
        let answers: u32 = result(
            &mut sandbox,
            "
            local answers = 0
            for i = 1, 4 do if pcall(fixtures.quick, i) then answers = answers + 1 end end
            return answers",
        );
        assert_eq!(answers, 4, "{restart:?}");
        sandbox.close().unwrap();
    }
}

#[test]
fn the_deadline_ends_workers_that_compute() {
    let mut sandbox = granted("5.4", GoGrant::new().workers(2));
    run(&mut sandbox, "fixtures.quick(1)");
    sandbox.set_deadline(Some(Duration::from_millis(80)));
    let start = Instant::now();
    let error = call::<()>(&mut sandbox, "fixtures.spin()", ()).unwrap_err();
    assert!(matches!(error.stop(), Some(Stop::Deadline { .. })), "{error}");
    drop(sandbox);
    assert!(start.elapsed() < Duration::from_secs(5));
}

/// What a deterministic run shows: results, events and fuel.
fn deterministic_run(seed: u64) -> (String, Vec<BridgeEvent>, Option<u64>) {
    let events: Arc<Mutex<Vec<BridgeEvent>>> = Arc::default();
    let seen = events.clone();
    let output = OutputBuffer::new();
    let builder = builder("5.4")
        .limits(Limits::default().deadline(None))
        .capabilities(Capabilities::default().deterministic(seed))
        .stdout(output.clone())
        .on_event(move |event: &BridgeEvent| seen.lock().unwrap().push(event.clone()));
    let mut sandbox = prepared(builder, GoGrant::new());
    run(
        &mut sandbox,
        "
        print(fixtures.dice(8), fixtures.now(), os.time(), math.random())
        local tasks = {}
        for i = 1, 5 do
            tasks[i] = luago.spawn(function()
                local v = (i % 2 == 0 and fixtures or more).nap(i, math.random(20))
                fixtures.print(tostring(v))
                return v
            end)
        end
        print(luago.race(tasks))
        for v in fixtures.slow_ticks(3) do if v == 3 then break end end
        print(fixtures.now(), pcall(luago.timeout, 1, fixtures.until_done))
        luago.sleep(3600)
        print(fixtures.now(), os.time())",
    );
    let usage = sandbox.close().unwrap().usage;
    let text = String::from_utf8(output.take()).unwrap();
    let events = std::mem::take(&mut *events.lock().unwrap());
    (text, events, usage.fuel)
}

#[test]
fn two_deterministic_runs_are_alike_and_take_no_time() {
    let start = Instant::now();
    let (first, again, other) = (deterministic_run(7), deterministic_run(7), deterministic_run(8));
    assert_eq!(first.0, again.0);
    assert_eq!(first.1, again.1);
    assert_eq!(first.2, again.2);
    assert_ne!(first.0, other.0);
    assert!(first.2.unwrap() > 0 && !first.1.is_empty());
    assert!(start.elapsed() < Duration::from_secs(120), "{:?}", start.elapsed());
}

#[test]
fn fuel_counts_what_go_computes_and_stops_it() {
    let unlimited = builder("5.4").limits(limits().fuel(10_000_000_000));
    let mut sandbox = prepared(unlimited, GoGrant::new());
    run(&mut sandbox, "fixtures.quick(1)");
    let before = sandbox.usage().fuel.unwrap();
    run(&mut sandbox, "fixtures.yielding(1, 1000)");
    assert!(sandbox.usage().fuel.unwrap() > before + 10_000);
    for code in ["fixtures.spin()", "fixtures.spin_directly()", "fixtures.spin_politely()"] {
        let limited = builder("5.4").limits(limits().deadline(None).fuel(300_000_000));
        let mut sandbox = prepared(limited, GoGrant::new());
        let error = call::<()>(&mut sandbox, code, ()).unwrap_err();
        assert!(matches!(error.stop(), Some(Stop::Fuel { limit: 300_000_000 })), "{code}: {error}");
    }
}

#[test]
fn the_memory_of_a_guest_is_its_own() {
    let mut sandbox = granted("5.4", GoGrant::new().memory(24 << 20));
    run(
        &mut sandbox,
        "
        more.grow(32)
        assert(caught(fixtures.grow, 32):find('its limit is 25165824 bytes', 1, true))
        more.grow(8)
        assert(#('x'):rep(2^20) == 2^20)",
    );
}

#[test]
fn an_interrupt_ends_what_go_computes() {
    for code in ["fixtures.spin()", "fixtures.spin_directly()", "fixtures.nap(1, 60000)"] {
        let mut sandbox = plain("5.4");
        let handle = sandbox.interrupt_handle();
        let start = Instant::now();
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(60));
            handle.interrupt();
        });
        let error = call::<()>(&mut sandbox, code, ()).unwrap_err();
        thread.join().unwrap();
        assert!(matches!(error.stop(), Some(Stop::Interrupted)), "{code}: {error}");
        assert!(start.elapsed() < Duration::from_secs(5), "{code}: {:?}", start.elapsed());
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

for_each_version! {
    fn two_sandboxes_wait_on_one_thread(lua) {
        let (mut one, mut other) = (plain(lua), plain(lua));
        let code = "
            function wait()
                local a, b = luago.all(luago.spawn(fixtures.nap, 1, 60), luago.spawn(more.nap, 2, 60))
                for v in fixtures.slow_ticks(1) do if v == 3 then break end end
                return a + b
            end";
        run(&mut one, code);
        run(&mut other, code);
        let start = Instant::now();
        let sums = runtime().block_on(async {
            tokio::join!(one.call_async::<i64>("wait", ()), other.call_async::<i64>("wait", ()))
        });
        assert_eq!((sums.0.unwrap(), sums.1.unwrap()), (3, 3));
        assert!(start.elapsed() >= Duration::from_millis(60));
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }
}

#[test]
fn a_future_that_is_dropped_ends_what_it_waited_for_in_go() {
    let events: Arc<Mutex<Vec<BridgeEvent>>> = Arc::default();
    let seen = events.clone();
    let builder = builder("5.4")
        .on_event(move |event: &BridgeEvent| seen.lock().unwrap().push(event.clone()));
    let mut sandbox = prepared(builder, GoGrant::new());
    run(
        &mut sandbox,
        "
        function wait()
            luago.spawn(fixtures.nap, 1, 60000)
            more.nap(2, 60000)
        end",
    );
    runtime().block_on(async {
        let call = sandbox.call_async::<()>("wait", ());
        assert!(tokio::time::timeout(Duration::from_millis(20), call).await.is_err());
    });
    assert!(sandbox.is_dead());
    let mut checker = luago::TraceChecker::new();
    events.lock().unwrap().iter().for_each(|event| checker.feed(event).unwrap());
    checker.finish().unwrap();
    sandbox.reset().unwrap();
    let sum: i64 = result(&mut sandbox, "return require('fixtures').add_task(1, 2)");
    assert_eq!(sum, 3);
}

#[test]
fn sandboxes_of_a_template_have_guests_of_their_own() {
    let mut first = builder("5.4").go("fixtures", fixtures(), GoGrant::new()).build().unwrap();
    run(&mut first, "function up() return require('fixtures').count_up() end");
    let template = first.into_template().unwrap();
    let count = |sandbox: &mut Sandbox| sandbox.call::<i64>("up", ()).unwrap();
    let (mut one, mut other) = (template.instantiate().unwrap(), template.instantiate().unwrap());
    assert_eq!((count(&mut one), count(&mut one), count(&mut other)), (1, 2, 1));
    one.reset().unwrap();
    assert_eq!(count(&mut one), 1);
    let pool = SandboxPool::new(template, 1).unwrap();
    for _ in 0..3 {
        let mut sandbox = pool.get().unwrap();
        assert_eq!(sandbox.call::<i64>("up", ()).unwrap(), 1);
    }
}
