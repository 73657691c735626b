//! What differs between the memory of a guest that has run and of one that has just started.

use crate::memory::bytes::GuestBytesMut;

/// What makes the memory of a fresh guest that of another one.
pub(crate) struct MemoryImage {
    /// The size of the memory in bytes.
    pub size: usize,
    runs: Vec<Run>,
}

struct Run {
    at: usize,
    bytes: Vec<u8>,
}

/// Bytes that are compared at once. A copy of less than a page costs no page.
const CHUNK: usize = 512;

impl MemoryImage {
    /// What has to be written over `fresh`, and the zeros after it, to make `memory` of it.
    pub fn new(memory: &[u8], fresh: &[u8]) -> MemoryImage {
        MemoryImage { size: memory.len(), runs: differences(memory, fresh) }
    }

    /// Writes it over a fresh memory of its size; `None` if that is too small.
    pub fn write(&self, memory: &mut GuestBytesMut<'_>) -> Option<()> {
        self.runs.iter().try_for_each(|run| memory.write(u32::try_from(run.at).ok()?, &run.bytes))
    }

    /// How many bytes are written.
    pub fn written(&self) -> usize {
        self.runs.iter().map(|run| run.bytes.len()).sum()
    }
}

fn differences(memory: &[u8], fresh: &[u8]) -> Vec<Run> {
    const ZEROS: [u8; CHUNK] = [0; CHUNK];
    let mut runs: Vec<Run> = Vec::new();
    for (index, chunk) in memory.chunks(CHUNK).enumerate() {
        let at = index * CHUNK;
        let before = fresh.get(at..at + chunk.len()).unwrap_or(&ZEROS[..chunk.len()]);
        if chunk == before {
            continue;
        }
        match runs.last_mut() {
            Some(run) if run.at + run.bytes.len() == at => run.bytes.extend_from_slice(chunk),
            _ => runs.push(Run { at, bytes: chunk.to_vec() }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn differences_make_the_memory_again(
            fresh in proptest::collection::vec(any::<u8>(), 0..3000),
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
            more in 0usize..3000,
        ) {
            let mut memory = fresh.clone();
            memory.resize(fresh.len() + more + 1, 0);
            for (at, byte) in changes {
                let at = at.index(memory.len());
                memory[at] = byte;
            }
            let mut copy = fresh.clone();
            copy.resize(memory.len(), 0);
            for run in differences(&memory, &fresh) {
                copy[run.at..run.at + run.bytes.len()].copy_from_slice(&run.bytes);
            }
            prop_assert_eq!(copy, memory);
        }
    }
}
