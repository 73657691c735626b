//! The segments of one guest: which it knows, and where in its memory they are.

mod copies;
pub(super) mod mapped;
mod sealed;

use super::budget::Budget;
use super::bytes::GuestBytesMut;
use super::fault::Watch;
use super::handles::{HandleInfo, Handles};
use super::mapping::Mapping;
use super::shared_ranges::SharedRange;
use super::sharing::Sharing;
use super::sync::BaseCopy;
use super::wait_list::WaitList;
use super::windows::Windows;
use luago_segment::Segment;
use luago_segment::internal::{SegmentParts, Shared};
use sealed::Sealed;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

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
    shared_ranges: Option<Arc<[SharedRange]>>,
    problem: String,
    /// Whether a guest with a copy wrote to one that it can only read.
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
        base: Option<BaseCopy>,
        /// What lets the guest write there.
        _private: Option<Mapping>,
    },
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
            shared_ranges: None,
            problem: String::new(),
            was_hit: false,
        }
    }

    /// Where segments are mapped in the guest's memory, and where windows are free.
    #[inline]
    pub fn shared_ranges(&self) -> Option<&Arc<[SharedRange]>> {
        self.shared_ranges.as_ref()
    }

    pub fn watch(&self) -> &Arc<Watch> {
        &self.watch
    }

    /// Whether the guest has written to a segment that it can only read.
    #[inline]
    pub fn was_hit(&self) -> bool {
        self.was_hit || self.watch.was_hit()
    }

    /// If it has: what it did.
    pub fn violation(&self) -> &'static str {
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
    pub(crate) fn create(&mut self, len: u32) -> Option<HandleInfo> {
        let made = self
            .budget
            .charge(u64::from(len))
            .map(|charge| Shared::new(len as usize, Some(Box::new(charge))))
            .and_then(|made| made.map_err(|e| e.to_string()));
        match made {
            Ok(shared) => self.grant(&Segment::of(shared)),
            Err(why) => {
                self.fail(format!("cannot make a segment: {why}"));
                None
            }
        }
    }

    /// The same segment, only to read.
    pub(crate) fn read_only(&mut self, handle: u32) -> Option<HandleInfo> {
        let segment = self.find(handle)?;
        self.grant(&segment.read_only())
    }

    fn grant(&mut self, segment: &Segment) -> Option<HandleInfo> {
        let info = self.handles.grant(segment);
        if info.is_none() {
            self.fail("the guest knows too many segments; close some of them first");
        }
        info
    }

    /// What a handle stands for.
    pub(crate) fn find(&mut self, handle: u32) -> Option<Segment> {
        let segment = self.handles.get(handle);
        if segment.is_none() {
            self.fail("the segment is closed");
        }
        segment
    }

    /// The guest lets go of a handle.
    pub(crate) fn drop_handle(&mut self, handle: u32, count: u32, memory: &mut GuestBytesMut<'_>) {
        if self.handles.info(handle).is_none() {
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
            self.note_shared_ranges();
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

    /// Whether what a handle stands for is in the guest's memory.
    pub(crate) fn has(&self, handle: u32) -> bool {
        self.attached.contains_key(&handle)
    }

    /// Whether any segment is in the guest's memory.
    #[inline]
    pub fn has_any(&self) -> bool {
        !self.attached.is_empty()
    }

    fn note_shared_ranges(&mut self) {
        let mapped = self.attached.values().filter(|one| matches!(one.how, How::Mapped(_)));
        let mut ranges: Vec<SharedRange> = mapped
            .map(|one| SharedRange {
                range: one.range.clone(),
                is_writable: !one.segment.is_read_only(),
            })
            .collect();
        if self.seal.is_some() {
            let free = self.windows.free();
            ranges.extend(free.map(|range| SharedRange { range, is_writable: false }));
        }
        ranges.sort_unstable_by_key(|shared| shared.range.start);
        self.shared_ranges = if ranges.is_empty() { None } else { Some(ranges.into()) };
    }
}

impl Drop for Attachments {
    fn drop(&mut self) {
        self.detach_all();
    }
}
