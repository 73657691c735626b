//! Bytes that anybody may change at any time.
//!
//! Guests write to these bytes from other threads, and nothing stops them. So no reference to
//! the bytes as `&[u8]` is ever made, and every access is one of atomics, relaxed unless said
//! otherwise, in words of 8 bytes where the address allows it. What is read is a copy; it can
//! be a mixture of old and new bytes, but it does not change once it has been read. Rust says
//! nothing of accesses of different sizes that meet, which only happens if a peer breaks the
//! rules; processors have them as they come, and so has the machine code of guests.

#![expect(unsafe_code, reason = "no safe type stands for memory that other threads may write")]

use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64};

/// The bytes of a word.
const WORD: usize = size_of::<u64>();

/// A range of bytes, and what keeps it alive. Clones are the same bytes.
#[derive(Clone)]
pub struct Region {
    base: NonNull<u8>,
    len: usize,
    owner: Arc<dyn Send + Sync>,
}

// SAFETY: the bytes are valid as long as `owner` lives (the promise given to `from_raw`), which
// itself is Send and Sync, and they are only ever accessed through atomics.
unsafe impl Send for Region {}
// SAFETY: as for Send; no method needs more than a shared reference.
unsafe impl Sync for Region {}

impl Region {
    /// Zeroed bytes of the process's own.
    pub fn heap(len: usize) -> Region {
        let words: Arc<[AtomicU64]> = (0..len.div_ceil(WORD)).map(|_| AtomicU64::new(0)).collect();
        let base = NonNull::from(&*words).cast();
        // SAFETY: the words are at least `len` bytes at an address that is a multiple of 8. They
        // stay where they are as long as the Arc, which is the owner, and nobody else has it.
        unsafe { Region::from_raw(base, len, Arc::new(words)) }
    }

    /// `len` bytes at `base`.
    ///
    /// # Safety
    ///
    /// As long as `owner` lives, the bytes are valid for reads and writes, and this process
    /// accesses them with atomics only, or from outside of Rust, as guests do.
    pub(crate) unsafe fn from_raw(
        base: NonNull<u8>,
        len: usize,
        owner: Arc<dyn Send + Sync>,
    ) -> Region {
        Region { base, len, owner }
    }

    /// How many bytes.
    #[inline]
    #[expect(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(&self) -> usize {
        self.len
    }

    /// A part of the same bytes, or nothing if it is not all inside.
    #[inline]
    pub fn sub(&self, offset: usize, len: usize) -> Option<Region> {
        let base = self.pointer(offset, len)?;
        Some(Region { base, len, owner: Arc::clone(&self.owner) })
    }

    /// Where a range begins, if all of it is inside.
    #[inline]
    fn pointer(&self, offset: usize, len: usize) -> Option<NonNull<u8>> {
        let end = offset.checked_add(len)?;
        if end > self.len {
            return None;
        }
        // SAFETY: `offset` is at most `self.len`, so the result is inside of the same bytes or
        // at their end.
        Some(unsafe { self.base.add(offset) })
    }

    /// Copies the bytes from `offset` on to `to`, or does nothing if they are not all inside.
    #[inline]
    pub fn read(&self, offset: usize, to: &mut [u8]) -> Option<()> {
        let from = self.pointer(offset, to.len())?;
        // SAFETY: `pointer` has checked that `to.len()` bytes are inside, and `to` is as long.
        unsafe { load(from.as_ptr(), to.as_mut_ptr(), to.len()) };
        Some(())
    }

    /// Copies `len` bytes from `offset` on to the end of `to`, or does nothing if they are not
    /// all inside.
    #[inline]
    pub fn append(&self, offset: usize, len: usize, to: &mut Vec<u8>) -> Option<()> {
        let from = self.pointer(offset, len)?;
        to.reserve(len);
        let spare = to.spare_capacity_mut().as_mut_ptr().cast();
        // SAFETY: `pointer` has checked that `len` bytes are inside, and that many are reserved.
        unsafe { load(from.as_ptr(), spare, len) };
        // SAFETY: `load` has written the `len` bytes after the old end.
        unsafe { to.set_len(to.len() + len) };
        Some(())
    }

    /// Copies `from` to the bytes from `offset` on, or does nothing if they are not all inside.
    #[inline]
    pub fn write(&self, offset: usize, from: &[u8]) -> Option<()> {
        let to = self.pointer(offset, from.len())?;
        // SAFETY: `pointer` has checked that `from.len()` bytes are inside.
        unsafe { store(to.as_ptr(), from.as_ptr(), from.len()) };
        Some(())
    }

    /// Sets `len` bytes from `offset` on, or does nothing if they are not all inside.
    pub fn fill(&self, offset: usize, len: usize, byte: u8) -> Option<()> {
        const BLOCK: usize = 4096;
        self.pointer(offset, len)?;
        let block = [byte; BLOCK];
        for at in (0..len).step_by(BLOCK) {
            self.write(offset + at, &block[..BLOCK.min(len - at)])?;
        }
        Some(())
    }

    /// The four bytes at `offset`, or nothing if they are not inside or not aligned.
    #[inline]
    pub fn word(&self, offset: usize) -> Option<&AtomicU32> {
        let at = self.pointer(offset, size_of::<u32>())?.cast::<AtomicU32>();
        if !at.is_aligned() {
            return None;
        }
        // SAFETY: the four bytes are inside and their address is aligned. They live as long as
        // `self`, and are accessed with atomics only.
        Some(unsafe { at.as_ref() })
    }

    /// The eight bytes at `offset`, or nothing if they are not inside or not aligned.
    #[inline]
    pub fn long(&self, offset: usize) -> Option<&AtomicU64> {
        let at = self.pointer(offset, WORD)?.cast::<AtomicU64>();
        if !at.is_aligned() {
            return None;
        }
        // SAFETY: the eight bytes are inside and their address is aligned. They live as long as
        // `self`, and are accessed with atomics only.
        Some(unsafe { at.as_ref() })
    }
}

