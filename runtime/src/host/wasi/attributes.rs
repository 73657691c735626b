//! What is known of a file.

use super::guest_path::GuestPath;
use super::mounts::NULL;
use crate::platform::attributes::{self as system, Kind};
use cap_std::fs::{FileType, Metadata};
use std::hash::{DefaultHasher, Hash, Hasher};

/// The size of WASI's record, in bytes.
pub(super) const FILESTAT: u32 = 64;

/// WASI's numbers for kinds of files. There is none for a FIFO.
pub(super) const UNKNOWN: u8 = 0;
pub(super) const BLOCK_DEVICE: u8 = 1;
pub(super) const CHARACTER_DEVICE: u8 = 2;
pub(super) const DIRECTORY: u8 = 3;
pub(super) const REGULAR_FILE: u8 = 4;
pub(super) const SOCKET: u8 = 6;
pub(super) const SYMBOLIC_LINK: u8 = 7;

/// WASI's record of a file.
pub(super) fn filestat(metadata: &Metadata) -> [u8; FILESTAT as usize] {
    let mut stat = [0; FILESTAT as usize];
    let mut put = |at: usize, number: u64| stat[at..at + 8].copy_from_slice(&number.to_le_bytes());
    // All devices are one to guests.
    put(0, 1);
    put(8, inode(system::device(metadata), system::inode(metadata)));
    put(16, kind(metadata.file_type()).into());
    put(24, system::links(metadata));
    put(32, metadata.len());
    for (at, time) in [40, 48, 56].into_iter().zip(system::times(metadata)) {
        put(at, time);
    }
    stat
}

/// WASI's record of a folder that is above what is granted.
pub(super) fn above(place: Option<&GuestPath>) -> [u8; FILESTAT as usize] {
    made_up(DIRECTORY, place.map_or(b"", GuestPath::bytes), 4096)
}

/// WASI's record of the device that is always there.
pub(super) fn null() -> [u8; FILESTAT as usize] {
    made_up(CHARACTER_DEVICE, NULL, 0)
}

/// Of something that the host does not have.
fn made_up(kind: u8, name: &[u8], size: u64) -> [u8; FILESTAT as usize] {
    let mut stat = [0; FILESTAT as usize];
    let numbers = [(0, 1), (8, inode_of_name(name)), (16, kind.into()), (24, 1), (32, size)];
    for (at, number) in numbers {
        stat[at..at + 8].copy_from_slice(&u64::to_le_bytes(number));
    }
    stat
}

/// A number for something that the host does not have.
pub(super) fn inode_of_name(name: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish().max(1)
}

/// A number for a file that no other one has, whatever device that is on.
pub(super) fn inode(device: u64, inode: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (device, inode).hash(&mut hasher);
    // Zero means that there is none.
    hasher.finish().max(1)
}

/// The kind of a file.
pub(super) fn kind(kind: FileType) -> u8 {
    number(system::kind(kind))
}

/// WASI's number for a kind.
pub(super) fn number(kind: Kind) -> u8 {
    match kind {
        Kind::File => REGULAR_FILE,
        Kind::Directory => DIRECTORY,
        Kind::Link => SYMBOLIC_LINK,
        Kind::BlockDevice => BLOCK_DEVICE,
        Kind::CharacterDevice => CHARACTER_DEVICE,
        Kind::Socket => SOCKET,
        Kind::Other => UNKNOWN,
    }
}
