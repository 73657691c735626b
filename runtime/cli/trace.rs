//! `--trace` and `--trace-html`: what the tasks of a run did, as lines and as a page.

mod page;
#[cfg(test)]
mod sample;
mod writer;

use crate::destination::{Destination, Replacing};
use anyhow::{Context, Result};
use luago::BridgeEvent;
use page::PageWriter;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use writer::TraceWriter;

/// Where the events of a run go. Clones are one and the same, so that the thread that ends
/// the process after a deadline can finish it too.
#[derive(Clone)]
pub struct Trace {
    state: Arc<Mutex<State>>,
}

struct State {
    lines: Option<(PathBuf, TraceWriter<Destination>)>,
    page: Option<(PathBuf, PageWriter<Destination>)>,
}

impl Trace {
    /// Opens the files at once, so that a path that cannot be written is found before the
    /// script runs. Lines can be followed while they come, a page is there when it is complete.
    /// Without a path nothing is traced.
    pub fn create(lines: Option<&Path>, page: Option<&Path>) -> Result<Option<Trace>> {
        if lines.is_none() && page.is_none() {
            return Ok(None);
        }
        let open = |path: &Path, replacing, flag: &str| {
            let file = Destination::open(path, replacing).with_context(|| {
                format!("cannot write the trace to {}; give {flag} another file", path.display())
            })?;
            Ok::<_, anyhow::Error>((path.to_path_buf(), file))
        };
        let lines = lines.map(|path| open(path, Replacing::Growing, "--trace")).transpose()?;
        let page = page.map(|path| open(path, Replacing::Whole, "--trace-html")).transpose()?;
        let lines = lines.map(|(path, file)| (path, TraceWriter::new(file)));
        let page = page.map(|(path, file)| (path, PageWriter::new(file)));
        let state = State { lines, page };
        Ok(Some(Trace { state: Arc::new(Mutex::new(state)) }))
    }

    /// Takes the next event. What goes wrong is said by [`finish`](Trace::finish): a full
    /// disk is no reason to end the script.
    pub fn feed(&self, event: &BridgeEvent) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, lines)) = &mut state.lines {
            lines.feed(event);
        }
        if let Some((_, page)) = &mut state.page {
            page.feed(event);
        }
    }

    /// Writes what is not written yet. To be called however the run ended; events that come
    /// later are lost, and a second call does nothing.
    pub fn finish(&self) -> Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let cause = |path: &Path| {
            format!("the trace in {} is not complete; see that its disk has room", path.display())
        };
        let lines = state.lines.take();
        let lines = lines.map(|(path, lines)| {
            lines.finish().and_then(Destination::finish).with_context(|| cause(&path))
        });
        let page = state.page.take();
        let page = page.map(|(path, page)| {
            page.finish().and_then(Destination::finish).with_context(|| cause(&path))
        });
        lines.unwrap_or(Ok(())).and(page.unwrap_or(Ok(())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_written_when_the_trace_is_finished() {
        let dir = tempfile::tempdir().unwrap();
        let (lines, html) = (dir.path().join("trace.jsonl"), dir.path().join("trace.html"));
        let trace = Trace::create(Some(&lines), Some(&html)).unwrap().unwrap();
        let events = sample::run(3);
        events.iter().for_each(|event| trace.clone().feed(event));
        trace.finish().unwrap();
        trace.feed(&events[0]);
        trace.finish().unwrap();

        let read = std::fs::read_to_string(lines).unwrap();
        let read: Vec<BridgeEvent> =
            read.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(read, events);
        let page = std::fs::read_to_string(html).unwrap();
        assert!(page.contains(&format!("\"seq\":{}", events.len())) && page.ends_with("</html>\n"));
    }

    #[test]
    fn nothing_is_traced_unless_asked_for() {
        assert!(Trace::create(None, None).unwrap().is_none());
    }

    #[test]
    fn a_file_that_cannot_be_created_is_named_with_its_flag() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("missing/trace.jsonl");
        for (lines, page, flag) in
            [(Some(&*path), None, "--trace "), (None, Some(&*path), "--trace-html ")]
        {
            let error = Trace::create(lines, page).err().unwrap().to_string();
            assert!(error.contains("missing/trace.jsonl"), "{error}");
            assert!(error.contains(flag), "{error}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_at_the_end() {
        let full = Path::new("/dev/full");
        for (lines, page) in [(Some(full), None), (None, Some(full))] {
            let trace = Trace::create(lines, page).unwrap().unwrap();
            sample::run(3).iter().for_each(|event| trace.feed(event));
            let error = format!("{:#}", trace.finish().unwrap_err());
            assert!(error.contains("the trace in /dev/full is not complete"), "{error}");
            assert!(error.contains("No space left"), "{error}");
        }
    }
}
