//! What Go guests are still to be told.
//!
//! A guest is entered to be told something, and leaves events, which can be a reason to tell
//! something else. That waits here until the outermost entry is over; so nothing that guests
//! do makes the host's stack any deeper.

use super::instance_id::Place;
use crate::frame::transfer::Parcel;
use crate::ledger::{Held, Ledger, Overdrawn};
use std::collections::VecDeque;
use std::sync::Arc;

/// What one instance is to be told.
pub(super) enum Letter {
    /// A call of it is answered.
    Answer { call: u32, is_error: bool, values: Parcel },
    /// Nobody reads a stream of it any more.
    DropStream(u32),
}

/// What a letter takes of the ledger beside its values.
const LETTER: u64 = 256;

#[derive(Default)]
pub(super) struct Outbox {
    letters: VecDeque<(Place, Letter, Held)>,
}

impl Outbox {
    pub fn put(
        &mut self,
        place: Place,
        letter: Letter,
        ledger: &Arc<Ledger>,
    ) -> Result<(), Overdrawn> {
        let held = ledger.take(LETTER)?;
        self.letters.push_back((place, letter, held));
        Ok(())
    }

    /// Answers a call with an error of a few words.
    pub fn refuse(
        &mut self,
        place: Place,
        call: u32,
        why: &str,
        ledger: &Arc<Ledger>,
    ) -> Result<(), Overdrawn> {
        let values = Parcel::error(&[why], None).held_by(ledger)?;
        self.put(place, Letter::Answer { call, is_error: true, values }, ledger)
    }

    pub fn next(&mut self) -> Option<(Place, Letter)> {
        let (place, letter, _) = self.letters.pop_front()?;
        Some((place, letter))
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// Throws away what was for an instance that is gone.
    pub fn forget(&mut self, place: Place) {
        self.letters.retain(|(other, _, _)| *other != place);
    }
}
