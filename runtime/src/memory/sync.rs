//! Segments where a file cannot be mapped over a guest's memory: a copy for each guest.
//!
//! Beside the copy in the guest stands its twin, as it was when both sides last agreed. What
//! differs from the twin is what the guest has written, and only that is carried over. So
//! two guests that write to different words at the same time both have their way.

use crate::segment::region::Region;
use std::sync::atomic::{Ordering, fence};

/// Bytes that are compared at a time.
const CHUNK: usize = 4096;

/// Bytes that are carried over at a time, at multiples of as many. Nobody sees half of them.
const WORD: usize = 4;

/// What a guest with a copy of a segment was last known to have there.
pub(crate) struct Twin {
    bytes: Vec<u8>,
}

impl Twin {
    /// Copies a segment to a guest.
    pub fn new(region: &Region, guest: &mut [u8]) -> Twin {
        let mut twin = Twin { bytes: vec![0; guest.len()] };
        // A guest may have left anything there.
        guest.fill(0);
        twin.fetch(region, guest);
        twin
    }

    /// Carries over what the guest has written; how many words that were. From back to front:
    /// what says that something is there, as the indices of a ring do, stands in front of it.
    pub fn flush(&mut self, region: &Region, guest: &[u8]) -> usize {
        let mut written = 0;
        let chunks = self.bytes.chunks_mut(CHUNK).zip(guest.chunks(CHUNK));
        for (index, (twin, guest)) in chunks.enumerate().rev() {
            if twin == guest {
                continue;
            }
            let words = twin.chunks(WORD).zip(guest.chunks(WORD)).enumerate();
            for (word, (before, now)) in words.rev() {
                if before != now {
                    put(region, index * CHUNK + word * WORD, now);
                    written += 1;
                }
            }
            twin.copy_from_slice(guest);
        }
        fence(Ordering::SeqCst);
        written
    }

    /// Has the guest written anything since both sides agreed?
    pub fn differs(&self, guest: &[u8]) -> bool {
        self.bytes != guest
    }

    /// Fetches what others have written, from front to back.
    pub fn fetch(&mut self, region: &Region, guest: &mut [u8]) {
        let mut now = [0; CHUNK];
        let chunks = self.bytes.chunks_mut(CHUNK).zip(guest.chunks_mut(CHUNK));
        for (index, (twin, guest)) in chunks.enumerate() {
            let now = &mut now[..guest.len()];
            fence(Ordering::SeqCst);
            if region.read(index * CHUNK, now).is_some() && *twin != *now {
                twin.copy_from_slice(now);
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
            let mut twins: Vec<Twin> =
                copies.iter_mut().map(|copy| Twin::new(&region, copy)).collect();
            let mut model = vec![0; len];
            for (who, at, byte) in turns {
                let (who, at) = (usize::from(who), at.index(len));
                twins[who].fetch(&region, &mut copies[who]);
                prop_assert_eq!(&copies[who], &model);
                copies[who][at] = byte;
                model[at] = byte;
                twins[who].flush(&region, &copies[who]);
                prop_assert!(!twins[who].differs(&copies[who]));
            }
        }
    }

    #[test]
    fn words_that_two_guests_write_at_once_are_both_kept() {
        let region = Region::heap(100);
        let (mut one, mut other) = (vec![0; 100], vec![0; 100]);
        let mut twins = [Twin::new(&region, &mut one), Twin::new(&region, &mut other)];
        one[10] = 1;
        other[14] = 2;
        assert_eq!(twins[0].flush(&region, &one), 1);
        assert_eq!(twins[1].flush(&region, &other), 1);
        twins[0].fetch(&region, &mut one);
        twins[1].fetch(&region, &mut other);
        assert_eq!((&one[10..15], &other[10..15]), (&[1, 0, 0, 0, 2][..], &[1, 0, 0, 0, 2][..]));
    }
}
