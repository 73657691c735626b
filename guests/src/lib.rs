//! The Lua interpreters that luago runs: PUC Lua 5.1 to 5.5, compiled to
//! WebAssembly and stored as they are once their libraries are open.
//!
//! This crate is constants. `PROVENANCE.md` beside the modules says how they
//! were made, and one command makes them again, bit for bit.

/// One interpreter.
#[derive(Debug, Clone, Copy)]
pub struct Guest {
    /// The release of PUC Lua, such as `"5.4.9"`.
    pub release: &'static str,
    /// The WebAssembly module.
    pub wasm: &'static [u8],
    /// The SHA-256 of the module, in hexadecimal, as in `SHA256SUMS`.
    pub sha256: &'static str,
}

/// PUC Lua 5.1.
pub const LUA_51: Guest =
    Guest { release: "5.1.5", wasm: include_bytes!("../prebuilt/lua51.wasm"), sha256: sum(0) };

/// PUC Lua 5.2.
pub const LUA_52: Guest =
    Guest { release: "5.2.4", wasm: include_bytes!("../prebuilt/lua52.wasm"), sha256: sum(1) };

/// PUC Lua 5.3.
pub const LUA_53: Guest =
    Guest { release: "5.3.6", wasm: include_bytes!("../prebuilt/lua53.wasm"), sha256: sum(2) };

/// PUC Lua 5.4.
pub const LUA_54: Guest =
    Guest { release: "5.4.9", wasm: include_bytes!("../prebuilt/lua54.wasm"), sha256: sum(3) };

/// PUC Lua 5.5.
pub const LUA_55: Guest =
    Guest { release: "5.5.1", wasm: include_bytes!("../prebuilt/lua55.wasm"), sha256: sum(4) };

const SUMS: &str = include_str!("../prebuilt/SHA256SUMS");

/// The digest on a line of `SHA256SUMS`: 64 digits, two spaces, `lua5X.wasm`.
const fn sum(line: usize) -> &'static str {
    const LINE: usize = 64 + 2 + "lua5X.wasm".len() + 1;
    let (_, rest) = SUMS.split_at(line * LINE);
    let (sum, _) = rest.split_at(64);
    sum
}
