//! Why a function of WASI does not do what it was asked for.

pub(crate) use crate::platform::errno::Errno;
use std::io::{Error, ErrorKind};

/// What a function of WASI answers.
pub(crate) type Answer<T = ()> = Result<T, Failure>;

/// Why a function of WASI does not do what it was asked for.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The guest is told.
    Errno(Errno),
    /// The guest ends.
    End(wasmtime::Error),
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
