//! `luago-harness readme`

use super::args::ReadmeArgs;
use super::exit::usage;
use crate::render::{self, readme};
use anyhow::{Context, Result};

/// Writes the tables of a README, or says that they are not what reports give.
pub fn run(args: &ReadmeArgs) -> Result<bool> {
    let reports = args.reports.iter().map(|path| usage(render::read(path)));
    let reports = reports.collect::<Result<Vec<_>>>()?;
    let path = args.readme.display();
    let old = usage(
        std::fs::read_to_string(&args.readme).with_context(|| format!("cannot read {path}")),
    )?;
    let new = usage(readme::update(&old, &reports).with_context(|| format!("{path}")))?;
    if new == old {
        return Ok(true);
    }
    if args.check {
        eprintln!("luago-harness: {path} is not what the reports give; run `make readme`");
        return Ok(false);
    }
    std::fs::write(&args.readme, new).with_context(|| format!("cannot write {path}"))?;
    Ok(true)
}
