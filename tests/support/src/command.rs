//! Runs `luago-run` as a user does.

use crate::folders::{built, home};
use crate::processes;
use crate::wait_until;
use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// No run in these tests takes longer, unless luago does not end it.
const PATIENCE: Duration = Duration::from_secs(120);

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The exit code; of a signal, 1000 and its number.
    pub code: i32,
    /// All of standard output.
    pub stdout: String,
    /// All of standard error.
    pub stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ran { code: code(output.status), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// The exit code; of a signal, 1000 and its number.
fn code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 1000 + signal;
    }
    status.code().unwrap_or(1000)
}

impl Ran {
    /// Standard output of a run that ended well and said nothing else.
    #[track_caller]
    pub fn out(&self) -> &str {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{self:#?}");
        &self.stdout
    }

    /// Asserts the exit code, and that standard error says this among other things.
    #[track_caller]
    pub fn refused(&self, code: i32, message: &str) {
        assert_eq!(self.code, code, "{self:#?}");
        assert!(self.stderr.contains(message), "{self:#?}");
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

/// The path of the program `luago-run`.
pub fn luago_run() -> &'static str {
    static PATH: LazyLock<String> =
        LazyLock::new(|| built("luago-run").into_os_string().into_string().unwrap());
    &PATH
}

/// A command line of `luago-run` with a shared cache and no settings of the caller.
pub fn luago() -> Cli {
    program(luago_run())
}

/// `luago-run` for one version of Lua.
pub fn lua(version: &str) -> Cli {
    luago().args(["--lua", version])
}

/// Any program, run as `luago-run` is.
pub fn program(path: impl AsRef<OsStr>) -> Cli {
    let mut command = Command::new(path);
    let home = home();
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", &home)
        .env("XDG_CACHE_HOME", home.join("cache"));
    Cli { command, stdin: Vec::new(), patience: PATIENCE }
}

impl Cli {
    /// Adds an argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Cli {
        self.command.arg(arg);
        self
    }

    /// Adds arguments.
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

    /// Gives it this as standard input.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Cli {
        self.stdin = bytes.into();
        self
    }

    /// Sets a variable.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Cli {
        self.command.env(name, value);
        self
    }

    /// Runs it in this folder.
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
            stdout: Some(Written::by(child.stdout.take().unwrap())),
            stderr: Some(Written::by(child.stderr.take().unwrap())),
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

/// What a program has written to a stream so far, and the thread that reads it.
struct Written {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Written {
    fn by(mut from: impl Read + Send + 'static) -> Written {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let shared = bytes.clone();
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 1 << 16];
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                shared.lock().unwrap().extend_from_slice(&buffer[..count]);
            }
        });
        Written { bytes, reader }
    }

    /// As text, of which every byte is a character where it is not UTF-8.
    fn into_text(self) -> String {
        self.reader.join().unwrap();
        let bytes = std::mem::take(&mut *self.bytes.lock().unwrap());
        String::from_utf8(bytes)
            .unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect())
    }
}

/// A run that has not ended yet.
pub struct Started {
    child: Child,
    stdout: Option<Written>,
    stderr: Option<Written>,
    feeder: Option<JoinHandle<std::process::ChildStdin>>,
    start: Instant,
    patience: Duration,
}

impl Started {
    /// The number of its process.
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
        processes::memory(&self.id().to_string(), "VmHWM:")
    }

    /// Waits until the program has written this to standard output.
    #[track_caller]
    pub fn wait_for_output(&self, text: &str) {
        let bytes = &self.stdout.as_ref().unwrap().bytes;
        wait_until(&format!("it writes {text:?}"), || {
            String::from_utf8_lossy(&bytes.lock().unwrap()).contains(text)
        });
    }

    /// Waits until it has ended.
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
                let stderr = self.stderr.take().unwrap().into_text();
                panic!("still running after {:?}; stderr: {stderr}", self.patience);
            }
            std::thread::sleep(nap);
            nap = (nap * 2).min(Duration::from_millis(5));
        };
        Ran {
            code: code(status),
            stdout: self.stdout.take().unwrap().into_text(),
            stderr: self.stderr.take().unwrap().into_text(),
        }
    }
}

/// A script in a folder of its own.
pub struct ScriptFile {
    /// The folder, which is removed with this.
    pub folder: tempfile::TempDir,
    /// The script.
    pub path: PathBuf,
}

/// Writes a script to a new folder.
pub fn script(code: &str) -> ScriptFile {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script.lua");
    std::fs::write(&path, code).unwrap();
    ScriptFile { folder, path }
}
