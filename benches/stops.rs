//! How late a deadline is, and how far memory goes past its limit, for scripts that
//! spend each in every way they can. Prints one row a script; there is no rival,
//! for native Lua cannot be stopped.

use luago::{Engine, Limits, Sandbox, Script};
use std::time::{Duration, Instant};

const DEADLINE: Duration = Duration::from_millis(100);

const ENDLESS: &[(&str, &str)] = &[
    ("loop", "while true do end"),
    ("pcall loop", "while true do pcall(function() while true do end end) end"),
    (
        "coroutines",
        "while true do coroutine.wrap(function() for i = 1, 1e9 do coroutine.yield() end end)() end",
    ),
    ("errors", "while true do pcall(error, 'x') end"),
    ("pattern", "string.find(('a'):rep(40) .. 'b', ('a*'):rep(40) .. 'c')"),
    ("string.rep", "while true do local s = ('x'):rep(5e7) end"),
    (
        "table.concat",
        "local t = {} for i = 1, 1e6 do t[i] = 'abc' end while true do table.concat(t) end",
    ),
    (
        "table.sort",
        "local t = {} for i = 1, 1e6 do t[i] = i end while true do pcall(table.sort, t, function(a, b) return true end) end",
    ),
    ("string.format", "while true do string.format('%99.99f', 1e300) end"),
    ("hooks", "debug.sethook(function() while true do end end, '', 1) while true do end"),
    (
        "__gc",
        "setmetatable({}, { __gc = function() while true do end end }) collectgarbage() while true do end",
    ),
    (
        "__close",
        "local x <close> = setmetatable({}, { __close = function() while true do end end })",
    ),
    ("gsub callback", "(('x'):rep(1e6)):gsub('.', function() while true do end end)"),
    ("load", "load(function() return ' ' end)"),
];

const GREEDY: &[(&str, &str)] = &[
    ("table", "local t = {} for i = 1, 1e9 do t[i] = i end"),
    ("string", "local s = 'x' while true do s = s .. s end"),
    ("string.rep", "string.rep('x', 2^30)"),
    ("closures", "local t = {} while true do t[#t + 1] = function() return t end end"),
    ("coroutines", "local t = {} while true do t[#t + 1] = coroutine.create(print) end"),
    (
        "kept by pcall",
        "local t = {} for i = 1, 100 do pcall(function() while true do t[#t + 1] = ('x'):rep(1000) end end) end",
    ),
    (
        "concat",
        "local t = {} for i = 1, 1e5 do t[i] = ('x'):rep(100) end while true do t[#t + 1] = table.concat(t) end",
    ),
];

fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}

/// Starts counting the peak anew.
fn reset_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn main() {
    let engine = Engine::builder().max_sandboxes(1).build().expect("an engine");
    engine.prepare(luago::LuaVersion::Lua54).expect("a guest");
    println!("deadline of {DEADLINE:?}      late by");
    let mut worst = Duration::ZERO;
    for (name, code) in ENDLESS {
        let limits = Limits::default().deadline(DEADLINE).memory(1 << 30);
        let mut sandbox = Sandbox::builder(&engine).limits(limits).build().expect("a sandbox");
        let start = Instant::now();
        let outcome = sandbox.run(&Script::new(name, *code)).expect("a run");
        let late = start.elapsed().saturating_sub(DEADLINE);
        worst = worst.max(late);
        let stop = outcome.stop().map_or("not stopped", luago::Stop::kind);
        println!("{name:<22} {:>7.1} ms  {stop}", late.as_secs_f64() * 1e3);
    }
    println!("{:<22} {:>7.1} ms", "worst", worst.as_secs_f64() * 1e3);

    const LIMIT: u64 = 64 << 20;
    println!("\nmemory limit of 64 MiB   more in the process than before and the limit");
    for (name, code) in GREEDY {
        reset_peak();
        let before = resident().unwrap_or_default();
        let limits = Limits::default().memory(LIMIT).deadline(Duration::from_secs(20));
        let mut sandbox = Sandbox::builder(&engine).limits(limits).build().expect("a sandbox");
        let outcome = sandbox.run(&Script::new(name, *code)).expect("a run");
        let peak = resident().unwrap_or_default();
        let over = peak as f64 - before as f64 - LIMIT as f64;
        let stop = outcome.stop().map_or("caught", luago::Stop::kind);
        println!("{name:<22} {:>7.1} MiB {stop}", over / 1048576.0);
    }
}
