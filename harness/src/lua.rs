//! Implementations of Lua.

use std::fmt;
use std::str::FromStr;

/// An implementation of Lua.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lua {
    /// PUC Lua 5.1
    V51,
    /// PUC Lua 5.2
    V52,
    /// PUC Lua 5.3
    V53,
    /// PUC Lua 5.4
    V54,
    /// PUC Lua 5.5
    V55,
    /// LuaJIT 2.1, which implements Lua 5.1
    Jit,
    /// Luau, which is derived from Lua 5.1
    Luau,
}

impl Lua {
    /// The versions of PUC Lua, oldest first.
    pub const PUC: [Lua; 5] = [Lua::V51, Lua::V52, Lua::V53, Lua::V54, Lua::V55];

    /// Every implementation.
    pub const ALL: [Lua; 7] =
        [Lua::V51, Lua::V52, Lua::V53, Lua::V54, Lua::V55, Lua::Jit, Lua::Luau];

    /// Its name in commands and reports: `5.4`, `luajit`, `luau`.
    pub fn name(self) -> &'static str {
        match self {
            Lua::V51 => "5.1",
            Lua::V52 => "5.2",
            Lua::V53 => "5.3",
            Lua::V54 => "5.4",
            Lua::V55 => "5.5",
            Lua::Jit => "luajit",
            Lua::Luau => "luau",
        }
    }

    /// The version of PUC Lua whose manual it follows.
    pub fn dialect(self) -> Lua {
        match self {
            Lua::Jit | Lua::Luau => Lua::V51,
            puc => puc,
        }
    }
}

impl fmt::Display for Lua {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Lua {
    type Err = String;

    fn from_str(text: &str) -> Result<Lua, String> {
        Lua::ALL.into_iter().find(|lua| lua.name() == text).ok_or_else(|| {
            format!("no Lua is called {text:?}; there are 5.1 to 5.5, luajit and luau")
        })
    }
}
