//! Rehearses one target in the place of another: requests go to both, and a growing
//! share of them, for as long as the new one does the same.

use super::compare::{Comparison, compare};
use super::reduce;
use super::stats::percentiles;
use crate::corpus::{Case, Vary};
use crate::report::{Cost, Found, Shadow, ShadowInput, ShadowStep};
use crate::target::{Bounds, Observation, Pair, Target, Targets};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::path::Path;

/// How often the smallest input is tried to be made smaller.
const REDUCTIONS: usize = 400;
/// How many of the inputs that differ are named.
const NAMED: usize = 100;

/// What is rehearsed.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The script that answers requests.
    pub script: Case,
    /// The target in use, and the one that could take its place.
    pub pair: Pair,
    /// The requests to choose from.
    pub inputs: Vec<Input>,
    /// How the script gets them.
    pub way: Way,
    /// The shares of requests that are mirrored, one step after the other, from 0 to 1.
    pub fractions: Vec<f64>,
    /// How many requests a step has.
    pub requests: u64,
    /// What may come of it.
    pub thresholds: Thresholds,
    /// What may differ in what the script does.
    pub varies: Vec<Vary>,
    /// Chooses the requests that are mirrored.
    pub seed: u64,
    /// What each run may use.
    pub bounds: Bounds,
    /// The command that runs the script on one input, without `--inputs`.
    pub command: String,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Input {
    /// The name of its file.
    pub file: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// How a script gets its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As its standard input.
    Stdin,
    /// As its first argument.
    Argument,
}

/// What may come of a step.
#[derive(Debug, Clone, Copy)]
pub struct Thresholds {
    /// The share of mirrored requests that may differ, from 0 to 1.
    pub different: f64,
    /// How many times the old target's latency the new one's may be, at the 99th percentile.
    pub p99: Option<f64>,
    /// The most memory that a request may have in the new target, in bytes.
    pub memory: Option<u64>,
}

impl Input {
    /// The files of a folder, ordered by name.
    pub fn read_folder(folder: &Path) -> Result<Vec<Input>> {
        let mut inputs = Vec::new();
        let entries = std::fs::read_dir(folder)
            .with_context(|| format!("cannot read the inputs in {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_file() {
                let bytes = std::fs::read(&path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                inputs.push(Input { file, bytes });
            }
        }
        if inputs.is_empty() {
            bail!("there are no files in {} to use as inputs", folder.display());
        }
        inputs.sort_by(|a, b| a.file.cmp(&b.file));
        Ok(inputs)
    }
}

/// What both targets did in one step.
#[derive(Default)]
struct Tally {
    requests: u64,
    mirrored: u64,
    different: u64,
    old: Vec<Observed>,
    new: Vec<Observed>,
}

struct Observed {
    milliseconds: f64,
    peak_memory: u64,
}

impl Observed {
    fn of(observation: &Observation) -> Observed {
        Observed {
            milliseconds: observation.wall.as_secs_f64() * 1e3,
            peak_memory: observation.peak_memory,
        }
    }
}

impl Plan {
    /// Carries it out. `progress` is called after each request with the share that is
    /// mirrored.
    pub fn run(&self, targets: &Targets, progress: &dyn Fn(f64)) -> Result<Shadow> {
        targets.prepare(self.pair.reference)?;
        targets.prepare(self.pair.subject)?;
        let mut different: Vec<&Input> = Vec::new();
        let (mut steps, mut breaches) = (Vec::new(), Vec::new());
        for (at, &fraction) in self.fractions.iter().enumerate() {
            let mut tally = Tally::default();
            // More than these can never be within the threshold again.
            let most = (self.requests as f64 * fraction * self.thresholds.different) as u64;
            for request in 0..self.requests {
                let chance = chance(self.seed, at, request);
                let input = &self.inputs[(request % self.inputs.len() as u64) as usize];
                self.request(input, chance < fraction, targets, &mut tally, &mut different)?;
                progress(fraction);
                if tally.different > most && tally.different > 0 {
                    break;
                }
            }
            breaches = self.breaches(&tally);
            steps.push(tally.step(fraction));
            if !breaches.is_empty() {
                break;
            }
        }
        different.sort_by_key(|input| (input.bytes.len(), &input.file));
        different.dedup_by(|a, b| a.file == b.file);
        let smallest = match different.first() {
            Some(input) => self.reduce(input, targets)?,
            None => None,
        };
        Ok(Shadow {
            script: self.script.id.clone(),
            old: self.pair.reference.to_string(),
            new: self.pair.subject.to_string(),
            steps,
            passed: breaches.is_empty(),
            breaches,
            different_inputs: different
                .iter()
                .take(NAMED)
                .map(|input| input.file.clone())
                .collect(),
            smallest,
        })
    }

