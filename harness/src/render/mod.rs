//! How reports are shown: one [`Renderer`] for each format, and the tables of a README.

mod figures;
mod html;
mod json;
mod junit;
mod markdown;
pub mod readme;
mod renderer;
mod summary;
mod terminal;
mod text;

pub use html::Html;
pub use json::{Json, read, schema};
pub use junit::Junit;
pub use markdown::Markdown;
pub use renderer::Renderer;
pub use terminal::Terminal;

/// The formats of files, in the order of their options.
pub const FILES: [&dyn Renderer; 4] = [&Json, &Markdown, &Junit, &Html];
