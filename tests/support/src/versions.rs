//! The five versions of Lua, as tests and as data.

/// A version, as `--lua` takes it.
pub type Lua = &'static str;

/// Every version, oldest first.
pub const ALL: [Lua; 5] = ["5.1", "5.2", "5.3", "5.4", "5.5"];

/// The version as a number: 51 to 55.
pub fn number(lua: Lua) -> u32 {
    lua.replace('.', "").parse().unwrap()
}

/// Makes one test for each version, named after it.
#[macro_export]
macro_rules! for_each_version {
    ($(fn $name:ident($lua:ident) $body:block)*) => {
        $crate::for_versions!([lua_5_1 "5.1", lua_5_2 "5.2", lua_5_3 "5.3", lua_5_4 "5.4", lua_5_5 "5.5"]
            $(fn $name($lua) $body)*);
    };
}

/// Makes one test for each version in a list.
#[macro_export]
macro_rules! for_versions {
    ($versions:tt $(fn $name:ident($lua:ident) $body:block)*) => {
        $(mod $name {
            #[allow(unused_imports, reason = "not every body needs them")]
            use super::*;
            fn check($lua: $crate::versions::Lua) $body
            $crate::for_versions!(@tests $versions);
        })*
    };
    (@tests [$($test:ident $version:literal),*]) => {
        $(#[test] fn $test() { check($version) })*
    };
}
