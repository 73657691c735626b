//! Runs every case in every pair of targets and compares what was seen.

use super::compare::{Comparison, compare, only_one_is_late, patient};
use super::generated::Generated;
use super::progress::Progress;
use crate::corpus::{Case, Expectations};
use crate::report::{CaseRow, Cell, Field, Matrix, Shard, Verdict};
use crate::target::{Bounds, Observation, Pair, Target, Targets};
use anyhow::Result;
use rayon::prelude::*;
use std::collections::hash_map::{Entry, HashMap};
use std::time::Instant;

/// What a matrix is made of.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The cases, ordered by id.
    pub cases: Vec<Case>,
    /// The pairs of targets.
    pub pairs: Vec<Pair>,
    /// How many programs to generate for each pair of one version of PUC Lua.
    pub generated: u64,
    /// The seed of the generated programs.
    pub seed: u64,
    /// Which part of it all to run.
    pub shard: Option<Shard>,
    /// What each run may use.
    pub bounds: Bounds,
    /// The command that repeats one case, without `--case` and `--pair`.
    pub command: String,
}

impl Plan {
    /// The comparisons that there are to do.
    pub fn comparisons(&self) -> u64 {
        let cells: usize = self
            .cases()
            .map(|case| self.pairs.iter().filter(|pair| is_for(case, pair)).count())
            .sum();
        let generated: u64 = self
            .generated_pairs()
            .map(|_| Generated::indices(self.generated, self.shard).count() as u64)
            .sum();
        cells as u64 + generated
    }

    fn cases(&self) -> impl Iterator<Item = &Case> {
        self.cases.iter().enumerate().filter_map(|(index, case)| {
            let ours = self.shard.is_none_or(|shard| shard.has(index as u64));
            ours.then_some(case)
        })
    }

    /// Programs are generated for what should do exactly the same.
    fn generated_pairs(&self) -> impl Iterator<Item = Pair> {
        let wanted = self.generated > 0;
        self.pairs.iter().copied().filter(move |pair| {
            wanted
                && pair.reference.lua == pair.subject.lua
                && pair.reference.lua.dialect() == pair.reference.lua
        })
    }

    /// Runs it all.
    pub fn run(
        &self,
        targets: &Targets,
        expectations: &Expectations,
        progress: &dyn Progress,
    ) -> Result<Matrix> {
        // Nobody is to wait for native Lua that nothing is compared with.
        for pair in self.pairs.iter().filter(|_| self.comparisons() > 0) {
            targets.prepare(pair.reference)?;
            targets.prepare(pair.subject)?;
        }
        let start = Instant::now();
        let cases: Vec<&Case> = self.cases().collect();
        let rows: Vec<CaseRow> = cases
            .into_par_iter()
            .map(|case| {
                let row = self.row(case, targets, expectations)?;
                let failed = row.cells.iter().filter(|cell| cell.verdict.is_failure()).count();
                progress.done(row.cells.len() as u64, failed as u64);
                Ok(row)
            })
            .collect::<Result<_>>()?;
        let generated = self
            .generated_pairs()
            .map(|pair| {
                let generated = Generated {
                    pair,
                    seed: self.seed,
                    bounds: self.bounds,
                    command: &self.command,
                };
                generated.run(Generated::indices(self.generated, self.shard), targets, progress)
            })
            .collect::<Result<_>>()?;
        Ok(Matrix {
            pairs: self.pairs.iter().map(Pair::to_string).collect(),
            cases: rows.into_iter().filter(|row| !row.cells.is_empty()).collect(),
            generated,
            go: None,
            seconds: start.elapsed().as_secs_f64(),
        })
    }

    fn row(&self, case: &Case, targets: &Targets, expectations: &Expectations) -> Result<CaseRow> {
        let mut seen: HashMap<Target, Observation> = HashMap::new();
        let mut cells = Vec::new();
        for pair in self.pairs.iter().filter(|pair| is_for(case, pair)) {
            for target in [pair.reference, pair.subject] {
                if let Entry::Vacant(unseen) = seen.entry(target) {
                    unseen.insert(case.with_job(self.bounds, |job| targets.run(target, job))?);
                }
            }
            let mut both = [seen[&pair.reference].clone(), seen[&pair.subject].clone()];
            let known = expectations.knows(&case.id, &pair.to_string(), Field::End);
            if only_one_is_late(&both) && !known {
                both = self.with_patience(case, *pair, targets)?;
            }
            cells.push(self.cell(case, *pair, &both, expectations));
        }
        Ok(CaseRow { id: case.id.clone(), cells })
    }

    /// One that was late may only have been slow.
    fn with_patience(
        &self,
        case: &Case,
        pair: Pair,
        targets: &Targets,
    ) -> Result<[Observation; 2]> {
        let bounds = Bounds { time: patient(self.bounds.time), ..self.bounds };
        Ok([
            case.with_job(bounds, |job| targets.run(pair.reference, job))?,
            case.with_job(bounds, |job| targets.run(pair.subject, job))?,
        ])
    }

    fn cell(
        &self,
        case: &Case,
        pair: Pair,
        both: &[Observation; 2],
        expectations: &Expectations,
    ) -> Cell {
        let name = pair.to_string();
        let found = compare(pair, both, &case.header.varies);
        if let Comparison::Undecided = found {
            return Cell { pair: name, verdict: Verdict::Undecided, reason: None, found: None };
        }
        let found = match found {
            Comparison::Different(mut found) => {
                found.script = String::from_utf8_lossy(&case.code).into_owned();
                found.repeat = format!("{} --case '{}' --pair {name}", self.command, case.id);
                Some(*found)
            }
            _ => None,
        };
        let fields = found.as_ref().map_or(&[][..], |found| &found.fields);
        let (verdict, reason) = expectations.judge(&case.id, &name, fields);
        Cell { pair: name, verdict, reason: reason.map(str::to_string), found }
    }
}

fn is_for(case: &Case, pair: &Pair) -> bool {
    case.header.is_for(pair.reference.lua) && case.header.is_for(pair.subject.lua)
}
