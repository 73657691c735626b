//! Streams: what a Go guest makes value by value, and Lua asks for in a loop.

use super::task::Place;
use std::collections::HashMap;

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
    last: u32,
}

impl Streams {
    pub fn add(&mut self, stream: Stream) -> u32 {
        loop {
            self.last = self.last.wrapping_add(1).max(1);
            if !self.open.contains_key(&self.last) {
                self.open.insert(self.last, stream);
                return self.last;
            }
        }
    }

    pub fn get(&self, number: u32) -> Option<Stream> {
        self.open.get(&number).copied()
    }

    pub fn remove(&mut self, number: u32) -> Option<Stream> {
        self.open.remove(&number)
    }

    /// Forgets those of an instance that is gone.
    pub fn remove_all(&mut self, place: Place) {
        self.open.retain(|_, stream| stream.place != place);
    }
}
