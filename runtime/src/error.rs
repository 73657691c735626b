//! What can go wrong on the host's side.

use std::fmt;
use std::path::{Path, PathBuf};

/// A failure of the host: a setting that cannot work, a file that cannot be
/// opened, an engine that cannot start. What a script does is never one of these;
/// that is an [`Outcome`](crate::Outcome).
pub struct Error {
    kind: Kind,
}

enum Kind {
    Invalid(Vec<String>),
    Grant { path: PathBuf, source: std::io::Error },
    Engine { doing: String, source: wasmtime::Error },
    Dead,
    Busy { limit: u32 },
}

impl Error {
    pub(crate) fn invalid(mistakes: Vec<String>) -> Error {
        Error { kind: Kind::Invalid(mistakes) }
    }

    pub(crate) fn grant(path: &Path, source: std::io::Error) -> Error {
        Error { kind: Kind::Grant { path: path.to_path_buf(), source } }
    }

    pub(crate) fn engine(doing: impl Into<String>, source: wasmtime::Error) -> Error {
        Error { kind: Kind::Engine { doing: doing.into(), source } }
    }

    pub(crate) fn dead() -> Error {
        Error { kind: Kind::Dead }
    }

    pub(crate) fn busy(limit: u32) -> Error {
        Error { kind: Kind::Busy { limit } }
    }

    /// Was a setting given that cannot work?
    pub fn is_invalid(&self) -> bool {
        matches!(self.kind, Kind::Invalid(_))
    }

    /// Could a directory that was to be granted not be opened?
    pub fn is_grant(&self) -> bool {
        matches!(self.kind, Kind::Grant { .. })
    }

    /// Was the sandbox called again after it had been stopped or had exited?
    pub fn is_dead(&self) -> bool {
        matches!(self.kind, Kind::Dead)
    }

    /// Does the engine hold as many live sandboxes as it was built for?
    pub fn is_busy(&self) -> bool {
        matches!(self.kind, Kind::Busy { .. })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Invalid(mistakes) => f.write_str(&mistakes.join("; ")),
            Kind::Grant { path, source } => {
                write!(f, "cannot grant the directory {}: {source}", path.display())
            }
            Kind::Engine { doing, source } => write!(f, "cannot {doing}: {source:#}"),
            Kind::Dead => f.write_str(
                "this sandbox has been stopped or has exited and cannot run again; build a new one",
            ),
            Kind::Busy { limit } => write!(
                f,
                "the engine already holds {limit} live sandboxes; drop some, or build the engine \
                 with a higher max_sandboxes"
            ),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            Kind::Grant { source, .. } => Some(source),
            Kind::Engine { source, .. } => {
                let source: &(dyn std::error::Error + Send + Sync + 'static) = source.as_ref();
                Some(source)
            }
            Kind::Invalid(_) | Kind::Dead | Kind::Busy { .. } => None,
        }
    }
}
