//! All targets behind one door.

use super::go::GoBuilds;
use super::job::Job;
use super::native::Oracles;
use super::observation::Observation;
use super::pair::{Metering, Place, Target};
use super::sandbox::{Granted, Sandboxes};
use crate::lua::Lua;
use anyhow::{Result, bail};
use luago::GoModule;
use std::path::{Path, PathBuf};

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
