//! Events as lines of JSON.

use luago::BridgeEvent;
use std::io::{self, BufWriter, Write};

/// Writes each event as one line of JSON.
///
/// After an error nothing more is written: a trace with a hole would be read as a whole one.
pub struct TraceWriter<W: Write> {
    to: BufWriter<W>,
    error: Option<io::Error>,
}

impl<W: Write> TraceWriter<W> {
    pub fn new(to: W) -> TraceWriter<W> {
        TraceWriter { to: BufWriter::with_capacity(64 << 10, to), error: None }
    }

    /// Takes the next event; an error is kept for [`finish`](TraceWriter::finish).
    pub fn feed(&mut self, event: &BridgeEvent) {
        if self.error.is_some() {
            return;
        }
        let written = serde_json::to_writer(&mut self.to, event)
            .map_err(io::Error::from)
            .and_then(|()| self.to.write_all(b"\n"));
        self.error = written.err();
    }

    /// Writes what is still in the buffer, and gives the place, or the first error that there
    /// was. A
    /// writer that is dropped without this writes the buffer too, but cannot say so.
    pub fn finish(mut self) -> io::Result<W> {
        match self.error.take() {
            Some(error) => Err(error),
            None => self.to.into_inner().map_err(io::IntoInnerError::into_error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use std::sync::{Arc, Mutex};

    /// Takes so many bytes, then fails; what it took can be seen.
    #[derive(Clone, Debug)]
    struct Disk {
        room: usize,
        bytes: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut written = self.bytes.lock().unwrap();
            let count = bytes.len().min(self.room - written.len());
            if count == 0 {
                return Err(io::Error::new(io::ErrorKind::StorageFull, "the disk is full"));
            }
            written.extend_from_slice(&bytes[..count]);
            Ok(count)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn disk(room: usize) -> Disk {
        Disk { room, bytes: Arc::default() }
    }

    #[test]
    fn each_event_is_a_line() {
        let disk = disk(usize::MAX);
        let mut writer = TraceWriter::new(disk.clone());
        let events = sample::run(50);
        events.iter().for_each(|event| writer.feed(event));
        writer.finish().unwrap();
        let text = String::from_utf8(disk.bytes.lock().unwrap().clone()).unwrap();
        assert!(text.ends_with("}\n"));
        assert_eq!(text.lines().count(), events.len());
        assert!(text.starts_with(r#"{"seq":1,"time":0.0,"task":1,"#), "{text}");
    }

    #[test]
    fn a_writer_that_is_dropped_has_written_everything() {
        let disk = disk(usize::MAX);
        let events = sample::run(3);
        let mut writer = TraceWriter::new(disk.clone());
        events.iter().for_each(|event| writer.feed(event));
        drop(writer);
        let lines = disk.bytes.lock().unwrap().iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(lines, events.len());
    }

    #[test]
    fn the_first_error_is_told_at_the_end() {
        let disk = disk(100_000);
        let mut writer = TraceWriter::new(disk.clone());
        let events = sample::run(500);
        events.iter().for_each(|event| writer.feed(event));
        assert_eq!(writer.finish().unwrap_err().to_string(), "the disk is full");
        assert_eq!(disk.bytes.lock().unwrap().len(), 100_000);
    }
}
