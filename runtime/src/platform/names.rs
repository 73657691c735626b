//! Names of files, which are bytes to guests.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::Path;

/// Whether each file has one name only in its directory. Where upper and lower case, short
/// names or ways to write a letter make no difference, what is asked about a name does not
/// hold for the file.
pub const ARE_UNIQUE: bool = cfg!(not(any(windows, target_vendor = "apple")));

/// Bytes as a text of the system; where that needs Unicode, what is none is replaced.
pub fn text(bytes: &[u8]) -> Cow<'_, OsStr> {
    #[cfg(unix)]
    return Cow::Borrowed(std::os::unix::ffi::OsStrExt::from_bytes(bytes));
    #[cfg(not(unix))]
    return match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_ref()),
        Cow::Owned(text) => Cow::Owned(text.into()),
    };
}

/// A relative path of a guest's as one of the system's; `None` if it would be another one there.
pub fn path(bytes: &[u8]) -> Option<&Path> {
    #[cfg(unix)]
    return Some(Path::new(<OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes)));
    #[cfg(not(unix))]
    return windows::is_plain(bytes).then(|| std::str::from_utf8(bytes).ok().map(Path::new))?;
}

/// Where a symbolic link leads, as guests write it; `None` if they have no way to write it.
pub fn link_target(target: &Path) -> Option<Cow<'_, [u8]>> {
    let bytes = target.as_os_str().as_encoded_bytes();
    #[cfg(unix)]
    return Some(Cow::Borrowed(bytes));
    #[cfg(not(unix))]
    return windows::link_target(bytes).map(Cow::Owned);
}

#[cfg(any(not(unix), test))]
mod windows {
    /// What names a device, whatever comes after a dot.
    const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// Whether Windows understands each part of a path between slashes as a name, and as no other.
    /// A colon begins a stream or follows a drive, dots and spaces at the end are not there, and
    /// some names are devices in every directory.
    pub fn is_plain(path: &[u8]) -> bool {
        let Ok(path) = std::str::from_utf8(path) else { return false };
        path.split('/').all(|part| matches!(part, "" | "." | "..") || is_name(part))
    }

    fn is_name(part: &str) -> bool {
        let is_special = |c: char| c < ' ' || r#"\:*?"<>|"#.contains(c);
        let stem = part.split('.').next().unwrap_or(part).trim_end();
        !part.contains(is_special) && !part.ends_with(['.', ' ']) && !is_device(stem)
    }

    fn is_device(stem: &str) -> bool {
        let stem = stem.to_uppercase();
        let port = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
        let is_port = port.is_some_and(|number| {
            let mut number = number.chars();
            matches!((number.next(), number.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
        });
        is_port || DEVICES.contains(&stem.as_str())
    }

    /// A relative target, with slashes; `None` for one that begins at a drive or a root.
    pub fn link_target(target: &[u8]) -> Option<Vec<u8>> {
        let target: Vec<u8> =
            target.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect();
        (!target.starts_with(b"/") && is_plain(&target)).then_some(target)
    }
}

#[cfg(test)]
mod tests {
    use super::windows::{is_plain, link_target};

    #[test]
    fn what_windows_has_a_meaning_for_is_no_name() {
        for good in ["", "a", "a/b.txt", "../x", "./a/", "über", "console", "COM", "com10", ".git"]
        {
            assert!(is_plain(good.as_bytes()), "{good}");
        }
        for wrong in [
            "a\\b",
            "c:",
            "c:/a",
            "a:stream",
            "a/b.",
            "a /b",
            "nul",
            "x/NUL.txt",
            "Con",
            "aux .c",
            "com1",
            "LPT9.log",
            "com\u{b9}",
            "conin$",
            "a?",
            "*",
            "a\u{1}",
            "a|b",
            "...",
        ] {
            assert!(!is_plain(wrong.as_bytes()), "{wrong}");
        }
        assert!(!is_plain(b"\xff"));
    }

    #[test]
    fn links_of_windows_lead_on_by_slashes_or_nowhere() {
        assert_eq!(link_target(br"..\a\b").unwrap(), b"../a/b");
        for absolute in [&br"C:\a"[..], br"\\?\C:\a", br"\a"] {
            assert_eq!(link_target(absolute), None);
        }
    }
}
