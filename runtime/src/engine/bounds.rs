//! How large a module can be that guests are made from.
//!
//! Compiling takes time and memory that no limit of a sandbox covers, and so does what an
//! instance has outside of its memory: a global takes 16 bytes of the host's, a function 32,
//! an element of a table 8. So these are bounded when a module is loaded, before anything is
//! made of it. Kubernetes' client and gopls, as Go programs, have 55 MB, 26,000 functions and
//! 100,000 segments of data; the largest function of Go's that was found, two million bytes,
//! is a table of all endpoints of AWS. The slowest function within the bounds takes a
//! processor 20 seconds, that one eight.

use std::ops::Range;
use wasmparser::{ExternalKind, KnownCustom, Name, Operator, Parser, Payload, TypeRef};

/// Bytes of a module.
pub(crate) const MODULE: usize = 128 << 20;
/// Functions, with those that are imported.
const FUNCTIONS: usize = 1 << 17;
/// Bytes of the code of one function.
const BODY: usize = 3 << 20;
/// Local variables of one function.
const LOCALS: usize = 1000;
/// Bytes of code for each function, times its locals: with both large, compiling takes much
/// longer than with one of them.
const WEIGHT: usize = 64 << 20;
/// The same times its loops, for functions of more than `LONG` bytes: at each loop any of its
/// variables may have changed. Go's compiler makes one loop of a function.
const LOOP_WEIGHT: usize = 4 << 30;
const LONG: usize = 1 << 10;
/// The same for all functions together.
const ALL_WEIGHTS: usize = 2 << 30;
const ALL_LOOP_WEIGHTS: usize = 8 << 30;
const TYPES: usize = 1000;
/// Parameters of a function, and results.
const PARAMETERS: usize = 100;
const IMPORTS: usize = 1000;
const EXPORTS: usize = 1000;
const GLOBALS: usize = 1000;
const TABLES: usize = 1;
const MEMORIES: usize = 1;
const TAGS: usize = 100;
const ELEMENTS: usize = 1000;
/// As many as WebAssembly itself allows, and as Go's linker makes at most.
const DATA: usize = 100_000;
/// Bytes of data that are not put into memory to begin with: one instruction copies them.
const PASSIVE: usize = 16 << 20;
/// Bytes of a section of types, imports or exports, which all are read into memory.
const SECTION: usize = 1 << 20;

/// Why a module is too large, if it is. What is no sound WebAssembly is left to who compiles
/// it.
pub(crate) fn exceeded(wasm: &[u8]) -> Option<String> {
    if wasm.len() > MODULE {
        return Some(format!(
            "it has {} bytes, and a module can have {MODULE}; leave out packages that it does \
             not need",
            wasm.len()
        ));
    }
    let mut walk = Walk { wasm, imported: 0, body: 0, weights: 0, loop_weights: 0 };
    for payload in Parser::new(0).parse_all(wasm) {
        // The outer error is the parser's.
        match payload.and_then(|payload| walk.look(payload)) {
            Ok(None) => {}
            Ok(problem) => return problem,
            Err(_) => return None,
        }
    }
    None
}

struct Walk<'a> {
    wasm: &'a [u8],
    /// Functions that are imported, and the body that comes next.
    imported: usize,
    body: usize,
    weights: usize,
    loop_weights: usize,
}

