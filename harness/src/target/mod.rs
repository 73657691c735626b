//! What runs a script: native Lua or the sandbox. Both give the same kind of
//! observation.

mod build;
pub mod go;
pub mod native;
pub mod sandbox;

use crate::lua::Lua;
use anyhow::{Result, bail};
use go::GoBuilds;
use luago::GoModule;
use native::Oracles;
use sandbox::{Granted, Sandboxes};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

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

/// A script and its surroundings.
#[derive(Debug, Clone)]
pub struct Job<'a> {
    /// The name of the file, for messages.
    pub name: &'a str,
    /// What is in it.
    pub code: &'a [u8],
    /// Its arguments.
    pub args: &'a [Vec<u8>],
    /// Its standard input.
    pub stdin: &'a [u8],
    /// The folder it starts in, whose modules it can load.
    pub folder: Option<&'a Path>,
    /// Does it need an empty folder `files` to write to?
    pub files: bool,
    /// What it may use.
    pub bounds: Bounds,
}

/// What one run may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Wall-clock time.
    pub time: Duration,
    /// Bytes of memory; `None` leaves native Lua to its own allocator.
    pub memory: Option<u64>,
    /// Bytes of output.
    pub output: u64,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { time: Duration::from_secs(10), memory: Some(256 << 20), output: 64 << 20 }
    }
}

/// How a script ended, in words that all targets share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With an exit code: 0 at its end, 1 after an error.
    Exit(i32),
    /// A signal ended the process of native Lua.
    Signal(i32),
    /// Its time was over.
    Time,
    /// Memory ran out, and it did not catch the error.
    Memory,
    /// It wrote too much.
    Output,
    /// The sandbox itself failed.
    Fault(String),
}

impl End {
    /// Is it a bound that ended the script, so that where it was depends on the machine?
    pub fn is_bound(&self) -> bool {
        matches!(self, End::Time | End::Memory | End::Output)
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Exit(code) => write!(f, "exit code {code}"),
            End::Signal(signal) => write!(f, "signal {signal}"),
            End::Time => f.write_str("out of time"),
            End::Memory => f.write_str("out of memory"),
            End::Output => f.write_str("too much output"),
            End::Fault(message) => write!(f, "fault: {message}"),
        }
    }
}

/// What was seen of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// How it ended.
    pub end: End,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error; an error that ended the script stands there as `lua` prints it.
    pub stderr: Vec<u8>,
    /// From a new state to its close.
    pub wall: Duration,
    /// The most bytes that Lua had: in the sandbox all of its memory, natively what
    /// its allocator gave out.
    pub peak_memory: u64,
}

/// Everything that can run scripts, started when first needed. Shared by threads.
pub struct Targets {
    oracles: Oracles,
    sandboxes: Sandboxes,
    go: GoBuilds,
}

impl Targets {
    /// Targets that keep what they build in a folder. With `guests`, the folder of
    /// another build of the interpreters, the sandboxes run those.
    pub fn new(builds: PathBuf, guests: Option<&Path>) -> Result<Targets> {
        Ok(Targets {
            sandboxes: Sandboxes::new(&builds.join("artefacts"), guests)?,
            oracles: Oracles::new(builds.join("oracle")),
            go: GoBuilds::new(builds),
        })
    }

    /// Where a program that cargo built keeps what it builds itself: the target
    /// folder. Anywhere else, the user's cache folder.
    pub fn default_folder() -> Result<PathBuf> {
        use etcetera::BaseStrategy;
        let program = std::env::current_exe()?;
        if let Some(target) =
            program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file())
        {
            return Ok(target.to_path_buf());
        }
        match etcetera::choose_base_strategy() {
            Ok(dirs) => Ok(dirs.cache_dir().join("luago-harness")),
            Err(_) => bail!("there is no home folder to keep builds in; name one with --builds"),
        }
    }

    /// Builds or compiles what a target needs.
    pub fn prepare(&self, target: Target) -> Result<()> {
        match target.place {
            Place::Native => self.oracles.prepare(target.lua),
            Place::Sandbox(_) => self.sandboxes.prepare(target.lua),
        }
    }

    /// Runs a script once.
    pub fn run(&self, target: Target, job: &Job<'_>) -> Result<Observation> {
        match target.place {
            Place::Native => self.oracles.run(target.lua, job),
            Place::Sandbox(metering) => self.sandboxes.run(target.lua, metering, job, &[]),
        }
    }

    /// Runs a script once in the sandbox, with Go guests.
    pub fn run_with_go(&self, lua: Lua, job: &Job<'_>, guests: &[Granted]) -> Result<Observation> {
        self.sandboxes.run(lua, Metering::Deadline, job, guests)
    }

    /// What builds Go guests.
    pub fn go(&self) -> &GoBuilds {
        &self.go
    }

    /// Loads a Go guest from its file.
    pub fn go_module(&self, path: &Path) -> Result<GoModule> {
        self.sandboxes.go_module(path)
    }

    /// Nanoseconds of each of many runs, from a new state to its close.
    pub fn run_often(&self, target: Target, job: &Job<'_>, rounds: u64) -> Result<Vec<u64>> {
        match target.place {
            Place::Native => self.oracles.run_often(target.lua, job, rounds),
            Place::Sandbox(metering) => (0..rounds)
                .map(|_| {
                    let ran = self.sandboxes.run(target.lua, metering, job, &[])?;
                    Ok(ran.wall.as_nanos() as u64)
                })
                .collect(),
        }
    }

    /// The command line of the native interpreter, `luago-oracle`.
    pub fn native_program(&self, lua: Lua) -> Result<PathBuf> {
        self.oracles.program(lua)
    }
}

/// A folder `files` in a folder of its own, for scripts that write.
fn files_folder() -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    std::fs::create_dir(folder.path().join("files"))?;
    Ok(folder)
}
