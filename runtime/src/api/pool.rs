//! Sandboxes for requests that come at the same time.

use crate::api::sandbox::Sandbox;
use crate::api::template::Template;
use crate::engine::block_on::block_on;
use crate::error::Error;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Hands out sandboxes, each fresh from a template and used once, and never more of them
/// at a time than it was built for. Who finds none waits for one, in the order of coming.
/// Clones share it.
///
/// ```
/// use luago::{Engine, Sandbox, SandboxPool, Script};
///
/// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
/// sandbox.run(&Script::new("policy", "function allow(size) return size < 100 end"))?;
/// let pool = SandboxPool::new(sandbox.into_template()?, 4)?;
///
/// let mut sandbox = pool.get()?;
/// assert!(sandbox.call::<bool>("allow", 7)?);
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Clone)]
pub struct SandboxPool {
    inner: Arc<Inner>,
}

struct Inner {
    template: RwLock<Template>,
    places: Arc<Semaphore>,
    size: usize,
}

/// A sandbox of a pool. Its place is free again when it is dropped.
///
/// ```
/// use luago::{Engine, Sandbox, SandboxPool};
///
/// let template = Sandbox::builder(&Engine::new()?).build()?.into_template()?;
/// let pool = SandboxPool::new(template, 1)?;
/// let sandbox = pool.get()?;
/// assert_eq!(pool.in_use(), 1);
/// drop(sandbox);
/// assert_eq!(pool.in_use(), 0);
/// # Ok::<(), luago::Error>(())
/// ```
pub struct PooledSandbox {
    // Dropped first: the place is free when the sandbox is gone.
    sandbox: Sandbox,
    _place: OwnedSemaphorePermit,
}

impl SandboxPool {
    /// A pool of at most `size` sandboxes at a time. The engine has to have room for them.
    ///
    /// # Errors
    ///
    /// [`Error::is_invalid`] for a size of 0.
    pub fn new(template: Template, size: usize) -> Result<SandboxPool, Error> {
        if size == 0 || size > Semaphore::MAX_PERMITS {
            return Err(Error::invalid(vec![format!("a pool cannot have {size} sandboxes")]));
        }
        let places = Arc::new(Semaphore::new(size));
        let inner = Inner { template: RwLock::new(template), places, size };
        Ok(SandboxPool { inner: Arc::new(inner) })
    }

    /// A fresh sandbox. Blocks the thread until there is a place.
    pub fn get(&self) -> Result<PooledSandbox, Error> {
        self.wait_until(None)
    }

    /// The same, but waits no longer than so long.
    ///
    /// # Errors
    ///
    /// [`Error::is_busy`] if no place has become free.
    pub fn get_timeout(&self, wait: Duration) -> Result<PooledSandbox, Error> {
        self.wait_until(Instant::now().checked_add(wait))
    }

    /// A fresh sandbox, under any executor. Bound the wait with the executor's own timeout;
    /// a future that is dropped leaves the queue.
    pub async fn get_async(&self) -> Result<PooledSandbox, Error> {
        let place = Arc::clone(&self.inner.places).acquire_owned().await;
        self.fill(place.map_err(|_| Error::pool_busy(self.inner.size))?)
    }

    /// Makes all sandboxes from now on from another template. Those that are in use go on
    /// as they are, so no request is lost.
    pub fn replace(&self, template: Template) {
        *self.inner.template.write().unwrap_or_else(PoisonError::into_inner) = template;
    }

    /// How many sandboxes there can be at a time.
    pub fn size(&self) -> usize {
        self.inner.size
    }

    /// How many of them are in use.
    pub fn in_use(&self) -> usize {
        self.inner.size - self.inner.places.available_permits().min(self.inner.size)
    }

    fn fill(&self, place: OwnedSemaphorePermit) -> Result<PooledSandbox, Error> {
        let template = self.inner.template.read().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(PooledSandbox { sandbox: template.instantiate()?, _place: place })
    }

    fn wait_until(&self, until: Option<Instant>) -> Result<PooledSandbox, Error> {
        let places = &self.inner.places;
        if let Ok(place) = Arc::clone(places).try_acquire_owned() {
            return self.fill(place);
        }
        let wait = || {
            let mut acquiring = Box::pin(Arc::clone(places).acquire_owned());
            block_on(
                |context| acquiring.as_mut().poll(context),
                || match until {
                    None => Some(Duration::MAX),
                    Some(until) => until.checked_duration_since(Instant::now()),
                },
            )
        };
        // In a task of tokio's, a future of the semaphore has a budget, and is not ready once that
        // is spent before the task has yielded. A thread of its own has none.
        let place = std::thread::scope(|scope| {
            match std::thread::Builder::new()
                .name("luago-pool".to_string())
                .spawn_scoped(scope, wait)
            {
                Ok(waiting) => waiting.join().unwrap_or(None),
                Err(_) => wait(),
            }
        });
        match place {
            Some(Ok(place)) => self.fill(place),
            _ => Err(Error::pool_busy(self.inner.size)),
        }
    }
}

impl Deref for PooledSandbox {
    type Target = Sandbox;

    fn deref(&self) -> &Sandbox {
        &self.sandbox
    }
}

impl DerefMut for PooledSandbox {
    fn deref_mut(&mut self) -> &mut Sandbox {
        &mut self.sandbox
    }
}

impl fmt::Debug for SandboxPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxPool")
            .field("size", &self.size())
            .field("in_use", &self.in_use())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PooledSandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sandbox.fmt(f)
    }
}
