//! Other implementations of Lua, each on the programs that it is given: LuaJIT, which compiles
//! and has no sandbox, and omnilua, which interprets in safe Rust.
//!
//! Prints `name median_ns iterations` lines: the median of the samples in nanoseconds, each of
//! which is one call of the program's function `bench`, and how many there were.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Calls before the first that counts, so that what is hot is compiled.
const WARM_UP: usize = 3;
const SAMPLES: usize = 20;
/// No more samples are taken after this time.
const MOST: Duration = Duration::from_millis(1500);

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let programs: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if programs.is_empty() {
        eprintln!("usage: luago-rival-lua PROGRAM.lua...");
        return ExitCode::from(2);
    }
    let mut code = ExitCode::SUCCESS;
    for program in &programs {
        for (name, run) in
            [("luajit", luajit as fn(&str, &str) -> Result<()>), ("omnilua", omnilua)]
        {
            if let Err(error) = on(program, name, run) {
                eprintln!("luago-rival-lua: {name} on {}: {error}", program.display());
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}

fn on(program: &Path, rival: &str, run: fn(&str, &str) -> Result<()>) -> Result<()> {
    let code = std::fs::read_to_string(program)?;
    let stem = program.file_stem().unwrap_or_default().to_string_lossy();
    run(&format!("{rival}/{stem}"), &code)
}

fn luajit(name: &str, code: &str) -> Result<()> {
    let lua = mlua::Lua::new();
    lua.load(code).exec()?;
    let bench: mlua::Function = lua.globals().get("bench")?;
    measure(name, || Ok(bench.call::<()>(())?))
}

fn omnilua(name: &str, code: &str) -> Result<()> {
    let lua = omnilua::Lua::new();
    lua.load(code).exec().map_err(|error| error.to_string())?;
    let bench: omnilua::Function = lua.globals().get("bench").map_err(|error| error.to_string())?;
    measure(name, || {
        bench.call::<_, omnilua::Value>(()).map(drop).map_err(|error| error.to_string().into())
    })
}

fn measure(name: &str, mut run: impl FnMut() -> Result<()>) -> Result<()> {
    for _ in 0..WARM_UP {
        run()?;
    }
    let began = Instant::now();
    let mut samples = Vec::with_capacity(SAMPLES);
    while samples.len() < SAMPLES && (samples.is_empty() || began.elapsed() < MOST) {
        let start = Instant::now();
        run()?;
        samples.push(start.elapsed());
    }
    samples.sort();
    println!("{name} {} {}", samples[samples.len() / 2].as_nanos(), samples.len());
    Ok(())
}
