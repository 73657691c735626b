//! Something that is made when it is first needed.

use std::sync::{Mutex, OnceLock, PoisonError};

/// A place for it. Whoever needs it while somebody makes it waits, and nobody else does: there
/// is a lock for each place, and none is taken once it is made.
pub(crate) struct Once<T> {
    made: OnceLock<T>,
    making: Mutex<()>,
}

impl<T> Default for Once<T> {
    fn default() -> Once<T> {
        Once { made: OnceLock::new(), making: Mutex::new(()) }
    }
}

impl<T> Once<T> {
    /// What is there, or what is made now. After an error the next one tries again.
    pub fn get_or_make<E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
        if let Some(made) = self.made.get() {
            return Ok(made);
        }
        let _guard = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = self.made.get() {
            return Ok(made);
        }
        let made = make()?;
        Ok(self.made.get_or_init(|| made))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn it_is_made_once_however_many_need_it() {
        let (once, made) = (Once::default(), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let get = || Ok::<_, ()>(made.fetch_add(1, Ordering::SeqCst));
                    assert_eq!(once.get_or_make(get), Ok(&0));
                });
            }
        });
        assert_eq!(made.into_inner(), 1);
    }

    #[test]
    fn after_an_error_it_is_tried_again() {
        let once = Once::default();
        assert_eq!(once.get_or_make(|| Err("not now")), Err("not now"));
        assert_eq!(once.get_or_make(|| Ok::<_, ()>(1)), Ok(&1));
    }
}