    fn request<'a>(
        &'a self,
        input: &'a Input,
        is_mirrored: bool,
        targets: &Targets,
        tally: &mut Tally,
        different: &mut Vec<&'a Input>,
    ) -> Result<()> {
        let old = self.answer(&input.bytes, self.pair.reference, targets)?;
        tally.requests += 1;
        tally.old.push(Observed::of(&old));
        if is_mirrored {
            let new = self.answer(&input.bytes, self.pair.subject, targets)?;
            tally.mirrored += 1;
            tally.new.push(Observed::of(&new));
            if let Comparison::Different(_) = compare(self.pair, &[old, new], &self.varies) {
                tally.different += 1;
                different.push(input);
            }
        }
        Ok(())
    }

    fn answer(&self, input: &[u8], target: Target, targets: &Targets) -> Result<Observation> {
        self.script.with_job(self.bounds, |job| {
            let mut job = job.clone();
            let mut args;
            match self.way {
                Way::Stdin => job.stdin = input,
                Way::Argument => {
                    args = job.args.to_vec();
                    args.push(input.to_vec());
                    job.args = &args;
                }
            }
            targets.run(target, &job)
        })
    }

    fn breaches(&self, tally: &Tally) -> Vec<String> {
        let mut breaches = Vec::new();
        let share = tally.different as f64 / tally.mirrored.max(1) as f64;
        if share > self.thresholds.different {
            breaches.push(format!(
                "{} of {} mirrored requests differed, {:.2} %; {:.2} % are allowed",
                tally.different,
                tally.mirrored,
                share * 100.0,
                self.thresholds.different * 100.0
            ));
        }
        let (old, new) = (cost(&tally.old), cost(&tally.new));
        if let Some(most) = self.thresholds.p99
            && new.p99 > old.p99 * most
        {
            breaches.push(format!(
                "99 of 100 requests took up to {:.3} ms, {:.2} times the {:.3} ms of {}; {most} \
                 times are allowed",
                new.p99,
                new.p99 / old.p99,
                old.p99,
                self.pair.reference
            ));
        }
        if let Some(most) = self.thresholds.memory
            && new.peak_memory > most
        {
            breaches.push(format!(
                "a request had {} of memory; {} are allowed",
                bytesize::ByteSize(new.peak_memory),
                bytesize::ByteSize(most)
            ));
        }
        breaches
    }

    /// The smallest input that still shows a difference.
    fn reduce(&self, input: &Input, targets: &Targets) -> Result<Option<ShadowInput>> {
        let found = |bytes: &[u8]| -> Result<Option<Found>> {
            let both = [
                self.answer(bytes, self.pair.reference, targets)?,
                self.answer(bytes, self.pair.subject, targets)?,
            ];
            Ok(match compare(self.pair, &both, &self.varies) {
                Comparison::Different(found) => Some(*found),
                _ => None,
            })
        };
        let bytes = reduce::bytes(&input.bytes, REDUCTIONS, |bytes| Ok(found(bytes)?.is_some()))?;
        Ok(found(&bytes)?.map(|mut found| {
            found.script = String::from_utf8_lossy(&self.script.code).into_owned();
            found.repeat = self.command.clone();
            ShadowInput {
                file: input.file.clone(),
                original_bytes: input.bytes.len() as u64,
                input: String::from_utf8_lossy(&bytes).into_owned(),
                found,
            }
        }))
    }
}

impl Tally {
    fn step(&self, fraction: f64) -> ShadowStep {
        ShadowStep {
            fraction,
            requests: self.requests,
            mirrored: self.mirrored,
            different: self.different,
            old: cost(&self.old),
            new: cost(&self.new),
        }
    }
}

fn cost(observed: &[Observed]) -> Cost {
    let times: Vec<f64> = observed.iter().map(|one| one.milliseconds).collect();
    let percentiles = percentiles(&times);
    Cost {
        p50: percentiles.get(50).copied().unwrap_or_default(),
        p99: percentiles.get(99).copied().unwrap_or_default(),
        peak_memory: observed.iter().map(|one| one.peak_memory).max().unwrap_or_default(),
        percentiles,
    }
}

/// A number from 0 to 1 that belongs to a request, always the same.
fn chance(seed: u64, step: usize, request: u64) -> f64 {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update((step as u64).to_le_bytes());
    hash.update(request.to_le_bytes());
    let digest = hash.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    u64::from_le_bytes(first) as f64 / (u64::MAX as f64 + 1.0)
}
