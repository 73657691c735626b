//! What came of it: a table, and what is not as it has to be.

use crate::kinds::KINDS;
use crate::process::Figures;
use crate::tally::Tally;
use std::fmt;
use std::time::Duration;

/// How much memory may grow once the process is warm: a tenth, and so many bytes.
const GROWTH: u64 = 8 << 20;

/// How much more where the run is shorter than [`LONG`]: it ends before the pool of memory and
/// the allocator have kept all that they will, which takes some fifty thousand requests.
const WARMING: u64 = 24 << 20;
const LONG: Duration = Duration::from_secs(1800);

/// How many descriptors and threads may come to it: connections of the database, of which
/// there are at most four, are opened when they are needed, and each query has a thread.
const MORE: usize = 4;

/// The process at rest.
pub struct Rest {
    pub at: Duration,
    /// Whether everything was asked for before, and a fifth of the time is over.
    pub is_warm: bool,
    pub figures: Figures,
}

pub struct Report<'a> {
    pub tally: &'a Tally,
    pub rests: &'a [Rest],
    /// The most that was seen under load.
    pub most: Figures,
    pub time: Duration,
}

impl Report<'_> {
    /// What is wrong.
    pub fn findings(&self) -> Vec<String> {
        let mut findings = self.tally.wrong.clone();
        let more = self.tally.wrong() - findings.len() as u64;
        if more > 0 {
            findings.push(format!("{more} more answers are wrong"));
        }
        let warm = self.rests.iter().find(|rest| rest.is_warm).map(|rest| rest.figures);
        let end = self.rests.last().map(|rest| rest.figures);
        let (Some(warm), Some(end)) = (warm, end) else {
            findings.push("the process was never looked at".to_string());
            return findings;
        };
        let growth = if self.time < LONG { GROWTH + WARMING } else { GROWTH };
        if end.memory > warm.memory + warm.memory / 10 + growth {
            findings.push(format!(
                "memory has grown from {} to {} MiB",
                mib(warm.memory),
                mib(end.memory)
            ));
        }
        for (name, before, after) in [
            ("descriptors", warm.descriptors, end.descriptors),
            ("threads", warm.threads, end.threads),
        ] {
            if after > before + MORE {
                findings.push(format!("{name} have grown from {before} to {after}"));
            }
        }
        findings
    }

    /// The rest that was nearest to a part of the time.
    fn near(&self, percent: u32) -> Option<&Rest> {
        let at = self.time * percent / 100;
        self.rests.iter().min_by_key(|rest| rest.at.abs_diff(at))
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<22} {:<7} {:>9} {:>6}", "kind", "user", "requests", "wrong")?;
        for (kind, (asked, wrong)) in KINDS.iter().zip(&self.tally.kinds) {
            let leaves = if kind.leaves { ", leaves" } else { "" };
            let name = format!("{}{leaves}", kind.act);
            writeln!(f, "{name:<22} {:<7} {asked:>9} {wrong:>6}", kind.user)?;
        }
        let seconds = self.time.as_secs_f64();
        let (asked, wrong) = (self.tally.asked(), self.tally.wrong());
        writeln!(f, "{:<30} {asked:>9} {wrong:>6}  in {seconds:.0} s\n", "all")?;

        let head = ["time", "memory, MiB", "descriptors", "threads"];
        writeln!(f, "{:<16} {:>11} {:>11} {:>8}", head[0], head[1], head[2], head[3])?;
        let parts = [10, 20, 50, 100].map(|percent| self.near(percent));
        for rest in parts.into_iter().flatten() {
            line(f, &format!("{:.0} s, at rest", rest.at.as_secs_f64()), rest.figures)?;
        }
        let calm = self.rests.iter().map(|rest| rest.figures).reduce(Figures::max);
        line(f, "most at rest", calm.unwrap_or_default())?;
        line(f, "most under load", self.most)?;
        let late = [0.5, 0.999, 1.0].map(|part| self.tally.latest(part));
        writeln!(
            f,
            "\nafter the deadline: {} ms in the median, {} ms at 99.9 %, {} ms at most",
            late[0], late[1], late[2]
        )
    }
}

impl fmt::Display for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figures { memory, descriptors, threads } = self.figures;
        let (seconds, memory) = (self.at.as_secs(), mib(memory));
        write!(f, "{seconds} s: {memory} MiB, {descriptors} descriptors, {threads} threads")
    }
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, figures: Figures) -> fmt::Result {
    let Figures { memory, descriptors, threads } = figures;
    writeln!(f, "{name:<16} {:>11} {descriptors:>11} {threads:>8}", mib(memory))
}

fn mib(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / f64::from(1 << 20))
}
