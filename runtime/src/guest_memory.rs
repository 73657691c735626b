//! Reading and writing a guest's memory. Whatever a guest says of its memory is
//! checked here before it is believed.

/// Bytes at an address that a guest gave, if they are all there.
pub(crate) fn slice(memory: &[u8], at: u32, len: u32) -> Option<&[u8]> {
    let at = at as usize;
    memory.get(at..at.checked_add(len as usize)?)
}

/// The same, to write.
pub(crate) fn slice_mut(memory: &mut [u8], at: u32, len: u32) -> Option<&mut [u8]> {
    let at = at as usize;
    memory.get_mut(at..at.checked_add(len as usize)?)
}

/// A little-endian number of 32 bits.
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
