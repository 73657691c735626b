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