/// Copies shared bytes to bytes of one's own.
///
/// # Safety
///
/// `from` is valid for `len` bytes of a region, and `to` for writing as many, which overlap
/// with no region.
#[inline]
unsafe fn load(from: *const u8, to: *mut u8, len: usize) {
    let (head, words) = parts(from, len);
    if head + words * WORD == len && head == 0 {
        // SAFETY: `len` bytes are as many words, at an aligned address of the region.
        unsafe { load_words(from, to, words) }
    } else {
        // SAFETY: as promised to this function.
        unsafe { load_parts(from, to, len) }
    }
}

/// As `load`, for `words` whole words from an aligned address on.
#[inline]
unsafe fn load_words(from: *const u8, to: *mut u8, words: usize) {
    for at in 0..words {
        // SAFETY: the word is inside, as the caller promises, and aligned in the region. Where it
        // goes needs no alignment.
        unsafe {
            let word = (*from.cast::<AtomicU64>().add(at)).load(Relaxed);
            to.cast::<u64>().add(at).write_unaligned(word);
        }
    }
}

/// As `load`, whatever the address and the length.
#[inline(never)]
unsafe fn load_parts(from: *const u8, to: *mut u8, len: usize) {
    // SAFETY: `at` is below `len`.
    let byte = |at: usize| unsafe {
        to.add(at).write((*from.add(at).cast::<AtomicU8>()).load(Relaxed));
    };
    let (head, words) = parts(from, len);
    (0..head).for_each(byte);
    // SAFETY: the words behind `head` end at or below `len`, and `parts` has aligned them.
    unsafe { load_words(from.add(head), to.add(head), words) };
    (head + words * WORD..len).for_each(byte);
}

/// Copies bytes of one's own to shared bytes.
///
/// # Safety
///
/// `to` is valid for `len` bytes of a region, and `from` for reading as many, which overlap
/// with no region.
#[inline]
unsafe fn store(to: *mut u8, from: *const u8, len: usize) {
    let (head, words) = parts(to, len);
    if head + words * WORD == len && head == 0 {
        // SAFETY: `len` bytes are as many words, at an aligned address of the region.
        unsafe { store_words(to, from, words) }
    } else {
        // SAFETY: as promised to this function.
        unsafe { store_parts(to, from, len) }
    }
}

/// As `store`, for `words` whole words from an aligned address on.
#[inline]
unsafe fn store_words(to: *mut u8, from: *const u8, words: usize) {
    for at in 0..words {
        // SAFETY: the word is inside, as the caller promises, and aligned in the region. Where it
        // comes from needs no alignment.
        unsafe {
            let word = from.cast::<u64>().add(at).read_unaligned();
            (*to.cast::<AtomicU64>().add(at)).store(word, Relaxed);
        }
    }
}

/// As `store`, whatever the address and the length.
#[inline(never)]
unsafe fn store_parts(to: *mut u8, from: *const u8, len: usize) {
    // SAFETY: `at` is below `len`.
    let byte = |at: usize| unsafe {
        (*to.add(at).cast::<AtomicU8>()).store(*from.add(at), Relaxed);
    };
    let (head, words) = parts(to, len);
    (0..head).for_each(byte);
    // SAFETY: the words behind `head` end at or below `len`, and `parts` has aligned them.
    unsafe { store_words(to.add(head), from.add(head), words) };
    (head + words * WORD..len).for_each(byte);
}

/// How many of `len` bytes stand in front of the first aligned word, and how many whole words
/// follow.
#[inline]
fn parts(at: *const u8, len: usize) -> (usize, usize) {
    let head = ((at as usize).wrapping_neg() % WORD).min(len);
    (head, (len - head) / WORD)
}
