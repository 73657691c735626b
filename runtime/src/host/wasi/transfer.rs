//! Reads and writes files.

use super::Call;
use super::WasiState;
use super::errno::Answer;
use super::errno::Errno;
use super::stream;
use super::table::{Descriptor, Mode};
use crate::memory::bytes::{GuestBytes, GuestBytesMut};
use crate::platform::{errno, file};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;

/// How many buffers a guest can name in one call, as on Linux.
pub(crate) const MOST_BUFFERS: u32 = 1024;

/// What is read or written before the guest is looked at again, in bytes.
pub(crate) const PIECE: u32 = 1 << 20;

/// What is copied at a time where a segment is mapped.
const COPIED: u32 = 64 << 10;

/// Bytes of a guest: the address and the length.
type Buffer = (u32, u32);

/// Of the buffers in a list, the first with anything in it. To read or write fewer bytes than
/// could be is always right.
fn first_buffer(memory: &GuestBytes<'_>, list: u32, count: u32) -> Answer<Buffer> {
    if count > MOST_BUFFERS {
        return Err(Errno::INVAL.into());
    }
    for index in 0..count {
        let buffer = buffer(memory, list, index).ok_or(Errno::FAULT)?;
        if buffer.1 > 0 {
            return Ok(buffer);
        }
    }
    Ok((0, 0))
}

/// One of the buffers in a list.
pub(crate) fn buffer(memory: &GuestBytes<'_>, list: u32, index: u32) -> Option<Buffer> {
    let at = list.checked_add(index.checked_mul(8)?)?;
    Some((memory.u32_at(at)?, memory.u32_at(at.checked_add(4)?)?))
}

pub(crate) fn fd_read<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    parts: u32,
    count: u32,
    size: u32,
) -> Answer {
    let buffer = call.writable_buffer(parts, count, size)?;
    let read = match call.state.files().descriptor(fd)? {
        Descriptor::Null(Mode { reads: false, .. }) => return Err(Errno::BADF.into()),
        Descriptor::Input | Descriptor::Null(_) => 0,
        Descriptor::Regular(regular) => {
            let (file, position) = (Arc::clone(&regular.file), regular.position);
            let read = call.read_at(&file, buffer, position)?;
            call.advance(fd, read)?;
            read
        }
        Descriptor::Stream(stream) => {
            let file = Arc::clone(&stream.file);
            let (at, len) = (buffer.0, buffer.1.min(COPIED));
            stream::read(&mut call, &file, |call| {
                read_into(&mut call.memory, at, len, |into| (&*file).read(into))
            })?
        }
        Descriptor::Directory(_) => return Err(Errno::ISDIR.into()),
        Descriptor::Sink => return Err(Errno::BADF.into()),
    };
    call.put(size, &read.to_le_bytes())
}

pub(super) fn fd_pread<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    parts: u32,
    count: u32,
    offset: u64,
    size: u32,
) -> Answer {
    let buffer = call.writable_buffer(parts, count, size)?;
    let file = call.positioned(fd)?;
    let read = call.read_at(&file, buffer, offset)?;
    call.put(size, &read.to_le_bytes())
}

pub(crate) fn fd_write<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    parts: u32,
    count: u32,
    size: u32,
) -> Answer {
    call.check(size, 4)?;
    let buffer = first_buffer(call.memory.bytes(), parts, count)?;
    let written = match call.state.files().descriptor(fd)? {
        Descriptor::Null(Mode { writes: false, .. }) => return Err(Errno::BADF.into()),
        Descriptor::Sink | Descriptor::Null(_) => buffer.1,
        Descriptor::Regular(regular) => {
            let (file, position) = (Arc::clone(&regular.file), regular.position);
            if regular.mode.appends {
                let written = call.append(&file, buffer)?;
                let end = file.metadata()?.len();
                call.state.files().regular(fd)?.position = end;
                written
            } else {
                let written = call.write_at(&file, buffer, position)?;
                call.advance(fd, written)?;
                written
            }
        }
        Descriptor::Stream(stream) => {
            let file = Arc::clone(&stream.file);
            let (at, len) = (buffer.0, buffer.1.min(COPIED));
            stream::write(&mut call, &file, |call| {
                write_from(call.memory.bytes(), at, len, |bytes| (&*file).write(bytes))
            })?
        }
        Descriptor::Directory(_) | Descriptor::Input => return Err(Errno::BADF.into()),
    };
    call.put(size, &written.to_le_bytes())
}

