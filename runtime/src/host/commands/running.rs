//! Commands that a sandbox has started, and what they write to its streams.

use super::Grants;
use super::words::{Line, MOST_WORDS, Sink};
use crate::host::interrupt::{Control, Halt};
use crate::host::stdio::Output;
use crate::host::wasi::errno::{Errno, Failure};
use crate::host::wasi::{FileShare, Files};
use crate::ledger::{Ledger, Reservation};
use crate::platform::process::{
    Group, kill_all, read_without_blocking, set_name, write_without_blocking,
};
use crate::platform::{names, poll};
use crate::value::truncate::cut;
use bstr::BStr;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, PipeReader, PipeWriter, Read, pipe};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// How many commands of a sandbox can be open at once.
const MOST: usize = 64;

/// The longest text of a command, in bytes.
const LONGEST: u32 = 128 << 10;

/// What the host keeps for a command, in bytes.
const KEPT: u64 = 1024;

/// What is read of a command's output at a time, in bytes.
const PIECE: usize = 16 << 10;

/// How many pieces are read before the guest is looked at.
const PIECES: usize = 16;

/// How long the host waits before it looks at the guest and at a command without output.
const STEP: Duration = Duration::from_millis(2);

/// What belongs to a sandbox that was granted commands.
pub(crate) struct Commands {
    grants: Grants,
    variables: Vec<(OsString, OsString)>,
    ledger: Arc<Ledger>,
    /// By the descriptor that the guest has for each.
    open: BTreeMap<u32, Running>,
    /// Why the last one was not started, if the error number does not say it.
    refusal: String,
}

/// A command, and what it writes to the streams of the sandbox.
struct Running {
    group: Group,
    outputs: Vec<Captured>,
    _held: Reservation,
}

/// An output of a command that goes to a stream of the sandbox.
struct Captured {
    pipe: File,
    /// The stream.
    to: i32,
    _share: FileShare,
}

/// How the file of a command is used by the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Read,
    Write,
}

/// What it takes to wait for a command.
pub(crate) struct Sandboxed<'a> {
    pub output: &'a mut Output,
    pub control: &'a Control,
    pub files: &'a mut Files,
}

type Answer<T> = Result<T, Failure>;

impl Commands {
    pub fn new(
        grants: Grants,
        variables: Vec<(OsString, OsString)>,
        ledger: Arc<Ledger>,
    ) -> Commands {
        Commands { grants, variables, ledger, open: BTreeMap::new(), refusal: String::new() }
    }

    /// Before a text of so many bytes is looked at; false if it is too long.
    pub fn begin(&mut self, len: u32) -> bool {
        self.refusal.clear();
        len <= LONGEST
    }

    /// Why the last command was not started, where there is more to say than an error number.
    pub fn refusal(&self) -> &str {
        &self.refusal
    }

    /// Starts a command whose output or input the guest has as a file; its descriptor.
    pub fn start(&mut self, text: &[u8], usage: Use, sandboxed: Sandboxed<'_>) -> Answer<u32> {
        let files = sandboxed.files;
        let share = files.share()?;
        let (ours, theirs) = match usage {
            Use::Read => {
                let (reader, writer) = pipe()?;
                (read_without_blocking(reader)?, End::Output(writer))
            }
            Use::Write => {
                let (reader, writer) = pipe()?;
                (write_without_blocking(writer)?, End::Input(reader))
            }
        };
        let running = self.spawn(text, Some(theirs), files)?;
        let fd = files.open_pipe(ours, usage == Use::Write, share);
        self.open.insert(fd, running);
        Ok(fd)
    }

    /// Runs a command to its end; its status, as `wait` has it.
    pub fn run(&mut self, text: &[u8], mut sandboxed: Sandboxed<'_>) -> Answer<i32> {
        let running = self.spawn(text, None, sandboxed.files)?;
        self.wait(running, &mut sandboxed)
    }

    /// Waits for the end of a command whose file the guest has closed; its status. With `kill`
    /// it is ended.
    pub fn close(&mut self, fd: u32, kill: bool, mut sandboxed: Sandboxed<'_>) -> Answer<i32> {
        // A copy of a sandbox has none of its commands.
        let running = self.open.remove(&fd).ok_or(Errno::CHILD)?;
        if kill {
            return Ok(0);
        }
        self.wait(running, &mut sandboxed)
    }

    /// Kills all commands.
    pub fn kill(&mut self) {
        kill_all(std::mem::take(&mut self.open).into_values().map(|running| running.group));
    }

    /// Takes over what commands have written.
    pub fn pump(&mut self, output: &mut Output) -> Result<(), Halt> {
        self.open.values_mut().try_for_each(|running| running.pump(output))
    }

