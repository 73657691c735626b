//! Writes what the fuzzer starts from where the input is a program: `go_guest` or `imports`,
//! and a folder. `make fuzz` compiles this on its own.

#[path = "src/imports.rs"]
mod imports;
#[path = "src/program.rs"]
mod program;

use imports::Import;
use program::{Argument, NAMES, Program, number, place, seen};
use std::path::PathBuf;

const FRAME: u64 = place::SCRATCH as u64;
const TEXT: u64 = place::NAMES as u64;
const DONE: u64 = 1;
const CALL: u64 = 2;
const ABANDON: u64 = 3;
const REPORT: u64 = 4;

/// Where a name is, and its length.
fn name(name: &str) -> (u64, u64) {
    let index = NAMES.iter().position(|known| *known == name).expect("a name");
    (TEXT + 16 * index as u64, name.len() as u64)
}

/// An event about the task that was started last, whose frame stands at its place.
fn event(kind: u64, number_of: u64, count: u64, target: Argument) -> [Argument; 8] {
    let numbers = [0, kind, 0, number_of, count, FRAME, 16 * count, 0];
    let mut event = numbers.map(number);
    event[2] = seen(0);
    event[7] = target;
    event
}

trait Words: Sized {
    fn string(self, slot: u64, text: &str) -> Self;
    fn done(self, count: u64) -> Self;
    fn call(self, function: &str) -> Self;
}

impl Words for Program<'_> {
    /// A string in a slot of the frame.
    fn string(self, slot: u64, text: &str) -> Self {
        let (at, len) = name(text);
        self.add_numbers("slot", &[FRAME + 16 * slot, 4, len, at])
    }

    /// The end of the task, with what is in the frame.
    fn done(self, count: u64) -> Self {
        self.add("event", &event(DONE, 0, count, number(0))).add_numbers("leave", &[1])
    }

    /// A call of a function of Lua or the host, with a string.
    fn call(self, function: &str) -> Self {
        let program = self.string(0, function).string(1, "a");
        program.add("event", &event(CALL, 9, 2, number(0))).add_numbers("leave", &[1])
    }
}

