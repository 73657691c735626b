//! What can go wrong with shared memory.

use std::fmt;

/// Why a segment, or something that stands in one, could not be used.
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

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
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