impl Walk<'_> {
    fn look(&mut self, payload: Payload<'_>) -> wasmparser::Result<Option<String>> {
        Ok(match payload {
            Payload::TypeSection(types) => {
                if let Some(problem) = section("types", &types.range())
                    .or_else(|| count("types", types.count(), TYPES))
                {
                    return Ok(Some(problem));
                }
                let mut number = 0;
                for group in types {
                    for ty in group?.types() {
                        number += 1;
                        let function = match &ty.composite_type.inner {
                            wasmparser::CompositeInnerType::Func(function) => function,
                            _ => continue,
                        };
                        let most = function.params().len().max(function.results().len());
                        if most > PARAMETERS {
                            return Ok(Some(format!(
                                "a type of its functions has {most} parameters or results, and \
                                 it can have {PARAMETERS}; pass them in memory"
                            )));
                        }
                    }
                }
                count("types", number, TYPES)
            }
            Payload::ImportSection(imports) => {
                if let Some(problem) = section("imports", &imports.range())
                    .or_else(|| count("imports", imports.count(), IMPORTS))
                {
                    return Ok(Some(problem));
                }
                let mut number = 0;
                for import in imports.into_imports() {
                    number += 1;
                    if matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)) {
                        self.imported += 1;
                    }
                }
                count("imports", number, IMPORTS)
            }
            Payload::FunctionSection(functions) => {
                let all = functions.count().saturating_add(self.imported as u32);
                count("functions", all, FUNCTIONS)
            }
            Payload::TableSection(tables) => count("tables", tables.count(), TABLES),
            Payload::MemorySection(memories) => {
                if let Some(problem) = count("memories", memories.count(), MEMORIES) {
                    return Ok(Some(problem));
                }
                for memory in memories {
                    if memory?.memory64 {
                        return Ok(Some(
                            "its memory has addresses of 64 bits, and a guest's have 32; build \
                             it for wasm32"
                                .to_string(),
                        ));
                    }
                }
                None
            }
            Payload::TagSection(tags) => count("tags", tags.count(), TAGS),
            Payload::GlobalSection(globals) => count("globals", globals.count(), GLOBALS),
            Payload::ExportSection(exports) => section("exports", &exports.range())
                .or_else(|| count("exports", exports.count(), EXPORTS)),
            Payload::ElementSection(elements) => {
                count("element segments", elements.count(), ELEMENTS)
            }
            Payload::DataSection(data) => {
                if let Some(problem) = count("data segments", data.count(), DATA) {
                    return Ok(Some(problem));
                }
                for segment in data {
                    let segment = segment?;
                    let is_passive = matches!(segment.kind, wasmparser::DataKind::Passive);
                    if is_passive && segment.data.len() > PASSIVE {
                        return Ok(Some(format!(
                            "one of its passive data segments has {} bytes, and it can have \
                             {PASSIVE}; divide it",
                            segment.data.len()
                        )));
                    }
                }
                None
            }
            Payload::CodeSectionEntry(body) => {
                let index = self.imported + self.body;
                self.body += 1;
                let range = body.range();
                let size = range.end.saturating_sub(range.start);
                let mut locals = 0usize;
                for group in body.get_locals_reader()? {
                    locals = locals.saturating_add(group?.0 as usize);
                }
                if let Some(problem) = self.function(index, size, locals) {
                    return Ok(Some(problem));
                }
                if size <= LONG {
                    return Ok(None);
                }
                let mut loops = 0;
                for operator in body.get_operators_reader()? {
                    loops += usize::from(matches!(operator?, Operator::Loop { .. }));
                }
                let weight = size.saturating_mul(locals.max(10)).saturating_mul(loops);
                if weight > LOOP_WEIGHT {
                    return Ok(Some(format!(
                        "its function {} has {size} bytes of code, {locals} local variables and \
                         {loops} loops, which would take too long to compile; all multiplied can \
                         be {LOOP_WEIGHT}: divide it",
                        self.name(index)
                    )));
                }
                self.weights = self.weights.saturating_add(size.saturating_mul(locals));
                self.loop_weights = self.loop_weights.saturating_add(weight);
                (self.weights > ALL_WEIGHTS || self.loop_weights > ALL_LOOP_WEIGHTS).then(|| {
                    "its functions have so much code, with so many local variables and loops, that \
                     they would take too long to compile; leave out packages that it does not need"
                        .to_string()
                })
            }
            _ => None,
        })
    }

    fn function(&self, index: usize, size: usize, locals: usize) -> Option<String> {
        let name = || self.name(index);
        if size > BODY {
            return Some(format!(
                "its function {} has {size} bytes of code, which would take too long to compile; \
                 a function can have {BODY}: divide it, or read what it builds from data",
                name()
            ));
        }
        if locals > LOCALS {
            return Some(format!(
                "its function {} has {locals} local variables, and it can have {LOCALS}; divide \
                 it",
                name()
            ));
        }
        if size.saturating_mul(locals) > WEIGHT {
            return Some(format!(
                "its function {} has {size} bytes of code and {locals} local variables, which \
                 would take too long to compile; both multiplied can be {WEIGHT}: divide it",
                name()
            ));
        }
        None
    }

    /// What a function is called, or its number.
    fn name(&self, index: usize) -> String {
        match exported(self.wasm, index).or_else(|| named(self.wasm, index)) {
            Some(name) => {
                let short: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
                format!("{index} ('{short}')")
            }
            None => index.to_string(),
        }
    }
}

fn count(what: &str, count: u32, most: usize) -> Option<String> {
    (count as usize > most).then(|| {
        format!("it has {count} {what}, and a module can have {most}; leave out some of them")
    })
}

fn section(what: &str, range: &Range<usize>) -> Option<String> {
    let size = range.end.saturating_sub(range.start);
    (size > SECTION).then(|| {
        format!("its {what} take {size} bytes, and they can take {SECTION}; leave out some of them")
    })
}

/// The name under which a function is exported.
fn exported(wasm: &[u8], index: usize) -> Option<String> {
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::ExportSection(exports) = payload.ok()? else { continue };
        for export in exports {
            let export = export.ok()?;
            if export.kind == ExternalKind::Func && export.index as usize == index {
                return Some(export.name.to_string());
            }
        }
    }
    None
}

/// The name that a function has in the section of names.
fn named(wasm: &[u8], index: usize) -> Option<String> {
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CustomSection(section) = payload.ok()? else { continue };
        let KnownCustom::Name(names) = section.as_known() else { continue };
        for subsection in names {
            let Name::Function(functions) = subsection.ok()? else { continue };
            for naming in functions {
                let naming = naming.ok()?;
                if naming.index as usize == index {
                    return Some(naming.name.to_string());
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LuaVersion;

    #[test]
    fn luagos_own_interpreters_are_within_the_bounds() {
        for version in LuaVersion::ALL {
            assert_eq!(exceeded(version.guest().wasm), None, "{version}");
        }
    }

    #[test]
    fn what_is_no_webassembly_is_left_to_the_compiler() {
        for wasm in [&b""[..], b"\0asm", b"\0asm\x01\0\0\0\x0a\xff"] {
            assert_eq!(exceeded(wasm), None);
        }
    }
}