pub(super) fn fd_pwrite<S: WasiState>(
    mut call: Call<'_, S>,
    fd: u32,
    parts: u32,
    count: u32,
    offset: u64,
    size: u32,
) -> Answer {
    call.check(size, 4)?;
    let buffer = first_buffer(call.memory.bytes(), parts, count)?;
    let file = call.positioned(fd)?;
    // As on Linux, the offset does not matter where everything is appended.
    let written = if call.state.files().regular(fd)?.mode.appends {
        call.append(&file, buffer)?
    } else {
        call.write_at(&file, buffer, offset)?
    };
    call.put(size, &written.to_le_bytes())
}

impl<S: WasiState> Call<'_, S> {
    /// A buffer that can be read into, and a place for how much that was.
    fn writable_buffer(&mut self, parts: u32, count: u32, size: u32) -> Answer<Buffer> {
        self.check(size, 4)?;
        let (at, len) = first_buffer(self.memory.bytes(), parts, count)?;
        self.check(at, len)?;
        Ok((at, len))
    }

    /// A file that can be read and written anywhere.
    fn positioned(&mut self, fd: u32) -> Answer<Arc<File>> {
        match self.state.files().descriptor(fd)? {
            Descriptor::Regular(regular) => Ok(Arc::clone(&regular.file)),
            Descriptor::Directory(_) => Err(Errno::BADF.into()),
            _ => Err(Errno::SPIPE.into()),
        }
    }

    /// Moves a file's position on.
    fn advance(&mut self, fd: u32, bytes: u32) -> Answer {
        let regular = self.state.files().regular(fd)?;
        regular.position = regular.position.checked_add(bytes.into()).ok_or(Errno::OVERFLOW)?;
        Ok(())
    }

    fn read_at(&mut self, file: &File, buffer: Buffer, position: u64) -> Answer<u32> {
        self.in_pieces(buffer, |call, at, len, done| {
            let position = position.saturating_add(done.into());
            read_into(&mut call.memory, at, len, |into| file::read_at(file, into, position))
        })
    }

    fn write_at(&mut self, file: &File, buffer: Buffer, position: u64) -> Answer<u32> {
        self.in_pieces(buffer, |call, at, len, done| {
            let position = position.saturating_add(done.into());
            write_from(call.memory.bytes(), at, len, |bytes| file::write_at(file, bytes, position))
        })
    }

    fn append(&mut self, file: &File, buffer: Buffer) -> Answer<u32> {
        self.in_pieces(buffer, |call, at, len, _| {
            write_from(call.memory.bytes(), at, len, |bytes| file::append(file, bytes))
        })
    }

    /// Does something with all of a buffer, as far as that goes: `run` is given the address and
    /// length of a piece, and how much has been done before.
    fn in_pieces(
        &mut self,
        (at, len): Buffer,
        mut run: impl FnMut(&mut Self, u32, u32, u32) -> io::Result<u32>,
    ) -> Answer<u32> {
        let mut done = 0;
        loop {
            // It is all in the memory, or the first piece will not be.
            let piece = (len - done).min(PIECE);
            match run(self, at.wrapping_add(done), piece, done) {
                Ok(part) => {
                    done += part;
                    if part < piece || done == len {
                        return Ok(done);
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) if done > 0 => return Ok(done),
                Err(error) => return Err(error.into()),
            }
            self.state.look()?;
        }
    }
}

/// Reads into a guest's memory; how much it was.
fn read_into(
    memory: &mut GuestBytesMut<'_>,
    at: u32,
    len: u32,
    read: impl FnOnce(&mut [u8]) -> io::Result<usize>,
) -> io::Result<u32> {
    if let Some(into) = memory.get_mut(at, len) {
        return Ok(read(into)? as u32);
    }
    let mut copy = vec![0; len.min(COPIED) as usize];
    let part = read(&mut copy)?;
    memory.write(at, &copy[..part]).ok_or_else(errno::fault)?;
    Ok(part as u32)
}

/// Writes from a guest's memory; how much it was.
fn write_from(
    memory: &GuestBytes<'_>,
    at: u32,
    len: u32,
    write: impl FnOnce(&[u8]) -> io::Result<usize>,
) -> io::Result<u32> {
    if let Some(bytes) = memory.get(at, len) {
        return Ok(write(bytes)? as u32);
    }
    let copy = memory.read(at, len.min(COPIED)).ok_or_else(errno::fault)?;
    Ok(write(&copy)? as u32)
}
