//! What one Go guest may reach and spend.

use crate::engine::depth::Depth;
use crate::grants::capabilities::{Access, Capabilities, DirGrant};
use crate::grants::limits::Limits;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

/// What one Go guest may reach and spend. The default is to compute, and nothing else.
///
/// | | default | when it is reached |
/// |---|---|---|
/// | [`memory`](GoGrant::memory) | 64 MiB | the guest dies |
/// | [`stack`](GoGrant::stack) | 16 MiB | the guest dies |
/// | [`output`](GoGrant::output) | 1 MiB | the guest dies |
/// | [`busy`](GoGrant::busy) | none | the guest dies |
/// | [`grace`](GoGrant::grace) | 100 ms | tasks that go on count as leaked |
/// | [`dir`](GoGrant::dir) | none | `os.Open` finds no file |
/// | [`env`](GoGrant::env) | none | `os.Getenv` gives nothing |
/// | [`function`](GoGrant::function) | none | `luago.Call` gives an error |
/// | [`workers`](GoGrant::workers) | 0 | |
/// | [`restart`](GoGrant::restart) | never | |
///
/// A guest that dies fails the calls into it with an error that the script can catch; the
/// script itself goes on.
///
/// ```
/// use luago::{Access, GoGrant, Restart};
/// use std::time::Duration;
///
/// let grant = GoGrant::new()
///     .memory(32 << 20)
///     .dir("/srv/maps", "/maps", Access::ReadOnly)
///     .function("lookup")
///     .busy(Duration::from_millis(500))
///     .restart(Restart::OnFailure);
/// # let _ = grant;
/// ```
#[derive(Debug, Clone)]
pub struct GoGrant {
    pub(crate) memory: u64,
    pub(crate) stack: u64,
    pub(crate) dirs: Vec<DirGrant>,
    pub(crate) working_dir: Option<OsString>,
    pub(crate) env: Vec<(OsString, OsString)>,
    pub(crate) functions: Vec<String>,
    pub(crate) workers: u32,
    pub(crate) restart: Restart,
    pub(crate) busy: Option<Duration>,
    pub(crate) output: u64,
    pub(crate) grace: Duration,
}

/// What becomes of a Go guest that has died.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Restart {
    /// It stays dead: every later call into it fails.
    #[default]
    Never,
    /// The next call into it starts it anew, with nothing of what it knew.
    OnFailure,
}

impl Default for GoGrant {
    fn default() -> GoGrant {
        GoGrant {
            memory: 64 << 20,
            stack: 16 << 20,
            dirs: Vec::new(),
            working_dir: None,
            env: Vec::new(),
            functions: Vec::new(),
            workers: 0,
            restart: Restart::Never,
            busy: None,
            output: 1 << 20,
            grace: Duration::from_millis(100),
        }
    }
}

impl GoGrant {
    /// The least memory that a Go guest can be given, in bytes.
    pub const MIN_MEMORY: u64 = 4 << 20;
    /// The least stack that a Go guest can be given, in bytes.
    pub const MIN_STACK: u64 = Depth::MIN;
    /// The most stack that a Go guest can be given, in bytes.
    pub const MAX_STACK: u64 = Depth::MAX;
    /// The most threads that the instances of one module can have.
    pub const MAX_WORKERS: u32 = 256;

    /// A grant with every default.
    pub fn new() -> GoGrant {
        GoGrant::default()
    }

    /// Bytes of memory, from [`MIN_MEMORY`](Self::MIN_MEMORY) to 4 GiB; 64 MiB by default.
    /// Each worker has as much. Go's collector is told (`GOMEMLIMIT`), so that it works
    /// harder before the limit is reached.
    pub fn memory(mut self, bytes: u64) -> GoGrant {
        self.memory = bytes;
        self
    }

    /// Bytes of machine stack, from [`MIN_STACK`](Self::MIN_STACK) to
    /// [`MAX_STACK`](Self::MAX_STACK); 16 MiB by default. It is rounded up to a power of two.
    /// How deep functions of Go can call each other follows from it and from the memory, as Go
    /// has the variables of the same calls there. Each instance has a stack of its own, so that of
    /// the thread that runs the sandbox does not matter. It takes memory of the process as it is
    /// first used, beside that of the guest, until the guest ends. A module keeps its machine code
    /// once for each size that it was granted with.
    pub fn stack(mut self, bytes: u64) -> GoGrant {
        self.stack = bytes;
        self
    }

    /// Grants a directory of the host under a path in the guest, with the rules of
    /// [`Capabilities::dir`]. It is opened when the guest starts.
    pub fn dir(
        mut self,
        host: impl Into<PathBuf>,
        guest: impl AsRef<OsStr>,
        access: Access,
    ) -> GoGrant {
        let guest = guest.as_ref().to_owned();
        self.dirs.push(DirGrant { host: host.into(), guest, access });
        self
    }

