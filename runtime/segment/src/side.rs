//! The two sides of a ring.

use luago_abi::ring::side;

/// One of the two ends of a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Where messages are sent from.
    Sender,
    /// Where they are received from.
    Receiver,
}

impl Side {
    /// The side of the number that guests give it.
    pub fn of(number: u32) -> Option<Side> {
        match number {
            side::SENDER => Some(Side::Sender),
            side::RECEIVER => Some(Side::Receiver),
            _ => None,
        }
    }

    pub(crate) fn other(self) -> Side {
        match self {
            Side::Sender => Side::Receiver,
            Side::Receiver => Side::Sender,
        }
    }

    /// The description under which this end is passed, as a layout is under its own.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Side::Sender => luago_abi::ring::header::SENDER_DESCRIPTION,
            Side::Receiver => luago_abi::ring::header::RECEIVER_DESCRIPTION,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Side::Sender => "sender",
            Side::Receiver => "receiver",
        }
    }
}
