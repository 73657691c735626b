//! The streams of a script's process, carried until it ends.

use libc::{c_int, pid_t};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

/// Milliseconds between two looks at whether the process is still there. It matters only
/// where a process that the script started keeps its pipes.
const PATIENCE: c_int = 20;

/// Our ends of the pipes.
pub struct Pipes<'a> {
    /// Standard input, until all of it is written.
    pub stdin: Option<File>,
    /// What is still to be written to it.
    pub input: &'a [u8],
    /// Standard output and error, until they end.
    pub outputs: [Option<File>; 2],
    /// What came from them.
    pub bytes: [Vec<u8>; 2],
    /// How much may come from each.
    pub limit: u64,
}

impl Pipes<'_> {
    /// Writes and reads until the process has ended. Gives its status, what it wrote, and
    /// whether it was killed for writing too much.
    pub fn carry(mut self, child: pid_t) -> io::Result<(ExitStatus, [Vec<u8>; 2], bool)> {
        for file in self.outputs.iter().chain([&self.stdin]).flatten() {
            set_nonblocking(file.as_raw_fd())?;
        }
        let (mut status, mut too_much) = (None, false);
        while status.is_none() && self.outputs.iter().any(Option::is_some) {
            if self.wait()? == 0 {
                status = wait_for(child, libc::WNOHANG)?;
            }
            self.write();
            self.read();
            if !too_much && self.bytes.iter().any(|bytes| bytes.len() as u64 > self.limit) {
                too_much = true;
                // SAFETY: the process is a child of this one that was not waited for yet.
                unsafe { libc::kill(child, libc::SIGKILL) };
            }
        }
        self.read();
        let status = match status {
            Some(status) => status,
            None => wait_for(child, 0)?.ok_or(ErrorKind::NotFound)?,
        };
        Ok((status, self.bytes, too_much))
    }

    /// Waits until something can be done; how many pipes are ready.
    fn wait(&self) -> io::Result<c_int> {
        let entry = |file: &Option<File>, events| libc::pollfd {
            fd: file.as_ref().map_or(-1, AsRawFd::as_raw_fd),
            events,
            revents: 0,
        };
        let mut polled = [
            entry(&self.stdin, libc::POLLOUT),
            entry(&self.outputs[0], libc::POLLIN),
            entry(&self.outputs[1], libc::POLLIN),
        ];
        // SAFETY: the array has as many entries as are said.
        let ready = unsafe { libc::poll(polled.as_mut_ptr(), 3, PATIENCE) };
        match io::Error::last_os_error() {
            error if ready < 0 && error.kind() != ErrorKind::Interrupted => Err(error),
            _ => Ok(ready.max(0)),
        }
    }

    fn write(&mut self) {
        while let Some(stdin) = &mut self.stdin {
            match stdin.write(self.input) {
                Ok(count) if count < self.input.len() => self.input = &self.input[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // All is written, or nobody reads it.
                _ => self.stdin = None,
            }
        }
    }

    fn read(&mut self) {
        for (output, bytes) in self.outputs.iter_mut().zip(&mut self.bytes) {
            while let Some(file) = output {
                let mut block = [0; 64 << 10];
                match file.read(&mut block) {
                    Ok(count) if count > 0 => {
                        // Beyond the limit it is known to be too much.
                        let room = (self.limit as usize + 1).saturating_sub(bytes.len());
                        bytes.extend_from_slice(&block[..count.min(room)]);
                        if room <= count {
                            break;
                        }
                    }
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    _ => *output = None,
                }
            }
        }
    }
}

fn set_nonblocking(descriptor: RawFd) -> io::Result<()> {
    // SAFETY: the descriptor is open.
    match unsafe { libc::fcntl(descriptor, libc::F_SETFL, libc::O_NONBLOCK) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

fn wait_for(child: pid_t, options: c_int) -> io::Result<Option<ExitStatus>> {
    loop {
        let mut status: c_int = 0;
        // SAFETY: `status` is where the status goes.
        match unsafe { libc::waitpid(child, &raw mut status, options) } {
            0 => return Ok(None),
            -1 => {
                let error = io::Error::last_os_error();
                if error.kind() != ErrorKind::Interrupted {
                    return Err(error);
                }
            }
            _ => return Ok(Some(ExitStatus::from_raw(status))),
        }
    }
}
