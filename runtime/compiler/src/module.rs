//! A module of compiled functions.

use crate::bytecode::{Entry, Function};
use crate::{Refusal, emit};
use luago_abi::lua::exports;
use luago_abi::{IMPORT_MODULE, MEMORY};
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, FunctionSection, ImportSection, MemoryType,
    Module, RefType, TableType, TypeSection, ValType,
};

/// The beginning of the name of each function's export, which ends with its number.
pub const FUNCTION_PREFIX: &str = "f";

/// What compiled code calls of the interpreter, in order.
pub(crate) const HELPERS: [(&str, u32); 6] = [
    (exports::STEP, ENTRY_TYPE),
    (exports::STEP_CALL, 1),
    (exports::STEP_TICK, 2),
    (exports::STEP_FINISH, 3),
    (exports::STEP_RETURN, 4),
    (exports::STEP_STATUS, 5),
];

pub(crate) const STEP: u32 = 0;
pub(crate) const STEP_CALL: u32 = 1;
pub(crate) const STEP_TICK: u32 = 2;
pub(crate) const STEP_FINISH: u32 = 3;
pub(crate) const STEP_RETURN: u32 = 4;
pub(crate) const STEP_STATUS: u32 = 5;

/// The type of a compiled function: thread, frame, depth; status.
pub(crate) const ENTRY_TYPE: u32 = 0;

/// Compiles functions into one module, each entered at an instruction.
///
/// The module imports the interpreter's memory and its table of functions, by the names that it
/// exports them with, and what compiled code calls. It exports each function.
///
/// # Errors
///
/// If one of the functions is not to be compiled.
pub fn compile(functions: &[(&Function, &Entry)]) -> Result<Vec<u8>, Refusal> {
    let mut types = TypeSection::new();
    let mut ty = |params: usize, results: usize| {
        types.ty().function(vec![ValType::I32; params], vec![ValType::I32; results]);
    };
    ty(3, 1);
    ty(5, 1);
    ty(2, 1);
    ty(4, 1);
    ty(4, 0);
    ty(0, 1);
    let mut imports = ImportSection::new();
    for (name, ty) in HELPERS {
        imports.import(IMPORT_MODULE, name, EntityType::Function(ty));
    }
    let memory = MemoryType {
        minimum: 0,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    };
    imports.import(IMPORT_MODULE, MEMORY, memory);
    let table = TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 0,
        maximum: None,
        shared: false,
    };
    imports.import(IMPORT_MODULE, luago_abi::TABLE, table);
    let (mut section, mut exports, mut code) =
        (FunctionSection::new(), ExportSection::new(), CodeSection::new());
    for (index, (function, entry)) in functions.iter().enumerate() {
        section.function(ENTRY_TYPE);
        let number = (HELPERS.len() + index) as u32;
        exports.export(&format!("{FUNCTION_PREFIX}{index}"), ExportKind::Func, number);
        code.raw(&emit::function(function, entry)?);
    }
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&section).section(&exports).section(&code);
    Ok(module.finish())
}
