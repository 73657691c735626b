//! Traces as real runs would leave them, the same each time.

use luago::{BridgeEvent, DoneStatus, Phase, WaitsFor};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// A script that spawns so many workers, each of which calls Go guests, and awaits them all.
pub fn run(workers: u64) -> Vec<BridgeEvent> {
    let mut sample = Sample::new();
    let main = sample.begin(0, None, None, "main chunk");
    let mut now = 20_000;
    let mut ends = Vec::new();
    for _ in 0..workers {
        now += sample.time(40_000);
        let (worker, end) = sample.worker(now, main);
        ends.push((worker, end));
        if sample.random(8) == 0 {
            let until = now + sample.time(4_000_000);
            sample.wait(main, now, until, WaitsFor::Timer);
            now = until;
        }
    }
    for (worker, end) in ends {
        let until = end.max(now) + 2_000;
        if end > now {
            sample.wait(main, now, until, WaitsFor::Task(worker));
        }
        now = until;
    }
    sample.end(main, now, DoneStatus::Ok);
    sample.sorted()
}

/// What a guest could choose as names to break the page.
pub fn hostile() -> Vec<BridgeEvent> {
    let mut sample = Sample::new();
    let names = [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "<img src=x onerror=alert(2)>",
        "{{data}}{{script}}",
        "\u{202e}txt.exe\u{2066}",
        "tab\tline\nnul\0escape\u{1b}[31m\u{2028}",
        "__proto__",
        "",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ☃ \u{feff}",
    ];
    let long = "long ".repeat(2_000);
    let main = sample.begin(0, None, None, names[0]);
    let mut now = 1_000;
    for guest in names.iter().copied().chain([long.as_str()]) {
        let task = sample.begin(now, Some(main), Some(guest), guest);
        sample.wait(task, now + 5_000, now + 90_000, WaitsFor::Host(Arc::from(guest)));
        sample.end(task, now + 100_000, DoneStatus::Error);
        sample.wait(main, now + 1_000, now + 101_000, WaitsFor::Call(task));
        now += 110_000;
    }
    sample.end(main, now, DoneStatus::Ok);
    sample.sorted()
}

const FUNCTIONS: [(&str, &[&str]); 3] = [
    ("geo", &["distance", "area", "centroid"]),
    ("kv", &["get", "put", "watch"]),
    ("jq", &["run"]),
];

struct Sample {
    seed: u64,
    tasks: u64,
    events: Vec<BridgeEvent>,
}

impl Sample {
    fn new() -> Sample {
        Sample { seed: 0x5eed, tasks: 0, events: Vec::new() }
    }

