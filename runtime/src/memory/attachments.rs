//! The segments of one guest: which it knows, and where in its memory they are.

use super::budget::Budget;
use super::bytes::GuestBytesMut;
use super::fault::Watch;
use super::handles::{Handles, Told};
use super::mapping::{Mapping, Seal};
use super::shared_ranges::Hole;
use super::sync::Twin;
use super::wait_list::WaitList;
use super::windows::{STEP, Windows};
use crate::ledger::Taken;
use crate::platform::pages::Protection;
use crate::segment::Segment;
use crate::segment::shared::{Shared, can_map, whole_pages};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// How segments get into the memory of guests.
///
/// ```
/// use luago::{Engine, Sharing};
///
/// let engine = Engine::builder().sharing(Sharing::Copied).build()?;
/// # let _ = engine;
/// # Ok::<(), luago::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sharing {
    /// The same pages are mapped into all of them, where the system can do so: Linux on
    /// machines of 64 bits. Elsewhere they are copied.
    Mapped,
    /// Each guest has a copy, and what it has written is carried over when it calls, returns
    /// or waits. For tests, and for systems without the other way.
    Copied,
}

impl Sharing {
    pub(crate) fn maps(self, segment: &Segment) -> bool {
        self == Sharing::Mapped && segment.shared().file().is_some()
    }
}

/// The segments of one guest.
///
/// Must be told to [`detach_all`](Self::detach_all), or dropped, before the guest's memory
/// goes.
pub(crate) struct Attachments {
    sharing: Sharing,
    pub handles: Handles,
    budget: Arc<Budget>,
    attached: BTreeMap<u32, Attached>,
    /// Bytes that they take up in the guest.
    bytes: u64,
    /// How many of them are copies.
    copies: usize,
    windows: Windows,
    /// What the windows are where no segment is; none where nothing can be mapped.
    seal: Option<Sealed>,
    watch: Arc<Watch>,
    pub(crate) waits: WaitList,
    holes: Option<Arc<[Hole]>>,
    problem: String,
    /// Did a guest with a copy write to one that it can only read?
    was_hit: bool,
}

/// One that is in the guest's memory.
struct Attached {
    range: Range<u32>,
    segment: Segment,
    how: How,
}

enum How {
    Mapped(Mapping),
    Copied {
        /// There is none until the copy is made.
        twin: Option<Twin>,
        /// What lets the guest write there.
        _place: Option<Mapping>,
    },
}

/// Windows that can only be read where no segment is.
struct Sealed {
    /// Where the guest's memory begins.
    base: usize,
    seal: Seal,
    /// A process can have only so many mappings; one for each range.
    taken: Vec<Taken>,
}

/// Segments that a guest can have in its memory at once.
const MAX_ATTACHED: usize = 1024;

/// Where a segment can go.
pub(crate) enum Place {
    /// It is there.
    Attached(u32),
    /// There is a place for it.
    At(Range<u32>),
    /// The guest has to give so many bytes first.
    Wanted(u32),
}

impl Attachments {
    pub fn new(sharing: Sharing, budget: Arc<Budget>) -> Attachments {
        let waits = WaitList::charged_to(budget.loan());
        Attachments {
            sharing,
            handles: Handles::new(sharing),
            budget,
            attached: BTreeMap::new(),
            bytes: 0,
            copies: 0,
            windows: Windows::default(),
            seal: None,
            watch: Arc::default(),
            waits,
            holes: None,
            problem: String::new(),
            was_hit: false,
        }
    }

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

    #[inline]
    pub fn holes(&self) -> Option<&Arc<[Hole]>> {
        self.holes.as_ref()
    }

    pub fn watch(&self) -> &Arc<Watch> {
        &self.watch
    }

    /// Has the guest written to a segment that it can only read?
    #[inline]
    pub fn was_hit(&self) -> bool {
        self.was_hit || self.watch.was_hit()
    }

