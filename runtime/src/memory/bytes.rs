//! A guest's memory as the host sees it: bytes that are the guest's alone, and the places
//! where segments are mapped, which nobody has alone. Only of the former there are slices.
//! Whatever a guest says of its memory is checked here before it is believed.

#![expect(unsafe_code, reason = "a slice of the whole memory would reach into segments")]

use super::shared_ranges::{HasSharedRanges, SharedRange, touched};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;
use wasmtime::{Memory, StoreContext, StoreContextMut};

/// The bytes of a guest's memory. Stands for a `&'a [u8]` of all that no segment is
/// mapped over.
#[derive(Clone)]
pub(crate) struct GuestBytes<'a> {
    /// The first byte. All `len` bytes can be read for `'a`, and outside of the shared ranges
    /// nobody writes in that time.
    base: *mut u8,
    /// At most 4 GiB.
    len: usize,
    /// So many bytes at the beginning are surely in no shared range: all, where there are none. It
    /// makes the usual question one comparison.
    clear: usize,
    shared_ranges: Option<Arc<[SharedRange]>>,
    memory: PhantomData<&'a [u8]>,
}

impl<'a> GuestBytes<'a> {
    /// The memory of a guest.
    // Inlined, as `split` is: a few loads, whose results a call would return through memory.
    #[inline(always)]
    pub fn of<T: HasSharedRanges + 'static>(
        memory: &Memory,
        store: impl Into<StoreContext<'a, T>>,
    ) -> GuestBytes<'a> {
        let store = store.into();
        match store.data().shared_ranges() {
            None => memory.data(store).into(),
            Some(ranges) => {
                // The store is borrowed for 'a: its guest does not run in that time, and its
                // memory stays where it is.
                let (base, len) = (memory.data_ptr(&store), memory.data_size(&store));
                GuestBytes::new(base, len).with(ranges)
            }
        }
    }

    #[inline]
    fn new(base: *mut u8, len: usize) -> GuestBytes<'a> {
        GuestBytes { base, len, clear: len, shared_ranges: None, memory: PhantomData }
    }

    fn with(mut self, ranges: &Arc<[SharedRange]>) -> GuestBytes<'a> {
        let first = ranges.first().map_or(usize::MAX, |shared| shared.range.start as usize);
        self.clear = self.len.min(first);
        self.shared_ranges = Some(Arc::clone(ranges));
        self
    }

    /// Whether these bytes are all in the memory.
    #[inline]
    pub fn contains(&self, at: u32, len: u32) -> bool {
        (at as usize).checked_add(len as usize).is_some_and(|end| end <= self.len)
    }

    /// Whether it is in the memory, and the guest's alone.
    #[inline]
    fn is_own(&self, at: u32, len: u32) -> bool {
        let end = (at as usize).checked_add(len as usize);
        end.is_some_and(|end| end <= self.clear) || self.is_between_shared_ranges(at, len)
    }

    #[cold]
    fn is_between_shared_ranges(&self, at: u32, len: u32) -> bool {
        self.contains(at, len) && self.touched(at, len).is_empty()
    }

    fn touched(&self, at: u32, len: u32) -> &[SharedRange] {
        match &self.shared_ranges {
            None => &[],
            Some(ranges) => touched(ranges, at, len),
        }
    }

    /// The `len` bytes at an address that a guest gave, if all of them are there and none is
    /// in a segment.
    #[inline]
    pub fn get(&self, at: u32, len: u32) -> Option<&'a [u8]> {
        // SAFETY: the bytes are in the memory and in no shared range, so they can be read, and are
        // not written, for 'a.
        self.is_own(at, len).then(|| unsafe {
            std::slice::from_raw_parts(self.base.add(at as usize), len as usize)
        })
    }

    /// A little-endian number of 32 bits.
    #[inline]
    pub fn u32_at(&self, at: u32) -> Option<u32> {
        let bytes = self.get(at, 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }

    /// All bytes, unless a segment is mapped.
    pub fn whole(&self) -> Option<&'a [u8]> {
        // SAFETY: as in `get`.
        self.has_no_shared_ranges()
            .then(|| unsafe { std::slice::from_raw_parts(self.base, self.len) })
    }

    fn has_no_shared_ranges(&self) -> bool {
        self.shared_ranges.as_ref().is_none_or(|ranges| ranges.is_empty())
    }

    /// Whether the range touches a segment that can only be read.
    pub fn is_read_only(&self, at: u32, len: u32) -> bool {
        self.touched(at, len).iter().any(|shared| !shared.is_writable)
    }

    /// The `len` bytes at an address, if they are all there: a copy where some are in a
    /// segment, which may be of different moments if others write there.
    #[inline]
    pub fn read(&self, at: u32, len: u32) -> Option<Cow<'a, [u8]>> {
        match self.get(at, len) {
            Some(bytes) => Some(Cow::Borrowed(bytes)),
            None if self.contains(at, len) => Some(Cow::Owned(self.copy(at, len))),
            None => None,
        }
    }

    /// Copies bytes that are known to be in the memory.
    #[cold]
    fn copy(&self, at: u32, len: u32) -> Vec<u8> {
        assert!(self.contains(at, len));
        let mut bytes = vec![0; len as usize];
        let mut done = 0;
        while let Some(rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
            // SAFETY: `done` is less than `len`, and all of these bytes are in the memory,
            // which can be read. Volatile, as others may write there, which the compiler
            // must not take to be impossible; a word is read only where it is aligned.
            unsafe {
                let from = self.base.add(at as usize + done);
                match rest.first_chunk_mut::<8>() {
                    Some(word) if from.cast::<u64>().is_aligned() => {
                        *word = from.cast::<u64>().read_volatile().to_ne_bytes();
                        done += 8;
                    }
                    _ => {
                        rest[0] = from.read_volatile();
                        done += 1;
                    }
                }
            }
        }
        bytes
    }
}

