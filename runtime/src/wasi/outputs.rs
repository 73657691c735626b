//! Where a function of WASI is about to write. It copies to segments, too, but a write to
//! one that can only be read would end the process. Each function here says whether that
//! cannot happen.

use crate::segment::bytes::GuestBytesMut;
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::p1::wasi_snapshot_preview1 as preview1;
use wiggle::GuestMemory;

/// The error number of WASI preview 1 for an address that cannot be used.
pub(crate) const EFAULT: i32 = 21;

/// The size of a buffer's address and length.
const BUFFER: u32 = 8;

/// To so many bytes.
pub(crate) fn bytes(memory: &GuestBytesMut<'_>, _: &mut WasiP1Ctx, at: i32, len: i32) -> bool {
    !memory.bytes().is_read_only(at.cast_unsigned(), len.cast_unsigned())
}

/// To so many buffers, of whose addresses and lengths there is a list. That must not be in a
/// segment itself, where another thread could change it after it was looked at.
pub(super) fn buffers(
    memory: &GuestBytesMut<'_>,
    _: &mut WasiP1Ctx,
    list: i32,
    count: i32,
) -> bool {
    let memory = memory.bytes();
    if !memory.has_read_only() {
        return true;
    }
    let len = count.cast_unsigned().checked_mul(BUFFER);
    let Some(list) = len.and_then(|len| memory.get(list.cast_unsigned(), len)) else {
        return false;
    };
    let (buffers, _) = list.as_chunks::<{ BUFFER as usize }>();
    buffers.iter().all(|[a, b, c, d, len @ ..]| {
        !memory.is_read_only(u32::from_le_bytes([*a, *b, *c, *d]), u32::from_le_bytes(*len))
    })
}

/// To the variables and their list.
pub(super) fn variables(
    memory: &GuestBytesMut<'_>,
    wasi: &mut WasiP1Ctx,
    list: i32,
    texts: i32,
) -> bool {
    has_room(memory, [list, texts], |sizes| preview1::environ_sizes_get(wasi, sizes, 0, 4))
}

/// To the arguments and their list.
pub(super) fn arguments(
    memory: &GuestBytesMut<'_>,
    wasi: &mut WasiP1Ctx,
    list: i32,
    texts: i32,
) -> bool {
    has_room(memory, [list, texts], |sizes| preview1::args_sizes_get(wasi, sizes, 0, 4))
}

/// The two numbers that WASI answers with.
#[derive(Default)]
#[repr(align(8))]
struct Sizes([u8; 8]);

/// `ask` writes how many addresses the list has, and how many bytes the texts.
fn has_room(
    memory: &GuestBytesMut<'_>,
    [list, texts]: [i32; 2],
    ask: impl FnOnce(&mut GuestMemory<'_>) -> wasmtime::Result<i32>,
) -> bool {
    let memory = memory.bytes();
    if !memory.has_read_only() {
        return true;
    }
    let mut sizes = Sizes::default();
    let asked = ask(&mut GuestMemory::Unshared(&mut sizes.0));
    let [a, b, c, d, len @ ..] = sizes.0;
    let list_len = u32::from_le_bytes([a, b, c, d]).saturating_mul(4);
    matches!(asked, Ok(0))
        && !memory.is_read_only(list.cast_unsigned(), list_len)
        && !memory.is_read_only(texts.cast_unsigned(), u32::from_le_bytes(len))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::bytes::tests::with_holes;
    use crate::segment::holes::Hole;
    use wasmtime_wasi::WasiCtx;

    /// A memory of 256 bytes with a segment to read at 64 and one to write at 128.
    fn with_memory<T>(run: impl FnOnce(&mut GuestBytesMut<'_>, &mut WasiP1Ctx) -> T) -> T {
        let mut memory = vec![0; 256];
        let read_only = Hole { range: 64..96, is_writable: false };
        let holes = [read_only, Hole { range: 128..160, is_writable: true }];
        let mut memory = with_holes(&mut memory, holes.into());
        let mut wasi = WasiCtx::builder().env("NAME", "text").arg("a").build_p1();
        run(&mut memory, &mut wasi)
    }

    fn list(memory: &mut GuestBytesMut<'_>, at: u32, buffers: &[(u32, u32)]) {
        let numbers = buffers.iter().flat_map(|(at, len)| [*at, *len]);
        let bytes: Vec<u8> = numbers.flat_map(u32::to_le_bytes).collect();
        memory.write(at, &bytes).unwrap();
    }

    #[test]
    fn a_number_goes_anywhere_but_into_what_is_read_only() {
        with_memory(|memory, wasi| {
            for (at, is_good) in [(0, true), (60, true), (61, false), (95, false), (96, true)] {
                assert_eq!(bytes(memory, wasi, at, 4), is_good, "{at}");
            }
            assert!(bytes(memory, wasi, 128, 4));
        });
    }

    #[test]
    fn each_of_the_buffers_of_a_read_is_looked_at() {
        with_memory(|memory, wasi| {
            list(memory, 0, &[(160, 50), (130, 4), (90, 0), (90, 1)]);
            assert!(buffers(memory, wasi, 0, 3));
            assert!(!buffers(memory, wasi, 0, 4));
        });
    }

    #[test]
    fn a_list_of_buffers_that_others_could_change_is_refused() {
        with_memory(|memory, wasi| {
            list(memory, 128, &[(0, 8)]);
            assert!(!buffers(memory, wasi, 128, 1));
            assert!(!buffers(memory, wasi, 124, 1));
            assert!(!buffers(memory, wasi, 0, -1));
        });
    }

    #[test]
    fn variables_and_arguments_are_as_long_as_they_are() {
        with_memory(|memory, wasi| {
            // "NAME=text" and "a", each with a zero at its end, and one address for each.
            let text = [(54, 60, true), (55, 60, false), (54, 61, false)];
            for (texts, list, is_good) in text {
                assert_eq!(variables(memory, wasi, list, texts), is_good, "{texts} {list}");
            }
            assert!(arguments(memory, wasi, 60, 62));
            assert!(!arguments(memory, wasi, 60, 63));
        });
    }
}
