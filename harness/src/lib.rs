//! Compares Lua in luago's sandbox with native Lua: do scripts behave the same, and
//! what does it cost?
//!
//! The program `luago-harness` is this library with a command line. A
//! [`Target`](target::Target) runs a script and gives an
//! [`Observation`](target::Observation): output, errors with their tracebacks, and the
//! exit code. A [matrix](run::matrix) compares observations of many [cases](corpus::Case),
//! written and [generated](generate); [perf](run::perf) compares times and memory;
//! [shadow](run::shadow) rehearses one target in the place of another. What they find is a
//! [`Report`](report::Report), which [renders](render) in several formats.
//!
//! ```no_run
//! use luago_harness::corpus::Case;
//! use luago_harness::lua::Lua;
//! use luago_harness::target::{Bounds, Pair, Targets};
//!
//! let targets = Targets::new(Targets::default_folder()?, None)?;
//! let pair = Pair::of(Lua::V54);
//! let case = Case::new("hello", "print(10 // 3)")?;
//! let both = [pair.reference, pair.subject]
//!     .map(|target| case.with_job(Bounds::default(), |job| targets.run(target, job)));
//! for observation in both {
//!     assert_eq!(observation?.stdout, b"3\n");
//! }
//! # Ok::<(), anyhow::Error>(())
//! ```

pub mod cli;
pub mod corpus;
mod files;
pub mod generate;
pub mod lua;
pub mod render;
pub mod report;
pub mod run;
pub mod target;
