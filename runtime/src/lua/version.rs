//! Which Lua a sandbox runs.

use luago_guests::Guest;
use std::fmt;
use std::str::FromStr;

/// A version of PUC Lua. The default is 5.4.
///
/// ```
/// use luago::LuaVersion;
///
/// let version: LuaVersion = "5.1".parse().unwrap();
/// assert_eq!(version.release(), "5.1.5");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum LuaVersion {
    /// Lua 5.1.
    Lua51,
    /// Lua 5.2.
    Lua52,
    /// Lua 5.3.
    Lua53,
    /// Lua 5.4.
    #[default]
    Lua54,
    /// Lua 5.5.
    Lua55,
}

impl LuaVersion {
    /// Every version, oldest first.
    pub const ALL: [LuaVersion; 5] = [
        LuaVersion::Lua51,
        LuaVersion::Lua52,
        LuaVersion::Lua53,
        LuaVersion::Lua54,
        LuaVersion::Lua55,
    ];

    /// The version as Lua writes it: `"5.4"`.
    pub fn as_str(self) -> &'static str {
        match self {
            LuaVersion::Lua51 => "5.1",
            LuaVersion::Lua52 => "5.2",
            LuaVersion::Lua53 => "5.3",
            LuaVersion::Lua54 => "5.4",
            LuaVersion::Lua55 => "5.5",
        }
    }

    /// The release that was compiled: `"5.4.9"`.
    pub fn release(self) -> &'static str {
        self.guest().release
    }

    /// The SHA-256 of the guest's WebAssembly module, in hexadecimal.
    pub fn digest(self) -> &'static str {
        self.guest().sha256
    }

    pub(crate) fn guest(self) -> &'static Guest {
        match self {
            LuaVersion::Lua51 => &luago_guests::LUA_51,
            LuaVersion::Lua52 => &luago_guests::LUA_52,
            LuaVersion::Lua53 => &luago_guests::LUA_53,
            LuaVersion::Lua54 => &luago_guests::LUA_54,
            LuaVersion::Lua55 => &luago_guests::LUA_55,
        }
    }

    pub(crate) fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for LuaVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for LuaVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<LuaVersion, String> {
        LuaVersion::ALL
            .into_iter()
            .find(|version| version.as_str() == text)
            .ok_or_else(|| format!("no Lua {text:?}; there are 5.1, 5.2, 5.3, 5.4 and 5.5"))
    }
}
