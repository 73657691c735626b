//! What can go wrong on the host's side.

use crate::outcome::{End, LuaError, Stop};
use crate::value::conversion_error::ConversionError;
use luago_segment::ErrorKind as SegmentErrorKind;
use std::fmt;
use std::path::{Path, PathBuf};

/// Why there is no result.
///
/// A failure of the host: a setting that cannot work, a directory that cannot be opened,
/// a value that cannot be passed. For a call that was to give a value, it is also what
/// the script did instead: [`end`](Error::end) has its error or its stop. What a whole
/// script does is not one of these; that is an [`Outcome`](crate::Outcome).
///
/// ```
/// use luago::{Engine, Sandbox, Script};
///
/// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
/// let rule = sandbox.load(&Script::new("rule", "return { price = '12,50' }"))?;
/// #[derive(Debug, serde::Deserialize)]
/// struct Item { price: f64 }
/// let error = sandbox.call::<Item>(&rule, ()).unwrap_err();
/// assert!(error.is_conversion() && error.lua_error().is_none());
/// assert_eq!(error.to_string(), r#"result.price: expected number, got string "12,50""#);
/// # Ok::<(), luago::Error>(())
/// ```
pub struct Error {
    // Boxed, so that a result that is no error stays small.
    kind: Box<Kind>,
}

/// What kind of an error an [`Error`] is. The predicate beside each asks for it alone.
///
/// ```
/// use luago::{Engine, ErrorKind, Sandbox};
///
/// let mut sandbox = Sandbox::builder(&Engine::new()?).build()?;
/// let error = sandbox.call::<()>("nobody", ()).unwrap_err();
/// match error.kind() {
///     ErrorKind::Missing => assert!(error.is_missing()),
///     kind => panic!("{kind:?}: {error}"),
/// }
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting that cannot work ([`Error::is_invalid`]).
    Invalid,
    /// A directory that was to be granted and cannot be opened ([`Error::is_grant`]).
    Grant,
    /// The engine could not do its part ([`Error::is_engine`]).
    Engine,
    /// A file, or some bytes, that cannot be a Go guest ([`Error::is_guest`]).
    Guest,
    /// A call of a sandbox that has been stopped or has exited ([`Error::is_dead`]).
    Dead,
    /// As many live sandboxes as the engine or the pool holds, or no stack for a call in a future
    /// ([`Error::is_busy`]).
    Busy,
    /// The script ended in another way than with a result: [`Error::end`] has how.
    Ended,
    /// A value that cannot be passed ([`Error::is_conversion`]).
    Conversion,
    /// A handle of another sandbox ([`Error::is_foreign`]).
    Foreign,
    /// A function that there is not ([`Error::is_missing`]).
    Missing,
    /// A segment, or a view or a ring in one, and what is wrong with it
    /// ([`Error::is_segment`]).
    Segment(luago_segment::ErrorKind),
}

enum Kind {
    Invalid(Vec<String>),
    Grant { path: PathBuf, source: std::io::Error },
    Engine { doing: String, source: wasmtime::Error },
    Guest { path: Option<PathBuf>, problem: String },
    Dead,
    Busy { limit: u32 },
    PoolBusy { limit: usize },
    NoStack,
    Ended(End),
    Conversion(ConversionError),
    Foreign,
    Missing { name: String },
    Segment(luago_segment::Error),
}

impl Error {
    fn of(kind: Kind) -> Error {
        Error { kind: Box::new(kind) }
    }

    pub(crate) fn invalid(mistakes: Vec<String>) -> Error {
        Error::of(Kind::Invalid(mistakes))
    }

    pub(crate) fn grant(path: &Path, source: std::io::Error) -> Error {
        Error::of(Kind::Grant { path: path.to_path_buf(), source })
    }

    pub(crate) fn engine(doing: impl Into<String>, source: wasmtime::Error) -> Error {
        Error::of(Kind::Engine { doing: doing.into(), source })
    }

    pub(crate) fn guest(path: Option<&Path>, problem: String) -> Error {
        Error::of(Kind::Guest { path: path.map(Path::to_path_buf), problem })
    }

    pub(crate) fn dead() -> Error {
        Error::of(Kind::Dead)
    }

    pub(crate) fn busy(limit: u32) -> Error {
        Error::of(Kind::Busy { limit })
    }

    pub(crate) fn no_stack() -> Error {
        Error::of(Kind::NoStack)
    }

    pub(crate) fn pool_busy(limit: usize) -> Error {
        Error::of(Kind::PoolBusy { limit })
    }

    pub(crate) fn ended(end: End) -> Error {
        Error::of(Kind::Ended(end))
    }

    pub(crate) fn of_conversion(error: ConversionError) -> Error {
        if error.is_foreign() {
            return Error::foreign();
        }
        Error::of(Kind::Conversion(error))
    }