/// What Go guests send.
fn senders(imports: &[Import]) -> Vec<(&'static str, Vec<u8>)> {
    let late = || Program::new(imports, &[0, 0, 0]);
    let early = || Program::new(imports, &[0, 0, 1]);
    // A segment is two slots.
    let mut segment = event(DONE, 0, 1, number(0));
    segment[6] = number(32);
    let direct = |count: u64| number(count << 8 | (16 * count) << 32);
    vec![
        ("nothing", late().bytes),
        ("results", late().string(0, "a").done(1).string(0, "b").string(1, "a").done(2).bytes),
        (
            "direct",
            late()
                .string(0, "a")
                .add_numbers("outbox", &[FRAME, 16])
                .add("leave", &[direct(1)])
                .add_numbers("slot", &[FRAME, 5, 1, 0])
                .string(1, "b")
                .add_numbers("outbox", &[FRAME, 32])
                .add("leave", &[number(1 << 8 | 32 << 32)])
                .bytes,
        ),
        ("calls", late().call("echo").done(1).call("fail").done(1).call("later").done(2).bytes),
        ("calls_of_lua", late().call("a").call("b").done(0).call("d").done(1).bytes),
        (
            "stream",
            late()
                .add_numbers("slot", &[FRAME, 11, 0, 5])
                .done(1)
                .string(0, "a")
                .done(1)
                .string(0, "b")
                .done(1)
                .done(0)
                .bytes,
        ),
        (
            "two_events",
            late()
                .string(0, "echo")
                .add("event", &event(CALL, 3, 1, number(0)))
                .add_numbers("event", &[1, REPORT, 0, 0, 1, FRAME, 16, 0])
                .add_numbers("leave", &[2])
                .add("event", &event(ABANDON, 3, 0, number(0)))
                .add_numbers("leave", &[1])
                .done(0)
                .bytes,
        ),
        (
            "handle",
            late()
                .add_numbers("load", &[u64::from(place::INBOX) + 8])
                .add("event", &event(CALL, 3, 1, seen(8)))
                .add_numbers("leave", &[1])
                .done(0)
                .bytes,
        ),
        (
            "segment",
            late()
                .add_numbers("segment_new", &[4096])
                .add_numbers("grow", &[2])
                .add("segment_window", &[seen(9), number(65_536)])
                .add("segment_map", &[seen(8)])
                .add("store32", &[seen(11), number(77)])
                .add("slot", &[number(FRAME), number(12), seen(8), number(0)])
                .add_numbers("slot", &[FRAME + 16, 2, 0, 64 << 32])
                .add("event", &segment)
                .add_numbers("leave", &[1])
                .add("segment_drop", &[seen(8), number(1)])
                .bytes,
        ),
        (
            "ring",
            late()
                .add_numbers("load", &[u64::from(place::INBOX) + 20])
                .add("ring_wait", &[seen(8), number(0), number(1), number(40)])
                .add("ring_wake", &[seen(8), number(0), number(0)])
                .add_numbers("leave", &[0])
                .add("ring_unwait", &[seen(8), number(0), number(1)])
                .done(0)
                .bytes,
        ),
        (
            "output_and_functions",
            early()
                .add_numbers("slot", &[FRAME, TEXT, 4, 0])
                .add_numbers("store32", &[FRAME, TEXT])
                .add_numbers("store32", &[FRAME + 4, 9])
                .add_numbers("times", &[9])
                .add_numbers("fd_write", &[1, FRAME, 1, FRAME + 64])
                .add_numbers("block", &[10, 6])
                .add_numbers("leave", &[0])
                .bytes,
        ),
        (
            "idle",
            late()
                .add_numbers("slot", &[FRAME + 8, 0, 0, 0])
                .add_numbers("store64", &[FRAME + 24, 1 << 20])
                .add_numbers("poll_oneoff", &[FRAME, FRAME + 512, 1, FRAME + 1020])
                .add_numbers("leave", &[0])
                .done(0)
                .bytes,
        ),
        ("loop", late().add_numbers("end", &[0x71]).bytes),
        ("deep", late().add_numbers("end", &[0x72]).bytes),
        ("trap", late().add_numbers("end", &[0x73]).bytes),
        ("not_yet", late().add_numbers("leave", &[0]).bytes),
    ]
}

