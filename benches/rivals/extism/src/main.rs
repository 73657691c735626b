//! Extism's host calling functions of a Go plug-in: the rival, in wasm, of a Rust host or a
//! Lua script that calls a Go guest of luago.
//!
//! Everything that makes Extism faster and that its users can choose is chosen: one plug-in
//! that lives through all calls, raw bytes instead of JSON, no HTTP, no fuel, no time limit.
//! The plug-in is compiled before the clock starts.
//!
//! Prints `name median_ns iterations` lines: the median of the samples in nanoseconds per
//! call, and how many calls all samples together made.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use extism::{Error, Manifest, PluginBuilder, Wasm};

const SAMPLES: usize = 21;
const SAMPLE_TIME: Duration = Duration::from_millis(30);
const MIB: usize = 1 << 20;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("luago-rival-extism: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Error> {
    let path = std::env::args()
        .nth(1)
        .ok_or_else(|| Error::msg("usage: luago-rival-extism PLUGIN.wasm"))?;
    let wasm = std::fs::read(&path)
        .map_err(|error| Error::msg(format!("cannot read the plug-in {path}: {error}")))?;
    let manifest = Manifest::new([Wasm::data(wasm)]);
    let mut plugin = PluginBuilder::new(manifest).with_wasi(true).with_cache_disabled().build()?;

    measure("extism/nothing", || {
        let output: &[u8] = plugin.call("nothing", &[] as &[u8])?;
        expect("nothing", output.len() as u64, 0)
    })?;

    let mut count = 0_i64;
    measure("extism/add", || {
        count += 1;
        let mut input = [0; 16];
        input[..8].copy_from_slice(&count.to_le_bytes());
        input[8..].copy_from_slice(&2_i64.to_le_bytes());
        let output: &[u8] = plugin.call("add", black_box(&input[..]))?;
        expect("add", number(output)?, count as u64 + 2)
    })?;

    let megabyte = vec![b'x'; MIB];
    measure("extism/bytes-1MiB", || {
        let output: &[u8] = plugin.call("size", black_box(&megabyte[..]))?;
        expect("size", number(output)?, MIB as u64)
    })?;

    let mut copy = vec![0_u8; MIB];
    measure("memcpy-1MiB", || {
        copy.copy_from_slice(black_box(&megabyte));
        black_box(&mut copy);
        Ok(())
    })
}

fn number(output: &[u8]) -> Result<u64, Error> {
    let bytes = output
        .try_into()
        .map_err(|_| Error::msg(format!("the plug-in returned {} bytes, not 8", output.len())))?;
    Ok(u64::from_le_bytes(bytes))
}

fn expect(function: &str, got: u64, wanted: u64) -> Result<(), Error> {
    if got == wanted {
        return Ok(());
    }
    Err(Error::msg(format!("the plug-in's {function} returned {got}, not {wanted}")))
}

/// Runs `call` in samples that are long enough for the clock, and prints their median.
fn measure(name: &str, mut call: impl FnMut() -> Result<(), Error>) -> Result<(), Error> {
    let mut sample = |calls: u64| -> Result<Duration, Error> {
        let start = Instant::now();
        for _ in 0..calls {
            call()?;
        }
        Ok(start.elapsed())
    };

    // Finding the number of calls warms up what they run, too.
    let mut calls = 1;
    while sample(calls)? < SAMPLE_TIME {
        calls *= 2;
    }
    let mut figures = Vec::with_capacity(SAMPLES);
    for _ in 0..SAMPLES {
        figures.push(sample(calls)?.as_nanos() as f64 / calls as f64);
    }
    figures.sort_by(f64::total_cmp);
    println!("{name} {:.1} {}", figures[SAMPLES / 2], calls * SAMPLES as u64);
    Ok(())
}
