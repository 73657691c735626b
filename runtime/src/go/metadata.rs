//! What a Go guest says about how it was built.

use super::buildinfo::{BuildInfo, GoBuildSetting, GoDependency};
use super::check;
use super::module::sha256;
use super::signatures::Signatures;
use crate::error::Error;
use serde::Serialize;
use std::collections::BTreeMap;

/// What stands in a module that Go's compiler has made. None of it is proven: whoever made
/// the module could write what they liked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GoMetadata {
    /// The version of Go: `go1.26.8`.
    pub go_version: Option<String>,
    /// The path of the package that was built.
    pub path: Option<String>,
    /// The module of that package. Its version is `(devel)` where Go knows of none.
    pub module: Option<GoDependency>,
    /// The modules that it needs.
    pub dependencies: Vec<GoDependency>,
    /// How it was built: `GOARCH=wasm` and others.
    pub settings: Vec<GoBuildSetting>,
    /// The version of the ABI of the luago Go package in it.
    pub abi: Option<u32>,
    /// The functions that it imports, by module.
    pub imports: Vec<GoImports>,
    /// Memory that it needs to begin with, in pages of 64 KiB.
    pub memory_pages: Option<u64>,
    /// The size of the file in bytes.
    pub size: u64,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Why this luago cannot run it, if it cannot, and what to do.
    pub problem: Option<String>,
}

/// What a guest imports from one module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct GoImports {
    /// The module: `wasi_snapshot_preview1`.
    pub module: String,
    /// Names, sorted.
    pub names: Vec<String>,
}

impl GoMetadata {
    /// Reads what there is to read. [`Error::is_guest`] if these are not the bytes of a
    /// module that Go has built.
    pub fn read(wasm: &[u8]) -> Result<GoMetadata, Error> {
        let signatures = Signatures::read(wasm).map_err(|problem| Error::guest(None, problem))?;
        let segments = signatures.data.iter().filter_map(|range| wasm.get(range.clone()));
        let info = BuildInfo::find(segments);
        if info.is_none() && signatures.go_version().is_none() && !signatures.is_guest() {
            let problem = "it is a WebAssembly module, but Go has not built it";
            return Err(Error::guest(None, problem.to_string()));
        }
        let info = info.unwrap_or_default();
        let mut imports: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (module, name, _) in &signatures.imports {
            imports.entry(module).or_default().push(name.clone());
        }
        let imports = imports.into_iter().map(|(module, mut names)| {
            names.sort();
            names.dedup();
            GoImports { module: module.to_string(), names }
        });
        Ok(GoMetadata {
            go_version: signatures.go_version().map(str::to_string),
            path: info.path,
            module: info.module,
            dependencies: info.dependencies,
            settings: info.settings,
            abi: signatures.abi_version(),
            imports: imports.collect(),
            memory_pages: signatures.memory_pages,
            size: wasm.len() as u64,
            sha256: sha256(wasm),
            problem: check::problem(wasm, &signatures),
        })
    }
}
