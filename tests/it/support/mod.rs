//! What these tests share.

#[macro_use]
pub mod versions;
pub mod command;
#[path = "../../../runtime/src/go/go_build.rs"]
pub mod go_build;
pub mod oracle;
pub mod sandboxes;
