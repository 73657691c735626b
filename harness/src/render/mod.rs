//! How reports are shown, a file for each format.

pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod readme;
pub mod terminal;
