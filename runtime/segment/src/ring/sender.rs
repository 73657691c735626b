//! The end of a ring that messages are sent from.

use super::end::{End, block};
use super::header::Indices;
use super::record::{self, HEAD, SKIP, position};
use super::wait::{Waited, Waiting, Waits};
use crate::error::{Error, Problem};
use crate::segment::Segment;
use crate::side::Side;
use std::fmt;
use std::future::poll_fn;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::task::{Context, Poll};

/// How often a poll tries again before it lets others run, as long as something changes.
const TRIES: u32 = 16;

/// Why writing cannot fail: only what is free is written to.
const INSIDE: &str = "a record ends inside of the data";

/// The end of a [`ring`](crate::ring()) that messages are sent from.
///
/// Every method fails once this end or the receiver has closed the ring, or if something has
/// written over it so that it follows no rule any more.
pub struct RingSender {
    pub(crate) end: End<true>,
    /// The bytes ever published, as this end has last stored them.
    tail: u32,
    /// Where the next record goes, which is ahead of `tail` inside of a batch.
    next: u32,
    /// The bytes ever freed, as they were last read.
    head: u32,
    /// How many free bytes there have to be for the message that did not fit.
    needed: u32,
}

impl RingSender {
    /// The sender of the ring that stands at the offset `at` of a segment, in bytes.
    pub(crate) fn over(segment: &Segment, at: usize) -> Result<RingSender, Error> {
        let end = End::over(segment, at)?;
        let mut sender = RingSender { end, tail: 0, next: 0, head: 0, needed: 0 };
        sender.resume(sender.own_index())?;
        Ok(sender)
    }

    /// The part of a segment that the ring takes.
    pub(crate) fn segment(&self) -> &Segment {
        &self.end.segment
    }

    /// The room for messages, in bytes.
    pub fn capacity(&self) -> usize {
        self.end.ring.capacity as usize
    }

    /// The longest message, in bytes.
    pub fn longest(&self) -> usize {
        self.end.ring.longest()
    }

    /// Sends a message if there is room for it now: false if there is not.
    pub fn try_send(&mut self, message: &[u8]) -> Result<bool, Error> {
        self.begin()?;
        if self.put(message)? {
            self.publish();
            return Ok(true);
        }
        // A guest that closes the ring can forget to say so.
        match self.end.other_closed() {
            Some(text) => Err(self.end.closed_by_other(text)),
            None => Ok(false),
        }
    }

    /// Sends a message. Sleeps as long as there is no room for it.
    pub fn send(&mut self, message: &[u8]) -> Result<(), Error> {
        if self.try_send(message)? {
            return Ok(());
        }
        let (ring, head) = (self.end.ring.clone(), self.head);
        let waiting = Waiting(self);
        let look = || ring.index(Side::Receiver).load(Relaxed) != head;
        block(look, |context| waiting.0.poll_send(context, message))
    }

    /// Sends messages, and publishes many at once, which is faster than to send one by one.
    /// Sleeps while there is no room. After an error the messages before the one that it is
    /// about have been sent.
    pub fn send_all<M: AsRef<[u8]>>(
        &mut self,
        messages: impl IntoIterator<Item = M>,
    ) -> Result<(), Error> {
        self.begin()?;
        let batch = Batch(self);
        for message in messages {
            let message = message.as_ref();
            if !batch.0.put(message)? {
                batch.0.publish();
                batch.0.send(message)?;
                batch.0.begin()?;
            } else if batch.0.is_worth_publishing() {
                batch.0.publish();
            }
        }
        Ok(())
    }

