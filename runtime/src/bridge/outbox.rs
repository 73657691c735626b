//! What Go guests are still to be told.
//!
//! A guest is entered to be told something, and leaves events, which can be a reason to tell
//! something else. That waits here until the outermost entry is over; so nothing that guests
//! do makes the host's stack any deeper.

use super::instance_id::InstanceId;
use crate::frame::owned::OwnedFrame;
use crate::ledger::{Ledger, Overdrawn, Reservation};
use std::collections::VecDeque;
use std::sync::Arc;

/// What one instance is to be told.
pub(super) enum Message {
    /// A call of it is answered.
    Answer { call: u32, is_error: bool, values: OwnedFrame },
    /// Nobody reads a stream of it any more.
    DropStream(u32),
}

/// What a message takes of the ledger beside its values.
const LETTER: u64 = 256;

#[derive(Default)]
pub(super) struct Outbox {
    messages: VecDeque<(InstanceId, Message, Reservation)>,
}

impl Outbox {
    pub fn put(
        &mut self,
        instance: InstanceId,
        message: Message,
        ledger: &Arc<Ledger>,
    ) -> Result<(), Overdrawn> {
        let held = ledger.reserve(LETTER)?;
        self.messages.push_back((instance, message, held));
        Ok(())
    }

    /// Answers a call with an error of a few words.
    pub fn refuse(
        &mut self,
        instance: InstanceId,
        call: u32,
        why: &str,
        ledger: &Arc<Ledger>,
    ) -> Result<(), Overdrawn> {
        let values = OwnedFrame::error(&[why], None).held_by(ledger)?;
        self.put(instance, Message::Answer { call, is_error: true, values }, ledger)
    }

    pub fn next(&mut self) -> Option<(InstanceId, Message)> {
        let (instance, message, _) = self.messages.pop_front()?;
        Some((instance, message))
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Throws away what was for an instance that is gone.
    pub fn forget(&mut self, instance: InstanceId) {
        self.messages.retain(|(other, _, _)| *other != instance);
    }
}
