//! What can go wrong with shared memory.

use std::fmt;

/// Why a segment, or a view or a ring in one, could not be made or used.
///
/// ```
/// # extern crate luago_segment as luago;
/// let error = luago::Segment::new(64)?.write_at(60, b"too long").unwrap_err();
/// assert!(error.is_out_of_range());
/// assert_eq!(error.to_string(), "8 bytes at 60 are outside a segment of 64 bytes");
/// # Ok::<(), luago::Error>(())
/// ```
pub struct Error {
    // Boxed, so that a result that is no error stays small.
    problem: Box<Problem>,
}

/// What kind of an error an [`Error`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A segment could not be made or mapped, or too many wait on its rings.
    Unavailable,
    /// Something was asked of a segment that is outside of it, or of a view or a ring in it.
    OutOfRange,
    /// A segment was to be written that can only be read.
    ReadOnly,
    /// A segment was used after it had been closed.
    Closed,
    /// What was passed has another layout than the one that was expected, or a description
    /// that cannot be read.
    Layout,
    /// An end of a ring has been closed, by whom it belongs to or by the other one.
    RingClosed,
    /// Something has written over a ring, so that it follows no rule any more.
    RingBroken,
    /// A message is longer than the ring can take.
    TooLong,
}

pub(crate) enum Problem {
    /// It could not be made or mapped.
    Unavailable(String),
    /// Bytes or elements outside of what there is.
    OutOfRange(String),
    /// A write without the right to.
    ReadOnly,
    /// Use after the end.
    Closed,
    /// Another layout than the one that was expected, or none.
    Layout(String),
    /// An end of a ring was used that was closed before.
    EndClosed { end: &'static str },
    /// The other end of a ring has been closed, and what it said.
    RingClosed { by: &'static str, text: Option<String> },
    /// The bytes of a ring follow no rule.
    RingBroken(&'static str),
    /// A message that no ring of this capacity could take, in bytes.
    TooLong { len: usize, max: usize },
}

impl Error {
    #[cold]
    pub(crate) fn new(problem: Problem) -> Error {
        Error { problem: Box::new(problem) }
    }

    /// What kind of an error it is.
    pub fn kind(&self) -> ErrorKind {
        match &*self.problem {
            Problem::Unavailable(_) => ErrorKind::Unavailable,
            Problem::OutOfRange(_) => ErrorKind::OutOfRange,
            Problem::ReadOnly => ErrorKind::ReadOnly,
            Problem::Closed => ErrorKind::Closed,
            Problem::Layout(_) => ErrorKind::Layout,
            Problem::EndClosed { .. } | Problem::RingClosed { .. } => ErrorKind::RingClosed,
            Problem::RingBroken(_) => ErrorKind::RingBroken,
            Problem::TooLong { .. } => ErrorKind::TooLong,
        }
    }

    /// Whether a segment could not be made or mapped, or too many wait on its rings.
    pub fn is_unavailable(&self) -> bool {
        self.kind() == ErrorKind::Unavailable
    }

    /// Whether something was asked of a segment that is outside of it, or of a view or a ring
    /// in it.
    pub fn is_out_of_range(&self) -> bool {
        self.kind() == ErrorKind::OutOfRange
    }

    /// Whether a segment was to be written that can only be read.
    pub fn is_read_only(&self) -> bool {
        self.kind() == ErrorKind::ReadOnly
    }

    /// Whether what was passed has another [`Layout`](crate::Layout) than the one that was
    /// expected, or a description that cannot be read.
    pub fn is_layout(&self) -> bool {
        self.kind() == ErrorKind::Layout
    }

    /// Whether a segment was used after it had been closed.
    pub fn is_segment_closed(&self) -> bool {
        self.kind() == ErrorKind::Closed
    }

    /// Whether an end of a ring has been closed, by whom it belongs to or by the other one. If
    /// that one gave an error, [`ring_error`](Error::ring_error) has it.
    pub fn is_ring_closed(&self) -> bool {
        self.kind() == ErrorKind::RingClosed
    }

    /// What the other end of a ring has closed it with.
    pub fn ring_error(&self) -> Option<&str> {
        match &*self.problem {
            Problem::RingClosed { text, .. } => text.as_deref(),
            _ => None,
        }
    }

    /// Whether something has written over a ring, so that it follows no rule any more.
    pub fn is_ring_broken(&self) -> bool {
        self.kind() == ErrorKind::RingBroken
    }

    /// Whether a message is longer than the ring can take.
    pub fn is_too_long(&self) -> bool {
        self.kind() == ErrorKind::TooLong
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.problem {
            Problem::Unavailable(text) | Problem::OutOfRange(text) | Problem::Layout(text) => {
                f.write_str(text)
            }
            Problem::ReadOnly => f.write_str("the segment is read-only"),
            Problem::Closed => f.write_str("the segment is closed"),
            Problem::EndClosed { end } => {
                write!(f, "this {end} of the ring is closed; make a new ring")
            }
            Problem::RingClosed { by, text: None } => write!(f, "the {by} has closed the ring"),
            Problem::RingClosed { by, text: Some(text) } => {
                write!(f, "the {by} has closed the ring: {text}")
            }
            Problem::RingBroken(how) => write!(
                f,
                "the ring is broken: {how}; something has written over it, so make a new one"
            ),
            Problem::TooLong { len, max } => write!(
                f,
                "a message of {len} bytes does not fit in the ring, which takes {max} at most; \
                 split it, or make a ring of a larger capacity"
            ),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl std::error::Error for Error {}
