//! The segments that one guest knows, by the numbers that it knows them by.

use super::sharing::Sharing;
use luago_segment::Segment;
use luago_segment::internal::SegmentParts;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Handles that a guest can have at once.
const MAX_HANDLES: usize = 1 << 16;

/// Flags of a segment, as guests read them.
mod flag {
    pub const READ_ONLY: u32 = 1;
    pub const COPYING: u32 = 2;
    pub const WEAK_ORDER: u32 = 4;
}

/// The handles of one guest, for whoever reads or writes its frames.
#[derive(Clone)]
pub(crate) struct Handles {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    sharing: Sharing,
    entries: HashMap<u32, Entry>,
    by_segment: HashMap<(u64, bool), u32>,
    last: u32,
    /// How many there can be.
    most: usize,
}

struct Entry {
    /// All of it, whatever part was passed.
    segment: Segment,
    /// How often the guest has got it, and not given it back.
    count: u64,
}

/// What a guest is told of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HandleInfo {
    pub handle: u32,
    pub flags: u32,
    pub total: u32,
}

impl HandleInfo {
    /// As it stands in the slot of a frame.
    pub fn payload(self) -> u64 {
        u64::from(self.flags) | u64::from(self.total) << 32
    }
}

impl Handles {
    pub fn new(sharing: Sharing) -> Handles {
        let inner = Inner {
            sharing,
            entries: HashMap::new(),
            by_segment: HashMap::new(),
            last: 0,
            most: MAX_HANDLES,
        };
        Handles { inner: Arc::new(Mutex::new(inner)) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a segment known to the guest once more; nothing if it knows too many.
    pub fn grant(&self, segment: &Segment) -> Option<HandleInfo> {
        let mut inner = self.lock();
        let key = (segment.id(), segment.is_read_only());
        let handle = match inner.by_segment.get(&key) {
            Some(&handle) => handle,
            None => {
                if inner.entries.len() >= inner.most {
                    return None;
                }
                // A number that was good once is never good again.
                let handle = inner.last.checked_add(1)?;
                inner.last = handle;
                inner.by_segment.insert(key, handle);
                inner.entries.insert(handle, Entry { segment: segment.whole(), count: 0 });
                handle
            }
        };
        let entry = inner.entries.get_mut(&handle)?;
        entry.count += 1;
        Some(HandleInfo { handle, flags: inner.flags(segment), total: segment.total() })
    }

    /// The last number that was given.
    pub fn last(&self) -> u32 {
        self.lock().last
    }

    /// Gives only numbers beyond one: the guest is a copy of one that had others.
    pub fn go_on_from(&self, last: u32) {
        self.lock().last = last;
    }

    /// The guest cannot give back what it gets, and so gets none.
    pub fn refuse_all(&self) {
        self.lock().most = 0;
    }

    /// Why the guest can get no more segments, if it cannot.
    pub fn refusal(&self, more: usize) -> Option<&'static str> {
        let inner = self.lock();
        if more == 0 || inner.entries.len() + more <= inner.most {
            return None;
        }
        Some(match inner.most {
            0 => {
                "it uses no segments, so it cannot take any; name luago.Segment or \
                  luago.AcceptSegments in it"
            }
            _ => "it knows too many segments; close some of them first",
        })
    }

    /// What a handle stands for.
    pub fn get(&self, handle: u32) -> Option<Segment> {
        self.lock().entries.get(&handle).map(|entry| entry.segment.clone())
    }

    /// What the guest is told of a handle that it has.
    pub fn info(&self, handle: u32) -> Option<HandleInfo> {
        let inner = self.lock();
        let segment = &inner.entries.get(&handle)?.segment;
        Some(HandleInfo { handle, flags: inner.flags(segment), total: segment.total() })
    }

    /// The guest lets go of a handle so many times; the segment if that were all.
    pub fn give_back(&self, handle: u32, count: u32) -> Option<Segment> {
        let mut inner = self.lock();
        let entry = inner.entries.get_mut(&handle)?;
        entry.count = entry.count.saturating_sub(u64::from(count));
        if entry.count > 0 {
            return None;
        }
        let entry = inner.entries.remove(&handle)?;
        inner.by_segment.remove(&(entry.segment.id(), entry.segment.is_read_only()));
        Some(entry.segment)
    }

    /// Its handles that stand for a segment: to read and write, and only to read.
    pub(crate) fn of_segment(&self, id: u64) -> [Option<u32>; 2] {
        let inner = self.lock();
        [false, true].map(|access| inner.by_segment.get(&(id, access)).copied())
    }

    /// How many the guest has.
    pub fn len(&self) -> usize {
        self.lock().entries.len()
    }

    /// Forgets all of them.
    pub fn clear(&self) {
        let mut inner = self.lock();
        inner.by_segment.clear();
        let entries = std::mem::take(&mut inner.entries);
        drop(inner);
        drop(entries);
    }
}

impl Inner {
    fn flags(&self, segment: &Segment) -> u32 {
        let mut flags = 0;
        if segment.is_read_only() {
            flags |= flag::READ_ONLY;
        }
        if !self.sharing.maps(segment) {
            flags |= flag::COPYING;
        }
        if !cfg!(any(target_arch = "x86_64", target_arch = "x86")) {
            flags |= flag::WEAK_ORDER;
        }
        flags
    }
}

impl std::fmt::Debug for Handles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Handles({})", self.len())
    }
}
