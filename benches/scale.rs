//! Many sandboxes: what each takes, whether memory comes back, and two threads.
//!
//! `cargo bench --bench scale` makes and drops sandboxes for ten seconds; with the
//! variable `LUAGO_SECONDS` for as long as that says.

use luago::{Compile, Engine, Function, Limits, Sandbox, Script};
use std::time::{Duration, Instant};

/// Resident bytes, with a share of those that several mappings have in common. What the
/// system calls RSS counts the pages of the snapshot once for each sandbox, though all of
/// them look at the same ones; that is the second figure.
fn resident() -> (u64, u64) {
    let rollup = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    let field = |name: &str| {
        let line = rollup.lines().find(|line| line.starts_with(name));
        let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        kilobytes.unwrap_or(0) * 1024
    };
    (field("Pss:"), field("Rss:"))
}

/// What has come to be resident since, for each of `count`, in KiB.
fn each(before: (u64, u64), count: usize) -> (f64, f64) {
    let now = resident();
    let kib = |now: u64, before: u64| now.saturating_sub(before) as f64 / count as f64 / 1024.0;
    (kib(now.0, before.0), kib(now.1, before.1))
}

fn sandbox(engine: &Engine) -> Sandbox {
    let mut sandbox = Sandbox::builder(engine)
        .limits(Limits::default().deadline(Duration::from_secs(3600)))
        .function("plus", |_, (a, b): (i64, i64)| Ok::<_, String>(a + b))
        .build()
        .expect("a sandbox");
    let code = "local n = 0  function tick(by) n = plus(n, by) return n end";
    assert!(sandbox.run(&Script::new("code", code)).expect("a run").is_returned());
    sandbox
}

/// What each of `count` sandboxes takes that are alive at once and have all run.
fn alive(engine: &Engine, count: usize) -> (f64, f64) {
    let before = resident();
    let mut sandboxes: Vec<Sandbox> = (0..count).map(|_| sandbox(engine)).collect();
    for (index, sandbox) in sandboxes.iter_mut().enumerate() {
        assert_eq!(sandbox.call::<i64>("tick", index as i64).expect("a number"), index as i64);
    }
    each(before, count)
}

/// Functions that are compiled in each sandbox below, with the chunk that makes them.
const FUNCTIONS: u64 = 20;

/// What each of `count` sandboxes takes that all have run the same functions.
fn with_functions(compile: Compile, count: usize) -> (f64, u64) {
    let builder = Engine::builder().max_sandboxes(count as u32 + 1);
    let engine = builder.compile(compile).build().expect("an engine");
    let code: String = (1..FUNCTIONS)
        .map(|n| {
            format!(
                "function f{n}(t, x) local s = {n} for i = 1, 10 do s = s + x * i t[i] = s end
                   if s > 1000 then return t.name .. s else return s end end
                 f{n}({{}}, 1) "
            )
        })
        .collect();
    let made = || {
        let limits = Limits::default().deadline(Duration::from_secs(3600));
        let mut sandbox = Sandbox::builder(&engine).limits(limits).build().expect("a sandbox");
        assert!(sandbox.run(&Script::new("code", code.as_str())).expect("a run").is_returned());
        sandbox
    };
    // Their code is there once, for all.
    let first = made();
    let before = resident();
    let sandboxes: Vec<Sandbox> = (0..count).map(|_| made()).collect();
    let (own, _) = each(before, count);
    assert!(sandboxes.iter().all(|one| one.usage().compiled == first.usage().compiled));
    (own, first.usage().compiled)
}

fn lua_alive(count: usize) -> f64 {
    let before = resident();
    let states: Vec<mlua::Lua> = (0..count)
        .map(|_| {
            let lua = mlua::Lua::new();
            lua.load("local n = 0  function tick(by) n = n + by return n end")
                .exec()
                .expect("code");
            lua
        })
        .collect();
    let (each, _) = each(before, count);
    drop(states);
    each
}

const TIME: Duration = Duration::from_millis(1000);

