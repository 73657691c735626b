//! What the harness does with scripts: each file makes one part of a
//! [`Report`](crate::report::Report).

pub mod compare;
pub mod generated;
pub mod matrix;
pub mod normalise;
pub mod perf;
pub mod progress;
pub mod reduce;
pub mod scenarios;
pub mod shadow;
pub mod stats;
