//! Rings of messages, from one sender to one receiver.
//!
//! A ring stands in a segment: a header, then the bytes of the messages. Only the sender
//! advances `tail`, and only the receiver advances `head`; both count bytes modulo 2³². The
//! other end can be a guest that breaks every rule. So whatever is read from the header or from
//! a record is checked, a message is copied once before anybody looks at it, and what breaks
//! the rules closes this end with an error.

pub(crate) mod block_on;
mod end;
pub(crate) mod header;
pub(crate) mod messages;
pub(crate) mod receiver;
mod record;
pub(crate) mod sender;
pub(crate) mod wait;

use crate::error::{Error, Problem};
use crate::segment::Segment;
use header::Ring;
use receiver::RingReceiver;
use sender::RingSender;

/// A new ring in a segment of its own, with room for `capacity` bytes: a power of two from 64
/// to 2³⁰. A message takes its length and 8 bytes, in multiples of 8, and is at most half of
/// the capacity less 8 bytes long.
///
/// An end that is passed to a guest belongs to the guest from then on. Dropping an end does not
/// close the ring; [`RingSender::close`] and [`RingReceiver::close`] do.
///
/// Fails if the capacity is another, or if there is no memory.
///
/// ```
/// # extern crate luago_segment as luago;
/// let (mut sender, mut receiver) = luago::ring(4096)?;
/// let thread = std::thread::spawn(move || {
///     for word in ["a", "few", "messages"] {
///         sender.send(word.as_bytes())?;
///     }
///     sender.close();
///     Ok::<(), luago::Error>(())
/// });
/// let mut received = Vec::new();
/// while let Some(message) = receiver.recv()? {
///     received.push(String::from_utf8_lossy(&message).into_owned());
/// }
/// assert_eq!(received, ["a", "few", "messages"]);
/// thread.join().expect("it does not panic")?;
/// # Ok::<(), luago::Error>(())
/// ```
pub fn ring(capacity: usize) -> Result<(RingSender, RingReceiver), Error> {
    let capacity = header::checked_capacity(capacity)?;
    ring_over(&Segment::new(header::DATA + capacity as usize)?, 0, capacity as usize)
}

/// A new ring at the offset `at` of a segment, in bytes. What stood there is overwritten.
pub(crate) fn ring_over(
    segment: &Segment,
    at: usize,
    capacity: usize,
) -> Result<(RingSender, RingReceiver), Error> {
    if segment.is_read_only() {
        return Err(Error::new(Problem::ReadOnly));
    }
    let capacity = header::checked_capacity(capacity)?;
    let start = header::checked_start(segment.start(), at)?;
    Ring::create(&segment.region()?, at, start, capacity)?;
    Ok((RingSender::over(segment, at)?, RingReceiver::over(segment, at)?))
}
