//! Lua and Go in one sandbox, beside native Lua that calls Go through cgo, and beside
//! Extism. The last table has each ratio and what it is meant to stay below.
//!
//! The rivals are built by `benches/rivals/run.sh`, which says what it needs; without them
//! their lines are left out.

mod built_rivals;

use built_rivals::rivals;
use luago::{BString, Engine, Function, GoGrant, GoModule, Sandbox, Script};
use luago_test_support::go_build;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

const CODE: &str = "
    local luago, go = require 'luago', require 'go'

    function nothing(n) local f = function(a, b) return a end for i = 1, n do f(i, 2) end end
    function direct(n) local add = go.add for i = 1, n do add(i, 2) end end
    function goroutine(n) local add = go.add_in_goroutine for i = 1, n do add(i, 2) end end
    function batches(n)
        local add, spawn, all = go.add_in_goroutine, luago.spawn, luago.all
        for i = 1, n / 64 do
            local tasks = {}
            for j = 1, 64 do tasks[j] = spawn(add, i, j) end
            all(tasks)
        end
    end
    function back(n) return go.each(n, function(i) return i end) end

    local text = ('x'):rep(1048576)
    function bytes(n) local length = go.length for i = 1, n do length(text) end end

    -- Tasks that each wait for a door of their own; a step opens one of them.
    local step, count = 0, 0
    function enter(n)
        count = n
        for i = 1, n do luago.spawn(function() while go.wait(i) do end end) end
        luago.sleep(0)
    end
    function steps(n)
        for i = 1, n do
            step = step % count + 1
            go.open(step, true)
            luago.sleep(0)
        end
    end

    function burn(tasks, n)
        local list = {}
        for i = 1, tasks do list[i] = luago.spawn(go.burn, n) end
        luago.all(list)
    end
";

fn sandbox(engine: &Engine, module: &GoModule, grant: GoGrant) -> Sandbox {
    let mut sandbox =
        Sandbox::builder(engine).go("go", module.clone(), grant).build().expect("a sandbox");
    let outcome = sandbox.run(&Script::new("code", CODE)).expect("a run");
    assert!(outcome.is_returned(), "{:?}", outcome.end);
    sandbox
}

