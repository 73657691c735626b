//! From a guest's path to what it names.
//!
//! A path leads through folders above grants, into granted directories, and out of them again: by
//! `..`, or by a symbolic link to a place that is granted too. Below a grant everything is asked
//! of a [`Dir`], which nothing leads out of, whoever changes links meanwhile. So a wrong turn here
//! could name another granted file, and never one that is not granted.

use super::errno::Answer;
use super::errno::{Errno, Failure};
use super::guest_path::{GuestPath, parts};
use super::mounts::{DEV, Mount, Mounts, NULL, host_place};
use crate::platform::names;
use crate::platform::open::{Unread, unread};
use cap_std::fs::Dir;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// As many links as Linux follows in one path.
const MOST_LINKS: usize = 40;

/// The longest name that a file can have on Linux, in bytes.
const LONGEST_NAME: usize = 255;

/// What a path names.
#[derive(Debug)]
pub(super) enum Found {
    /// Something in a granted directory, or nothing yet.
    Inside(Inside),
    /// A folder that is there because something is granted below it.
    Above(GuestPath),
    /// Nothing, in such a folder.
    Missing,
    /// The device that is always there.
    Null,
}

/// A path below a granted directory.
#[derive(Debug)]
pub(super) struct Inside {
    pub dir: Arc<Dir>,
    pub path: PathBuf,
    pub is_writable: bool,
    /// What it is called, if that is known. It is not after a shortcut, which takes no notice of
    /// links.
    pub place: Option<GuestPath>,
}

/// Where a path starts.
#[derive(Debug, Clone)]
pub(super) struct Start {
    /// The folder's name, if it is short enough to be known.
    pub place: Option<GuestPath>,
    /// The folder, if the guest has it open.
    pub dir: Option<(Arc<Dir>, bool)>,
}

impl Mounts {
    /// The same as [`walk`](Mounts::walk) finds, at the price of one question to the system, if
    /// the path has nothing to do with more than one grant. If it has after all, by a link, the
    /// system says that it leads outside.
    pub(super) fn shortcut(&self, start: &Start, path: &[u8]) -> Option<Inside> {
        // Dots and slashes at the end say that something is a folder, of which the library takes
        // no notice.
        let has_dots = parts(path).any(|part| part == b"..") || parts(path).skip(1).any(is_dot);
        if path.is_empty() || path.ends_with(b"/") || has_dots {
            return None;
        }
        let is_absolute = path.starts_with(b"/");
        let open = start.dir.as_ref().filter(|_| !is_absolute).and_then(|(dir, is_writable)| {
            let (dir, path) = (Arc::clone(dir), names::path(path)?.into());
            Some(Inside { dir, path, is_writable: *is_writable, place: None })
        });
        let mut place = match (&start.place, is_absolute) {
            (_, true) => GuestPath::default(),
            (Some(place), false) => place.clone(),
            // Nothing is granted below a place with such a long name.
            (None, false) => return open,
        };
        // The device that is always there is not the host's.
        if GuestPath::of(path, &place).below(DEV).is_some() {
            return None;
        }
        if open.is_some() && !self.is_nested(&place) {
            return open;
        }
        let mut rest = path;
        loop {
            if let Some((mount, way)) = self.over(&place) {
                let path = way.join(names::path(trim_slashes(rest))?);
                if self.is_nested(&place) {
                    return None;
                }
                return Some(Inside { path: or_dot(path), ..mount.inside(None) });
            }
            rest = trim_slashes(rest);
            let end = rest.iter().position(|&byte| byte == b'/').unwrap_or(rest.len());
            let name;
            (name, rest) = rest.split_at(end);
            match name {
                b"" => return None,
                b"." => {}
                name => place.push(name),
            }
            if self.over(&place).is_none() && !self.has_below(&place) {
                return None;
            }
        }
    }

    /// Goes from one part of a path to the next. Links at the end are followed or not.
    pub(super) fn walk(
        &self,
        start: &Start,
        path: &[u8],
        follows: bool,
        look: impl FnMut() -> Answer,
    ) -> Answer<Found> {
        if path.is_empty() {
            return Err(Errno::NOENT.into());
        }
        let place =
            if path.starts_with(b"/") { Some(GuestPath::default()) } else { start.place.clone() };
        let place = place.ok_or(Errno::NAMETOOLONG)?;
        let is_folder = path.ends_with(b"/");
        let mut walk = Walk {
            mounts: self,
            place,
            ahead: Vec::new(),
            links: 0,
            is_folder,
            is_real: true,
            look,
        };
        walk.go_on(path.to_vec(), false);
        walk.run(follows)
    }
}

