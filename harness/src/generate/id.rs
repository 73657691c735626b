//! The names of generated programs.

use crate::lua::Lua;
use anyhow::{Context, Result, bail};

/// A generated program by its name: `generated/LUA/SEED/INDEX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Id {
    /// The version it is written for.
    pub lua: Lua,
    /// The seed of its run.
    pub seed: u64,
    /// Its number.
    pub index: u64,
}

impl Id {
    /// Reads a name; `None` if it is another case's.
    pub fn parse(text: &str) -> Option<Result<Id>> {
        let rest = text.strip_prefix("generated/")?;
        let parts: Vec<&str> = rest.split('/').collect();
        let parsed = || -> Result<Id> {
            let [lua, seed, index] = parts[..] else {
                bail!("a generated program is called generated/LUA/SEED/INDEX, not {text:?}");
            };
            let lua: Lua = lua.parse().map_err(anyhow::Error::msg)?;
            if lua.dialect() != lua {
                bail!("programs are generated for 5.1 to 5.5, not for {lua}");
            }
            Ok(Id { lua, seed: seed.parse()?, index: index.parse()? })
        };
        Some(parsed().with_context(|| format!("{text:?} names no generated program")))
    }
}
