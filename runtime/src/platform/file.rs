//! What is done to open files.

use cap_std::fs::Dir;
use std::fs::File;
use std::io::{self, Write};
use std::time::Duration;

/// What a reader is going to do with a part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Nothing special.
    Normal,
    /// To read it from front to back.
    Sequential,
    /// To read it here and there.
    Random,
    /// To read it soon.
    WillNeed,
    /// Not to read it soon.
    DontNeed,
    /// To read it once.
    NoReuse,
}

/// Reads at a place of a file.
pub fn read_at(file: &File, into: &mut [u8], position: u64) -> io::Result<usize> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_at(file, into, position);
    #[cfg(windows)]
    return match std::os::windows::fs::FileExt::seek_read(file, into, position) {
        // Nothing is there.
        Err(error) if error.raw_os_error() == Some(END_OF_FILE) => Ok(0),
        other => other,
    };
}

#[cfg(windows)]
const END_OF_FILE: i32 = 38;

/// Writes at a place of a file.
pub fn write_at(file: &File, bytes: &[u8], position: u64) -> io::Result<usize> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::write_at(file, bytes, position);
    #[cfg(windows)]
    return std::os::windows::fs::FileExt::seek_write(file, bytes, position);
}

/// Writes at the end of a file that [`set_appends`] was called for, or that was opened so.
pub fn append(mut file: &File, bytes: &[u8]) -> io::Result<usize> {
    // The system finds the end only where it was told to.
    #[cfg(not(unix))]
    io::Seek::seek(&mut file, io::SeekFrom::End(0))?;
    file.write(bytes)
}

/// Has the system write at the end of a file, or not any more.
#[cfg(unix)]
pub fn set_appends(file: &File, appends: bool) -> io::Result<()> {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    let mut flags = fcntl_getfl(file)?;
    flags.set(OFlags::APPEND, appends);
    Ok(fcntl_setfl(file, flags)?)
}

/// [`append`] goes to the end by itself.
#[cfg(not(unix))]
pub fn set_appends(_: &File, _: bool) -> io::Result<()> {
    Ok(())
}

/// Tells the system what is going to be done with a part of a file.
#[cfg(target_os = "linux")]
pub fn advise(file: &File, offset: u64, len: u64, advice: Advice) -> io::Result<()> {
    use rustix::fs::{Advice as System, fadvise};
    let advice = match advice {
        Advice::Normal => System::Normal,
        Advice::Sequential => System::Sequential,
        Advice::Random => System::Random,
        Advice::WillNeed => System::WillNeed,
        Advice::DontNeed => System::DontNeed,
        Advice::NoReuse => System::NoReuse,
    };
    Ok(fadvise(file, offset, std::num::NonZeroU64::new(len), advice)?)
}

/// It takes no advice, which changes nothing but speed.
#[cfg(not(target_os = "linux"))]
pub fn advise(_: &File, _: u64, _: u64, _: Advice) -> io::Result<()> {
    Ok(())
}

/// When a file was last read and changed, each since 1970; `None` leaves one as it is.
pub type Times = [Option<Duration>; 2];

/// Sets the times of a file.
pub fn set_times(file: &File, times: Times) -> io::Result<()> {
    #[cfg(unix)]
    return set(file, times);
    #[cfg(not(unix))]
    return set_of(file, times);
}

/// Sets the times of a directory.
pub fn set_times_of_directory(dir: &Dir, times: Times) -> io::Result<()> {
    #[cfg(unix)]
    return set(dir, times);
    #[cfg(not(unix))]
    return set_of(&dir.try_clone()?.into_std_file(), times);
}

#[cfg(unix)]
fn set(file: impl std::os::fd::AsFd, times: Times) -> io::Result<()> {
    use rustix::fs::{Timespec, Timestamps, UTIME_OMIT, futimens};
    let [last_access, last_modification] = times.map(|time| match time {
        // A number of nanoseconds of 64 bits is less than 600 years.
        Some(time) => Timespec {
            tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: time.subsec_nanos().into(),
        },
        None => Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
    });
    Ok(futimens(file, &Timestamps { last_access, last_modification })?)
}

#[cfg(not(unix))]
fn set_of(file: &File, [accessed, modified]: Times) -> io::Result<()> {
    let mut times = std::fs::FileTimes::new();
    if let Some(time) = accessed {
        times = times.set_accessed(std::time::UNIX_EPOCH + time);
    }
    if let Some(time) = modified {
        times = times.set_modified(std::time::UNIX_EPOCH + time);
    }
    file.set_times(times)
}
