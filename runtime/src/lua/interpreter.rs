//! The module that is a version's interpreter: luago's own or the embedder's.

use crate::engine::safepoints::{self, Names};
use crate::lua::version::LuaVersion;
use luago_abi::IMPORT_MODULE;
use luago_abi::lua::abi::VERSION;
use luago_abi::lua::{exports, imports};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt;
use std::fmt::Write as _;

/// A WebAssembly module that interprets Lua.
#[derive(Clone)]
pub(crate) struct Interpreter {
    /// The release of Lua, for messages and names of files.
    pub release: &'static str,
    /// The module.
    pub wasm: Cow<'static, [u8]>,
    /// Its SHA-256, in hexadecimal.
    pub sha256: Cow<'static, str>,
    /// Whether it can have polls.
    pub can_poll: bool,
}

/// The names by which interpreters say that they can be polled.
pub(crate) const POLLS: Names<'static> = Names {
    module: IMPORT_MODULE,
    tick: imports::TICK,
    poll_word: exports::POLL_WORD,
    interrupt: exports::INTERRUPT,
    expire: exports::EXPIRE,
};

impl Interpreter {
    /// The one that luago brings.
    pub fn own(version: LuaVersion) -> Interpreter {
        let guest = version.guest();
        Interpreter {
            release: guest.release,
            wasm: Cow::Borrowed(guest.wasm),
            sha256: Cow::Borrowed(guest.sha256),
            can_poll: true,
        }
    }

    /// One that an embedder brings.
    pub fn new(version: LuaVersion, wasm: Vec<u8>) -> Interpreter {
        let sha256 = Sha256::digest(&wasm).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Interpreter {
            release: version.guest().release,
            can_poll: safepoints::can_poll(&wasm, &POLLS),
            wasm: Cow::Owned(wasm),
            sha256: Cow::Owned(sha256),
        }
    }
}

/// Why a module with these exports cannot be an interpreter here: it speaks another version of
/// the ABI.
pub(super) fn abi_problem<'a>(exports: impl IntoIterator<Item = &'a str>) -> Option<String> {
    match luago_abi::version_of(exports) {
        Some(VERSION) => None,
        Some(version) => {
            let remedy = if version > VERSION {
                "use a newer luago, or build it with the guests/build.sh that came with this one"
            } else {
                "build it again with the guests/build.sh that came with this luago"
            };
            Some(format!(
                "it speaks version {version} of the ABI for Lua guests, and this luago version \
                 {VERSION}; {remedy}"
            ))
        }
        None => Some(format!(
            "it does not say which version of the ABI for Lua guests it speaks, and this luago \
             speaks version {VERSION}; build it again with the guests/build.sh that came with this \
             luago"
        )),
    }
}

impl fmt::Debug for Interpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interpreter")
            .field("release", &self.release)
            .field("sha256", &self.sha256)
            .finish_non_exhaustive()
    }
}
