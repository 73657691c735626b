//! What is compared: the scripts that come with the harness or with its user, and what is
//! known to differ.

mod case;
mod expectations;
mod guest;
mod scenario;

pub use case::{Case, Header, Vary};
pub use expectations::{Difference, Expectations};
pub use guest::GuestLine;
pub use scenario::{Scenario, Transcript};
