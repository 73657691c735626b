//! What something costs a process.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// How much longer than its deadline a run may take.
const LATE: Duration = Duration::from_millis(50);

/// The same on a machine that does much else.
const LATE_WHEN_BUSY: Duration = Duration::from_secs(2);

/// What the host may take beside the memory limit, in bytes.
const BESIDE: u64 = 10 << 20;

/// The variable that says which test a child process is to run.
const CHILD: &str = "LUAGO_BOUNDARY_CHILD";

/// What a piece of code has cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    pub time: Duration,
    /// By how many bytes resident memory has grown at most.
    pub memory: u64,
}

impl Cost {
    /// Holds memory to a limit and what the host may take beside it.
    #[track_caller]
    pub fn within(self, limit: u64) -> Cost {
        let most = limit + BESIDE;
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        println!("memory: {:.1} MiB of {:.1} MiB", mib(self.memory), mib(most));
        assert!(self.memory <= most, "{:.1} MiB, limit {:.1}", mib(self.memory), mib(limit));
        self
    }

    /// Holds time to a deadline.
    #[track_caller]
    pub fn by(self, deadline: Duration) -> Cost {
        let is_strict = std::env::var_os("LUAGO_STRICT").is_some();
        let late = if is_strict { LATE } else { LATE_WHEN_BUSY };
        println!("time: {:?} of {deadline:?}", self.time);
        assert!(self.time <= deadline + late, "{:?}, deadline {deadline:?}", self.time);
        self
    }
}

/// Runs the body of a test in a process of its own. `name` is the test's path: the name of its
/// file and its own, as in `bridge::streams_do_not_pile_up`.
#[track_caller]
pub fn alone(name: &str, body: impl FnOnce()) {
    if std::env::var(CHILD).is_ok_and(|child| child == name) {
        return body();
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture", "--test-threads", "1"])
        .env(CHILD, name)
        .output()
        .unwrap();
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{out}{err}");
    assert!(out.contains("1 passed") || !output.status.success(), "there is no test {name}");
    assert!(output.status.success(), "{name}: {}", output.status);
}

/// Runs something, and measures it. Only in a process that does nothing else.
pub fn measure<T>(run: impl FnOnce() -> T) -> (T, Cost) {
    // From now on the kernel notes the most that this process has resident.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let (before, start) = (status("VmRSS:"), Instant::now());
    let result = run();
    let time = start.elapsed();
    (result, Cost { time, memory: status("VmHWM:").saturating_sub(before) })
}

/// A figure of this process, in bytes.
fn status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

/// How many descriptors this process has open.
pub fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count() - 1
}

/// A folder for what the engines of these tests have compiled.
pub fn cache() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("boundary-cache");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn what_is_measured_is_what_the_process_has_touched() {
    alone("measure::what_is_measured_is_what_the_process_has_touched", || {
        let (bytes, cost) = measure(|| std::hint::black_box(vec![1u8; 64 << 20]));
        assert!((60 << 20..80 << 20).contains(&cost.memory), "{cost:?}");
        drop(bytes);
        let (_, cost) = measure(|| std::thread::sleep(Duration::from_millis(20)));
        assert!(cost.memory < 4 << 20 && cost.time >= Duration::from_millis(20), "{cost:?}");
    });
}
