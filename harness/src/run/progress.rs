//! Progress of a run.

/// Receives the progress of a run, from several threads.
pub trait Progress: Sync {
    /// Called after comparisons, with the number of those that fail the run.
    fn done(&self, comparisons: u64, failures: u64);
}

/// Ignores the progress.
impl Progress for () {
    fn done(&self, _: u64, _: u64) {}
}