impl<'a> From<&'a [u8]> for GuestBytes<'a> {
    /// Bytes that no segment is mapped over.
    #[inline]
    fn from(bytes: &'a [u8]) -> GuestBytes<'a> {
        // Nothing is written by way of a `GuestBytes`.
        let base = bytes.as_ptr().cast_mut();
        GuestBytes::new(base, bytes.len())
    }
}

/// The same, to write. Stands for a `&'a mut [u8]`, so it has no clones, and what it gives
/// to read is borrowed from it.
pub(crate) struct GuestBytesMut<'a> {
    /// Nobody else has a reference to these bytes for `'a`, and outside of the read-only
    /// shared ranges they can be written.
    bytes: GuestBytes<'a>,
    memory: PhantomData<&'a mut [u8]>,
}

impl<'a> GuestBytesMut<'a> {
    /// The memory of a guest.
    #[inline]
    pub fn of<T: HasSharedRanges + 'static>(
        memory: &Memory,
        store: impl Into<StoreContextMut<'a, T>>,
    ) -> GuestBytesMut<'a> {
        GuestBytesMut::split(memory, store).0
    }

    /// The memory of a guest, and what belongs to the guest.
    // Inlined: see `GuestBytes::of`.
    #[inline(always)]
    pub fn split<T: HasSharedRanges + 'static>(
        memory: &Memory,
        store: impl Into<StoreContextMut<'a, T>>,
    ) -> (GuestBytesMut<'a>, &'a mut T) {
        let store = store.into();
        if store.data().shared_ranges().is_some() {
            return GuestBytesMut::split_around_shared_ranges(memory, store);
        }
        let (bytes, state) = memory.data_and_store_mut(store);
        (bytes.into(), state)
    }

    #[cold]
    fn split_around_shared_ranges<T: HasSharedRanges + 'static>(
        memory: &Memory,
        mut store: StoreContextMut<'a, T>,
    ) -> (GuestBytesMut<'a>, &'a mut T) {
        // As in `GuestBytes::of`, and nobody else has the store for 'a.
        let (base, len) = (memory.data_ptr(&store), memory.data_size(&store));
        let mut bytes = GuestBytes::new(base, len);
        if let Some(ranges) = store.data().shared_ranges() {
            bytes = bytes.with(ranges);
        }
        let state: *mut T = store.data_mut();
        // SAFETY: the context borrows the store, and with it the state, for 'a; it ends
        // here, so that this is the only reference to the state, which is no part of the
        // memory.
        let state = unsafe { &mut *state };
        (GuestBytesMut { bytes, memory: PhantomData }, state)
    }

    /// To read, for as long as nothing is written.
    #[inline]
    pub fn bytes<'s>(&'s self) -> &'s GuestBytes<'s> {
        &self.bytes
    }

    /// The `len` bytes at an address that a guest gave, if all of them are there and none is
    /// in a segment.
    #[inline]
    pub fn get_mut(&mut self, at: u32, len: u32) -> Option<&mut [u8]> {
        // SAFETY: the bytes are in the memory and in no shared range, so they can be read and
        // written; this is borrowed to write, so there is no other reference to them.
        self.bytes.is_own(at, len).then(|| unsafe {
            std::slice::from_raw_parts_mut(self.bytes.base.add(at as usize), len as usize)
        })
    }

    /// The same for as long as the memory is there.
    #[inline]
    pub fn into_mut(self, at: u32, len: u32) -> Option<&'a mut [u8]> {
        // SAFETY: as in `get_mut`; this is used up, so there will be no other reference.
        self.bytes.is_own(at, len).then(|| unsafe {
            std::slice::from_raw_parts_mut(self.bytes.base.add(at as usize), len as usize)
        })
    }

    /// Whether the `len` bytes at an address can be written, if only by copying.
    pub fn is_writable(&self, at: u32, len: u32) -> bool {
        self.bytes.contains(at, len) && !self.bytes.is_read_only(at, len)
    }

    /// Copies bytes to an address, segments that can be written included.
    pub fn write(&mut self, at: u32, from: &[u8]) -> Option<()> {
        let len = u32::try_from(from.len()).ok()?;
        if let Some(place) = self.get_mut(at, len) {
            place.copy_from_slice(from);
            return Some(());
        }
        if !self.is_writable(at, len) {
            return None;
        }
        for (index, byte) in from.iter().enumerate() {
            // SAFETY: all of these bytes are in the memory and can be written. Volatile, as
            // others may read and write there.
            unsafe { self.bytes.base.add(at as usize + index).write_volatile(*byte) };
        }
        Some(())
    }
}

