//! Error numbers of WASI preview 1.

use std::io::{Error, ErrorKind};

/// An error number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Errno(pub i32);

/// Why a function of WASI does not do what it was asked for.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The guest is told.
    Errno(Errno),
    /// The guest ends.
    End(wasmtime::Error),
}

impl Errno {
    pub const TOOBIG: Errno = Errno(1);
    pub const ACCES: Errno = Errno(2);
    pub const AGAIN: Errno = Errno(6);
    pub const BADF: Errno = Errno(8);
    pub const BUSY: Errno = Errno(10);
    pub const CHILD: Errno = Errno(12);
    pub const EXIST: Errno = Errno(20);
    pub const FAULT: Errno = Errno(21);
    pub const INVAL: Errno = Errno(28);
    pub const IO: Errno = Errno(29);
    pub const ISDIR: Errno = Errno(31);
    pub const LOOP: Errno = Errno(32);
    pub const MFILE: Errno = Errno(33);
    pub const NAMETOOLONG: Errno = Errno(37);
    pub const NFILE: Errno = Errno(41);
    pub const NOENT: Errno = Errno(44);
    pub const NOMEM: Errno = Errno(48);
    pub const NOSPC: Errno = Errno(51);
    pub const NOTDIR: Errno = Errno(54);
    pub const NOTSUP: Errno = Errno(58);
    pub const OVERFLOW: Errno = Errno(61);
    pub const PERM: Errno = Errno(63);
    pub const PIPE: Errno = Errno(64);
    pub const SPIPE: Errno = Errno(70);
    pub const NOTCAPABLE: Errno = Errno(76);
}

impl From<Errno> for Failure {
    fn from(errno: Errno) -> Failure {
        Failure::Errno(errno)
    }
}

impl From<wasmtime::Error> for Failure {
    fn from(error: wasmtime::Error) -> Failure {
        Failure::End(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        // Of the library that keeps paths inside their directories.
        let leads_outside =
            error.raw_os_error().is_none() && error.kind() == ErrorKind::PermissionDenied;
        Failure::Errno(if leads_outside { Errno::NOTCAPABLE } else { Errno::of(&error) })
    }
}

impl From<rustix::io::Errno> for Failure {
    fn from(error: rustix::io::Errno) -> Failure {
        Error::from(error).into()
    }
}

impl Errno {
    /// What an error of the system is in WASI.
    pub fn of(error: &Error) -> Errno {
        use rustix::io::Errno as System;
        let Some(code) = error.raw_os_error() else {
            // Of the library that keeps paths inside their directories, or of a stream of the
            // embedder's.
            return match error.kind() {
                ErrorKind::NotFound => Errno::NOENT,
                ErrorKind::PermissionDenied => Errno::PERM,
                ErrorKind::AlreadyExists => Errno::EXIST,
                ErrorKind::InvalidInput => Errno::INVAL,
                ErrorKind::OutOfMemory => Errno::NOMEM,
                ErrorKind::IsADirectory => Errno::ISDIR,
                ErrorKind::StorageFull => Errno::NOSPC,
                ErrorKind::WouldBlock => Errno::AGAIN,
                _ => Errno::IO,
            };
        };
        let number = match System::from_raw_os_error(code) {
            System::ACCESS => return Errno::ACCES,
            System::AGAIN => return Errno::AGAIN,
            System::BADF => return Errno::BADF,
            System::BUSY => return Errno::BUSY,
            System::CHILD => return Errno::CHILD,
            System::DQUOT => 19,
            System::EXIST => return Errno::EXIST,
            System::FAULT => return Errno::FAULT,
            System::FBIG => 22,
            System::ILSEQ => 25,
            System::INTR => 27,
            System::INVAL => return Errno::INVAL,
            System::ISDIR => return Errno::ISDIR,
            System::LOOP => return Errno::LOOP,
            System::MFILE => return Errno::MFILE,
            System::MLINK => 34,
            System::NAMETOOLONG => return Errno::NAMETOOLONG,
            System::NFILE => return Errno::NFILE,
            System::NODEV => 43,
            System::NOENT => return Errno::NOENT,
            System::NOMEM => return Errno::NOMEM,
            System::NOSPC => return Errno::NOSPC,
            System::NOTDIR => return Errno::NOTDIR,
            System::NOTEMPTY => 55,
            System::NOTSUP => return Errno::NOTSUP,
            System::NOTTY => 59,
            System::NXIO => 60,
            System::OVERFLOW => return Errno::OVERFLOW,
            System::PERM => return Errno::PERM,
            System::PIPE => return Errno::PIPE,
            System::ROFS => 69,
            System::SPIPE => return Errno::SPIPE,
            System::STALE => 72,
            System::TXTBSY => 74,
            System::XDEV => 75,
            _ => return Errno::IO,
        };
        Errno(number)
    }
}
