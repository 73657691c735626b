//! Errors of host functions, as Lua sees them.

use crate::value::conversion_error::wording;
use crate::value::truncate::cut;
use luago_segment::internal::{self, Bridged};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use std::cell::Cell;
use std::fmt;
use std::thread::LocalKey;

/// How many causes are kept.
const MAX_CAUSES: usize = 32;

/// An error that a host function raised, as Lua sees it: its message and those of
/// its causes. In Lua it is a value of its own kind, which a script can catch, raise
/// again or return.
///
/// ```
/// use luago::{Engine, HostError, Sandbox, Script};
///
/// let mut sandbox = Sandbox::builder(&Engine::new()?)
///     .function("read", |_, ()| std::fs::read("/no/such/file").map(|bytes| bytes.len()))
///     .build()?;
/// let rule = sandbox.load(&Script::new("rule", "return select(2, pcall(read))"))?;
/// let error: HostError = sandbox.call(&rule, ())?;
/// assert!(error.message().contains("No such file"));
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostError {
    // Boxed, so that a value that is no error stays small.
    texts: Box<Texts>,
    pub(crate) id: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Texts {
    message: String,
    causes: Vec<String>,
    stack: Option<String>,
}

impl HostError {
    /// An error and its causes, under the id by which the host has kept it; 0 if it
    /// has not. No more of their texts is written than so many bytes.
    pub(crate) fn new(
        error: &(dyn std::error::Error + 'static),
        id: u64,
        most: usize,
    ) -> HostError {
        let message = cut(error, most);
        let mut left = most.saturating_sub(message.len());
        let causes = std::iter::successors(error.source(), |cause| cause.source());
        let causes = causes.take(MAX_CAUSES).map_while(|cause| {
            let text = (left > 0).then(|| cut(cause, left))?;
            left = left.saturating_sub(text.len());
            Some(text)
        });
        let causes = causes.collect();
        HostError { texts: Box::new(Texts { message, causes, stack: None }), id }
    }

    /// The bytes of its texts.
    pub(crate) fn size(&self) -> usize {
        let Texts { message, causes, stack } = &*self.texts;
        let causes = causes.iter().map(String::len).sum::<usize>();
        message.len() + causes + stack.as_ref().map_or(0, String::len)
    }

    /// The same from what a guest tells of an error: the message, then the causes.
    pub(crate) fn from_strings<'s>(
        message: &[u8],
        causes: impl IntoIterator<Item = &'s [u8]>,
        id: u64,
    ) -> HostError {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let causes = causes.into_iter().map(text).collect();
        HostError { texts: Box::new(Texts { message: text(message), causes, stack: None }), id }
    }

    pub(crate) fn with_stack(mut self, stack: Option<&[u8]>) -> HostError {
        self.texts.stack = stack.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        self
    }

    /// What went wrong, without the causes.
    pub fn message(&self) -> &str {
        &self.texts.message
    }

    /// The messages of what caused it, outermost first.
    pub fn causes(&self) -> &[String] {
        &self.texts.causes
    }

    /// The stack of the goroutine, where a Go guest panicked.
    pub fn stack(&self) -> Option<&str> {
        self.texts.stack.as_deref()
    }
}

/// `message: cause: cause`
impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())?;
        self.causes().iter().try_for_each(|cause| write!(f, ": {cause}"))
    }
}

impl std::error::Error for HostError {}

impl Bridged for HostError {
    const NAME: &'static str = "$luago::Error";

    #[inline]
    fn cell() -> &'static LocalKey<Cell<Option<HostError>>> {
        thread_local!(static CELL: Cell<Option<HostError>> = const { Cell::new(None) });
        &CELL
    }
}

impl Serialize for HostError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let refusal = "an error of the host can only be passed to a sandbox";
        internal::serialize(self.clone(), refusal, serializer)
    }
}

impl<'de> Deserialize<'de> for HostError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<HostError, D::Error> {
        internal::deserialize(wording::AN_ERROR, deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Endless;

    impl fmt::Display for Endless {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("again")
        }
    }

    impl std::error::Error for Endless {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&Endless)
        }
    }

    #[test]
    fn an_error_shows_its_message_and_then_its_causes() {
        let causes: [&[u8]; 2] = [b"no route", b"caf\xe9"];
        let error = HostError::from_strings(b"cannot fetch", causes, 3);
        assert_eq!(error.message(), "cannot fetch");
        assert_eq!(error.causes(), ["no route", "caf\u{fffd}"]);
        assert_eq!(error.to_string(), "cannot fetch: no route: caf\u{fffd}");
    }

    #[test]
    fn a_chain_of_causes_without_an_end_is_cut() {
        assert_eq!(HostError::new(&Endless, 0, 1000).causes().len(), 32);
    }

    #[test]
    fn no_more_of_the_texts_is_kept_than_there_is_room_for() {
        let error = HostError::new(&Endless, 0, 12);
        assert_eq!(error.to_string(), "again: again: ag…");
        assert_eq!(error.size(), 15);
    }
}
