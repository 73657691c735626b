//! Handles of Lua functions.

use crate::ledger::{Ledger, Reservation};
use crate::value::conversion_error::wording;
use luago_segment::internal::{self, Bridged};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use std::cell::Cell;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::LocalKey;

/// A function of Lua that the host holds.
///
/// Clones are cheap and are the same function. When the last is dropped, the sandbox
/// forgets the function the next time that it runs. A function can be passed to the
/// sandbox that it came from, inside any value that serde can serialize; other
/// serializers refuse it.
///
/// ```
/// use luago::{Engine, Function, Sandbox, Script};
///
/// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
/// let make = sandbox.load(&Script::new("make", "local n = 0 return function() n = n + 1 return n end"))?;
/// let count: Function = sandbox.call(&make, ())?;
/// assert_eq!(sandbox.call::<i64>(&count, ())?, 1);
/// assert_eq!(sandbox.call::<i64>(&count, ())?, 2);
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Clone)]
pub struct Function {
    inner: Arc<FunctionRef>,
}

struct FunctionRef {
    id: u32,
    owner: Arc<Owner>,
}

impl Function {
    pub(crate) fn new(owner: Arc<Owner>, id: u32) -> Function {
        Function { inner: Arc::new(FunctionRef { id, owner }) }
    }

    pub(crate) fn id(&self) -> u32 {
        self.inner.id
    }

    pub(crate) fn owner_id(&self) -> u64 {
        self.inner.owner.id
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Function) -> bool {
        self.owner_id() == other.owner_id() && self.id() == other.id()
    }
}

impl Eq for Function {}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Function({}.{})", self.owner_id(), self.id())
    }
}

impl Drop for FunctionRef {
    fn drop(&mut self) {
        self.owner.release([self.id]);
    }
}

/// Whose functions they are: a sandbox, as its functions see it.
pub(crate) struct Owner {
    id: u64,
    released: Mutex<Released>,
    any_released: AtomicBool,
    /// Whether the guest has been told that there are some, and has not taken any since.
    is_offered: AtomicBool,
}

#[derive(Default)]
struct Released {
    ids: Vec<u32>,
    /// What those take that the guest has sent and nobody wanted.
    held: Reservation,
}

/// Functions to give back whose bytes are too few to be counted.
const UNCOUNTED: usize = 4096;

/// How many are counted at a time.
const AT_A_TIME: usize = 16 << 10;

/// How many functions a guest may have waiting that it was told to take.
const MAX_OFFERED: usize = 1 << 20;

impl Owner {
    pub fn new() -> Arc<Owner> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Arc::new(Owner {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            released: Mutex::default(),
            any_released: AtomicBool::new(false),
            is_offered: AtomicBool::new(false),
        })
    }

    /// Its number, which no other owner has in this process.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Notes functions that nobody holds any more.
    pub fn release(&self, ids: impl IntoIterator<Item = u32>) {
        let mut released = self.lock_released();
        released.ids.extend(ids);
        self.any_released.store(!released.ids.is_empty(), Ordering::Release);
    }

    /// Notes functions that the guest has sent and nobody wanted. Those for which the ledger
    /// has no room stay where they are, which is the guest's own memory.
    pub fn give_back(&self, ids: impl IntoIterator<Item = u32>, ledger: &Arc<Ledger>) {
        let mut released = self.lock_released();
        for id in ids {
            let counted = released.held.bytes() as usize / size_of::<u32>();
            if released.ids.len() >= UNCOUNTED + counted {
                let Ok(held) = ledger.reserve((AT_A_TIME * size_of::<u32>()) as u64) else { break };
                released.held.join(held);
                released.ids.reserve_exact(AT_A_TIME);
            }
            released.ids.push(id);
        }
        self.any_released.store(!released.ids.is_empty(), Ordering::Release);
    }

    /// The guest is told that there are some.
    pub fn offer(&self) {
        self.is_offered.store(true, Ordering::Relaxed);
    }

    /// Whether the guest does not take what it was told of.
    #[cold]
    pub fn is_ignored(&self) -> bool {
        self.is_offered.load(Ordering::Relaxed) && self.lock_released().ids.len() >= MAX_OFFERED
    }

    /// Whether there has been any such function.
    #[inline]
    pub fn has_released(&self) -> bool {
        self.any_released.load(Ordering::Acquire)
    }

    /// Some of the functions that nobody holds any more, at most `room` of them.
    pub fn take_released(&self, room: usize) -> Vec<u32> {
        let mut released = self.lock_released();
        let rest = released.ids.len().saturating_sub(room);
        let taken = released.ids.split_off(rest);
        self.is_offered.store(false, Ordering::Relaxed);
        if rest == 0 && released.ids.capacity() > UNCOUNTED {
            *released = Released::default();
        }
        // Under the lock, as where it is raised.
        self.any_released.store(rest != 0, Ordering::Release);
        taken
    }

    fn lock_released(&self) -> MutexGuard<'_, Released> {
        self.released.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Owner({})", self.id)
    }
}

impl Bridged for Function {
    const NAME: &'static str = "$luago::Function";

    #[inline]
    fn cell() -> &'static LocalKey<Cell<Option<Function>>> {
        thread_local!(static CELL: Cell<Option<Function>> = const { Cell::new(None) });
        &CELL
    }
}

impl Serialize for Function {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let refusal = "a Lua function can only be passed to its sandbox";
        internal::serialize(self.clone(), refusal, serializer)
    }
}

impl<'de> Deserialize<'de> for Function {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Function, D::Error> {
        internal::deserialize(wording::A_FUNCTION, deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_clone_that_is_dropped_releases_the_function() {
        let owner = Owner::new();
        let function = Function::new(owner.clone(), 7);
        let clone = function.clone();
        drop(function);
        assert!(owner.take_released(8).is_empty());
        drop(clone);
        assert_eq!(owner.take_released(8), [7]);
        assert!(owner.take_released(8).is_empty());
    }

    #[test]
    fn functions_are_equal_by_owner_and_id() {
        let (one, other) = (Owner::new(), Owner::new());
        assert_eq!(Function::new(one.clone(), 1), Function::new(one.clone(), 1));
        assert_ne!(Function::new(one.clone(), 1), Function::new(one.clone(), 2));
        assert_ne!(Function::new(one, 1), Function::new(other, 1));
    }

    #[test]
    fn functions_can_be_sent_to_other_threads() {
        fn is_sync<T: Send + Sync>() {}
        is_sync::<Function>();
    }
}