/// The median of rounds of at least 20 ms, in nanoseconds for each of `n`.
fn median(n: u64, mut run: impl FnMut(u64)) -> f64 {
    run(n);
    let mut times: Vec<f64> = (0..15)
        .map(|_| {
            let start = Instant::now();
            let mut rounds = 0;
            while start.elapsed() < Duration::from_millis(20) {
                run(n);
                rounds += 1;
            }
            start.elapsed().as_nanos() as f64 / (rounds * n) as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn in_lua(sandbox: &mut Sandbox, name: &str, n: u64) -> f64 {
    let function: Function = sandbox.get(name).expect("a function");
    median(n, |n| sandbox.call::<()>(&function, n).expect("a call"))
}

/// Resident bytes of this process alone.
fn resident() -> f64 {
    let rollup = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    let line = rollup.lines().find(|line| line.starts_with("Pss:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) * 1024.0
}

struct Table(Vec<(String, f64, f64, String)>);

impl Table {
    /// A ratio, what it is meant to stay below, and what it is of.
    fn below(&mut self, name: &str, ratio: f64, bound: f64, what: String) {
        self.0.push((name.to_string(), ratio, bound, what));
    }

    fn print(&self) {
        println!("\n{:44} {:>8} {:>8}", "", "ratio", "at most");
        for (name, ratio, bound, what) in &self.0 {
            let verdict = if ratio <= bound { "" } else { "  MISSED" };
            println!("{name:44} {ratio:8.3} {bound:8.3}{verdict}   {what}");
        }
    }
}

const TASKS: usize = 10_000;

fn main() {
    // `cargo test --benches` is no time to measure.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let wasm = go_build(&here.join("benches/guest"), &[&here.join("guests/go/luago")]);
    let engine = Engine::new().expect("an engine");
    let module = GoModule::from_file(&engine, wasm).expect("a module");
    let roomy = || GoGrant::new().memory(512 << 20);
    let rivals = rivals(&["golua", "extism"]);
    let mut table = Table(Vec::new());

    let mut lua = sandbox(&engine, &module, roomy());
    let nothing = in_lua(&mut lua, "nothing", 1000);
    let direct = in_lua(&mut lua, "direct", 1000);
    println!("Lua to a Lua function: {nothing:.0} ns");
    println!("Lua to Go, non-blocking, two integers: {direct:.0} ns");
    if let Some(golua) = rivals.get("golua/lua-to-go") {
        let what = format!("{direct:.0} ns; native Lua through cgo {golua:.0} ns");
        table.below("Lua -> Go, beside cgo", direct / golua, 1.0, what);
    }
    for (name, function, n, bound) in [
        ("through a goroutine, one by one", "goroutine", 1000, 12.0),
        ("through goroutines, 64 tasks at a time", "batches", 64 * 16, 6.0),
        ("Go -> Lua function and back", "back", 1000, 16.0),
    ] {
        let time = in_lua(&mut lua, function, n);
        table.below(name, time / direct, bound, format!("{time:.0} ns; direct {direct:.0} ns"));
    }

    let bytes = in_lua(&mut lua, "bytes", 16);
    let (from, mut to) = (vec![1u8; 1 << 20], vec![0u8; 1 << 20]);
    let copy = median(16, |n| {
        for _ in 0..n {
            to.copy_from_slice(black_box(&from));
            black_box(&mut to);
        }
    });
    let what = format!("{:.0} µs; memcpy {:.0} µs", bytes / 1e3, copy / 1e3);
    table.below("1 MiB of bytes, Lua -> Go", bytes / copy, 3.0, what);
    drop(lua);

    let (few, _) = alive(&engine, &module, 10);
    let (many, each) = alive(&engine, &module, TASKS);
    let what = format!("{many:.0} ns a step; with 10 tasks {few:.0} ns");
    table.below("10,000 tasks alive, a step", many / few, 1.5, what);
    let goroutine = goroutine_size(&engine, &module);
    let own = (each - goroutine) / 1024.0;
    let what = format!("{own:.1} KiB; Go's own goroutine {:.1} KiB", goroutine / 1024.0);
    table.below("10,000 tasks alive, of 8 KiB each", own / 8.0, 1.0, what);

    let burn = |workers: u32| {
        let mut lua = sandbox(&engine, &module, roomy().workers(workers));
        lua.call::<()>("burn", (workers.max(1), 1000)).expect("a call");
        let mut times: Vec<f64> = (0..5)
            .map(|_| {
                let start = Instant::now();
                lua.call::<()>("burn", (8, 40_000_000u64)).expect("a call");
                start.elapsed().as_secs_f64()
            })
            .collect();
        times.sort_by(f64::total_cmp);
        times[2]
    };
    let (one, four) = (burn(1), burn(4));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let what = format!("{:.2} times as fast on {cores} cores, of 1.7", one / four);
    table.below("four workers, beside one", four / one, 1.0 / 1.7, what);

    let mut lua = sandbox(&engine, &module, roomy());
    let add = lua.guest_function("go", "add").expect("a function");
    let call = median(1000, |n| {
        for i in 0..n {
            black_box(lua.call::<i64>(&add, (i as i64, 2)).expect("a call"));
        }
    });
    let length = lua.guest_function("go", "length").expect("a function");
    let text = BString::from(vec![b'x'; 1 << 20]);
    let megabyte = median(16, |n| {
        for _ in 0..n {
            black_box(lua.call::<i64>(&length, &text).expect("a call"));
        }
    });
    println!("Rust to Go: {call:.0} ns; with 1 MiB of bytes {:.0} µs", megabyte / 1e3);
    if let Some(extism) = rivals.get("extism/add") {
        let what = format!("{call:.0} ns; Extism {extism:.0} ns, {:.1} times", extism / call);
        table.below("Rust -> Go, beside Extism", call / extism, 0.2, what);
    }
    table.print();
}

/// Nanoseconds for a step while so many tasks are alive, and bytes for each of them.
fn alive(engine: &Engine, module: &GoModule, count: usize) -> (f64, f64) {
    let grant = GoGrant::new().memory(512 << 20);
    let mut lua = sandbox(engine, module, grant);
    lua.set("count", count).expect("a number");
    let before = resident();
    let (tell, told) = std::sync::mpsc::channel();
    lua.function("resident", move |_, ()| tell.send(resident())).expect("a function");
    let outcome = lua
        .run(&Script::new(
            "steps",
            "
            enter(count) steps(count) collectgarbage() resident()
            local times = {}
            for round = 1, 11 do
                local t = os.clock() steps(2000) times[round] = (os.clock() - t) / 2000
            end
            table.sort(times)
            result = times[6]
            for i = 1, count do require('go').open(i, false) end",
        ))
        .expect("a run");
    assert!(outcome.is_returned(), "{:?}", outcome.end);
    let time: f64 = lua.get("result").expect("a time");
    let after = told.recv().expect("a size");
    (time * 1e9, (after - before) / count as f64)
}

/// Bytes that a goroutine takes which only waits.
fn goroutine_size(engine: &Engine, module: &GoModule) -> f64 {
    let mut lua = sandbox(engine, module, GoGrant::new().memory(512 << 20));
    let idle = lua.guest_function("go", "idle").expect("a function");
    let before = resident();
    lua.call::<()>(&idle, TASKS).expect("a call");
    // They run, and wait, when somebody waits for Go.
    lua.run(&Script::new("wait", "require('luago').sleep(0.05)")).expect("a run");
    (resident() - before) / TASKS as f64
}
