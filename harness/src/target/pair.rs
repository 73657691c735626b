//! What can be compared: targets, and pairs of them.

use crate::lua::Lua;
use std::fmt;
use std::str::FromStr;

/// Something that runs scripts, as commands name it: `native:luajit`,
/// `sandbox:5.4`, `sandbox:5.4+fuel`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    /// Where it runs.
    pub place: Place,
    /// Which Lua it is.
    pub lua: Lua,
}

/// Where a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// In a process of its own, without luago.
    Native,
    /// In a sandbox of luago.
    Sandbox(Metering),
}

/// How a sandbox counts what its script spends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Metering {
    /// It can be stopped by a deadline, as every run of the harness can.
    Deadline,
    /// It counts fuel too.
    Fuel,
}

impl Target {
    /// Native Lua.
    pub fn native(lua: Lua) -> Target {
        Target { place: Place::Native, lua }
    }

    /// The sandbox, for a version of PUC Lua.
    pub fn sandbox(lua: Lua) -> Target {
        Target { place: Place::Sandbox(Metering::Deadline), lua: lua.dialect() }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Place::Native => write!(f, "native:{}", self.lua),
            Place::Sandbox(Metering::Deadline) => write!(f, "sandbox:{}", self.lua),
            Place::Sandbox(Metering::Fuel) => write!(f, "sandbox:{}+fuel", self.lua),
        }
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Target, String> {
        let help = "a target is native:LUA or sandbox:VERSION, as in native:luajit, sandbox:5.4 \
                    and sandbox:5.4+fuel";
        let (place, lua) = text.split_once(':').ok_or_else(|| format!("{text:?}: {help}"))?;
        let (lua, metering) = match lua.split_once('+') {
            None => (lua, Metering::Deadline),
            Some((lua, "fuel")) => (lua, Metering::Fuel),
            Some(_) => return Err(format!("{text:?}: {help}")),
        };
        let lua: Lua = lua.parse()?;
        match place {
            "native" if metering == Metering::Deadline => Ok(Target::native(lua)),
            "sandbox" if lua.dialect() == lua => {
                Ok(Target { place: Place::Sandbox(metering), lua })
            }
            "sandbox" => Err(format!("{text:?}: the sandbox runs 5.1 to 5.5")),
            _ => Err(format!("{text:?}: {help}")),
        }
    }
}

/// Two targets that are compared: what is trusted, and what is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pair {
    /// Says what is right.
    pub reference: Target,
    /// Is compared with it.
    pub subject: Target,
}

impl Pair {
    /// Native PUC Lua and the sandbox, for each version.
    pub fn puc() -> Vec<Pair> {
        Lua::PUC.into_iter().map(Pair::of).collect()
    }

    /// Each native Lua and the sandbox that could take its place.
    pub fn all() -> Vec<Pair> {
        Lua::ALL.into_iter().map(Pair::of).collect()
    }

    /// A native Lua and the sandbox that could take its place.
    pub fn of(lua: Lua) -> Pair {
        Pair { reference: Target::native(lua), subject: Target::sandbox(lua) }
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.reference, self.subject)
    }
}

impl FromStr for Pair {
    type Err = String;

    fn from_str(text: &str) -> Result<Pair, String> {
        let (reference, subject) = text.split_once('=').ok_or_else(|| {
            format!("{text:?}: a pair is REFERENCE=SUBJECT, as in native:luajit=sandbox:5.1")
        })?;
        Ok(Pair { reference: reference.parse()?, subject: subject.parse()? })
    }
}
