//! The end of a ring that messages are received from.

use super::end::{End, block};
use super::header::Indices;
use super::record::{Found, find};
use super::wait::{Waited, Waiting, Waits};
use crate::error::Error;
use crate::segment::Segment;
use crate::side::Side;
use std::fmt;
use std::future::poll_fn;
use std::sync::atomic::Ordering::{Acquire, Relaxed};
use std::task::{Context, Poll};

/// How often a poll tries again before it lets others run, as long as something changes.
const TRIES: u32 = 16;

/// The end of a [`ring`](crate::ring()) that messages are received from.
///
/// Once the sender has closed the ring and all messages have been taken, there is nothing more.
/// Every method that takes messages fails then if the sender gave an error, and at any time if
/// this end has been closed, or if something has written over the ring so that it follows no
/// rule any more.
pub struct RingReceiver {
    pub(crate) end: End<false>,
    /// The bytes ever freed, as this end has last stored them.
    head: u32,
    /// Where the next record is, which is ahead of `head` inside of a batch.
    next: u32,
    /// The bytes ever published, as they were last read.
    tail: u32,
    /// The message that is looked at, in a buffer that is kept.
    message: Vec<u8>,
}

/// What there was to receive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TryRecv {
    /// A message.
    Message(Vec<u8>),
    /// Nothing yet.
    Empty,
    /// Nothing any more: the sender has closed the ring.
    Ended,
}

/// What taking a message has led to.
enum Taken {
    Message,
    Empty,
    Ended,
}

impl RingReceiver {
    /// The receiver of the ring that stands at the offset `at` of a segment, in bytes.
    pub(crate) fn over(segment: &Segment, at: usize) -> Result<RingReceiver, Error> {
        let end = End::over(segment, at)?;
        let mut receiver = RingReceiver { end, head: 0, next: 0, tail: 0, message: Vec::new() };
        receiver.resume(receiver.own_index())?;
        Ok(receiver)
    }

    /// The part of a segment that the ring takes.
    pub(crate) fn segment(&self) -> &Segment {
        &self.end.segment
    }

    /// The room for messages, in bytes.
    pub fn capacity(&self) -> usize {
        self.end.ring.capacity as usize
    }

    /// Takes a message if there is one now.
    pub fn try_recv(&mut self) -> Result<TryRecv, Error> {
        let mut message = Vec::new();
        Ok(match self.take(&mut message)? {
            Taken::Message => TryRecv::Message(message),
            Taken::Empty => TryRecv::Empty,
            Taken::Ended => TryRecv::Ended,
        })
    }

    /// Takes a message, or nothing at the end. Sleeps until there is either.
    pub fn recv(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let mut message = Vec::new();
        Ok(self.recv_into(&mut message)?.then_some(message))
    }

    /// Takes a message and puts it in the place of what `message` has: false, and nothing there,
    /// at the end. Sleeps until there is either.
    pub fn recv_into(&mut self, message: &mut Vec<u8>) -> Result<bool, Error> {
        match self.take(message)? {
            Taken::Message => return Ok(true),
            Taken::Ended => return Ok(false),
            Taken::Empty => {}
        }
        self.block(|receiver, context| receiver.poll_into(context, message))
    }

    /// Takes all messages that there are, at most `max` of them and at least one; none at the
    /// end. Sleeps until there is either. This is faster than to take one by one.
    pub fn recv_batch(&mut self, max: usize) -> Result<Vec<Vec<u8>>, Error> {
        let mut messages = Vec::new();
        self.recv_each(max, |message| messages.push(message.to_vec()))?;
        Ok(messages)
    }

    /// Calls `f` with each of the messages that [`recv_batch`](RingReceiver::recv_batch) would
    /// take, and gives their number. This allocates nothing for a message.
    pub fn recv_each(&mut self, max: usize, mut f: impl FnMut(&[u8])) -> Result<usize, Error> {
        let mut message = std::mem::take(&mut self.message);
        let first = self.recv_into(&mut message);
        let mut taken = 0;
        if let Ok(true) = first {
            let batch = Batch(self);
            f(&message);
            taken = 1;
            batch.0.look_again();
            while taken < max && batch.0.take_more(&mut message) {
                f(&message);
                taken += 1;
            }
        }
        self.message = message;
        first.map(|_| taken)
    }

    /// Takes a message, or nothing at the end, once there is either. The task of `context` is
    /// woken when there can be.
    pub fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Vec<u8>>, Error>> {
        let mut message = Vec::new();
        self.poll_into(context, &mut message)
            .map(|received| received.map(|is_there| is_there.then_some(message)))
    }

    /// Takes a message, or nothing at the end. If the future is dropped before it is done, no
    /// message has been taken.
    pub async fn recv_async(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let waiting = Waiting(self);
        poll_fn(|context| waiting.0.poll_recv(context)).await
    }

    /// Takes messages as [`recv_batch`](RingReceiver::recv_batch) does.
    pub async fn recv_batch_async(&mut self, max: usize) -> Result<Vec<Vec<u8>>, Error> {
        let Some(first) = self.recv_async().await? else { return Ok(Vec::new()) };
        let mut messages = vec![first];
        let batch = Batch(self);
        batch.0.look_again();
        let mut message = Vec::new();
        while messages.len() < max && batch.0.take_more(&mut message) {
            messages.push(std::mem::take(&mut message));
        }
        Ok(messages)
    }

