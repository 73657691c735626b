//! Views and ends of rings as values that pass between the host and guests: a segment, and
//! what is in it.

use crate::error::{Error, Problem};
use crate::layout::Layout;
use crate::layout::fingerprint::fingerprint;
use crate::plain::Plain;
use crate::ring::receiver::RingReceiver;
use crate::ring::sender::RingSender;
use crate::segment::{Described, Segment, SegmentParts};
use crate::side::Side;
use crate::view::View;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use std::sync::Arc;

impl Described {
    pub(crate) fn of(layout: &Layout) -> Described {
        Described {
            fingerprint: layout.fingerprint(),
            description: Arc::from(layout.description()),
        }
    }

    fn ring(side: Side) -> Described {
        let description = side.description();
        Described { fingerprint: fingerprint(description), description: Arc::from(description) }
    }
}

impl Segment {
    /// One value of a type at an offset, in bytes.
    ///
    /// # Errors
    ///
    /// [`Error::is_out_of_range`] if some of it would be outside.
    pub fn view<T: Plain>(&self, offset: usize) -> Result<View<T>, Error> {
        self.array(offset, 1)
    }

    /// Values of a type side by side from an offset on, in bytes.
    ///
    /// # Errors
    ///
    /// [`Error::is_out_of_range`] if some of them would be outside.
    pub fn array<T: Plain>(&self, offset: usize, count: usize) -> Result<View<T>, Error> {
        let end = count.checked_mul(T::SIZE).and_then(|len| offset.checked_add(len));
        View::over(self.sub(offset..end.unwrap_or(usize::MAX))?)
    }

    /// The values in it, as whoever passed it has declared them.
    ///
    /// # Errors
    ///
    /// [`Error::is_layout`] if that was another layout, or none.
    pub fn typed<T: Plain>(&self) -> Result<View<T>, Error> {
        let layout = T::layout();
        let Some(described) = self.described() else {
            return Err(Error::new(Problem::Layout(format!(
                "a segment without a layout was passed where {} was expected",
                layout.description()
            ))));
        };
        layout.check_description(&described.description)?;
        View::over(self.clone())
    }
}

impl<T: Plain> Serialize for View<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let segment = self.segment().clone();
        segment.with_layout(Described::of(T::layout())).serialize(serializer)
    }
}

impl<'de, T: Plain> Deserialize<'de> for View<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<View<T>, D::Error> {
        Segment::deserialize(deserializer)?.typed().map_err(D::Error::custom)
    }
}

/// The ring in a segment that was passed as one of its ends.
fn end<E>(
    segment: &Segment,
    side: Side,
    open: impl FnOnce(&Segment, usize) -> Result<E, Error>,
) -> Result<E, Error> {
    let description = side.description();
    match segment.layout_description() {
        Some(passed) if passed == description => open(segment, 0),
        passed => Err(Error::new(Problem::Layout(format!(
            "{} was passed where {description} was expected",
            passed.unwrap_or("a segment without a layout")
        )))),
    }
}

impl Serialize for RingSender {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.segment().clone().with_layout(Described::ring(Side::Sender)).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RingSender {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RingSender, D::Error> {
        let segment = Segment::deserialize(deserializer)?;
        end(&segment, Side::Sender, RingSender::over).map_err(D::Error::custom)
    }
}

impl Serialize for RingReceiver {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.segment().clone().with_layout(Described::ring(Side::Receiver)).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RingReceiver {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RingReceiver, D::Error> {
        let segment = Segment::deserialize(deserializer)?;
        end(&segment, Side::Receiver, RingReceiver::over).map_err(D::Error::custom)
    }
}
