//! Standard streams.

use crate::host::interrupt::{Control, Halt};
use crate::host::wasi::errno::Errno;
use crate::outcome::Stop;
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Output kept in memory. Clones share one buffer.
///
/// ```
/// use luago::OutputBuffer;
/// use std::io::Write;
///
/// let buffer = OutputBuffer::new();
/// buffer.clone().write_all(b"text")?;
/// assert_eq!(buffer.take(), b"text");
/// assert_eq!(buffer.contents(), b"");
/// # std::io::Result::Ok(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct OutputBuffer(Arc<Mutex<Vec<u8>>>);

impl OutputBuffer {
    /// An empty buffer.
    pub fn new() -> OutputBuffer {
        OutputBuffer::default()
    }

    /// A copy of what has been written.
    pub fn contents(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What has been written; the buffer is empty afterwards.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for OutputBuffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Where output goes.
pub(crate) enum Sink {
    Writer(Box<dyn Write + Send>),
    /// A regular file, in which the guest can seek.
    File(File),
}

impl Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Sink::Writer(writer) => writer.write_all(bytes).and_then(|()| writer.flush()),
            Sink::File(file) => file.write_all(bytes),
        }
    }
}

/// Where a sandbox writes, and how much it has written.
pub(crate) struct Output {
    pub stdout: Option<Sink>,
    pub stderr: Option<Sink>,
    pub limit: Option<u64>,
    pub written: u64,
}

impl Output {
    /// Writes for the guest; the answer is the bytes written or an error number.
    pub fn write(&mut self, fd: i32, bytes: &[u8]) -> Result<Result<usize, Errno>, Halt> {
        let allowed = match self.limit {
            Some(limit) => limit.saturating_sub(self.written).min(bytes.len() as u64) as usize,
            None => bytes.len(),
        };
        let sink = match fd {
            1 => &mut self.stdout,
            2 => &mut self.stderr,
            _ => return Ok(Err(Errno::BADF)),
        };
        if let Some(sink) = sink {
            match sink.write(&bytes[..allowed]) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                    return Err(Halt::OutputClosed);
                }
                Err(error) => return Ok(Err(Errno::of(&error))),
            }
        }
        self.written += allowed as u64;
        match self.limit {
            Some(limit) if allowed < bytes.len() => Err(Halt::Stop(Stop::Output { limit })),
            _ => Ok(Ok(bytes.len())),
        }
    }

    /// Goes to another place of a stream; the place from its start.
    pub fn seek(&mut self, fd: i32, to: SeekFrom) -> Result<u64, Errno> {
        let sink = match fd {
            1 => &mut self.stdout,
            2 => &mut self.stderr,
            _ => return Err(Errno::BADF),
        };
        match sink {
            Some(Sink::File(file)) => file.seek(to).map_err(|error| Errno::of(&error)),
            _ => Err(Errno::SPIPE),
        }
    }
}

/// Where a sandbox reads. A thread reads ahead, so that a deadline can pass while
/// nothing comes.
pub(crate) struct Input {
    source: Option<Box<dyn Read + Send>>,
    /// A regular file, which never keeps anybody waiting and in which the guest can seek.
    file: Option<File>,
    worker: Option<Worker>,
    ready: Vec<u8>,
    taken: usize,
}

struct Worker {
    ask: SyncSender<()>,
    answers: Receiver<std::io::Result<Vec<u8>>>,
}

const READ_SIZE: usize = 64 << 10;
/// How often a waiting read looks at the deadline.
const PATIENCE: Duration = Duration::from_millis(10);

impl Input {
    pub fn new(source: Option<Box<dyn Read + Send>>) -> Input {
        Input { source, file: None, worker: None, ready: Vec::new(), taken: 0 }
    }

    /// Input that is there already, and needs no thread.
    pub fn bytes(bytes: Vec<u8>) -> Input {
        Input { source: None, file: None, worker: None, ready: bytes, taken: 0 }
    }

    /// A regular file, from where it stands.
    pub fn file(file: File) -> Input {
        Input { file: Some(file), ..Input::new(None) }
    }

    /// Goes to another place; the place from the start.
    pub fn seek(&mut self, to: SeekFrom) -> Result<u64, Errno> {
        match &mut self.file {
            Some(file) => file.seek(to).map_err(|error| Errno::of(&error)),
            None => Err(Errno::SPIPE),
        }
    }

    /// Reads for the guest; no bytes mean the end.
    pub fn read(
        &mut self,
        into: &mut [u8],
        control: &Control,
    ) -> Result<Result<usize, Errno>, Halt> {
        if let Some(file) = &mut self.file {
            let most = into.len().min(READ_SIZE);
            return Ok(file.read(&mut into[..most]).map_err(|error| Errno::of(&error)));
        }
        if self.taken == self.ready.len() {
            match self.fill(control)? {
                Ok(()) => {}
                Err(errno) => return Ok(Err(errno)),
            }
        }
        let rest = &self.ready[self.taken..];
        let n = rest.len().min(into.len());
        into[..n].copy_from_slice(&rest[..n]);
        self.taken += n;
        Ok(Ok(n))
    }

    fn fill(&mut self, control: &Control) -> Result<Result<(), Errno>, Halt> {
        if self.worker.is_none() {
            let Some(source) = self.source.take() else {
                return Ok(Ok(())); // no input was given: it is at its end
            };
            match start_worker(source) {
                Ok(worker) => self.worker = Some(worker),
                Err(error) => return Ok(Err(Errno::of(&error))),
            }
        }
        let Some(worker) = &self.worker else {
            return Ok(Ok(()));
        };
        self.taken = 0;
        self.ready.clear();
        if worker.ask.send(()).is_err() {
            return Ok(Ok(()));
        }
        loop {
            match worker.answers.recv_timeout(PATIENCE) {
                Ok(Ok(bytes)) => {
                    self.ready = bytes;
                    return Ok(Ok(()));
                }
                Ok(Err(error)) => return Ok(Err(Errno::of(&error))),
                Err(RecvTimeoutError::Disconnected) => return Ok(Ok(())),
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(stop) = control.reason() {
                        return Err(Halt::Stop(stop));
                    }
                }
            }
        }
    }
}

fn start_worker(mut source: Box<dyn Read + Send>) -> std::io::Result<Worker> {
    let (ask, asked) = sync_channel::<()>(1);
    let (answer, answers) = sync_channel(1);
    std::thread::Builder::new().name("luago-stdin".to_string()).spawn(move || {
        while asked.recv().is_ok() {
            let mut bytes = vec![0; READ_SIZE];
            let result = loop {
                match source.read(&mut bytes) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    other => break other,
                }
            };
            let result = result.map(|n| {
                bytes.truncate(n);
                bytes
            });
            if answer.send(result).is_err() {
                break;
            }
        }
    })?;
    Ok(Worker { ask, answers })
}
