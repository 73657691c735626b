//! What guests ask of the host about segments.

use super::attachments::Attachments;
use super::attachments::mapped::Placement;
use super::bytes::GuestBytesMut;
use super::shared_ranges::HasSharedRanges;
use super::wait_list::Notify;
use super::windows::STEP;
use luago_abi::IMPORT_MODULE;
use luago_abi::ring::wait;
use luago_abi::segment::imports;
use luago_segment::internal::{Side, Waited};
use wasmtime::{AsContext, AsContextMut, Caller, Linker, Memory};

type Result<T> = wasmtime::Result<T>;

/// What belongs to a guest that can have segments.
pub(crate) trait SegmentState: HasSharedRanges + Send + 'static {
    /// Whether the host makes the guest's memory larger where there is no room for a segment.
    /// Else the guest has to, as one that believes that only it does so.
    const HOST_MAKES_ROOM: bool;

    /// The guest's memory, once there is one.
    fn guest_memory(&self) -> Option<Memory>;

    fn attachments(&mut self) -> &mut Attachments;

    /// Lets the guest's memory become so large, of which some is to be a window: what is
    /// beyond the limit comes out of the sandbox's account until the window is there. False
    /// if there is not so much.
    fn lend(&mut self, size: u64) -> bool;

    /// So many bytes of the guest's memory, which is so large, are windows, and no part of
    /// its limit.
    fn set_windows(&mut self, bytes: u64, size: u64);

    /// What wakes up who waits in the guest.
    fn notify(&mut self) -> Notify;
}

/// Go's allocator asks for memory in pieces of up to this many bytes more than it needs.
const SLACK: u64 = 8 << 20;

pub(crate) fn add_to_linker<S: SegmentState>(linker: &mut Linker<S>) -> Result<()> {
    linker.func_wrap(IMPORT_MODULE, imports::SEGMENT_NEW, segment_new::<S>)?;
    linker.func_wrap(IMPORT_MODULE, imports::SEGMENT_MAP, segment_map::<S>)?;
    linker.func_wrap(IMPORT_MODULE, imports::SEGMENT_WINDOW, segment_window::<S>)?;
    linker.func_wrap(IMPORT_MODULE, imports::SEGMENT_FLAGS, segment_flags::<S>)?;
    linker.func_wrap(IMPORT_MODULE, imports::SEGMENT_READ_ONLY, segment_read_only::<S>)?;
    linker.func_wrap(IMPORT_MODULE, imports::SEGMENT_DROP, segment_drop::<S>)?;
    linker.func_wrap(IMPORT_MODULE, imports::SEGMENT_SYNC, segment_sync::<S>)?;
    linker.func_wrap(IMPORT_MODULE, imports::SEGMENT_FENCE, segment_fence)?;
    linker.func_wrap(IMPORT_MODULE, imports::SEGMENT_ERROR, segment_error::<S>)?;
    linker.func_wrap(IMPORT_MODULE, imports::RING_WAIT, ring_wait::<S>)?;
    linker.func_wrap(IMPORT_MODULE, imports::RING_UNWAIT, ring_unwait::<S>)?;
    linker.func_wrap(IMPORT_MODULE, imports::RING_WAKE, ring_wake::<S>)?;
    Ok(())
}

/// The guest's memory and what belongs to the guest.
fn split<'a, S: SegmentState>(
    caller: &'a mut Caller<'_, S>,
) -> Result<(GuestBytesMut<'a>, &'a mut S)> {
    match caller.data().guest_memory() {
        Some(memory) => Ok(GuestBytesMut::split(&memory, caller.as_context_mut())),
        None => Err(wasmtime::Error::msg("the guest has no memory yet")),
    }
}

fn segment_new<S: SegmentState>(mut caller: Caller<'_, S>, len: u32) -> u32 {
    caller.data_mut().attachments().create(len).map_or(0, |info| info.handle)
}

fn segment_map<S: SegmentState>(mut caller: Caller<'_, S>, handle: u32) -> Result<i64> {
    let mut placement = caller.data_mut().attachments().placement(handle);
    if let Some(Placement::Wanted(bytes)) = placement {
        if !S::HOST_MAKES_ROOM {
            return Ok(if lend_room(&mut caller, bytes) { -i64::from(bytes) } else { 0 });
        }
        if make_room(&mut caller, bytes) {
            placement = caller.data_mut().attachments().placement(handle);
        }
    }
    Ok(match placement {
        Some(Placement::Attached(at)) => i64::from(at),
        Some(Placement::At(range)) => {
            let at = caller.data_mut().attachments().attach(handle, range);
            // Only now it can be written there.
            let (mut memory, state) = split(&mut caller)?;
            let is_there = at.is_some() && state.attachments().copy(handle, &mut memory);
            at.filter(|_| is_there).map_or(0, i64::from)
        }
        Some(Placement::Wanted(_)) | None => 0,
    })
}

/// Lets the guest make its memory larger, so that it can give a window.
fn lend_room<S: SegmentState>(caller: &mut Caller<'_, S>, bytes: u32) -> bool {
    let size = size(caller);
    let is_lent = caller.data_mut().lend(size + u64::from(bytes) + SLACK);
    if !is_lent {
        caller.data_mut().attachments().fail(format!(
            "cannot map a segment: the guest has to allocate {bytes} bytes for it first, which \
             its sandbox has not left (limits memory and host_bytes)"
        ));
    }
    is_lent
}

/// The bytes of the guest's memory.
fn size<S: SegmentState>(caller: &Caller<'_, S>) -> u64 {
    caller.data().guest_memory().map_or(0, |memory| memory.data_size(caller.as_context()) as u64)
}

