//! What a guest sees: granted directories of the host, each under a name, and the folders above
//! them.

use super::guest_path::GuestPath;
use crate::platform::{attributes, directory, names, own_process};
use cap_std::fs::Dir;
use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

/// A device that every guest has.
pub(super) const NULL: &[u8] = b"/dev/null";
pub(super) const DEV: &[u8] = b"/dev";

/// A granted directory.
pub(super) struct Mount {
    pub dir: Arc<Dir>,
    /// Whether the guest may change what is in it.
    pub is_writable: bool,
    /// The file system that it is on.
    device: u64,
}

/// Everything that is granted to one guest.
#[derive(Default)]
pub(crate) struct Mounts {
    all: BTreeMap<Vec<u8>, Mount>,
}

impl Mounts {
    /// Grants a directory of the host under a name.
    pub fn grant(&mut self, host: &Path, place: &GuestPath, is_writable: bool) -> io::Result<()> {
        let dir = directory::open(host)?;
        if let Some(problem) = own_process::refusal(host, &dir)? {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, problem));
        }
        let device = attributes::device(&dir.dir_metadata()?);
        let mount = Mount { dir: Arc::new(dir), is_writable, device };
        self.all.insert(place.bytes().to_vec(), mount);
        if !names::ARE_UNIQUE && self.has_weaker_inside() {
            let os = std::env::consts::OS;
            let problem = format!(
                "of two granted directories, one in the other, only the outer one can be written; \
                 on {os} a file has several names, and by another one the inner one could be \
                 written too"
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
        }
        Ok(())
    }

    /// Whether a directory that can only be read is in one that can be written.
    fn has_weaker_inside(&self) -> bool {
        self.all.iter().any(|(name, mount)| {
            let place = GuestPath::of(name, &GuestPath::default());
            let mut inside = self.granted_below(&place).filter_map(|name| self.all.get(name));
            mount.is_writable && inside.any(|inside| !inside.is_writable)
        })
    }

    /// The innermost directory that a place is in, its own name, and the way from there.
    pub(super) fn over<'a>(&'a self, place: &'a GuestPath) -> Option<(&'a Mount, &'a Path)> {
        if self.all.is_empty() {
            return None;
        }
        let (name, mount) = place.and_above().find_map(|name| self.all.get_key_value(name))?;
        Some((mount, place.below(name)?))
    }

    /// Whether a granted directory is on this file system.
    pub(super) fn has_device(&self, device: u64) -> bool {
        self.all.values().any(|mount| mount.device == device)
    }

    /// Whether something is granted below a path, so that this is a folder whatever else there is.
    pub(super) fn has_below(&self, place: &GuestPath) -> bool {
        place.bytes().is_empty()
            || place.bytes() == DEV
            || self.granted_below(place).next().is_some()
    }

    /// Whether it is a granted directory with another one somewhere below it.
    pub(super) fn is_nested(&self, place: &GuestPath) -> bool {
        let own = place.and_above().find(|name| self.all.contains_key(*name));
        let own = own.map(|name| GuestPath::of(name, &GuestPath::default()));
        own.is_some_and(|own| self.granted_below(&own).next().is_some())
    }

    /// The names in a folder that lead to something granted.
    pub(super) fn names_in(&self, place: &GuestPath) -> Vec<Vec<u8>> {
        let own = place.bytes().len() + 1;
        let mut names: Vec<Vec<u8>> = Vec::new();
        let mut add = |name: &[u8]| {
            if names.last().is_none_or(|last| last != name) {
                names.push(name.to_vec());
            }
        };
        for granted in self.granted_below(place) {
            let rest = &granted[own..];
            add(rest.split(|&byte| byte == b'/').next().unwrap_or(rest));
        }
        // Where the root itself is granted, it has what it has.
        if place.bytes().is_empty() && !self.all.contains_key(&b""[..]) {
            add(&DEV[1..]);
        }
        if place.bytes() == DEV {
            add(&NULL[DEV.len() + 1..]);
        }
        names.sort();
        names.dedup();
        names
    }

    /// The places of directories that are granted below one.
    fn granted_below(&self, place: &GuestPath) -> impl Iterator<Item = &[u8]> {
        let first = [place.bytes(), b"/"].concat();
        let from = (Bound::Included(first.clone()), Bound::Unbounded);
        let all = self.all.range::<Vec<u8>, _>(from).map(|(name, _)| name.as_slice());
        all.take_while(move |name| name.starts_with(&first))
    }

    /// The place of what the host has at a path, if that is granted.
    pub(super) fn place_of_host(&self, host: &GuestPath) -> Option<GuestPath> {
        let mut found: Option<(usize, GuestPath)> = None;
        for (name, mount) in &self.all {
            let Some(own) = host_place(&mount.dir) else { continue };
            let Some(rest) = host.below(own.bytes()) else { continue };
            let is_nearer = found.as_ref().is_none_or(|(len, _)| *len < own.bytes().len());
            if is_nearer {
                let base = GuestPath::of(name, &GuestPath::default());
                found = Some((
                    own.bytes().len(),
                    GuestPath::of(rest.as_os_str().as_encoded_bytes(), &base),
                ));
            }
        }
        found.map(|(_, place)| place)
    }
}

