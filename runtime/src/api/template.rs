//! Sandboxes that start where another one has got to.

use crate::api::config::{Config, Streams};
use crate::api::sandbox::Sandbox;
use crate::error::Error;
use crate::host::mailbox::broken;
use crate::lua::guest::Guest;
use crate::memory::Windows;
use crate::outcome::End;
use crate::value::function::Owner;
use luago_abi::lua::exports;
use std::fmt;
use std::sync::Arc;

/// The state of a sandbox after its scripts have been loaded, from which any number of
/// sandboxes start in microseconds. Clones share it.
///
/// What the sandbox had in memory, its copies have: globals, loaded scripts, functions of
/// the host. Handles of its functions are good for all of them. Random numbers differ
/// from copy to copy, unless the script has seeded them itself. Files that it had open
/// are closed in the copies.
///
/// ```
/// use luago::{Engine, Sandbox, Script};
///
/// let engine = Engine::new()?;
/// let mut sandbox = Sandbox::builder(&engine).build()?;
/// sandbox.run(&Script::new("rules", "n = 0  function count() n = n + 1 return n end"))?;
/// let count: luago::Function = sandbox.get("count")?;
/// let template = sandbox.into_template()?;
///
/// let (mut one, mut other) = (template.instantiate()?, template.instantiate()?);
/// assert_eq!(one.call::<i64>(&count, ())?, 1);
/// assert_eq!(one.call::<i64>(&count, ())?, 2);
/// assert_eq!(other.call::<i64>(&count, ())?, 1);
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Clone)]
pub struct Template {
    inner: Arc<Inner>,
}

struct Inner {
    config: Arc<Config>,
    /// Whose handles are good for copies: the sandbox that this was made of, and those
    /// that it was a copy of.
    owners: Arc<[u64]>,
    /// The size of the memory in bytes.
    size: usize,
    /// What differs from a guest that has just started.
    runs: Vec<Run>,
    /// What of it is there for segments.
    windows: Windows,
    /// The last number that a segment had in it.
    last_handle: u32,
}

struct Run {
    at: usize,
    bytes: Vec<u8>,
}

/// Bytes that are compared at once. A copy of less than a page costs no page.
const CHUNK: usize = 512;

impl Sandbox {
    /// Makes a template of this sandbox. Garbage is collected first.
    ///
    /// # Errors
    ///
    /// [`Error::is_dead`]; [`Error::lua_error`] from a finalizer; [`Error::is_invalid`] while
    /// Lua has functions of [`create_function`](Self::create_function), which belong to one
    /// sandbox.
    pub fn into_template(mut self) -> Result<Template, Error> {
        self.begin()?;
        let result = self.guest.call(exports::FREEZE, ());
        let end = self.end_of(result);
        self.end();
        match end {
            End::Returned => {}
            end => return Err(Error::ended(end)),
        }
        if self.guest.store.data().exchange.functions.has_owned() {
            return Err(Error::invalid(vec![
                "a function of create_function belongs to one sandbox and cannot be part of a \
                 template; register it by name"
                    .to_string(),
            ]));
        }
        let segments = &mut self.guest.store.data_mut().segments;
        segments.unseal_windows();
        let (windows, has_segments) = (segments.windows(), segments.handles.len() > 0);
        let last_handle = segments.handles.last();
        let memory = self.guest.parts().0.bytes().whole().map(<[u8]>::to_vec);
        let memory = memory.filter(|_| !has_segments);
        let Some(memory) = memory else {
            return Err(Error::invalid(vec![
                "a segment cannot be part of a template; close all that the script has".to_string(),
            ]));
        };
        // Its place may be the only one there is.
        let Sandbox { guest, config, owner, template, .. } = self;
        guest.give_back();
        let older = template.as_ref().map_or(&[][..], |template| &template.inner.owners);
        let owners: Arc<[u64]> = older.iter().copied().chain([owner.id()]).collect();
        let state = config.state(Streams::default(), &owner, [].into())?;
        let mut fresh = Guest::start(&config.engine, config.version, config.is_metered(), state)?;
        let runs = {
            let fresh = fresh.parts().0;
            differences(&memory, fresh.bytes().whole().unwrap_or_default())
        };
        fresh.give_back();
        let inner = Inner { config, owners, size: memory.len(), runs, windows, last_handle };
        Ok(Template { inner: Arc::new(inner) })
    }