    /// If it has: what it did.
    pub fn misdeed(&self) -> &'static str {
        match self.watch.was_free() {
            true => "wrote to the memory of a segment that is closed, or not mapped yet",
            false => "wrote to a segment that it was granted only to read",
        }
    }

    /// Why the last thing that was asked for did not work.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    pub(crate) fn fail(&mut self, why: impl Into<String>) {
        self.problem = why.into();
    }

    /// Makes a segment for the guest.
    pub(crate) fn create(&mut self, len: u32) -> Option<Told> {
        let made = self
            .budget
            .charge(u64::from(len))
            .and_then(|charge| Shared::new(len as usize, Some(charge)).map_err(|e| e.to_string()));
        match made {
            Ok(shared) => self.grant(&Segment::over(shared)),
            Err(why) => {
                self.fail(format!("cannot make a segment: {why}"));
                None
            }
        }
    }

    /// The same segment, only to read.
    pub(crate) fn read_only(&mut self, handle: u32) -> Option<Told> {
        let segment = self.find(handle)?;
        self.grant(&segment.read_only())
    }

    fn grant(&mut self, segment: &Segment) -> Option<Told> {
        let told = self.handles.grant(segment);
        if told.is_none() {
            self.fail("the guest knows too many segments; close some of them first");
        }
        told
    }

    /// What a handle stands for.
    pub(crate) fn find(&mut self, handle: u32) -> Option<Segment> {
        let segment = self.handles.get(handle);
        if segment.is_none() {
            self.fail("the segment is closed");
        }
        segment
    }

    /// Where a segment is, or could be.
    pub(crate) fn place(&mut self, handle: u32) -> Option<Place> {
        if let Some(attached) = self.attached.get(&handle) {
            return Some(Place::Attached(attached.range.start));
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
            return Some(Place::At(range));
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
        Some(Place::Wanted(wanted))
    }

    /// Is there use for more of the guest's memory?
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
        self.note_holes();
        true
    }

    /// Makes a window one that can only be read.
    #[expect(unsafe_code, reason = "takes bytes out of the guest's own memory")]
    fn seal(&mut self, range: &Range<u32>, base: usize) -> Result<(), String> {
        let new = || Sealed { base, seal: Seal::default(), taken: Vec::new() };
        let sealed = self.seal.get_or_insert_with(new);
        if sealed.taken.is_empty() || self.windows.is_apart(range) {
            sealed.taken.push(self.budget.mapping()?);
        }
        let place = base + range.start as usize..base + range.end as usize;
        // SAFETY: who calls this has seen that the window is in the memory, beyond what that
        // was initialised with, and no window yet. A guest's memory does not move
        // (`memory_may_move` is off), and `detach_all` comes before it goes. Guests run only
        // where the host has no reference to their memory.
        unsafe { sealed.seal.add(place) }.map_err(|error| error.to_string())?;
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
        self.note_holes();
        Ok(())
    }

    /// Makes the windows memory as any other, if no segment is mapped; none can be then.
    pub fn unseal_windows(&mut self) {
        if self.attached.is_empty() {
            self.watch.set_windows(0..0);
            self.seal = None;
            self.note_holes();
        }
    }

    /// Puts a segment where [`place`](Self::place) has found room. What is no mapping has to
    /// be [copied](Self::copy) then.
    pub(crate) fn attach(&mut self, handle: u32, range: Range<u32>) -> Option<u32> {
        let at = range.start;
        let segment = self.find(handle)?;
        match self.map(&segment, &range) {
            Ok(how) => {
                self.bytes += range.len() as u64;
                self.copies += usize::from(matches!(how, How::Copied { .. }));
                self.attached.insert(handle, Attached { range, segment, how });
                self.note_holes();
                Some(at)
            }
            Err(why) => {
                self.windows.give_back(range);
                self.fail(format!("cannot map a segment: {why}"));
                None
            }
        }
    }

    #[expect(unsafe_code, reason = "takes bytes out of the guest's own memory")]
    fn map(&self, segment: &Segment, range: &Range<u32>) -> Result<How, String> {
        let Some(sealed) = &self.seal else {
            return Ok(How::Copied { twin: None, _place: None });
        };
        let (address, len) = (sealed.base + range.start as usize, range.len());
        let taken = self.budget.mapping()?;
        let shared = segment.shared();
        let Some(file) = shared.file().filter(|_| self.sharing.maps(segment)) else {
            // SAFETY: the place is in a window, which is sealed, and a hole, of which
            // `GuestBytes` gives no reference.
            let private = unsafe { Mapping::private(address, len, taken) };
            let place = private.map_err(|error| error.to_string())?;
            return Ok(How::Copied { twin: None, _place: Some(place) });
        };
        let is_read_only = segment.is_read_only();
        let protection = if is_read_only { Protection::ReadOnly } else { Protection::ReadWrite };
        // SAFETY: as above, and it stays a hole. The file has as many whole pages.
        let mapping = unsafe { Mapping::over(address, len, file, protection, taken) };
        let mapping = mapping.map_err(|error| error.to_string())?;
        if is_read_only && !self.watch.add(address..address + len) {
            return Err("too many read-only segments are mapped; close some of them first".into());
        }
        Ok(How::Mapped(mapping))
    }

    /// Copies a segment that has been attached to the guest, where it is not mapped.
    pub(crate) fn copy(&mut self, handle: u32, memory: &mut GuestBytesMut<'_>) -> bool {
        let Some(Attached { range, segment, how: How::Copied { twin: twin @ None, .. } }) =
            self.attached.get_mut(&handle)
        else {
            return true;
        };
        match copy(segment, range, memory) {
            Ok(copied) => {
                *twin = Some(copied);
                true
            }
            Err(why) => {
                self.detach(handle);
                self.fail(format!("cannot map a segment: {why}"));
                false
            }
        }
    }

    /// The guest lets go of a handle.
    pub(crate) fn drop_handle(&mut self, handle: u32, count: u32, memory: &mut GuestBytesMut<'_>) {
        if self.handles.told(handle).is_none() {
            return;
        }
        // What it has written counts.
        if !self.flush_one(handle, memory) {
            self.was_hit = true;
        }
        if self.handles.give_back(handle, count).is_some() {
            self.wake_waits(handle);
            self.detach(handle);
        }
    }

    fn detach(&mut self, handle: u32) {
        if let Some(attached) = self.attached.remove(&handle) {
            self.release(attached);
            self.note_holes();
        }
    }

    fn release(&mut self, attached: Attached) {
        let Attached { range, how, .. } = attached;
        self.bytes -= range.len() as u64;
        match &how {
            How::Mapped(mapping) => self.watch.remove(mapping.address()),
            How::Copied { .. } => self.copies -= 1,
        }
        drop(how);
        self.windows.give_back(range);
    }

    /// Takes everything out of the guest's memory. Afterwards that is the guest's alone.
    pub fn detach_all(&mut self) {
        self.waits.end_all();
        for attached in std::mem::take(&mut self.attached).into_values() {
            self.release(attached);
        }
        self.unseal_windows();
        if self.handles.len() > 0 {
            self.handles.clear();
        }
    }

    /// Is what a handle stands for in the guest's memory?
    pub(crate) fn has(&self, handle: u32) -> bool {
        self.attached.contains_key(&handle)
    }

    fn note_holes(&mut self) {
        let holes = self.attached.values().filter(|one| matches!(one.how, How::Mapped(_)));
        let mut holes: Vec<Hole> = holes
            .map(|one| Hole { range: one.range.clone(), is_writable: !one.segment.is_read_only() })
            .collect();
        if self.seal.is_some() {
            holes.extend(self.windows.free().map(|range| Hole { range, is_writable: false }));
        }
        holes.sort_unstable_by_key(|hole| hole.range.start);
        self.holes = if holes.is_empty() { None } else { Some(holes.into()) };
    }

    /// Is there anything to carry over when another guest runs?
    #[inline]
    pub fn is_copying(&self) -> bool {
        self.copies > 0
    }

    /// Is any segment in the guest's memory?
    #[inline]
    pub fn has_any(&self) -> bool {
        !self.attached.is_empty()
    }

    /// Carries over what the guest has written.
    pub fn flush(&mut self, memory: &mut GuestBytesMut<'_>) {
        if self.copies == 0 {
            return;
        }
        let handles: Vec<u32> = self.attached.keys().copied().collect();
        for handle in handles {
            if !self.flush_one(handle, memory) {
                self.was_hit = true;
            }
        }
    }

    /// False if it has written where it may not.
    fn flush_one(&mut self, handle: u32, memory: &mut GuestBytesMut<'_>) -> bool {
        let Some(Attached { range, segment, how: How::Copied { twin: Some(twin), .. } }) =
            self.attached.get_mut(&handle)
        else {
            return true;
        };
        let Some(guest) = memory.get_mut(range.start, segment.total()) else { return true };
        if segment.is_read_only() {
            return !twin.differs(guest);
        }
        if let Ok(region) = segment.shared().region() {
            twin.flush(region, guest);
        }
        true
    }

    /// Fetches what others have written.
    pub fn fetch(&mut self, memory: &mut GuestBytesMut<'_>) {
        for Attached { range, segment, how } in self.attached.values_mut() {
            if let How::Copied { twin: Some(twin), .. } = how
                && let Some(guest) = memory.get_mut(range.start, segment.total())
                && let Ok(region) = segment.shared().region()
            {
                twin.fetch(region, guest);
            }
        }
    }
}

fn copy(
    segment: &Segment,
    range: &Range<u32>,
    memory: &mut GuestBytesMut<'_>,
) -> Result<Twin, String> {
    let region = segment.shared().region().map_err(|error| error.to_string())?;
    let place = memory.get_mut(range.start, segment.total());
    Ok(Twin::new(region, place.ok_or("there is no room for it")?))
}

impl Drop for Attachments {
    fn drop(&mut self) {
        self.detach_all();
    }
}
