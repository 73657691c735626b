//! Interpreters that an embedder brings, and what luago's own have of the ABI.

use luago::{Engine, LuaVersion, Sandbox};
use luago_abi::lua::exports::COMPILE;
use luago_abi::{Functions, IMPORT_MODULE, MEMORY, TABLE, lua, segment};
use luago_test_support::folders::compile_cache;
use std::collections::BTreeMap;
use wasmparser::{ExternalKind, Parser, Payload, TypeRef, ValType};

/// The error of the first sandbox of an interpreter whose export says something else than
/// `luago_abi_1`.
fn refusal(export: &str) -> String {
    let own = lua::exports::ABI.as_bytes();
    assert_eq!(own.len(), export.len());
    let mut wasm = luago_guests::LUA_54.wasm.to_vec();
    let at = wasm.windows(own.len()).position(|bytes| bytes == own).unwrap();
    wasm[at..at + own.len()].copy_from_slice(export.as_bytes());
    let engine = Engine::builder()
        .cache_dir(compile_cache())
        .interpreter(LuaVersion::Lua54, wasm)
        .build()
        .unwrap();
    let error = Sandbox::builder(&engine).lua(LuaVersion::Lua54).build().err().unwrap();
    assert!(error.is_engine(), "{error}");
    error.to_string()
}

#[test]
fn an_interpreter_for_a_newer_luago_is_refused_with_both_versions_and_the_remedy() {
    assert_eq!(
        refusal("luago_abi_2"),
        "cannot link the guest: it speaks version 2 of the ABI for Lua guests, and this luago \
         version 1; use a newer luago, or build it with the guests/build.sh that came with this one"
    );
}

#[test]
fn an_interpreter_for_an_older_luago_is_refused_with_both_versions_and_the_remedy() {
    assert_eq!(
        refusal("luago_abi_0"),
        "cannot link the guest: it speaks version 0 of the ABI for Lua guests, and this luago \
         version 1; build it again with the guests/build.sh that came with this luago"
    );
}

#[test]
fn an_interpreter_that_does_not_say_its_version_is_refused_with_the_remedy() {
    assert_eq!(
        refusal("luago_abi_x"),
        "cannot link the guest: it does not say which version of the ABI for Lua guests it \
         speaks, and this luago speaks version 1; build it again with the guests/build.sh that \
         came with this luago"
    );
}

/// Signatures by name.
type Signatures = BTreeMap<String, String>;

fn listed(lists: &[Functions]) -> Signatures {
    let functions = lists.iter().flat_map(|list| list.functions);
    functions.map(|function| (function.name.to_string(), function.signature.to_string())).collect()
}

fn signature(params: &[ValType], results: &[ValType]) -> String {
    let list =
        |types: &[ValType]| types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match list(results) {
        results if results.is_empty() => format!("({})", list(params)),
        results => format!("({}) -> ({results})", list(params)),
    }
}

/// The functions that a module imports of luago's own, and those that it exports.
fn functions_of(wasm: &[u8]) -> (Signatures, Signatures) {
    let (mut types, mut functions) = (Vec::new(), Vec::new());
    let (mut imports, mut exports) = (Signatures::new(), Signatures::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.unwrap() {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    let ty = ty.unwrap();
                    types.push(signature(ty.params(), ty.results()));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.unwrap();
                    let TypeRef::Func(ty) = import.ty else { panic!("{import:?}") };
                    functions.push(ty);
                    if import.module == IMPORT_MODULE {
                        imports.insert(import.name.to_string(), types[ty as usize].clone());
                    }
                }
            }
            Payload::FunctionSection(section) => {
                functions.extend(section.into_iter().map(Result::unwrap));
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.unwrap();
                    if export.kind == ExternalKind::Func {
                        let ty = functions[export.index as usize] as usize;
                        exports.insert(export.name.to_string(), types[ty].clone());
                    } else {
                        let others = [(MEMORY, ExternalKind::Memory), (TABLE, ExternalKind::Table)];
                        assert!(others.contains(&(export.name, export.kind)), "{}", export.name);
                    }
                }
            }
            _ => {}
        }
    }
    (imports, exports)
}

#[test]
fn luagos_own_interpreters_have_the_exports_and_imports_of_the_abi() {
    let mut asked = listed(&[lua::imports::FUNCTIONS, segment::imports::FUNCTIONS]);
    // Two are for Go guests, and what is linked here never asks for a terminal.
    let others = [
        segment::imports::SEGMENT_WINDOW,
        segment::imports::RING_UNWAIT,
        lua::imports::IS_TERMINAL,
    ];
    for name in others {
        asked.remove(name).expect("it is listed");
    }
    let called = listed(&[lua::exports::FUNCTIONS]);
    for guest in [
        luago_guests::LUA_51,
        luago_guests::LUA_52,
        luago_guests::LUA_53,
        luago_guests::LUA_54,
        luago_guests::LUA_55,
    ] {
        let (imports, exports) = functions_of(guest.wasm);
        let (mut asked, mut called) = (asked.clone(), called.clone());
        // Functions of these versions are compiled.
        let compiled = [luago_guests::LUA_54, luago_guests::LUA_55].map(|one| one.release);
        if !compiled.contains(&guest.release) {
            asked.remove(lua::imports::COMPILE);
            called.retain(|name, _| !name.starts_with("luago_step") && name != COMPILE);
        }
        assert_eq!(imports, asked, "{}", guest.release);
        assert_eq!(exports, called, "{}", guest.release);
    }
}
