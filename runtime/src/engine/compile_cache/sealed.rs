//! What was read from a file, where nobody can change it any more.

use crate::platform::sealed;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// A copy of a file's contents: what is checked and what runs are the same bytes, whatever
/// becomes of the file.
pub(super) enum Sealed {
    /// A file that has no name and that the kernel lets nobody write. It can be mapped, and
    /// takes time only for the pages that are used.
    File(File),
    /// Bytes of this process, where the system has no such files.
    Bytes(Vec<u8>),
}

impl Sealed {
    /// Copies so many bytes of a file; fewer are an error.
    pub fn copy(source: &mut File, len: u64) -> io::Result<Sealed> {
        let start = source.stream_position()?;
        match sealed::copy(source, len) {
            Ok(file) => Ok(Sealed::File(file)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(error),
            Err(_) => {
                source.seek(SeekFrom::Start(start))?;
                let mut bytes = Vec::new();
                let room = usize::try_from(len).map_err(|_| io::ErrorKind::OutOfMemory)?;
                bytes.try_reserve_exact(room).map_err(|_| io::ErrorKind::OutOfMemory)?;
                source.take(len).read_to_end(&mut bytes)?;
                if bytes.len() as u64 != len {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                Ok(Sealed::Bytes(bytes))
            }
        }
    }

    /// Its bytes, from the first one.
    pub fn reader(&mut self) -> io::Result<Box<dyn Read + '_>> {
        match self {
            Sealed::File(file) => {
                file.rewind()?;
                Ok(Box::new(file))
            }
            Sealed::Bytes(bytes) => Ok(Box::new(&bytes[..])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn file(contents: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(contents).unwrap();
        file.rewind().unwrap();
        file
    }

    fn contents(sealed: &mut Sealed) -> Vec<u8> {
        let mut contents = Vec::new();
        sealed.reader().unwrap().read_to_end(&mut contents).unwrap();
        contents
    }

    #[test]
    fn a_copy_has_the_bytes_of_the_file_and_keeps_them_when_the_file_is_changed() {
        let mut source = file(b"0123456789rest");
        let mut sealed = Sealed::copy(&mut source, 10).unwrap();
        let mut rest = String::new();
        source.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "rest");
        source.set_len(0).unwrap();
        assert_eq!(contents(&mut sealed), b"0123456789");
        assert_eq!(contents(&mut sealed), b"0123456789");
    }

    #[test]
    fn a_file_that_became_shorter_is_not_copied() {
        let error = Sealed::copy(&mut file(b"012"), 10).err().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn nobody_can_write_a_copy() {
        let Sealed::File(copy) = Sealed::copy(&mut file(b"0123"), 4).unwrap() else {
            panic!("this system has files that can be sealed")
        };
        assert!((&copy).write_all(b"x").is_err());
        assert!(copy.set_len(0).is_err());
        assert!(copy.set_len(8).is_err());
    }
}
