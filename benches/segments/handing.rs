//! A segment that Lua hands to Go, which looks at one byte of it.

use crate::Bench;
use crate::measure::{Measured, in_turns, median, shown, timed};
use crate::table::Table;
use luago::{Function, Sandbox, Sharing};
use std::hint::black_box;

const CODE: &str = "
    local luago, go = require 'luago', require 'go'

    -- Go has not seen the segment.
    function first(size)
        local segment = luago.segment(size)
        segment:fill(1)
        local start = now()
        go.touch(segment)
        local time = now() - start
        go.close(segment)
        segment:close()
        return time
    end

    local kept
    function keep(size)
        if kept then go.close(kept) kept:close() end
        kept = luago.segment(size)
        kept:fill(1)
        go.touch(kept)
    end
    function again(n)
        local touch, segment = go.touch, kept
        local start = now()
        for i = 1, n do touch(segment) end
        return (now() - start) / n
    end

    local text
    function write(size) text = ('\\1'):rep(size) end
    function as_text(n)
        local touch, text = go.touch_text, text
        local start = now()
        for i = 1, n do touch(text) end
        return (now() - start) / n
    end
";

const SIZES: [(&str, usize); 3] = [("4 KiB", 4 << 10), ("1 MiB", 1 << 20), ("64 MiB", 64 << 20)];
const LARGEST: usize = SIZES.len() - 1;
const ROUNDS: usize = 15;

/// What a call gives, in nanoseconds.
fn ask<'a>(sandbox: &'a mut Sandbox, name: &str, with: usize) -> Measured<'a> {
    let function: Function = sandbox.get(name).expect("a function");
    Box::new(move || sandbox.call(&function, with).expect("a time"))
}

fn tell(sandbox: &mut Sandbox, name: &str, with: usize) {
    sandbox.call::<()>(name, with).expect("a call");
}

/// Times for one size.
struct Times {
    memcpy: f64,
    first: f64,
    /// With no place for it yet in the memory of Go.
    newest: f64,
    again: f64,
    as_text: f64,
    /// As first and again where segments are copied.
    copied: [f64; 2],
}

/// What of them stands in a row.
type Column = fn(&Times) -> f64;

fn times(bench: &Bench, copying: &Bench, size: usize) -> Times {
    let sandboxes = || {
        let mut sandbox = bench.sandbox(CODE, 0);
        tell(&mut sandbox, "keep", size);
        tell(&mut sandbox, "write", size);
        sandbox
    };
    // So that what is copied takes about as long at every size.
    let copies = ((4 << 20) / size).max(1);
    let (from, mut to) = (vec![1u8; size], vec![0u8; size]);
    let (mut a, mut b, mut c) = (bench.sandbox(CODE, 0), sandboxes(), sandboxes());
    let [memcpy, first, again, as_text] = in_turns(
        ROUNDS,
        vec![
            Box::new(|| {
                timed(copies as u64, || {
                    to.copy_from_slice(black_box(&from));
                    black_box(&mut to);
                })
            }),
            ask(&mut a, "first", size),
            ask(&mut b, "again", 2000),
            ask(&mut c, "as_text", copies),
        ],
    )[..] else {
        unreachable!("there are four")
    };
    drop((a, b, c));
    let newest = (0..5).map(|_| ask(&mut bench.sandbox(CODE, 0), "first", size)()).collect();
    let (mut a, mut b) = (copying.sandbox(CODE, 0), copying.sandbox(CODE, 0));
    tell(&mut b, "keep", size);
    let copied =
        in_turns(3, vec![ask(&mut a, "first", size), ask(&mut b, "again", copies.min(100))]);
    Times { memcpy, first, newest: median(newest), again, as_text, copied: [copied[0], copied[1]] }
}

pub fn run(bench: &Bench, table: &mut Table) {
    let copying = Bench::new(Sharing::Copied);
    let all: Vec<Times> = SIZES.iter().map(|(_, size)| times(bench, &copying, *size)).collect();
    println!("\nLua hands to Go {:28}", "");
    print!("{:36}", "");
    SIZES.iter().for_each(|(name, _)| print!(" {name:>12}"));
    println!();
    let rows: [(&str, Column); 7] = [
        ("a segment, for the first time", |t| t.first),
        ("a segment, first time in a new guest", |t| t.newest),
        ("a segment that is mapped", |t| t.again),
        ("a string that Go takes as bytes", |t| t.as_text),
        ("a copied segment, for the first time", |t| t.copied[0]),
        ("a copied segment, again", |t| t.copied[1]),
        ("memcpy", |t| t.memcpy),
    ];
    for (name, time) in rows {
        print!("{name:36}");
        all.iter().for_each(|times| print!(" {:>12}", shown(time(times))));
        println!();
    }
    let (small, large) = (&all[0], &all[LARGEST]);
    let memcpy = large.memcpy;
    let beside = |time: f64| format!("{}; memcpy {}", shown(time), shown(memcpy));
    table.below(
        "64 MiB, Lua -> Go, first, beside memcpy",
        large.first / memcpy,
        1.0 / 200.0,
        beside(large.first),
    );
    table.below(
        "64 MiB, Lua -> Go, mapped, beside memcpy",
        large.again / memcpy,
        1.0 / 2000.0,
        beside(large.again),
    );
    for (name, large, small) in [
        ("64 MiB beside 4 KiB, first", large.first, small.first),
        ("64 MiB beside 4 KiB, mapped", large.again, small.again),
    ] {
        let what = format!("{}; {}", shown(large), shown(small));
        table.below(name, large / small, 2.0, what);
    }
}
