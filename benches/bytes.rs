//! What goes over the bytes of a string, on a megabyte: the sandbox beside native Lua, in every
//! version, in one run. `cargo bench --bench bytes -- 5.1 find` measures what fits both words.

use luago_harness::lua::Lua;
use luago_harness::target::{Bounds, Job, Target, Targets};
use std::collections::HashMap;
use std::time::Duration;

const ROUTINES: &[u8] = include_bytes!("bytes/routines.lua");

/// How often native Lua and the sandbox run in turn.
const ROUNDS: usize = 5;

/// For how many seconds each routine is repeated in a round.
const SECONDS: &str = "0.01";

/// Microseconds of native Lua, and what the sandbox takes as a ratio, in each round.
#[derive(Default)]
struct Measured {
    native: Vec<f64>,
    ratios: Vec<f64>,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let is_version = |lua: &Lua| words.contains(&lua.to_string());
    let any_version = Lua::PUC.iter().any(is_version);
    let versions: Vec<Lua> =
        Lua::PUC.into_iter().filter(|lua| !any_version || is_version(lua)).collect();
    let filter = words.iter().find(|word| word.parse::<Lua>().is_err()).cloned();
    let folder = Targets::default_folder().expect("a folder for builds");
    let targets = Targets::new(folder, None).expect("targets");
    let mut order: Vec<String> = Vec::new();
    let mut table: HashMap<(String, Lua), Measured> = HashMap::new();
    for lua in &versions {
        for _ in 0..ROUNDS {
            let native = times(&targets, Target::native(*lua), filter.as_deref());
            let sandbox: HashMap<_, _> =
                times(&targets, Target::sandbox(*lua), filter.as_deref()).into_iter().collect();
            for (name, native) in native {
                if !order.contains(&name) {
                    order.push(name.clone());
                }
                let ratio = sandbox[&name] / native;
                let measured = table.entry((name, *lua)).or_default();
                measured.native.push(native / 1e3);
                measured.ratios.push(ratio);
            }
        }
    }
    print!("us native, ratio      ");
    versions.iter().for_each(|lua| print!(" {:>16}", lua.to_string()));
    println!();
    for name in order {
        print!("{name:<22}");
        for lua in &versions {
            match table.get_mut(&(name.clone(), *lua)) {
                None => print!(" {:>16}", ""),
                Some(measured) => print!(
                    " {:>10.1} {:>5.2}",
                    median(&mut measured.native),
                    median(&mut measured.ratios)
                ),
            }
        }
        println!();
    }
}

/// Nanoseconds of each routine.
fn times(targets: &Targets, target: Target, filter: Option<&str>) -> Vec<(String, f64)> {
    let args: Vec<Vec<u8>> =
        [Some(SECONDS), filter].into_iter().flatten().map(|arg| arg.as_bytes().to_vec()).collect();
    let job = Job {
        name: "routines.lua",
        code: ROUTINES,
        args: &args,
        stdin: b"",
        folder: None,
        files: true,
        bounds: Bounds { time: Duration::from_secs(600), memory: None, output: 1 << 20 },
    };
    let ran = targets.run(target, &job).expect("a run");
    assert!(ran.stderr.is_empty(), "{target}: {}", String::from_utf8_lossy(&ran.stderr));
    let output = String::from_utf8(ran.stdout).expect("text");
    output
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, time)| (name.to_string(), time.parse().expect("nanoseconds")))
        .collect()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
