//! From a sandbox to a template, and from a template to sandboxes.

use crate::api::config::Streams;
use crate::api::memory_image::MemoryImage;
use crate::api::sandbox::Sandbox;
use crate::api::template::{Inner, Template};
use crate::error::Error;
use crate::host::mailbox::broken;
use crate::lua::{compile, exports};
use crate::outcome::End;
use crate::value::function::Owner;
use std::sync::Arc;

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
        let end = self.ending(result);
        self.end();
        match end? {
            End::Returned => {}
            end => return Err(Error::ended(end)),
        }
        if self.guest.store.data().calls.functions.has_owned() {
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
        let Sandbox { mut guest, config, owner, template, .. } = self;
        let compiled = guest.store.data_mut().compiled.take();
        guest.give_back();
        let older = template.as_ref().map_or(&[][..], |template| &template.inner.owners);
        let owners: Arc<[u64]> = older.iter().copied().chain([owner.id()]).collect();
        let state = config.state(Streams::default(), &owner, [].into())?;
        let mut fresh = config.engine.lua().start(config.version, config.is_metered(), state)?;
        let image = {
            let fresh = fresh.parts().0;
            MemoryImage::new(&memory, fresh.bytes().whole().unwrap_or_default())
        };
        fresh.give_back();
        let inner = Inner { config, owners, image, compiled, windows, last_handle };
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
        let mut guest = config.engine.lua().start(config.version, config.is_metered(), state)?;
        let state = guest.parts().1;
        state.segments.set_windows(inner.windows.emptied());
        state.segments.handles.go_on_from(inner.last_handle);
        state.limiter.set_windows(state.segments.reserved());
        if !guest.grow_to(inner.image.size) {
            return Err(Error::engine("start a sandbox", broken("its memory cannot grow")));
        }
        let mut memory = guest.parts().0;
        let written = inner.image.write(&mut memory);
        written
            .ok_or_else(|| Error::engine("start a sandbox", broken("its memory is too small")))?;
        if let Some(compiled) = &inner.compiled {
            compile::install_all(&mut guest.store, compiled)
                .ok_or_else(|| Error::engine("start a sandbox", broken("its table cannot grow")))?;
        }
        guest.seal_windows().map_err(|why| Error::engine("start a sandbox", broken(&why)))?;
        Ok(Sandbox::with_guest(guest, config, owner, Some(self.clone())))
    }
}