    /// A number below `bound`.
    fn random(&mut self, bound: u64) -> u64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.seed >> 33) % bound
    }

    /// A time of less than `bound` nanoseconds, mostly a short one.
    fn time(&mut self, bound: u64) -> u64 {
        self.random(bound) * self.random(bound) / bound
    }

    fn add(&mut self, task: u64, at: u64, phase: Phase, waits_for: Option<WaitsFor>) {
        self.events.push(BridgeEvent {
            seq: 0,
            time: Duration::from_nanos(at),
            task,
            parent: None,
            coroutine: None,
            goroutine: None,
            guest: None,
            name: None,
            phase,
            waits_for,
        });
    }

    fn begin(&mut self, at: u64, parent: Option<u64>, guest: Option<&str>, name: &str) -> u64 {
        self.tasks += 1;
        let task = self.tasks;
        self.add(task, at, Phase::Start, None);
        if let Some(event) = self.events.last_mut() {
            event.parent = parent;
            event.coroutine = guest.is_none().then_some(task);
            event.goroutine = guest.map(|_| task + 16);
            event.guest = guest.map(Arc::from);
            event.name = Some(Arc::from(name));
        }
        task
    }

    fn wait(&mut self, task: u64, from: u64, until: u64, waits_for: WaitsFor) {
        self.add(task, from, Phase::Pause, Some(waits_for));
        self.add(task, until, Phase::Resume, None);
    }

    fn end(&mut self, task: u64, at: u64, status: DoneStatus) {
        self.add(task, at, Phase::Done(status), None);
        self.add(task, at + 1_500, Phase::Released, None);
    }

    /// A Lua task that calls Go guests one after the other, and when it ends.
    fn worker(&mut self, start: u64, main: u64) -> (u64, u64) {
        let worker = self.begin(start, Some(main), None, "worker");
        let mut now = start + 5_000;
        for _ in 0..1 + self.random(3) {
            now += 4_000 + self.time(60_000);
            if self.random(4) == 1 {
                let until = now + 100_000 + self.time(3_000_000);
                let fetch = WaitsFor::Host(Arc::from("fetch"));
                self.wait(worker, now, until, fetch);
                now = until + 10_000;
            }
            let (call, end) = self.call(now, worker);
            self.wait(worker, now, end + 2_000, WaitsFor::Call(call));
            now = end + 2_000;
        }
        let status = self.status();
        self.end(worker, now + 3_000, status);
        (worker, now + 3_000)
    }

    /// A call into a Go guest, and when it ends.
    fn call(&mut self, start: u64, caller: u64) -> (u64, u64) {
        let (guest, functions) = FUNCTIONS[self.random(3) as usize];
        let name = functions[self.random(functions.len() as u64) as usize];
        let task = self.begin(start, Some(caller), Some(guest), name);
        let mut now = start + 2_000 + self.time(150_000);
        if self.random(3) == 1 {
            let until = now + self.time(2_500_000);
            let timer = self.random(2) == 0;
            self.wait(task, now, until, if timer { WaitsFor::Timer } else { WaitsFor::Goroutines });
            now = until + 3_000;
        }
        if self.random(9) == 3 {
            let back = self.begin(now, Some(task), None, "callback");
            let until = now + 5_000 + self.time(90_000);
            self.end(back, until, DoneStatus::Ok);
            self.wait(task, now, until + 1_500, WaitsFor::Call(back));
            now = until + 1_500;
        }
        let end = now + 1_000 + self.time(80_000);
        let status = self.status();
        self.end(task, end, status);
        (task, end + 1_500)
    }

    fn status(&mut self) -> DoneStatus {
        use DoneStatus::{Cancelled, Dead, Error, Goexit, Leaked, Ok, Panic, TimedOut};
        let others = [Error, Cancelled, TimedOut, Panic, Goexit, Dead, Leaked];
        match self.random(300) {
            30..45 => others[self.random(7) as usize],
            _ => Ok,
        }
    }

    /// The events by time, with tasks numbered in the order in which they started.
    fn sorted(mut self) -> Vec<BridgeEvent> {
        self.events.sort_by_key(|event| event.time);
        let mut numbers = HashMap::new();
        for event in self.events.iter().filter(|event| event.phase == Phase::Start) {
            numbers.insert(event.task, numbers.len() as u64 + 1);
        }
        for (index, event) in self.events.iter_mut().enumerate() {
            event.seq = index as u64 + 1;
            event.task = numbers[&event.task];
            event.parent = event.parent.map(|task| numbers[&task]);
            if let Some(WaitsFor::Task(task) | WaitsFor::Call(task)) = &mut event.waits_for {
                *task = numbers[task];
            }
        }
        self.events
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::page::page;
    use luago::TraceChecker;

    fn check(events: &[BridgeEvent]) {
        let mut checker = TraceChecker::new();
        events.iter().for_each(|event| checker.feed(event).unwrap());
        checker.finish().unwrap();
    }

    #[test]
    fn the_samples_are_valid_traces() {
        [run(3), run(1_000), hostile()].iter().for_each(|events| check(events));
    }

    /// Pages in `target/trace-samples`, which `harness/browser-test.sh` opens in a browser.
    #[test]
    fn pages_for_the_browser_are_whole() {
        let program = std::env::current_exe().unwrap();
        // The program is in target/release/deps.
        let folder = program.ancestors().nth(3).unwrap().join("trace-samples");
        std::fs::create_dir_all(&folder).unwrap();
        let busy = run(1_000);
        assert!(busy.len() >= 10_000, "only {} events", busy.len());
        let small = run(12);
        let pages: [(&str, &[BridgeEvent], usize); 5] = [
            ("busy", &busy, usize::MAX),
            ("small", &small, usize::MAX),
            ("cut", &small, small.len() / 2),
            ("hostile", &hostile(), usize::MAX),
            ("empty", &[], usize::MAX),
        ];
        for (name, events, most) in pages {
            let text = page(events, (most, usize::MAX));
            assert!(text.starts_with("<!DOCTYPE html>") && text.ends_with("</html>\n"), "{name}");
            assert_eq!(text.matches("\"seq\":").count(), events.len().min(most), "{name}");
            std::fs::write(folder.join(format!("{name}.html")), text).unwrap();
        }
    }
}
