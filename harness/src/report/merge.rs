//! Reports of parts of a run, as one.

use super::Report;
use super::go::GoScenarios;
use super::matrix::Matrix;
use super::shard::Shard;
use anyhow::{Result, bail};

/// Puts the reports of all shards of one run together.
pub fn merge(parts: Vec<Report>) -> Result<Report> {
    let mut parts = parts.into_iter();
    let Some(mut whole) = parts.next() else { bail!("there are no reports to merge") };
    let mut shards = vec![shard_of(&whole)?];
    for part in parts {
        shards.push(shard_of(&part)?);
        if part.seed != whole.seed || part.harness != whole.harness {
            bail!("these are parts of different runs: their seeds or versions differ");
        }
        let (Some(to), Some(from)) = (&mut whole.matrix, part.matrix) else {
            bail!("only reports of a matrix can be merged");
        };
        merge_matrix(to, from)?;
    }
    let count = shards[0].count;
    shards.sort_by_key(|shard| shard.index);
    let expected = (1..=count).map(|index| Shard { index, count });
    if shards.len() as u64 != count || !expected.eq(shards.iter().copied()) {
        let given: Vec<String> =
            shards.iter().map(|shard| format!("{}/{}", shard.index, shard.count)).collect();
        bail!("these shards are not all of one run, each once: {}", given.join(", "));
    }
    whole.shard = None;
    Ok(whole)
}

fn shard_of(report: &Report) -> Result<Shard> {
    match (report.shard, &report.matrix) {
        (Some(shard), Some(_)) => Ok(shard),
        _ => bail!("the report of {} is not of a shard of a matrix", report.created),
    }
}

fn merge_go(to: &mut Option<GoScenarios>, from: Option<GoScenarios>) -> Result<()> {
    match (to, from) {
        (None, None) => Ok(()),
        (Some(to), Some(from)) if to.toolchains == from.toolchains && to.pairs == from.pairs => {
            to.cases.extend(from.cases);
            to.cases.sort_by(|a, b| a.id.cmp(&b.id));
            match to.cases.windows(2).any(|two| two[0].id == two[1].id) {
                true => bail!("a scenario is in two of the reports"),
                false => Ok(()),
            }
        }
        _ => bail!("these are parts of different runs: their versions of Go differ"),
    }
}

fn merge_matrix(to: &mut Matrix, from: Matrix) -> Result<()> {
    if to.pairs != from.pairs {
        bail!("these are parts of different runs: their pairs differ");
    }
    to.cases.extend(from.cases);
    to.cases.sort_by(|a, b| a.id.cmp(&b.id));
    if to.cases.windows(2).any(|two| two[0].id == two[1].id) {
        bail!("a case is in two of the reports");
    }
    for row in from.generated {
        match to.generated.iter_mut().find(|own| own.pair == row.pair) {
            None => to.generated.push(row),
            Some(own) => {
                own.programs = own.programs.saturating_add(row.programs);
                own.undecided = own.undecided.saturating_add(row.undecided);
                own.different = own.different.saturating_add(row.different);
                own.failures.extend(row.failures);
            }
        }
    }
    merge_go(&mut to.go, from.go)?;
    to.seconds = to.seconds.max(from.seconds);
    Ok(())
}
