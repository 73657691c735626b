//! The command line.

mod exit_codes;
mod flags;
mod inspect;
mod interactive;
mod interpreter_options;
mod not_utf8;
mod redirection;
mod reports;
mod terminal;
