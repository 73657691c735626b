//! What a Go guest writes to its standard streams, kept until the host takes it.

use crate::ledger::{Ledger, Overdrawn, Reservation};
use std::sync::Arc;

/// What a guest has written, in order.
pub(crate) struct Output {
    chunks: Chunks,
    left: u64,
    limit: u64,
    ledger: Arc<Ledger>,
    /// Whether what is written to stream 2 begins a line.
    at_line: bool,
    /// Whether it is what Go's runtime says last. Until the guest comes back from its entry it looks so.
    is_dying: bool,
    /// What of its last words may be kept beyond all limits.
    grace: usize,
}

/// Why what was written is not kept.
#[derive(Debug)]
pub(crate) enum Refused {
    /// It is more than the guest may write.
    Flood,
    /// It is more than the host has room for until it is shown.
    Unshown,
    /// The guest is saying why it dies, at length.
    Dying,
}

/// What was written to the streams 1 and 2, in order. Beside the bytes themselves it takes a
/// few bits for each change of stream, however often there is one.
#[derive(Debug, Default)]
pub(crate) struct Chunks {
    bytes: Vec<u8>,
    /// How long the runs of bytes are that went to one stream, but for the last: each a number
    /// in groups of 7 bits, the lowest first, all but its last with the highest bit set. Every
    /// run is of the other stream than the one before.
    runs: Vec<u8>,
    /// The length of the last run, and its stream; of the first run, the stream.
    last_len: usize,
    last: u8,
    first: u8,
    /// What it takes of its sandbox's ledger.
    held: Reservation,
}

/// Bytes that are taken from the ledger at a time, as long as there are so many.
const PART: u64 = 4 << 10;

/// The most that a run takes beside its bytes.
const RUN: u64 = 10;

impl Chunks {
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes of memory that it takes.
    fn size(&self) -> u64 {
        (self.bytes.len() + self.runs.len()) as u64
    }

    /// Takes room for so many bytes more.
    fn charge(&mut self, more: usize, ledger: &Arc<Ledger>) -> Result<(), Overdrawn> {
        let missing = (self.size() + more as u64 + RUN).saturating_sub(self.held.bytes());
        if missing > 0 {
            let held = ledger.reserve(missing.max(PART)).or_else(|_| ledger.reserve(missing))?;
            self.held.join(held);
        }
        Ok(())
    }

    /// Adds what was written to stream 1 or 2.
    fn push(&mut self, stream: u8, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        if self.bytes.is_empty() {
            (self.first, self.last) = (stream, stream);
        } else if self.last != stream {
            put_number(&mut self.runs, self.last_len);
            (self.last, self.last_len) = (stream, 0);
        }
        self.last_len += bytes.len();
        self.bytes.extend_from_slice(bytes);
    }

    /// Adds what was written after this.
    pub fn join(&mut self, mut other: Chunks) {
        if self.is_empty() {
            *self = other;
        } else {
            other.iter().for_each(|(stream, bytes)| self.push(stream, bytes));
            self.held.join(std::mem::take(&mut other.held));
        }
    }

    /// The streams, and what was written to each before the next.
    pub fn iter(&self) -> impl Iterator<Item = (u8, &[u8])> {
        let (mut rest, mut runs, mut next) = (&self.bytes[..], &self.runs[..], self.first);
        std::iter::from_fn(move || {
            let len = take_number(&mut runs).unwrap_or(rest.len()).min(rest.len());
            let (part, after) = rest.split_at(len);
            let stream = next;
            (rest, next) = (after, other(stream));
            (!part.is_empty()).then_some((stream, part))
        })
    }

    /// The last run, if it is of that stream.
    fn last_of(&self, stream: u8) -> Option<&[u8]> {
        let is_there = !self.is_empty() && self.last == stream;
        is_there.then(|| &self.bytes[self.bytes.len() - self.last_len..])
    }

    /// Takes bytes off the end of the last run.
    fn split_off(&mut self, len: usize) -> Vec<u8> {
        let len = len.min(self.last_len);
        self.last_len -= len;
        let end = self.bytes.split_off(self.bytes.len() - len);
        if self.last_len == 0 && !self.bytes.is_empty() {
            let at = |index: &usize| self.runs[*index] & MORE == 0;
            let before = self.runs.len().saturating_sub(1);
            let start = (0..before).rev().find(at).map_or(0, |index| index + 1);
            self.last_len = take_number(&mut &self.runs[start..]).unwrap_or(self.bytes.len());
            self.runs.truncate(start);
            self.last = other(self.last);
        }
        end
    }
}

