//! Memory of a fixed size that a process and its WebAssembly guests see at once, and what
//! stands in it: bytes, values with a layout, and rings of messages.
//!
//! This is the part of the crate `luago` that runs no guest. `luago` maps the memory into
//! guests, and shows all of this as its own; use that crate instead of this one.
//!
//! | | |
//! |---|---|
//! | the memory | [`Segment`] |
//! | values of one type in it | [`View`], of types that are [`Plain`] |
//! | what stands where in such a value | [`Layout`], [`layout!`] |
//! | messages from one sender to one receiver | [`ring`](ring()) |

#![deny(missing_docs)]

mod barrier;
mod error;
mod host_mapping;
pub mod internal;
mod layout;
mod memfd;
mod passing;
mod periodic_wake;
mod plain;
mod region;
mod ring;
mod segment;
mod serde_bridge;
mod shared;
mod side;
#[cfg(test)]
mod tests;
mod view;
mod waiters;

pub use error::{Error, ErrorKind};
pub use layout::Field;
pub use layout::Layout;
pub use layout::scalar::Scalar;
pub use plain::Plain;
pub use ring::messages::Messages;
pub use ring::receiver::{RingReceiver, TryRecv};
pub use ring::ring;
pub use ring::sender::RingSender;
pub use segment::Segment;
pub use view::{View, ViewIter};
