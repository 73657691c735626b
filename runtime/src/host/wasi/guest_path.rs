//! Names of places, as a guest sees them.

use crate::platform::names;
use std::path::Path;

/// An absolute path without `.`, `..`, links or doubled slashes. The root is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct GuestPath(Vec<u8>);

/// The parts of a path between its slashes.
pub(super) fn parts(path: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    path.split(|&byte| byte == b'/').filter(|part| !part.is_empty())
}

impl GuestPath {
    /// The place that a path names where there are no links.
    pub fn of(path: &[u8], working_dir: &GuestPath) -> GuestPath {
        let mut place =
            if path.starts_with(b"/") { GuestPath::default() } else { working_dir.clone() };
        for part in parts(path) {
            match part {
                b"." => {}
                b".." => place.pop(),
                name => place.push(name),
            }
        }
        place
    }

    pub fn push(&mut self, name: &[u8]) {
        self.0.push(b'/');
        self.0.extend_from_slice(name);
    }

    /// Goes to the folder that this is in; that of the root is itself.
    pub fn pop(&mut self) {
        let end = self.0.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
        self.0.truncate(end);
    }

    /// The bytes of the name, which are none for the root.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The name as it is shown.
    pub fn shown(&self) -> &[u8] {
        if self.0.is_empty() { b"/" } else { &self.0 }
    }

    /// The way from a folder down to this place: empty if that is the place itself, `None` if
    /// the place is not in it.
    pub fn below(&self, folder: &[u8]) -> Option<&Path> {
        let rest = self.0.strip_prefix(folder)?;
        match rest {
            [] => Some(Path::new("")),
            [b'/', rest @ ..] => names::path(rest),
            _ => None,
        }
    }

    /// This place and every folder above it, from the inside out.
    pub fn and_above(&self) -> impl Iterator<Item = &[u8]> {
        let slashes = self.0.iter().enumerate().rev().filter(|(_, byte)| **byte == b'/');
        let above = slashes.map(|(at, _)| &self.0[..at]);
        std::iter::once(self.0.as_slice()).chain(above)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> GuestPath {
        GuestPath::of(path.as_bytes(), &GuestPath::default())
    }

    #[test]
    fn a_path_names_a_place_from_the_working_directory_or_the_root() {
        let home = place("/home/u");
        for (path, named) in [
            ("a", "/home/u/a"),
            ("./a//b/.", "/home/u/a/b"),
            ("../v", "/home/v"),
            ("../../../..", "/"),
            ("/", "/"),
            ("", "/home/u"),
            ("/srv/../etc", "/etc"),
        ] {
            assert_eq!(GuestPath::of(path.as_bytes(), &home).shown(), named.as_bytes(), "{path}");
        }
    }

    #[test]
    fn what_is_below_a_folder_is_not_what_begins_with_its_name() {
        let below = |folder: &str| place("/a/b").below(place(folder).bytes()).map(Path::to_owned);
        assert_eq!(below("/"), Some("a/b".into()));
        assert_eq!(below("/a"), Some("b".into()));
        assert_eq!(below("/a/b"), Some("".into()));
        assert_eq!((below("/a/bc"), below("/a/b/c"), below("/b")), (None, None, None));
        let place = GuestPath::of(b"/ab", &GuestPath::default());
        assert_eq!(place.below(b"/a"), None);
    }

    #[test]
    fn above_a_place_is_every_folder_up_to_the_root() {
        let above =
            |path: &str| -> Vec<Vec<u8>> { place(path).and_above().map(<[u8]>::to_vec).collect() };
        assert_eq!(above("/a/b"), [&b"/a/b"[..], b"/a", b""]);
        assert_eq!(above("/"), [b""]);
    }
}