    pub(crate) fn foreign() -> Error {
        Error::of(Kind::Foreign)
    }

    pub(crate) fn missing(name: &str) -> Error {
        Error::of(Kind::Missing { name: name.to_string() })
    }

    /// What kind of an error it is.
    pub fn kind(&self) -> ErrorKind {
        match &*self.kind {
            Kind::Invalid(_) => ErrorKind::Invalid,
            Kind::Grant { .. } => ErrorKind::Grant,
            Kind::Engine { .. } => ErrorKind::Engine,
            Kind::Guest { .. } => ErrorKind::Guest,
            Kind::Dead => ErrorKind::Dead,
            Kind::Busy { .. } | Kind::PoolBusy { .. } | Kind::NoStack => ErrorKind::Busy,
            Kind::Ended(_) => ErrorKind::Ended,
            Kind::Conversion(_) => ErrorKind::Conversion,
            Kind::Foreign => ErrorKind::Foreign,
            Kind::Missing { .. } => ErrorKind::Missing,
            Kind::Segment(error) => ErrorKind::Segment(error.kind()),
        }
    }

    fn segment_kind(&self) -> Option<SegmentErrorKind> {
        self.segment().map(luago_segment::Error::kind)
    }

    /// How the script ended instead of giving a result.
    pub fn end(&self) -> Option<&End> {
        match &*self.kind {
            Kind::Ended(end) => Some(end),
            _ => None,
        }
    }

    /// The error that the script raised and did not catch.
    pub fn lua_error(&self) -> Option<&LuaError> {
        match self.end()? {
            End::Error(error) => Some(error),
            _ => None,
        }
    }

    /// What stopped the script.
    pub fn stop(&self) -> Option<&Stop> {
        match self.end()? {
            End::Stopped(stopped) => Some(&stopped.stop),
            _ => None,
        }
    }

    /// Why a value could not be passed.
    pub fn conversion(&self) -> Option<&ConversionError> {
        match &*self.kind {
            Kind::Conversion(error) => Some(error),
            _ => None,
        }
    }

    /// Why a segment, or a view or a ring in one, could not be made or used.
    pub fn segment(&self) -> Option<&luago_segment::Error> {
        match &*self.kind {
            Kind::Segment(error) => Some(error),
            _ => None,
        }
    }

    /// Whether a value could not be passed, such as a result of another type than was asked for.
    pub fn is_conversion(&self) -> bool {
        self.kind() == ErrorKind::Conversion
    }

    /// Whether a handle was given that belongs to another sandbox.
    pub fn is_foreign(&self) -> bool {
        self.kind() == ErrorKind::Foreign
    }

    /// Whether there is no function of the name that was to be called.
    pub fn is_missing(&self) -> bool {
        self.kind() == ErrorKind::Missing
    }

    /// Whether the engine could not do its part, such as start a thread or compile a guest.
    pub fn is_engine(&self) -> bool {
        self.kind() == ErrorKind::Engine
    }

    /// Whether a file or some bytes cannot be a Go guest.
    pub fn is_guest(&self) -> bool {
        self.kind() == ErrorKind::Guest
    }

    /// Whether a setting was given that cannot work.
    pub fn is_invalid(&self) -> bool {
        self.kind() == ErrorKind::Invalid
    }

    /// Whether a directory that was to be granted could not be opened.
    pub fn is_grant(&self) -> bool {
        self.kind() == ErrorKind::Grant
    }

    /// Whether the sandbox was called again after it had been stopped or had exited.
    pub fn is_dead(&self) -> bool {
        self.kind() == ErrorKind::Dead
    }

    /// Whether the engine, or the pool, holds as many live sandboxes as it was built for, or there
    /// was no stack for a call in a future, which did not begin.
    pub fn is_busy(&self) -> bool {
        self.kind() == ErrorKind::Busy
    }

    /// Whether a segment, or a view or a ring in one, could not be made or used, for whatever
    /// reason.
    pub fn is_segment(&self) -> bool {
        self.segment().is_some()
    }

    /// Whether a segment could not be made or mapped, or too many wait on its rings.
    pub fn is_unavailable(&self) -> bool {
        self.segment_kind() == Some(SegmentErrorKind::Unavailable)
    }

    /// Whether something was asked of a segment that is outside of it, or of a view or a ring in
    /// it.
    pub fn is_out_of_range(&self) -> bool {
        self.segment_kind() == Some(SegmentErrorKind::OutOfRange)
    }

    /// Whether a segment was to be written that can only be read.
    pub fn is_read_only(&self) -> bool {
        self.segment_kind() == Some(SegmentErrorKind::ReadOnly)
    }

