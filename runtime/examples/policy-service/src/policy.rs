//! Asks the policy.

use crate::access::{Request, Verdict};
use crate::answer::{Failure, cut};
use crate::loader::Loaded;
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::underway::Underway;
use luago::{Error, Function, SandboxPool};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::time::timeout;

/// Sandboxes with the policy as it is now.
pub struct Policy {
    pool: SandboxPool,
    check: RwLock<Function>,
    wait: Duration,
    message_bytes: usize,
    log_bytes: usize,
    underway: Underway,
    pub(crate) metrics: Arc<Metrics>,
}

impl Policy {
    pub(crate) fn new(
        loaded: Loaded,
        settings: &Settings,
        metrics: Arc<Metrics>,
    ) -> Result<Policy, Error> {
        Ok(Policy {
            pool: SandboxPool::new(loaded.template, settings.pool_size)?,
            check: RwLock::new(loaded.check),
            wait: settings.wait,
            message_bytes: settings.message_bytes,
            log_bytes: settings.log_bytes,
            underway: Underway::default(),
            metrics,
        })
    }

    /// Requests that have begun end with the old version, the next ones get the new one.
    pub(crate) fn replace(&self, loaded: Loaded) {
        let mut check = self.check.write().unwrap_or_else(PoisonError::into_inner);
        self.pool.replace(loaded.template);
        *check = loaded.check;
    }

    /// Calls the policy's `check` in a fresh sandbox, which is gone afterwards: nothing
    /// of a request is left for the next one.
    ///
    /// # Errors
    ///
    /// Why there is no verdict.
    pub async fn check(&self, request: &Request) -> Result<Verdict, Failure> {
        loop {
            let place = timeout(self.wait, self.pool.get_async()).await;
            let mut sandbox = place.map_err(|_| Failure::busy())??;
            let check = self.function();
            let _entry = self.underway.enter(sandbox.interrupt_handle());
            let result = sandbox.call_async::<Verdict>(&check, request).await;
            if let Some(result) = self.end(request, result) {
                return result;
            }
        }
    }

    /// The same for a thread that may block, without an executor.
    ///
    /// # Errors
    ///
    /// Why there is no verdict.
    pub fn check_blocking(&self, request: &Request) -> Result<Verdict, Failure> {
        loop {
            let mut sandbox = self.pool.get_timeout(self.wait)?;
            let check = self.function();
            let _entry = self.underway.enter(sandbox.interrupt_handle());
            let result = sandbox.call::<Verdict>(&check, request);
            if let Some(result) = self.end(request, result) {
                return result;
            }
        }
    }

    /// How many requests are in a sandbox now.
    pub fn in_use(&self) -> usize {
        self.pool.in_use()
    }

    /// Stops all policies that run, and those that are still to come.
    pub(crate) fn interrupt(&self) {
        self.underway.interrupt();
    }

    /// Not by its name: to look that up, a policy may have code run that does not give way
    /// to others.
    fn function(&self) -> Function {
        self.check.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What a call has come to; nothing if it is to be made again, as the policy has been
    /// replaced since its sandbox was made.
    fn end(
        &self,
        request: &Request,
        result: Result<Verdict, Error>,
    ) -> Option<Result<Verdict, Failure>> {
        match result {
            Ok(verdict) => Some(Ok(verdict)),
            Err(error) if error.is_foreign() => None,
            Err(error) => {
                self.log(request, &error);
                Some(Err(Failure::new(&error, self.message_bytes)))
            }
        }
    }

    fn log(&self, request: &Request, error: &Error) {
        if let Some(stop) = error.stop() {
            self.metrics.stopped(stop.kind());
        }
        // With the traceback.
        let error = error.to_string();
        let error = cut(&error, self.log_bytes);
        let (user, action) = (cut(&request.user, 64), cut(&request.action, 64));
        tracing::warn!(user, action, "no verdict: {error}");
    }
}
