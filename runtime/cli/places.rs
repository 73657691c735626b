//! By which names a script knows the places of the host.

use crate::platform::{drive, guest_name, text as os_text};
use anyhow::{Context, Result, bail};
use luago::Access;
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

/// A directory that was asked for with `HOST[:GUEST][:ro|rw]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dir {
    pub host: PathBuf,
    pub guest: Option<OsString>,
    pub access: Access,
}

/// A directory under one name.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    pub host: PathBuf,
    pub name: OsString,
    pub access: Access,
}

/// Where the command was started.
pub struct Places {
    current: PathBuf,
    /// How the shell calls that, if it has come there through a link.
    logical: Option<PathBuf>,
}

impl Dir {
    /// Takes `HOST[:GUEST][:ro|rw]` apart.
    pub fn parse(text: &OsStr) -> Result<Dir> {
        let shown = text.display();
        let bytes = text.as_encoded_bytes();
        let (rest, access) = match (bytes.strip_suffix(b":ro"), bytes.strip_suffix(b":rw")) {
            (Some(rest), _) => (rest, Access::ReadOnly),
            (_, Some(rest)) => (rest, Access::ReadWrite),
            _ => (bytes, Access::ReadOnly),
        };
        let host = rest.iter().skip(drive(rest)).position(|&byte| byte == b':');
        let (host, rest) = rest.split_at(host.map_or(rest.len(), |at| drive(rest) + at));
        let mut parts = rest.split(|&byte| byte == b':').skip(1);
        let guest = parts.next();
        if host.is_empty() || guest.is_some_and(<[u8]>::is_empty) {
            bail!("--dir {shown}: a directory is given as HOST[:GUEST][:ro|rw]");
        }
        if parts.next().is_some() {
            bail!("--dir {shown}: after HOST:GUEST only ro or rw can follow");
        }
        let guest = guest.map(|guest| os_text(guest).into_owned());
        Ok(Dir { host: os_text(host).into_owned().into(), guest, access })
    }
}

impl Places {
    pub fn here() -> Result<Places> {
        let current = std::env::current_dir().context("cannot find the working directory")?;
        let logical = std::env::var_os("PWD").map(PathBuf::from);
        let is_another = |path: &PathBuf| {
            let is_plain = path
                .components()
                .all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
            is_plain && *path != current && path.canonicalize().is_ok_and(|real| real == current)
        };
        Ok(Places { logical: logical.filter(is_another), current })
    }

    /// Every absolute path by which a place is known here, that by which it was named first, as
    /// guests write it.
    pub fn names(&self, path: &Path) -> Vec<OsString> {
        let mut names = vec![absolute(&self.current, path)];
        names.extend(self.logical.as_ref().map(|logical| absolute(logical, path)));
        names.extend(path.canonicalize());
        let mut known: Vec<OsString> = Vec::new();
        for name in names.into_iter().map(guest_name) {
            if !known.contains(&name) {
                known.push(name);
            }
        }
        known
    }

    /// Directories under all of their names, and the working directory of who sees them: that of
    /// the command, if it is in one of them or above one.
    pub fn name(&self, dirs: &[Dir]) -> (Vec<Named>, Option<OsString>) {
        let mut named: Vec<Named> = Vec::new();
        let mut others: Vec<Named> = Vec::new();
        for Dir { host, guest, access } in dirs {
            let of = |name: OsString| Named { host: host.clone(), name, access: *access };
            match guest {
                Some(guest) => named.push(of(guest.clone())),
                None => {
                    let mut names = self.names(host).into_iter();
                    named.extend(names.next().map(of));
                    others.extend(names.map(of));
                }
            }
        }
        // A name that was asked for is nobody else's.
        for other in others {
            if !named.iter().any(|known| known.name == other.name) {
                named.push(other);
            }
        }
        let current = guest_name(self.current.clone());
        let is_here = |name: &Path| {
            name.has_root() && (name.starts_with(&current) || Path::new(&current).starts_with(name))
        };
        let is_granted = named.iter().any(|known| is_here(Path::new(&known.name)));
        (named, is_granted.then_some(current))
    }
}

/// A path without dots. What comes before `..` is asked for, as it can be a link.
fn absolute(current: &Path, path: &Path) -> PathBuf {
    let mut absolute = current.to_path_buf();
    for part in path.components() {
        match part {
            Component::RootDir | Component::Prefix(_) => absolute.push(part),
            Component::CurDir => {}
            Component::ParentDir => {
                if absolute.is_symlink() {
                    absolute = absolute.canonicalize().unwrap_or(absolute);
                }
                absolute.pop();
            }
            Component::Normal(name) => absolute.push(name),
        }
    }
    absolute
}

/// Those of the directories that can be written.
pub fn writable(dirs: &[Dir]) -> Vec<PathBuf> {
    let writable = dirs.iter().filter(|dir| dir.access == Access::ReadWrite);
    writable.map(|dir| dir.host.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dir(host: &str, guest: Option<&str>, access: Access) -> Dir {
        Dir { host: host.into(), guest: guest.map(OsString::from), access }
    }

    #[test]
    fn a_directory_is_read_only_and_keeps_its_name_unless_told_otherwise() {
        let parse = |text: &str| Dir::parse(OsStr::new(text)).unwrap();
        assert_eq!(parse("a"), dir("a", None, Access::ReadOnly));
        assert_eq!(parse("a:rw"), dir("a", None, Access::ReadWrite));
        assert_eq!(parse("a:b"), dir("a", Some("b"), Access::ReadOnly));
        assert_eq!(parse("/a/b:c:rw"), dir("/a/b", Some("c"), Access::ReadWrite));
        assert_eq!(parse("a:b:ro"), dir("a", Some("b"), Access::ReadOnly));
        for wrong in ["", ":b", "a:", "a:b:c", ":rw"] {
            assert!(Dir::parse(OsStr::new(wrong)).is_err(), "{wrong}");
        }
        assert_eq!(Dir::parse(&os_text(b"\xe9")).unwrap().host.as_os_str().len(), 1);
    }

    #[test]
    fn a_place_has_the_names_that_lead_there_from_the_working_directory() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(real.join("proj/data")).unwrap();
        std::os::unix::fs::symlink("proj", real.join("link")).unwrap();
        let logical = Some(real.join("link"));
        let places = Places { current: real.join("proj"), logical };
        assert_eq!(places.names(Path::new("../proj/x/..")), [real.join("proj")]);
        let data = real.join("proj/data");
        let names = places.names(Path::new("data"));
        assert_eq!(names, [data.clone(), real.join("link/data")]);
        let linked = real.join("link/data");
        assert_eq!(places.names(&linked), [linked.clone(), data.clone()]);
        assert_eq!(places.names(&real.join("link/../proj")), [real.join("proj")]);
    }

    #[test]
    fn the_working_directory_is_that_of_the_command_in_and_above_what_is_granted() {
        let places = Places { current: "/home/u/proj".into(), logical: None };
        let start =
            |host: &str, guest: Option<&str>| places.name(&[dir(host, guest, Access::ReadOnly)]).1;
        let here = Some(OsString::from("/home/u/proj"));
        assert_eq!(start("data", None), here);
        assert_eq!(start("..", None), here);
        assert_eq!(start("/srv", Some("/home/u/proj/srv")), here);
        assert_eq!(start("/nowhere", None), None);
        assert_eq!(start("data", Some("data")), None);
        assert_eq!(start("/home/u/project", None), None);
    }
}
