//! What is in a directory, read in pieces.
//!
//! A cookie is what the system says of where an entry begins, so that a listing can be taken
//! up anywhere, and nobody has to count entries. Names are bytes, as the system has them.
//!
//! Names that lead to something granted come after what the system has, and in the place of what
//! it calls by the same names.

use super::attributes::{CHARACTER_DEVICE, DIRECTORY, inode, inode_of_name, number};
use super::errno::{Answer, Errno};
use super::file_quota::FileShare;
use super::guest_path::GuestPath;
use super::mounts::NULL;
use crate::platform::{attributes, listing};
use cap_std::fs::Dir;

/// The size of WASI's record before a name, in bytes.
const DIRENT: usize = 24;

/// About as much as the system says at a time, in bytes.
const PIECE: usize = 8 << 10;

/// The same as WASI has it, which is less than twice as much.
const KEPT: u64 = 2 * PIECE as u64;

/// The bit of a cookie that is none of the system's, whose numbers are signed.
const MADE_UP: u64 = 1 << 63;

/// What the host does not have in a directory, and guests find there.
pub(super) struct MadeUp {
    pub place: Option<GuestPath>,
    pub names: Vec<Vec<u8>>,
}

/// Some entries of a directory, as WASI has them, one after another.
#[derive(Default)]
pub(super) struct Listing {
    entries: Vec<u8>,
    /// Where the first of them begins, in the directory, and where the last one ends.
    first: u64,
    end: u64,
    /// Up to where they have been given to the guest: the offset, and the cookie.
    given: (usize, u64),
    is_charged: bool,
}

impl Listing {
    /// Counts what is kept to the sandbox's account, once.
    pub fn charge(&mut self, place: Option<&mut FileShare>) -> Answer {
        if !self.is_charged
            && let Some(place) = place
        {
            place.held.grow(KEPT).map_err(|_| Errno::NOMEM)?;
        }
        self.is_charged = true;
        Ok(())
    }

    /// The entries from a cookie on, as many as there are at once; `None` at the end.
    pub fn from(
        &mut self,
        dir: Option<&Dir>,
        made_up: &MadeUp,
        cookie: u64,
    ) -> Answer<Option<&[u8]>> {
        match self.offset(cookie) {
            Some(offset) if offset < self.entries.len() => self.given = (offset, cookie),
            // Where the system stands.
            Some(_) => self.fill(dir, made_up)?,
            None => {
                match dir {
                    Some(dir) if cookie & MADE_UP == 0 => {
                        listing::seek(dir, cookie)?;
                    }
                    _ => {}
                }
                (self.end, self.given) = (cookie, (0, cookie));
                self.fill(dir, made_up)?;
            }
        }
        let entries = &self.entries[self.given.0..];
        Ok((!entries.is_empty()).then_some(entries))
    }

    /// Where the entry at a cookie is among those that are there.
    fn offset(&self, cookie: u64) -> Option<usize> {
        // From the beginning is anew. Cookies of two entries can be the same, so the place up
        // to which the guest was given is looked at first.
        if cookie == 0 {
            return None;
        }
        if self.given.1 == cookie {
            return Some(self.given.0);
        }
        let mut at = (0, self.first);
        while at.1 != cookie {
            at = self.after(at)?;
        }
        Some(at.0)
    }

    /// The place after an entry.
    fn after(&self, (offset, _): (usize, u64)) -> Option<(usize, u64)> {
        let head = self.entries.get(offset..)?.first_chunk::<DIRENT>()?;
        let [next @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = *head;
        let len = u32::from_le_bytes([head[16], head[17], head[18], head[19]]);
        Some((offset + DIRENT + len as usize, u64::from_le_bytes(next)))
    }

    /// Notes that the guest was given so many bytes, and gives the cookie of what it was not
    /// given, or not all of it.
    pub fn give(&mut self, bytes: usize) -> u64 {
        let until = self.given.0.saturating_add(bytes);
        while let Some(next) = self.after(self.given).filter(|next| next.0 <= until) {
            self.given = next;
        }
        self.given.1
    }

    /// Reads what comes next.
    fn fill(&mut self, dir: Option<&Dir>, made_up: &MadeUp) -> Answer {
        self.entries.clear();
        self.first = self.end;
        self.given = (0, self.end);
        if let Some(dir) = dir
            && self.end & MADE_UP == 0
        {
            self.fill_from(dir, made_up)?;
        }
        if self.entries.is_empty() {
            self.fill_up(made_up, dir.is_none());
        }
        Ok(())
    }

    /// What the system has.
    fn fill_from(&mut self, dir: &Dir, made_up: &MadeUp) -> Answer {
        let device = attributes::device(&dir.dir_metadata()?);
        listing::read(dir, self.end, |entry| {
            self.end = entry.next;
            if !made_up.names.iter().any(|made_up| made_up == entry.name) {
                self.add(inode(device, entry.inode), number(entry.kind), entry.name);
            }
            !self.entries.is_empty()
        })?;
        Ok(())
    }

    /// What it has not.
    fn fill_up(&mut self, made_up: &MadeUp, is_all: bool) {
        let dots: &[&[u8]] = if is_all { &[b".", b".."] } else { &[] };
        let names = dots.iter().copied().chain(made_up.names.iter().map(Vec::as_slice));
        let done = if self.end & MADE_UP == 0 { 0 } else { self.end & !MADE_UP };
        self.first = MADE_UP | done;
        for (index, name) in (1..).zip(names).skip(usize::try_from(done).unwrap_or(usize::MAX)) {
            let mut place = made_up.place.clone().unwrap_or_default();
            match name {
                b"." => {}
                b".." => place.pop(),
                name => place.push(name),
            }
            let kind = if place.bytes() == NULL { CHARACTER_DEVICE } else { DIRECTORY };
            self.end = MADE_UP | index;
            self.add(inode_of_name(place.bytes()), kind, name);
            if self.entries.len() >= PIECE {
                break;
            }
        }
    }

    /// Adds WASI's record of an entry, after which the listing is at its end.
    fn add(&mut self, inode: u64, kind: u8, name: &[u8]) {
        self.entries.extend_from_slice(&self.end.to_le_bytes());
        self.entries.extend_from_slice(&inode.to_le_bytes());
        self.entries.extend_from_slice(&(name.len() as u32).to_le_bytes());
        self.entries.extend_from_slice(&[kind, 0, 0, 0]);
        self.entries.extend_from_slice(name);
    }
}
