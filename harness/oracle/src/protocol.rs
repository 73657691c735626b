//! What the harness and its oracle say to each other over pipes: numbers of eight
//! bytes, little-endian, and counted bytes.

use std::io::{self, Read, Write};

/// A script to run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The name of the file, for messages and `arg[0]`.
    pub name: Vec<u8>,
    /// What is in it.
    pub code: Vec<u8>,
    /// The arguments.
    pub args: Vec<Vec<u8>>,
    /// Standard input.
    pub stdin: Vec<u8>,
    /// The current directory; empty for that of the oracle.
    pub folder: Vec<u8>,
    /// Milliseconds until it is ended.
    pub time: u64,
    /// Bytes of memory that Lua may have; 0 for Lua's own allocator, uncounted.
    pub memory: u64,
    /// Bytes that may be written to each of standard output and error.
    pub output: u64,
    /// How many times to run it, each in a new state.
    pub rounds: u64,
}

/// How the script ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The process exited with a code.
    Exit(i32),
    /// A signal ended it.
    Signal(i32),
    /// The time was over.
    Time,
    /// Memory ran out, and the script did not catch the error.
    Memory,
    /// Too much was written.
    Output,
}

/// What was seen of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// How the script ended.
    pub end: End,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
    /// Nanoseconds of each round that ended, from a new state to its close.
    pub walls: Vec<u64>,
    /// Nanoseconds of everything, however it ended.
    pub total: u64,
    /// The most bytes that Lua had at once, if they were counted.
    pub peak_memory: u64,
}

/// More than any script or output that is allowed.
const MAX_BYTES: u64 = 1 << 30;

impl Request {
    /// Sends it.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        put_bytes(to, &self.name)?;
        put_bytes(to, &self.code)?;
        put_number(to, self.args.len() as u64)?;
        for arg in &self.args {
            put_bytes(to, arg)?;
        }
        put_bytes(to, &self.stdin)?;
        put_bytes(to, &self.folder)?;
        for number in [self.time, self.memory, self.output, self.rounds] {
            put_number(to, number)?;
        }
        to.flush()
    }

    /// Receives one; `None` at the end of the conversation.
    pub fn read(from: &mut impl Read) -> io::Result<Option<Request>> {
        let name = match bytes(from) {
            Ok(name) => name,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(Request {
            name,
            code: bytes(from)?,
            args: (0..count(from)?).map(|_| bytes(from)).collect::<io::Result<_>>()?,
            stdin: bytes(from)?,
            folder: bytes(from)?,
            time: number(from)?,
            memory: number(from)?,
            output: number(from)?,
            rounds: number(from)?,
        }))
    }
}

impl Response {
    /// Sends it.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let (kind, code) = match self.end {
            End::Exit(code) => (0, code),
            End::Signal(signal) => (1, signal),
            End::Time => (2, 0),
            End::Memory => (3, 0),
            End::Output => (4, 0),
        };
        put_number(to, kind)?;
        put_number(to, code as u64)?;
        put_bytes(to, &self.stdout)?;
        put_bytes(to, &self.stderr)?;
        put_number(to, self.walls.len() as u64)?;
        for wall in &self.walls {
            put_number(to, *wall)?;
        }
        put_number(to, self.total)?;
        put_number(to, self.peak_memory)?;
        to.flush()
    }

    /// Receives one.
    pub fn read(from: &mut impl Read) -> io::Result<Response> {
        let kind = number(from)?;
        let code = number(from)? as i32;
        let end = match kind {
            0 => End::Exit(code),
            1 => End::Signal(code),
            2 => End::Time,
            3 => End::Memory,
            4 => End::Output,
            _ => return Err(invalid("an end that does not exist")),
        };
        Ok(Response {
            end,
            stdout: bytes(from)?,
            stderr: bytes(from)?,
            walls: (0..count(from)?).map(|_| number(from)).collect::<io::Result<_>>()?,
            total: number(from)?,
            peak_memory: number(from)?,
        })
    }
}

fn put_number(to: &mut impl Write, number: u64) -> io::Result<()> {
    to.write_all(&number.to_le_bytes())
}

fn put_bytes(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    put_number(to, bytes.len() as u64)?;
    to.write_all(bytes)
}

fn number(from: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    from.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

fn count(from: &mut impl Read) -> io::Result<u64> {
    match number(from)? {
        count if count <= MAX_BYTES => Ok(count),
        _ => Err(invalid("a count that cannot be")),
    }
}

fn bytes(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let count = count(from)?;
    let mut bytes = Vec::new();
    from.take(count).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == count { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the other side speaks of {what}"))
}