/// Gives the pages of a memory back to the system; what was in it is lost. For a guest that
/// never runs again, and of which all was read: the place of its memory will be another
/// guest's, and with each page that is there the pool has something to look at when that one
/// ends.
pub(crate) fn give_back<'a, T: HasSharedRanges + 'static>(
    memory: &Memory,
    store: impl Into<StoreContextMut<'a, T>>,
) {
    let store = store.into();
    if store.data().shared_ranges().is_some_and(|ranges| !ranges.is_empty()) {
        return;
    }
    let (base, len) = (memory.data_ptr(&store), memory.data_size(&store));
    // SAFETY: this is all of one memory, which stays mapped, in which no segment is, and to
    // whose bytes there is no reference, as its store is borrowed. Pages become what the
    // memory's image has there, or zero.
    unsafe { crate::platform::pages::give_back(base.cast(), len) };
}

impl<'a> From<&'a mut [u8]> for GuestBytesMut<'a> {
    /// Bytes that no segment is mapped over.
    #[inline]
    fn from(bytes: &'a mut [u8]) -> GuestBytesMut<'a> {
        let bytes = GuestBytes::new(bytes.as_mut_ptr(), bytes.len());
        GuestBytesMut { bytes, memory: PhantomData }
    }
}

#[cfg(test)]
pub(crate) mod tests;
