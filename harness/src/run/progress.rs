//! How a run tells how far it is.

/// Is told how far a run is. Called by several threads.
pub trait Progress: Sync {
    /// Comparisons were done.
    fn done(&self, comparisons: u64, failures: u64);
}

/// Tells nobody.
impl Progress for () {
    fn done(&self, _: u64, _: u64) {}
}
