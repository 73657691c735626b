//! The crate `luago`, as another program uses it.

use luago::{
    Access, Capabilities, End, Engine, Limits, LuaVersion, OutputBuffer, Sandbox, Script, Stop,
};
use luago_test_support::folders::compile_cache;
use luago_test_support::sandboxes::engine;
use std::time::{Duration, Instant};

/// What a new sandbox, changed by nothing, prints for an expression.
fn printed(lua: LuaVersion, code: &str) -> String {
    let output = OutputBuffer::new();
    let mut sandbox = Sandbox::builder(engine()).lua(lua).stdout(output.clone()).build().unwrap();
    let outcome = sandbox.run(&Script::new("test", code)).unwrap();
    assert!(outcome.is_returned(), "{lua}: {outcome:?}");
    sandbox.close().unwrap();
    String::from_utf8(output.take()).unwrap()
}

fn everywhere(code: &str, expected: &str) {
    for lua in LuaVersion::ALL {
        assert_eq!(printed(lua, code), expected, "{lua}");
    }
}

fn limited(lua: LuaVersion, limits: Limits) -> Sandbox {
    Sandbox::builder(engine()).lua(lua).limits(limits).build().unwrap()
}

const FOREVER: &str = "while true do end";

#[test]
fn new_sandbox_sees_no_env() {
    // This very process has variables.
    assert!(std::env::var_os("PATH").is_some());
    everywhere("print(os.getenv('PATH'), os.getenv('HOME'))", "nil\tnil\n");
}

#[test]
fn new_sandbox_sees_no_files() {
    everywhere(
        "print((io.open('Cargo.toml')), (io.open('/etc/passwd')), (io.open('x', 'w')))",
        "nil\tnil\tnil\n",
    );
}

#[test]
fn new_sandbox_finds_no_modules() {
    everywhere("print((pcall(require, 'script')), (loadfile('script.lua')))", "false\tnil\n");
}

#[test]
fn new_sandbox_has_empty_input() {
    everywhere("print(io.read(), (io.read('*a')))", "nil\t\n");
}

#[test]
fn new_sandbox_has_no_arg() {
    everywhere("print(arg)", "nil\n");
}

#[test]
fn new_sandbox_has_no_deadline_and_256_mib() {
    let limits = Limits::default();
    assert_eq!(limits.get_memory(), 256 << 20);
    assert_eq!((limits.get_deadline(), limits.get_fuel(), limits.get_output()), (None, None, None));
}

#[test]
fn two_sandboxes_share_no_globals() {
    for lua in LuaVersion::ALL {
        let mut one = limited(lua, Limits::default());
        let mut two = limited(lua, Limits::default());
        let set = Script::new(
            "set",
            "x = 1 string.extra = 2 package.loaded.m = 3 getmetatable('').__index = nil",
        );
        assert!(one.run(&set).unwrap().is_returned());
        let check = Script::new(
            "check",
            "assert(x == nil and string.extra == nil and package.loaded.m == nil and ('x'):rep(2) == 'xx')",
        );
        assert!(two.run(&check).unwrap().is_returned(), "{lua}");
        drop((one, two));
        assert!(
            limited(lua, Limits::default()).run(&check).unwrap().is_returned(),
            "{lua}: after reuse"
        );
    }
}

#[test]
fn a_new_sandbox_sees_nothing_of_the_memory_of_an_old_one() {
    for _ in 0..20 {
        let mut old = limited(LuaVersion::Lua54, Limits::default());
        old.run(&Script::new("old", "x = ('secret'):rep(1000000)")).unwrap();
        drop(old);
        let mut new = limited(LuaVersion::Lua54, Limits::default());
        let outcome = new
            .run(&Script::new("new", "assert(x == nil) return collectgarbage('count')"))
            .unwrap();
        assert!(outcome.is_returned());
        assert!(outcome.usage.peak_memory < 4 << 20);
    }
}

#[test]
fn a_sandbox_runs_again_after_an_error_of_lua() {
    for lua in LuaVersion::ALL {
        let mut sandbox = limited(lua, Limits::default());
        let outcome = sandbox.run(&Script::new("first", "x = 1\nerror('oops')")).unwrap();
        let error = outcome.error().unwrap();
        assert_eq!(error.message, "first:2: oops");
        assert!(error.traceback.starts_with("stack traceback:\n"), "{error:?}");
        assert!(!sandbox.is_dead());
        assert!(sandbox.run(&Script::new("bad", "x = = 1")).unwrap().error().is_some());
        assert!(
            sandbox.run(&Script::new("second", "assert(x == 1)")).unwrap().is_returned(),
            "{lua}"
        );
    }
}

