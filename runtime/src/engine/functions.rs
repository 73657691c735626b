//! Functions of Lua that are compiled, shared by all sandboxes of an engine.

use luago_compiler::{Constant, Function, VERSION, compile};
use std::collections::HashMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use wasmtime::{Engine, Module};

/// Which functions of Lua are compiled to machine code of their own, and when.
///
/// Compiled code is as confined as the interpreter is. It is made of a function's bytecode, for
/// Lua 5.4 and for sandboxes that are not metered.
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
pub(crate) fn digest(function: &Function, entry: u32) -> Digest {
    let mut hasher = blake3::Hasher::new();
    hasher.update(VERSION.as_bytes());
    hasher.update(&entry.to_le_bytes());
    hasher.update(&[function.registers, u8::from(function.is_variadic)]);
    function.captured.iter().for_each(|bits| {
        hasher.update(&bits.to_le_bytes());
    });
    hasher.update(&(function.code.len() as u32).to_le_bytes());
    function.code.iter().for_each(|instruction| {
        hasher.update(&instruction.to_le_bytes());
    });
    for constant in &function.constants {
        let (tag, payload) = match *constant {
            Constant::Integer(number) => (3, number.cast_unsigned()),
            Constant::Float(number) => (0x13, number.to_bits()),
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

/// The most functions that are kept: whoever sees ever new ones interprets them.
const MOST_KEPT: usize = 10_000;

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
    waiting: usize,
    jobs: Option<Sender<Job>>,
}

struct Job {
    digest: Digest,
    function: Function,
    entry: u32,
}

impl Functions {
    pub fn new(engine: Engine, policy: Compile) -> Arc<Functions> {
        Arc::new(Functions { policy, engine, known: Mutex::default() })
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn find(&self, digest: &Digest) -> Option<Found> {
        self.known().functions.get(digest).cloned()
    }

    /// Compiles it now.
    pub fn compile(&self, digest: Digest, function: &Function, entry: u32) -> Found {
        let found = self.make(function, entry);
        let mut known = self.known();
        if known.functions.len() < MOST_KEPT || known.functions.contains_key(&digest) {
            known.functions.insert(digest, found.clone());
        }
        found
    }

    fn make(&self, function: &Function, entry: u32) -> Found {
        let Ok(wasm) = compile(&[(function, entry as usize)]) else { return Found::Never };
        match Module::new(&self.engine, &wasm) {
            Ok(module) => Found::Module(module),
            Err(error) => {
                debug_assert!(false, "a module that is not valid: {error:?}");
                Found::Never
            }
        }
    }

    /// Has it compiled on a thread of its own.
    pub fn want(self: &Arc<Functions>, digest: Digest, function: Function, entry: u32) {
        let mut known = self.known();
        if known.waiting >= MOST_WAITING || known.functions.len() >= MOST_KEPT {
            return;
        }
        if known.jobs.is_none() {
            let (sender, jobs) = channel::<Job>();
            let functions: Weak<Functions> = Arc::downgrade(self);
            let thread = std::thread::Builder::new().name("luago-compile".to_string());
            let started = thread.spawn(move || {
                while let Ok(job) = jobs.recv() {
                    let Some(functions) = functions.upgrade() else { return };
                    functions.compile(job.digest, &job.function, job.entry);
                    functions.known().waiting -= 1;
                }
            });
            if started.is_err() {
                return;
            }
            known.jobs = Some(sender);
        }
        known.functions.insert(digest, Found::Nothing);
        if let Some(jobs) = &known.jobs
            && jobs.send(Job { digest, function, entry }).is_ok()
        {
            known.waiting += 1;
        }
    }
}