    /// Sends a message once there is room for it. The task of `context` is woken when there can
    /// be.
    pub fn poll_send(
        &mut self,
        context: &mut Context<'_>,
        message: &[u8],
    ) -> Poll<Result<(), Error>> {
        for _ in 0..TRIES {
            match self.try_send(message) {
                Ok(false) => {}
                done => {
                    self.end.stop_waiting();
                    return Poll::Ready(done.map(|_| ()));
                }
            }
            self.end.ring.waits(Side::Sender).store(self.needed, SeqCst);
            match self.end.wait(context) {
                Ok(Waited::Ready) => {}
                Ok(Waited::Registered) => return Poll::Pending,
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }

    /// Sends a message. The future is done once there was room for it; if it is dropped before,
    /// the message has not been sent.
    pub async fn send_async(&mut self, message: &[u8]) -> Result<(), Error> {
        let waiting = Waiting(self);
        poll_fn(|context| waiting.0.poll_send(context, message)).await
    }

    /// Sends messages as [`send_all`](RingSender::send_all) does. If the future is dropped, a
    /// part of them has been sent.
    pub async fn send_all_async<M: AsRef<[u8]>>(
        &mut self,
        messages: impl IntoIterator<Item = M>,
    ) -> Result<(), Error> {
        self.begin()?;
        let batch = Batch(self);
        for message in messages {
            let message = message.as_ref();
            if !batch.0.put(message)? {
                batch.0.publish();
                batch.0.send_async(message).await?;
                batch.0.begin()?;
            } else if batch.0.is_worth_publishing() {
                batch.0.publish();
            }
        }
        Ok(())
    }

    /// Closes the ring: the receiver takes what is left, and then sees the end.
    pub fn close(&mut self) {
        self.end.close(None);
    }

    /// Closes the ring: the receiver takes what is left, and then has this error, of which it
    /// sees the first 156 bytes.
    pub fn close_with(&mut self, error: &str) {
        self.end.close(Some(error));
    }

    fn own_index(&self) -> u32 {
        self.end.ring.index(Side::Sender).load(Relaxed)
    }

    /// Makes ready for sending, if the ring is open.
    #[inline]
    fn begin(&mut self) -> Result<(), Error> {
        self.end.check()?;
        let tail = self.own_index();
        if tail != self.tail {
            // A guest has had this end in between.
            self.resume(tail)?;
        }
        self.next = self.tail;
        Ok(())
    }

    fn resume(&mut self, tail: u32) -> Result<(), Error> {
        self.tail = tail;
        self.next = tail;
        self.free().map(|_| ())
    }

    /// Reads how much is free for `next`, in bytes.
    fn free(&mut self) -> Result<u32, Error> {
        self.head = self.end.other_index()?;
        let used = self.end.used(&Indices { tail: self.next, head: self.head })?;
        Ok(self.end.ring.capacity - used)
    }

    /// Writes a record that is not published yet: false if there is no room.
    #[inline]
    fn put(&mut self, message: &[u8]) -> Result<bool, Error> {
        let max = self.end.ring.longest();
        if message.len() > max {
            return Err(Error::new(Problem::TooLong { len: message.len(), max }));
        }
        let size = record::size(message.len());
        let (mut at, to_end) = position(&self.end.ring, self.next);
        let skipped = if size > to_end { to_end } else { 0 };
        self.needed = skipped + size;
        // `head` was checked when it was read, and `next` has never been put beyond what was
        // free then.
        let free = self.end.ring.capacity - self.next.wrapping_sub(self.head);
        if free < self.needed && self.free()? < self.needed {
            return Ok(false);
        }
        if skipped > 0 {
            self.write_word(at, u64::from(SKIP).to_le_bytes());
            at = position(&self.end.ring, 0).0;
        }
        self.write_word(at, (message.len() as u64).to_le_bytes());
        let (words, rest) = message.split_at(message.len() / 8 * 8);
        self.end.ring.region.write(at + HEAD, words).expect(INSIDE);
        if !rest.is_empty() {
            let mut padded = [0; 8];
            padded[..rest.len()].copy_from_slice(rest);
            self.write_word(at + HEAD + words.len(), padded);
        }
        self.next = self.next.wrapping_add(self.needed);
        Ok(true)
    }

    #[inline]
    fn write_word(&self, at: usize, bytes: [u8; 8]) {
        let word = self.end.ring.region.long(at).expect(INSIDE);
        word.store(u64::from_ne_bytes(bytes), Relaxed);
    }

    /// Whether so much is unpublished that the receiver could be at it already.
    #[inline]
    fn is_worth_publishing(&self) -> bool {
        self.next.wrapping_sub(self.tail) >= self.end.ring.capacity / 4
    }

    #[inline]
    fn publish(&mut self) {
        if self.next != self.tail {
            self.tail = self.next;
            if self.end.publish(self.tail) != 0 {
                self.end.wake_other();
            }
        }
    }
}

impl Waits for RingSender {
    fn stop_waiting(&mut self) {
        self.end.stop_waiting();
    }
}

/// Publishes what has been written, also if writing ends early.
struct Batch<'a>(&'a mut RingSender);

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        self.0.publish();
    }
}

impl fmt::Debug for RingSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RingSender({} bytes)", self.capacity())
    }
}