/// Calls in a second on so many threads, each with something of its own to call.
fn calls_per_second<T>(
    threads: usize,
    make: impl Fn() -> T + Sync,
    call: impl Fn(&mut T) + Sync,
) -> f64 {
    let counts: Vec<u64> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut own = make();
                    let (start, mut count) = (Instant::now(), 0);
                    while start.elapsed() < TIME {
                        for _ in 0..1000 {
                            call(&mut own);
                        }
                        count += 1000;
                    }
                    count
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().expect("a count")).collect()
    });
    counts.iter().sum::<u64>() as f64 / TIME.as_secs_f64()
}

/// How many times the calls of one thread two of them make, here and natively: a machine
/// that is shared may have less than two processors to give.
fn two_threads(engine: &Engine) {
    let ours = |threads| {
        let make = || {
            let mut sandbox = sandbox(engine);
            let tick: Function = sandbox.get("tick").expect("a function");
            (sandbox, tick)
        };
        calls_per_second(threads, make, |(sandbox, tick)| {
            sandbox.call::<i64>(&*tick, 1).expect("a number");
        })
    };
    let native = |threads| {
        let make = || {
            let lua = mlua::Lua::new();
            let code = "local n = 0  return function(by) n = n + by return n end";
            let tick: mlua::Function = lua.load(code).eval().expect("a function");
            (lua, tick)
        };
        calls_per_second(threads, make, |(_, tick)| {
            tick.call::<i64>(1).expect("a number");
        })
    };
    let mut ratios = Vec::new();
    for _ in 0..5 {
        let (one, two) = (ours(1), ours(2));
        let (native_one, native_two) = (native(1), native(2));
        println!(
            "calls a second, one thread and two: {one:.0} {two:.0} ({:.2} times); natively \
             {native_one:.0} {native_two:.0} ({:.2} times)",
            two / one,
            native_two / native_one
        );
        ratios.push((two / one) / (native_two / native_one));
    }
    ratios.sort_by(f64::total_cmp);
    println!("two threads (at least 1.8 times one): the median is {:.2} of native", ratios[2]);
}

fn main() {
    let engine = Engine::builder().max_sandboxes(1000).build().expect("an engine");
    drop(sandbox(&engine));
    let (own, mapped) = alive(&engine, 1000);
    println!("1,000 alive: {own:.0} KiB each (at most 400); as RSS counts them {mapped:.0}");
    println!("1,000 native states: {:.0} KiB each", lua_alive(1000));

    let (interpreted, _) = with_functions(Compile::Off, 1000);
    let (compiled, functions) = with_functions(Compile::Eager, 1000);
    println!(
        "1,000 alive with {functions} compiled functions: {:.1} KiB more each (at most 32)",
        compiled - interpreted
    );

    two_threads(&engine);

    let seconds = std::env::var("LUAGO_SECONDS").ok().and_then(|text| text.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(10));
    let template = sandbox(&engine).into_template().expect("a template");
    let (start, mut count) = (Instant::now(), 0u64);
    let mut samples = Vec::new();
    let mut next = Duration::ZERO;
    while start.elapsed() < time {
        let mut fresh = sandbox(&engine);
        fresh.call::<i64>("tick", 1).expect("a number");
        let mut copy = template.instantiate().expect("a sandbox");
        copy.call::<i64>("tick", 1).expect("a number");
        count += 2;
        if start.elapsed() >= next {
            samples.push(resident().0);
            next += time / 10;
        }
    }
    let mib = |bytes: u64| bytes as f64 / 1024.0 / 1024.0;
    let shown: Vec<String> = samples.iter().map(|bytes| format!("{:.1}", mib(*bytes))).collect();
    println!("{count} made and dropped in {time:?}; resident MiB: {}", shown.join(" "));
    drop(template);
    drop(engine);

    let engine = Engine::builder().max_sandboxes(10_000).build().expect("an engine");
    let (own, mapped) = alive(&engine, 10_000);
    println!("10,000 alive: {own:.0} KiB each; as RSS counts them {mapped:.0}");
}
