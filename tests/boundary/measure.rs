//! What something costs a process.

use luago_test_support::folders::compile_cache;
use luago_test_support::processes::memory;
pub use luago_test_support::processes::{alone, descriptors};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How much longer than its deadline a run may take.
const LATE: Duration = Duration::from_millis(50);

/// The same on a machine that does much else.
const LATE_WHEN_BUSY: Duration = Duration::from_secs(2);

/// What the host may take beside the memory limit, in bytes.
const BESIDE: u64 = 10 << 20;

/// What a piece of code has cost.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    pub time: Duration,
    /// By how many bytes resident memory has grown at most, without pages of files: those of the
    /// program and of compiled modules are shared, and dropped when memory is short.
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

/// Runs something, and measures it. Only in a process that does nothing else.
pub fn measure<T>(run: impl FnOnce() -> T) -> (T, Cost) {
    // From now on the kernel notes the most that this process has resident.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let (before, files, start) = (status("VmRSS:"), status("RssFile:"), Instant::now());
    let result = run();
    let time = start.elapsed();
    let files = status("RssFile:").saturating_sub(files);
    (result, Cost { time, memory: status("VmHWM:").saturating_sub(before + files) })
}

/// A figure of this process, in bytes.
fn status(name: &str) -> u64 {
    memory("self", name).unwrap()
}

/// A folder for what the engines of these tests have compiled.
pub fn cache() -> PathBuf {
    compile_cache()
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
