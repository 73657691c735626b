//! Folders in which the system shows the memory, the variables or the descriptors of processes
//! as files. A sandbox that could open those of the host would be none.

use cap_std::fs::{Dir, Metadata};
use std::io;
use std::path::Path;

/// Why a folder of this path cannot be granted, if it cannot.
#[cfg(target_os = "linux")]
pub fn refusal(_: &Path, dir: &Dir) -> io::Result<Option<&'static str>> {
    let problem = "it shows processes, and with them the memory and the variables of this one; \
                   no sandbox can have that";
    Ok(is_procfs(dir)?.then_some(problem))
}

/// Whether the system is to be asked about a file. One with a disk shows no processes.
#[cfg(target_os = "linux")]
pub fn may_be_shown(metadata: &Metadata) -> bool {
    rustix::fs::major(super::attributes::device(metadata)) == 0
}

/// Whether an open file is one in which a process is shown.
#[cfg(target_os = "linux")]
pub fn is_shown(file: &std::fs::File) -> io::Result<bool> {
    is_procfs(file)
}

/// The same of a file that is not open.
#[cfg(target_os = "linux")]
pub fn is_shown_at(dir: &Dir, path: &Path, follows: bool) -> io::Result<bool> {
    use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt};
    use cap_std::fs::OpenOptionsExt;
    let mut options = cap_std::fs::OpenOptions::new();
    options.read(true).custom_flags(libc::O_PATH);
    options.follow(if follows { FollowSymlinks::Yes } else { FollowSymlinks::No });
    match dir.open_with(path, &options) {
        Ok(file) => is_procfs(file),
        Err(_) => Ok(true),
    }
}

#[cfg(target_os = "linux")]
fn is_procfs(file: impl std::os::fd::AsFd) -> io::Result<bool> {
    Ok(rustix::fs::fstatfs(file)?.f_type == rustix::fs::PROC_SUPER_MAGIC)
}

/// `/dev/fd` has the descriptors of whoever looks, and what is opened there is the file itself:
/// afterwards nothing tells it from others. So nothing that contains it is granted.
#[cfg(all(unix, not(target_os = "linux")))]
pub fn refusal(path: &Path, _: &Dir) -> io::Result<Option<&'static str>> {
    let path = path.canonicalize()?;
    let has_devices = path == Path::new("/") || path.starts_with("/dev");
    let problem = "it has /dev/fd in it, and with that the open files of this process; no sandbox \
                   can have those";
    Ok(has_devices.then_some(problem))
}

/// There are none.
#[cfg(not(unix))]
pub fn refusal(_: &Path, _: &Dir) -> io::Result<Option<&'static str>> {
    Ok(None)
}

/// No such file is below what is granted.
#[cfg(not(target_os = "linux"))]
pub fn may_be_shown(_: &Metadata) -> bool {
    false
}

/// As above.
#[cfg(not(target_os = "linux"))]
pub fn is_shown(_: &std::fs::File) -> io::Result<bool> {
    Ok(false)
}

/// As above.
#[cfg(not(target_os = "linux"))]
pub fn is_shown_at(_: &Dir, _: &Path, _: bool) -> io::Result<bool> {
    Ok(false)
}
