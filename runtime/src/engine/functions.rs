//! Functions of Lua that are compiled, shared by all sandboxes of an engine.

use luago_abi::compiled::tag;
use luago_compiler::{Constant, Entry, Function, Seen, VERSION, compile};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use wasmtime::{Engine, Module};

/// Which functions of Lua are compiled to machine code of their own, and when.
///
/// Compiled code is as confined as the interpreter is. It is made of a function's bytecode, for Lua
/// 5.4 or 5.5, on Linux, and for sandboxes that are neither metered nor deterministic; elsewhere,
/// and where a function is too large, it is interpreted.
/// [`Usage::compiled`](crate::Usage::compiled) says how many were compiled.
///
/// ```
/// use luago::{Compile, Engine, Sandbox, Script};
///
/// let engine = Engine::builder().compile(Compile::Hot).build()?;
/// let mut sandbox = Sandbox::builder(&engine).build()?;
/// sandbox.run(&Script::new("sum", "local s = 0 for i = 1, 1e7 do s = s + i end print(s)"))?;
/// println!("{} compiled", sandbox.usage().compiled);
/// # Ok::<_, luago::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Compile {
    /// None: all are interpreted.
    #[default]
    Off,
    /// Those that are found running again and again, on a thread of the engine's own.
    Hot,
    /// All, when they are first called, which the script waits for. It is for tests: most
    /// functions do not run long enough to be worth it.
    Eager,
}

/// What a function is known by.
pub(crate) type Digest = [u8; 32];

