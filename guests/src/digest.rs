//! Digests of guests, for the build script and its test.

use sha2::{Digest, Sha256};

/// The SHA-256 of a guest, in hexadecimal. Fails if `SHA256SUMS` gives another one for it.
pub fn checked(name: &str, wasm: &[u8], sums: &str) -> Result<String, String> {
    let digest: String = Sha256::digest(wasm).iter().map(|byte| format!("{byte:02x}")).collect();
    let listed = sums.lines().filter_map(|line| line.split_once("  "));
    match listed.into_iter().find(|(_, listed)| *listed == name) {
        Some((sum, _)) if sum == digest => Ok(digest),
        Some((sum, _)) => Err(format!(
            "guests/prebuilt/{name} has the SHA-256 {digest}, but SHA256SUMS says {sum}; make the \
             guests again with `make guests`"
        )),
        None => Err(format!("guests/prebuilt/SHA256SUMS has no line for {name}")),
    }
}
