//! What a Lua guest exports, with the types of each.

use luago_abi::lua::exports as names;
use std::marker::PhantomData;
use wasmtime::{AsContextMut, Instance, TypedFunc, WasmParams, WasmResults};

/// An exported function: its name, what it takes, and what it gives; a status, unless the type
/// says otherwise.
pub(crate) struct Export<P, R = i32> {
    pub name: &'static str,
    types: PhantomData<fn(P) -> R>,
}

impl<P, R> Clone for Export<P, R> {
    fn clone(&self) -> Export<P, R> {
        *self
    }
}

impl<P, R> Copy for Export<P, R> {}

impl<P: WasmParams, R: WasmResults> Export<P, R> {
    const fn new(name: &'static str) -> Export<P, R> {
        Export { name, types: PhantomData }
    }

    /// The function of an instance.
    pub fn of(
        self,
        instance: Instance,
        store: impl AsContextMut,
    ) -> wasmtime::Result<TypedFunc<P, R>> {
        instance.get_typed_func(store, self.name)
    }
}

/// Makes room for input of so many bytes: the address, or 0.
pub(crate) const INPUT: Export<u32, u32> = Export::new(names::INPUT);
/// Where the mailbox is.
pub(crate) const MAILBOX: Export<(), u32> = Export::new(names::MAILBOX);

/// Sets the path for modules, of so many bytes of the input.
pub(crate) const SET_PATH: Export<u32> = Export::new(names::SET_PATH);
/// Makes a Go guest one that can be required, by its name.
pub(crate) const PRELOAD: Export<u32> = Export::new(names::PRELOAD);
/// Sets an element of `arg`: which, and the bytes of its value.
pub(crate) const SET_ARG: Export<(i32, u32)> = Export::new(names::SET_ARG);
/// Requires a module: where its name begins, behind that of a global, and where it ends.
pub(crate) const REQUIRE: Export<(u32, u32)> = Export::new(names::REQUIRE);

/// Adds an argument for the script that is run next.
pub(crate) const ARGUMENT: Export<u32> = Export::new(names::ARGUMENT);
/// Runs a script: the bytes of its name and of its code, and whether it is a file.
pub(crate) const RUN: Export<(u32, u32, i32)> = Export::new(names::RUN);
/// Loads a script as a function, given in the same way.
pub(crate) const LOAD: Export<(u32, u32, i32)> = Export::new(names::LOAD);
/// Runs a line that a person has typed.
pub(crate) const LINE: Export<u32> = Export::new(names::LINE);
/// Sends the prompt, of a first line or of a further one.
pub(crate) const PROMPT: Export<i32> = Export::new(names::PROMPT);
/// Sends the names that complete a line.
pub(crate) const COMPLETE: Export<u32> = Export::new(names::COMPLETE);

/// Calls a function: its handle, how many arguments there are, and the bytes of their frame.
pub(crate) const CALL: Export<(u32, u32, u32)> = Export::new(names::CALL);
/// Sends a global: how many names lead to it, and the bytes of their frame.
pub(crate) const GET: Export<(u32, u32)> = Export::new(names::GET);
/// Sets a global, or a field of a module: which of them, how many names and values, and bytes.
pub(crate) const SET: Export<(i32, u32, u32)> = Export::new(names::SET);
/// Makes handles for functions: how many, and the bytes of their frame.
pub(crate) const HANDLE: Export<(u32, u32)> = Export::new(names::HANDLE);
/// Has the guest ask for the handles that it can forget.
pub(crate) const RELEASE: Export<(), ()> = Export::new(names::RELEASE);

/// Has the guest say what becomes of its tasks, or not.
pub(crate) const TRACE: Export<u32, ()> = Export::new(names::TRACE);
/// Collects garbage and closes what a copy cannot have.
pub(crate) const FREEZE: Export<()> = Export::new(names::FREEZE);
/// Closes the state.
pub(crate) const CLOSE: Export<(), ()> = Export::new(names::CLOSE);

/// Has the interpreter stop itself at its next instruction.
pub(crate) const INTERRUPT: Export<(), ()> = Export::new(names::INTERRUPT);
/// Has the interpreter look at the time at its next instruction.
pub(crate) const EXPIRE: Export<(), ()> = Export::new(names::EXPIRE);
/// Notes the traceback of a guest that was trapped.
pub(crate) const TRACEBACK: Export<(), ()> = Export::new(names::TRACEBACK);
/// Sends the value of the error that a run ended with.
pub(crate) const ERROR_VALUE: Export<()> = Export::new(names::ERROR_VALUE);
/// Has functions compiled: whether they are looked up when they are first called, and how often
/// they have to be found running.
pub(crate) const COMPILE: Export<(u32, u32), ()> = Export::new(names::COMPILE);
/// Where the report of the last run is.
pub(crate) const REPORT: Export<(), u32> = Export::new(names::REPORT);
