//! Values of one type in a segment.

use crate::error::{Error, Problem};
use crate::plain::Plain;
use crate::region::Region;
use crate::segment::Segment;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

/// Values of one type that stand side by side in a [`Segment`]. Clones are the same values.
///
/// What is read is a copy. Guests can write at the same time, so a value of several bytes can be
/// a mixture of old and new ones; who needs more order sends messages through a
/// [`ring`](crate::ring()).
///
/// ```
/// # extern crate luago_segment as luago;
/// use luago::Segment;
///
/// let view = Segment::new(4096)?.array::<f64>(1024, 3)?;
/// view.set(0, &1.5)?;
/// view.set(2, &4.0)?;
/// assert_eq!(view.to_vec(), [1.5, 0.0, 4.0]);
/// assert_eq!(view.iter().sum::<f64>(), 5.5);
/// assert!(view.get(3).unwrap_err().is_out_of_range());
/// # Ok::<(), luago::Error>(())
/// ```
pub struct View<T> {
    segment: Segment,
    region: Region,
    count: usize,
    of: PhantomData<fn() -> T>,
}

impl<T: Plain> View<T> {
    /// The values that fill a segment. Fails if its length is no multiple of their size.
    pub(crate) fn over(segment: Segment) -> Result<View<T>, Error> {
        let len = segment.len();
        if !len.is_multiple_of(T::SIZE) {
            return Err(Error::new(Problem::Layout(format!(
                "{len} bytes are not a number of values of {} bytes; pass a part of the segment",
                T::SIZE
            ))));
        }
        let region = segment.region()?;
        Ok(View { segment, region, count: len / T::SIZE, of: PhantomData })
    }

    /// How many values.
    #[inline]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no values.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether they may only be read.
    #[inline]
    pub fn is_read_only(&self) -> bool {
        self.segment.is_read_only()
    }

    /// The part of the segment that the values fill.
    #[inline]
    pub fn segment(&self) -> &Segment {
        &self.segment
    }

    /// The value number `at`, from 0. Fails if there are fewer.
    #[inline]
    pub fn get(&self, at: usize) -> Result<T, Error> {
        self.value(at).ok_or_else(|| self.outside(at..at.saturating_add(1)))
    }

    /// Sets the value number `at`, from 0. Fails if there are fewer, or if the segment is
    /// read-only.
    #[inline]
    pub fn set(&self, at: usize, value: &T) -> Result<(), Error> {
        self.set_all(at, std::slice::from_ref(value))
    }

    /// Sets the values from number `at` on. Nothing is written if there are fewer, or if the
    /// segment is read-only, which is an error.
    pub fn set_all(&self, at: usize, values: &[T]) -> Result<(), Error> {
        if self.is_read_only() {
            return Err(Error::new(Problem::ReadOnly));
        }
        let end = at.checked_add(values.len()).filter(|&end| end <= self.count);
        if end.is_none() {
            return Err(self.outside(at..at.saturating_add(values.len())));
        }
        let mut offset = at * T::SIZE;
        let mut write = |bytes: &mut [u8], values: &[T]| {
            for (value, bytes) in values.iter().zip(bytes.chunks_exact_mut(T::SIZE)) {
                value.write(bytes);
            }
            let written = self.region.write(offset, &bytes[..values.len() * T::SIZE]);
            offset += values.len() * T::SIZE;
            written.ok_or_else(|| Error::new(Problem::Closed))
        };
        match values {
            [value] => with_bytes::<T, _>(|bytes| write(bytes, std::slice::from_ref(value))),
            _ => {
                let mut bytes = vec![0; at_once::<T>().min(values.len()) * T::SIZE];
                values.chunks(at_once::<T>()).try_for_each(|values| write(&mut bytes, values))
            }
        }
    }

    /// Sets all values to the same.
    pub fn fill(&self, value: &T) -> Result<(), Error> {
        let values = vec![*value; at_once::<T>().min(self.count)];
        for at in (0..self.count).step_by(at_once::<T>()) {
            self.set_all(at, &values[..values.len().min(self.count - at)])?;
        }
        Ok(())
    }

    /// The values, each read when it is asked for.
    pub fn iter(&self) -> ViewIter<'_, T> {
        ViewIter { view: self, left: 0..self.count }
    }

    /// A copy of all values.
    pub fn to_vec(&self) -> Vec<T> {
        let mut values = Vec::with_capacity(self.count);
        let mut bytes = vec![0; at_once::<T>().min(self.count) * T::SIZE];
        for at in (0..self.count).step_by(at_once::<T>()) {
            let len = bytes.len().min((self.count - at) * T::SIZE);
            if self.region.read(at * T::SIZE, &mut bytes[..len]).is_some() {
                values.extend(bytes[..len].chunks_exact(T::SIZE).map(T::read));
            }
        }
        values
    }

    #[inline]
    fn value(&self, at: usize) -> Option<T> {
        // The check is what makes the product too small to overflow.
        let offset = (at < self.count).then(|| at * T::SIZE)?;
        with_bytes::<T, _>(|bytes| self.region.read(offset, bytes).map(|()| T::read(bytes)))
    }

    #[cold]
    fn outside(&self, range: Range<usize>) -> Error {
        let what = match range.len() {
            1 => format!("element {}", range.start),
            _ => format!("elements {} to {}", range.start, range.end),
        };
        Error::new(Problem::OutOfRange(format!(
            "{what} is outside of a view of {}, which are counted from 0",
            self.count
        )))
    }
}

/// How many values are copied at once.
const fn at_once<T: Plain>() -> usize {
    const BLOCK: usize = 16 << 10;
    if T::SIZE < BLOCK { BLOCK / T::SIZE } else { 1 }
}

/// Calls `f` with as many bytes of zero as a value has, which are on the stack if they are few.
#[inline]
fn with_bytes<T: Plain, R>(f: impl FnOnce(&mut [u8]) -> R) -> R {
    match T::SIZE {
        ..=8 => f(&mut [0; 8][..T::SIZE]),
        9..=64 => f(&mut [0; 64][..T::SIZE]),
        65..=512 => f(&mut [0; 512][..T::SIZE]),
        513..=4096 => f(&mut [0; 4096][..T::SIZE]),
        size => f(&mut vec![0; size]),
    }
}

/// The values of a [`View`].
pub struct ViewIter<'a, T> {
    view: &'a View<T>,
    left: Range<usize>,
}

impl<T: Plain> Iterator for ViewIter<'_, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        self.view.value(self.left.next()?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl<T: Plain> DoubleEndedIterator for ViewIter<'_, T> {
    fn next_back(&mut self) -> Option<T> {
        self.view.value(self.left.next_back()?)
    }
}

impl<T: Plain> ExactSizeIterator for ViewIter<'_, T> {}

impl<T: Plain> std::iter::FusedIterator for ViewIter<'_, T> {}

impl<'a, T: Plain> IntoIterator for &'a View<T> {
    type Item = T;
    type IntoIter = ViewIter<'a, T>;

    fn into_iter(self) -> ViewIter<'a, T> {
        self.iter()
    }
}

impl<T> Clone for View<T> {
    fn clone(&self) -> View<T> {
        let (segment, region) = (self.segment.clone(), self.region.clone());
        View { segment, region, count: self.count, of: PhantomData }
    }
}

impl<T> fmt::Debug for View<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "View({} of {})", self.count, std::any::type_name::<T>())
    }
}
