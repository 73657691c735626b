//! What luago and its guests agree on, each fact once.
//!
//! The host uses these constants. `guests/lua/abi.h` and `guests/go/luago/abi.go` are written
//! from [`GROUPS`] and the lists of functions by `make abi`, and a test fails when they are
//! stale. What the facts mean together is in `guests/lua/ABI.md` and `guests/go/ABI.md`.
//!
//! Whoever changes a fact also changes the version of the ABI whose guests it breaks:
//! [`lua::abi::VERSION`], [`go::abi::VERSION`] or both.

#![no_std]

#[macro_use]
mod fact;
pub mod compiled;
pub mod frame;
pub mod go;
pub mod layout;
pub mod lua;
pub mod mailbox;
pub mod polling;
pub mod report;
pub mod ring;
pub mod segment;

pub use fact::{Fact, Function, Functions, Group, Value};

/// The module of the imports that are luago's own.
pub const IMPORT_MODULE: &str = "luago";

/// The export of a guest that is its memory.
pub const MEMORY: &str = "memory";

/// The export of a guest that is its table of functions.
pub const TABLE: &str = "__indirect_function_table";

/// The beginning of the names of the exports that are luago's own.
pub const EXPORT_PREFIX: &str = "luago_";

/// The beginning of the name of the export whose end is the version of the ABI. The export is
/// never called.
pub const VERSION_PREFIX: &str = "luago_abi_";

/// The version of the ABI that a guest with these exports speaks, if it says so.
pub fn version_of<'a>(exports: impl IntoIterator<Item = &'a str>) -> Option<u32> {
    exports.into_iter().find_map(|name| name.strip_prefix(VERSION_PREFIX)?.parse().ok())
}

/// All constants, in the order in which they are written for other languages.
pub const GROUPS: &[Group] = &[
    lua::abi::GROUP,
    go::abi::GROUP,
    frame::slot::GROUP,
    frame::tag::GROUP,
    frame::error::GROUP,
    frame::view::GROUP,
    frame::tables::GROUP,
    mailbox::field::GROUP,
    mailbox::frame::GROUP,
    report::field::GROUP,
    lua::status::GROUP,
    lua::reply::GROUP,
    lua::function::GROUP,
    lua::cancel::GROUP,
    lua::call_id::GROUP,
    lua::go_call::GROUP,
    lua::phase::GROUP,
    lua::end::GROUP,
    lua::variable::GROUP,
    lua::limit::GROUP,
    lua::descriptor::GROUP,
    compiled::status::GROUP,
    compiled::comparison::GROUP,
    compiled::limit::GROUP,
    compiled::function::GROUP,
    compiled::local::GROUP,
    compiled::trap::GROUP,
    compiled::value::GROUP,
    compiled::tag::GROUP,
    compiled::thread::GROUP,
    compiled::call_info::GROUP,
    compiled::closure::GROUP,
    compiled::proto::GROUP,
    compiled::upvalue::GROUP,
    compiled::table::GROUP,
    compiled::split_array::GROUP,
    compiled::node::GROUP,
    compiled::string::GROUP,
    go::control::GROUP,
    go::inbox::GROUP,
    go::function::GROUP,
    go::limit::GROUP,
    go::event::GROUP,
    go::kind::GROUP,
    go::status::GROUP,
    go::result::GROUP,
    go::answer::GROUP,
    go::cancel::GROUP,
    go::wake::GROUP,
    segment::size::GROUP,
    segment::window::GROUP,
    segment::flag::GROUP,
    ring::field::GROUP,
    ring::header::GROUP,
    ring::record::GROUP,
    ring::side::GROUP,
    ring::state::GROUP,
    ring::wait::GROUP,
    layout::scalar::GROUP,
    layout::limit::GROUP,
    layout::field::GROUP,
    layout::fingerprint::GROUP,
];

/// All functions of Lua guests, and those of the host that they call.
pub const LUA_FUNCTIONS: &[Functions] = &[
    lua::exports::FUNCTIONS,
    lua::setup::FUNCTIONS,
    lua::imports::FUNCTIONS,
    segment::imports::FUNCTIONS,
];

/// All functions of Go guests, and those of the host that they call.
pub const GO_FUNCTIONS: &[Functions] = &[go::exports::FUNCTIONS, segment::imports::FUNCTIONS];
