//! What an input costs the process.

use std::fs;
use std::time::{Duration, Instant};

/// How much longer than its deadline an input may take, with all that is around it.
const LATE: Duration = Duration::from_millis(250);

/// What the host may take beside the limits of an input, in bytes.
const BESIDE: u64 = 10 << 20;

/// How often an input that costs too much is tried before it is a finding: a machine that
/// does something else is not.
const TRIES: usize = 4;

/// After how many inputs the process is looked at.
const OFTEN: u64 = 256;

/// After how many inputs its memory is compared.
const SELDOM: u64 = 10_000;

/// What the memory of the process may grow by between two comparisons, in bytes: what the
/// fuzzer keeps for itself is in it.
const GROWTH: u64 = 24 << 20;

/// By how many descriptors and threads it may be more than at first.
const MORE: u64 = 24;

/// What the process had at some time.
#[derive(Debug, Clone, Copy)]
struct Figures {
    resident: u64,
    threads: u64,
    descriptors: u64,
}

impl Figures {
    fn now() -> Figures {
        let descriptors = fs::read_dir("/proc/self/fd").map_or(0, |files| files.count() as u64);
        Figures { resident: status("VmRSS:") << 10, threads: status("Threads:"), descriptors }
    }
}

/// Looks at every input of a process.
#[derive(Default)]
pub struct Watch {
    inputs: u64,
    first: Option<Figures>,
    last: Option<Figures>,
    /// How often in a row memory has grown.
    growing: u32,
}

impl Watch {
    /// Runs something that has so much time and so many bytes. Panics if it needs more, again
    /// and again. Is it time to look whether everything else still works?
    pub fn run(&mut self, time: Duration, bytes: u64, run: impl Fn()) -> bool {
        let mut costs = Vec::new();
        loop {
            let (took, grew) = cost(&run);
            if took <= time + LATE && grew <= bytes + BESIDE {
                break;
            }
            costs.push(format!("{took:?}, {:.1} MiB", grew as f64 / f64::from(1 << 20)));
            assert!(
                costs.len() < TRIES,
                "it had {time:?} and {} MiB, and took: {}",
                bytes >> 20,
                costs.join("; ")
            );
        }
        self.inputs += 1;
        if self.inputs.is_multiple_of(SELDOM) {
            self.compare();
        }
        self.inputs.is_multiple_of(OFTEN)
    }

    /// Whether the process keeps anything of what is over.
    fn compare(&mut self) {
        let now = Figures::now();
        let first = *self.first.get_or_insert(now);
        if let Some(last) = self.last {
            let has_grown = now.resident > last.resident + GROWTH;
            self.growing = if has_grown { self.growing + 1 } else { 0 };
        }
        self.last = Some(now);
        let inputs = self.inputs;
        assert!(self.growing < 3, "memory grows: after {inputs} inputs {now:?}, first {first:?}");
        let has_more = |now: u64, first: u64| now > first + MORE;
        assert!(!has_more(now.descriptors, first.descriptors), "descriptors: {now:?}, {first:?}");
        assert!(!has_more(now.threads, first.threads), "threads: {now:?}, {first:?}");
    }
}

/// How long something takes, without the time that this thread has waited for a processor:
/// a machine that does much else is no finding. By how many bytes the process grows.
fn cost(run: impl Fn()) -> (Duration, u64) {
    // From now on the kernel notes the most that this process has resident.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let (before, waited, start) = (status("VmRSS:"), waited(), Instant::now());
    run();
    let time = start.elapsed().saturating_sub(self::waited().saturating_sub(waited));
    (time, status("VmHWM:").saturating_sub(before) << 10)
}

/// How long this thread has waited for a processor so far.
fn waited() -> Duration {
    let times = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let waited = times.split_whitespace().nth(1).and_then(|time| time.parse().ok());
    Duration::from_nanos(waited.unwrap_or(0))
}

/// A figure of this process.
fn status(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