#[test]
fn a_sandbox_is_dead_after_a_stop() {
    for lua in LuaVersion::ALL {
        let limit = Duration::from_millis(50);
        let mut sandbox = limited(lua, Limits::default().deadline(limit));
        let outcome = sandbox.run(&Script::new("loop", FOREVER)).unwrap();
        assert_eq!(outcome.stop(), Some(&Stop::Deadline { limit }), "{lua}");
        assert!(sandbox.is_dead());
        assert!(sandbox.run(&Script::new("again", "")).unwrap_err().is_dead());
        assert!(sandbox.require("x").unwrap_err().is_dead());
        assert!(sandbox.run_line("x").unwrap_err().is_dead());
        assert!(sandbox.close().unwrap_err().is_dead());
    }
}

#[test]
fn a_sandbox_is_dead_after_os_exit() {
    for lua in LuaVersion::ALL {
        let mut sandbox = limited(lua, Limits::default());
        let outcome = sandbox.run(&Script::new("exit", "os.exit(3)")).unwrap();
        assert_eq!(outcome.end, End::Exited(3), "{lua}");
        assert!(sandbox.is_dead());
    }
}

#[test]
fn a_sandbox_lives_on_when_memory_ran_out() {
    for lua in LuaVersion::ALL {
        let mut sandbox = limited(lua, Limits::default().memory(16 << 20));
        let outcome = sandbox
            .run(&Script::new("fill", "local s = 'x' while true do s = s .. s end"))
            .unwrap();
        assert_eq!(outcome.stop(), Some(&Stop::Memory { limit: 16 << 20 }), "{lua}");
        if !sandbox.is_dead() {
            assert!(sandbox.run(&Script::new("small", "return 1")).unwrap().is_returned(), "{lua}");
        }
    }
}

#[test]
fn each_limit_stops_with_its_own_type() {
    for lua in LuaVersion::ALL {
        let mut sandbox = limited(lua, Limits::default().fuel(1_000_000));
        let outcome = sandbox.run(&Script::new("fuel", FOREVER)).unwrap();
        assert_eq!(outcome.stop(), Some(&Stop::Fuel { limit: 1_000_000 }), "{lua}");
        let mut sandbox = limited(lua, Limits::default().output(10));
        let outcome = sandbox.run(&Script::new("output", "print(('x'):rep(100))")).unwrap();
        assert_eq!(outcome.stop(), Some(&Stop::Output { limit: 10 }), "{lua}");
        assert_eq!(outcome.usage.output, 10);
    }
}

#[test]
fn another_thread_can_interrupt() {
    for lua in LuaVersion::ALL {
        let mut sandbox = limited(lua, Limits::default());
        let handle = sandbox.interrupt_handle();
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            handle.interrupt();
        });
        let start = Instant::now();
        let outcome = sandbox.run(&Script::new("loop", FOREVER)).unwrap();
        thread.join().unwrap();
        assert_eq!(outcome.stop(), Some(&Stop::Interrupted), "{lua}");
        assert!(start.elapsed() < Duration::from_secs(1));
    }
}

#[test]
fn an_interrupt_before_a_run_stops_it() {
    let mut sandbox = limited(LuaVersion::Lua54, Limits::default());
    sandbox.interrupt_handle().interrupt();
    let outcome = sandbox.run(&Script::new("loop", FOREVER)).unwrap();
    assert_eq!(outcome.stop(), Some(&Stop::Interrupted));
}

#[test]
fn an_interrupt_after_the_sandbox_is_gone_does_nothing() {
    let handle = limited(LuaVersion::Lua54, Limits::default()).interrupt_handle();
    handle.interrupt();
}

#[test]
fn a_deadline_deep_in_a_recursion_does_not_keep_the_host() {
    // The traceback is made after the stop, when no deadline is left to end it.
    for lua in [LuaVersion::Lua53, LuaVersion::Lua54, LuaVersion::Lua55] {
        let mut sandbox = limited(lua, Limits::default().deadline(Duration::from_millis(300)));
        let start = Instant::now();
        let code = "local function f(n) if n == 0 then while true do end end return 1 + f(n - 1) end f(100000)";
        let outcome = sandbox.run(&Script::new("deep", code)).unwrap();
        assert!(outcome.stop().is_some(), "{lua}: {outcome:?}");
        assert!(start.elapsed() < Duration::from_millis(1300), "{lua}: {:?}", start.elapsed());
    }
}

#[test]
fn a_deadline_is_for_each_run() {
    let mut sandbox =
        limited(LuaVersion::Lua54, Limits::default().deadline(Duration::from_millis(300)));
    for _ in 0..5 {
        let script = Script::new("busy", "local t = os.clock() while os.clock() - t < 0.1 do end");
        assert!(sandbox.run(&script).unwrap().is_returned());
    }
    sandbox.set_deadline(Some(Duration::from_millis(20)));
    assert!(sandbox.run(&Script::new("busy", FOREVER)).unwrap().stop().is_some());
}