    /// The directory in which the guest starts, as [`Capabilities::working_dir`]: the root by
    /// default. Go's library takes it from the variable `PWD`.
    pub fn working_dir(mut self, guest: impl AsRef<OsStr>) -> GoGrant {
        self.working_dir = Some(guest.as_ref().to_owned());
        self
    }

    /// Grants a variable of the environment. `GOGC` and `GOMEMLIMIT` take the place of
    /// those that follow from the memory.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> GoGrant {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Grants a function, of Lua or of the host, that the guest may call by this name.
    pub fn function(mut self, name: impl Into<String>) -> GoGrant {
        self.functions.push(name.into());
        self
    }

    /// How many instances of the guest share its tasks, each on a thread of its own. With
    /// 0, the default, there is one, on the thread of the sandbox.
    pub fn workers(mut self, count: u32) -> GoGrant {
        self.workers = count;
        self
    }

    /// What becomes of the guest when it has died; it stays dead by default.
    pub fn restart(mut self, restart: Restart) -> GoGrant {
        self.restart = restart;
        self
    }

    /// The longest time that the guest may compute without coming back to the host. No
    /// limit by default, other than the deadline of the sandbox.
    pub fn busy(mut self, limit: impl Into<Option<Duration>>) -> GoGrant {
        self.busy = limit.into();
        self
    }

    /// The most bytes that the guest may write to standard output and standard error
    /// together; 1 MiB by default.
    pub fn output(mut self, bytes: u64) -> GoGrant {
        self.output = bytes;
        self
    }

    /// How long cancelled tasks have to return when the sandbox is closed; 100 ms by
    /// default.
    pub fn grace(mut self, time: Duration) -> GoGrant {
        self.grace = time;
        self
    }

    /// What it may reach outside itself. Directories and variables have the rules that they have
    /// for Lua.
    pub(crate) fn reach(&self) -> Capabilities {
        Capabilities {
            dirs: self.dirs.clone(),
            working_dir: self.working_dir.clone(),
            env: self.env.clone(),
            ..Capabilities::default()
        }
    }

    /// Whether it may call a function of that name.
    pub(crate) fn allows(&self, function: &str) -> bool {
        self.functions.iter().any(|granted| granted == function)
    }

    /// How deep its calls may go.
    pub(crate) fn depth(&self) -> Depth {
        Depth::of(self.stack)
    }

    pub(crate) fn mistakes(&self) -> Vec<String> {
        let mut mistakes = self.reach().mistakes();
        if self.memory < Self::MIN_MEMORY {
            mistakes.push(format!(
                "a memory of {} bytes is too little for a Go guest; it needs 4 MiB",
                self.memory
            ));
        }
        if self.memory > Limits::MAX_MEMORY {
            mistakes.push(format!(
                "a memory of {} bytes is too much for a Go guest; it can address 4 GiB",
                self.memory
            ));
        }
        if self.stack < Self::MIN_STACK {
            mistakes.push(format!(
                "a stack of {} bytes is too small for a Go guest; it needs 1 MiB",
                self.stack
            ));
        }
        if self.stack > Self::MAX_STACK {
            mistakes.push(format!(
                "a stack of {} bytes is too large for a Go guest; it can have 1 GiB",
                self.stack
            ));
        }
        if self.workers > Self::MAX_WORKERS {
            mistakes.push(format!(
                "{} workers are too many for a Go guest; it can have {}",
                self.workers,
                Self::MAX_WORKERS
            ));
        }
        if self.busy == Some(Duration::ZERO) {
            mistakes.push("a busy time of zero leaves a Go guest no time to run".to_string());
        }
        if self.functions.iter().any(String::is_empty) {
            mistakes.push("a function granted to a Go guest needs a name".to_string());
        }
        mistakes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_grant_reaches_nothing_and_has_no_mistakes() {
        let grant = GoGrant::new();
        assert!(grant.dirs.is_empty() && grant.env.is_empty() && grant.functions.is_empty());
        assert_eq!((grant.memory, grant.output, grant.workers), (64 << 20, 1 << 20, 0));
        assert_eq!((grant.stack, grant.depth().bytes()), (16 << 20, 16 << 20));
        assert_eq!((grant.restart, grant.busy), (Restart::Never, None));
        assert_eq!(grant.grace, Duration::from_millis(100));
        assert!(grant.mistakes().is_empty());
    }

    #[test]
    fn every_mistake_of_a_grant_is_reported() {
        let grant = GoGrant::new()
            .memory(1 << 20)
            .stack(1)
            .dir("/tmp", "", Access::ReadOnly)
            .env("a=b", "c")
            .workers(1000)
            .busy(Duration::ZERO)
            .function("");
        assert_eq!(grant.mistakes().len(), 7, "{:?}", grant.mistakes());
        assert_eq!(GoGrant::new().memory(5 << 30).stack(2 << 30).mistakes().len(), 2);
    }
}