/// The other one of the two streams.
fn other(stream: u8) -> u8 {
    3 - stream
}

/// The bit that all bytes of a number have but the last.
const MORE: u8 = 0x80;

fn put_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        bytes.push(number as u8 | MORE);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take_number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in (0..usize::BITS).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= usize::from(byte & !MORE) << shift;
        if byte & MORE == 0 {
            break;
        }
    }
    Some(number)
}

/// The most that is kept of the text with which Go's runtime ends a program.
const MAX_LAST_WORDS: usize = 8 << 10;

impl Output {
    /// For a guest that may write so many bytes, and that the host keeps for a sandbox.
    pub fn new(limit: u64, ledger: Arc<Ledger>) -> Output {
        Output {
            chunks: Chunks::default(),
            left: limit,
            limit,
            ledger,
            at_line: true,
            is_dying: false,
            grace: MAX_LAST_WORDS,
        }
    }

    pub fn limit(&self) -> u64 {
        self.limit
    }

    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    pub fn take(&mut self) -> Chunks {
        let mut taken = std::mem::take(&mut self.chunks);
        let size = taken.size();
        taken.held.shrink_to(size);
        taken
    }

    /// The guest is entered, and so has not died.
    pub fn enter(&mut self) {
        self.is_dying = false;
    }

    /// Keeps what is written to stream 1 or 2.
    pub fn write(&mut self, stream: u8, bytes: &[u8]) -> Result<(), Refused> {
        if stream == 2 && !bytes.is_empty() {
            self.is_dying |= self.at_line && is_announcement(bytes);
            self.at_line = bytes.ends_with(b"\n");
        }
        let allowed = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
        let kept = match self.chunks.charge(allowed, &self.ledger) {
            Ok(()) => allowed,
            Err(_) => 0,
        };
        self.left -= kept as u64;
        self.chunks.push(stream, &bytes[..kept]);
        let rest = &bytes[kept..];
        if rest.is_empty() {
            return Ok(());
        }
        if !self.is_dying {
            return Err(if kept < allowed { Refused::Unshown } else { Refused::Flood });
        }
        let (last, more) = rest.split_at(rest.len().min(self.grace));
        self.grace -= last.len();
        self.chunks.push(stream, last);
        if more.is_empty() { Ok(()) } else { Err(Refused::Dying) }
    }

    /// Takes out the text with which Go's runtime has ended the program, if it did: it
    /// becomes part of an error, and would be said twice otherwise. The line that says what has
    /// happened is the first, also where the runtime has given details before it.
    pub fn take_last_words(&mut self) -> Option<String> {
        let chunk = self.chunks.last_of(2)?;
        let start = last_words_start(chunk)?;
        let details = details_before(&chunk[..start]);
        let text = self.chunks.split_off(chunk.len() - details);
        let (details, text) = text.split_at(start - details);
        let kept = &text[..text.len().min(MAX_LAST_WORDS)];
        let kept = String::from_utf8_lossy(kept);
        let (first, rest) = kept.split_once('\n').unwrap_or((&kept, ""));
        let details = &details[..details.len().min(MAX_LAST_WORDS)];
        let mut words = format!("{first}\n{}{rest}", String::from_utf8_lossy(details));
        words.truncate(words.trim_end().len());
        if text.len() > MAX_LAST_WORDS {
            words.push_str("\n...");
        }
        Some(words)
    }
}

const ANNOUNCEMENTS: [&[u8]; 2] = [b"panic: ", b"fatal error: "];

/// What Go's runtime prints before some fatal errors.
const DETAIL: &[u8] = b"runtime: ";

fn is_announcement(text: &[u8]) -> bool {
    text.starts_with(DETAIL) || ANNOUNCEMENTS.iter().any(|start| text.starts_with(start))
}

