//! `luago-harness perf`

use super::args::PerfArgs;
use super::exit::usage;
use super::progress::Bar;
use super::reports;
use super::targets::targets;
use crate::corpus::Case;
use crate::render;
use crate::report::{Perf, Report};
use crate::run::perf::{Plan, programs};
use crate::target::Pair;
use anyhow::{Context, Result};
use std::path::Path;

/// Compares what programs cost.
pub fn run(args: PerfArgs) -> Result<bool> {
    let mut chosen = Vec::new();
    for path in &args.paths {
        chosen.extend(usage(Case::under(path))?);
    }
    let pairs = if args.pair.is_empty() { default_pairs()? } else { args.pair };
    let baseline = match &args.baseline {
        Some(path) => Some((usage(baseline(path))?, args.tolerance.0)),
        None => None,
    };
    let plan = Plan {
        programs: if chosen.is_empty() { programs()? } else { chosen },
        pairs,
        rounds: args.rounds,
        warm_up: args.warm_up,
        baseline,
    };
    let targets = targets(&args.target)?;
    let bar = Bar::new("measuring", plan.steps());
    let perf = plan.run(&targets, &|| bar.step(1))?;
    drop(bar);
    let mut report = Report::new(0);
    report.perf = Some(perf);
    reports::deliver(&report, &args.report)
}

fn default_pairs() -> Result<Vec<Pair>> {
    ["native:5.4=sandbox:5.4", "native:5.4=sandbox:5.4+fuel"]
        .iter()
        .map(|pair| pair.parse().map_err(anyhow::Error::msg))
        .collect()
}

fn baseline(path: &Path) -> Result<Perf> {
    let report = render::read(path).context("--baseline")?;
    report.perf.with_context(|| format!("--baseline {}: it has no performance", path.display()))
}
