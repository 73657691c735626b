//! Replies that the guest makes room for.

use crate::frame::encode::{EncodeRules, Encoder};
use crate::ledger::Overdrawn;

/// How many replies are kept. Making room may run finalizers, which may call the host.
const MOST: usize = 64;

/// How often the ledger has refused something while a reply was kept, until that is taken for
/// one that the guest has given up.
const PATIENCE: u64 = 64;

/// The capacity of an encoder that is kept for its room.
const SPARE: usize = 64 << 10;

/// Which way a reply goes. What stands on the stack below two of the same way is the same, so
/// that their places can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryPoint {
    Call,
    Start,
    Result,
    Bridge,
    /// The embedder's own call.
    Host,
}

/// How deep in calls the guest is when it comes through a door: the lower the address, the
/// deeper.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StackMark {
    door: EntryPoint,
    address: usize,
}

impl StackMark {
    /// Where the caller of this stands.
    #[inline(always)]
    pub fn here(door: EntryPoint) -> StackMark {
        let mark = 0u8;
        StackMark { door, address: std::ptr::from_ref(&mark).addr() }
    }
}

/// What did not fit into the mailbox, under numbers that are not 0. Each is counted, so that
/// one whose guest had no memory for it is not only in the way: the guest does not say so, but
/// comes again from the same depth, where it could not be while it still made room.
#[derive(Default)]
pub(crate) struct KeptReplies {
    replies: Vec<Reply>,
    last: u32,
    spare: Option<Encoder>,
}

struct Reply {
    number: u32,
    encoder: Encoder,
    place: StackMark,
    /// What the ledger had refused by then.
    refusals: u64,
}

impl KeptReplies {
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.replies.is_empty()
    }

    /// Keeps what is in an encoder, which is empty then; the number of the reply.
    pub fn keep(
        &mut self,
        encoder: &mut Encoder,
        rules: &EncodeRules,
        place: StackMark,
    ) -> Result<u32, Overdrawn> {
        encoder.charge(rules)?;
        self.last = self.last.wrapping_add(1).max(1);
        let encoder = std::mem::replace(encoder, self.spare.take().unwrap_or_default());
        let refusals = rules.ledger.refusals();
        if self.replies.len() == MOST {
            // Those that a guest has given up are the oldest.
            self.replies.remove(0);
        }
        self.replies.push(Reply { number: self.last, encoder, place, refusals });
        Ok(self.last)
    }

    pub fn get(&self, number: u32) -> Option<&Encoder> {
        let reply = self.replies.iter().rev().find(|reply| reply.number == number);
        reply.map(|reply| &reply.encoder)
    }

    /// The guest has taken a reply, and is done with all that it got while it made room.
    pub fn taken(&mut self, number: u32) {
        let Some(at) = self.replies.iter().rposition(|reply| reply.number == number) else {
            return;
        };
        self.replies.truncate(at + 1);
        if let Some(Reply { mut encoder, .. }) = self.replies.pop() {
            encoder.clear();
            if encoder.capacity() <= SPARE {
                self.spare = Some(encoder);
            }
        }
    }

    /// Drops what the guest has given up, now that it is at a place.
    #[cold]
    pub fn arrive(&mut self, place: StackMark, refusals: u64) {
        self.replies.retain(|reply| {
            let is_inside = place.door != reply.place.door || place.address < reply.place.address;
            is_inside && refusals.saturating_sub(reply.refusals) < PATIENCE
        });
    }

    /// Drops all of them: the guest has returned.
    #[inline]
    pub fn clear(&mut self) {
        if !self.replies.is_empty() {
            self.replies.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::tests::encode_rules;

    fn at(door: EntryPoint, address: usize) -> StackMark {
        StackMark { door, address }
    }

    fn keep(kept: &mut KeptReplies, place: StackMark) -> u32 {
        let mut encoder = Encoder::new();
        encoder.value(&encode_rules(), &"x".repeat(5000)).unwrap();
        kept.keep(&mut encoder, &encode_rules(), place).unwrap()
    }

    #[test]
    fn a_reply_is_there_until_it_is_taken() {
        let mut kept = KeptReplies::default();
        let number = keep(&mut kept, at(EntryPoint::Call, 100));
        assert_eq!(kept.get(number).unwrap().large().len(), 5000);
        kept.taken(number);
        assert!(kept.get(number).is_none() && kept.is_empty());
    }

    #[test]
    fn one_that_was_given_up_goes_when_the_guest_comes_from_the_same_depth() {
        let mut kept = KeptReplies::default();
        let outer = keep(&mut kept, at(EntryPoint::Call, 100));
        let inner = keep(&mut kept, at(EntryPoint::Call, 80));
        kept.arrive(at(EntryPoint::Call, 60), 0);
        kept.arrive(at(EntryPoint::Result, 200), 0);
        assert!(kept.get(outer).is_some() && kept.get(inner).is_some());
        kept.arrive(at(EntryPoint::Call, 80), 0);
        assert!(kept.get(outer).is_some() && kept.get(inner).is_none());
        kept.arrive(at(EntryPoint::Call, 100), 0);
        assert!(kept.is_empty());
    }

    #[test]
    fn what_came_while_room_was_made_is_over_when_the_reply_is_taken() {
        let mut kept = KeptReplies::default();
        let outer = keep(&mut kept, at(EntryPoint::Call, 100));
        keep(&mut kept, at(EntryPoint::Call, 80));
        kept.taken(outer);
        assert!(kept.is_empty());
    }

    #[test]
    fn one_that_is_in_the_way_for_long_goes() {
        let mut kept = KeptReplies::default();
        let number = keep(&mut kept, at(EntryPoint::Call, 100));
        kept.arrive(at(EntryPoint::Call, 60), 63);
        assert!(kept.get(number).is_some());
        kept.arrive(at(EntryPoint::Call, 60), 64);
        assert!(kept.is_empty());
    }
}
