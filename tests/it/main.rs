//! What `luago-run` and the crate `luago` do, seen from outside.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[macro_use]
mod versions;
mod cli;
mod oracle;

mod async_calls;
mod bytes;
mod cache;
mod calls;
mod capabilities;
mod chunks;
mod commands;
mod corners;
mod deadlines;
mod depth;
mod differential;
mod embed;
mod exit_codes;
mod flags;
mod globals;
mod go;
#[path = "../../runtime/src/go/go_build.rs"]
mod go_build;
mod go_examples;
mod go_readme;
mod host_functions;
mod inspect;
mod interactive;
mod interpreter_options;
mod interpreters;
mod leaving;
mod memory;
mod misuse;
mod modules;
mod nesting;
mod observed;
mod places;
mod pools;
mod quotas;
mod random;
mod reports;
mod sandboxes;
mod segments;
mod shapes;
mod streams;
mod strings;
mod tampering;
mod tasks;
mod templates;
mod terminal;
mod timeouts;
mod tokio;
mod values;
