//! Segments: memory that Lua, Go and the host share.

/// Makes one test for each way in which segments get into guests, and for each version of
/// Lua where the body takes one.
macro_rules! for_each_sharing {
    ($(fn $name:ident($sharing:ident) $body:block)*) => {
        $(mod $name {
            use super::*;
            fn check($sharing: luago::Sharing) $body
            #[test] fn mapped() { check(luago::Sharing::Mapped) }
            #[test] fn copied() { check(luago::Sharing::Copied) }
        })*
    };
    ($(fn $name:ident($lua:ident, $sharing:ident) $body:block)*) => {
        $(mod $name {
            use super::*;
            fn run_with($lua: luago_test_support::versions::Lua, $sharing: luago::Sharing) $body
            for_each_version! {
                fn mapped(lua) { run_with(lua, luago::Sharing::Mapped) }
                fn copied(lua) { run_with(lua, luago::Sharing::Copied) }
            }
        })*
    };
}

mod abi_violations;
mod access;
mod growth;
mod guests;
mod hostile_guests;
mod layout_table;
mod layouts;
mod life_cycle;
mod limits;
mod mapping_reuse;
mod process;
mod ranges;
mod rings;
mod tampered_interpreter;
