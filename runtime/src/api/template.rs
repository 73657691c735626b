//! Sandboxes that start where another one has got to.

use crate::api::config::Config;
use crate::api::memory_image::MemoryImage;
use crate::lua::compiled::Compiled;
use crate::memory::Windows;
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
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub config: Arc<Config>,
    /// Whose handles are good for copies: the sandbox that this was made of, and those
    /// that it was a copy of.
    pub owners: Arc<[u64]>,
    pub image: MemoryImage,
    /// Its functions that are compiled, which are in the table of each copy.
    pub compiled: Option<Compiled>,
    /// What of it is there for segments.
    pub windows: Windows,
    /// The last number that a segment had in it.
    pub last_handle: u32,
}

impl Template {
    /// How many bytes are copied for each sandbox.
    pub fn size(&self) -> usize {
        self.inner.image.written()
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template")
            .field("version", &self.inner.config.version)
            .field("size", &self.size())
            .finish_non_exhaustive()
    }
}