/// Where the lines with details begin that a text ends with; its end if there are none.
fn details_before(text: &[u8]) -> usize {
    let mut start = text.len();
    while let Some(line) = text[..start].strip_suffix(b"\n") {
        let line_start = line.iter().rposition(|&byte| byte == b'\n').map_or(0, |feed| feed + 1);
        if !text[line_start..].starts_with(DETAIL) {
            break;
        }
        start = line_start;
    }
    start
}

/// Where the last line begins with which Go announces the end.
fn last_words_start(text: &[u8]) -> Option<usize> {
    let is_start = |at: usize| {
        let line = &text[at..];
        ANNOUNCEMENTS.iter().any(|start| line.starts_with(start))
    };
    let after_feeds = (0..text.len()).rev().filter(|&at| text[at] == b'\n').map(|at| at + 1);
    after_feeds.chain([0]).find(|&at| is_start(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn writes_to_one_stream_are_joined_and_those_to_two_keep_their_order() {
        let mut output = Output::new(100, Ledger::endless());
        for (fd, text) in [(1, "a"), (1, "b"), (2, "c"), (1, "d"), (1, "")] {
            output.write(fd, text.as_bytes()).unwrap();
        }
        let taken = output.take();
        let expected = [(1, &b"ab"[..]), (2, b"c"), (1, b"d")];
        assert!(taken.iter().eq(expected), "{taken:?}");
        assert!(output.is_empty());
    }

    #[test]
    fn what_exceeds_the_limit_is_not_kept_and_taking_gives_nothing_back() {
        let mut output = Output::new(5, Ledger::endless());
        output.write(1, b"abc").unwrap();
        output.take();
        assert!(matches!(output.write(2, b"def"), Err(Refused::Flood)));
        assert!(output.take().iter().eq([(2, &b"de"[..])]));
        assert!(matches!(output.write(1, b"g"), Err(Refused::Flood)));
        assert!(output.is_empty());
    }

    #[test]
    fn the_last_words_are_taken_out_of_what_was_written_before_them() {
        let mut output = Output::new(1 << 20, Ledger::endless());
        output.write(2, b"panic: not yet\nlog\n").unwrap();
        output.write(2, b"panic: boom\n\tpanic: again\n\ngoroutine 1 [running]:\n").unwrap();
        let words = output.take_last_words().unwrap();
        assert_eq!(words, "panic: boom\n\tpanic: again\n\ngoroutine 1 [running]:");
        assert!(output.take().iter().eq([(2, &b"panic: not yet\nlog\n"[..])]));
    }

    #[test]
    fn text_of_another_stream_or_of_no_end_is_not_the_last_words() {
        let mut output = Output::new(1 << 20, Ledger::endless());
        output.write(1, b"panic: said on standard output\n").unwrap();
        assert_eq!(output.take_last_words(), None);
        output.write(2, b"no panic: here\n").unwrap();
        assert_eq!(output.take_last_words(), None);
    }

    #[test]
    fn long_last_words_are_cut_after_their_beginning() {
        let mut output = Output::new(1 << 20, Ledger::endless());
        output.write(2, b"fatal error: x\n").unwrap();
        output.write(2, &[b'y'; 20_000]).unwrap();
        let words = output.take_last_words().unwrap();
        assert!(words.starts_with("fatal error: x\nyyy") && words.ends_with("y\n..."));
        assert!(words.len() <= MAX_LAST_WORDS + 4 && output.is_empty());
    }

    #[test]
    fn details_of_a_fatal_error_stand_after_its_first_line_and_are_not_shown_either() {
        let mut output = Output::new(1 << 20, Ledger::endless());
        output.write(2, b"runtime: is a word of mine\nlog\n").unwrap();
        output
            .write(2, b"runtime: no memory\nruntime: none\nfatal error: x\n\ngoroutine 1")
            .unwrap();
        let words = output.take_last_words().unwrap();
        assert_eq!(words, "fatal error: x\nruntime: no memory\nruntime: none\n\ngoroutine 1");
        assert!(output.take().iter().eq([(2, &b"runtime: is a word of mine\nlog\n"[..])]));
    }

    #[test]
    fn who_dies_can_say_why_beyond_all_limits_and_is_not_taken_for_one_who_floods() {
        let full = Ledger::new(1000, 0);
        let _held = full.reserve(1000).unwrap();
        for (limit, ledger) in [(10, Ledger::endless()), (1 << 20, full)] {
            let mut output = Output::new(limit, ledger);
            let said = output.write(2, b"fatal error: ").and_then(|()| output.write(2, b"x\n"));
            assert!(said.is_ok(), "{limit}");
            while output.write(2, &[b'y'; 100]).is_ok() {}
            assert!(matches!(output.write(2, b"y"), Err(Refused::Dying)));
            assert!(output.take_last_words().unwrap().starts_with("fatal error: x\nyyy"));
            assert!(output.is_empty());
        }
    }

    #[test]
    fn who_only_says_that_it_dies_has_no_more_room_than_others_but_once() {
        let mut output = Output::new(10, Ledger::endless());
        for _ in 0..2 {
            assert!(output.write(1, &[b'x'; 10]).is_ok() || output.write(1, b"x").is_err());
            let _ = output.write(2, b"fatal error: not yet\n");
            while output.write(2, &[b'y'; 1000]).is_ok() {}
            output.enter();
            assert!(matches!(output.write(2, b"y"), Err(Refused::Flood)));
        }
        let written: usize = output.take().iter().map(|(_, text)| text.len()).sum();
        assert!(written <= 10 + MAX_LAST_WORDS, "{written}");
    }

    #[test]
    fn the_last_words_can_be_all_that_was_written_to_a_stream_since_the_other() {
        let mut output = Output::new(1 << 20, Ledger::endless());
        output.write(2, b"log\n").unwrap();
        output.write(1, &[b'x'; 1000]).unwrap();
        output.write(2, b"panic: boom\n").unwrap();
        assert_eq!(output.take_last_words().as_deref(), Some("panic: boom"));
        output.write(1, b"y").unwrap();
        let taken = output.take();
        let expected = [(2, b"log\n".to_vec()), (1, [&[b'x'; 1000][..], b"y"].concat())];
        assert!(taken.iter().eq(expected.iter().map(|(stream, text)| (*stream, &text[..]))));
    }

    #[test]
    fn writes_to_two_streams_in_turn_cost_no_more_than_another_byte_each() {
        let mut output = Output::new(1 << 20, Ledger::endless());
        (0..1 << 20).for_each(|turn| output.write(1 + (turn % 2) as u8, b"x").unwrap());
        let taken = output.take();
        assert!(taken.bytes.len() == 1 << 20 && taken.runs.len() < 1 << 20);
        assert_eq!(taken.iter().count(), 1 << 20);
    }

    #[test]
    fn what_is_kept_is_counted_from_when_it_is_written_until_it_is_dropped() {
        let ledger = Ledger::new(10_000, 0);
        let mut output = Output::new(1 << 20, Arc::clone(&ledger));
        while output.write(1, &[b'x'; 100]).is_ok() {}
        assert!(ledger.room() < 200);
        let mut shown = output.take();
        assert!(shown.bytes.len() > 9_800);
        output.write(2, b"y").unwrap();
        shown.join(output.take());
        drop(output);
        assert!(shown.size().abs_diff(10_000 - ledger.room()) <= RUN);
        drop(shown);
        assert_eq!(ledger.room(), 10_000);
    }

    proptest! {
        #[test]
        fn what_was_written_comes_back_joined_and_in_order(
            writes in prop::collection::vec((1u8..3, prop::collection::vec(any::<u8>(), 0..300)), 0..20),
            split in 0usize..20,
        ) {
            let mut expected: Vec<(u8, Vec<u8>)> = Vec::new();
            for (stream, bytes) in writes.iter().filter(|(_, bytes)| !bytes.is_empty()) {
                match expected.last_mut() {
                    Some((last, text)) if last == stream => text.extend(bytes),
                    _ => expected.push((*stream, bytes.clone())),
                }
            }
            let (before, after) = writes.split_at(split.min(writes.len()));
            let [mut chunks, then] = [before, after].map(|part| {
                let mut chunks = Chunks::default();
                part.iter().for_each(|(stream, bytes)| chunks.push(*stream, bytes));
                chunks
            });
            chunks.join(then);
            let given: Vec<_> = chunks.iter().map(|(stream, text)| (stream, text.to_vec())).collect();
            prop_assert_eq!(given, expected);
        }
    }
}
