//! What a guest has open.

use super::Answer;
use super::errno::Errno;
use super::listing::Listing;
use super::room::{FileRoom, OwnRoom, Place};
use super::stream::Stream;
use cap_std::fs::Dir;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

/// Everything that WASI serves to one guest.
pub(crate) struct Files {
    open: BTreeMap<u32, Open>,
    /// Numbers below the largest that are not in use.
    free: BTreeSet<u32>,
    room: OwnRoom,
    pub(super) variables: Vec<(OsString, OsString)>,
}

/// Something under a number.
struct Open {
    descriptor: Descriptor,
    /// There is none for what the guest was started with.
    place: Option<Place>,
}

/// Something that is open.
pub(super) enum Descriptor {
    /// Standard input, which is at its end. Guests have other ways to read and write.
    Input,
    /// A standard stream that nobody reads.
    Sink,
    Directory(Directory),
    Regular(Regular),
    Stream(Stream),
}

/// A directory.
pub(super) struct Directory {
    pub dir: Arc<Dir>,
    /// May the guest change what is in it?
    pub is_writable: bool,
    /// The name under which it was granted.
    pub granted: Option<OsString>,
    pub listing: Listing,
}

/// A regular file, or anything else that has places to read from and write to.
pub(super) struct Regular {
    pub file: Arc<File>,
    /// May the guest change it?
    pub is_writable: bool,
    pub mode: Mode,
    pub position: u64,
}

/// How something was opened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode {
    pub reads: bool,
    pub writes: bool,
    pub appends: bool,
    /// Did the guest ask not to wait? It is remembered and nothing else.
    pub is_nonblocking: bool,
}

impl Files {
    /// What a guest starts with: standard streams, and nothing else.
    pub fn new(variables: Vec<(OsString, OsString)>, room: FileRoom) -> Files {
        let mut files =
            Files { open: BTreeMap::new(), free: BTreeSet::new(), room: room.own(), variables };
        for stream in [Descriptor::Input, Descriptor::Sink, Descriptor::Sink] {
            files.insert(stream, None);
        }
        files
    }

    /// Grants a directory of the host under a name.
    pub fn grant(&mut self, host: &Path, name: &OsStr, is_writable: bool) -> io::Result<()> {
        let directory = Directory {
            dir: Arc::new(open_directory(host)?),
            is_writable,
            granted: Some(name.to_os_string()),
            listing: Listing::default(),
        };
        self.insert(Descriptor::Directory(directory), None);
        Ok(())
    }

    /// A place for another descriptor, to be taken before something is opened.
    pub(crate) fn place(&self) -> Answer<Place> {
        self.room.take()
    }

    /// Its number.
    pub(super) fn open(&mut self, descriptor: Descriptor, place: Place) -> u32 {
        self.insert(descriptor, Some(place))
    }

    fn insert(&mut self, descriptor: Descriptor, place: Option<Place>) -> u32 {
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
            Descriptor::Regular(_) | Descriptor::Stream(_) => Err(Errno::NOTDIR.into()),
            Descriptor::Input | Descriptor::Sink => Err(Errno::BADF.into()),
        }
    }

    /// The directory, and what the host keeps for it.
    pub(super) fn listed(&mut self, fd: u32) -> Answer<(&mut Directory, Option<&mut Place>)> {
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

/// Opens a directory so that it can be listed, if that is permitted.
fn open_directory(path: &Path) -> io::Result<Dir> {
    let flags = libc::O_DIRECTORY | libc::O_NONBLOCK;
    match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) => Ok(Dir::from_std_file(file)),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Dir::open_ambient_dir(path, cap_std::ambient_authority())
        }
        Err(error) => Err(error),
    }
}

/// Of variables of one name, the last counts.
pub(crate) fn last_of_each(all: &[(OsString, OsString)]) -> Vec<(OsString, OsString)> {
    let is_last = |index: usize| !all[index + 1..].iter().any(|(name, _)| *name == all[index].0);
    (0..all.len()).filter(|index| is_last(*index)).map(|index| all[index].clone()).collect()
}
