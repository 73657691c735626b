//! What a guest has open.

use super::directory_listing::Listing;
use super::errno::Answer;
use super::errno::Errno;
use super::file_quota::{FileQuota, FileShare, GuestFileQuota};
use super::guest_path::GuestPath;
use super::mounts::Mounts;
use super::walk::Start;
use cap_std::fs::Dir;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::File;
use std::sync::Arc;

/// Everything that WASI serves to one guest.
pub(crate) struct Files {
    open: BTreeMap<u32, Open>,
    /// Numbers below the largest that are not in use.
    free: BTreeSet<u32>,
    room: GuestFileQuota,
    pub(super) mounts: Arc<Mounts>,
    pub(super) variables: Vec<(OsString, OsString)>,
}

/// The number of the root directory.
pub(super) const ROOT: u32 = 3;

/// The number of the working directory, in a guest that has one of its own.
pub(super) const WORKING: u32 = luago_abi::lua::descriptor::WORKING;

/// Something under a number.
struct Open {
    descriptor: Descriptor,
    /// There is none for what the guest was started with.
    place: Option<FileShare>,
}

/// Something that is open.
pub(super) enum Descriptor {
    /// Standard input, which is at its end. Guests have other ways to read and write.
    Input,
    /// A standard stream that nobody reads.
    Sink,
    /// The device `/dev/null`.
    Null(Mode),
    Directory(Directory),
    Regular(Regular),
    Stream(Stream),
}

/// A directory.
pub(super) struct Directory {
    /// There is none of one that is only above what is granted.
    pub dir: Option<Arc<Dir>>,
    /// Whether the guest may change what is in it.
    pub is_writable: bool,
    /// Its name, if that is short enough to be known.
    pub place: Option<GuestPath>,
    pub listing: Listing,
}

/// A regular file, or anything else that has places to read from and write to.
pub(super) struct Regular {
    pub file: Arc<File>,
    /// Whether the guest may change it.
    pub is_writable: bool,
    pub mode: Mode,
    pub position: u64,
}

/// Something without places to read from and write to.
pub(super) struct Stream {
    pub file: Arc<File>,
    pub mode: Mode,
}

/// How something was opened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode {
    pub reads: bool,
    pub writes: bool,
    pub appends: bool,
    /// Whether the guest asked not to wait. It is remembered and nothing else.
    pub is_nonblocking: bool,
}

impl Files {
    /// What a guest starts with: standard streams, and the root of what is granted.
    pub fn new(
        variables: Vec<(OsString, OsString)>,
        room: FileQuota,
        mounts: Arc<Mounts>,
    ) -> Files {
        let (open, free) = (BTreeMap::new(), BTreeSet::new());
        let mut files = Files { open, free, room: room.own(), mounts, variables };
        for stream in [Descriptor::Input, Descriptor::Sink, Descriptor::Sink] {
            files.insert(stream, None);
        }
        files.enter(ROOT, GuestPath::default());
        files
    }

    /// Gives the guest a working directory that it can leave.
    pub fn with_working_dir(mut self, place: GuestPath) -> Files {
        self.enter(WORKING, place);
        self
    }

    /// Makes a number that of a directory by its name alone.
    fn enter(&mut self, fd: u32, place: GuestPath) {
        let mount = self.mounts.over(&place).filter(|(_, way)| way.as_os_str().is_empty());
        let (dir, is_writable) = match mount {
            Some((mount, _)) => (Some(Arc::clone(&mount.dir)), mount.is_writable),
            None => (None, false),
        };
        let directory =
            Directory { dir, is_writable, place: Some(place), listing: Listing::default() };
        self.free.remove(&fd);
        self.open.insert(fd, Open { descriptor: Descriptor::Directory(directory), place: None });
    }

    /// The working directory's name.
    pub fn working_dir(&mut self) -> Option<&GuestPath> {
        self.directory(WORKING).ok()?.place.as_ref()
    }

    /// Goes to another working directory.
    pub fn set_working_dir(&mut self, place: GuestPath) {
        self.enter(WORKING, place);
    }

    /// Where a path relative to a descriptor starts.
    pub(super) fn start(&mut self, fd: u32) -> Answer<Start> {
        let directory = self.directory(fd)?;
        let dir = directory.dir.as_ref().map(|dir| (Arc::clone(dir), directory.is_writable));
        Ok(Start { place: directory.place.clone(), dir })
    }

    /// A place for another descriptor, to be taken before something is opened.
    pub(crate) fn share(&self) -> Answer<FileShare> {
        self.room.take()
    }

    /// Its number.
    pub(super) fn open(&mut self, descriptor: Descriptor, place: FileShare) -> u32 {
        self.insert(descriptor, Some(place))
    }

    fn insert(&mut self, descriptor: Descriptor, place: Option<FileShare>) -> u32 {
        // As long as there is room for files, their numbers are far from the largest.
        let next = || self.open.last_key_value().map_or(0, |(last, _)| last.saturating_add(1));
        let fd = self.free.pop_first().unwrap_or_else(next);
        self.open.insert(fd, Open { descriptor, place });
        fd
    }

    pub(super) fn close(&mut self, fd: u32) -> Answer {
        self.open.remove(&fd).ok_or(Errno::BADF)?;
        self.free.insert(fd);
        Ok(())
    }

    /// Gives something the number of something else, which is closed.
    pub(super) fn renumber(&mut self, fd: u32, to: u32) -> Answer {
        if !self.open.contains_key(&fd) || !self.open.contains_key(&to) {
            return Err(Errno::BADF.into());
        }
        if fd != to
            && let Some(open) = self.open.remove(&fd)
        {
            self.free.insert(fd);
            self.open.insert(to, open);
        }
        Ok(())
    }

    pub(super) fn descriptor(&mut self, fd: u32) -> Answer<&mut Descriptor> {
        Ok(&mut self.open.get_mut(&fd).ok_or(Errno::BADF)?.descriptor)
    }

    pub(super) fn directory(&mut self, fd: u32) -> Answer<&mut Directory> {
        match self.descriptor(fd)? {
            Descriptor::Directory(directory) => Ok(directory),
            Descriptor::Regular(_) | Descriptor::Stream(_) | Descriptor::Null(_) => {
                Err(Errno::NOTDIR.into())
            }
            Descriptor::Input | Descriptor::Sink => Err(Errno::BADF.into()),
        }
    }

    /// The directory, and what the host keeps for it.
    pub(super) fn listed(&mut self, fd: u32) -> Answer<(&mut Directory, Option<&mut FileShare>)> {
        let open = self.open.get_mut(&fd).ok_or(Errno::BADF)?;
        match &mut open.descriptor {
            Descriptor::Directory(directory) => Ok((directory, open.place.as_mut())),
            _ => Err(Errno::NOTDIR.into()),
        }
    }

    pub(super) fn regular(&mut self, fd: u32) -> Answer<&mut Regular> {
        match self.descriptor(fd)? {
            Descriptor::Regular(regular) => Ok(regular),
            _ => Err(Errno::BADF.into()),
        }
    }
}

/// Of variables of one name, the last counts.
pub(crate) fn last_of_each(all: &[(OsString, OsString)]) -> Vec<(OsString, OsString)> {
    let is_last = |index: usize| !all[index + 1..].iter().any(|(name, _)| *name == all[index].0);
    (0..all.len()).filter(|index| is_last(*index)).map(|index| all[index].clone()).collect()
}
