//! Windows in the guest's memory, and segments in them: where one can go, and how it gets there.
#![expect(unsafe_code, reason = "takes bytes out of the guest's own memory")]

use super::sealed::Sealed;
use super::{Attached, Attachments, How};
use crate::memory::mapping::{Mapping, Seal};
use crate::memory::windows::{STEP, Windows};
use crate::platform::pages::Protection;
use luago_segment::Segment;
use luago_segment::internal::{SegmentParts, can_map, whole_pages};
use std::ops::Range;

/// Segments that a guest can have in its memory at once.
const MAX_ATTACHED: usize = 1024;

/// Where a segment is, or can go.
pub(crate) enum Placement {
    /// It is there.
    Attached(u32),
    /// There is room for it.
    At(Range<u32>),
    /// The guest has to give so many bytes first.
    Wanted(u32),
}

impl Attachments {
    /// What belongs to segments in the guest's memory, for a copy of the guest.
    pub fn windows(&self) -> Windows {
        self.windows.emptied()
    }

    /// Takes over what belongs to segments in a guest that this one is a copy of.
    pub fn set_windows(&mut self, windows: Windows) {
        self.windows = windows;
    }

    /// Bytes of the guest's memory that are there for segments alone.
    pub fn reserved(&self) -> u64 {
        self.windows.size()
    }

    /// Whether there is use for so much more of the guest's memory.
    pub(crate) fn wants_window(&mut self, len: u32) -> bool {
        let most = self.budget.limit().saturating_mul(2).max(STEP.into());
        let wants = self.windows.size() + u64::from(len) <= most.saturating_add(STEP.into());
        if !wants {
            self.fail("that is more memory than there can be segments");
        }
        wants
    }

    /// Takes a part of the guest's memory for segments. `from` is where what the guest was
    /// made of ends, `end` its memory, and `base` where that begins in the host's.
    pub(crate) fn add_window(
        &mut self,
        at: u32,
        len: u32,
        from: u64,
        end: u64,
        base: usize,
    ) -> bool {
        let is_inside = u64::from(at) >= from && u64::from(at) + u64::from(len) <= end;
        let is_whole = at.is_multiple_of(STEP) && len.is_multiple_of(STEP) && len > 0;
        let range = at.checked_add(len).map(|end| at..end);
        let range = range.filter(|_| is_inside && is_whole);
        let Some(range) = range.filter(|range| self.windows.is_new(range)) else {
            self.fail("that memory cannot be given for segments");
            return false;
        };
        if can_map()
            && let Err(why) = self.seal(&range, base)
        {
            self.fail(format!("cannot make a window for segments: {why}"));
            return false;
        }
        self.windows.add(range);
        self.note_shared_ranges();
        true
    }

    /// Makes a window one that can only be read.
    fn seal(&mut self, range: &Range<u32>, base: usize) -> Result<(), String> {
        let new = || Sealed { base, seal: Seal::default(), permits: Vec::new() };
        let sealed = self.seal.get_or_insert_with(new);
        if sealed.permits.is_empty() || self.windows.is_apart(range) {
            sealed.permits.push(self.budget.mapping()?);
        }
        let window = base + range.start as usize..base + range.end as usize;
        // SAFETY: who calls this has seen that the window is in the memory, beyond what that
        // was initialised with, and no window yet. A guest's memory does not move
        // (`memory_may_move` is off), and `detach_all` comes before it goes. Guests run only
        // where the host has no reference to their memory.
        unsafe { sealed.seal.add(window) }.map_err(|error| error.to_string())?;
        self.watch.set_windows(sealed.seal.span());
        Ok(())
    }

    /// Makes all windows ones that can only be read, in a guest that is a copy of another one
    /// and has its memory by now, which begins at `base`.
    pub fn seal_windows(&mut self, base: usize) -> Result<(), String> {
        if !can_map() {
            return Ok(());
        }
        let ranges: Vec<Range<u32>> = self.windows.all().collect();
        for range in ranges {
            self.seal(&range, base)?;
        }
        self.note_shared_ranges();
        Ok(())
    }

