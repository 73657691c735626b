//! Folders and files that nobody but this user can write.
//!
//! Elsewhere than on Linux that is not proven: access control lists can let others write, and a
//! file's mode says nothing of them. There no folder is private, and nothing is kept.

use cap_std::fs::{Dir, Metadata, OpenOptions};
use std::io;
use std::path::Path;

/// A key that is kept with a folder.
pub type Key = [u8; 32];

/// A device and a number, which no two files have.
pub type Identity = (u64, u64);

/// Makes a folder, and those that it is in, for this user alone.
#[cfg(target_os = "linux")]
pub fn create_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// There is no such folder.
#[cfg(not(target_os = "linux"))]
pub fn create_folder(_: &Path) -> io::Result<()> {
    Err(super::unsupported("no folder is known to be private"))
}

/// Whether something belongs to this user, and nobody else can write it.
#[cfg(target_os = "linux")]
pub fn is_private(metadata: &Metadata) -> bool {
    use cap_std::fs::MetadataExt;
    metadata.uid() == rustix::process::geteuid().as_raw() && metadata.mode() & 0o022 == 0
}

/// Nothing is known to.
#[cfg(not(target_os = "linux"))]
pub fn is_private(_: &Metadata) -> bool {
    false
}

/// Has a file that is made be this user's alone.
pub fn make_private(options: &mut OpenOptions) {
    #[cfg(unix)]
    cap_std::fs::OpenOptionsExt::mode(options, 0o600);
    #[cfg(not(unix))]
    let _ = options;
}

/// Has no symbolic link followed to what is opened. The library has to know: where the kernel has
/// no `openat2`, it follows links by itself, whatever flags the kernel would be given.
pub fn follow_no_link(options: &mut OpenOptions) {
    cap_fs_ext::OpenOptionsFollowExt::follow(options, cap_fs_ext::FollowSymlinks::No);
}

/// What a file or folder is, whatever it is called.
pub fn identity(path: &Path) -> Option<Identity> {
    #[cfg(unix)]
    return {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
    };
    // Only of a cache is this asked, and there is none.
    #[cfg(not(unix))]
    return {
        let _ = path;
        None
    };
}

/// The key of a folder, which has one from now on; `None` where the file system has no room for
/// it.
///
/// It is where guests never get: an extended attribute of the folder. They can reach files, if
/// they were granted them, but there is no function of WASI that reads or writes attributes. So
/// a folder that a guest has made has none, and what a guest has written in one is not signed.
#[cfg(target_os = "linux")]
pub fn key(dir: &Dir) -> Option<Key> {
    use rustix::fs::{XattrFlags, fgetxattr, fsetxattr};
    const NAME: &str = "user.luago.key";
    let read = || {
        let mut key = [0; size_of::<Key>() + 1];
        let len = fgetxattr(dir, NAME, &mut key[..]).ok()?;
        key.get(..len)?.try_into().ok()
    };
    if let Some(key) = read() {
        return Some(key);
    }
    let mut key = Key::default();
    getrandom::fill(&mut key).ok()?;
    // If another process was faster, its key counts.
    let _ = fsetxattr(dir, NAME, &key, XattrFlags::CREATE);
    read()
}

/// There is no place for it that guests never get to.
#[cfg(not(target_os = "linux"))]
pub fn key(_: &Dir) -> Option<Key> {
    None
}
