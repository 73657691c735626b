//! One instance of a Go guest, wherever it runs.

use super::local::Local;
use super::runner::Runner;
use super::worker::Worker;

/// Where a Go guest runs.
pub(super) enum Instance {
    Local(Box<Local>),
    Worker(Worker),
}

impl Instance {
    #[inline]
    pub fn runner(&self) -> &dyn Runner {
        match self {
            Instance::Local(local) => &**local,
            Instance::Worker(worker) => worker,
        }
    }

    #[inline]
    pub fn runner_mut(&mut self) -> &mut dyn Runner {
        match self {
            Instance::Local(local) => &mut **local,
            Instance::Worker(worker) => worker,
        }
    }

    #[inline]
    pub fn local(&mut self) -> Option<&mut Local> {
        match self {
            Instance::Local(local) => Some(local),
            Instance::Worker(_) => None,
        }
    }
}