    /// Makes the sandbox as it was when it was new: as its template has it, or as it was
    /// built; what was registered since is gone. Standard output and error and the deadline
    /// stay what they are; standard input is empty, and handles of functions and for
    /// interrupts are no longer good. Works for a dead sandbox, too.
    ///
    /// ```
    /// use luago::{Engine, Sandbox, Script};
    ///
    /// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
    /// sandbox.run(&Script::new("mess", "x = 1  os.exit(3)"))?;
    /// assert!(sandbox.is_dead());
    /// sandbox.reset()?;
    /// assert_eq!(sandbox.get::<Option<i64>>("x")?, None);
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn reset(&mut self) -> Result<(), Error> {
        self.is_dead = true;
        let old =
            self.guest.vacate(self.config.state(Streams::default(), &self.owner, [].into())?);
        let streams = Streams {
            stdout: old.output.stdout,
            stderr: old.output.stderr,
            terminals: old.terminals,
            ..Streams::default()
        };
        let deadline = self.limits.get_deadline();
        *self = match &self.template {
            Some(template) => template.start(streams)?,
            None => Sandbox::assemble(Arc::clone(&self.origin), streams)?,
        };
        self.set_deadline(deadline);
        Ok(())
    }
}

impl Template {
    /// A new sandbox.
    ///
    /// # Errors
    ///
    /// [`Error::is_busy`] when the engine is full.
    pub fn instantiate(&self) -> Result<Sandbox, Error> {
        self.start(Streams::default())
    }

    fn start(&self, streams: Streams) -> Result<Sandbox, Error> {
        let inner = &*self.inner;
        let config = Arc::clone(&inner.config);
        let owner = Owner::new();
        let state = config.state(streams, &owner, Arc::clone(&inner.owners))?;
        let mut guest = Guest::start(&config.engine, config.version, config.is_metered(), state)?;
        let state = guest.parts().1;
        state.segments.set_windows(inner.windows.emptied());
        state.segments.handles.go_on_from(inner.last_handle);
        state.limiter.set_windows(state.segments.reserved());
        if !guest.grow_to(inner.size) {
            return Err(Error::engine("start a sandbox", broken("its memory cannot grow")));
        }
        let mut memory = guest.parts().0;
        for run in &inner.runs {
            let written = u32::try_from(run.at).ok().and_then(|at| memory.write(at, &run.bytes));
            written.ok_or_else(|| {
                Error::engine("start a sandbox", broken("its memory is too small"))
            })?;
        }
        guest.seal_windows().map_err(|why| Error::engine("start a sandbox", broken(&why)))?;
        Ok(Sandbox::with_guest(guest, config, owner, Some(self.clone())))
    }

    /// How many bytes are copied for each sandbox.
    pub fn size(&self) -> usize {
        self.inner.runs.iter().map(|run| run.bytes.len()).sum()
    }
}

/// What has to be written over `fresh`, and the zeros after it, to make `memory` of it.
fn differences(memory: &[u8], fresh: &[u8]) -> Vec<Run> {
    const ZEROS: [u8; CHUNK] = [0; CHUNK];
    let mut runs: Vec<Run> = Vec::new();
    for (index, chunk) in memory.chunks(CHUNK).enumerate() {
        let at = index * CHUNK;
        let before = fresh.get(at..at + chunk.len()).unwrap_or(&ZEROS[..chunk.len()]);
        if chunk == before {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.at + run.bytes.len() == at => run.bytes.extend_from_slice(chunk),
            _ => runs.push(Run { at, bytes: chunk.to_vec() }),
        }
    }
    runs
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template")
            .field("version", &self.inner.config.version)
            .field("size", &self.size())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn differences_make_the_memory_again(
            fresh in proptest::collection::vec(any::<u8>(), 0..3000),
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
            more in 0usize..3000,
        ) {
            let mut memory = fresh.clone();
            memory.resize(fresh.len() + more + 1, 0);
            for (at, byte) in changes {
                let at = at.index(memory.len());
                memory[at] = byte;
            }
            let mut copy = fresh.clone();
            copy.resize(memory.len(), 0);
            for run in differences(&memory, &fresh) {
                copy[run.at..run.at + run.bytes.len()].copy_from_slice(&run.bytes);
            }
            prop_assert_eq!(copy, memory);
        }
    }
}