    /// Makes the windows memory as any other, if no segment is mapped; none can be then.
    pub fn unseal_windows(&mut self) {
        if self.attached.is_empty() {
            self.watch.set_windows(0..0);
            self.seal = None;
            self.note_shared_ranges();
        }
    }

    /// Where a segment is, or could be.
    pub(crate) fn placement(&mut self, handle: u32) -> Option<Placement> {
        if let Some(attached) = self.attached.get(&handle) {
            return Some(Placement::Attached(attached.range.start));
        }
        let segment = self.find(handle)?;
        let len = u32::try_from(whole_pages(segment.total() as usize)).ok()?;
        let limit = self.budget.limit();
        if self.attached.len() >= MAX_ATTACHED {
            self.fail(format!("{MAX_ATTACHED} segments are mapped; close some of them first"));
            return None;
        }
        if self.bytes + u64::from(len) > limit {
            self.fail(format!(
                "cannot map a segment of {} bytes: with it, more than {limit} bytes would be \
                 mapped (limit segments)",
                segment.total()
            ));
            return None;
        }
        if let Some(range) = self.windows.take(len) {
            return Some(Placement::At(range));
        }
        let wanted = len.next_multiple_of(STEP);
        // A guest that closes and makes segments of all sizes leaves gaps of all sizes.
        if self.windows.size() + u64::from(wanted) > limit.saturating_mul(2).max(STEP.into()) {
            self.fail(format!(
                "cannot map a segment of {} bytes: what is left of the guest's memory for \
                 segments is in pieces; close some of them first (limit segments)",
                segment.total()
            ));
            return None;
        }
        Some(Placement::Wanted(wanted))
    }

    /// Puts a segment where [`placement`](Self::placement) has found room. What is no mapping
    /// has to be [copied](Self::copy) then.
    pub(crate) fn attach(&mut self, handle: u32, range: Range<u32>) -> Option<u32> {
        let at = range.start;
        let segment = self.find(handle)?;
        match self.map(&segment, &range) {
            Ok(how) => {
                self.bytes += range.len() as u64;
                self.copies += usize::from(matches!(how, How::Copied { .. }));
                self.attached.insert(handle, Attached { range, segment, how });
                self.note_shared_ranges();
                Some(at)
            }
            Err(why) => {
                self.windows.give_back(range);
                self.fail(format!("cannot map a segment: {why}"));
                None
            }
        }
    }

    fn map(&self, segment: &Segment, range: &Range<u32>) -> Result<How, String> {
        let Some(sealed) = &self.seal else {
            return Ok(How::Copied { base: None, _private: None });
        };
        let (address, len) = (sealed.base + range.start as usize, range.len());
        let permit = self.budget.mapping()?;
        let shared = segment.shared();
        let Some(file) = shared.file().filter(|_| self.sharing.maps(segment)) else {
            // SAFETY: the range is in a window, which is sealed, and a shared range, of
            // which `GuestBytes` gives no reference.
            let private = unsafe { Mapping::private(address, len, permit) };
            let private = private.map_err(|error| error.to_string())?;
            return Ok(How::Copied { base: None, _private: Some(private) });
        };
        let is_read_only = segment.is_read_only();
        let protection = if is_read_only { Protection::ReadOnly } else { Protection::ReadWrite };
        // SAFETY: as above, and it stays a shared range. The file has as many whole pages.
        let mapping = unsafe { Mapping::over(address, len, file, protection, permit) };
        let mapping = mapping.map_err(|error| error.to_string())?;
        if is_read_only && !self.watch.add(address..address + len) {
            return Err("too many read-only segments are mapped; close some of them first".into());
        }
        Ok(How::Mapped(mapping))
    }
}
