//! A command is the first process of a group. When it is over, or has to be, all of the group is
//! killed.
//!
//! A group that is killed by its number must not have been replaced by another one. The number
//! stays its own until its first process has been waited for, so that is done last, under a lock.

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Whether a command can be ended with all that it has started.
pub const HAS_GROUPS: bool = true;

/// The groups whose first process has not been waited for.
static GROUPS: Mutex<Groups> = Mutex::new(Groups { alive: BTreeSet::new(), is_ending: false });

struct Groups {
    alive: BTreeSet<u32>,
    /// Whether the process is about to end.
    is_ending: bool,
}

/// A running command. Dropping it kills it with its children.
pub struct Group {
    /// `None` only while it is dropped.
    child: Option<Child>,
}

/// Kills every command that sandboxes of this process have started, with its children, and
/// those that would be started from now on. It is for a process that ends at once, as with
/// [`std::process::exit`], and drops no sandboxes; where they are dropped, their commands are
/// killed anyway.
pub fn kill_commands() {
    let mut groups = groups();
    groups.is_ending = true;
    groups.alive.iter().for_each(|leader| kill(*leader));
}

fn groups() -> MutexGuard<'static, Groups> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pid(leader: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(leader).ok()?)
}

/// Kills all of a group, whose first process must not have been waited for.
fn kill(leader: u32) {
    if let Some(pid) = pid(leader) {
        // There may be nobody left, or nobody who may be killed.
        let _ = kill_process_group(pid, Signal::KILL);
    }
}

impl Group {
    pub fn start(command: &mut Command) -> io::Result<Group> {
        let child = command.process_group(0).spawn()?;
        let mut groups = groups();
        groups.alive.insert(child.id());
        if groups.is_ending {
            kill(child.id());
        }
        Ok(Group { child: Some(child) })
    }

    /// The number of its first process.
    #[cfg(test)]
    pub fn leader(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
    }

    /// Whether the command itself has ended.
    pub fn is_over(&self) -> io::Result<bool> {
        let Some(pid) = self.child.as_ref().and_then(|child| pid(child.id())) else {
            return Ok(true);
        };
        // Its number is still needed.
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match waitid(WaitId::Pid(pid), options) {
            Ok(status) => Ok(status.is_some()),
            Err(rustix::io::Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Ends what is left of a group whose command is over; the status of that, as `wait` has it.
    pub fn finish(mut self) -> io::Result<i32> {
        let Some(mut child) = self.child.take() else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let mut groups = groups();
        kill(child.id());
        let status = child.wait();
        groups.alive.remove(&child.id());
        Ok(status?.into_raw())
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        end_all(self.child.take().into_iter().collect());
    }
}

/// Has a program be called by another name than its path.
pub fn set_name(command: &mut Command, name: &OsStr) {
    command.arg0(name);
}

/// The end of a pipe that the host has, which the other end knows nothing of.
pub fn read_without_blocking(end: PipeReader) -> io::Result<File> {
    without_blocking(end.into())
}

/// As above, to write.
pub fn write_without_blocking(end: PipeWriter) -> io::Result<File> {
    without_blocking(end.into())
}

fn without_blocking(end: OwnedFd) -> io::Result<File> {
    fcntl_setfl(&end, fcntl_getfl(&end)? | OFlags::NONBLOCK)?;
    Ok(end.into())
}

/// Kills groups, all of them before any is waited for.
pub fn kill_all(groups: impl Iterator<Item = Group>) {
    end_all(groups.filter_map(|mut group| group.child.take()).collect());
}

fn end_all(mut children: Vec<Child>) {
    /// What processes that were killed may take to end, before others wait for them.
    const PATIENCE: Duration = Duration::from_millis(10);
    const STEP: Duration = Duration::from_micros(100);
    children.iter().for_each(|child| kill(child.id()));
    let start = Instant::now();
    loop {
        children.retain_mut(|child| !reap(child));
        if children.is_empty() {
            return;
        }
        if start.elapsed() >= PATIENCE {
            break;
        }
        std::thread::sleep(STEP);
    }
    // They are in the middle of something that the system does not interrupt.
    let wait = move || {
        while !children.is_empty() {
            children.retain_mut(|child| !reap(child));
            std::thread::sleep(PATIENCE);
        }
    };
    let _ = std::thread::Builder::new().name("luago-reaper".to_string()).spawn(wait);
}

/// Waits for a process that was killed, if it has ended.
fn reap(child: &mut Child) -> bool {
    let mut groups = groups();
    let is_over = !matches!(child.try_wait(), Ok(None));
    if is_over {
        groups.alive.remove(&child.id());
    }
    is_over
}
