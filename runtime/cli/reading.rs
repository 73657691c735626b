//! Files and streams, as far as there is memory for them.

use std::fmt;
use std::io::{BufRead, Error, Read, Result};

/// There is more than may be read.
#[derive(Debug)]
pub struct TooLarge {
    pub most: u64,
    /// What allows more.
    pub remedy: &'static str,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = bytesize::ByteSize(self.most).display().iec();
        write!(f, "it has more than {most}{}", self.remedy)
    }
}

impl std::error::Error for TooLarge {}

/// All bytes of what is to be read, or nothing if there are more than that.
pub fn at_most(most: u64, from: impl Read) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

/// A line without its end, or the rest of the stream; nothing at its end. The error is also
/// that it has more bytes than that.
pub fn line(most: u64, from: impl BufRead) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(most.saturating_add(1)).read_until(b'\n', &mut bytes)?;
    if bytes.len() as u64 > most {
        let most = bytesize::ByteSize(most).display().iec();
        return Err(Error::other(format!("a line has more than {most}")));
    }
    if bytes.is_empty() {
        return Ok(None);
    }
    let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    Ok(Some(line.strip_suffix(b"\r").unwrap_or(line).to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_too_many_bytes_is_not_read() {
        assert_eq!(at_most(3, &b"abc"[..]).unwrap(), Some(b"abc".to_vec()));
        assert_eq!(at_most(3, &b"abcd"[..]).unwrap(), None);
        assert_eq!(at_most(3, std::io::repeat(0)).unwrap(), None);
    }

    #[test]
    fn lines_end_with_the_stream_or_where_there_are_too_many_bytes() {
        let mut stream = &b"one\n\n\xff\r\ntwo"[..];
        let lines: Vec<_> = std::iter::from_fn(|| line(4, &mut stream).unwrap()).collect();
        assert_eq!(lines, [&b"one"[..], b"", b"\xff", b"two"]);
        let error = line(4, &b"12345"[..]).unwrap_err();
        assert_eq!(error.to_string(), "a line has more than 4 B");
    }
}