impl Mount {
    fn inside(&self, place: Option<GuestPath>) -> Inside {
        let (dir, is_writable) = (Arc::clone(&self.dir), self.is_writable);
        Inside { dir, path: PathBuf::new(), is_writable, place }
    }
}

/// A path that is being followed.
struct Walk<'a, L> {
    mounts: &'a Mounts,
    /// Where it has come to: a folder, or the end.
    place: GuestPath,
    /// What is still to come: of the path, and of each link on the way. What comes first is last,
    /// and none of these is empty.
    ahead: Vec<Ahead>,
    links: usize,
    /// Whether the path says that it names a folder.
    is_folder: bool,
    /// Whether there is something at the path by itself, and not only above a grant.
    is_real: bool,
    look: L,
}

/// The rest of a path.
struct Ahead {
    path: Vec<u8>,
    /// How much of it is done.
    done: usize,
    is_of_link: bool,
}

impl<L: FnMut() -> Answer> Walk<'_, L> {
    /// Adds a path to what is to come, before everything else.
    fn go_on(&mut self, path: Vec<u8>, is_of_link: bool) {
        let done = path.len() - trim_slashes(&path).len();
        if done < path.len() {
            self.ahead.push(Ahead { path, done, is_of_link });
        }
    }

    /// The next part, and whether it is one of a link's.
    fn next(&mut self) -> Option<(Vec<u8>, bool)> {
        let Ahead { path, done, is_of_link } = self.ahead.last_mut()?;
        let (rest, is_of_link) = (&path[*done..], *is_of_link);
        let end = rest.iter().position(|&byte| byte == b'/').unwrap_or(rest.len());
        let part = rest[..end].to_vec();
        *done = path.len() - trim_slashes(&rest[end..]).len();
        if *done == path.len() {
            self.ahead.pop();
        }
        Some((part, is_of_link))
    }

    fn run(mut self, follows: bool) -> Answer<Found> {
        while let Some((part, is_of_link)) = self.next() {
            (self.look)()?;
            match part.as_slice() {
                b"." => self.must_be_folder()?,
                b".." => {
                    self.must_be_folder()?;
                    self.place.pop();
                    self.is_real = true;
                }
                name => {
                    if name.len() > LONGEST_NAME && self.mounts.over(&self.place).is_none() {
                        return Err(Errno::NAMETOOLONG.into());
                    }
                    let is_last = self.ahead.is_empty();
                    self.place.push(name);
                    if self.place.bytes() == NULL {
                        let is_file = is_last && !self.is_folder;
                        return if is_file { Ok(Found::Null) } else { Err(Errno::NOTDIR.into()) };
                    }
                    let takes_links = !is_last || follows || self.is_folder;
                    if !self.enter(is_last, takes_links, is_of_link)? {
                        return Ok(Found::Missing);
                    }
                }
            }
        }
        if self.is_folder {
            match self.must_be_folder() {
                // It may be about to be made.
                Err(Failure::Errno(Errno::NOENT)) => {}
                done => done?,
            }
        }
        Ok(self.end())
    }

    /// Comes to the place that has just been named; `false` if there is nothing, and nothing can
    /// be made there.
    fn enter(&mut self, is_last: bool, takes_links: bool, is_of_link: bool) -> Answer<bool> {
        let is_above = self.mounts.has_below(&self.place);
        let Some((mount, way)) = self.mounts.over(&self.place) else {
            self.is_real = false;
            return match (is_above, is_of_link, is_last) {
                (true, ..) => Ok(true),
                (false, true, _) => Err(Errno::NOTCAPABLE.into()),
                (false, false, true) => Ok(false),
                (false, false, false) => Err(Errno::NOENT.into()),
            };
        };
        self.is_real = true;
        if way.as_os_str().is_empty() {
            return Ok(true);
        }
        match mount.dir.read_link_contents(way) {
            Ok(target) if takes_links => {
                let target = &*names::link_target(&target).ok_or(Errno::NOTCAPABLE)?;
                let folder = way.parent().unwrap_or(Path::new(""));
                match self.land(&mount.dir, folder, target) {
                    Some((place, rest)) => self.follow(place, rest, target)?,
                    None if is_above => self.is_real = false,
                    None => return Err(Errno::NOTCAPABLE.into()),
                }
            }
            Ok(_) => {}
            Err(error) => match unread(&error) {
                Unread::NoLink => {}
                Unread::Missing if is_above => self.is_real = false,
                Unread::Missing if is_last => {}
                _ => return Err(error.into()),
            },
        }
        Ok(true)
    }

    /// Goes on from where a link leads.
    fn follow(&mut self, place: GuestPath, rest: Vec<u8>, target: &[u8]) -> Answer {
        self.links += 1;
        if self.links > MOST_LINKS {
            return Err(Errno::LOOP.into());
        }
        self.place = place;
        self.is_folder |= target.ends_with(b"/") && self.ahead.is_empty();
        self.go_on(rest, true);
        Ok(())
    }

    /// Where a link comes to, and the rest of its way: first as the guest would understand it,
    /// and if that is nowhere, as the host does. Only what is granted is looked at.
    fn land(&self, dir: &Dir, folder: &Path, target: &[u8]) -> Option<(GuestPath, Vec<u8>)> {
        let mut here = self.place.clone();
        here.pop();
        let is_absolute = target.starts_with(b"/");
        let start = if is_absolute { GuestPath::default() } else { here };
        let as_guest = steps(start, target, |place, is_end| {
            let is_granted = self.mounts.over(place).is_some();
            let is_above = || self.mounts.has_below(place) || place.bytes() == NULL;
            match (is_granted, is_end) {
                (true, _) => Step::There(place.clone()),
                (false, true) if is_above() => Step::There(place.clone()),
                (false, false) if is_above() => Step::On,
                (false, _) => Step::Nowhere,
            }
        });
        as_guest.or_else(|| {
            let start = match is_absolute {
                true => GuestPath::default(),
                false => GuestPath::of(folder.as_os_str().as_encoded_bytes(), &host_place(dir)?),
            };
            steps(start, target, |place, is_end| match self.mounts.place_of_host(place) {
                Some(granted) => Step::There(granted),
                None if is_end => Step::Nowhere,
                None => Step::On,
            })
        })
    }

    /// What has been entered is to be a directory, as something is asked of it.
    fn must_be_folder(&self) -> Answer {
        if !self.is_real {
            return Ok(());
        }
        match self.mounts.over(&self.place) {
            Some((mount, way)) if !way.as_os_str().is_empty() => {
                let is_folder = mount.dir.metadata(way)?.is_dir();
                if is_folder { Ok(()) } else { Err(Errno::NOTDIR.into()) }
            }
            _ => Ok(()),
        }
    }

    fn end(self) -> Found {
        if self.place.bytes() == NULL {
            return Found::Null;
        }
        match self.mounts.over(&self.place) {
            Some((mount, way)) if self.is_real => {
                let mut path = or_dot(way.to_path_buf());
                if self.is_folder {
                    path.as_mut_os_string().push("/");
                }
                Found::Inside(Inside { path, ..mount.inside(Some(self.place.clone())) })
            }
            _ => Found::Above(self.place),
        }
    }
}

