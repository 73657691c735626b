//! Runs `luago-run` as a user does.

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The binary under test.
pub const LUAGO_RUN: &str = env!("CARGO_BIN_EXE_luago-run");

/// No run in these tests takes longer, unless luago does not end it.
const PATIENCE: Duration = Duration::from_secs(120);

/// A folder that lasts as long as the target directory.
pub fn lasting_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The exit code; of a signal, 1000 and its number.
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Standard output of a run that ended well and said nothing else.
    #[track_caller]
    pub fn out(&self) -> &str {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{self:#?}");
        &self.stdout
    }

    /// Asserts the exit code, and gives standard error.
    #[track_caller]
    pub fn failed(&self, code: i32) -> &str {
        assert_eq!(self.code, code, "{self:#?}");
        &self.stderr
    }
}

/// A command line of `luago-run`.
pub struct Cli {
    command: Command,
    stdin: Vec<u8>,
    patience: Duration,
}

/// A command line of `luago-run` with a shared cache and no settings of the caller.
pub fn luago() -> Cli {
    program(LUAGO_RUN)
}

/// `luago-run` for one version of Lua.
pub fn lua(version: &str) -> Cli {
    luago().args(["--lua", version])
}

/// Any program, run as `luago-run` is.
pub fn program(path: impl AsRef<OsStr>) -> Cli {
    let mut command = Command::new(path);
    let home = lasting_folder("home");
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", &home)
        .env("XDG_CACHE_HOME", home.join("cache"));
    Cli { command, stdin: Vec::new(), patience: PATIENCE }
}

impl Cli {
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Cli {
        self.command.arg(arg);
        self
    }

    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Cli {
        self.command.args(args);
        self
    }

    /// `-e CODE`
    pub fn exec(self, code: &str) -> Cli {
        self.args(["-e", code])
    }

    /// `--dir HOST:GUEST:ACCESS`
    pub fn dir(self, host: &Path, rest: &str) -> Cli {
        let mut grant = OsString::from(host);
        grant.push(rest);
        self.arg("--dir").arg(grant)
    }

    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Cli {
        self.stdin = bytes.into();
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Cli {
        self.command.env(name, value);
        self
    }

    pub fn in_folder(mut self, folder: &Path) -> Cli {
        self.command.current_dir(folder);
        self
    }

    /// Fails the test if the run takes longer.
    pub fn within(mut self, patience: Duration) -> Cli {
        self.patience = patience;
        self
    }

    /// Runs to the end.
    #[track_caller]
    pub fn run(self) -> Ran {
        let mut started = self.start();
        started.close_stdin();
        started.wait()
    }

    /// Starts, with standard input kept open.
    pub fn start(mut self) -> Started {
        let start = Instant::now();
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let bytes = std::mem::take(&mut self.stdin);
        let feeder = std::thread::spawn(move || {
            let _ = stdin.write_all(&bytes); // the program need not read it
            stdin
        });
        Started {
            stdout: Some(reader(child.stdout.take().unwrap())),
            stderr: Some(reader(child.stderr.take().unwrap())),
            child,
            feeder: Some(feeder),
            start,
            patience: self.patience,
        }
    }

    /// The bare command, for tests that need its pipes.
    pub fn into_command(self) -> Command {
        self.command
    }
}

fn reader(mut from: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        bytes
    })
}

/// A run that has not ended yet.
pub struct Started {
    child: Child,
    stdout: Option<JoinHandle<Vec<u8>>>,
    stderr: Option<JoinHandle<Vec<u8>>>,
    feeder: Option<JoinHandle<std::process::ChildStdin>>,
    start: Instant,
    patience: Duration,
}

impl Started {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Lets standard input end when all of it has been written.
    pub fn close_stdin(&mut self) {
        if let Some(feeder) = self.feeder.take() {
            std::thread::spawn(move || drop(feeder.join()));
        }
    }

    /// Bytes of the largest resident set so far, as Linux counts it.
    pub fn peak_resident(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
        Some(kib << 10)
    }

    /// Processor time so far, in hundredths of a second, as Linux counts it.
    pub fn ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id())).unwrap_or_default();
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum()
    }

    /// Has it ended?
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    #[track_caller]
    pub fn wait(&mut self) -> Ran {
        let mut nap = Duration::from_micros(500);
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if self.start.elapsed() > self.patience {
                let _ = self.child.kill();
                let _ = self.child.wait();
                let stderr = self.stderr.take().unwrap().join().unwrap();
                panic!(
                    "still running after {:?}; stderr: {}",
                    self.patience,
                    String::from_utf8_lossy(&stderr)
                );
            }
            std::thread::sleep(nap);
            nap = (nap * 2).min(Duration::from_millis(5));
        };
        use std::os::unix::process::ExitStatusExt;
        let code = status.code().unwrap_or_else(|| 1000 + status.signal().unwrap_or_default());
        let text = |bytes: Vec<u8>| bytes.iter().map(|&byte| char::from(byte)).collect::<String>();
        let utf8 = |bytes: Vec<u8>| match String::from_utf8(bytes) {
            Ok(utf8) => utf8,
            Err(error) => text(error.into_bytes()),
        };
        Ran {
            code,
            stdout: utf8(self.stdout.take().unwrap().join().unwrap()),
            stderr: utf8(self.stderr.take().unwrap().join().unwrap()),
        }
    }
}

/// A script in a folder of its own.
pub struct ScriptFile {
    pub folder: tempfile::TempDir,
    pub path: PathBuf,
}

/// Writes a script to a new folder.
pub fn script(code: &str) -> ScriptFile {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.lua");
    std::fs::write(&path, code).unwrap();
    ScriptFile { folder, path }
}
