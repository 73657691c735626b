//! Errors of host functions, kept while Lua passes them on.

use crate::value::host_error::HostError;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Any error that a host function may return.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// How many are kept: an error that Lua has held back for longer than this many others
/// keeps its text and loses its source.
const KEPT: usize = 16;

/// The bytes of text of an error that is kept. One that says more is likely to have them from
/// a script, and is raised as its text alone. So all that are kept have 512 KiB at most, too
/// little to be counted.
pub(crate) const MAX_TEXT: usize = 32 << 10;

/// How many panics of its host functions are reported for one sandbox.
const MAX_REPORTS: u32 = 100;

/// The last errors of one sandbox's host functions.
#[derive(Clone, Default)]
pub(crate) struct ErrorStore {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    last: u64,
    kept: VecDeque<(u64, Arc<dyn std::error::Error + Send + Sync>)>,
    reports: u32,
}

/// Whether something is to be reported.
pub(crate) enum Report {
    Yes,
    /// And that no other is.
    Last,
    No,
}

impl ErrorStore {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The error as Lua sees it, with at most so many bytes of text.
    pub fn keep(&self, error: BoxError, most: usize) -> HostError {
        let mut seen = HostError::new(&*error, 0, most);
        if seen.size() > MAX_TEXT {
            return seen;
        }
        let mut inner = self.lock();
        inner.last += 1;
        seen.id = inner.last;
        let old = if inner.kept.len() == KEPT { inner.kept.pop_front() } else { None };
        let id = inner.last;
        inner.kept.push_back((id, error.into()));
        // Outside the lock: what is dropped may be anything.
        drop(inner);
        drop(old);
        seen
    }

    /// The error that a host function returned.
    pub fn get(&self, id: u64) -> Option<Arc<dyn std::error::Error + Send + Sync>> {
        let inner = self.lock();
        inner.kept.iter().find(|(kept, _)| *kept == id).map(|(_, error)| Arc::clone(error))
    }

    /// Whether a panic is to be reported. A script can have as many as it likes.
    pub fn report(&self) -> Report {
        let mut inner = self.lock();
        inner.reports = inner.reports.saturating_add(1);
        match inner.reports {
            ..MAX_REPORTS => Report::Yes,
            MAX_REPORTS => Report::Last,
            _ => Report::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_with_much_text_is_not_kept() {
        let errors = ErrorStore::default();
        let seen = errors.keep("x".repeat(MAX_TEXT).into(), usize::MAX);
        assert!(errors.get(seen.id).is_some());
        let seen = errors.keep("x".repeat(MAX_TEXT + 1).into(), usize::MAX);
        assert_eq!((seen.message().len(), seen.id), (MAX_TEXT + 1, 0));
        assert!(errors.get(0).is_none());
    }

    #[test]
    fn the_last_report_is_known_as_the_last() {
        let errors = ErrorStore::default();
        let reports: Vec<Report> = (0..200).map(|_| errors.report()).collect();
        assert!(reports[..99].iter().all(|report| matches!(report, Report::Yes)));
        assert!(matches!(reports[99], Report::Last));
        assert!(reports[100..].iter().all(|report| matches!(report, Report::No)));
    }
}
