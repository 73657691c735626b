//! Rivals that are programs of their own, which `benches/rivals/run.sh` builds and runs.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

/// What rivals print, which are built first: nanoseconds, by name.
pub fn rivals(names: &[&str]) -> HashMap<String, f64> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/rivals/run.sh");
    let Ok(output) = Command::new(script).args(names).output() else { return HashMap::new() };
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        Some((words.next()?.to_string(), words.next()?.parse().ok()?))
    };
    text.lines().filter_map(line).collect()
}
