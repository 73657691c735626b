//! The two sides of a ring.

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
            0 => Some(Side::Sender),
            1 => Some(Side::Receiver),
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
            Side::Sender => "luago.ring sender",
            Side::Receiver => "luago.ring receiver",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Side::Sender => "sender",
            Side::Receiver => "receiver",
        }
    }
}
