//! Segments where a file cannot be mapped over a guest's memory: a copy for each guest.
//!
//! Beside the copy in the guest stands its base copy: the bytes as they were when both sides last
//! agreed. What differs from that is what the guest has written, and only that is carried over. So
//! two guests that write to different words at the same time both have their way.

use luago_segment::internal::Region;
use std::sync::atomic::{Ordering, fence};

/// Bytes that are compared at a time.
const CHUNK: usize = 4096;

/// Bytes that are carried over at a time, at multiples of as many. Nobody sees half of them.
const WORD: usize = 4;

/// What a guest with a copy of a segment was last known to have there.
pub(crate) struct BaseCopy {
    bytes: Vec<u8>,
}

impl BaseCopy {
    /// Copies a segment to a guest.
    pub fn new(region: &Region, guest: &mut [u8]) -> BaseCopy {
        let mut base = BaseCopy { bytes: vec![0; guest.len()] };
        // A guest may have left anything there.
        guest.fill(0);
        base.fetch(region, guest);
        base
    }

    /// Carries over what the guest has written; how many words that were. From back to front:
    /// what says that something is there, as the indices of a ring do, stands in front of it.
    pub fn flush(&mut self, region: &Region, guest: &[u8]) -> usize {
        let mut written = 0;
        let chunks = self.bytes.chunks_mut(CHUNK).zip(guest.chunks(CHUNK));
        for (index, (base, guest)) in chunks.enumerate().rev() {
            if base == guest {
                continue;
            }
            let words = base.chunks(WORD).zip(guest.chunks(WORD)).enumerate();
            for (word, (before, now)) in words.rev() {
                if before != now {
                    put(region, index * CHUNK + word * WORD, now);
                    written += 1;
                }
            }
            base.copy_from_slice(guest);
        }
        fence(Ordering::SeqCst);
        written
    }

    /// Whether the guest has written anything since both sides agreed.
    pub fn differs(&self, guest: &[u8]) -> bool {
        self.bytes != guest
    }

    /// Fetches what others have written, from front to back.
    pub fn fetch(&mut self, region: &Region, guest: &mut [u8]) {
        let mut now = [0; CHUNK];
        let chunks = self.bytes.chunks_mut(CHUNK).zip(guest.chunks_mut(CHUNK));
        for (index, (base, guest)) in chunks.enumerate() {
            let now = &mut now[..guest.len()];
            fence(Ordering::SeqCst);
            if region.read(index * CHUNK, now).is_some() && *base != *now {
                base.copy_from_slice(now);
                guest.copy_from_slice(now);
            }
        }
    }
}

/// Writes a word at once, after all that was written before it.
fn put(region: &Region, offset: usize, bytes: &[u8]) {
    match (region.word(offset), <[u8; WORD]>::try_from(bytes)) {
        (Some(word), Ok(bytes)) => word.store(u32::from_ne_bytes(bytes), Ordering::Release),
        // The last bytes of a segment that is no number of words.
        _ => {
            let _ = region.write(offset, bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 4 } else { 256 }))]

        #[test]
        fn two_guests_that_take_turns_see_what_they_would_see_in_one_memory(
            len in 1usize..10_000,
            turns in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>(), 1u8..), 0..40),
        ) {
            let region = Region::heap(len);
            let mut copies = [vec![0xaa; len], vec![0x55; len]];
            let mut bases: Vec<BaseCopy> =
                copies.iter_mut().map(|copy| BaseCopy::new(&region, copy)).collect();
            let mut model = vec![0; len];
            for (who, at, byte) in turns {
                let (who, at) = (usize::from(who), at.index(len));
                bases[who].fetch(&region, &mut copies[who]);
                prop_assert_eq!(&copies[who], &model);
                copies[who][at] = byte;
                model[at] = byte;
                bases[who].flush(&region, &copies[who]);
                prop_assert!(!bases[who].differs(&copies[who]));
            }
        }
    }

    #[test]
    fn words_that_two_guests_write_at_once_are_both_kept() {
        let region = Region::heap(100);
        let (mut one, mut other) = (vec![0; 100], vec![0; 100]);
        let mut bases = [BaseCopy::new(&region, &mut one), BaseCopy::new(&region, &mut other)];
        one[10] = 1;
        other[14] = 2;
        assert_eq!(bases[0].flush(&region, &one), 1);
        assert_eq!(bases[1].flush(&region, &other), 1);
        bases[0].fetch(&region, &mut one);
        bases[1].fetch(&region, &mut other);
        assert_eq!((&one[10..15], &other[10..15]), (&[1, 0, 0, 0, 2][..], &[1, 0, 0, 0, 2][..]));
    }
}
