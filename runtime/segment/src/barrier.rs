//! Order between one side that is fast and one that is about to wait.
//!
//! The fast side stores an index and then loads a flag; the waiting side stores the flag and
//! then loads the index. One of them must see what the other has stored. A processor may delay
//! a store past a later load, and guests have no instruction against it that is cheap enough.
//! So the waiting side pays for both: it has the kernel run a barrier on every thread of the
//! process.

use std::sync::LazyLock;
use std::sync::atomic::{Ordering, compiler_fence, fence};

/// Whether the kernel can do so here.
static REACHES_ALL: LazyLock<bool> = LazyLock::new(register);

#[cfg(all(target_os = "linux", not(miri)))]
fn register() -> bool {
    use rustix::thread::{MembarrierCommand, membarrier};
    membarrier(MembarrierCommand::RegisterPrivateExpedited).is_ok() && everywhere()
}

#[cfg(all(target_os = "linux", not(miri)))]
fn everywhere() -> bool {
    use rustix::thread::{MembarrierCommand, membarrier};
    membarrier(MembarrierCommand::PrivateExpedited).is_ok()
}

#[cfg(any(not(target_os = "linux"), miri))]
fn register() -> bool {
    false
}

#[cfg(any(not(target_os = "linux"), miri))]
fn everywhere() -> bool {
    false
}

/// Whether [`heavy`] orders the operations of all threads, so that [`light`] costs nothing.
pub(crate) fn reaches_all() -> bool {
    *REACHES_ALL
}

/// The waiting side's barrier. Where it does not reach all threads, it orders those of the host
/// only, and whoever waits for a guest has to look again from time to time.
pub(crate) fn heavy() {
    fence(Ordering::SeqCst);
    // After a fork the child has to register again.
    if reaches_all() && !everywhere() {
        register();
    }
}

/// The fast side's barrier, given what [`reaches_all`] has said.
#[inline]
pub(crate) fn light(reaches_all: bool) {
    if reaches_all {
        compiler_fence(Ordering::SeqCst);
    } else {
        fence(Ordering::SeqCst);
    }
}

#[cfg(all(test, target_os = "linux", not(miri)))]
mod tests {
    use super::*;
    use rustix::thread::{MembarrierCommand, membarrier_query};

    #[test]
    fn the_kernel_is_relied_on_where_it_says_that_it_can_and_nowhere_else() {
        let can = membarrier_query().contains_command(MembarrierCommand::PrivateExpedited);
        assert_eq!(reaches_all(), can);
    }
}
