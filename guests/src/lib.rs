//! The Lua interpreters that luago runs: PUC Lua 5.1 to 5.5, compiled to
//! WebAssembly and stored as they are once their libraries are open.
//!
//! This crate is constants. `PROVENANCE.md` beside the modules says how they
//! were made, and one command makes them again, bit for bit.

#[cfg(test)]
mod digest;

/// One interpreter.
#[derive(Debug, Clone, Copy)]
pub struct Guest {
    /// The release of PUC Lua, such as `"5.4.9"`.
    pub release: &'static str,
    /// The WebAssembly module.
    pub wasm: &'static [u8],
    /// The SHA-256 of the module, in hexadecimal, as in `SHA256SUMS`: computed by the build script
    /// from the bytes that are embedded.
    pub sha256: &'static str,
}

macro_rules! guest {
    ($release:literal, $name:literal) => {
        Guest {
            release: $release,
            wasm: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".wasm")),
            sha256: include_str!(concat!(env!("OUT_DIR"), "/", $name, ".sha256")),
        }
    };
}

/// PUC Lua 5.1.
pub const LUA_51: Guest = guest!("5.1.5", "lua51");

/// PUC Lua 5.2.
pub const LUA_52: Guest = guest!("5.2.4", "lua52");

/// PUC Lua 5.3.
pub const LUA_53: Guest = guest!("5.3.6", "lua53");

/// PUC Lua 5.4.
pub const LUA_54: Guest = guest!("5.4.9", "lua54");

/// PUC Lua 5.5.
pub const LUA_55: Guest = guest!("5.5.1", "lua55");

#[cfg(test)]
mod tests {
    use super::*;

    const SUMS: &str = include_str!("../prebuilt/SHA256SUMS");
    const ALL: [(&str, Guest); 5] = [
        ("lua51.wasm", LUA_51),
        ("lua52.wasm", LUA_52),
        ("lua53.wasm", LUA_53),
        ("lua54.wasm", LUA_54),
        ("lua55.wasm", LUA_55),
    ];

    #[test]
    fn each_guest_has_the_digest_of_its_bytes() {
        for (name, guest) in ALL {
            assert_eq!(digest::checked(name, guest.wasm, SUMS).as_deref(), Ok(guest.sha256));
        }
    }

    #[test]
    fn a_changed_byte_fails_the_build() {
        for (name, guest) in ALL {
            for at in [0, guest.wasm.len() / 2, guest.wasm.len() - 1] {
                let mut changed = guest.wasm.to_vec();
                changed[at] ^= 1;
                let refused = digest::checked(name, &changed, SUMS).unwrap_err();
                assert!(refused.contains(name) && refused.contains(guest.sha256), "{refused}");
            }
        }
    }

    #[test]
    fn a_guest_without_a_digest_fails_the_build() {
        let refused = digest::checked("lua56.wasm", b"", SUMS).unwrap_err();
        assert!(refused.contains("no line for lua56.wasm"), "{refused}");
    }
}
