//! Segments beside what there is without them: handing memory over beside copying it,
//! rings beside `rtrb`, Lua over typed arrays beside Rust and beside tables, and a large
//! CSV from end to end. The last table has each ratio and its bound.
//!
//! The variable `LUAGO_BENCH_CSV_MB` says how large the CSV is; it is of 200 MB.

#[path = "segments/bulk.rs"]
mod bulk;
#[path = "segments/csv.rs"]
mod csv;
#[path = "segments/elements.rs"]
mod elements;
#[path = "segments/handing.rs"]
mod handing;
#[path = "segments/measure.rs"]
mod measure;
#[path = "segments/native.rs"]
mod native;
#[path = "segments/rings.rs"]
mod rings;
#[path = "segments/table.rs"]
mod table;

use luago::{Engine, GoGrant, GoModule, Limits, Sandbox, Script, Sharing};
use luago_test_support::go_build;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Instant;
use table::Table;

/// An engine and the Go guest of this benchmark.
struct Bench {
    engine: Engine,
    module: GoModule,
}

impl Bench {
    fn new(sharing: Sharing) -> Bench {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (guest, luago) = (here.join("benches/guest/segments"), here.join("guests/go/luago"));
        let wasm = go_build(&guest, &[&luago]);
        let engine = Engine::builder().sharing(sharing).build().expect("an engine");
        let module = GoModule::from_file(&engine, wasm).expect("a module");
        Bench { engine, module }
    }

    /// A sandbox that has run some code, with so many threads for Go.
    fn sandbox(&self, code: &str, workers: u32) -> Sandbox {
        let limits = Limits::default().memory(1 << 30).segments(1 << 30).value_bytes(256 << 20);
        let grant = GoGrant::new().memory(1 << 30).workers(workers);
        let mut sandbox = Sandbox::builder(&self.engine)
            .limits(limits)
            .go("go", self.module.clone(), grant)
            .function("now", |_, ()| Ok::<f64, String>(nanoseconds()))
            .build()
            .expect("a sandbox");
        let outcome = sandbox.run(&Script::new("code", code)).expect("a run");
        assert!(outcome.is_returned(), "{:?}", outcome.end);
        sandbox
    }
}

/// What measures something, and adds its ratios to the table.
type Part = fn(&Bench, &mut Table);

/// Since the first time that somebody asked.
fn nanoseconds() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as f64
}

/// What the machine did meanwhile, for whoever reads the figures.
fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = load.split_whitespace().next().unwrap_or("unknown").to_string();
    format!("{cores} cores, load {load}")
}

fn main() {
    // `cargo test --benches` is no time to measure.
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if wanted.iter().any(|argument| argument == "--test") {
        return;
    }
    // Names of parts leave out the others.
    let parts: Vec<&String> = wanted.iter().filter(|name| !name.starts_with('-')).collect();
    let bench = Bench::new(Sharing::Mapped);
    let mut table = Table::default();
    let all: [(&str, Part); 5] = [
        ("handing", handing::run),
        ("rings", rings::run),
        ("bulk", bulk::run),
        ("elements", elements::run),
        ("csv", csv::run),
    ];
    println!("{}", load());
    for (name, run) in all {
        if parts.is_empty() || parts.iter().any(|part| *part == name) {
            run(&bench, &mut table);
        }
    }
    println!("\n{}", load());
    table.print();
}
