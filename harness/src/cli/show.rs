//! `luago-harness show`

use super::exit::usage;
use super::output::print;
use crate::corpus::Case;
use crate::generate::{self, Id};
use anyhow::{Result, anyhow};

/// Prints a case or a generated program.
pub fn run(id: &str) -> Result<bool> {
    if let Some(id) = Id::parse(id) {
        let id = usage(id)?;
        let tree = generate::tree(id.lua, id.seed, id.index).map_err(anyhow::Error::msg)?;
        print(&tree.current().source())?;
        return Ok(true);
    }
    match Case::embedded()?.iter().find(|case| case.id == id) {
        Some(case) => print(&String::from_utf8_lossy(&case.code))?,
        None => usage(Err(anyhow!("no case is called {id:?}")))?,
    }
    Ok(true)
}
