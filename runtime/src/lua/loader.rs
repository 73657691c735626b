//! Finds Lua modules beside the script.

use crate::host::wasi::guest_path::GuestPath;
use crate::ledger::{Ledger, Reservation};
use crate::platform::{names, open};
use bstr::{BString, ByteSlice};
use cap_std::fs::{Dir, OpenOptions};
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Bytes of a path that is looked at, as many as Linux takes.
const MAX_PATH: usize = 4096;

/// Reads `.lua` files in one directory, and nothing else.
pub(crate) struct Loader {
    dir: Dir,
    /// What the guest calls it, besides `./`.
    names: Vec<GuestPath>,
}

impl Loader {
    pub fn new(dir: Dir, names: Vec<GuestPath>) -> Loader {
        Loader { dir, names }
    }

    /// The file in the directory that a path names for a guest with a working directory.
    fn inside(&self, path: &Path, working_dir: &GuestPath) -> Option<PathBuf> {
        let place = GuestPath::of(path.as_os_str().as_encoded_bytes(), working_dir);
        let named = self.names.iter().find_map(|name| inside(place.below(name.bytes())?));
        named.or_else(|| inside(path))
    }

    /// The contents of a module, if the path may be read and the file is no larger than
    /// `most` bytes; and what they take of a ledger, if it has room for them.
    pub fn read(
        &self,
        path: &[u8],
        working_dir: &GuestPath,
        most: u64,
        ledger: &Arc<Ledger>,
    ) -> Option<(Vec<u8>, Reservation)> {
        if path.len() > MAX_PATH {
            return None;
        }
        let path = self.inside(names::path(path)?, working_dir)?;
        // A device or a pipe could keep the reader waiting for ever, even while it is opened.
        if !self.dir.metadata(&path).ok()?.is_file() {
            return None;
        }
        let mut options = OpenOptions::new();
        options.read(true);
        open::without_blocking(&mut options, false, false);
        let file = self.dir.open_with(&path, &options).ok()?;
        let metadata = file.metadata().ok()?;
        if !metadata.is_file() || metadata.len() > most {
            return None;
        }
        let held = ledger.reserve(metadata.len()).ok()?;
        let mut contents = Vec::with_capacity(usize::try_from(metadata.len()).ok()?);
        // One that somebody makes longer meanwhile is read as far as it was.
        file.take(metadata.len()).read_to_end(&mut contents).ok()?;
        Some((contents, held))
    }
}

/// The path without its dots, if it names a Lua file below the directory.
fn inside(path: &Path) -> Option<PathBuf> {
    if path.extension()? != "lua" {
        return None;
    }
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::Normal(name) => clean.push(name),
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(clean)
}

/// What `package.path` is with these variables, as Lua itself makes it of its
/// environment; nothing if they do not change it.
pub(crate) fn package_path(
    version: crate::LuaVersion,
    variable: impl Fn(&str) -> Option<BString>,
    default: impl Fn() -> String,
) -> Option<BString> {
    let own = own_path_variable(version).and_then(&variable);
    let value = own.or_else(|| variable("LUA_PATH"))?;
    // Two semicolons stand for the default path.
    let value = value.replace(";;", ";\u{1};");
    let value = value.trim_with(|c| c == ';').replace("\u{1}", default());
    Some(value.into())
}

/// The variable that a version looks at before `LUA_PATH`.
fn own_path_variable(version: crate::LuaVersion) -> Option<&'static str> {
    match version {
        crate::LuaVersion::Lua51 => None,
        crate::LuaVersion::Lua52 => Some("LUA_PATH_5_2"),
        crate::LuaVersion::Lua53 => Some("LUA_PATH_5_3"),
        crate::LuaVersion::Lua54 => Some("LUA_PATH_5_4"),
        crate::LuaVersion::Lua55 => Some("LUA_PATH_5_5"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lua_files_below_the_directory_are_inside() {
        assert_eq!(inside(Path::new("./a/b.lua")), Some(PathBuf::from("a/b.lua")));
        for path in ["../a.lua", "a/../../b.lua", "/a.lua", "a.txt", "a", "", ".lua/x"] {
            assert_eq!(inside(Path::new(path)), None, "{path}");
        }
    }

    #[test]
    fn a_path_of_more_bytes_than_the_system_takes_names_no_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.lua"), "return 1").unwrap();
        let dir = Dir::open_ambient_dir(folder.path(), cap_std::ambient_authority()).unwrap();
        let (loader, ledger) = (Loader::new(dir, Vec::new()), Ledger::endless());
        let root = GuestPath::default();
        let path = |dots: usize| ["./".repeat(dots).as_bytes(), b"a.lua"].concat();
        assert!(loader.read(&path(2000), &root, 100, &ledger).is_some());
        assert!(loader.read(&path(2100), &root, 100, &ledger).is_none());
    }

    #[test]
    fn two_semicolons_in_lua_path_stand_for_the_default() {
        let path = |value: &str| {
            package_path(crate::LuaVersion::Lua54, |_| Some(value.into()), || "D".to_string())
        };
        assert_eq!(path("a;;b").unwrap(), "a;D;b");
        assert_eq!(path(";;").unwrap(), "D");
        assert_eq!(path("a").unwrap(), "a");
    }
}