#[test]
fn a_full_engine_is_busy_until_a_sandbox_goes() {
    let engine = Engine::builder().max_sandboxes(2).cache_dir(compile_cache()).build().unwrap();
    let one = Sandbox::builder(&engine).build().unwrap();
    let _two = Sandbox::builder(&engine).build().unwrap();
    let error = Sandbox::builder(&engine).build().unwrap_err();
    assert!(error.is_busy() && !error.is_invalid(), "{error}");
    assert!(error.to_string().contains("2 live sandboxes"), "{error}");
    drop(one);
    assert!(Sandbox::builder(&engine).build().is_ok());
}

#[test]
fn an_engine_for_no_sandboxes_is_refused() {
    assert!(Engine::builder().max_sandboxes(0).build().unwrap_err().is_invalid());
}

#[test]
fn every_setting_that_cannot_work_is_reported_at_once() {
    let error = Sandbox::builder(engine())
        .limits(Limits::default().memory(1).deadline(Duration::ZERO))
        .capabilities(
            Capabilities::default().env("A=B", "").dir("/", "", Access::ReadOnly).deterministic(1),
        )
        .build()
        .unwrap_err();
    assert!(error.is_invalid());
    let text = error.to_string();
    for part in [
        "memory limit of 1 bytes",
        "deadline of zero",
        "\"A=B\"",
        "needs a name in the guest",
        "deterministic",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_deterministic_run_with_a_deadline_is_refused() {
    let error = Sandbox::builder(engine())
        .limits(Limits::default().deadline(Duration::from_secs(1)))
        .capabilities(Capabilities::default().deterministic(1))
        .build()
        .unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("limit the fuel instead"), "{error}");
}

#[test]
fn a_directory_that_cannot_be_opened_is_a_grant_error() {
    let capabilities = Capabilities::default().dir("/nowhere/at/all", "x", Access::ReadOnly);
    let error = Sandbox::builder(engine()).capabilities(capabilities).build().unwrap_err();
    assert!(error.is_grant() && error.to_string().contains("/nowhere/at/all"), "{error}");
    let error = Sandbox::builder(engine())
        .capabilities(Capabilities::default().modules("/nowhere/at/all"))
        .build()
        .unwrap_err();
    assert!(error.is_grant(), "{error}");
}

#[test]
fn an_output_buffer_keeps_what_was_written() {
    let (out, err) = (OutputBuffer::new(), OutputBuffer::new());
    let mut sandbox =
        Sandbox::builder(engine()).stdout(out.clone()).stderr(err.clone()).build().unwrap();
    sandbox.run(&Script::new("a", "io.write('one') io.stderr:write('two')")).unwrap();
    assert_eq!((out.contents(), err.contents()), (b"one".to_vec(), b"two".to_vec()));
    sandbox.run(&Script::new("a", "print('more')")).unwrap();
    assert_eq!(out.take(), b"onemore\n");
    assert_eq!(out.contents(), b"");
}

#[test]
fn input_is_read_as_it_is_given() {
    for lua in LuaVersion::ALL {
        let out = OutputBuffer::new();
        let mut sandbox = Sandbox::builder(engine())
            .lua(lua)
            .stdin(&b"first\nsecond\n42 0x10 rest\nall\nthe rest"[..])
            .stdout(out.clone())
            .build()
            .unwrap();
        let code = "print(io.read()) print(io.read('*l')) print(io.read('*n', '*n')) print(io.read(5)) io.read() print(io.read('*a'))";
        let outcome = sandbox.run(&Script::new("read", code)).unwrap();
        assert!(outcome.is_returned(), "{lua}: {outcome:?}");
        let text = String::from_utf8(out.take()).unwrap();
        assert!(
            text.starts_with("first\nsecond\n42") && text.ends_with("all\nthe rest\n"),
            "{lua}: {text}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_stream_that_fails_gives_lua_the_reason_of_the_system() {
    use std::fs::File;
    for lua in LuaVersion::ALL {
        let err = OutputBuffer::new();
        let mut sandbox = Sandbox::builder(engine())
            .lua(lua)
            .stdin(File::open("/").unwrap())
            .stdout(File::options().write(true).open("/dev/full").unwrap())
            .stderr(err.clone())
            .build()
            .unwrap();
        let code = "io.stdout:setvbuf('no')
            local ok, why = io.write('x')
            io.stderr:write(tostring(why), '\\n')
            local ok, why = io.read()
            io.stderr:write(tostring(why), '\\n')";
        let outcome = sandbox.run(&Script::new("streams", code)).unwrap();
        assert!(outcome.is_returned(), "{lua}: {outcome:?}");
        let text = String::from_utf8(err.take()).unwrap();
        assert_eq!(text, "No space left on device\nIs a directory\n", "{lua}");
    }
}

const FINALIZER: &str = "local function closed() print('closed') end
    if newproxy then x = newproxy(true) getmetatable(x).__gc = closed
    else x = setmetatable({}, {__gc = closed}) end";

#[test]
fn close_runs_finalizers() {
    everywhere(FINALIZER, "closed\n");
}

#[test]
fn drop_runs_no_finalizers() {
    for lua in LuaVersion::ALL {
        let out = OutputBuffer::new();
        let mut sandbox = Sandbox::builder(engine()).lua(lua).stdout(out.clone()).build().unwrap();
        assert!(sandbox.run(&Script::new("make", FINALIZER)).unwrap().is_returned());
        drop(sandbox);
        assert_eq!(out.contents(), b"", "{lua}");
    }
}

#[test]
fn a_script_gets_its_arguments_and_only_those() {
    for lua in LuaVersion::ALL {
        let out = OutputBuffer::new();
        let mut sandbox = Sandbox::builder(engine()).lua(lua).stdout(out.clone()).build().unwrap();
        let script = Script::new(
            "a",
            "local s = ... print(select('#', ...), s and #s, (select(-1, ...)) == 'z\\0y')",
        );
        sandbox.run(&script.clone().args(["x", "", "z\0y"])).unwrap();
        sandbox.run(&Script::new("a", "print(select('#', ...), (...), false)")).unwrap();
        sandbox.run(&script.args([vec![b'x'; 100_000]])).unwrap();
        let text = out.take();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text, "3\t1\ttrue\n0\tnil\tfalse\n1\t100000\tfalse\n", "{lua}");
    }
}

#[test]
fn many_threads_can_each_have_a_sandbox() {
    let threads: Vec<_> = (0..32)
        .map(|n| {
            std::thread::spawn(move || {
                let lua = LuaVersion::ALL[n % 5];
                for round in 0..5 {
                    let text = printed(
                        lua,
                        &format!(
                            "local x = 0 for i = 1, 100000 do x = x + {n} end print(x, {round})"
                        ),
                    );
                    assert_eq!(text, format!("{}\t{round}\n", n * 100_000), "{lua}");
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn a_sandbox_can_move_to_another_thread() {
    let mut sandbox = limited(LuaVersion::Lua54, Limits::default());
    sandbox.run(&Script::new("here", "x = 1")).unwrap();
    let moved =
        std::thread::spawn(move || sandbox.run(&Script::new("there", "assert(x == 1)")).unwrap());
    assert!(moved.join().unwrap().is_returned());
}

#[test]
fn a_thousand_sandboxes_one_after_another_leak_nothing() {
    for _ in 0..1000 {
        let mut sandbox = limited(LuaVersion::Lua54, Limits::default());
        assert!(sandbox.run(&Script::new("x", "return 1")).unwrap().is_returned());
    }
}

#[test]
fn usage_adds_up_over_runs() {
    let mut sandbox = limited(LuaVersion::Lua54, Limits::default().fuel(1_000_000_000));
    let script = Script::new("x", "for i = 1, 10000 do end io.write('xy')");
    let first = sandbox.run(&script).unwrap().usage;
    let second = sandbox.run(&script).unwrap().usage;
    assert!(second.fuel.unwrap() > first.fuel.unwrap() && second.wall > first.wall);
    assert_eq!((first.output, second.output), (2, 4));
    assert_eq!(sandbox.usage(), second);
}

#[test]
fn a_guest_is_compiled_while_every_thread_of_rayon_waits_for_a_sandbox() {
    let engine = Engine::new().unwrap();
    let (done, all_done) = std::sync::mpsc::channel();
    for lua in LuaVersion::ALL {
        // The first of these compiles; the others, on all threads of rayon, wait for it.
        let (engine, done) = (engine.clone(), done.clone());
        std::thread::spawn(move || {
            engine.prepare(lua).unwrap();
            let _ = done.send(());
        });
    }
    std::thread::sleep(Duration::from_millis(20));
    std::thread::spawn(move || {
        rayon::broadcast(|_| {
            for lua in LuaVersion::ALL {
                Sandbox::builder(&engine).lua(lua).build().unwrap();
            }
        });
        let _ = done.send(());
    });
    for _ in 0..=LuaVersion::ALL.len() {
        all_done.recv_timeout(Duration::from_secs(60)).expect("they wait for each other");
    }
}
