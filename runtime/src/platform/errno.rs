//! Errors of the system as WASI preview 1 numbers them.

use std::io::{Error, ErrorKind};

/// An error number of WASI preview 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Errno(pub i32);

impl Errno {
    pub const TOOBIG: Errno = Errno(1);
    pub const ACCES: Errno = Errno(2);
    pub const AGAIN: Errno = Errno(6);
    pub const BADF: Errno = Errno(8);
    pub const BUSY: Errno = Errno(10);
    pub const CHILD: Errno = Errno(12);
    pub const EXIST: Errno = Errno(20);
    pub const FAULT: Errno = Errno(21);
    pub const FBIG: Errno = Errno(22);
    pub const INTR: Errno = Errno(27);
    pub const INVAL: Errno = Errno(28);
    pub const IO: Errno = Errno(29);
    pub const ISDIR: Errno = Errno(31);
    pub const LOOP: Errno = Errno(32);
    pub const MFILE: Errno = Errno(33);
    pub const MLINK: Errno = Errno(34);
    pub const NAMETOOLONG: Errno = Errno(37);
    pub const NOENT: Errno = Errno(44);
    pub const NOMEM: Errno = Errno(48);
    pub const NOSPC: Errno = Errno(51);
    pub const NOTDIR: Errno = Errno(54);
    pub const NOTEMPTY: Errno = Errno(55);
    pub const NOTSUP: Errno = Errno(58);
    pub const OVERFLOW: Errno = Errno(61);
    pub const PERM: Errno = Errno(63);
    pub const PIPE: Errno = Errno(64);
    pub const ROFS: Errno = Errno(69);
    pub const SPIPE: Errno = Errno(70);
    pub const XDEV: Errno = Errno(75);
    pub const NOTCAPABLE: Errno = Errno(76);

    /// What an error is in WASI.
    pub fn of(error: &Error) -> Errno {
        match error.raw_os_error() {
            Some(code) => of_system(code, error.kind()),
            // Of the library that keeps paths inside their directories, or of a stream of the
            // embedder's.
            None => of_kind(error.kind()),
        }
    }
}

/// The error for an address that is none of the guest's.
pub fn fault() -> Error {
    #[cfg(unix)]
    return rustix::io::Errno::FAULT.into();
    #[cfg(not(unix))]
    return Error::from_raw_os_error(NO_ACCESS);
}

/// Of an error that the system has made.
#[cfg(unix)]
fn of_system(code: i32, _: ErrorKind) -> Errno {
    use rustix::io::Errno as System;
    match System::from_raw_os_error(code) {
        System::ACCESS => Errno::ACCES,
        System::AGAIN => Errno::AGAIN,
        System::BADF => Errno::BADF,
        System::BUSY => Errno::BUSY,
        System::CHILD => Errno::CHILD,
        System::DQUOT => Errno(19),
        System::EXIST => Errno::EXIST,
        System::FAULT => Errno::FAULT,
        System::FBIG => Errno::FBIG,
        System::ILSEQ => Errno(25),
        System::INTR => Errno::INTR,
        System::INVAL => Errno::INVAL,
        System::ISDIR => Errno::ISDIR,
        System::LOOP => Errno::LOOP,
        System::MFILE => Errno::MFILE,
        System::MLINK => Errno::MLINK,
        System::NAMETOOLONG => Errno::NAMETOOLONG,
        System::NFILE => Errno(41),
        System::NODEV => Errno(43),
        System::NOENT => Errno::NOENT,
        System::NOMEM => Errno::NOMEM,
        System::NOSPC => Errno::NOSPC,
        System::NOTDIR => Errno::NOTDIR,
        System::NOTEMPTY => Errno::NOTEMPTY,
        System::NOTSUP => Errno::NOTSUP,
        System::NOTTY => Errno(59),
        System::NXIO => Errno(60),
        System::OVERFLOW => Errno::OVERFLOW,
        System::PERM => Errno::PERM,
        System::PIPE => Errno::PIPE,
        System::ROFS => Errno::ROFS,
        System::SPIPE => Errno::SPIPE,
        System::STALE => Errno(72),
        System::TXTBSY => Errno(74),
        System::XDEV => Errno::XDEV,
        _ => Errno::IO,
    }
}

/// `ERROR_NOACCESS`.
#[cfg(not(unix))]
const NO_ACCESS: i32 = 998;

/// As above, by what Rust says that it is.
#[cfg(not(unix))]
fn of_system(code: i32, kind: ErrorKind) -> Errno {
    /// `ERROR_TOO_MANY_OPEN_FILES`.
    const TOO_MANY: i32 = 4;
    /// `ERROR_SHARING_VIOLATION`.
    const IN_USE: i32 = 32;
    match (code, kind) {
        (NO_ACCESS, _) => Errno::FAULT,
        (TOO_MANY, _) => Errno::MFILE,
        (IN_USE, _) | (_, ErrorKind::ResourceBusy) => Errno::BUSY,
        (_, ErrorKind::PermissionDenied) => Errno::ACCES,
        (_, ErrorKind::WouldBlock) => Errno::AGAIN,
        (_, ErrorKind::AlreadyExists) => Errno::EXIST,
        (_, ErrorKind::FileTooLarge) => Errno::FBIG,
        (_, ErrorKind::Interrupted) => Errno::INTR,
        (_, ErrorKind::InvalidInput) => Errno::INVAL,
        (_, ErrorKind::IsADirectory) => Errno::ISDIR,
        (_, ErrorKind::TooManyLinks) => Errno::MLINK,
        // Of what Windows takes for no name, there is nothing.
        (_, ErrorKind::NotFound | ErrorKind::InvalidFilename) => Errno::NOENT,
        (_, ErrorKind::OutOfMemory) => Errno::NOMEM,
        (_, ErrorKind::StorageFull) => Errno::NOSPC,
        (_, ErrorKind::NotADirectory) => Errno::NOTDIR,
        (_, ErrorKind::DirectoryNotEmpty) => Errno::NOTEMPTY,
        (_, ErrorKind::Unsupported) => Errno::NOTSUP,
        (_, ErrorKind::BrokenPipe) => Errno::PIPE,
        (_, ErrorKind::ReadOnlyFilesystem) => Errno::ROFS,
        (_, ErrorKind::NotSeekable) => Errno::SPIPE,
        (_, ErrorKind::CrossesDevices) => Errno::XDEV,
        _ => Errno::IO,
    }
}

/// Of an error that this program or a library has made.
fn of_kind(kind: ErrorKind) -> Errno {
    match kind {
        ErrorKind::NotFound => Errno::NOENT,
        ErrorKind::PermissionDenied => Errno::PERM,
        ErrorKind::AlreadyExists => Errno::EXIST,
        ErrorKind::InvalidInput => Errno::INVAL,
        ErrorKind::OutOfMemory => Errno::NOMEM,
        ErrorKind::IsADirectory => Errno::ISDIR,
        ErrorKind::StorageFull => Errno::NOSPC,
        ErrorKind::WouldBlock => Errno::AGAIN,
        // What `platform` refuses.
        ErrorKind::Unsupported if cfg!(not(target_os = "linux")) => Errno::NOTSUP,
        _ => Errno::IO,
    }
}
