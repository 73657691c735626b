//! Streams: what a Go guest makes value by value, and Lua asks for in a loop.

use super::instance_id::InstanceId;
use crate::ledger::{Ledger, Reservation};
use std::collections::HashMap;
use std::sync::Arc;

/// A stream as its guest knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stream {
    pub instance: InstanceId,
    pub id: u32,
}

/// The most streams that a sandbox can have open.
pub(crate) const MAX_STREAMS: usize = 1 << 16;

/// What one takes of the ledger.
const STREAM: u64 = 256;

/// The streams that Lua has, by the numbers that it knows them by.
#[derive(Default)]
pub(crate) struct Streams {
    open: HashMap<u32, (Stream, Reservation)>,
    /// Why those were cut off whose guest has died, until Lua asks or drops them.
    cut_off: HashMap<u32, (Arc<str>, Reservation)>,
    last: u32,
}

impl Streams {
    /// The number of a new one, if there can be another.
    pub fn add(&mut self, stream: Stream, ledger: &Arc<Ledger>) -> Option<u32> {
        if self.open.len() + self.cut_off.len() >= MAX_STREAMS {
            return None;
        }
        let held = ledger.reserve(STREAM).ok()?;
        loop {
            self.last = self.last.wrapping_add(1).max(1);
            if !self.open.contains_key(&self.last) && !self.cut_off.contains_key(&self.last) {
                self.open.insert(self.last, (stream, held));
                return Some(self.last);
            }
        }
    }

    pub fn get(&self, number: u32) -> Option<Stream> {
        self.open.get(&number).map(|(stream, _)| *stream)
    }

    pub fn remove(&mut self, number: u32) -> Option<Stream> {
        self.cut_off.remove(&number);
        self.open.remove(&number).map(|(stream, _)| stream)
    }

    /// Why a stream has no next value, if it has not ended by itself; said once.
    pub fn take_cut_off(&mut self, number: u32) -> Option<Arc<str>> {
        self.cut_off.remove(&number).map(|(why, _)| why)
    }

    /// Cuts off those of an instance that is gone.
    pub fn cut_off(&mut self, instance: InstanceId, why: &str) {
        let mut shared: Option<Arc<str>> = None;
        for (number, (_, held)) in
            self.open.extract_if(|_, (stream, _)| stream.instance == instance)
        {
            let why = shared.get_or_insert_with(|| why.into());
            self.cut_off.insert(number, (Arc::clone(why), held));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: InstanceId = InstanceId { guest: 0, instance: 0 };
    const THERE: InstanceId = InstanceId { guest: 1, instance: 0 };

    #[test]
    fn streams_that_are_gone_take_nothing_of_the_ledger() {
        let ledger = Ledger::new(3 * STREAM, 0);
        let mut streams = Streams::default();
        let [a, b, c] = [HERE, THERE, HERE]
            .map(|instance| streams.add(Stream { instance, id: 7 }, &ledger).unwrap());
        assert_eq!(streams.add(Stream { instance: HERE, id: 8 }, &ledger), None);
        streams.cut_off(HERE, "it has died");
        assert_eq!((ledger.room(), streams.get(a), streams.get(c)), (0, None, None));
        assert_eq!(streams.take_cut_off(a).as_deref(), Some("it has died"));
        assert_eq!(streams.take_cut_off(a), None);
        assert_eq!(streams.remove(c), None);
        assert_eq!(streams.remove(b), Some(Stream { instance: THERE, id: 7 }));
        assert_eq!(ledger.room(), 3 * STREAM);
    }
}
