//! A guest's memory as the host sees it, and the segments that are mapped in it.

pub mod attachments;
pub mod budget;
pub mod bytes;
pub mod copy_words;
mod fault;
pub(crate) mod fork;
pub mod handles;
pub mod imports;
pub mod mapping;
pub mod shared_ranges;
mod sharing;
mod sync;
pub mod wait_list;
pub mod waits;
pub mod windows;

pub(crate) use attachments::Attachments;
pub(crate) use budget::Budget;
pub(crate) use fault::install as install_watch;
pub(crate) use handles::Handles;
pub use sharing::Sharing;
pub(crate) use windows::Windows;
