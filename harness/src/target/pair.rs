//! Targets and pairs of them.

use crate::lua::Lua;
use std::fmt;
use std::str::FromStr;

/// Something that runs scripts, as commands name it: `native:luajit`,
/// `sandbox:5.4`, `sandbox:5.4+fuel`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    /// What it runs in.
    pub backend: Backend,
    /// Which Lua it is.
    pub lua: Lua,
}

/// What a target runs scripts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Backend {
    /// A process without luago.
    Native,
    /// A sandbox of luago.
    Sandbox(Metering),
}

/// What a sandbox meters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Metering {
    /// The deadline alone, which every run of the harness has.
    Deadline,
    /// Fuel too.
    Fuel,
}

impl Target {
    /// Native Lua.
    pub fn native(lua: Lua) -> Target {
        Target { backend: Backend::Native, lua }
    }

    /// The sandbox, for a version of PUC Lua.
    pub fn sandbox(lua: Lua) -> Target {
        Target { backend: Backend::Sandbox(Metering::Deadline), lua: lua.dialect() }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.backend {
            Backend::Native => write!(f, "native:{}", self.lua),
            Backend::Sandbox(Metering::Deadline) => write!(f, "sandbox:{}", self.lua),
            Backend::Sandbox(Metering::Fuel) => write!(f, "sandbox:{}+fuel", self.lua),
        }
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Target, String> {
        let help = "a target is native:LUA or sandbox:VERSION, as in native:luajit, sandbox:5.4 \
                    and sandbox:5.4+fuel";
        let (backend, lua) = text.split_once(':').ok_or_else(|| format!("{text:?}: {help}"))?;
        let (lua, metering) = match lua.split_once('+') {
            None => (lua, Metering::Deadline),
            Some((lua, "fuel")) => (lua, Metering::Fuel),
            Some(_) => return Err(format!("{text:?}: {help}")),
        };
        let lua: Lua = lua.parse()?;
        match backend {
            "native" if metering == Metering::Deadline => Ok(Target::native(lua)),
            "sandbox" if lua.dialect() == lua => {
                Ok(Target { backend: Backend::Sandbox(metering), lua })
            }
            "sandbox" => Err(format!("{text:?}: the sandbox runs 5.1 to 5.5")),
            _ => Err(format!("{text:?}: {help}")),
        }
    }
}

/// Two targets to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pair {
    /// The target whose behaviour is right.
    pub reference: Target,
    /// The target that is tested.
    pub subject: Target,
}

impl Pair {
    /// Native PUC Lua and the sandbox, for each version.
    pub fn puc() -> Vec<Pair> {
        Lua::PUC.into_iter().map(Pair::of).collect()
    }

    /// Each native Lua and the sandbox that could replace it.
    pub fn all() -> Vec<Pair> {
        Lua::ALL.into_iter().map(Pair::of).collect()
    }

    /// A native Lua and the sandbox that could replace it.
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
