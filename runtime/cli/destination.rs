//! Files for whoever started a run, opened before it so that what cannot be written is known
//! then.

use crate::platform::{self, Folder};
use std::ffi::OsString;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

/// When a file that is there already is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replacing {
    /// Once the new one is complete: nobody sees a part of it.
    Whole,
    /// With the first byte: it can be read while it grows.
    Growing,
}

/// A place that can be written to, unless its disk is full.
///
/// What a script may do to the folder meanwhile leads to no other place: the folder is kept
/// open, and what is at the name is replaced and not followed. Until then a file has no name,
/// so that a process that is killed leaves none behind.
pub struct Destination(Kind);

enum Kind {
    /// What is no file, such as a pipe or a terminal, or is standard output already.
    Stream(File),
    Growing(Growing),
    Whole(Whole),
}

struct Growing {
    file: File,
    /// Where it was made for this run, until something is written.
    is_new: Option<(Folder, OsString)>,
    has_begun: bool,
}

struct Whole {
    folder: Folder,
    name: OsString,
    old: Option<File>,
    spool: File,
}

impl Destination {
    /// Standard output.
    pub fn stdout() -> io::Result<Destination> {
        Ok(Destination(Kind::Stream(platform::duplicate(io::stdout())?)))
    }

    /// Opens the place of that path. A FIFO waits for its reader.
    pub fn open(path: &Path, replacing: Replacing) -> io::Result<Destination> {
        let old = match std::fs::metadata(path) {
            Ok(metadata) => match standard_stream(path, &metadata)? {
                Some(stream) => return Ok(Destination(Kind::Stream(stream))),
                None => Some(OpenOptions::new().write(true).open(path)?),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if let Some(old) = &old
            && !old.metadata()?.is_file()
        {
            return Ok(Destination(Kind::Stream(old.try_clone()?)));
        }
        let path = place(path)?;
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(io::ErrorKind::IsADirectory.into());
        };
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        let folder = Folder::open(parent)?;
        let kind = match (replacing, old) {
            (Replacing::Growing, Some(old)) => Kind::Growing(Growing::over(old)),
            (Replacing::Growing, None) => {
                let file = folder.create(name)?;
                let is_new = Some((folder, name.to_os_string()));
                Kind::Growing(Growing { file, is_new, has_begun: false })
            }
            (Replacing::Whole, old) => {
                let spool = match folder.spool() {
                    // The file may be written though its folder may not.
                    Err(_) if old.is_some() => Folder::open(&std::env::temp_dir())?.spool()?,
                    other => other?,
                };
                Kind::Whole(Whole { folder, name: name.to_os_string(), old, spool })
            }
        };
        Ok(Destination(kind))
    }

    /// Whether it is written as it comes, as a pipe or standard output is.
    pub fn is_stream(&self) -> bool {
        matches!(self.0, Kind::Stream(_))
    }

    /// All is written: puts it where it belongs.
    pub fn finish(mut self) -> io::Result<()> {
        match &mut self.0 {
            Kind::Stream(file) => file.flush(),
            Kind::Growing(growing) => growing.begin(),
            Kind::Whole(whole) => whole.replace(),
        }
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::Stream(file) => file.write(bytes),
            Kind::Growing(growing) => growing.begin().and_then(|()| growing.file.write(bytes)),
            Kind::Whole(whole) => whole.spool.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Growing {
    fn over(old: File) -> Growing {
        Growing { file: old, is_new: None, has_begun: false }
    }

    /// From here on the old contents are gone.
    fn begin(&mut self) -> io::Result<()> {
        if !self.has_begun {
            self.file.set_len(0)?;
            self.has_begun = true;
            self.is_new = None;
        }
        Ok(())
    }
}

impl Drop for Growing {
    /// A run that did not begin leaves no file.
    fn drop(&mut self) {
        if let Some((folder, name)) = &self.is_new {
            let _ = folder.remove(name);
        }
    }
}

impl Whole {
    fn replace(&mut self) -> io::Result<()> {
        self.spool.rewind()?;
        match self.replace_by_name() {
            Err(error) if platform::is_refused(&error) => match &mut self.old {
                Some(old) => {
                    self.spool.rewind()?;
                    old.set_len(0)?;
                    io::copy(&mut self.spool, old).map(drop)
                }
                None => Err(error),
            },
            other => other,
        }
    }

    fn replace_by_name(&mut self) -> io::Result<()> {
        let (mut file, temporary) = self.folder.temporary()?;
        let replaced = io::copy(&mut self.spool, &mut file).and_then(|_| {
            if let Some(old) = &self.old {
                let old = old.metadata()?;
                platform::take_over_owner(&file, &old);
                file.set_permissions(old.permissions())?;
            }
            self.folder.replace(&temporary, &self.name)
        });
        if replaced.is_err() {
            let _ = self.folder.remove(&temporary);
        }
        replaced
    }
}

/// Standard output or standard error, if that is what is described: opened anew, a file would
/// be written from its beginning, over what the script has printed.
fn standard_stream(path: &Path, place: &Metadata) -> io::Result<Option<File>> {
    for stream in [platform::duplicate(io::stdout())?, platform::duplicate(io::stderr())?] {
        if platform::is_same_file(&stream, path, place)? {
            return Ok(Some(stream));
        }
    }
    Ok(None)
}

/// Where a path leads, through symbolic links.
fn place(path: &Path) -> io::Result<PathBuf> {
    /// As many as Linux follows.
    const MOST_LINKS: u32 = 40;
    let mut path = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        match std::fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(platform::too_many_links())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn names(folder: &Path) -> Vec<OsString> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }

    fn write(path: &Path, replacing: Replacing, text: &str) {
        let mut to = Destination::open(path, replacing).unwrap();
        to.write_all(text.as_bytes()).unwrap();
        to.finish().unwrap();
    }

    #[test]
    fn a_file_keeps_what_it_has_until_the_new_one_is_complete() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report");
        std::fs::write(&path, "the old one").unwrap();
        let mut to = Destination::open(&path, Replacing::Whole).unwrap();
        to.write_all(b"the n").unwrap();
        assert_eq!(names(dir.path()), ["report"]);
        assert_eq!(std::fs::read(&path).unwrap(), b"the old one");
        drop(to);
        assert_eq!(std::fs::read(&path).unwrap(), b"the old one");
        write(&path, Replacing::Whole, "the new");
        assert_eq!(std::fs::read(&path).unwrap(), b"the new");
        assert_eq!(names(dir.path()), ["report"]);
    }

    #[test]
    fn a_file_that_grows_is_emptied_when_it_begins() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("trace");
        std::fs::write(&path, "the old one").unwrap();
        let mut to = Destination::open(&path, Replacing::Growing).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"the old one");
        to.write_all(b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        to.finish().unwrap();
        Destination::open(&path, Replacing::Growing).unwrap().finish().unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"", "a run without events");
    }

    #[test]
    fn a_run_that_does_not_begin_leaves_no_file() {
        let dir = tempfile::tempdir().unwrap();
        for replacing in [Replacing::Growing, Replacing::Whole] {
            drop(Destination::open(&dir.path().join("x"), replacing).unwrap());
            assert_eq!(names(dir.path()), [""; 0]);
        }
    }

    #[test]
    fn permissions_and_symbolic_links_stay() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        symlink("file", &link).unwrap();
        write(&link, Replacing::Whole, "made");
        assert_eq!(std::fs::read(&file).unwrap(), b"made");
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).unwrap();
        write(&link, Replacing::Whole, "replaced");
        assert_eq!(std::fs::read(&file).unwrap(), b"replaced");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        assert!(link.is_symlink());
    }

    #[test]
    fn a_link_that_is_put_in_the_way_meanwhile_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("sub/report"), dir.path().join("other"));
        std::fs::create_dir(dir.path().join("sub")).unwrap();
        std::fs::write(&other, "untouched").unwrap();
        let mut to = Destination::open(&path, Replacing::Whole).unwrap();
        to.write_all(b"report").unwrap();
        symlink("../other", &path).unwrap();
        std::fs::rename(dir.path().join("sub"), dir.path().join("moved")).unwrap();
        symlink("/", dir.path().join("sub")).unwrap();
        to.finish().unwrap();
        assert_eq!(std::fs::read(other).unwrap(), b"untouched");
        assert_eq!(std::fs::read(dir.path().join("moved/report")).unwrap(), b"report");
    }

    #[test]
    fn what_is_no_file_is_written_as_it_comes() {
        let mut to = Destination::open(Path::new("/dev/null"), Replacing::Whole).unwrap();
        assert!(matches!(to.0, Kind::Stream(_)));
        to.write_all(b"x").unwrap();
        to.finish().unwrap();
    }

    #[test]
    fn what_cannot_be_written_is_an_error_at_once() {
        let dir = tempfile::tempdir().unwrap();
        for path in [dir.path().to_path_buf(), dir.path().join("missing/x"), PathBuf::new()] {
            for replacing in [Replacing::Growing, Replacing::Whole] {
                assert!(Destination::open(&path, replacing).is_err(), "{path:?}");
            }
        }
        let looped = dir.path().join("loop");
        symlink("loop", &looped).unwrap();
        assert!(Destination::open(&looped, Replacing::Whole).is_err());
    }
}
