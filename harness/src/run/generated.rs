//! Runs generated programs in a pair of targets, and reduces those that differ.

use super::compare::{Comparison, compare, only_one_is_late, patient};
use super::progress::Progress;
use crate::corpus::Case;
use crate::generate::{self, Program};
use crate::report::{Found, GeneratedFailure, GeneratedRow, Shard};
use crate::target::{Bounds, Pair, Targets};
use anyhow::{Result, anyhow, bail};
use proptest::strategy::ValueTree;
use rayon::prelude::*;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How many failures of a pair are reduced and reported.
const REPORTED: usize = 20;
/// How long one failure is reduced.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long one program runs: a small part of what a script may.
const TIME: Duration = Duration::from_secs(2);

/// The generated programs of one pair.
#[derive(Debug, Clone, Copy)]
pub struct Generated<'a> {
    /// The pair, both of the same version.
    pub pair: Pair,
    /// What all programs follow from.
    pub seed: u64,
    /// What each may use.
    pub bounds: Bounds,
    /// The command that repeats one of them, without `--case` and `--pair`.
    pub command: &'a str,
}

impl Generated<'_> {
    /// The numbers of the programs that a shard has.
    pub fn indices(count: u64, shard: Option<Shard>) -> impl Iterator<Item = u64> {
        (0..count).filter(move |index| shard.is_none_or(|shard| shard.has(*index)))
    }

    /// Runs the programs with these numbers.
    pub fn run(
        &self,
        indices: impl Iterator<Item = u64>,
        targets: &Targets,
        progress: &dyn Progress,
    ) -> Result<GeneratedRow> {
        let indices: Vec<u64> = indices.collect();
        let (undecided, different) = (AtomicU64::new(0), AtomicU64::new(0));
        let failures = Mutex::new(Vec::new());
        indices.par_iter().try_for_each(|&index| -> Result<()> {
            let mut failed = 0;
            match self.try_one(index, targets)? {
                Comparison::Same => {}
                Comparison::Undecided => {
                    undecided.fetch_add(1, Ordering::Relaxed);
                }
                Comparison::Different(_) => {
                    failed = 1;
                    if different.fetch_add(1, Ordering::Relaxed) < REPORTED as u64 {
                        let failure = self.reduce(index, targets)?;
                        failures.lock().unwrap_or_else(PoisonError::into_inner).push(failure);
                    }
                }
            }
            progress.done(1, failed);
            Ok(())
        })?;
        let mut failures = failures.into_inner().unwrap_or_else(PoisonError::into_inner);
        failures.sort_by_key(|(index, _)| *index);
        Ok(GeneratedRow {
            pair: self.pair.to_string(),
            programs: indices.len() as u64,
            undecided: undecided.into_inner(),
            different: different.into_inner(),
            failures: failures.into_iter().map(|(_, failure)| failure).collect(),
        })
    }

    fn tree(&self, index: u64) -> Result<Box<dyn ValueTree<Value = Program>>> {
        generate::tree(self.pair.reference.lua, self.seed, index)
            .map_err(|error| anyhow!("cannot generate program {index}: {error}"))
    }

    fn try_one(&self, index: u64, targets: &Targets) -> Result<Comparison> {
        self.compare(&self.tree(index)?.current().source(), targets)
    }

    fn compare(&self, source: &str, targets: &Targets) -> Result<Comparison> {
        let case = Case::new("generated", source)?;
        let run = |time| -> Result<_> {
            let bounds = Bounds { time, ..self.bounds };
            Ok([
                case.with_job(bounds, |job| targets.run(self.pair.reference, job))?,
                case.with_job(bounds, |job| targets.run(self.pair.subject, job))?,
            ])
        };
        let time = self.bounds.time.min(TIME);
        let mut both = run(time)?;
        if only_one_is_late(&both) {
            both = run(patient(time))?;
        }
        Ok(compare(self.pair, &both, &[]))
    }

    /// Reduces a program that differs to the smallest that can be found to do so.
    fn reduce(&self, index: u64, targets: &Targets) -> Result<(u64, GeneratedFailure)> {
        let start = Instant::now();
        let mut tree = self.tree(index)?;
        let mut smallest = tree.current().source();
        let mut found = self.found(&smallest, targets)?;
        let mut goes_on = found.is_some() && tree.simplify();
        while goes_on && start.elapsed() < PATIENCE {
            let source = tree.current().source();
            goes_on = match self.found(&source, targets)? {
                Some(smaller) => {
                    (smallest, found) = (source, Some(smaller));
                    tree.simplify()
                }
                None => tree.complicate(),
            };
        }
        let id = format!("generated/{}/{}/{index}", self.pair.reference.lua, self.seed);
        let Some(mut found) = found else {
            bail!("{id} differed once and then did the same: it is not deterministic\n{smallest}");
        };
        found.script = smallest;
        found.repeat = format!("{} --case {id} --pair {}", self.command, self.pair);
        Ok((index, GeneratedFailure { id, found }))
    }

    fn found(&self, source: &str, targets: &Targets) -> Result<Option<Found>> {
        Ok(match self.compare(source, targets)? {
            Comparison::Different(found) => Some(*found),
            _ => None,
        })
    }
}
