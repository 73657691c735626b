//! How segments get into the memory of guests.

use luago_segment::Segment;
use luago_segment::internal::SegmentParts;

/// How segments get into the memory of guests.
///
/// ```
/// use luago::{Engine, Sharing};
///
/// let engine = Engine::builder().sharing(Sharing::Copied).build()?;
/// # let _ = engine;
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sharing {
    /// The same pages are mapped into all of them, where the system can do so: Linux on
    /// machines of 64 bits. Elsewhere they are copied.
    Mapped,
    /// Each guest has a copy, and what it has written is carried over when it calls, returns
    /// or waits. For tests, and for systems without the other way.
    Copied,
}

impl Sharing {
    /// Whether a segment is mapped, and not copied.
    pub(crate) fn maps(self, segment: &Segment) -> bool {
        self == Sharing::Mapped && segment.shared().file().is_some()
    }
}