    fn wait(&mut self, mut running: Running, sandboxed: &mut Sandboxed<'_>) -> Answer<i32> {
        let mut pause = Duration::from_micros(50);
        while !running.group.is_over()? {
            if let Some(stop) = sandboxed.control.reason() {
                return Err(Failure::End(Halt::Stop(stop).into()));
            }
            self.pump(sandboxed.output).map_err(|halt| Failure::End(halt.into()))?;
            running.pump(sandboxed.output).map_err(|halt| Failure::End(halt.into()))?;
            if running.outputs.is_empty() {
                std::thread::sleep(pause);
                pause = (pause * 2).min(STEP);
            } else {
                running.wait_for_output()?;
            }
        }
        let Running { group, outputs, _held } = running;
        let status = group.finish()?;
        // What they wrote last is in the pipes.
        for mut captured in outputs {
            captured.pump(sandboxed.output).map_err(|halt| Failure::End(halt.into()))?;
        }
        Ok(status)
    }

    /// Starts a command, one end of which may be the guest's.
    fn spawn(&mut self, text: &[u8], guests: Option<End>, files: &Files) -> Answer<Running> {
        // The words, and the copies of them that the system is given.
        let words = (text.len() / 2 + 1).min(MOST_WORDS) as u64;
        let _text = self.take(text.len() as u64 * 3 + words * 160)?;
        let held = self.take(KEPT)?;
        let line = match self.grants.line(text) {
            Ok(line) => line,
            Err(refused) => {
                self.refusal = refused.to_string();
                return Err(Errno::NOTSUP.into());
            }
        };
        let Some((mut command, name)) = self.command(&line) else {
            let name = cut(BStr::new(line.words.first().map_or(&[][..], |word| word)), 200);
            let names = cut(BStr::new(&self.grants.names()), 400);
            self.refusal =
                format!("the command '{name}' was not granted to this sandbox, which has {names}");
            return Err(Errno::ACCES.into());
        };
        if self.open.len() >= MOST {
            self.refusal = format!("{MOST} commands are open already; close some");
            return Err(Errno::AGAIN.into());
        }
        set_name(&mut command, &name);
        let inherits = self.grants.inherits_stdin && !line.has_no_input;
        let mut outputs = Vec::new();
        let (input, mut out) = match guests {
            Some(End::Input(reader)) => (Some(reader), None),
            Some(End::Output(writer)) => (None, Some(writer)),
            None => (None, None),
        };
        command.stdin(match input {
            Some(reader) if !line.has_no_input => reader.into(),
            None if inherits => Stdio::inherit(),
            _ => Stdio::null(),
        });
        let uses = |sink| line.stdout == sink || line.stderr == sink;
        if uses(Sink::Out) && out.is_none() {
            out = Some(capture(1, files, &mut outputs)?);
        }
        let err = match uses(Sink::Err) {
            true => Some(capture(2, files, &mut outputs)?),
            false => None,
        };
        let end = |sink| -> io::Result<Stdio> {
            Ok(match (sink, &out, &err) {
                (Sink::Out, Some(writer), _) | (Sink::Err, _, Some(writer)) => {
                    writer.try_clone()?.into()
                }
                _ => Stdio::null(),
            })
        };
        command.stdout(end(line.stdout)?).stderr(end(line.stderr)?);
        let group = Group::start(&mut command)?;
        Ok(Running { group, outputs, _held: held })
    }

    fn take(&self, bytes: u64) -> Answer<Reservation> {
        self.ledger.reserve(bytes).map_err(|_| Errno::NOMEM.into())
    }

    /// A command with its arguments and surroundings, and what it is called; `None` if it was
    /// not granted.
    fn command<'a>(&self, line: &'a Line) -> Option<(Command, Cow<'a, OsStr>)> {
        let (name, arguments) = line.words.split_first()?;
        let mut command = Command::new(&self.grants.find(name)?.path);
        command.args(arguments.iter().map(|argument| names::text(argument)));
        command.env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.grants.dir.as_deref().unwrap_or("/".as_ref()));
        Some((command, names::text(name)))
    }
}

impl Drop for Commands {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The end of a pipe that a command is given.
enum End {
    Input(PipeReader),
    Output(PipeWriter),
}

/// An end to write to a stream of the sandbox.
fn capture(to: i32, files: &Files, outputs: &mut Vec<Captured>) -> Answer<PipeWriter> {
    let share = files.share()?;
    let (reader, writer) = pipe()?;
    outputs.push(Captured { pipe: read_without_blocking(reader)?, to, _share: share });
    Ok(writer)
}

impl Running {
    /// Takes over what is there. Of outputs that have come to their end, nothing is kept.
    fn pump(&mut self, output: &mut Output) -> Result<(), Halt> {
        let mut index = 0;
        while let Some(captured) = self.outputs.get_mut(index) {
            if captured.pump(output)? {
                index += 1;
            } else {
                self.outputs.swap_remove(index);
            }
        }
        Ok(())
    }

    /// Waits for a moment, or until there is output.
    fn wait_for_output(&self) -> io::Result<()> {
        poll::wait_for_any(self.outputs.iter().map(|captured| &captured.pipe), STEP)
    }
}

impl Captured {
    /// Writes what there is to the stream; false if nothing more can come or be written.
    fn pump(&mut self, output: &mut Output) -> Result<bool, Halt> {
        let mut piece = [0; PIECE];
        for _ in 0..PIECES {
            let read = match self.pipe.read(&mut piece) {
                Ok(0) => return Ok(false),
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return Ok(false),
            };
            // Where the sandbox's stream fails, so does the command's.
            if output.write(self.to, &piece[..read])?.is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
