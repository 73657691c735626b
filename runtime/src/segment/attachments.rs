//! The segments of one guest: which it knows, and where in its memory they are.

use super::Segment;
use super::budget::Budget;
use super::bytes::GuestBytesMut;
use super::copy::Twin;
use super::fault::Watch;
use super::handles::{Handles, Told};
use super::holes::Hole;
use super::mapping::{Mapping, Protection};
use super::shared::{Shared, whole_pages};
use super::wait_list::WaitList;
use super::windows::{STEP, Windows};
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
    pub(super) fn maps(self, segment: &Segment) -> bool {
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
    windows: Windows,
    watch: Arc<Watch>,
    pub(super) waits: WaitList,
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
    Copied(Twin),
}

/// Segments that a guest can have in its memory at once.
const MAX_ATTACHED: usize = 1024;

/// Where a segment can go.
pub(super) enum Place {
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
            windows: Windows::default(),
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

    /// Why the last thing that was asked for did not work.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    pub(super) fn fail(&mut self, why: impl Into<String>) {
        self.problem = why.into();
    }

    /// Makes a segment for the guest.
    pub(super) fn create(&mut self, len: u32) -> Option<Told> {
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
    pub(super) fn read_only(&mut self, handle: u32) -> Option<Told> {
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
    pub(super) fn find(&mut self, handle: u32) -> Option<Segment> {
        let segment = self.handles.get(handle);
        if segment.is_none() {
            self.fail("the segment is closed");
        }
        segment
    }

    /// Where a segment is, or could be.
    pub(super) fn place(&mut self, handle: u32) -> Option<Place> {
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
    pub(super) fn wants_window(&mut self, len: u32) -> bool {
        let most = self.budget.limit().saturating_mul(2).max(STEP.into());
        let wants = self.windows.size() + u64::from(len) <= most.saturating_add(STEP.into());
        if !wants {
            self.fail("that is more memory than there can be segments");
        }
        wants
    }

    /// Takes a part of the guest's memory for segments. `from` is where what the guest was
    /// made of ends, and `end` its memory.
    pub(super) fn add_window(&mut self, at: u32, len: u32, from: u64, end: u64) -> bool {
        let is_inside = u64::from(at) >= from && u64::from(at) + u64::from(len) <= end;
        let is_whole = at.is_multiple_of(STEP) && len.is_multiple_of(STEP) && len > 0;
        let range = at.checked_add(len).map(|end| at..end);
        let is_new = match range {
            Some(range) if is_inside && is_whole => self.windows.add(range),
            _ => false,
        };
        if !is_new {
            self.fail("that memory cannot be given for segments");
        }
        is_new
    }

    /// Puts a segment where [`place`](Self::place) has found room.
    pub(super) fn attach(
        &mut self,
        handle: u32,
        range: Range<u32>,
        memory: &mut GuestBytesMut<'_>,
    ) -> Option<u32> {
        let at = range.start;
        let segment = self.find(handle)?;
        let how = if self.sharing.maps(&segment) {
            self.map(&segment, &range, memory).map(How::Mapped)
        } else {
            copy(&segment, &range, memory).map(How::Copied)
        };
        match how {
            Ok(how) => {
                self.bytes += range.len() as u64;
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
    fn map(
        &self,
        segment: &Segment,
        range: &Range<u32>,
        memory: &mut GuestBytesMut<'_>,
    ) -> Result<Mapping, String> {
        let shared = segment.shared();
        let is_read_only = segment.is_read_only();
        let protection = if is_read_only { Protection::ReadOnly } else { Protection::ReadWrite };
        let Some(file) = shared.file() else { return Err("it is no file".to_string()) };
        let taken = self.budget.mapping()?;
        let place = memory.get_mut(range.start, range.len() as u32);
        let place = place.ok_or("there is no room for it")?;
        // SAFETY: windows lie beyond what the memory was initialised with. As soon as the
        // mapping is noted, the place is a hole, of which `GuestBytes` gives no reference.
        // A guest's memory does not move (`memory_may_move` is off), and `detach_all` comes
        // before it goes.
        let mapping = unsafe { Mapping::over_bytes(place, file, protection, taken) };
        let mapping = mapping.map_err(|error| error.to_string())?;
        let start = mapping.address();
        if is_read_only && !self.watch.add(start..start + mapping.len()) {
            return Err("too many read-only segments are mapped; close some of them first".into());
        }
        Ok(mapping)
    }

    /// The guest lets go of a handle.
    pub(super) fn drop_handle(&mut self, handle: u32, count: u32, memory: &mut GuestBytesMut<'_>) {
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
            self.bytes -= attached.range.len() as u64;
            let range = attached.range.clone();
            self.release(attached);
            self.windows.give_back(range);
            self.note_holes();
        }
    }

    fn release(&self, attached: Attached) {
        if let How::Mapped(mapping) = &attached.how {
            self.watch.remove(mapping.address());
        }
    }

    /// Takes everything out of the guest's memory. Afterwards that is the guest's alone.
    pub fn detach_all(&mut self) {
        self.waits.end_all();
        if self.attached.is_empty() && self.handles.len() == 0 {
            return;
        }
        let handles: Vec<u32> = self.attached.keys().copied().collect();
        for handle in handles {
            self.detach(handle);
        }
        self.handles.clear();
    }

    /// Is what a handle stands for in the guest's memory?
    pub(super) fn has(&self, handle: u32) -> bool {
        self.attached.contains_key(&handle)
    }

    fn note_holes(&mut self) {
        let holes = self.attached.values().filter(|one| matches!(one.how, How::Mapped(_)));
        let mut holes: Vec<Hole> = holes
            .map(|one| Hole { range: one.range.clone(), is_writable: !one.segment.is_read_only() })
            .collect();
        holes.sort_unstable_by_key(|hole| hole.range.start);
        self.holes = if holes.is_empty() { None } else { Some(holes.into()) };
    }

    /// Is there anything to carry over when another guest runs?
    #[inline]
    pub fn is_copying(&self) -> bool {
        self.has_any() && self.attached.values().any(|one| matches!(one.how, How::Copied(_)))
    }

    /// Is any segment in the guest's memory?
    #[inline]
    pub fn has_any(&self) -> bool {
        !self.attached.is_empty()
    }

    /// Carries over what the guest has written.
    pub fn flush(&mut self, memory: &mut GuestBytesMut<'_>) {
        let handles: Vec<u32> = self.attached.keys().copied().collect();
        for handle in handles {
            if !self.flush_one(handle, memory) {
                self.was_hit = true;
            }
        }
    }

    /// False if it has written where it may not.
    fn flush_one(&mut self, handle: u32, memory: &mut GuestBytesMut<'_>) -> bool {
        let Some(Attached { range, segment, how: How::Copied(twin) }) =
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
            if let How::Copied(twin) = how
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
