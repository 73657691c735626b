//! What a sandbox may reach outside itself.

use crate::host::commands::{Grants, Program};
use crate::host::wasi::Mounts;
use crate::host::wasi::guest_path::GuestPath;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

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
/// | a directory | [`dir`](Capabilities::dir) | `io.open` finds no file but `/dev/null` |
/// | where a script starts | [`working_dir`](Capabilities::working_dir) | the root |
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
    pub(crate) working_dir: Option<OsString>,
    pub(crate) env: Vec<(OsString, OsString)>,
    pub(crate) modules: Option<PathBuf>,
    pub(crate) module_names: Vec<OsString>,
    pub(crate) deterministic: Option<u64>,
    pub(crate) commands: Grants,
}

#[derive(Debug, Clone)]
pub(crate) struct DirGrant {
    pub host: PathBuf,
    pub guest: OsString,
    pub access: Access,
}

impl DirGrant {
    /// Its name in a guest that starts in a directory.
    pub fn place(&self, start: &GuestPath) -> GuestPath {
        GuestPath::of(self.guest.as_encoded_bytes(), start)
    }
}

impl Capabilities {
    /// Grants a directory of the host under a name in the guest: an absolute path, or one below
    /// the [working directory](Capabilities::working_dir). The directory is opened once, when the
    /// sandbox is built; no path and no symbolic link leads out of what is granted. Where one
    /// granted directory is in another, the innermost decides what may be done. Two of one name
    /// are an error.
    ///
    /// The guest sees what is granted in one tree, as the system's own: folders above it can be
    /// listed and have nothing else in them, and a symbolic link can lead from one granted
    /// directory to another.
    ///
    /// FIFOs and devices in it can be read and written. To open one to read never waits; to
    /// read, and to open a FIFO to write, waits for whoever is at the other end, until the
    /// deadline or an interrupt. All of the sandbox waits, and in a future the executor's
    /// thread with it.
    ///
    /// On macOS and Windows, where a file has several names, a directory cannot be granted
    /// read-only inside of a writable one; nor can a folder with `/dev` in it on macOS. On Windows
    /// names are Unicode without what Windows has a meaning for, as `:` and `\`, only files and
    /// directories can be opened, and no symbolic links are made.
    pub fn dir(
        mut self,
        host: impl Into<PathBuf>,
        guest: impl AsRef<OsStr>,
        access: Access,
    ) -> Capabilities {
        let guest = guest.as_ref().to_owned();
        self.dirs.push(DirGrant { host: host.into(), guest, access });
        self
    }

    /// The directory in which a script starts: one that is granted, or in or above one. The root
    /// by default.
    ///
    /// ```
    /// use luago::{Access, Capabilities, Engine, Sandbox, Script};
    ///
    /// let folder = tempfile::tempdir()?;
    /// std::fs::write(folder.path().join("stage.txt"), "test")?;
    /// let engine = Engine::new()?;
    /// let capabilities = Capabilities::default()
    ///     .dir(folder.path(), "/srv/app/data", Access::ReadOnly)
    ///     .working_dir("/srv/app");
    /// let mut sandbox = Sandbox::builder(&engine).capabilities(capabilities).build()?;
    /// let read = Script::new("read", "return io.open('data/stage.txt'):read('*a')");
    /// let read = sandbox.load(&read)?;
    /// assert_eq!(sandbox.call::<String>(&read, ())?, "test");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn working_dir(mut self, guest: impl AsRef<OsStr>) -> Capabilities {
        self.working_dir = Some(guest.as_ref().to_owned());
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
    /// `/dev/null`. Where a program was granted as `sh`, texts that need a shell are given to it,
    /// and so are those that start a program which was not granted by itself.
    ///
    /// **A command is not sandboxed**: it can do all that the process may do. It has the
    /// variables that were granted and no others, and is in a group of processes of its own,
    /// which is killed when the command is over, at `os.exit`, when the sandbox is stopped or
    /// dropped, and before anything in it can outlive the sandbox, unless that has left the
    /// group. [`Sandbox::close`](crate::Sandbox::close) runs finalizers, and that of a file of
    /// `io.popen` waits for its command, as natively.
    ///
    /// On Windows, where what a command has started could not be ended with it, granting one is an
    /// error of [`SandboxBuilder::build`](crate::SandboxBuilder::build).
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

    /// Another name of that directory: an absolute path, or one below the working directory. Can
    /// be given more than once.
    pub fn modules_named(mut self, guest: impl AsRef<OsStr>) -> Capabilities {
        self.module_names.push(guest.as_ref().to_owned());
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
            if grant.guest.is_empty() || grant.guest.as_encoded_bytes().contains(&0) {
                mistakes.push(format!(
                    "the directory {} needs a name in the guest",
                    grant.host.display()
                ));
            }
        }
        let working_dir = self.start();
        let places: Vec<GuestPath> = self.dirs.iter().map(|dir| dir.place(&working_dir)).collect();
        for (index, place) in places.iter().enumerate() {
            if let Some(first) = places[..index].iter().position(|other| other == place) {
                mistakes.push(format!(
                    "the directories {} and {} have one name in the guest, {}; give one of them \
                     another",
                    self.dirs[first].host.display(),
                    self.dirs[index].host.display(),
                    String::from_utf8_lossy(place.shown()),
                ));
            }
        }
        let is_there = |place: &GuestPath| {
            working_dir.below(place.bytes()).is_some() || place.below(working_dir.bytes()).is_some()
        };
        if working_dir != GuestPath::default() && !places.iter().any(is_there) {
            mistakes.push(format!(
                "the working directory {} is neither in a granted directory nor above one",
                String::from_utf8_lossy(working_dir.shown()),
            ));
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
    pub(crate) fn temp_dir(&self) -> Option<GuestPath> {
        let start = self.start();
        let writable = self.dirs.iter().filter(|grant| grant.access == Access::ReadWrite);
        let mut places = writable.map(|grant| grant.place(&start));
        let first = places.next()?;
        let is_tmp = |place: &GuestPath| place.bytes().ends_with(b"/tmp");
        Some(if is_tmp(&first) { first } else { places.find(is_tmp).unwrap_or(first) })
    }

    /// Where the guest starts.
    pub(crate) fn start(&self) -> GuestPath {
        let name = self.working_dir.as_deref().map_or(&b"/"[..], OsStr::as_encoded_bytes);
        GuestPath::of(name, &GuestPath::default())
    }

    /// Opens what is granted. An error comes with the directory that it is about.
    pub(crate) fn mounts(&self) -> Result<Mounts, (&Path, io::Error)> {
        let (mut mounts, start) = (Mounts::default(), self.start());
        for grant in &self.dirs {
            mounts
                .grant(&grant.host, &grant.place(&start), grant.access == Access::ReadWrite)
                .map_err(|error| (grant.host.as_path(), error))?;
        }
        Ok(mounts)
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&[u8]> {
        let last = self.env.iter().rev().find(|(key, _)| key == name);
        last.map(|(_, value)| value.as_encoded_bytes())
    }
}

/// Whether one of these bytes is in a name.
fn has(name: &OsStr, bytes: &[u8]) -> bool {
    name.as_encoded_bytes().iter().any(|byte| bytes.contains(byte))
}
