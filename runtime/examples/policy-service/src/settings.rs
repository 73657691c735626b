//! What can be set, and what a host that faces the internet should choose.
//!
//! Nothing here is about what policies may do for good; it is about what the worst of them may
//! cost. The defaults are for policies that decide in a millisecond, from others' hands.

use luago::{Access, Capabilities, Engine, Error, GoGrant, Limits, Restart};
use std::path::PathBuf;
use std::time::Duration;

/// How the service works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The Lua file with the function `check`.
    pub policy: PathBuf,
    /// The SQLite file, which is made with some rows if it is not there.
    pub database: PathBuf,
    /// How often the policy's file is looked at.
    pub poll: Duration,
    /// The longest file that is taken for a policy, in bytes. The file is read and compiled
    /// by the service, beside all limits of sandboxes, so that what is too long is not read.
    pub policy_bytes: u64,

    /// How many requests may run Lua at the same time. Times what one sandbox may cost, it is
    /// the most memory that policies can take: see the README for the sum.
    pub pool_size: usize,
    /// How long a request waits for its turn before it is answered with 503: a queue without
    /// a bound is memory that clients choose, and answers that nobody waits for any more.
    pub wait: Duration,
    /// The longest body of a request, in bytes. It is read before any policy's limit holds.
    pub request_bytes: usize,
    /// The most of an error's message that a client gets, in bytes; a policy may raise one of
    /// a mebibyte.
    pub message_bytes: usize,
    /// The most of an error that is logged, in bytes, with its traceback. A policy that fails
    /// at each request would else write a mebibyte each time, to a disk that others need.
    pub log_bytes: usize,
    /// How long requests may take to end after the service was asked to. Then those that
    /// still run are interrupted: neither a policy nor a client that reads slowly keeps the
    /// service from ending.
    pub drain: Duration,

    /// How long the policy may take for a request, with what it waits for. A hundred times
    /// what it needs on a quiet day is enough; it bounds how long one holds its place.
    pub deadline: Duration,
    /// How many bytes of memory a sandbox may have. Lua starts with 2 MiB.
    pub memory: u64,
    /// How many bytes the host may keep for a sandbox beside that: arguments and results on
    /// their way, calls that wait, timers, tasks. Small, as requests and rows are.
    pub host_bytes: u64,
    /// How many bytes a policy may print. Nobody reads them, but they are counted and take
    /// time, and one that prints much is broken.
    pub output: u64,
    /// How many files each guest of a sandbox may have open. The process has a thousand or
    /// so descriptors for all, with those of its connections: times the pool, it has to fit.
    pub open_files: u32,
    /// How deep tables may lie in each other where they pass between Rust and Lua. A request
    /// has 1 level, a verdict too.
    pub value_depth: u32,
    /// How many values may pass in one call; each costs 16 bytes, and time of the host.
    pub value_elements: u32,
    /// How many bytes of strings may pass in one call, to `db.user` for instance. More than a
    /// request has, so that it can be passed on.
    pub value_bytes: u64,
    /// Bytes of segments, which policies share with Go guests. 0 where nothing uses them: each
    /// takes mappings, of which the whole process has a bounded number.
    pub segments: u64,

    /// A folder that policies see as `/data`, to read. There is no way to grant one that they
    /// can write: what one request leaves on a disk, the next one finds, and the disk fills.
    pub data: Option<PathBuf>,
    /// Where machine code is kept, so that only the first start compiles. What lies there is
    /// run as it is, so the folder is nowhere near `data` or any other that a guest sees.
    pub cache: Option<PathBuf>,
    /// Go programs that policies may call.
    pub guests: Vec<Guest>,
}

/// A Go program that policies may call.
#[derive(Debug, Clone)]
pub struct Guest {
    /// What it is called in `require`.
    pub name: String,
    /// The file with its WebAssembly.
    pub wasm: PathBuf,
    /// What it may reach and spend.
    pub grant: GoGrant,
}

impl Settings {
    /// Defaults for everything but the files.
    pub fn new(policy: impl Into<PathBuf>, database: impl Into<PathBuf>) -> Settings {
        Settings {
            policy: policy.into(),
            database: database.into(),
            poll: Duration::from_millis(250),
            policy_bytes: 256 << 10,
            pool_size: 64,
            wait: Duration::from_millis(500),
            request_bytes: 16 << 10,
            message_bytes: 1 << 10,
            log_bytes: 4 << 10,
            drain: Duration::from_secs(10),
            deadline: Duration::from_millis(100),
            memory: 16 << 20,
            host_bytes: 1 << 20,
            output: 64 << 10,
            open_files: 4,
            value_depth: 8,
            value_elements: 4096,
            value_bytes: 64 << 10,
            segments: 0,
            data: None,
            cache: None,
            guests: Vec::new(),
        }
    }

    /// The engine of a process that runs one service with these settings.
    ///
    /// # Errors
    ///
    /// [`Error::is_engine`]; [`Error::is_invalid`] for a pool of no size.
    pub fn engine(&self) -> Result<Engine, Error> {
        // One more than the pool has: the next version of the policy is loaded beside it.
        // Not more: it is the last bound on how many there can be at once.
        let most = u32::try_from(self.pool_size.saturating_add(1)).unwrap_or(u32::MAX);
        let builder = Engine::builder().max_sandboxes(most);
        match &self.cache {
            Some(folder) => builder.cache_dir(folder),
            None => builder,
        }
        .build()
    }

    /// What each sandbox may spend.
    pub fn limits(&self) -> Limits {
        Limits::default()
            .memory(self.memory)
            .deadline(self.deadline)
            .output(self.output)
            .host_bytes(self.host_bytes)
            .open_files(self.open_files)
            .value_depth(self.value_depth)
            .value_elements(self.value_elements)
            .value_bytes(self.value_bytes)
            .segments(self.segments)
    }

    /// What each sandbox may reach: no variable, no module, no folder but `data`.
    pub fn capabilities(&self) -> Capabilities {
        let nothing = Capabilities::default();
        match &self.data {
            Some(folder) => nothing.dir(folder, "/data", Access::ReadOnly),
            None => nothing,
        }
    }
}

impl Guest {
    /// A guest that may compute for a policy, and nothing else.
    pub fn new(name: impl Into<String>, wasm: impl Into<PathBuf>) -> Guest {
        let grant = GoGrant::new()
            // Go starts with 2.3 MiB; it counts beside the sandbox's own memory.
            .memory(16 << 20)
            // Go prints a panic, with the stacks of all goroutines, before it dies.
            .output(16 << 10)
            // Goroutines are not preempted. What computes for longer without looking up dies,
            // which the policy can catch, long before the deadline stops them both.
            .busy(Duration::from_millis(50))
            // Nobody waits for cancelled calls of a request that has been answered.
            .grace(Duration::from_millis(10))
            // A sandbox lives for a request, and the next one has a fresh guest anyhow. With a
            // restart a policy could have a guest die and start over until its deadline.
            .restart(Restart::Never)
            // On the thread of the request. Workers are threads of the process, and a pool of
            // 64 would have 64 times as many.
            .workers(0);
        Guest { name: name.into(), wasm: wasm.into(), grant }
    }
}