/// The digest of a function that is entered at an instruction.
pub(crate) fn digest(function: &Function, entry: &Entry) -> Digest {
    let mut hasher = blake3::Hasher::new();
    hasher.update(VERSION.as_bytes());
    hasher.update(&function.version.number().to_le_bytes());
    hasher.update(&entry.pc.to_le_bytes());
    hasher.update(&(entry.seen.len() as u32).to_le_bytes());
    for seen in &entry.seen {
        hasher.update(&[match seen {
            Seen::Integer => 1,
            Seen::Float => 2,
            Seen::Other => 0,
        }]);
    }
    hasher.update(&[function.registers, function.parameters, u8::from(function.is_variadic)]);
    function.captured.iter().for_each(|bits| {
        hasher.update(&bits.to_le_bytes());
    });
    hasher.update(&(function.code.len() as u32).to_le_bytes());
    function.code.iter().for_each(|instruction| {
        hasher.update(&instruction.to_le_bytes());
    });
    hasher.update(&(function.locals.len() as u32).to_le_bytes());
    for (from, to) in &function.locals {
        hasher.update(&from.to_le_bytes());
        hasher.update(&to.to_le_bytes());
    }
    for constant in &function.constants {
        let (tag, payload) = match *constant {
            Constant::Integer(number) => (tag::INTEGER as u8, number.cast_unsigned()),
            Constant::Float(number) => (tag::FLOAT as u8, number.to_bits()),
            Constant::Other(tag) => (tag, 0),
        };
        hasher.update(&[tag]);
        hasher.update(&payload.to_le_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// What has become of a function.
#[derive(Clone)]
pub(crate) enum Found {
    /// It is not known, or waits to be compiled.
    Nothing,
    /// It cannot be compiled.
    Never,
    Module(Module),
}

/// The most functions that are remembered, and the bytes of machine code that are kept: whoever
/// sees ever new ones interprets them.
const MOST_KNOWN: usize = 10_000;
const MOST_BYTES: usize = 64 << 20;

/// How many prototypes that are the same make one that is wanted, however short each of them runs:
/// it is loaded again and again, or by sandbox after sandbox.
const LOOKS: u32 = 64;

/// For how many kinds of values a loop is compiled: one whose variables change between more is
/// compiled once for any.
const VARIANTS: u8 = 4;

/// The most that wait to be compiled.
const MOST_WAITING: usize = 100;

pub(crate) struct Functions {
    pub policy: Compile,
    engine: Engine,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    functions: HashMap<Digest, Found>,
    /// How often others were looked up at their first calls. It is forgotten when it is full.
    looks: HashMap<Digest, u32>,
    /// For how many kinds of values each loop is wanted, by its digest without them.
    variants: HashMap<Digest, u8>,
    /// The machine code of all.
    bytes: usize,
    waiting: usize,
    jobs: Option<Sender<Job>>,
}

struct Job {
    digest: Digest,
    function: Function,
    entry: Entry,
    /// Whoever waits for it.
    done: Option<Sender<Found>>,
}

impl Functions {
    pub fn new(engine: Engine, policy: Compile) -> Arc<Functions> {
        Arc::new(Functions { policy, engine, known: Mutex::default() })
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn find(&self, digest: &Digest) -> Option<Found> {
        self.known().functions.get(digest).cloned()
    }

    /// Whether a function that is not known has been looked up often enough to be wanted.
    pub fn is_looked_up_again(&self, digest: &Digest) -> bool {
        let mut known = self.known();
        if known.looks.len() >= MOST_KNOWN {
            known.looks.clear();
        }
        let looks = known.looks.entry(*digest).or_default();
        *looks += 1;
        let is_enough = *looks >= LOOKS;
        if is_enough {
            known.looks.remove(digest);
        }
        is_enough
    }

    /// Whether a function is wanted for so many kinds of values that the next are any.
    pub fn has_varied(&self, general: &Digest) -> bool {
        self.known().variants.get(general).is_some_and(|&variants| variants >= VARIANTS)
    }

    /// Counts one more of them.
    pub fn vary(&self, general: Digest) {
        let mut known = self.known();
        if known.variants.len() >= MOST_KNOWN {
            known.variants.clear();
        }
        *known.variants.entry(general).or_default() += 1;
    }

    /// Has it compiled, and waits for that.
    pub fn compile(
        self: &Arc<Functions>,
        digest: Digest,
        function: Function,
        entry: Entry,
    ) -> Found {
        let (done, result) = channel();
        self.send(Job { digest, function, entry, done: Some(done) });
        result.recv().unwrap_or(Found::Nothing)
    }

    /// Has it compiled some time.
    pub fn want(self: &Arc<Functions>, digest: Digest, function: Function, entry: Entry) {
        self.send(Job { digest, function, entry, done: None });
    }

    fn send(self: &Arc<Functions>, job: Job) {
        let mut known = self.known();
        let is_full = known.functions.len() >= MOST_KNOWN || known.bytes >= MOST_BYTES;
        if is_full || known.waiting >= MOST_WAITING {
            return;
        }
        if known.jobs.is_none() {
            known.jobs = start(Arc::downgrade(self));
        }
        let digest = job.digest;
        if let Some(jobs) = &known.jobs
            && jobs.send(job).is_ok()
        {
            known.waiting += 1;
            known.functions.insert(digest, Found::Nothing);
        }
    }

    fn make(&self, job: &Job) -> Found {
        let Ok(wasm) = compile(&[(&job.function, &job.entry)]) else { return Found::Never };
        Module::new(&self.engine, &wasm).map_or(Found::Never, Found::Module)
    }

    fn finish(&self, job: &Job) {
        // A mistake of a compiler costs the one function, and not the thread.
        let made = catch_unwind(AssertUnwindSafe(|| self.make(job)));
        let found = made.unwrap_or(Found::Never);
        let mut known = self.known();
        known.waiting -= 1;
        if let Found::Module(module) = &found {
            let range = module.image_range();
            known.bytes += range.end as usize - range.start as usize;
        }
        known.functions.insert(job.digest, found.clone());
        drop(known);
        if let Some(done) = &job.done {
            // Whoever waited may have been given up.
            let _ = done.send(found);
        }
    }
}

/// Starts the thread that compiles, which ends with what it compiles for. wasmtime compiles on
/// threads of rayon's, and the embedder may have filled those: this has one of its own.
fn start(functions: Weak<Functions>) -> Option<Sender<Job>> {
    let (sender, jobs) = channel::<Job>();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1);
    // Where all processors are busy, scripts that run come first.
    let pool = pool.start_handler(|_| crate::platform::priority::lower()).build().ok()?;
    let thread = std::thread::Builder::new().name("luago-compile".to_string());
    let started = thread.spawn(move || {
        while let Ok(job) = jobs.recv() {
            let Some(functions) = functions.upgrade() else { return };
            pool.install(|| functions.finish(&job));
        }
    });
    started.ok().map(|_| sender)
}
