//! Native Lua, in processes of its own: whatever it does to itself is seen as an
//! observation.

use super::build;
use super::job::{Bounds, Job, files_folder};
use super::observation::{End, Observation};
use crate::lua::Lua;
use anyhow::{Context, Result};
use protocol::{Request, Response};
use std::collections::HashMap;
use std::io::{BufReader, BufWriter};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

#[allow(dead_code, reason = "the oracle uses the other half")]
#[path = "../../oracle/src/protocol.rs"]
mod protocol;

/// The oracles of every Lua.
pub struct Oracles {
    folder: PathBuf,
    pools: Mutex<HashMap<Lua, Arc<Pool>>>,
}

/// The idle processes of one Lua.
#[derive(Default)]
struct Pool {
    program: OnceLock<PathBuf>,
    building: Mutex<()>,
    idle: Mutex<Vec<Oracle>>,
}

impl Oracles {
    /// Oracles that are built in a folder when they are needed.
    pub fn new(folder: PathBuf) -> Oracles {
        Oracles { folder, pools: Mutex::default() }
    }

    /// Builds the oracle of a Lua.
    pub fn prepare(&self, lua: Lua) -> Result<()> {
        self.program(lua).map(drop)
    }

    /// Where the oracle of a Lua is, once it is built.
    pub fn program(&self, lua: Lua) -> Result<PathBuf> {
        let pool = self.pool(lua);
        let _one_at_a_time = pool.building.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(program) = pool.program.get() {
            return Ok(program.clone());
        }
        let program = build::oracle(&self.folder, lua)?;
        Ok(pool.program.get_or_init(|| program).clone())
    }

    /// Runs a script once.
    pub fn run(&self, lua: Lua, job: &Job<'_>) -> Result<Observation> {
        let response = self.ask(lua, job, 1)?;
        Ok(Observation {
            end: match response.end {
                protocol::End::Exit(code) => End::Exit(code),
                protocol::End::Signal(signal) => End::Signal(signal),
                protocol::End::Time => End::Time,
                protocol::End::Memory => End::Memory,
                protocol::End::Output => End::Output,
            },
            wall: Duration::from_nanos(response.walls.first().copied().unwrap_or(response.total)),
            stdout: response.stdout,
            stderr: response.stderr,
            peak_memory: response.peak_memory,
        })
    }

    /// Nanoseconds of each of many runs in one process.
    pub fn run_often(&self, lua: Lua, job: &Job<'_>, rounds: u64) -> Result<Vec<u64>> {
        Ok(self.ask(lua, job, rounds)?.walls)
    }

    fn ask(&self, lua: Lua, job: &Job<'_>, rounds: u64) -> Result<Response> {
        let program = self.program(lua)?;
        let own = if job.files { Some(files_folder()?) } else { None };
        let folder = own.as_ref().map(|own| own.path()).or(job.folder);
        let folder = folder.map(std::path::absolute).transpose()?;
        let Bounds { time, memory, output } = job.bounds;
        let request = Request {
            name: job.name.into(),
            code: job.code.to_vec(),
            args: job.args.to_vec(),
            stdin: job.stdin.to_vec(),
            folder: folder
                .map(|folder| folder.into_os_string().into_encoded_bytes())
                .unwrap_or_default(),
            time: time.as_millis() as u64,
            memory: memory.unwrap_or(0),
            output,
            rounds,
        };
        let pool = self.pool(lua);
        let idle = pool.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut oracle = match idle {
            Some(oracle) => oracle,
            None => Oracle::start(&program)?,
        };
        let response = oracle
            .ask(&request)
            .with_context(|| format!("the oracle for Lua {lua} does not answer"))?;
        // One that failed is dropped, and ended with it.
        pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(oracle);
        Ok(response)
    }

    fn pool(&self, lua: Lua) -> Arc<Pool> {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(pools.entry(lua).or_default())
    }
}

/// A process that runs scripts.
struct Oracle {
    child: Child,
    requests: BufWriter<ChildStdin>,
    responses: BufReader<ChildStdout>,
}

impl Oracle {
    fn start(program: &PathBuf) -> Result<Oracle> {
        let mut child = Command::new(program)
            .arg("--serve")
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let (requests, responses) = (child.stdin.take(), child.stdout.take());
        Ok(Oracle {
            requests: BufWriter::new(requests.context("the oracle has no standard input")?),
            responses: BufReader::new(responses.context("the oracle has no standard output")?),
            child,
        })
    }

    fn ask(&mut self, request: &Request) -> std::io::Result<Response> {
        request.write(&mut self.requests)?;
        Response::read(&mut self.responses)
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
