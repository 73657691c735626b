//! Waiting until something can be read or written, for a moment.

use std::fs::File;
use std::io;
use std::time::Duration;

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Something can be read, or the end has come.
    Readable,
    /// Something can be written.
    Writable,
}

/// What has come.
#[cfg_attr(not(unix), expect(dead_code, reason = "nobody waits for files"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// Nothing yet.
    NotYet,
    /// What was waited for.
    Now,
    /// Nobody reads what would be written. Where the host has not seen to it that the system's
    /// signal for that is ignored, to write would be its end.
    Closed,
}

/// Waits for a file for so long at most.
#[cfg(unix)]
pub fn wait(file: &File, event: Event, most: Duration) -> io::Result<Ready> {
    use rustix::event::{PollFd, PollFlags, poll};
    let flags = match event {
        Event::Readable => PollFlags::IN,
        Event::Writable => PollFlags::OUT,
    };
    let mut polled = [PollFd::new(file, flags)];
    match poll(&mut polled, Some(&timespec(most))) {
        Ok(0) | Err(rustix::io::Errno::INTR) => return Ok(Ready::NotYet),
        Ok(_) => {}
        Err(error) => return Err(error.into()),
    }
    let is_closed = event == Event::Writable && polled[0].revents().contains(PollFlags::ERR);
    Ok(if is_closed { Ready::Closed } else { Ready::Now })
}

/// Waits until one of several files can be read, for so long at most.
#[cfg(unix)]
pub fn wait_for_any<'a>(files: impl Iterator<Item = &'a File>, most: Duration) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    let mut polled: Vec<_> = files.map(|file| PollFd::new(file, PollFlags::IN)).collect();
    match poll(&mut polled, Some(&timespec(most))) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(unix)]
fn timespec(time: Duration) -> rustix::event::Timespec {
    let tv_sec = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    rustix::event::Timespec { tv_sec, tv_nsec: time.subsec_nanos().into() }
}

/// What could keep somebody waiting is not opened.
#[cfg(not(unix))]
pub fn wait(_: &File, _: Event, _: Duration) -> io::Result<Ready> {
    Err(super::unsupported("nobody waits for files"))
}

/// There are no commands whose output could be waited for.
#[cfg(not(unix))]
pub fn wait_for_any<'a>(_: impl Iterator<Item = &'a File>, _: Duration) -> io::Result<()> {
    Err(super::unsupported("nobody waits for files"))
}