    /// Closes the ring: whatever the sender sends from now on fails.
    pub fn close(&mut self) {
        self.end.close(None);
    }

    /// Closes the ring: whatever the sender sends from now on fails with this error, of which it
    /// sees the first 156 bytes.
    pub fn close_with(&mut self, error: &str) {
        self.end.close(Some(error));
    }

    fn own_index(&self) -> u32 {
        self.end.ring.index(Side::Receiver).load(Relaxed)
    }

    /// Makes ready for receiving.
    #[inline]
    fn begin(&mut self) -> Result<(), Error> {
        self.end.check()?;
        let head = self.own_index();
        if head != self.head {
            // A guest has had this end in between.
            self.resume(head)?;
        }
        self.next = self.head;
        Ok(())
    }

    fn resume(&mut self, head: u32) -> Result<(), Error> {
        self.head = head;
        self.next = head;
        self.look()
    }

    /// Reads how much has been published.
    fn look(&mut self) -> Result<(), Error> {
        self.tail = self.end.other_index()?;
        self.end.used(&Indices { tail: self.tail, head: self.next }).map(|_| ())
    }

    /// Copies the message at `next`, if there is one as far as is known.
    #[inline]
    fn copy(&mut self, message: &mut Vec<u8>) -> Result<bool, Error> {
        let Found { next, record } =
            find(&self.end.ring, self.next, self.tail).map_err(|how| self.end.broken(how))?;
        self.next = next;
        let Some(record) = record else { return Ok(false) };
        message.clear();
        let copied = self.end.ring.region.append(record.at, record.len, message);
        copied.expect("a record ends inside of the data");
        self.next = self.next.wrapping_add(record.size);
        Ok(true)
    }

    /// Takes one message, if there is one.
    #[inline]
    fn take(&mut self, message: &mut Vec<u8>) -> Result<Taken, Error> {
        self.begin()?;
        if self.tail == self.next {
            self.look()?;
        }
        if self.copy(message)? {
            self.publish();
            return Ok(Taken::Message);
        }
        self.publish();
        self.take_last(message)
    }

    /// Takes a message that came right before the end, or sees the end.
    fn take_last(&mut self, message: &mut Vec<u8>) -> Result<Taken, Error> {
        message.clear();
        let Some(error) = self.end.other_closed() else { return Ok(Taken::Empty) };
        self.look()?;
        let is_there = self.copy(message)?;
        self.publish();
        match error {
            _ if is_there => Ok(Taken::Message),
            None => Ok(Taken::Ended),
            Some(text) => Err(self.end.closed_by_other(Some(text))),
        }
    }

    /// Reads how much has been published, in the middle of a batch. If that breaks the rules,
    /// the batch ends, and what is done next fails.
    fn look_again(&mut self) {
        if self.look().is_err() {
            self.tail = self.next;
        }
    }

    /// Takes one more message of a batch, which is freed now and then. If it breaks the rules,
    /// the batch ends, and what is done next fails.
    #[inline]
    fn take_more(&mut self, message: &mut Vec<u8>) -> bool {
        let is_there = self.copy(message).unwrap_or(false);
        if self.next.wrapping_sub(self.head) >= self.end.ring.capacity / 4 {
            self.publish();
        }
        is_there
    }

    /// Frees what was taken.
    #[inline]
    fn publish(&mut self) {
        if self.next == self.head {
            return;
        }
        self.head = self.next;
        let needed = self.end.publish(self.head);
        if needed != 0 {
            self.wake_sender(needed);
        }
    }

    #[cold]
    fn wake_sender(&self, needed: u32) {
        let tail = self.end.ring.index(Side::Sender).load(Acquire);
        let used = self.end.ring.used(&Indices { tail, head: self.head });
        if used.is_ok_and(|used| !self.end.ring.has_room(used, needed)) {
            return;
        }
        self.end.wake_other();
    }

    fn poll_into(
        &mut self,
        context: &mut Context<'_>,
        message: &mut Vec<u8>,
    ) -> Poll<Result<bool, Error>> {
        for _ in 0..TRIES {
            let done = match self.take(message) {
                Ok(Taken::Message) => Ok(true),
                Ok(Taken::Ended) => Ok(false),
                Err(error) => Err(error),
                Ok(Taken::Empty) => match self.end.wait(context) {
                    Ok(Waited::Ready) => continue,
                    Ok(Waited::Registered) => return Poll::Pending,
                    Err(error) => Err(error),
                },
            };
            self.end.stop_waiting();
            return Poll::Ready(done);
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }

    /// Polls on a thread that sleeps while there is nothing.
    fn block<T>(
        &mut self,
        mut poll: impl FnMut(&mut RingReceiver, &mut Context<'_>) -> Poll<T>,
    ) -> T {
        let (ring, tail) = (self.end.ring.clone(), self.tail);
        let waiting = Waiting(self);
        let look = || ring.index(Side::Sender).load(Relaxed) != tail;
        block(look, |context| poll(waiting.0, context))
    }
}

impl Waits for RingReceiver {
    fn stop_waiting(&mut self) {
        self.end.stop_waiting();
    }
}

/// Frees what has been taken, also if taking ends early.
struct Batch<'a>(&'a mut RingReceiver);

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        self.0.publish();
    }
}

impl fmt::Debug for RingReceiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RingReceiver({} bytes)", self.capacity())
    }
}
