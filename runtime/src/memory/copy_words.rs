//! How the host writes to a guest's memory.

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
