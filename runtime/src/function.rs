//! Handles of Lua functions.

use crate::conversion_error::wording;
use crate::handover;
use crate::value::Value;
use serde::de::{Deserialize, Deserializer, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    released: Mutex<Vec<u32>>,
    any_released: AtomicBool,
}

impl Owner {
    pub fn new() -> Arc<Owner> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Arc::new(Owner {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            released: Mutex::new(Vec::new()),
            any_released: AtomicBool::new(false),
        })
    }

    /// Its number, which no other owner has in this process.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Notes functions that nobody holds any more.
    pub fn release(&self, ids: impl IntoIterator<Item = u32>) {
        let mut released = self.lock_released();
        released.extend(ids);
        self.any_released.store(!released.is_empty(), Ordering::Release);
    }

    /// Has there been any such function?
    #[inline]
    pub fn has_released(&self) -> bool {
        self.any_released.load(Ordering::Acquire)
    }

    /// Some of the functions that nobody holds any more, at most `room` of them.
    pub fn take_released(&self, room: usize) -> Vec<u32> {
        let mut released = self.lock_released();
        let rest = released.len().saturating_sub(room);
        let taken = released.split_off(rest);
        // Under the lock, as where it is raised.
        self.any_released.store(rest != 0, Ordering::Release);
        taken
    }

    fn lock_released(&self) -> MutexGuard<'_, Vec<u32>> {
        self.released.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Owner({})", self.id)
    }
}

impl Serialize for Function {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        handover::serialize(serializer, handover::FUNCTION, Value::Function(self.clone()))
    }
}

impl<'de> Deserialize<'de> for Function {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Function, D::Error> {
        deserializer.deserialize_newtype_struct(handover::FUNCTION, FunctionVisitor)
    }
}

struct FunctionVisitor;

impl<'de> Visitor<'de> for FunctionVisitor {
    type Value = Function;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(wording::A_FUNCTION)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Function, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Function, E> {
        match handover::take() {
            Some(Value::Function(function)) => Ok(function),
            _ => Err(E::invalid_type(Unexpected::Unit, &self)),
        }
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
