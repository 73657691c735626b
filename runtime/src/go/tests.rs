//! A guest that speaks the ABI by itself, in every situation that it can bring about.

use super::guest::{Entry, Environment, Exit, GoGuest};
use super::module::GoModule;
use crate::grants::go_grant::GoGrant;
use crate::host::interrupt::InterruptHandle;
use crate::host::wasi::FileQuota;
use crate::ledger::Ledger;
use crate::memory::Budget;
use crate::{Engine, Stop};
use luago_test_support::folders::compile_cache;
use luago_test_support::go_build;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

mod exits;
mod loading;
mod reach;
mod tamper;
mod tasks;
mod time;

/// An engine with a cache, as compiling takes a second.
static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::builder().cache_dir(compile_cache()).build().unwrap());

static MODULE: LazyLock<GoModule> = LazyLock::new(|| GoModule::new(&ENGINE, wasm()).unwrap());

fn wasm() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/go/tests/guest");
    std::fs::read(go_build(&folder, &[])).unwrap()
}

fn environment() -> Environment {
    let ticker = ENGINE.core().ticker.clone();
    let interrupt = InterruptHandle::new(ticker.clone());
    Environment {
        interrupt,
        ticker,
        deterministic: None,
        metered: false,
        sharing: ENGINE.core().sharing,
        budget: Budget::new(1 << 20, Ledger::endless()),
        room: FileQuota::new(256, Ledger::endless()),
        notify: Arc::new(|_| {}),
    }
}

fn deterministic(seed: u64) -> Environment {
    Environment { deterministic: Some(seed), metered: true, ..environment() }
}

fn try_start(grant: &GoGrant) -> Result<GoGuest, Exit> {
    GoGuest::start(ENGINE.core(), &MODULE, "geo", grant, environment(), &Entry::default())
}

fn start(grant: &GoGrant) -> GoGuest {
    try_start(grant).unwrap()
}

fn start_in(environment: Environment, entry: &Entry) -> GoGuest {
    GoGuest::start(ENGINE.core(), &MODULE, "geo", &GoGrant::new(), environment, entry).unwrap()
}

impl GoGuest {
    /// The number of a function.
    fn number(&self, name: &str) -> u32 {
        let position = self.functions().iter().position(|function| function.name == name);
        u32::try_from(position.unwrap()).unwrap()
    }

    /// Calls a function of integers here and now; the address of its one result.
    fn try_call(&mut self, name: &str, arguments: &[i64]) -> Result<u32, Exit> {
        let frame: Vec<u8> = arguments.iter().flat_map(|&argument| integer(argument)).collect();
        let len = frame.len() as u32;
        let at = self.room(len)?.unwrap();
        self.memory_mut().get_mut(at, len).unwrap().copy_from_slice(&frame);
        let number = self.number(name);
        let answer = self.call(number, arguments.len() as u32, len)?;
        assert_eq!((answer.status(), answer.count(), answer.len()), (0, 1, 16));
        Ok(self.outbox())
    }

    fn integer(&mut self, name: &str, arguments: &[i64]) -> i64 {
        let at = self.try_call(name, arguments).unwrap();
        let bytes = self.memory().get(at + 8, 8).unwrap();
        i64::from_le_bytes(bytes.try_into().unwrap())
    }

    fn string(&mut self, name: &str) -> String {
        let at = self.try_call(name, &[]).unwrap();
        let len = self.memory().u32_at(at + 4).unwrap();
        let bytes = self.memory().get(self.memory().u32_at(at + 8).unwrap(), len).unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    /// Why a call ended the guest.
    fn exit(&mut self, name: &str, arguments: &[i64]) -> String {
        guilty(self.try_call(name, arguments).unwrap_err())
    }
}

/// A slot with an integer.
fn integer(value: i64) -> [u8; 16] {
    let mut slot = [0; 16];
    slot[0] = 2;
    slot[8..].copy_from_slice(&value.to_le_bytes());
    slot
}

fn guilty(exit: Exit) -> String {
    match exit {
        Exit::Guest(why) => why,
        Exit::Sandbox(halt) => panic!("the sandbox was stopped: {halt}"),
    }
}

/// Deadlines of a sandbox and the like.
fn stopped(exit: Exit) -> Stop {
    match exit {
        Exit::Sandbox(crate::host::interrupt::Halt::Stop(stop)) => stop,
        other => panic!("not stopped with its sandbox: {other:?}"),
    }
}

const MS: Duration = Duration::from_millis(1);
