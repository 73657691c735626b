//! `luago-harness readme`

use super::args::ReadmeArgs;
use super::exit::usage;
use crate::files;
use crate::render::{self, readme};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// Where the pages of the documentation are, if there is any.
const PAGES: &str = "docs/src";

/// Writes the tables of the README and of the documentation from reports, or says where they
/// are not what reports give.
pub fn run(args: &ReadmeArgs) -> Result<bool> {
    let reports = args.reports.iter().map(|path| usage(render::read(path)));
    let reports = reports.collect::<Result<Vec<_>>>()?;
    let paths = match &args.readme {
        Some(path) => vec![path.clone()],
        None => usage(pages())?,
    };
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path);
        usage(text.with_context(|| format!("cannot read {}", path.display())))
    };
    let old = paths.iter().map(read).collect::<Result<Vec<_>>>()?;
    let shown = paths.iter().map(|path| path.display().to_string());
    let pages: Vec<(String, &str)> = shown.zip(old.iter().map(String::as_str)).collect();
    let new = usage(readme::update(&pages, &reports))?;
    let changed = paths.iter().zip(&old).zip(new).filter(|((_, old), new)| *old != new);
    let changed: Vec<(&PathBuf, String)> = changed.map(|((path, _), new)| (path, new)).collect();
    if args.check {
        for (path, _) in &changed {
            let path = path.display();
            eprintln!("luago-harness: {path} is not what the reports give; run `make readme`");
        }
        return Ok(changed.is_empty());
    }
    for (path, new) in changed {
        std::fs::write(path, new).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(true)
}

/// The README, and every page of the documentation.
fn pages() -> Result<Vec<PathBuf>> {
    let mut pages = vec![PathBuf::from("README.md")];
    let folder = Path::new(PAGES);
    if folder.is_dir() {
        pages.extend(files::with_extension(folder, "md")?);
    }
    Ok(pages)
}
