//! Waiting for a future on a thread that has nothing else to do.

use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Polls until there is a result, or until `patience` has had enough: it says how long to
/// sleep, if nothing happens, before it is asked again.
pub(crate) fn block_on<T>(
    mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
    patience: impl Fn() -> Option<Duration>,
) -> Option<T> {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(result) = poll(&mut context) {
            return Some(result);
        }
        std::thread::park_timeout(patience()?);
    }
}
