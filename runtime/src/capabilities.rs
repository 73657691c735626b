//! What a sandbox may reach outside itself.

use crate::commands::{Grants, Program};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// How a granted directory may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// Files can be read.
    #[default]
    ReadOnly,
    /// Files can be read, written, created, renamed and removed.
    ReadWrite,
}

/// What a sandbox may reach. The default is nothing.
///
/// | capability | granted by | without it |
/// |---|---|---|
/// | a directory | [`dir`](Capabilities::dir) | `io.open` finds no file |
/// | modules for `require` | [`modules`](Capabilities::modules) | only `package.preload` and granted directories are searched |
/// | a program | [`command`](Capabilities::command) | `io.popen` and `os.execute` start none |
/// | a variable | [`env`](Capabilities::env) | `os.getenv` returns nil |
/// | clocks and randomness | always there | [`deterministic`](Capabilities::deterministic) replaces them |
///
/// Time zones are not granted: local time is UTC.
///
/// ```
/// use luago::{Access, Capabilities};
///
/// let capabilities = Capabilities::default()
///     .dir("/srv/data", "data", Access::ReadOnly)
///     .env("STAGE", "test")
///     .deterministic(42);
/// # let _ = capabilities;
/// ```
#[derive(Debug, Clone, Default)]
pub struct Capabilities {
    pub(crate) dirs: Vec<DirGrant>,
    pub(crate) env: Vec<(OsString, OsString)>,
    pub(crate) modules: Option<PathBuf>,
    pub(crate) deterministic: Option<u64>,
    pub(crate) commands: Grants,
}

#[derive(Debug, Clone)]
pub(crate) struct DirGrant {
    pub host: PathBuf,
    pub guest: OsString,
    pub access: Access,
}

impl Capabilities {
    /// Grants a directory of the host under a name in the guest, whose current
    /// directory is the root. The directory is opened once, when the sandbox is
    /// built; no path and no symbolic link leads out of it.
    ///
    /// FIFOs and devices in it can be read and written. To open one to read never waits; to
    /// read, and to open a FIFO to write, waits for whoever is at the other end, until the
    /// deadline or an interrupt. All of the sandbox waits, and in a future the executor's
    /// thread with it.
    pub fn dir(
        mut self,
        host: impl Into<PathBuf>,
        guest: impl Into<OsString>,
        access: Access,
    ) -> Capabilities {
        self.dirs.push(DirGrant { host: host.into(), guest: guest.into(), access });
        self
    }

    /// Grants a variable of the environment.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Capabilities {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Lets `require`, `loadfile` and `dofile` read the `.lua` files in a
    /// directory of the host, which the guest sees as `./`. Nothing else in it
    /// can be read, and nothing written.
    pub fn modules(mut self, host: impl Into<PathBuf>) -> Capabilities {
        self.modules = Some(host.into());
        self
    }

    /// Lets the script start a program of the host with `io.popen` and `os.execute`, which call
    /// it by this name or by its path. The path has to be absolute.
    ///
    /// There is no shell. The text of a command is split into words as a shell does, and
    /// whatever else a shell would do with it is refused, but for `2>&1` and redirections to
    /// `/dev/null`.
    ///
    /// **A command is not sandboxed**: it can do all that the process may do. It has the
    /// variables that were granted and no others, and is in a group of processes of its own,
    /// which is killed when the command is over, when the sandbox is stopped or dropped, and
    /// before anything in it can outlive the sandbox, unless that has left the group.
    ///
    /// While the script reads from a command, writes to it or waits for its end, all of the
    /// sandbox waits, and in a future the executor's thread with it; the deadline and
    /// interrupts end that. What a command writes to the streams of the sandbox counts as
    /// [output](crate::Limits::output); its time and memory count as nobody's.
    ///
    /// ```
    /// use luago::{Capabilities, Engine, OutputBuffer, Sandbox, Script};
    ///
    /// let output = OutputBuffer::new();
    /// let mut sandbox = Sandbox::builder(&Engine::new()?)
    ///     .capabilities(Capabilities::default().command("echo", "/bin/echo"))
    ///     .stdout(output.clone())
    ///     .build()?;
    /// sandbox.run(&Script::new("hello", "print(io.popen('echo hello'):read('*a'))"))?;
    /// assert_eq!(output.take(), b"hello\n\n");
    /// # Ok::<(), luago::Error>(())
    /// ```
    pub fn command(mut self, name: impl Into<String>, program: impl Into<PathBuf>) -> Capabilities {
        self.commands.programs.push(Program { name: name.into(), path: program.into() });
        self
    }

    /// The directory in which commands start; `/` by default. The path has to be absolute.
    pub fn commands_dir(mut self, dir: impl Into<PathBuf>) -> Capabilities {
        self.commands.dir = Some(dir.into());
        self
    }

    /// Whether commands have the standard input of the process, unless the script writes to
    /// them; by default it is empty. It is not that of the sandbox, from which more may have
    /// been read than the script has asked for.
    pub fn commands_inherit_stdin(mut self, inherit: bool) -> Capabilities {
        self.commands.inherits_stdin = inherit;
        self
    }

    /// Replaces clocks and randomness, so that two runs do the same on any
    /// machine: time starts at 2000-01-01 00:00:00 UTC and passes with the fuel
    /// used, a nanosecond a unit; random numbers follow from the seed. The script
    /// runs metered.
    pub fn deterministic(mut self, seed: u64) -> Capabilities {
        self.deterministic = Some(seed);
        self
    }

    pub(crate) fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        for grant in &self.dirs {
            if grant.guest.is_empty() || has(&grant.guest, b"\0") {
                mistakes.push(format!(
                    "the directory {} needs a name in the guest",
                    grant.host.display()
                ));
            }
        }
        for (name, value) in &self.env {
            if name.is_empty() || has(name, b"=\0") || has(value, b"\0") {
                mistakes.push(format!("{name:?} cannot be the name of a variable"));
            }
        }
        mistakes.extend(self.commands.mistakes());
        if self.deterministic.is_some() && !self.commands.programs.is_empty() {
            mistakes.push(
                "a command depends on the machine and cannot be part of a deterministic run"
                    .to_string(),
            );
        }
        mistakes
    }

    /// Where temporary files go: a writable directory named like the host's own
    /// place for them, or the first writable one.
    pub(crate) fn temp_dir(&self) -> Option<&OsStr> {
        let writable = || self.dirs.iter().filter(|grant| grant.access == Access::ReadWrite);
        writable()
            .find(|grant| {
                let name = grant.guest.as_encoded_bytes();
                name.iter().skip_while(|byte| **byte == b'/').eq(b"tmp")
            })
            .or_else(|| writable().next())
            .map(|grant| grant.guest.as_os_str())
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&[u8]> {
        let last = self.env.iter().rev().find(|(key, _)| key == name);
        last.map(|(_, value)| value.as_encoded_bytes())
    }
}

/// Is one of these bytes in a name?
fn has(name: &OsStr, bytes: &[u8]) -> bool {
    name.as_encoded_bytes().iter().any(|byte| bytes.contains(byte))
}
