//! All targets behind one type.

use super::go::GoBuilds;
use super::job::Job;
use super::native::Oracles;
use super::observation::Observation;
use super::pair::{Backend, Metering, Target};
use super::sandbox::{GrantedGuest, Sandboxes};
use crate::lua::Lua;
use anyhow::{Result, bail};
use luago::{Compile, GoModule};
use std::path::{Path, PathBuf};

/// Everything that can run scripts, started on first use. Threads share it.
pub struct Targets {
    oracles: Oracles,
    sandboxes: Sandboxes,
    go: GoBuilds,
}

impl Targets {
    /// Targets that keep their builds in a folder. `guests` is the folder of another build of
    /// the interpreters for the sandboxes to run.
    pub fn new(builds: PathBuf, guests: Option<&Path>) -> Result<Targets> {
        Targets::compiling(builds, guests, Compile::Off)
    }

    /// The same, and sandboxes compile functions of Lua.
    pub fn compiling(builds: PathBuf, guests: Option<&Path>, compile: Compile) -> Result<Targets> {
        Ok(Targets {
            sandboxes: Sandboxes::new(&builds.join("compile-cache"), guests, compile)?,
            oracles: Oracles::new(builds.join("oracle")),
            go: GoBuilds::new(builds),
        })
    }

    /// The default folder for builds: the target folder if cargo built this program, otherwise
    /// a folder in the user's cache.
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
        match target.backend {
            Backend::Native => self.oracles.prepare(target.lua),
            Backend::Sandbox(_) => self.sandboxes.prepare(target.lua),
        }
    }

    /// Runs a script once.
    pub fn run(&self, target: Target, job: &Job<'_>) -> Result<Observation> {
        match target.backend {
            Backend::Native => self.oracles.run(target.lua, job),
            Backend::Sandbox(metering) => self.sandboxes.run(target.lua, metering, job, &[]),
        }
    }

    /// Runs a script once in the sandbox, with Go guests.
    pub fn run_with_go(
        &self,
        lua: Lua,
        job: &Job<'_>,
        guests: &[GrantedGuest],
    ) -> Result<Observation> {
        self.sandboxes.run(lua, Metering::Deadline, job, guests)
    }

    /// The builder of Go guests.
    pub fn go(&self) -> &GoBuilds {
        &self.go
    }

    /// Loads a Go guest from its file.
    pub fn go_module(&self, path: &Path) -> Result<GoModule> {
        self.sandboxes.go_module(path)
    }

    /// Runs a script many times and returns the nanoseconds of each run, from creating the
    /// state to closing it.
    pub fn run_often(&self, target: Target, job: &Job<'_>, rounds: u64) -> Result<Vec<u64>> {
        match target.backend {
            Backend::Native => self.oracles.run_often(target.lua, job, rounds),
            Backend::Sandbox(metering) => (0..rounds)
                .map(|_| {
                    let ran = self.sandboxes.run(target.lua, metering, job, &[])?;
                    Ok(ran.wall.as_nanos() as u64)
                })
                .collect(),
        }
    }

    /// The path of the native interpreter, `luago-oracle`.
    pub fn native_program(&self, lua: Lua) -> Result<PathBuf> {
        self.oracles.program(lua)
    }
}
