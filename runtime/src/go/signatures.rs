//! What a WebAssembly module is made of, as far as the host cares, without compiling it.

use super::platform::signature;
use crate::engine::bounds;
use std::collections::BTreeMap;
use std::ops::Range;
use wasmparser::{
    CompositeInnerType, Encoding, ExternalKind, KnownCustom, Parser, Payload, TypeRef,
};

/// The longest section that says what made a module, in bytes.
const MAX_PRODUCERS: usize = 64 << 10;

/// A module's imports, exports and data.
#[derive(Debug, Default)]
pub(crate) struct Signatures {
    /// Module, name and what it is: a signature, or a word.
    pub imports: Vec<(String, String, String)>,
    /// What each export is.
    pub exports: BTreeMap<String, String>,
    /// Pages of the memory to begin with.
    pub memory_pages: Option<u64>,
    /// Where data stands in the file.
    pub data: Vec<Range<usize>>,
    /// Names and versions of the tools that made it.
    pub producers: Vec<(String, String)>,
}

impl Signatures {
    /// The error says what the file is instead.
    pub fn read(wasm: &[u8]) -> Result<Signatures, String> {
        if !wasm.starts_with(b"\0asm") {
            return Err(
                "it is not a WebAssembly module; build one with GOOS=wasip1 GOARCH=wasm go build \
                 -buildmode=c-shared"
                    .to_string(),
            );
        }
        // Before anything is made of it: what is read here is in proportion to it.
        if let Some(problem) = bounds::exceeded(wasm) {
            return Err(problem);
        }
        let parsed = Reader::default().read(wasm);
        parsed.unwrap_or_else(|error| Err(format!("it is damaged WebAssembly: {error}")))
    }

    pub fn is_guest(&self) -> bool {
        self.exports.keys().any(|name| name.starts_with(luago_abi::EXPORT_PREFIX))
    }

    /// The version of the ABI that the SDK in it has.
    pub fn abi_version(&self) -> Option<u32> {
        luago_abi::version_of(self.exports.keys().map(String::as_str))
    }

    /// The version of Go that made it.
    pub fn go_version(&self) -> Option<&str> {
        let of = |wanted: &str| self.producers.iter().find(|(name, _)| name == wanted);
        of("Go").or_else(|| of("Go cmd/compile")).map(|(_, version)| version.as_str())
    }
}

#[derive(Default)]
struct Reader {
    signatures: Signatures,
    /// Signatures by type, and types by function.
    types: Vec<String>,
    functions: Vec<u32>,
    memories: Vec<u64>,
}

impl Reader {
    /// The outer error is the parser's, the inner says what is wrong with a sound file.
    fn read(mut self, wasm: &[u8]) -> wasmparser::Result<Result<Signatures, String>> {
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::Version { encoding: Encoding::Component, .. } => {
                    return Ok(Err("it is a component, and a guest is a core module; build it \
                                   with GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared"
                        .to_string()));
                }
                Payload::TypeSection(types) => {
                    for group in types {
                        for ty in group?.types() {
                            self.types.push(match &ty.composite_type.inner {
                                CompositeInnerType::Func(function) => {
                                    signature(function.params(), function.results())
                                }
                                _ => "no function".to_string(),
                            });
                        }
                    }
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import?;
                        let what = match import.ty {
                            TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                                self.functions.push(ty);
                                self.signature(ty)
                            }
                            TypeRef::Memory(memory) => {
                                self.memories.push(memory.initial);
                                "memory".to_string()
                            }
                            TypeRef::Table(_) => "table".to_string(),
                            TypeRef::Global(_) => "global".to_string(),
                            TypeRef::Tag(_) => "tag".to_string(),
                        };
                        let (module, name) = (import.module.to_string(), import.name.to_string());
                        self.signatures.imports.push((module, name, what));
                    }
                }
                Payload::FunctionSection(functions) => {
                    for ty in functions {
                        self.functions.push(ty?);
                    }
                }
                Payload::MemorySection(memories) => {
                    for memory in memories {
                        self.memories.push(memory?.initial);
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        let what = match export.kind {
                            ExternalKind::Func | ExternalKind::FuncExact => {
                                let ty = self.functions.get(export.index as usize);
                                self.signature(ty.copied().unwrap_or(u32::MAX))
                            }
                            ExternalKind::Memory => {
                                let pages = self.memories.get(export.index as usize);
                                self.signatures.memory_pages = pages.copied();
                                "memory".to_string()
                            }
                            ExternalKind::Table => "table".to_string(),
                            ExternalKind::Global => "global".to_string(),
                            ExternalKind::Tag => "tag".to_string(),
                        };
                        self.signatures.exports.insert(export.name.to_string(), what);
                    }
                }
                Payload::DataSection(segments) => {
                    for segment in segments {
                        let segment = segment?;
                        let end = segment.range.end;
                        self.signatures.data.push(end.saturating_sub(segment.data.len())..end);
                    }
                }
                Payload::CustomSection(section) if section.data().len() <= MAX_PRODUCERS => {
                    if let KnownCustom::Producers(fields) = section.as_known() {
                        // Nobody has to keep to the form of a custom section.
                        let _ = self.read_producers(fields);
                    }
                }
                _ => {}
            }
        }
        Ok(Ok(self.signatures))
    }

    fn signature(&self, ty: u32) -> String {
        self.types.get(ty as usize).map_or("no function", String::as_str).to_string()
    }

    fn read_producers(
        &mut self,
        fields: wasmparser::ProducersSectionReader<'_>,
    ) -> wasmparser::Result<()> {
        for field in fields {
            for value in field?.values {
                let value = value?;
                self.signatures.producers.push((value.name.to_string(), value.version.to_string()));
            }
        }
        Ok(())
    }
}