/// Makes the memory larger at its end.
fn make_room<S: SegmentState>(caller: &mut Caller<'_, S>, bytes: u32) -> bool {
    let Some(memory) = caller.data().guest_memory() else { return false };
    let pages = u64::from(bytes / STEP);
    let end = memory.data_size(caller.as_context()) as u64;
    // The last page stays free: its end would have no address.
    let has_addresses = end + u64::from(bytes) < u64::from(u32::MAX) - u64::from(STEP);
    let reserved = caller.data_mut().attachments().reserved();
    caller.data_mut().set_windows(reserved + u64::from(bytes), end);
    if !has_addresses || memory.grow(caller.as_context_mut(), pages).is_err() {
        caller.data_mut().set_windows(reserved, end);
        let why = "cannot map a segment: the guest's memory cannot grow any more";
        caller.data_mut().attachments().fail(why);
        return false;
    }
    let base = memory.data_ptr(caller.as_context()) as usize;
    let attachments = caller.data_mut().attachments();
    let is_made = attachments.add_window(end as u32, bytes, end, end + u64::from(bytes), base);
    let reserved = attachments.reserved();
    caller.data_mut().set_windows(reserved, end + u64::from(bytes));
    is_made
}

fn segment_window<S: SegmentState>(mut caller: Caller<'_, S>, at: u32, len: u32) -> i32 {
    if S::HOST_MAKES_ROOM {
        caller.data_mut().attachments().fail("the host makes the windows of this guest");
        return 0;
    }
    let Some(memory) = caller.data().guest_memory() else { return 0 };
    // What the memory was made of may be the same pages in other guests.
    let from = memory.ty(caller.as_context()).minimum().saturating_mul(u64::from(STEP));
    let end = memory.data_size(caller.as_context()) as u64;
    let base = memory.data_ptr(caller.as_context()) as usize;
    let attachments = caller.data_mut().attachments();
    if !attachments.wants_window(len) || !attachments.add_window(at, len, from, end, base) {
        return 0;
    }
    let reserved = attachments.reserved();
    caller.data_mut().set_windows(reserved, end);
    1
}

fn segment_flags<S: SegmentState>(mut caller: Caller<'_, S>, handle: u32) -> i64 {
    let info = caller.data_mut().attachments().handles.info(handle);
    info.map_or(-1, |info| i64::from(info.flags) | (i64::from(info.total) << 32))
}

fn segment_read_only<S: SegmentState>(mut caller: Caller<'_, S>, handle: u32) -> u32 {
    caller.data_mut().attachments().read_only(handle).map_or(0, |info| info.handle)
}

fn segment_drop<S: SegmentState>(mut caller: Caller<'_, S>, handle: u32, count: u32) -> Result<()> {
    let (mut memory, state) = split(&mut caller)?;
    state.attachments().drop_handle(handle, count, &mut memory);
    Ok(())
}

fn segment_sync<S: SegmentState>(mut caller: Caller<'_, S>, _handle: u32) -> Result<()> {
    sync(&mut caller)
}

/// A sync point: copies of segments are made the same.
#[inline]
pub(crate) fn sync<S: SegmentState>(caller: &mut Caller<'_, S>) -> Result<()> {
    if !caller.data_mut().attachments().is_copying() {
        return Ok(());
    }
    let (mut memory, state) = split(caller)?;
    state.attachments().flush(&mut memory);
    state.attachments().fetch(&mut memory);
    Ok(())
}

fn segment_fence() {
    std::sync::atomic::fence(std::sync::atomic::Ordering::SeqCst);
}

fn segment_error<S: SegmentState>(mut caller: Caller<'_, S>, to: u32, room: u32) -> Result<u32> {
    let (mut memory, state) = split(&mut caller)?;
    let problem = state.attachments().problem().as_bytes();
    let len = problem.len().min(room as usize);
    let text = memory.get_mut(to, len as u32);
    let text = text.ok_or(wasmtime::Trap::MemoryOutOfBounds)?;
    text.copy_from_slice(&problem[..len]);
    Ok(len as u32)
}

/// A side of a ring, by its number.
fn side(number: u32) -> Result<Side> {
    Side::of(number).ok_or_else(|| wasmtime::Error::msg("a ring has no such side"))
}

/// 0 to look again, 1 to wait, -1 if that cannot be.
fn ring_wait<S: SegmentState>(
    mut caller: Caller<'_, S>,
    handle: u32,
    at: u32,
    number: u32,
    call_id: u32,
) -> Result<i32> {
    let side = side(number)?;
    sync(&mut caller)?;
    let notify = caller.data_mut().notify();
    let waited = caller.data_mut().attachments().ring_wait(handle, at, side, call_id, notify);
    sync(&mut caller)?;
    Ok(match waited {
        Some(Waited::Ready) => wait::READY,
        Some(Waited::Registered) => wait::WAITING,
        None => wait::FAILED,
    })
}

fn ring_unwait<S: SegmentState>(
    mut caller: Caller<'_, S>,
    handle: u32,
    at: u32,
    number: u32,
) -> Result<()> {
    let side = side(number)?;
    caller.data_mut().attachments().ring_unwait(handle, at, side);
    Ok(())
}

fn ring_wake<S: SegmentState>(
    mut caller: Caller<'_, S>,
    handle: u32,
    at: u32,
    number: u32,
) -> Result<()> {
    let side = side(number)?;
    sync(&mut caller)?;
    caller.data_mut().attachments().ring_wake(handle, at, side);
    Ok(())
}