    /// Whether what was passed has another [`Layout`](crate::Layout) than the one that was
    /// expected, or a description that cannot be read.
    pub fn is_layout(&self) -> bool {
        self.segment_kind() == Some(SegmentErrorKind::Layout)
    }

    /// Whether a segment was used after it had been closed.
    pub fn is_segment_closed(&self) -> bool {
        self.segment_kind() == Some(SegmentErrorKind::Closed)
    }

    /// Whether an end of a ring has been closed, by whom it belongs to or by the other one. If
    /// that one gave an error, [`ring_error`](Error::ring_error) has it.
    pub fn is_ring_closed(&self) -> bool {
        self.segment_kind() == Some(SegmentErrorKind::RingClosed)
    }

    /// What the other end of a ring has closed it with.
    pub fn ring_error(&self) -> Option<&str> {
        self.segment()?.ring_error()
    }

    /// Whether something has written over a ring, so that it follows no rule any more.
    pub fn is_ring_broken(&self) -> bool {
        self.segment_kind() == Some(SegmentErrorKind::RingBroken)
    }

    /// Whether a message is longer than the ring can take.
    pub fn is_too_long(&self) -> bool {
        self.segment_kind() == Some(SegmentErrorKind::TooLong)
    }
}

impl From<luago_segment::Error> for Error {
    fn from(error: luago_segment::Error) -> Error {
        Error::of(Kind::Segment(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.kind {
            Kind::Invalid(mistakes) => f.write_str(&mistakes.join("; ")),
            Kind::Grant { path, source } => {
                write!(f, "cannot grant the directory {}: {source}", path.display())
            }
            Kind::Engine { doing, source } => write!(f, "cannot {doing}: {source:#}"),
            Kind::Guest { path: Some(path), problem } => {
                write!(f, "cannot load the Go guest {}: {problem}", path.display())
            }
            Kind::Guest { path: None, problem } => {
                write!(f, "cannot load the Go guest: {problem}")
            }
            Kind::Dead => f.write_str(
                "this sandbox has been stopped or has exited, or a call of it was dropped, and it \
                 cannot run again; reset it or build a new one",
            ),
            Kind::Busy { limit } => write!(
                f,
                "the engine already holds {limit} live sandboxes; drop some, or build the engine \
                 with a higher max_sandboxes"
            ),
            Kind::NoStack => write!(
                f,
                "there is no stack for one more call in a future: {}",
                crate::platform::limits::mappings_remedy()
            ),
            Kind::PoolBusy { limit } => write!(
                f,
                "all {limit} sandboxes of the pool are in use, and none came back in time; wait \
                 longer, or make the pool larger"
            ),
            Kind::Ended(End::Error(error)) => write!(f, "{error}"),
            Kind::Ended(End::Stopped(stopped)) => {
                write!(f, "{}", stopped.stop)?;
                match stopped.traceback.as_str() {
                    "" => Ok(()),
                    traceback => write!(f, "\n{traceback}"),
                }
            }
            Kind::Ended(End::Exited(code)) => {
                write!(f, "the script ended itself with os.exit({code}) and gave no result")
            }
            Kind::Ended(End::OutputClosed) => {
                f.write_str("whoever read the script's output has closed it")
            }
            Kind::Ended(End::Returned) => f.write_str("the script gave no result"),
            Kind::Conversion(error) => write!(f, "{error}"),
            Kind::Foreign => f.write_str(
                "a function handle belongs to another sandbox; get it from the sandbox that is \
                 to call it",
            ),
            Kind::Missing { name } => write!(
                f,
                "there is no function '{name}' to call; load the script that defines it first, \
                 as a global"
            ),
            Kind::Segment(error) => write!(f, "{error}"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.kind {
            Kind::Grant { source, .. } => Some(source),
            Kind::Engine { source, .. } => {
                let source: &(dyn std::error::Error + Send + Sync + 'static) = source.as_ref();
                Some(source)
            }
            Kind::Ended(End::Error(error)) => error.source(),
            Kind::Invalid(_)
            | Kind::Guest { .. }
            | Kind::Dead
            | Kind::Busy { .. }
            | Kind::PoolBusy { .. }
            | Kind::NoStack
            | Kind::Ended(_)
            | Kind::Conversion(_)
            | Kind::Foreign
            | Kind::Missing { .. }
            | Kind::Segment(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use luago_segment::Segment;

    #[test]
    fn an_error_of_a_segment_keeps_its_kind_and_its_words() {
        let error = Segment::new(64).unwrap().read_only().write_at(0, b"x").unwrap_err();
        let words = error.to_string();
        let error = Error::from(error);
        assert!(error.is_segment() && error.is_read_only() && !error.is_out_of_range());
        assert_eq!(error.segment_kind(), Some(SegmentErrorKind::ReadOnly));
        assert_eq!(error.to_string(), words);
        assert!(!Error::dead().is_segment());
    }
}
