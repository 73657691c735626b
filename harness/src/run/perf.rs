//! What programs cost in the sandbox, beside native Lua, in one run.

use super::stats::{figure, geometric_mean};
use crate::corpus::Case;
use crate::report::{Perf, PerfMean, PerfRow, PerfSubject, START_UP};
use crate::target::{Bounds, End, Observation, Pair, Place, Target, Targets};
use anyhow::{Context, Result, bail};
use include_dir::{Dir, include_dir};
use std::time::Duration;

static PROGRAMS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../benches/programs");

/// How often the empty script runs in each round.
const STARTS: u64 = 200;

/// What is measured.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The programs. The empty script is measured besides.
    pub programs: Vec<Case>,
    /// The pairs; pairs of the same reference share its runs.
    pub pairs: Vec<Pair>,
    /// How many rounds are measured.
    pub rounds: u64,
    /// How many rounds come before them, to warm up.
    pub warm_up: u64,
    /// Ratios of an earlier run, and by what part of them the new ones may be worse.
    pub baseline: Option<(Perf, f64)>,
}

/// The programs that come with the harness, which print one result each.
pub fn programs() -> Result<Vec<Case>> {
    let mut cases = Vec::new();
    for file in PROGRAMS.files() {
        let id = file.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut code = file.contents().to_vec();
        code.extend_from_slice(b"\nprint(bench())\n");
        cases.push(Case::new(id, code)?);
    }
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(cases)
}

impl Plan {
    /// The measurements that there are to do.
    pub fn steps(&self) -> u64 {
        let programs = self.programs.len() as u64 + 1;
        programs * (self.rounds + self.warm_up) * self.references().len() as u64
    }

    /// Measures it all. `progress` is called after each round of a program.
    pub fn run(&self, targets: &Targets, progress: &dyn Fn()) -> Result<Perf> {
        for pair in &self.pairs {
            targets.prepare(pair.reference)?;
            targets.prepare(pair.subject)?;
        }
        let start_up = Case::new(START_UP, "")?;
        let mut rows = Vec::new();
        for reference in self.references() {
            for program in self.programs.iter().chain([&start_up]) {
                rows.push(self.row(program, reference, targets, progress)?);
            }
        }
        let means = self.pairs.iter().filter_map(|pair| mean(&rows, pair)).collect();
        Ok(Perf { rounds: self.rounds, rows, means })
    }

    fn references(&self) -> Vec<Target> {
        let mut references: Vec<Target> = Vec::new();
        for pair in &self.pairs {
            if !references.contains(&pair.reference) {
                references.push(pair.reference);
            }
        }
        references
    }

    fn row(
        &self,
        program: &Case,
        reference: Target,
        targets: &Targets,
        progress: &dyn Fn(),
    ) -> Result<PerfRow> {
        let pairs = self.pairs.iter().filter(|pair| pair.reference == reference);
        let mut all = vec![reference];
        all.extend(pairs.map(|pair| pair.subject));
        let counted = all
            .iter()
            .map(|&target| counted(program, target, targets))
            .collect::<Result<Vec<_>>>()?;
        for (target, observation) in all.iter().zip(&counted) {
            if observation.stdout != counted[0].stdout {
                bail!("{} prints something else in {target} than in {reference}", program.id);
            }
        }
        let mut samples = vec![Vec::new(); all.len()];
        for round in 0..self.warm_up + self.rounds {
            // Each has its turn to be first.
            for at in 0..all.len() {
                let at = (at + round as usize) % all.len();
                let time = time(program, all[at], targets)?;
                if round >= self.warm_up {
                    samples[at].push(time);
                }
            }
            progress();
        }
        let figures = |samples: &[f64]| figure(samples).context("there are no rounds to measure");
        let subjects = all
            .iter()
            .zip(&samples)
            .zip(&counted)
            .skip(1)
            .map(|((target, own), counted)| {
                let ratios: Vec<f64> =
                    own.iter().zip(&samples[0]).map(|(own, reference)| own / reference).collect();
                let ratio = figures(&ratios)?;
                let baseline = self.baseline_of(&program.id, reference, *target);
                let tolerance = self.baseline.as_ref().map_or(0.0, |(_, tolerance)| *tolerance);
                Ok(PerfSubject {
                    target: target.to_string(),
                    milliseconds: figures(own)?,
                    ratio,
                    peak_memory: counted.peak_memory,
                    samples: own.clone(),
                    baseline,
                    // Only what the interval leaves no doubt of.
                    regressed: baseline.is_some_and(|old| ratio.low > old * (1.0 + tolerance)),
                })
            })
            .collect::<Result<_>>()?;
        Ok(PerfRow {
            program: program.id.clone(),
            reference: reference.to_string(),
            milliseconds: figures(&samples[0])?,
            peak_memory: counted[0].peak_memory,
            subjects,
        })
    }

    fn baseline_of(&self, program: &str, reference: Target, target: Target) -> Option<f64> {
        let (baseline, _) = self.baseline.as_ref()?;
        let (reference, target) = (reference.to_string(), target.to_string());
        let row = baseline
            .rows
            .iter()
            .find(|row| row.program == program && row.reference == reference)?;
        let subject = row.subjects.iter().find(|subject| subject.target == target)?;
        Some(subject.ratio.median)
    }
}

fn mean(rows: &[PerfRow], pair: &Pair) -> Option<PerfMean> {
    let (reference, target) = (pair.reference.to_string(), pair.subject.to_string());
    let ratios = rows
        .iter()
        .filter(|row| row.reference == reference && row.program != START_UP)
        .flat_map(|row| &row.subjects)
        .filter(|subject| subject.target == target)
        .map(|subject| subject.ratio.median);
    let ratio = geometric_mean(ratios)?;
    Some(PerfMean { reference, target, ratio })
}

/// One run that counts memory, and shows that the program works.
fn counted(program: &Case, target: Target, targets: &Targets) -> Result<Observation> {
    let observation = program.with_job(bounds(true), |job| targets.run(target, job))?;
    if observation.end != End::Exit(0) {
        bail!(
            "{} cannot be measured in {target}: {}\n{}",
            program.id,
            observation.end,
            String::from_utf8_lossy(&observation.stderr).trim_end()
        );
    }
    Ok(observation)
}

/// Milliseconds of one run.
fn time(program: &Case, target: Target, targets: &Targets) -> Result<f64> {
    // Native Lua runs in a new process: its first run there pays for fresh memory, which
    // that of a sandbox does not, so the second counts.
    let rounds = match (program.id.as_str(), target.place) {
        (START_UP, _) => STARTS,
        (_, Place::Native) => 2,
        (_, Place::Sandbox(_)) => 1,
    };
    let walls = program.with_job(bounds(false), |job| targets.run_often(target, job, rounds))?;
    let nanoseconds = if program.id == START_UP {
        let walls: Vec<f64> = walls.iter().map(|&wall| wall as f64).collect();
        figure(&walls).map(|figure| figure.median)
    } else {
        walls.last().map(|&wall| wall as f64)
    };
    Ok(nanoseconds.with_context(|| format!("{} did not end in {target}", program.id))? / 1e6)
}

fn bounds(counts_memory: bool) -> Bounds {
    let memory = counts_memory.then_some(1 << 30);
    Bounds { time: Duration::from_secs(600), memory, ..Bounds::default() }
}
