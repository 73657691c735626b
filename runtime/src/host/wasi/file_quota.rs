//! How many files may be open.

use super::errno::Answer;
use super::errno::Errno;
use crate::ledger::quota::{Quota, Resource};
use crate::ledger::{Ledger, Permit, Reservation};
use crate::platform::limits::open_files;
use std::sync::Arc;

/// The descriptors of the process that guests have.
static DESCRIPTORS: Quota = Quota::of(Resource::Descriptor);

/// What part of the process's descriptors is for guests to share.
const PART: u64 = 2;

/// What the host keeps for an open file, in bytes.
const KEPT: u64 = 512;

/// What the guests of one sandbox may have open.
#[derive(Debug, Clone)]
pub(crate) struct FileQuota {
    /// How many each of them may have.
    each: usize,
    ledger: Arc<Ledger>,
}

/// What one guest may have open.
#[derive(Debug)]
pub(super) struct GuestFileQuota {
    room: FileQuota,
    /// Everything open has a clone of this.
    open: Arc<()>,
}

/// A descriptor that may be used, until this is dropped.
#[derive(Debug)]
pub(crate) struct FileShare {
    /// What the host keeps for it.
    pub held: Reservation,
    _permit: Permit,
    _open: Arc<()>,
}

impl FileQuota {
    /// For a sandbox each of whose guests may have so many files open.
    pub fn new(each: u32, ledger: Arc<Ledger>) -> FileQuota {
        FileQuota { each: each as usize, ledger }
    }

    /// For one of the guests.
    pub(super) fn own(self) -> GuestFileQuota {
        GuestFileQuota { room: self, open: Arc::default() }
    }
}

impl GuestFileQuota {
    /// A place for another file.
    pub fn take(&self) -> Answer<FileShare> {
        let room = &self.room;
        if Arc::strong_count(&self.open) > room.each {
            return Err(Errno::MFILE.into());
        }
        let permit = room.ledger.acquire(&DESCRIPTORS, u64::MAX, open_files() / PART);
        let permit = permit.map_err(|_| Errno::MFILE)?;
        let held = room.ledger.reserve(KEPT).map_err(|_| Errno::NOMEM)?;
        Ok(FileShare { held, _permit: permit, _open: Arc::clone(&self.open) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::wasi::errno::Failure;

    fn errno(result: Answer<FileShare>) -> Errno {
        match result {
            Err(Failure::Errno(errno)) => errno,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_guest_has_as_many_places_as_it_may_and_another_when_one_is_given_back() {
        let room = FileQuota::new(2, Ledger::endless());
        let (own, others) = (room.clone().own(), room.own());
        let one = own.take().unwrap();
        let _two = own.take().unwrap();
        assert_eq!(errno(own.take()), Errno::MFILE);
        let _of_another = others.take().unwrap();
        drop(one);
        own.take().unwrap();
    }

    #[test]
    fn a_place_is_refused_if_the_host_keeps_enough_already() {
        let own = FileQuota::new(9, Ledger::new(KEPT, 0)).own();
        let _one = own.take().unwrap();
        assert_eq!(errno(own.take()), Errno::NOMEM);
    }
}
