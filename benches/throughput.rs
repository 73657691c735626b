//! Programs in the sandbox beside native Lua 5.4 through mlua, in one run; and beside LuaJIT and
//! omnilua, which are built and measured first, if they can be.

mod built_rivals;
mod common;

use built_rivals::rivals;
use common::median;
use criterion::Criterion;
use luago::{Compile, Engine, Limits, Sandbox, Script};
use std::collections::HashMap;
use std::time::Duration;

macro_rules! programs {
    ($($name:literal),+) => {
        const PROGRAMS: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("programs/", $name, ".lua")))),+];
    };
}

programs!(
    "calls",
    "floats",
    "fields",
    "integers",
    "tables",
    "strings",
    "sorting",
    "closures",
    "methods",
    "garbage",
    "coroutines",
    "pcall",
    // Programs of another kind, of several parts each.
    "json",
    "template",
    "cache",
    "lisp",
    "matrix",
    "queens",
    "building",
    "counters",
    "varargs",
    "pipelines"
);

const WAYS: [&str; 5] = ["native", "sandbox", "deadline", "fuel", "compiled"];
const RIVALS: [&str; 2] = ["omnilua", "luajit"];

fn sandbox(engine: &Engine, way: &str, code: &str) -> Sandbox {
    let limits = match way {
        "deadline" => Limits::default().deadline(Duration::from_secs(3600)),
        "compiled" => Limits::default().deadline(Duration::from_secs(3600)),
        "fuel" => Limits::default().fuel(u64::MAX / 2),
        _ => Limits::default(),
    };
    let mut sandbox = Sandbox::builder(engine).limits(limits).build().expect("a sandbox");
    let outcome = sandbox.run(&Script::new("program", code)).expect("a run");
    assert!(outcome.is_returned(), "{outcome:?}");
    sandbox
}

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1500))
        .configure_from_args();
    let rivals = rivals(&["lua"]);
    let engine = Engine::builder().max_sandboxes(8).build().expect("an engine");
    let builder = Engine::builder().max_sandboxes(8).compile(Compile::Hot);
    let compiling = builder.build().expect("an engine");
    let call = Script::new("call", "bench()");
    for (name, code) in PROGRAMS {
        let mut group = criterion.benchmark_group(*name);
        for way in WAYS {
            if way == "native" {
                let lua = mlua::Lua::new();
                lua.load(*code).exec().expect("a program");
                let bench: mlua::Function = lua.globals().get("bench").expect("a function");
                group.bench_function(way, |b| {
                    b.iter(|| bench.call::<mlua::Value>(()).expect("a result"))
                });
            } else {
                let engine = if way == "compiled" { &compiling } else { &engine };
                let mut sandbox = sandbox(engine, way, code);
                group.bench_function(way, |b| {
                    b.iter(|| assert!(sandbox.run(&call).expect("a run").is_returned()))
                });
            }
        }
        group.finish();
    }
    criterion.final_summary();
    print_table(&rivals);
}

/// One row a program: native milliseconds, and each way and rival as a ratio to native.
fn print_table(rivals: &HashMap<String, f64>) {
    let columns = || WAYS[1..].iter().chain(&RIVALS).copied();
    print!("\n{:<12} {:>10}", "ms, ratios", WAYS[0]);
    columns().for_each(|column| print!(" {column:>9}"));
    println!();
    let mut ratios = vec![Vec::new(); columns().count()];
    for (name, _) in PROGRAMS {
        let Some(native) = median(name, WAYS[0]) else { continue };
        print!("{name:<12} {:>10.2}", native / 1e6);
        for (column, ratios) in columns().zip(&mut ratios) {
            let rival = rivals.get(&format!("{column}/{name}")).copied();
            match rival.or_else(|| median(name, column)) {
                Some(time) => {
                    print!(" {:>9.2}", time / native);
                    ratios.push(time / native);
                }
                None => print!(" {:>9}", "-"),
            }
        }
        println!();
    }
    print!("{:<12} {:>10}", "geometric", "");
    for ratios in &ratios {
        match ratios.is_empty() {
            true => print!(" {:>9}", "-"),
            false => print!(" {:>9.2}", geometric_mean(ratios)),
        }
    }
    println!();
}

/// The geometric mean.
fn geometric_mean(values: &[f64]) -> f64 {
    (values.iter().map(|value| value.ln()).sum::<f64>() / values.len() as f64).exp()
}
