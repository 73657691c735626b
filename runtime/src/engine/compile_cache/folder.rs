//! A folder of compiled modules.

pub(crate) use crate::platform::private::Key;
use crate::platform::private::{self, Identity};
use cap_std::fs::Dir;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A folder of compiled modules, which is used as long as no guest can write there.
pub(crate) struct Cache {
    folder: PathBuf,
    key: Option<Key>,
    /// Why it is not used any more.
    closed: OnceLock<String>,
}

/// The folder as it is now.
pub(super) struct Open {
    pub dir: Dir,
    pub key: Key,
}

impl Cache {
    pub fn new(folder: PathBuf, key: Option<Key>) -> Cache {
        Cache { folder, key, closed: OnceLock::new() }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder, if it belongs to this user, nobody else can write there, and there is a
    /// key.
    pub(super) fn open(&self) -> Option<Open> {
        if self.closed.get().is_some() {
            return None;
        }
        private::create_folder(&self.folder).ok()?;
        let dir = Dir::from_std_file(std::fs::File::open(&self.folder).ok()?);
        if !private::is_private(&dir.dir_metadata().ok()?) {
            return None;
        }
        let key = self.key.or_else(|| private::key(&dir))?;
        Some(Open { dir, key })
    }

    /// Guests will be able to write a folder: if the cache is in it, or it is in the cache, the
    /// cache is not used from now on.
    pub fn guard(&self, writable: &Path) {
        if self.closed.get().is_none() && overlap(&self.folder, writable) {
            self.closed.get_or_init(|| {
                format!(
                    "the cache {} is not used, because the granted folder {} contains it or lies \
                     in it; grant a folder that does not, or less than to write",
                    self.folder.display(),
                    writable.display()
                )
            });
        }
    }

    /// Why it is not used.
    pub fn problem(&self) -> Option<&str> {
        self.closed.get().map(String::as_str)
    }
}

/// Whether one of two folders is the other one, or in it: by what they are, and not by how they are
/// called.
fn overlap(cache: &Path, granted: &Path) -> bool {
    let (cache, granted) = (ancestry(cache), ancestry(granted));
    let is_in = |folder: &[Folder], other: &[Folder]| match other.first() {
        Some(Folder { id: Some(id), .. }) => folder.iter().any(|above| above.id == Some(*id)),
        Some(Folder { path, .. }) => folder.iter().any(|above| above.path == *path),
        None => false,
    };
    is_in(&cache, &granted) || is_in(&granted, &cache)
}

struct Folder {
    path: PathBuf,
    /// None if it is not there yet.
    id: Option<Identity>,
}

/// A folder and all that it is in, from the inside. What is not there yet counts as well.
fn ancestry(folder: &Path) -> Vec<Folder> {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let there = absolute.ancestors().find_map(|above| {
        let rest = absolute.strip_prefix(above).ok()?;
        // Joining nothing would add a slash.
        let real = above.canonicalize().ok()?;
        Some(if rest.as_os_str().is_empty() { real } else { real.join(rest) })
    });
    let real = there.unwrap_or(absolute);
    real.ancestors()
        .map(|path| Folder { path: path.to_path_buf(), id: private::identity(path) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_overlap_if_one_is_in_the_other_whatever_they_are_called() {
        let home = tempfile::tempdir().unwrap();
        let at = |path: &str| home.path().join(path);
        for folder in ["a/cache/inner", "b"] {
            std::fs::create_dir_all(at(folder)).unwrap();
        }
        std::os::unix::fs::symlink(at("a"), at("b/link")).unwrap();
        std::os::unix::fs::symlink(at("a/cache"), at("cache-link")).unwrap();
        for (cache, granted, expected) in [
            ("a/cache", "a/cache", true),
            ("a/cache", "a", true),
            ("a/cache", "", true),
            ("a/cache", "a/cache/inner", true),
            ("a/cache", "b/link", true),
            ("a/cache", "b/link/cache/inner", true),
            ("a/cache", "b/../a", true),
            ("cache-link", "a", true),
            ("a/later/cache", "a", true),
            ("b/link/later/cache", "a", true),
            ("a/cache", "b", false),
            ("a/cachet", "a/cache", false),
            ("a/later", "a/cache", false),
        ] {
            assert_eq!(overlap(&at(cache), &at(granted)), expected, "{cache} {granted}");
        }
        assert!(overlap(&at("a/cache"), Path::new("/")));
    }

    #[test]
    fn a_folder_has_one_key_and_another_folder_another() {
        let home = tempfile::tempdir().unwrap();
        let key = |name: &str| Cache::new(home.path().join(name), None).open().unwrap().key;
        assert_eq!(key("a"), key("a"));
        assert_ne!(key("a"), key("b"));
    }

    #[test]
    fn a_folder_that_was_copied_by_its_files_has_another_key() {
        let home = tempfile::tempdir().unwrap();
        let (old, new) = (home.path().join("a"), home.path().join("b"));
        let key = Cache::new(old.clone(), None).open().unwrap().key;
        std::fs::rename(&old, &new).unwrap();
        assert_ne!(Cache::new(old, None).open().unwrap().key, key);
        assert_eq!(Cache::new(new, None).open().unwrap().key, key);
    }
}
