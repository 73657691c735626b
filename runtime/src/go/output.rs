//! What a Go guest writes to its standard streams, kept until the host takes it.

/// What a guest has written, in order.
pub(crate) struct Output {
    chunks: Vec<(i32, Vec<u8>)>,
    left: u64,
    limit: u64,
}

/// The most that is kept of the text with which Go's runtime ends a program.
const MAX_LAST_WORDS: usize = 8 << 10;

impl Output {
    pub fn new(limit: u64) -> Output {
        Output { chunks: Vec::new(), left: limit, limit }
    }

    pub fn limit(&self) -> u64 {
        self.limit
    }

    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    pub fn take(&mut self) -> Vec<(i32, Vec<u8>)> {
        std::mem::take(&mut self.chunks)
    }

    /// Keeps what is written; false if that is more than the guest may write.
    pub fn write(&mut self, fd: i32, bytes: &[u8]) -> bool {
        let allowed = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
        self.left -= allowed as u64;
        if allowed > 0 {
            match self.chunks.last_mut() {
                Some((last, chunk)) if *last == fd => chunk.extend_from_slice(&bytes[..allowed]),
                _ => self.chunks.push((fd, bytes[..allowed].to_vec())),
            }
        }
        allowed == bytes.len()
    }

    /// Takes out the text with which Go's runtime has ended the program, if it did: it
    /// becomes part of an error, and would be said twice otherwise.
    pub fn take_last_words(&mut self) -> Option<String> {
        let (2, chunk) = self.chunks.last_mut()? else {
            return None;
        };
        let start = last_words_start(chunk)?;
        let text = chunk.split_off(start);
        if chunk.is_empty() {
            self.chunks.pop();
        }
        let kept = &text[..text.len().min(MAX_LAST_WORDS)];
        let mut kept = String::from_utf8_lossy(kept).trim_end().to_string();
        if text.len() > MAX_LAST_WORDS {
            kept.push_str("\n...");
        }
        Some(kept)
    }
}

/// Where the last line begins with which Go announces the end.
fn last_words_start(text: &[u8]) -> Option<usize> {
    let is_start = |at: usize| {
        let line = &text[at..];
        line.starts_with(b"panic: ") || line.starts_with(b"fatal error: ")
    };
    let after_feeds = (0..text.len()).rev().filter(|&at| text[at] == b'\n').map(|at| at + 1);
    after_feeds.chain([0]).find(|&at| is_start(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_to_one_stream_are_joined_and_those_to_two_keep_their_order() {
        let mut output = Output::new(100);
        for (fd, text) in [(1, "a"), (1, "b"), (2, "c"), (1, "d"), (1, "")] {
            assert!(output.write(fd, text.as_bytes()));
        }
        let expected = [(1, b"ab".to_vec()), (2, b"c".to_vec()), (1, b"d".to_vec())];
        assert_eq!(output.take(), expected);
        assert!(output.is_empty());
    }

    #[test]
    fn what_exceeds_the_limit_is_not_kept_and_taking_gives_nothing_back() {
        let mut output = Output::new(5);
        assert!(output.write(1, b"abc"));
        output.take();
        assert!(!output.write(2, b"def"));
        assert_eq!(output.take(), [(2, b"de".to_vec())]);
        assert!(!output.write(1, b"g"));
        assert!(output.is_empty());
    }

    #[test]
    fn the_last_words_are_taken_out_of_what_was_written_before_them() {
        let mut output = Output::new(1 << 20);
        output.write(2, b"panic: not yet\nlog\n");
        output.write(2, b"panic: boom\n\tpanic: again\n\ngoroutine 1 [running]:\n");
        let words = output.take_last_words().unwrap();
        assert_eq!(words, "panic: boom\n\tpanic: again\n\ngoroutine 1 [running]:");
        assert_eq!(output.take(), [(2, b"panic: not yet\nlog\n".to_vec())]);
    }

    #[test]
    fn text_of_another_stream_or_of_no_end_is_not_the_last_words() {
        let mut output = Output::new(1 << 20);
        output.write(1, b"panic: said on standard output\n");
        assert_eq!(output.take_last_words(), None);
        output.write(2, b"no panic: here\n");
        assert_eq!(output.take_last_words(), None);
    }

    #[test]
    fn long_last_words_are_cut_after_their_beginning() {
        let mut output = Output::new(1 << 20);
        output.write(2, b"fatal error: x\n");
        output.write(2, &[b'y'; 20_000]);
        let words = output.take_last_words().unwrap();
        assert!(words.starts_with("fatal error: x\nyyy") && words.ends_with("y\n..."));
        assert!(words.len() <= MAX_LAST_WORDS + 4 && output.is_empty());
    }
}
