//! Segments that the guest has a copy of.

use super::{Attached, Attachments, How};
use crate::memory::bytes::GuestBytesMut;
use crate::memory::sync::BaseCopy;
use luago_segment::Segment;
use luago_segment::internal::SegmentParts;
use std::ops::Range;

impl Attachments {
    /// Whether there is anything to carry over when another guest runs.
    #[inline]
    pub fn is_copying(&self) -> bool {
        self.copies > 0
    }

    /// Copies a segment that has been attached to the guest, where it is not mapped.
    pub(crate) fn copy(&mut self, handle: u32, memory: &mut GuestBytesMut<'_>) -> bool {
        let Some(Attached { range, segment, how: How::Copied { base: base @ None, .. } }) =
            self.attached.get_mut(&handle)
        else {
            return true;
        };
        match copy(segment, range, memory) {
            Ok(copied) => {
                *base = Some(copied);
                true
            }
            Err(why) => {
                self.detach(handle);
                self.fail(format!("cannot map a segment: {why}"));
                false
            }
        }
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
    pub(super) fn flush_one(&mut self, handle: u32, memory: &mut GuestBytesMut<'_>) -> bool {
        let Some(Attached { range, segment, how: How::Copied { base: Some(base), .. } }) =
            self.attached.get_mut(&handle)
        else {
            return true;
        };
        let Some(guest) = memory.get_mut(range.start, segment.total()) else { return true };
        if segment.is_read_only() {
            return !base.differs(guest);
        }
        if let Ok(region) = segment.shared().region() {
            base.flush(region, guest);
        }
        true
    }

    /// Fetches what others have written.
    pub fn fetch(&mut self, memory: &mut GuestBytesMut<'_>) {
        for Attached { range, segment, how } in self.attached.values_mut() {
            if let How::Copied { base: Some(base), .. } = how
                && let Some(guest) = memory.get_mut(range.start, segment.total())
                && let Ok(region) = segment.shared().region()
            {
                base.fetch(region, guest);
            }
        }
    }
}

fn copy(
    segment: &Segment,
    range: &Range<u32>,
    memory: &mut GuestBytesMut<'_>,
) -> Result<BaseCopy, String> {
    let region = segment.shared().region().map_err(|error| error.to_string())?;
    let guest = memory.get_mut(range.start, segment.total());
    Ok(BaseCopy::new(region, guest.ok_or("there is no room for it")?))
}
