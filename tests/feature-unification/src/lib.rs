//! Nothing to call: what this crate has is its dependencies.
//!
//! Cargo builds a dependency with the features that the packages being built ask for, so the same
//! dependency can be needed twice: once as `cargo build -p luago-run` wants it, and once as
//! `cargo test` does, where crates that only tests use turn more of it on. For wasmtime that is
//! minutes. The features that differ are turned on here, and each package of the workspace depends
//! on this one: `luago` for its tests only, so that who depends on `luago` does not.
//!
//! The test beside it fails when a new dependency turns on something else, and says what has to be
//! added to `Cargo.toml`.