/// Calls of each import, and some that belong together. The flags that begin an input say
/// which kind of guest it is, and that folders are granted.
fn callers() -> Vec<(String, Vec<u8>)> {
    const FOLDERS: u8 = 0x80;
    const OF_GO: u8 = 2;
    let (lua, go) = (imports::of_lua(), imports::of_go());
    let kinds = [("lua", &lua, &[FOLDERS, 0][..]), ("go", &go, &[FOLDERS | OF_GO, 0, 1][..])];
    let mut seeds = Vec::new();
    for (kind, imports, first) in kinds {
        let new = || Program::new(imports, first);
        for import in imports.iter() {
            let arguments = import.params.chars().enumerate().map(|(index, letter)| {
                // A descriptor or a number, then places, then lengths.
                let values = [3, FRAME, 1, FRAME + 64, 64, FRAME + 128, 64];
                if letter == 'F' { number(1) } else { number(values[index % values.len()]) }
            });
            let arguments: Vec<Argument> = arguments.collect();
            let program = new()
                .add_numbers("store32", &[FRAME, TEXT])
                .add_numbers("store32", &[FRAME + 4, 16])
                .add_numbers("frame", &[FRAME, 16, 1, 0])
                .add(import.name, &arguments)
                .add_numbers("times", &[3])
                .add(import.name, &arguments);
            seeds.push((format!("{kind}_{}", import.name), program.bytes));
        }
        let (file, len) = name("a");
        let files = new()
            .add_numbers("path_open", &[4, 1, file, len, 1, 0x3fff_ffff, 0x3fff_ffff, 0, FRAME])
            .add_numbers("load", &[FRAME])
            .add_numbers("store32", &[FRAME + 16, TEXT])
            .add_numbers("store32", &[FRAME + 20, 64])
            .add("fd_write", &[seen(9), number(FRAME + 16), number(1), number(FRAME + 32)])
            .add("fd_seek", &[seen(9), number(0), number(0), number(FRAME + 40)])
            .add("fd_read", &[seen(9), number(FRAME + 16), number(1), number(FRAME + 32)])
            .add_numbers("fd_readdir", &[4, FRAME + 64, 256, 0, FRAME + 48])
            .add_numbers("path_create_directory", &[4, name("b").0, 1])
            .add_numbers("path_rename", &[4, file, len, 4, name("a/b").0, 3])
            .add("fd_close", &[seen(9)]);
        seeds.push((format!("{kind}_files"), files.bytes));
        let segments = new()
            .add_numbers("segment_new", &[4096])
            .add_numbers("grow", &[2])
            .add("segment_window", &[seen(9), number(65_536)])
            .add("segment_map", &[seen(8)])
            .add("store32", &[seen(11), number(0x3147_524c)])
            .add("ring_wait", &[seen(8), number(0), number(1), number(5)])
            .add("segment_read_only", &[seen(8)])
            .add("segment_map", &[seen(13)])
            .add("segment_drop", &[seen(8), number(1)]);
        seeds.push((format!("{kind}_segments"), segments.bytes));
    }
    // The functions of the host by number, as they are defined: the last two take their time.
    // Then those of the guest.
    const BLOCKING: std::ops::RangeInclusive<u64> = 1..=6;
    const WAITING: [u64; 2] = [7, 8];
    const GO: u64 = 1 << 30;
    let mut calls = Program::new(&lua, &[0, 0])
        .add_numbers("guest", &[name("g").0, 1])
        .add_numbers("slot", &[FRAME, 4, 4, TEXT])
        .add_numbers("frame", &[FRAME, 16, 1, 0]);
    for id in BLOCKING {
        calls = calls.add_numbers("call", &[id]);
    }
    for (index, id) in WAITING.into_iter().chain(GO..GO + 4).enumerate() {
        calls = calls.add_numbers("start", &[id, index as u64 + 20]);
    }
    for id in GO + 1..=GO + 2 {
        calls = calls.add_numbers("call", &[id]);
    }
    let calls = calls
        .add("timer", &[number(70), number(1)])
        .add_numbers("wait", &[1])
        .add_numbers("completed", &[])
        .add_numbers("next_call", &[])
        .add_numbers("answer", &[1, 0])
        .add_numbers("abandon", &[21, 1])
        .add_numbers("cancel", &[])
        .add_numbers("result", &[20]);
    seeds.push(("lua_calls".to_string(), calls.bytes));
    seeds
}

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let target = arguments.next().expect("give a target");
    let folder = PathBuf::from(arguments.next().expect("give a folder"));
    std::fs::create_dir_all(&folder)?;
    let seeds = match target.to_str() {
        Some("go_guest") => {
            let seeds = senders(&imports::of_sender()).into_iter();
            seeds.map(|(name, bytes)| (name.to_string(), bytes)).collect()
        }
        _ => callers(),
    };
    for (name, bytes) in seeds {
        // Each under every way to run it that has a bit of its own.
        for (way, bit) in ["", "_copied", "_async", "_metered", "_deterministic", "_traced"]
            .iter()
            .zip([0, 1, 8, 0x10, 0x20, 0x40])
        {
            let mut bytes = bytes.clone();
            bytes[0] |= bit;
            bytes[1] |= if bit == 8 { 0x40 } else { 0 };
            std::fs::write(folder.join(format!("{name}{way}")), bytes)?;
        }
    }
    Ok(())
}
