//! Errors of host functions, kept while Lua passes them on.

use crate::host_error::HostError;
use crate::host_function::BoxError;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// How many are kept: an error that Lua has held back for longer than this many others
/// keeps its text and loses its source.
const KEPT: usize = 16;

/// The last errors of one sandbox's host functions.
#[derive(Clone, Default)]
pub(crate) struct Sources {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    last: u64,
    kept: VecDeque<(u64, Arc<dyn std::error::Error + Send + Sync>)>,
}

impl Sources {
    /// The error as Lua sees it.
    pub fn keep(&self, error: BoxError) -> HostError {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.last += 1;
        let id = inner.last;
        let seen = HostError::new(&*error, id);
        if inner.kept.len() == KEPT {
            inner.kept.pop_front();
        }
        inner.kept.push_back((id, error.into()));
        seen
    }

    /// The error that a host function returned.
    pub fn get(&self, id: u64) -> Option<Arc<dyn std::error::Error + Send + Sync>> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.kept.iter().find(|(kept, _)| *kept == id).map(|(_, error)| Arc::clone(error))
    }
}
