//! Standard streams.

use crate::outcome::Stop;
use crate::stopping::{Control, Halt};
use crate::wasi::errno::Errno;
use std::io::{ErrorKind, Read, Write};
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

/// Where a sandbox writes, and how much it has written.
pub(crate) struct Output {
    pub stdout: Option<Box<dyn Write + Send>>,
    pub stderr: Option<Box<dyn Write + Send>>,
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
            match sink.write_all(&bytes[..allowed]).and_then(|()| sink.flush()) {
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
}

/// Where a sandbox reads. A thread reads ahead, so that a deadline can pass while
/// nothing comes.
pub(crate) struct Input {
    source: Option<Box<dyn Read + Send>>,
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
        Input { source, worker: None, ready: Vec::new(), taken: 0 }
    }

    /// Input that is there already, and needs no thread.
    pub fn bytes(bytes: Vec<u8>) -> Input {
        Input { source: None, worker: None, ready: bytes, taken: 0 }
    }

    /// Reads for the guest; no bytes mean the end.
    pub fn read(
        &mut self,
        into: &mut [u8],
        control: &Control,
    ) -> Result<Result<usize, Errno>, Halt> {
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
