//! Streams: what a Go guest makes value by value, and Lua asks for in a loop.

use super::task::Place;
use std::collections::HashMap;
use std::sync::Arc;

/// A stream as its guest knows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stream {
    pub place: Place,
    pub id: u32,
}

/// The streams that Lua has, by the numbers that it knows them by.
#[derive(Default)]
pub(crate) struct Streams {
    open: HashMap<u32, Stream>,
    /// Why those were cut off whose guest has died, until Lua asks or drops them.
    cut_off: HashMap<u32, Arc<str>>,
    last: u32,
}

impl Streams {
    pub fn add(&mut self, stream: Stream) -> u32 {
        loop {
            self.last = self.last.wrapping_add(1).max(1);
            if !self.open.contains_key(&self.last) && !self.cut_off.contains_key(&self.last) {
                self.open.insert(self.last, stream);
                return self.last;
            }
        }
    }

    pub fn get(&self, number: u32) -> Option<Stream> {
        self.open.get(&number).copied()
    }

    pub fn remove(&mut self, number: u32) -> Option<Stream> {
        self.cut_off.remove(&number);
        self.open.remove(&number)
    }

    /// Why a stream has no next value, if it has not ended by itself; said once.
    pub fn take_cut_off(&mut self, number: u32) -> Option<Arc<str>> {
        self.cut_off.remove(&number)
    }

    /// Cuts off those of an instance that is gone.
    pub fn cut_off(&mut self, place: Place, why: &str) {
        let mut numbers = Vec::new();
        self.open.retain(|number, stream| {
            let stays = stream.place != place;
            if !stays {
                numbers.push(*number);
            }
            stays
        });
        if !numbers.is_empty() {
            let why: Arc<str> = why.into();
            self.cut_off.extend(numbers.into_iter().map(|number| (number, Arc::clone(&why))));
        }
    }
}
