//! Asks the policy.

use crate::access::{Request, Verdict};
use crate::answer::Failure;
use crate::loader::Loaded;
use crate::metrics::Metrics;
use luago::{Error, Function, SandboxPool};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::time::timeout;

/// Sandboxes with the policy as it is now.
pub(crate) struct Policy {
    pool: SandboxPool,
    check: RwLock<Function>,
    wait: Duration,
    pub metrics: Arc<Metrics>,
}

impl Policy {
    pub fn new(
        loaded: Loaded,
        size: usize,
        wait: Duration,
        metrics: Arc<Metrics>,
    ) -> Result<Policy, Error> {
        let pool = SandboxPool::new(loaded.template, size)?;
        Ok(Policy { pool, check: RwLock::new(loaded.check), wait, metrics })
    }

    /// Requests that have begun end with the old version, the next ones get the new one.
    pub fn replace(&self, loaded: Loaded) {
        let mut check = self.check.write().unwrap_or_else(PoisonError::into_inner);
        self.pool.replace(loaded.template);
        *check = loaded.check;
    }

    /// Calls the policy's `check` in a fresh sandbox, which is gone afterwards: nothing
    /// of a request is left for the next one.
    pub async fn check(&self, request: &Request) -> Result<Verdict, Failure> {
        loop {
            let place = timeout(self.wait, self.pool.get_async()).await;
            let mut sandbox = place.map_err(|_| Failure::busy())??;
            // Not by its name: to look that up, a policy may have code run that does not
            // give way to others.
            let check = self.check.read().unwrap_or_else(PoisonError::into_inner).clone();
            match sandbox.call_async::<Verdict>(&check, request).await {
                Ok(verdict) => return Ok(verdict),
                // The policy has been replaced since the sandbox was made.
                Err(error) if error.is_foreign() => {}
                Err(error) => {
                    self.log(request, &error);
                    return Err(Failure::from(error));
                }
            }
        }
    }

    pub fn in_use(&self) -> usize {
        self.pool.in_use()
    }

    fn log(&self, request: &Request, error: &Error) {
        if let Some(stop) = error.stop() {
            self.metrics.stopped(stop.kind());
        }
        // With the traceback.
        tracing::warn!(user = request.user, action = request.action, "no verdict: {error}");
    }
}
