//! What is compared: the scripts of the harness and of its users, and the known differences.

mod case;
mod expectations;
mod guest;
mod scenario;

pub use case::{Case, Header, Vary};
pub use expectations::{Difference, Expectations};
pub use guest::GuestSpec;
pub use scenario::{Scenario, Transcript};
