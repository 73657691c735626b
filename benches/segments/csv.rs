//! A CSV that Go parses and Lua filters, through segments and through strings, beside a
//! native Lua that does both.

use crate::Bench;
use crate::measure::median;
use crate::table::Table;
use luago::{BString, Function, Segment};
use std::fs::File;
use std::io::{BufWriter, Read, Seek, Write};
use std::path::Path;
use std::time::Instant;

/// What a script finds of `region` with more than `least`.
const LEAST: f64 = 500.0;
const REGION: &str = "north";

const CODE: &str = "
    local go = require 'go'

    -- All of it, in a segment.
    function filter(text, region, least)
        local columns = go.columns(text)
        local amounts, regions = columns.amounts, columns.region
        local wanted
        for i, name in ipairs(columns.regions) do
            if name == region then wanted = i - 1 end
        end
        local count, sum = 0, 0.0
        for i = 1, #amounts do
            if regions[i] == wanted then
                local amount = amounts[i]
                if amount > least then count, sum = count + 1, sum + amount end
            end
        end
        return { count = count, sum = sum }
    end

    -- A part of it, in a string; sum is what there was so far.
    function filter_part(text, region, least, sum)
        local rows = go.rows(text)
        local amounts, regions, count = rows.amounts, rows.regions, 0
        for i = 1, #amounts do
            if regions[i] == region then
                local amount = amounts[i]
                if amount > least then count, sum = count + 1, sum + amount end
            end
        end
        return { count = count, sum = sum }
    end
";

const NATIVE: &str = "
    local path, region, least = ...
    local count, sum = 0, 0.0
    for line in io.lines(path) do
        local name, amount = line:match('^[^,]*,[^,]*,([^,]*),[^,]*,[^,]*,[^,]*,([^,]*)')
        if name == region then
            amount = tonumber(amount)
            if amount > least then count, sum = count + 1, sum + amount end
        end
    end
    return count, sum
";

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Found {
    count: u64,
    sum: f64,
}

/// Lines of 8 fields, the same each time.
fn make(path: &Path, bytes: u64) {
    const REGIONS: [&str; 6] = ["north", "south", "east", "west", "centre", "overseas"];
    const NOTES: [&str; 4] = ["", "paid", "express delivery", "to be collected by the customer"];
    let mut seed = 0u64;
    let mut below = |most: u64| {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) % most
    };
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    let (mut written, mut id) = (0, 1_000_000u64);
    while written < bytes {
        let line = format!(
            "{id},2025-{:02}-{:02},{},customer-{:05},P{:04},{},{}.{:02},{}\n",
            below(12) + 1,
            below(28) + 1,
            REGIONS[below(6) as usize],
            below(100_000),
            below(10_000),
            below(20) + 1,
            below(1000),
            below(100),
            NOTES[below(4) as usize],
        );
        file.write_all(line.as_bytes()).expect("room");
        written += line.len() as u64;
        id += 1;
    }
    file.flush().expect("room");
}

fn by_segments(bench: &Bench, path: &Path) -> Found {
    let mut sandbox = bench.sandbox(CODE, 0);
    let text = Segment::from_file(&File::open(path).expect("a file")).expect("a segment");
    sandbox.call("filter", (&text, REGION, LEAST)).expect("an answer")
}

/// How much is passed at once as a string, in bytes.
const PART: usize = 1 << 20;

fn by_strings(bench: &Bench, path: &Path) -> Found {
    let mut sandbox = bench.sandbox(CODE, 0);
    let filter: Function = sandbox.get("filter_part").expect("a function");
    let file = File::open(path).expect("a file");
    let mut all = Found { count: 0, sum: 0.0 };
    let mut part = Vec::with_capacity(PART);
    loop {
        let room = (PART - part.len()) as u64;
        let is_over = (&file).take(room).read_to_end(&mut part).expect("bytes") == 0;
        let lines = part.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let rest = part.split_off(lines);
        if !part.is_empty() {
            let text = BString::from(part);
            let found: Found =
                sandbox.call(&filter, (&text, REGION, LEAST, all.sum)).expect("an answer");
            all = Found { count: all.count + found.count, sum: found.sum };
        }
        if is_over {
            return all;
        }
        part = rest;
        part.reserve(PART);
    }
}

fn natively(_: &Bench, path: &Path) -> Found {
    let lua = mlua::Lua::new();
    let path = path.to_str().expect("a path of characters");
    let found = lua.load(NATIVE).call((path, REGION, LEAST));
    let (count, sum) = found.expect("an answer");
    Found { count, sum }
}

/// The most memory that was resident since the last time, in bytes; 0 if the system does not
/// say.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    // Where this fails, the peak is that of the whole process.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    kilobytes.unwrap_or(0.0) * 1024.0
}

type Way = fn(&Bench, &Path) -> Found;

const WAYS: [(&str, Way); 3] = [
    ("Go and Lua, through segments", by_segments),
    ("Go and Lua, through strings", by_strings),
    ("native Lua 5.4 alone", natively),
];

pub fn run(bench: &Bench, table: &mut Table) {
    let megabytes = std::env::var("LUAGO_BENCH_CSV_MB").ok().and_then(|mb| mb.parse().ok());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("rows.csv");
    make(&path, megabytes.unwrap_or(200u64) * 1_000_000);
    let size = File::open(&path).and_then(|mut file| file.seek(std::io::SeekFrom::End(0)));
    let size = size.expect("a size") as f64;
    println!("\nA CSV of {:.1} MB: lines of region {REGION} above {LEAST}", size / 1e6);

    let (mut times, mut peaks) = ([const { Vec::new() }; 3], [0.0f64; 3]);
    let expected = natively(bench, &path);
    for _ in 0..3 {
        for (at, (name, way)) in WAYS.iter().enumerate() {
            peak();
            let start = Instant::now();
            let found = way(bench, &path);
            times[at].push(start.elapsed().as_secs_f64());
            peaks[at] = peaks[at].max(peak());
            assert_eq!(found, expected, "{name}");
        }
    }
    println!("{} lines, in all {:.2}", expected.count, expected.sum);
    let times = times.map(median);
    for (((name, _), time), peak) in WAYS.iter().zip(times).zip(peaks) {
        let rate = size / 1e6 / time;
        println!("{name:36} {time:>7.2} s {rate:>8.0} MB/s {:>8.0} MiB at most", peak / 1048576.0);
    }
    for (name, at) in [("CSV, segments beside strings", 1), ("CSV, segments beside native Lua", 2)]
    {
        let what = format!("{:.2} s; {:.2} s", times[0], times[at]);
        table.below(name, times[0] / times[at], 1.0, what);
    }
}