/// What is at a step of a link's way.
enum Step {
    There(GuestPath),
    On,
    Nowhere,
}

/// Takes the steps of a link by their names alone until it is somewhere: what comes first, and
/// leads upwards, all at once.
fn steps(
    mut place: GuestPath,
    target: &[u8],
    mut at: impl FnMut(&GuestPath, bool) -> Step,
) -> Option<(GuestPath, Vec<u8>)> {
    let is_up = |part: &[u8]| part == b".." || part == b".";
    let all: Vec<&[u8]> = parts(target).collect();
    let up = all.iter().take_while(|part| is_up(part)).count();
    for done in 0..=all.len() {
        if done >= up {
            match at(&place, done == all.len()) {
                Step::There(there) => {
                    return Some((there, all[done..].join(&b"/"[..])));
                }
                Step::On => {}
                Step::Nowhere => return None,
            }
        }
        match all.get(done).copied() {
            Some(b".") | None => {}
            Some(b"..") => place.pop(),
            Some(name) => place.push(name),
        }
    }
    None
}

fn is_dot(part: &[u8]) -> bool {
    part == b"."
}

fn trim_slashes(path: &[u8]) -> &[u8] {
    let start = path.iter().position(|&byte| byte != b'/').unwrap_or(path.len());
    &path[start..]
}

/// The directory itself, where a path is empty.
fn or_dot(path: PathBuf) -> PathBuf {
    if path.as_os_str().is_empty() { ".".into() } else { path }
}

#[cfg(test)]
mod tests;
