//! Whether a module can be a guest here, and if not, why, and what is to be done.

use super::platform::Host;
use super::signatures::Signatures;
use luago_abi::go::abi::VERSION;
use luago_abi::go::exports;

/// How many imports are named in a message.
const NAMED: usize = 5;

/// Why a module cannot be a guest, if it cannot.
pub(crate) fn problem(wasm: &[u8], signatures: &Signatures) -> Option<String> {
    let has = |name: &str| signatures.exports.contains_key(name);
    if has("_start") {
        return Some(
            "it was built as a command, which runs once and ends; build it with GOOS=wasip1 \
             GOARCH=wasm go build -buildmode=c-shared"
                .to_string(),
        );
    }
    if !signatures.is_guest() {
        return Some(format!(
            "it exports no {}, so it is no luago guest; import the luago Go package in it and \
                 register functions with that",
            exports::ABI
        ));
    }
    match signatures.abi_version() {
        Some(VERSION) => {}
        Some(version) => {
            let remedy = if version > VERSION {
                "use a newer luago, or build it with the luago Go package that came with this one"
            } else {
                "build it again with the luago Go package that came with this luago"
            };
            return Some(format!(
                "it speaks version {version} of the ABI, and this luago version {VERSION}; {remedy}"
            ));
        }
        None => {
            return Some(format!(
                "it does not say which version of the ABI it speaks, and this luago speaks \
                 version {VERSION}; build it again with the luago Go package that came with this luago"
            ));
        }
    }
    wrong_exports(signatures).or_else(|| match Host::get() {
        Ok(host) => missing_imports(host, signatures).or_else(|| invalid(host, wasm)),
        Err(problem) => Some(problem),
    })
}

fn wrong_exports(signatures: &Signatures) -> Option<String> {
    let memory = (luago_abi::MEMORY, "memory");
    let functions = exports::FUNCTIONS.functions.iter().map(|f| (f.name, f.signature));
    for (name, wanted) in std::iter::once(memory).chain(functions) {
        let found = match signatures.exports.get(name) {
            Some(found) if found == wanted => continue,
            Some(found) => format!("its export {name} is {found} and not {wanted}"),
            None => format!("it lacks the export {name}"),
        };
        return Some(format!(
            "{found}; build it with -buildmode=c-shared and an unchanged luago Go package"
        ));
    }
    None
}

fn missing_imports(host: &Host, signatures: &Signatures) -> Option<String> {
    let unknown: Vec<String> = signatures
        .imports
        .iter()
        .filter(|(module, name, what)| host.function(module, name) != Some(what))
        .map(|(module, name, what)| match host.function(module, name) {
            Some(_) => format!("{module}.{name} as {what}"),
            None => format!("{module}.{name}"),
        })
        .collect();
    let named = unknown.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    match unknown.len() {
        0 => None,
        count => {
            let more = match count - count.min(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            Some(format!(
                "it imports {named}{more}, which the host does not have; remove the \
                 //go:wasmimport of {}: a guest can import only wasi_snapshot_preview1, and what \
                 the luago Go package does",
                if count == 1 { "it" } else { "them" }
            ))
        }
    }
}

fn invalid(host: &Host, wasm: &[u8]) -> Option<String> {
    let error = host.validate(wasm).err()?;
    Some(format!("it is not valid WebAssembly here: {error:#}; build it with Go's own compiler"))
}