/// Where the host has a directory, if the system says so.
pub(super) fn host_place(dir: &Dir) -> Option<GuestPath> {
    let path = directory::location(dir)?;
    Some(GuestPath::of(path.as_os_str().as_encoded_bytes(), &GuestPath::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> GuestPath {
        GuestPath::of(path.as_bytes(), &GuestPath::default())
    }

    fn mounts(names: &[&str]) -> Mounts {
        let mut mounts = Mounts::default();
        for name in names {
            mounts.grant(Path::new("/"), &place(name), false).unwrap();
        }
        mounts
    }

    #[test]
    fn the_innermost_of_nested_grants_counts() {
        let mounts = mounts(&["/a", "/a/b/c", "/ab"]);
        let way = |path: &str| mounts.over(&place(path)).map(|(_, way)| way.to_path_buf());
        assert_eq!(way("/a/b"), Some("b".into()));
        assert_eq!(way("/a/b/c/d"), Some("d".into()));
        assert_eq!(way("/a/b/cd"), Some("b/cd".into()));
        assert_eq!(way("/ab"), Some("".into()));
        assert_eq!((way("/"), way("/b")), (None, None));
        assert!(mounts.is_nested(&place("/a/x")) && !mounts.is_nested(&place("/a/b/c/d")));
        assert!(!mounts.is_nested(&place("/ab")) && !mounts.is_nested(&place("/")));
    }

    #[test]
    fn what_is_read_only_in_what_can_be_written_is_found() {
        let grants = |all: &[(&str, bool)]| {
            let mut mounts = Mounts::default();
            for (name, is_writable) in all {
                mounts.grant(Path::new("/tmp"), &place(name), *is_writable).unwrap();
            }
            mounts.has_weaker_inside()
        };
        assert!(grants(&[("/a", true), ("/a/b/c", false)]));
        assert!(grants(&[("/", true), ("/a", true), ("/a/b", false)]));
        assert!(!grants(&[("/a", false), ("/a/b", true), ("/ab", false)]));
        assert!(!grants(&[("/a", true), ("/a/b", true), ("/b", false)]));
    }

    #[test]
    fn folders_above_grants_have_the_names_that_lead_there() {
        let mounts = mounts(&["/a/b", "/a/b/c", "/a/x-y", "/a/x", "/z"]);
        let names = |path: &str| -> Vec<String> {
            let names = mounts.names_in(&place(path)).into_iter();
            names.map(|name| String::from_utf8(name).unwrap()).collect()
        };
        assert_eq!(names("/"), ["a", "dev", "z"]);
        assert_eq!(names("/a"), ["b", "x", "x-y"]);
        assert_eq!(names("/a/b"), ["c"]);
        assert_eq!(names("/dev"), ["null"]);
        assert!(self::mounts(&["/"]).names_in(&GuestPath::default()).is_empty());
        assert!(names("/a/x").is_empty() && names("/nowhere").is_empty());
        assert!(mounts.has_below(&place("/a/b")) && !mounts.has_below(&place("/a/b/c")));
        assert!(!mounts.has_below(&place("/a/xx")));
    }
}
