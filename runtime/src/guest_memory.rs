//! Reading and writing a guest's memory. Whatever a guest says of its memory is
//! checked here before it is believed.

/// Bytes at an address that a guest gave, if they are all there.
#[inline]
pub(crate) fn slice(memory: &[u8], at: u32, len: u32) -> Option<&[u8]> {
    let at = at as usize;
    memory.get(at..at.checked_add(len as usize)?)
}

/// The same, to write.
#[inline]
pub(crate) fn slice_mut(memory: &mut [u8], at: u32, len: u32) -> Option<&mut [u8]> {
    let at = at as usize;
    memory.get_mut(at..at.checked_add(len as usize)?)
}

/// Copies what has just been written in words of 64 bits. A processor takes such a word
/// from its store; `copy_from_slice` of a few reads more at once, and would have to wait
/// until it has reached the cache, longer than all else in a small call.
#[inline]
pub(crate) fn copy_words(to: &mut [u8], from: &[u8]) {
    const SMALL: usize = 256;
    if from.len() > SMALL {
        return to.copy_from_slice(from);
    }
    let (words, rest) = from.as_chunks::<8>();
    let (places, end) = to.as_chunks_mut::<8>();
    for (place, word) in places.iter_mut().zip(words) {
        *place = std::hint::black_box(u64::from_le_bytes(*word)).to_le_bytes();
    }
    end.copy_from_slice(rest);
}

/// A little-endian number of 32 bits.
#[inline]
pub(crate) fn u32_at(memory: &[u8], at: u32) -> Option<u32> {
    let bytes = slice(memory, at, 4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_slice_is_inside_the_memory_or_is_refused(size in 0usize..100, at: u32, len: u32) {
            let memory = vec![7u8; size];
            let inside = u64::from(at) + u64::from(len) <= size as u64;
            prop_assert_eq!(slice(&memory, at, len).map(<[u8]>::len), inside.then_some(len as usize));
        }
    }
}
