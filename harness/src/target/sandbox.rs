//! The sandbox, through the crate `luago`.

use super::job::{Job, files_folder};
use super::observation::{End, Observation};
use super::pair::Metering;
use crate::lua::Lua;
use anyhow::{Context, Result, anyhow};
use luago::{
    Access, Capabilities, Compile, Engine, GoGrant, GoModule, Limits, LuaVersion, OutputBuffer,
    Sandbox, Script, Stop,
};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// A Go guest that a sandbox gets.
#[derive(Debug, Clone)]
pub struct GrantedGuest {
    /// Its name in Lua.
    pub name: String,
    /// Its module.
    pub module: GoModule,
    /// Its capabilities and limits.
    pub grant: GoGrant,
}

/// An engine that runs scripts in sandboxes.
pub struct Sandboxes {
    engine: Engine,
}

impl Sandboxes {
    /// Sandboxes with a compile cache in a folder. `guests` may hold interpreters of another
    /// build, `lua51.wasm` to `lua55.wasm`.
    pub fn new(cache: &Path, guests: Option<&Path>, compile: Compile) -> Result<Sandboxes> {
        let mut builder = Engine::builder().cache_dir(cache).max_sandboxes(256).compile(compile);
        for lua in guests.iter().flat_map(|_| Lua::PUC) {
            let name = format!("lua{}.wasm", lua.name().replace('.', ""));
            let path = guests.unwrap_or(cache).join(name);
            if path.is_file() {
                let wasm = std::fs::read(&path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                builder = builder.interpreter(version(lua)?, wasm);
            }
        }
        Ok(Sandboxes { engine: builder.build()? })
    }

    /// Compiles the interpreter of a version.
    pub fn prepare(&self, lua: Lua) -> Result<()> {
        Ok(self.engine.prepare(version(lua)?)?)
    }

    /// Loads a Go guest from its file.
    pub fn go_module(&self, path: &Path) -> Result<GoModule> {
        Ok(GoModule::from_file(&self.engine, path)?)
    }

    /// Runs a script once, with these Go guests. A panic of the host is observed as a fault.
    pub fn run(
        &self,
        lua: Lua,
        metering: Metering,
        job: &Job<'_>,
        guests: &[GrantedGuest],
    ) -> Result<Observation> {
        match catch_unwind(AssertUnwindSafe(|| self.observe(lua, metering, job, guests))) {
            Ok(observed) => observed,
            Err(panic) => {
                let message = panic
                    .downcast_ref::<String>()
                    .map(String::as_str)
                    .or_else(|| panic.downcast_ref::<&str>().copied())
                    .unwrap_or("with no message");
                Ok(Observation {
                    end: End::Fault(format!("the host panicked: {message}")),
                    stdout: Vec::new(),
                    stderr: Vec::new(),
                    wall: Duration::ZERO,
                    peak_memory: 0,
                })
            }
        }
    }

    fn observe(
        &self,
        lua: Lua,
        metering: Metering,
        job: &Job<'_>,
        guests: &[GrantedGuest],
    ) -> Result<Observation> {
        let (stdout, stderr) = (OutputBuffer::new(), OutputBuffer::new());
        let own = if job.files { Some(files_folder()?) } else { None };
        let mut capabilities = Capabilities::default();
        if let Some(own) = &own {
            capabilities = capabilities.dir(own.path().join("files"), "files", Access::ReadWrite);
        } else if let Some(folder) = job.folder {
            capabilities = capabilities.modules(folder);
        }
        let mut limits = Limits::default().deadline(job.bounds.time).output(job.bounds.output);
        if let Some(memory) = job.bounds.memory {
            limits = limits.memory(memory);
        }
        if metering == Metering::Fuel {
            limits = limits.fuel(u64::MAX);
        }
        let start = Instant::now();
        let mut builder = Sandbox::builder(&self.engine)
            .lua(version(lua)?)
            .limits(limits)
            .capabilities(capabilities)
            .stdin_bytes(job.stdin)
            .stdout(stdout.clone())
            .stderr(stderr.clone());
        for GrantedGuest { name, module, grant } in guests {
            builder = builder.go(name, module.clone(), grant.clone());
        }
        let mut sandbox = builder.build()?;
        sandbox.set_arg(-1, "lua")?;
        sandbox.set_arg(0, job.name)?;
        for (index, arg) in (1..).zip(job.args) {
            sandbox.set_arg(index, arg)?;
        }
        let script = Script::file(job.name, job.code).args(job.args.iter().cloned());
        let mut ran = sandbox.run(&script)?;
        let mut peak_memory = ran.usage.peak_memory;
        let mut failed = false;
        if let Some(error) = ran.error() {
            failed = true;
            // As `lua` does, before finalizers run. Lua before 5.3 prints nothing for an error
            // without a value.
            if !(error.message.is_empty() && error.traceback.is_empty()) {
                stderr.clone().write_all(format!("lua: {error}\n").as_bytes())?;
            }
        }
        if !sandbox.is_dead() {
            let closed = sandbox.close()?;
            peak_memory = peak_memory.max(closed.usage.peak_memory);
            if ran.is_returned() || !closed.is_returned() {
                ran = closed;
            }
        }
        let wall = start.elapsed();
        let end = match ran.end {
            luago::End::Returned if !failed => End::Exit(0),
            luago::End::Returned | luago::End::Error(_) => End::Exit(1),
            luago::End::Exited(code) => End::Exit(code & 0xff),
            luago::End::Stopped(stopped) => match stopped.stop {
                Stop::Deadline { .. } => End::Time,
                Stop::Memory { .. } => End::Memory,
                Stop::Output { .. } => End::Output,
                stop => End::Fault(stop.to_string()),
            },
            other => End::Fault(format!("{other:?}")),
        };
        Ok(Observation { end, stdout: stdout.take(), stderr: stderr.take(), wall, peak_memory })
    }
}

fn version(lua: Lua) -> Result<LuaVersion> {
    lua.name().parse().map_err(|error: String| anyhow!(error))
}
